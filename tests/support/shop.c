/* A few things put into a world before a test begins; see shop.h. */
#include "shop.h"

void shop_product(test_world *world, const char *sku, int64_t kind, int64_t scale,
        const char *tax_class, const char *price)
{
        const ocore_product_request product = {
                .struct_size = sizeof product,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .name = ocore_str_of(sku),
                .kind = kind,
                .scale = scale,
                .weight_g = kind == OCORE_PRODUCT_GOODS ? 100 : 0,
                .tax_class = ocore_str_of(tax_class),
        };

        assert_done(world, ocore_product_put(world->core, &product, NULL));
        if (price) {
                const ocore_price_request request = {
                        .struct_size = sizeof request,
                        .id = test_next_id(world),
                        .sku = ocore_str_of(sku),
                        .price = test_money(price),
                };

                assert_done(world, ocore_price_put(world->core, &request, NULL));
        }
}

void shop_goods(test_world *world, const char *sku, const char *price)
{
        shop_product(world, sku, OCORE_PRODUCT_GOODS, 0, "", price);
}

void shop_site(test_world *world, const char *site, int64_t priority)
{
        const ocore_site_request request = {
                .struct_size = sizeof request,
                .id = test_next_id(world),
                .site = ocore_str_of(site),
                .priority = priority,
        };

        assert_done(world, ocore_site_put(world->core, &request, NULL));
}

void shop_tax_rate(test_world *world, const char *tax_class, const char *country, int64_t rate_ppm)
{
        const ocore_tax_rate_request request = {
                .struct_size = sizeof request,
                .id = test_next_id(world),
                .tax_class = ocore_str_of(tax_class),
                .country = ocore_str_of(country),
                .rate_ppm = rate_ppm,
        };

        assert_done(world, ocore_tax_rate_put(world->core, &request, NULL));
}

void shop_receive(test_world *world, const char *sku, const char *site, const char *quantity)
{
        const ocore_stock_line line = {
                .sku = ocore_str_of(sku),
                .site = ocore_str_of(site),
                .quantity = test_quantity(quantity),
        };
        const ocore_stock_request request = {
                .struct_size = sizeof request,
                .id = test_next_id(world),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line,
        };

        assert_done(world, ocore_stock_receive(world->core, &request, NULL));
}

void shop_shipping(test_world *world, const char *option, int64_t service, const char *country,
        const char *price)
{
        const ocore_shipping_option_request way = {
                .struct_size = sizeof way,
                .id = test_next_id(world),
                .code = ocore_str_of(option),
                .service = service,
        };
        const ocore_shipping_zone_request zone = {
                .struct_size = sizeof zone,
                .id = test_next_id(world),
                .country = ocore_str_of(country),
                .zone = ocore_str_of(country),
        };
        const ocore_shipping_rate_request rate = {
                .struct_size = sizeof rate,
                .id = test_next_id(world),
                .option = ocore_str_of(option),
                .zone = ocore_str_of(country),
                .weight_max_g = 30000,
                .price = test_money(price),
        };

        assert_done(world, ocore_shipping_option_put(world->core, &way, NULL));
        assert_done(world, ocore_shipping_zone_put(world->core, &zone, NULL));
        assert_done(world, ocore_shipping_rate_put(world->core, &rate, NULL));
}

ocore_stock shop_stock(test_world *world, const char *sku, const char *site)
{
        const ocore_stock_list_request request = {
                .struct_size = sizeof request, .sku = ocore_str_of(sku)};
        const ocore_stock_list *list;

        assert_done(world, ocore_stock_list_page(world->core, &request, &list));
        for (size_t i = 0; i < list->stock_count; i++)
                if (ocore_str_equal(list->stock[i]->site, ocore_str_of(site)) &&
                        !list->stock[i]->lot.size)
                        return *list->stock[i];
        return (ocore_stock){.sku = ocore_str_of(sku), .site = ocore_str_of(site)};
}
