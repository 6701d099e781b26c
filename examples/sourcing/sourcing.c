/*
 * From where should an order be sent? Ten warehouses in Europe, an order of twenty lines to
 * Vienna, and what each parcel costs: the library chooses the sites that together cost least, says
 * what each of them costs and why each other one was left out, and the choice is drawn on a map.
 * Then the same problem is solved once more without orders, by ocore_sourcing_solve() alone.
 *
 *     sourcing [FILE.svg]
 */
#include "map.h"

#include <ordercore.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SITES = 10, LINES = 20 };
#ifndef SVG_DEFAULT
#define SVG_DEFAULT "sourcing.svg"
#endif

/* What a shipment costs beside its way, each kilogram, handling a unit, and each parcel more. */
enum { PARCEL_CENTS = 390, CENTS_PER_100_KM = 55, UNIT_CENTS = 15, SPLIT_CENTS = 250 };

typedef struct warehouse {
        const char *code; /* in the order of the codes, as the library tells sites */
        const char *name;
        const char *country;
        int64_t latitude_e7, longitude_e7;
        int64_t kg_cents;
} warehouse;

static const warehouse warehouses[SITES] = {
        {"AMS", "Amsterdam", "NL", 523676000, 49041000, 62},
        {"BER", "Berlin", "DE", 525200000, 134050000, 48},
        {"CPH", "Copenhagen", "DK", 556761000, 125683000, 70},
        {"LYS", "Lyon", "FR", 457640000, 48357000, 55},
        {"MAD", "Madrid", "ES", 404168000, -37038000, 66},
        {"MIL", "Milan", "IT", 454642000, 91900000, 50},
        {"MUC", "Munich", "DE", 481351000, 115820000, 52},
        {"PRG", "Prague", "CZ", 500755000, 144378000, 41},
        {"ROM", "Rome", "IT", 419028000, 124964000, 58},
        {"WAW", "Warsaw", "PL", 522297000, 210122000, 39},
};
static const map_place goal = {"Vienna", 482082000, 163738000, 0, ""};

typedef struct story {
        ocore_store store;
        ocore_core *core;
        int64_t now_us;
        int ids;
        char skus[LINES][8];
        int64_t wanted[LINES];
        int64_t stock[LINES][SITES];
        int64_t shipment_cents[SITES];
} story;

static int64_t clock_read(void *user_data)
{
        return ((const story *)user_data)->now_us;
}

/* Fixed ids and a fixed time, so that the story is the same each time. */
static ocore_id next_id(story *self)
{
        const int number = ++self->ids;
        const ocore_id id = {{0x01, 0x9c, 0xac, 0, 0, 0, 0x70, 0,
                0x80, [14] = (uint8_t)(number >> 8), [15] = (uint8_t)number}};
        return id;
}

static void must(const story *self, int status, const char *what)
{
        const ocore_error *error;
        if (status >= 0)
                return;
        error = ocore_last_error(self->core);
        fprintf(stderr, "sourcing: %s: %s", what, ocore_status_name(status));
        if (error != NULL)
                fprintf(stderr, ": %.*s: %.*s", (int)error->field.size, error->field.data,
                        (int)error->message.size, error->message.data);
        fputc('\n', stderr);
        exit(EXIT_FAILURE);
}

static void story_open(story *self)
{
        must(self, ocore_memory_store(NULL, &self->store), "store");
        const ocore_config config = {
                .struct_size = sizeof config,
                .store = self->store,
                .clock = clock_read,
                .clock_data = self,
                .actor = ocore_str_of("sourcing"),
        };
        must(self, ocore_open(&config, &self->core), "open");
        must(self, ocore_time_parse(ocore_str_of("2026-03-02T09:30:00Z"), &self->now_us), "time");
}

/* A site with its coordinates, and what it costs to send from there to Austria. */
static void put_warehouse(story *self, int at)
{
        const warehouse *house = &warehouses[at];
        const ocore_site_request site = {
                .struct_size = sizeof site,
                .id = next_id(self),
                .site = ocore_str_of(house->code),
                .name = ocore_str_of(house->name),
                .country = ocore_str_of(house->country),
                .priority = at,
                .located = 1,
                .latitude_e7 = house->latitude_e7,
                .longitude_e7 = house->longitude_e7,
        };
        must(self, ocore_site_put(self->core, &site, NULL), "site.put");
        const int64_t way_km = ocore_distance_m(house->latitude_e7, house->longitude_e7,
                                       goal.latitude_e7, goal.longitude_e7) /
                               1000;
        self->shipment_cents[at] = PARCEL_CENTS + way_km * CENTS_PER_100_KM / 100;
        const ocore_site_cost_request cost = {
                .struct_size = sizeof cost,
                .id = next_id(self),
                .site = site.site,
                .country = ocore_str_of("AT"),
                .currency = ocore_str_of("EUR"),
                .shipment_minor = self->shipment_cents[at],
                .kg_minor = house->kg_cents,
                .unit_minor = UNIT_CENTS,
        };
        must(self, ocore_site_cost_put(self->core, &cost, NULL), "site_cost.put");
}

