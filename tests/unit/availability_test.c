/*
 * What is said of many products at many sites: each rule by itself in a table, then random shops
 * beside a plain model, which the product inquiry must agree with; how often the store is asked,
 * and how old an answer may be.
 */
#include "pair.h"

#include "inventory/inventory.h"

#include "../support/rows.h"

static ocore_availability_pair pair_of(const char *sku, const char *site)
{
        return (ocore_availability_pair){ocore_str_of(sku), ocore_str_of(site)};
}

static const ocore_availability_list *ask_for(
        test_world *world, const char *channel, const ocore_availability_pair *pairs, size_t count)
{
        const ocore_availability_request request = {.struct_size = sizeof request,
                .channel = ocore_str_of(channel),
                .pairs = pairs,
                .pair_count = count,
                .pair_stride = sizeof *pairs};
        const ocore_availability_list *list;

        assert_done(world, ocore_stock_availability(world->core, &request, &list));
        assert_int_equal(list->available_count, count);
        return list;
}

static ocore_available ask(
        test_world *world, const char *channel, const char *sku, const char *site)
{
        const ocore_availability_pair asked = pair_of(sku, site);

        return *ask_for(world, channel, &asked, 1)->available[0];
}

static void put_site_row(test_world *world, const char *code, int64_t closed, const char *supplier)
{
        const ocore_site row = {
                .site = ocore_str_of(code), .closed = closed, .supplier = ocore_str_of(supplier)};

        test_insert(world, &ocore__site_table, &row);
}

static void put_product(test_world *world, ocore_product product)
{
        product.name = product.sku;
        product.unit = STR("C62");
        product.kind = product.kind ? product.kind : OCORE_PRODUCT_GOODS;
        test_insert(world, &ocore__product_table, &product);
}

static void put_stock(test_world *world, ocore_stock stock)
{
        test_insert(world, &ocore__stock_table, &stock);
}

static void put_supply(test_world *world, ocore_supply supply, int64_t number)
{
        supply.source_id = test_id(900);
        supply.number = number;
        supply.source = OCORE_SOURCE_PURCHASE;
        supply.expected = supply.unpromised;
        test_insert(world, &ocore__supply_table, &supply);
}

