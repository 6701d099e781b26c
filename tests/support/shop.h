/* A few things put into a world before a test begins; each is one command that must succeed. */
#ifndef ORDERCORE_TESTS_SHOP_H
#define ORDERCORE_TESTS_SHOP_H

#include "support.h"

/* A product of this OCORE_PRODUCT_… kind, not taxed unless `tax_class`, with a list price such as
 * "12.50 EUR" (NULL: none). */
void shop_product(test_world *world, const char *sku, int64_t kind, int64_t scale,
        const char *tax_class, const char *price);
/* Goods counted in pieces, not taxed, 100 g each. */
void shop_goods(test_world *world, const char *sku, const char *price);
void shop_site(test_world *world, const char *site, int64_t priority);
void shop_tax_rate(test_world *world, const char *tax_class, const char *country, int64_t rate_ppm);
/* Goods from the supplier; quantity such as "10". */
void shop_receive(test_world *world, const char *sku, const char *site, const char *quantity);
/* A shipping option of this service that goes to a whole country for one price up to 30 kg. */
void shop_shipping(test_world *world, const char *option, int64_t service, const char *country,
        const char *price);
/* The balance of a sku at a site without lot; zeros where there is none. */
ocore_stock shop_stock(test_world *world, const char *sku, const char *site);

#endif