/* A product of one kilogram with a price, and some of it here and there: no warehouse has
 * everything. */
static void put_product(story *self, int line)
{
        snprintf(self->skus[line], sizeof self->skus[line], "P-%02d", line + 1);
        self->wanted[line] = 1 + line % 3;
        const ocore_product_request product = {
                .struct_size = sizeof product,
                .id = next_id(self),
                .sku = ocore_str_of(self->skus[line]),
                .name = ocore_str_of(self->skus[line]),
                .weight_g = 1000,
        };
        must(self, ocore_product_put(self->core, &product, NULL), "product.put");
        const ocore_price_request price = {
                .struct_size = sizeof price,
                .id = next_id(self),
                .sku = product.sku,
                .price = {.amount_minor = 1000 + 100 * line, .currency = "EUR"},
        };
        must(self, ocore_price_put(self->core, &price, NULL), "price.put");
        for (int at = 0; at < SITES; at++) {
                const ocore_stock_line goods = {
                        .sku = product.sku,
                        .site = ocore_str_of(warehouses[at].code),
                        .quantity = {.amount = (line * 7 + at * 5) % 11 % 4},
                };
                const ocore_stock_request receipt = {
                        .struct_size = sizeof receipt,
                        .id = next_id(self),
                        .lines = &goods,
                        .line_count = 1,
                        .line_stride = sizeof goods,
                };
                self->stock[line][at] = goods.quantity.amount;
                if (goods.quantity.amount > 0)
                        must(self, ocore_stock_receive(self->core, &receipt, NULL),
                                "stock.receive");
        }
}

/* Orders of the web are sourced at the lowest cost. */
static void put_channel(story *self)
{
        const ocore_channel_request channel = {
                .struct_size = sizeof channel,
                .id = next_id(self),
                .channel = ocore_str_of("web"),
                .strategy = OCORE_ALLOCATE_LOWEST_COST,
                .currency = ocore_str_of("EUR"),
                .split_minor = SPLIT_CENTS,
        };
        must(self, ocore_channel_put(self->core, &channel, NULL), "channel.put");
}

static ocore_order_draft draft_make(story *self, ocore_draft_line *lines)
{
        memset(lines, 0, LINES * sizeof *lines);
        for (int line = 0; line < LINES; line++) {
                lines[line].sku = ocore_str_of(self->skus[line]);
                lines[line].quantity.amount = self->wanted[line];
        }
        return (ocore_order_draft){
                .struct_size = sizeof(ocore_order_draft),
                .id = next_id(self),
                .channel = ocore_str_of("web"),
                .currency = ocore_str_of("EUR"),
                .ship_country = ocore_str_of("AT"),
                .ship_located = 1,
                .ship_latitude_e7 = goal.latitude_e7,
                .ship_longitude_e7 = goal.longitude_e7,
                .lines = lines,
                .line_count = LINES,
                .line_stride = sizeof *lines,
        };
}

static void print_euros(int64_t cents)
{
        printf("%4" PRId64 ".%02" PRId64, cents / 100, cents % 100);
}

static const char *why_not(const ocore_sourcing_site *site)
{
        switch (site->why) {
        case OCORE_SITE_DEARER: return "the order would cost more";
        case OCORE_SITE_OUT_OF_STOCK: return "it has nothing of what is wanted";
        case OCORE_SITE_NO_COST: return "nobody said what it costs to send from there";
        case OCORE_SITE_NOT_WHOLE: return "it has not all of what must come from one site";
        default: return "it may not be used";
        }
}

