/*
 * A small shop on a SQLite file: one order from the question what there is to a return, with what
 * a person behind the counter wants to see. Serves as the pattern of a host program.
 *
 * Ids and time are fixed here, so that the story is the same each time; run on the same file again
 * each command finds its stored answer. A real shop makes its ids with ocore_id_make(), keeps each
 * with its own note of the intent, and gives the time of its machine.
 */
#include "show.h"

#include <ordercore/sqlite.h>

#include <stdio.h>
#include <stdlib.h>

#define MINUTE_US INT64_C(60000000)
#define DAY_US (24 * 60 * MINUTE_US)

typedef struct shop {
        ocore_store store;
        ocore_core *core;
        int64_t now_us;
        int64_t repeated; /* commands that an earlier run had carried out */
} shop;

/* The ids of the story. */
enum {
        ID_RULES = 1,
        ID_ORDER = 100,
        ID_CONFIRM,
        ID_PAYMENT,
        ID_RETURN,
        ID_RECEIVE,
        ID_INSPECT,
        ID_REFUND,
        ID_BERLIN = 110,
        ID_HAMBURG = 120
};

static ocore_id id_of(int number)
{
        const ocore_id id = {{0x01, 0x9c, 0xac, 0, 0, 0, 0x70, 0, 0x80, [15] = (uint8_t)number}};
        return id;
}

static ocore_money euros(int64_t cents)
{
        return (ocore_money){.amount_minor = cents, .currency = "EUR"};
}

static int64_t clock_read(void *user_data)
{
        return ((const shop *)user_data)->now_us;
}

/* Every status is looked at; what a shop would tell its user, the example tells and stops. */
static void must(shop *self, int status, const char *what)
{
        self->repeated += status == OCORE_ALREADY;
        if (status >= 0)
                return;
        const ocore_error *error = ocore_last_error(self->core);
        fprintf(stderr, "shop: %s: %s", what, ocore_status_name(status));
        if (error != NULL)
                fprintf(stderr, ": %.*s: %.*s", (int)error->field.size, error->field.data,
                        (int)error->message.size, error->message.data);
        fputc('\n', stderr);
        exit(EXIT_FAILURE);
}

static void shop_open(shop *self, const char *path)
{
        const ocore_sqlite_config file = {.struct_size = sizeof file, .path = path};
        must(self, ocore_sqlite_store(&file, &self->store), path);
        const ocore_config config = {
                .struct_size = sizeof config,
                .store = self->store,
                .clock = clock_read,
                .clock_data = self,
                .actor = ocore_str_of("shop"),
        };
        must(self, ocore_open(&config, &self->core), path);
        must(self, ocore_time_parse(ocore_str_of("2026-03-02T09:30:00Z"), &self->now_us), "time");
}

static void put_site(shop *self, int id, const char *site, int64_t priority)
{
        const ocore_site_request request = {
                .struct_size = sizeof request,
                .id = id_of(id),
                .site = ocore_str_of(site),
                .country = ocore_str_of("DE"),
                .priority = priority,
        };
        must(self, ocore_site_put(self->core, &request, NULL), "site.put");
}

static void put_tax_rate(shop *self, int id, const char *tax_class, int64_t rate_ppm)
{
        const ocore_tax_rate_request request = {
                .struct_size = sizeof request,
                .id = id_of(id),
                .tax_class = ocore_str_of(tax_class),
                .country = ocore_str_of("DE"),
                .rate_ppm = rate_ppm,
        };
        must(self, ocore_tax_rate_put(self->core, &request, NULL), "tax_rate.put");
}

/* A product and its list price; uses two ids. */
static void put_product(shop *self, int id, ocore_product_request product, int64_t price_cents)
{
        product.struct_size = sizeof product;
        product.id = id_of(id);
        must(self, ocore_product_put(self->core, &product, NULL), "product.put");
        const ocore_price_request price = {
                .struct_size = sizeof price,
                .id = id_of(id + 1),
                .sku = product.sku,
                .price = euros(price_cents),
        };
        must(self, ocore_price_put(self->core, &price, NULL), "price.put");
}

static void put_zone(shop *self, int id, const char *postcode_prefix, const char *zone)
{
        const ocore_shipping_zone_request request = {
                .struct_size = sizeof request,
                .id = id_of(id),
                .country = ocore_str_of("DE"),
                .postcode_prefix = ocore_str_of(postcode_prefix),
                .zone = ocore_str_of(zone),
        };
        must(self, ocore_shipping_zone_put(self->core, &request, NULL), "shipping_zone.put");
}