#define DAY TEST_DAY_US
#define NOW TEST_NOW_US
static const ocore_product products[] = {
        {.sku = STR_INIT("A"), .related = OCORE_RELATED_RULES | OCORE_RELATED_QUOTAS},
        {.sku = STR_INIT("plain"), .scale = 3},
        {.sku = STR_INIT("lots"), .tracking = OCORE_TRACKING_LOT, .min_life_us = 2 * DAY},
        {.sku = STR_INIT("new"), .release_us = NOW + 1},
        {.sku = STR_INIT("out"), .release_us = NOW},
        {.sku = STR_INIT("work"), .kind = OCORE_PRODUCT_SERVICE},
        {.sku = STR_INIT("kit"),
                .kind = OCORE_PRODUCT_BUNDLE,
                .related = OCORE_RELATED_PARTS | OCORE_RELATED_QUOTAS},
        {.sku = STR_INIT("late"), .kind = OCORE_PRODUCT_BUNDLE, .related = OCORE_RELATED_PARTS},
        {.sku = STR_INIT("broken"), .kind = OCORE_PRODUCT_BUNDLE, .related = OCORE_RELATED_PARTS},
        {.sku = STR_INIT("empty"), .kind = OCORE_PRODUCT_BUNDLE},
};
static const ocore_stock_rule rules[] = {
        {STR_INIT("A"), STR_INIT(""), STR_INIT(""), 0, 1, 0},
        {STR_INIT("A"), STR_INIT("south"), STR_INIT(""), 0, 5, 0},
        {STR_INIT("A"), STR_INIT("south"), STR_INIT("till"), 0, 100, 0},
};
static const ocore_quota quotas[] = {
        {STR_INIT("A"), OCORE_QUOTA_SALE, STR_INIT("web"), 0, 20, 14, 6},
        {STR_INIT("A"), OCORE_QUOTA_PREORDER, STR_INIT(""), 0, 9, 9, 0},
        {STR_INIT("kit"), OCORE_QUOTA_SALE, STR_INIT("web"), 0, 1, 0, 1},
};
static const ocore_bundle_part parts[] = {
        {STR_INIT("kit"), STR_INIT("A"), 0, 2},
        {STR_INIT("kit"), STR_INIT("plain"), 0, 3},
        {STR_INIT("late"), STR_INIT("new"), 0, 1},
        {STR_INIT("broken"), STR_INIT("none"), 0, 1},
};
static const struct {
        const char *sku, *site, *lot;
        int64_t available, held, incoming, expires_us, recalled_us;
} stock[] = {
        {"A", "north", "", 5, 2, 0, 0, 0}, {"A", "shut", "", 50, 3, 0, 0, 0},
        {"A", "south", "", 9, 1, 12, 0, 0}, {"A", "theirs", "", 70, 0, 0, 0, 0},
        {"plain", "north", "", 7, 0, 0, 0, 0}, {"plain", "south", "", 2, 0, 0, 0, 0},
        {"new", "north", "", 8, 0, 0, 0, 0}, {"out", "north", "", 8, 0, 0, 0, 0},
        {"lots", "north", "", 1, 0, 0, 0, 0},
        {"lots", "north", "a", 20, 4, 0, NOW, 0}, /* expired */
        {"lots", "north", "b", 300, 0, 0, NOW + 2 * DAY - 1, 0},
        {"lots", "north", "c", 4000, 0, 0, NOW + 2 * DAY, 0},
        {"lots", "north", "d", 50000, 0, 0, 0, NOW - 1}, /* recalled */
};
static const struct {
        const char *site;
        int64_t due_us, unpromised, dedicated;
} supplies[] = {
        /* all of A */
        {"south", NOW + 9, 4, 0},
        {"south", NOW + 7, 3, 0},
        {"south", 0, 30, 0}, /* nobody knows when */
        {"south", NOW + 1, 40, 1},
        {"shut", NOW + 3, 500, 0},
        {"south", NOW + 2, 0, 0},
        {"north", NOW + 8, 1, 0},
};
#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* Ours: north, south; shut is closed, theirs is a supplier's. */
static void fill_shop(test_world *world)
{
        put_site_row(world, "north", 0, "");
        put_site_row(world, "shut", 1, "");
        put_site_row(world, "south", 0, "");
        put_site_row(world, "theirs", 0, "acme");
        for (size_t i = 0; i < COUNT_OF(products); i++)
                put_product(world, products[i]);
        for (size_t i = 0; i < COUNT_OF(rules); i++)
                test_insert(world, &ocore__stock_rule_table, &rules[i]);
        for (size_t i = 0; i < COUNT_OF(quotas); i++)
                test_insert(world, &ocore__quota_table, &quotas[i]);
        for (size_t i = 0; i < COUNT_OF(parts); i++)
                test_insert(world, &ocore__bundle_part_table, &parts[i]);
        for (size_t i = 0; i < COUNT_OF(stock); i++)
                put_stock(world, (ocore_stock){.sku = ocore_str_of(stock[i].sku),
                                         .site = ocore_str_of(stock[i].site),
                                         .lot = ocore_str_of(stock[i].lot),
                                         .available = stock[i].available,
                                         .held = stock[i].held,
                                         .incoming = stock[i].incoming,
                                         .expires_us = stock[i].expires_us,
                                         .recalled_us = stock[i].recalled_us});
        for (size_t i = 0; i < COUNT_OF(supplies); i++)
                put_supply(world,
                        (ocore_supply){.sku = STR("A"),
                                .site = ocore_str_of(supplies[i].site),
                                .due_us = supplies[i].due_us,
                                .unpromised = supplies[i].unpromised,
                                .order_id = supplies[i].dedicated ? test_id(1) : (ocore_id){{0}}},
                        (int64_t)i + 1);
}