/* What order.quote says of each site; keeps it for the map. */
static void show_report(const ocore_sourcing_report *report, map_place *places)
{
        static char notes[SITES][32];
        printf("The sites that together cost least (%s):\n\n",
                report->exact ? "nothing costs less, proven" : "nothing cheaper was found");
        for (size_t i = 0; i < report->site_count && i < SITES; i++) {
                const ocore_sourcing_site *site = report->sites[i];
                const warehouse *house = &warehouses[i];
                printf("  %-11s %5" PRId64 " km  ", house->name, site->distance_m / 1000);
                if (site->used) {
                        printf("chosen: shipment ");
                        print_euros(site->shipment_minor);
                        printf(", goods ");
                        print_euros(site->units_minor);
                        printf("\n");
                } else {
                        printf("not: %s", why_not(site));
                        if (site->why == OCORE_SITE_DEARER) {
                                printf(", by ");
                                print_euros(site->extra_minor);
                        }
                        printf("\n");
                }
                if (site->used)
                        snprintf(notes[i], sizeof notes[i], "%" PRId64 ".%02" PRId64 " EUR",
                                (site->shipment_minor + site->units_minor) / 100,
                                (site->shipment_minor + site->units_minor) % 100);
                places[i] = (map_place){house->name, house->latitude_e7, house->longitude_e7,
                        site->used != 0, notes[i]};
        }
        printf("\n  All of it, with ");
        print_euros(SPLIT_CENTS);
        printf(" for each parcel beyond the first: ");
        print_euros(report->total_minor);
        printf(" EUR\n\n");
}

/* The same problem without orders: arrays of numbers. */
static int64_t solve_again(const story *self)
{
        static int64_t cost[LINES * SITES], taken[LINES * SITES], used[SITES], why[SITES];
        for (int line = 0; line < LINES; line++)
                for (int at = 0; at < SITES; at++)
                        cost[line * SITES + at] = UNIT_CENTS + warehouses[at].kg_cents;
        const ocore_sourcing_problem problem = {
                .struct_size = sizeof problem,
                .site_count = SITES,
                .line_count = LINES,
                .quantity = self->wanted,
                .available = &self->stock[0][0],
                .cost_minor = cost,
                .site_minor = self->shipment_cents,
                .split_minor = SPLIT_CENTS,
        };
        ocore_sourcing_solution solution = {
                .struct_size = sizeof solution, .taken = taken, .used = used, .why_minor = why};
        must(self, ocore_sourcing_solve(&problem, NULL, &solution), "solve");
        printf("The solver by itself looked at %" PRId64 " sets of sites and says ",
                solution.nodes);
        print_euros(solution.total_minor);
        printf(" EUR from");
        for (int at = 0; at < SITES; at++)
                if (used[at])
                        printf(" %s", warehouses[at].code);
        printf(".\n");
        return solution.total_minor;
}

static void draw(const map_place *places, const char *path)
{
        const map_view map = {360000000, 580000000, -80000000, 260000000, places, SITES, goal};
        FILE *file = fopen(path, "w");
        map_text(&map, stdout);
        if (file == NULL) {
                perror(path);
                exit(EXIT_FAILURE);
        }
        map_svg(&map, file);
        if (fclose(file) != 0) {
                perror(path);
                exit(EXIT_FAILURE);
        }
        printf("\nThe same as a picture: %s\n\n", path);
}

/* The order is placed as it was quoted: the sites of its allocations are those chosen. */
static void show_order(const story *self, const ocore_order *order)
{
        int64_t units[SITES] = {0};
        for (size_t i = 0; i < order->line_count; i++) {
                const ocore_order_line *line = order->lines[i];
                for (size_t n = 0; n < line->allocation_count; n++)
                        for (int at = 0; at < SITES; at++)
                                if (ocore_str_equal(line->allocations[n]->site,
                                            ocore_str_of(warehouses[at].code)))
                                        units[at] += line->allocations[n]->allocated;
        }
        printf("Placed:");
        for (int at = 0; at < SITES; at++)
                if (units[at] > 0)
                        printf(" %" PRId64 " units from %s,", units[at], warehouses[at].name);
        must(self, ocore_verify(self->core, NULL, NULL, NULL), "verify");
        printf(" and the books are right.\n");
}

int main(int count, char **arguments)
{
        static story self;
        static ocore_draft_line lines[LINES];
        map_place places[SITES];
        const ocore_order_quote *quote;
        const ocore_order *order;
        int64_t total;
        story_open(&self);
        for (int at = 0; at < SITES; at++)
                put_warehouse(&self, at);
        for (int line = 0; line < LINES; line++)
                put_product(&self, line);
        put_channel(&self);
        const ocore_order_draft draft = draft_make(&self, lines);
        must(&self, ocore_order_quote_draft(self.core, &draft, &quote), "order.quote");
        total = quote->sourcing->total_minor;
        show_report(quote->sourcing, places);
        draw(places, count > 1 ? arguments[1] : SVG_DEFAULT);
        must(&self, ocore_order_place(self.core, &draft, &order), "order.place");
        show_order(&self, order);
        if (solve_again(&self) != total) {
                fprintf(stderr, "sourcing: the solver and the order do not agree\n");
                return EXIT_FAILURE;
        }
        ocore_close(self.core);
        ocore_store_close(self.store);
        return EXIT_SUCCESS;
}