/* A shipping option with one band of weight in one zone; uses two ids. */
static void put_shipping(shop *self, int id, const char *code, int64_t service, const char *zone,
        int64_t weight_max_g, int64_t price_cents)
{
        const ocore_shipping_option_request option = {
                .struct_size = sizeof option,
                .id = id_of(id),
                .code = ocore_str_of(code),
                .service = service,
                .cut_off_minute = 14 * 60,
                .utc_offset_minutes = 60,
                .tax_class = ocore_str_of("full"),
        };
        const ocore_shipping_rate_request rate = {
                .struct_size = sizeof rate,
                .id = id_of(id + 1),
                .option = option.code,
                .zone = ocore_str_of(zone),
                .weight_max_g = weight_max_g,
                .price = euros(price_cents),
        };
        must(self, ocore_shipping_option_put(self->core, &option, NULL), "shipping_option.put");
        must(self, ocore_shipping_rate_put(self->core, &rate, NULL), "shipping_rate.put");
}

static void receive(shop *self, int id)
{
        const ocore_str berlin = ocore_str_of("berlin");
        const ocore_str hamburg = ocore_str_of("hamburg");
        const ocore_stock_line lines[] = {
                {.sku = ocore_str_of("TEAPOT"), .site = berlin, .quantity = {3, 0, 0}},
                {.sku = ocore_str_of("TEAPOT"), .site = hamburg, .quantity = {5, 0, 0}},
                {.sku = ocore_str_of("ASSAM"), .site = berlin, .quantity = {20000, 3, 0}},
        };
        const ocore_stock_request request = {
                .struct_size = sizeof request,
                .id = id_of(id),
                .reason = ocore_str_of("delivery note 4711"),
                .lines = lines,
                .line_count = sizeof lines / sizeof lines[0],
                .line_stride = sizeof lines[0],
        };
        must(self, ocore_stock_receive(self->core, &request, NULL), "stock.receive");
}

/* Everything that is there before the customer comes: one unit, so all of it or nothing. */
static void shop_furnish(shop *self)
{
        const ocore_product_request teapot = {
                .sku = ocore_str_of("TEAPOT"),
                .name = ocore_str_of("teapot, stoneware"),
                .weight_g = 1200,
                .tax_class = ocore_str_of("full"),
        };
        const ocore_product_request assam = {
                .sku = ocore_str_of("ASSAM"),
                .name = ocore_str_of("tea from Assam, loose"),
                .unit = ocore_str_of("KGM"),
                .scale = 3,
                .weight_g = 1000,
                .tax_class = ocore_str_of("food"),
        };
        const ocore_product_request wrapping = {
                .sku = ocore_str_of("WRAPPING"),
                .name = ocore_str_of("gift wrapping"),
                .kind = OCORE_PRODUCT_SERVICE,
                .tax_class = ocore_str_of("full"),
        };
        must(self, ocore_unit_begin(self->core), "unit");
        put_site(self, ID_RULES, "berlin", 1);
        put_site(self, ID_RULES + 1, "hamburg", 2);
        put_tax_rate(self, ID_RULES + 2, "full", 190000);
        put_tax_rate(self, ID_RULES + 3, "food", 70000);
        put_product(self, ID_RULES + 10, teapot, 3490);
        put_product(self, ID_RULES + 12, assam, 4200);
        put_product(self, ID_RULES + 14, wrapping, 350);
        put_zone(self, ID_RULES + 20, "", "germany");
        put_zone(self, ID_RULES + 21, "10", "berlin");
        put_shipping(
                self, ID_RULES + 30, "standard", OCORE_SERVICE_STANDARD, "germany", 31500, 690);
        put_shipping(
                self, ID_RULES + 32, "express", OCORE_SERVICE_EXPEDITED, "germany", 5000, 1290);
        put_shipping(self, ID_RULES + 34, "courier", OCORE_SERVICE_SAME_DAY, "berlin", 20000, 1900);
        receive(self, ID_RULES + 40);
        must(self, ocore_unit_commit(self->core), "unit");
        if (self->repeated > 0)
                puts("This file has been through the story: what is already done is only shown.\n");
}