static const struct {
        const char *channel, *sku, *site;
        int64_t known, available, held, on_the_way, next; /* from now; 0: nothing */
} answers[] = {
        {"", "A", "north", 1, 4, 2, 1, 8},
        {"", "A", "south", 1, 4, 1, 7, 7},
        {"", "A", "shut", 1, 0, 3, 500, 3}, /* closed */
        {"", "A", "theirs", 1, 0, 0, 0, 0},
        {"", "A", "", 1, 8, 3, 8, 7},
        {"till", "A", "south", 1, 0, 1, 7, 7},
        {"till", "A", "", 1, 4, 3, 8, 7},
        {"web", "A", "", 1, 6, 3, 8, 7}, /* capped */
        {"web", "A", "north", 1, 4, 2, 1, 8},
        {"", "A", "nowhere", 0, 0, 0, 0, 0},
        {"", "none", "north", 0, 0, 0, 0, 0},
        {"", "none", "", 0, 0, 0, 0, 0},
        {"", "plain", "north", 1, 7, 0, 0, 0},
        {"", "plain", "", 1, 9, 0, 0, 0},
        {"", "lots", "", 1, 4001, 4, 0, 0},
        {"", "lots", "south", 1, 0, 0, 0, 0},
        {"", "new", "", 1, 0, 0, 0, 0},
        {"", "out", "", 1, 8, 0, 0, 0},
        {"", "work", "", 1, 0, 0, 0, 0},
        {"", "kit", "north", 1, 2, 0, 0, 0}, /* 4 A and 7 plain */
        {"", "kit", "south", 1, 0, 0, 0, 0}, /* 4 and 2 */
        {"", "kit", "", 1, 3, 0, 0, 0},      /* 8 and 9 */
        {"web", "kit", "", 1, 1, 0, 0, 0},
        {"", "late", "", 1, 0, 0, 0, 0},
        {"", "broken", "", 1, 0, 0, 0, 0},
        {"", "empty", "", 1, 0, 0, 0, 0},
};
enum { ANSWERS = COUNT_OF(answers) };

static void assert_answer(const ocore_available *got, size_t n)
{
        assert_text(got->sku, answers[n].sku);
        assert_text(got->site, answers[n].site);
        assert_number(got->known, answers[n].known);
        assert_number(got->available, answers[n].available);
        assert_number(got->held, answers[n].held);
        assert_number(got->on_the_way, answers[n].on_the_way);
        assert_number(got->next_us, answers[n].next ? TEST_NOW_US + answers[n].next : 0);
        assert_number(got->scale, strcmp(answers[n].sku, "plain") ? 0 : 3);
}

static void each_rule_counts(void **state)
{
        test_world world;

        (void)state;
        test_open(&world);
        fill_shop(&world);
        for (size_t i = 0; i < ANSWERS; i++) {
                const ocore_available got =
                        ask(&world, answers[i].channel, answers[i].sku, answers[i].site);

                assert_answer(&got, i);
        }
        test_close(&world);
}

/* The same in one call for each channel, many times over, whatever the order. */
static void one_call_answers_all(void **state)
{
        static const char *const channels[] = {"", "till", "web"};
        ocore_availability_pair pairs[10 * ANSWERS];
        size_t of[10 * ANSWERS];
        test_world world;

        (void)state;
        test_open(&world);
        fill_shop(&world);
        for (size_t n = 0; n < 3; n++) {
                const ocore_availability_list *list;
                size_t count = 0;

                for (size_t i = 0; i < 10 * ANSWERS; i++) {
                        of[count] = i * 7 % ANSWERS; /* 7 and the number of answers share nothing */
                        if (strcmp(answers[of[count]].channel, channels[n]) != 0)
                                continue;
                        pairs[count] = pair_of(answers[of[count]].sku, answers[of[count]].site);
                        count++;
                }
                list = ask_for(&world, channels[n], pairs, count);
                for (size_t i = 0; i < count; i++)
                        assert_answer(list->available[i], of[i]);
        }
        test_close(&world);
}

static void sums_stay_in_64_bits(void **state)
{
        test_world world;

        (void)state;
        test_open(&world);
        put_site_row(&world, "north", 0, "");
        put_site_row(&world, "south", 0, "");
        put_product(&world, (ocore_product){.sku = STR("A")});
        put_stock(&world, (ocore_stock){.sku = STR("A"),
                                  .site = STR("north"),
                                  .available = INT64_MAX,
                                  .held = INT64_MAX,
                                  .incoming = 1});
        put_stock(&world,
                (ocore_stock){.sku = STR("A"), .site = STR("south"), .available = 5, .held = 1});
        for (int64_t i = 1; i <= 2; i++)
                put_supply(&world,
                        (ocore_supply){.sku = STR("A"),
                                .site = STR("north"),
                                .due_us = i,
                                .unpromised = INT64_MAX},
                        i);
        assert_number(ask(&world, "", "A", "").available, INT64_MAX);
        assert_number(ask(&world, "", "A", "").held, INT64_MAX);
        assert_number(ask(&world, "", "A", "").on_the_way, INT64_MAX);
        assert_number(ask(&world, "", "A", "south").available, 5);
        test_close(&world);
}

enum { MODEL_SITES = 5, MODEL_LOTS = 3, MODEL_PRODUCTS = 60 };
typedef struct model {
        int closed[MODEL_SITES];
        int64_t stock[MODEL_PRODUCTS][MODEL_SITES][MODEL_LOTS];
        int64_t safety[MODEL_PRODUCTS];
        int64_t cap[MODEL_PRODUCTS]; /* −1: none */
} model;

static uint64_t draw(uint64_t *state, uint64_t below)
{
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (*state >> 33) % below;
}

static void model_fill(model *self, test_world *world, uint64_t *random)
{
        static const char *const lots[MODEL_LOTS] = {"", "L1", "L2"};
        char sku[16], site[16];

        for (int s = 0; s < MODEL_SITES; s++) {
                self->closed[s] = draw(random, 4) == 0;
                snprintf(site, sizeof site, "s%d", s);
                put_site_row(world, site, self->closed[s], "");
        }
        for (int p = 0; p < MODEL_PRODUCTS; p++) {
                int64_t related = 0;

                snprintf(sku, sizeof sku, "p%d", p);
                self->safety[p] = draw(random, 2) ? 0 : (int64_t)draw(random, 12);
                self->cap[p] = draw(random, 4) ? -1 : (int64_t)draw(random, 30);
                if (self->safety[p]) {
                        const ocore_stock_rule rule = {
                                .sku = ocore_str_of(sku), .safety = self->safety[p]};

                        related |= OCORE_RELATED_RULES;
                        test_insert(world, &ocore__stock_rule_table, &rule);
                }
                if (self->cap[p] >= 0) {
                        const ocore_quota quota = {.sku = ocore_str_of(sku),
                                .kind = OCORE_QUOTA_SALE,
                                .channel = STR("web"),
                                .cap = self->cap[p],
                                .remaining = self->cap[p]};

                        related |= OCORE_RELATED_QUOTAS;
                        test_insert(world, &ocore__quota_table, &quota);
                }
                put_product(world, (ocore_product){.sku = ocore_str_of(sku), .related = related});
                for (int s = 0; s < MODEL_SITES; s++)
                        for (int l = 0; l < MODEL_LOTS; l++) {
                                self->stock[p][s][l] =
                                        draw(random, 3) ? (int64_t)draw(random, 10) : -1;
                                if (self->stock[p][s][l] < 0)
                                        continue;
                                snprintf(site, sizeof site, "s%d", s);
                                put_stock(
                                        world, (ocore_stock){.sku = ocore_str_of(sku),
                                                       .site = ocore_str_of(site),
                                                       .lot = ocore_str_of(lots[l]),
                                                       .available = self->stock[p][s][l],
                                                       /* the second lot of a product has expired */
                                                       .expires_us = l == 1 ? TEST_NOW_US : 0});
                        }
        }
}

static int64_t model_at(const model *self, int p, int s)
{
        int64_t sum = 0;

        for (int l = 0; l < MODEL_LOTS; l++)
                if (l != 1 && self->stock[p][s][l] > 0)
                        sum += self->stock[p][s][l];
        return self->closed[s] || sum < self->safety[p] ? 0 : sum - self->safety[p];
}

static int64_t least(int64_t a, int64_t cap)
{
        return cap >= 0 && cap < a ? cap : a;
}