static void inquire(shop *self, const char *sku)
{
        const ocore_inquiry_request request = {
                .struct_size = sizeof request,
                .sku = ocore_str_of(sku),
                .currency = ocore_str_of("EUR"),
        };
        const ocore_inquiry *answer = NULL;
        must(self, ocore_product_inquire(self->core, &request, &answer), "product.inquire");
        show_inquiry(answer);
}

/* What it would cost, where it would come from, how it could be shipped. */
static void quote(shop *self, const ocore_order_draft *draft)
{
        const ocore_order_quote *answer = NULL;
        must(self, ocore_order_quote_draft(self->core, draft, &answer), "order.quote");
        show_quote(answer);
}

/* Quotes the draft, then takes it as an order and its payment as one fact. */
static void sell(shop *self)
{
        const ocore_draft_line lines[] = {
                {.sku = ocore_str_of("TEAPOT"), .quantity = {4, 0, 0}},
                {.sku = ocore_str_of("ASSAM"), .quantity = {1250, 3, 0}},
                {.sku = ocore_str_of("WRAPPING"), .quantity = {1, 0, 0}},
        };
        const ocore_order_draft draft = {
                .struct_size = sizeof draft,
                .id = id_of(ID_ORDER),
                .number = ocore_str_of("2026-0001"),
                .channel = ocore_str_of("counter"),
                .currency = ocore_str_of("EUR"),
                .ship_city = ocore_str_of("München"),
                .ship_postcode = ocore_str_of("80331"),
                .ship_country = ocore_str_of("DE"),
                .shipping_option = ocore_str_of("standard"),
                .discount_ppm = 50000,
                .lines = lines,
                .line_count = sizeof lines / sizeof lines[0],
                .line_stride = sizeof lines[0],
        };
        const ocore_order_confirm_request confirm = {
                .struct_size = sizeof confirm,
                .id = id_of(ID_CONFIRM),
                .order_id = draft.id,
        };
        const ocore_payment_request pay = {
                .struct_size = sizeof pay,
                .id = id_of(ID_PAYMENT),
                .order_id = draft.id,
                .tender = OCORE_TENDER_PREPAID,
                .reference = ocore_str_of("transfer 2026-0001"),
        };
        const ocore_order *order = NULL;
        const ocore_payment *payment = NULL;

        puts("\n4 teapots, 1.250 kg of tea, gift wrapping, to 80331 München");
        if (self->repeated == 0)
                quote(self, &draft);
        puts("\nThe customer takes it, with standard shipping, and pays");
        self->now_us += 5 * MINUTE_US;
        must(self, ocore_unit_begin(self->core), "unit");
        must(self, ocore_order_place(self->core, &draft, &order), "order.place");
        show_order(order);
        must(self, ocore_order_confirm(self->core, &confirm, NULL), "order.confirm");
        must(self, ocore_payment_take(self->core, &pay, &payment), "payment.take");
        show_payment(payment);
        must(self, ocore_unit_commit(self->core), "unit");
}

/* What one site sends, from the pick list to the carrier; uses four ids. */
static void send_from(shop *self, int id, const char *site, const char *tracking_number)
{
        const ocore_fulfillment_request create = {
                .struct_size = sizeof create,
                .id = id_of(id),
                .order_id = id_of(ID_ORDER),
                .site = ocore_str_of(site),
        };
        const ocore_fulfillment_step_request pick = {
                .struct_size = sizeof pick,
                .id = id_of(id + 1),
                .fulfillment_id = create.id,
        };
        const ocore_fulfillment_pack_request pack = {
                .struct_size = sizeof pack,
                .id = id_of(id + 2),
                .fulfillment_id = create.id,
        };
        const ocore_fulfillment_ship_request ship = {
                .struct_size = sizeof ship,
                .id = id_of(id + 3),
                .fulfillment_id = create.id,
                .carrier = ocore_str_of("parcel service"),
                .tracking_number = ocore_str_of(tracking_number),
        };
        const ocore_fulfillment *sent = NULL;
        self->now_us += 10 * MINUTE_US;
        must(self, ocore_fulfillment_create(self->core, &create, NULL), "fulfillment.create");
        self->now_us += 20 * MINUTE_US;
        must(self, ocore_fulfillment_pick(self->core, &pick, NULL), "fulfillment.pick");
        must(self, ocore_fulfillment_pack(self->core, &pack, NULL), "fulfillment.pack");
        self->now_us += 60 * MINUTE_US;
        must(self, ocore_fulfillment_ship(self->core, &ship, &sent), "fulfillment.ship");
        show_fulfillment(sent);
}