/* The answers of a call, and those of the inquiry, are those of the model. */
static void model_check(const model *self, test_world *world)
{
        ocore_availability_pair pairs[MODEL_PRODUCTS * (MODEL_SITES + 1)];
        static char names[MODEL_PRODUCTS][16];
        static const char *const sites[] = {"s0", "s1", "s2", "s3", "s4", ""};
        const ocore_availability_list *list;
        size_t count = 0;

        for (int p = 0; p < MODEL_PRODUCTS; p++) {
                snprintf(names[p], sizeof names[p], "p%d", p);
                for (int s = 0; s <= MODEL_SITES; s++)
                        pairs[count++] = pair_of(names[p], sites[s]);
        }
        list = ask_for(world, "web", pairs, count);
        for (int p = 0; p < MODEL_PRODUCTS; p++) {
                int64_t sum = 0;

                for (int s = 0; s < MODEL_SITES; s++) {
                        assert_number(list->available[p * (MODEL_SITES + 1) + s]->available,
                                least(model_at(self, p, s), self->cap[p]));
                        sum += model_at(self, p, s);
                }
                assert_number(list->available[p * (MODEL_SITES + 1) + MODEL_SITES]->available,
                        least(sum, self->cap[p]));
        }
        for (int p = 0; p < MODEL_PRODUCTS; p++) {
                const ocore_inquiry_request request = {.struct_size = sizeof request,
                        .sku = ocore_str_of(names[p]),
                        .channel = STR("web")};
                const ocore_inquiry *inquiry;
                size_t n = 0;
                int64_t sum = 0;

                assert_done(world, ocore_product_inquire(world->core, &request, &inquiry));
                for (int s = 0; s < MODEL_SITES; s++) {
                        int64_t here = least(model_at(self, p, s), self->cap[p]);

                        sum += model_at(self, p, s);
                        if (!here)
                                continue;
                        assert_true(n < inquiry->site_count);
                        assert_text(inquiry->sites[n]->site, sites[s]);
                        assert_number(inquiry->sites[n++]->available, here);
                }
                assert_int_equal(n, inquiry->site_count);
                assert_number(inquiry->available, least(sum, self->cap[p]));
        }
}

static void random_shops_are_as_the_model_says(void **state)
{
        uint64_t random = 20260105;

        (void)state;
        print_message("# seed %llu\n", (unsigned long long)random);
        for (int round = 0; round < 20; round++) {
                model self;
                test_world world;

                test_open(&world);
                model_fill(&self, &world, &random);
                model_check(&self, &world);
                test_close(&world);
        }
}

/* Reads of core a. */
#define assert_reads(both, call, wanted)                                                           \
        do {                                                                                       \
                int64_t before = (both)->store.reads;                                              \
                (call);                                                                            \
                assert_number((both)->store.reads - before, wanted);                               \
        } while (0)

static void what_is_remembered_is_not_read(void **state)
{
        const ocore_availability_pair both_goods[] = {
                {STR_INIT("cup"), STR_INIT("north")}, {STR_INIT("tea"), STR_INIT("")}};
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_reads(&both, assert_number(ask(&both.a, "", "cup", "").available, 10), 1);
        assert_reads(&both, assert_number(ask(&both.a, "", "cup", "north").available, 10), 0);
        assert_reads(&both, ask_for(&both.a, "", both_goods, 2), 1); /* tea */
        assert_reads(&both, ask_for(&both.a, "", both_goods, 2), 0);
        assert_done(&both.a, draft_place(&both.a, "cup", "1")); /* its own doing is known */
        assert_reads(&both, assert_number(ask(&both.a, "", "cup", "").available, 9), 0);
        shop_receive(&both.a, "cup", "north", "5");
        assert_number(ask(&both.a, "", "cup", "").available, 14);
        assert_done(&both.b, draft_place(&both.b, "cup", "4"));
        both.a.now_us += 1000000;
        assert_number(ask(&both.a, "", "cup", "").available, 14); /* a second old at most */
        both.a.now_us++;
        assert_reads(&both, assert_number(ask(&both.a, "", "cup", "").available, 10), 1);
        put_site(&both.b, "north", 1, 1);
        both.a.now_us += 1000001;
        assert_number(ask(&both.a, "", "cup", "").available, 0);
        put_site(&both.a, "north", 1, 0);
        assert_number(ask(&both.a, "", "cup", "").available, 10);
        both.a.config.balance_age_us = -1;
        test_reopen(&both.a);
        assert_reads(&both, ask(&both.a, "", "cup", ""), 1);
        assert_reads(&both, ask(&both.a, "", "cup", ""), 1);
        both.a.config.balance_age_us = 0;
        both.a.config.cache_rows = -1;
        test_reopen(&both.a);
        assert_reads(&both, ask(&both.a, "", "cup", ""), 1);
        assert_reads(&both, ask(&both.a, "", "cup", ""), 1);
        pair_close(&both);
}