/* Days later the carrier says that it was handed over; uses the site's fifth id. */
static void deliver(shop *self, int id, int64_t days)
{
        const ocore_fulfillment_step_request request = {
                .struct_size = sizeof request,
                .id = id_of(id + 4),
                .fulfillment_id = id_of(id),
        };
        self->now_us += days * DAY_US;
        must(self, ocore_fulfillment_deliver(self->core, &request, NULL), "fulfillment.deliver");
}

/* One teapot comes back broken: it is kept apart, and the customer gets exactly its share back. */
static void take_back(shop *self)
{
        const ocore_return_draft_line line = {
                .line = 1, .quantity = {1, 0, 0}, .reason = OCORE_REASON_DAMAGED};
        const ocore_return_draft request = {
                .struct_size = sizeof request,
                .id = id_of(ID_RETURN),
                .order_id = id_of(ID_ORDER),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line,
        };
        const ocore_return_receive_request arrive = {
                .struct_size = sizeof arrive,
                .id = id_of(ID_RECEIVE),
                .return_id = request.id,
                .site = ocore_str_of("berlin"),
        };
        const ocore_return_inspect_line broken = {
                .number = 1, .disposition = OCORE_DISPOSITION_QUARANTINE, .quantity = {1, 0, 0}};
        const ocore_return_inspect_request inspect = {
                .struct_size = sizeof inspect,
                .id = id_of(ID_INSPECT),
                .return_id = request.id,
                .lines = &broken,
                .line_count = 1,
                .line_stride = sizeof broken,
        };
        const ocore_return_refund_request refund = {
                .struct_size = sizeof refund,
                .id = id_of(ID_REFUND),
                .return_id = request.id,
                .with_shipping = 1,
                .tender = OCORE_TENDER_PREPAID,
        };
        const ocore_return *back = NULL;
        self->now_us += DAY_US;
        must(self, ocore_return_request(self->core, &request, NULL), "return.request");
        self->now_us += 2 * DAY_US;
        must(self, ocore_return_receive(self->core, &arrive, NULL), "return.receive");
        must(self, ocore_return_inspect(self->core, &inspect, NULL), "return.inspect");
        must(self, ocore_return_refund(self->core, &refund, &back), "return.refund");
        show_return(back);
}

static void show_books(shop *self)
{
        const ocore_order_key key = {.struct_size = sizeof key, .order_id = id_of(ID_ORDER)};
        const ocore_empty_request all = {.struct_size = sizeof all};
        const ocore_timeline *timeline = NULL;
        const ocore_stock_report *stock = NULL;
        const ocore_money_report *money = NULL;

        puts("\nThe timeline of the order (in UTC)");
        must(self, ocore_order_timeline(self->core, &key, &timeline), "order.timeline");
        show_timeline(timeline);
        puts("\nStock");
        must(self, ocore_report_stock(self->core, &all, &stock), "report.stock");
        show_stock(stock);
        puts("\nMoney");
        must(self, ocore_report_money(self->core, &all, &money), "report.money");
        show_money(money);
        must(self, ocore_verify(self->core, NULL, NULL, NULL), "verify");
        puts("\nverify: OK");
}

int main(int count, char **arguments)
{
        shop self = {.now_us = 0};
        if (count != 2) {
                fprintf(stderr, "Usage: %s FILE.db\n", arguments[0]);
                return 2;
        }
        shop_open(&self, arguments[1]);
        shop_furnish(&self);
        puts("What is there, and what does it cost?");
        inquire(&self, "TEAPOT");
        inquire(&self, "ASSAM");
        sell(&self);
        puts("\nTwo sites send what they have of it");
        send_from(&self, ID_BERLIN, "berlin", "PS 1001");
        send_from(&self, ID_HAMBURG, "hamburg", "PS 1002");
        deliver(&self, ID_BERLIN, 3);
        deliver(&self, ID_HAMBURG, 1);
        puts("\nA teapot comes back broken");
        take_back(&self);
        show_books(&self);
        ocore_close(self.core);
        ocore_store_close(self.store);
        return 0;
}