/* Inside a unit the unit's own rows count, and are forgotten with it. */
static void a_unit_sees_its_own(void **state)
{
        pair both;

        (void)state;
        pair_open(&both, 0);
        assert_number(ask(&both.a, "", "cup", "").available, 10);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_number(ask(&both.a, "", "cup", "").available, 10);
        assert_done(&both.a, draft_place(&both.a, "cup", "3"));
        assert_number(ask(&both.a, "", "cup", "").available, 7);
        shop_goods(&both.a, "new", NULL);
        shop_receive(&both.a, "new", "north", "2");
        assert_number(ask(&both.a, "", "new", "north").available, 2);
        assert_done(&both.a, ocore_unit_cancel(both.a.core));
        assert_number(ask(&both.a, "", "cup", "").available, 10);
        assert_number(ask(&both.a, "", "new", "north").known, 0);
        assert_done(&both.a, ocore_unit_begin(both.a.core));
        assert_done(&both.a, draft_place(&both.a, "cup", "3"));
        assert_done(&both.a, ocore_unit_commit(both.a.core));
        assert_number(ask(&both.a, "", "cup", "").available, 7);
        pair_close(&both);
}

/* Even where far more is asked for than is kept in memory. */
static void a_small_memory_is_enough(void **state)
{
        enum { COUNT = 40 };
        static char names[COUNT][16];
        ocore_availability_pair pairs[COUNT];
        ocore_config config = {.struct_size = sizeof config, .cache_rows = 8};
        test_world world;

        (void)state;
        test_open_with(&world, &config);
        shop_site(&world, "north", 1);
        for (int i = 0; i < COUNT; i++) {
                char quantity[16];

                snprintf(names[i], sizeof names[i], "p%d", i);
                snprintf(quantity, sizeof quantity, "%d", i + 1);
                shop_goods(&world, names[i], NULL);
                shop_receive(&world, names[i], "north", quantity);
                pairs[i] = pair_of(names[i], i % 2 ? "north" : "");
        }
        for (int round = 0; round < 5; round++) {
                const ocore_availability_list *list = ask_for(&world, "", pairs, COUNT);

                for (int i = 0; i < COUNT; i++)
                        assert_number(list->available[i]->available, i + 1);
                assert_number(ask(&world, "", "p7", "").available, 8);
        }
        test_close(&world);
}

static void wrong_questions_are_refused(void **state)
{
        const ocore_availability_pair pairs[] = {{STR_INIT("cup"), STR_INIT("")},
                {STR_INIT(""), STR_INIT("")}, {STR_INIT("cup"), STR_INIT("a\x01")}};
        ocore_config config = {.struct_size = sizeof config, .lines_max = 2};
        ocore_availability_request request = {.struct_size = sizeof request};
        const ocore_availability_list *list = NULL;
        test_world world;

        (void)state;
        test_open_with(&world, &config);
        assert_refused(&world, ocore_stock_availability(world.core, &request, &list), OCORE_INVALID,
                "pairs");
        assert_null(list);
        request.pairs = pairs;
        request.pair_stride = sizeof pairs[0];
        request.pair_count = 2;
        assert_refused(&world, ocore_stock_availability(world.core, &request, &list), OCORE_INVALID,
                "pairs[1].sku");
        request.pair_count = 3;
        assert_refused(&world, ocore_stock_availability(world.core, &request, &list), OCORE_LIMIT,
                "pairs");
        request.pairs = &pairs[2];
        request.pair_count = 1;
        assert_refused(&world, ocore_stock_availability(world.core, &request, &list), OCORE_INVALID,
                "pairs[0].site");
        request.pairs = NULL;
        assert_refused(&world, ocore_stock_availability(world.core, &request, &list), OCORE_INVALID,
                "pairs");
        request.struct_size = 1;
        assert_refused(&world, ocore_stock_availability(world.core, &request, &list), OCORE_INVALID,
                "struct_size");
        assert_int_equal(ocore_stock_availability(NULL, &request, &list), OCORE_INVALID);
        assert_null(list);
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_rule_counts),
                cmocka_unit_test(one_call_answers_all),
                cmocka_unit_test(sums_stay_in_64_bits),
                cmocka_unit_test(random_shops_are_as_the_model_says),
                cmocka_unit_test(what_is_remembered_is_not_read),
                cmocka_unit_test(a_unit_sees_its_own),
                cmocka_unit_test(a_small_memory_is_enough),
                cmocka_unit_test(wrong_questions_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
