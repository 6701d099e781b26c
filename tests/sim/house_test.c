/*
 * Proves that whatever eight actors do to stock, holds, orders, supplies and queues, in whatever
 * order, the house stays what a plain model of it says. Each command's success is predicted; after
 * each, every balance is compared with the model's, and ocore_verify() must be clean. Worlds are
 * small and many, so that both can be done after each of a million operations.
 *
 *         sim_house_test [OPERATIONS [SEED [WORLD]]]
 *
 * The seed is printed, and with a failure the operation and its world.
 */
#include "house.h"

#include <stdlib.h>

enum { WORLD = 100 }; /* operations of one world */

static int64_t operations = 4000, first_world;
static uint64_t seed = 20261122;

/* SplitMix64 (Steele, Lea, Flood, 2014), below `limit`. */
int64_t house_below(house_run *self, int64_t limit)
{
        uint64_t z = self->random += UINT64_C(0x9e3779b97f4a7c15);

        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        return (int64_t)((z ^ z >> 31) % (uint64_t)limit);
}

ocore_id house_id(house_run *self)
{
        return test_id(++self->next_id);
}

ocore_str house_text(const char *const *names, int index)
{
        return ocore_str_of(names[index]);
}

int house_recent(house_run *self, int count)
{
        int64_t window = count < 10 ? count : 10;

        return count ? count - 1 - (int)house_below(self, window) : -1;
}

void house_check(house_run *self, const char *wrong)
{
        if (wrong && self->first_try)
                self->forgiven = wrong;
        else if (wrong)
                fail_msg("seed %llu, operation %lld: %s", (unsigned long long)seed,
                        (long long)self->operation, wrong);
}

const void *house_command(house_run *self, const char *name, const void *request, int expected)
{
        const ocore_command *entry = ocore_command_find(ocore_str_of(name));
        int actor = (int)house_below(self, HOUSE_ACTORS);
        ocore_core *core = self->actors[self->unit_actor < 0 ? actor : self->unit_actor];
        const void *answer;
        int status;

        /* Two cores must not enter each other's calls: who comes in between is somebody else. */
        if (self->nested && core == self->writing)
                core = self->actors[(actor + 1) % HOUSE_ACTORS];
        if (!entry)
                fail_msg("there is no command %s", name);
        if (!self->nested) {
                self->writing = core;
                self->always_reads = (self->unit_actor < 0 ? actor : self->unit_actor) % 2;
        }
        status = entry->call(core, request, &answer);
        if (expected != EITHER && !self->disturbed && (status == OCORE_OK) != (expected == GOOD))
                fail_msg("seed %llu, operation %lld, %s: %s instead of %s: %.*s: %.*s",
                        (unsigned long long)seed, (long long)self->operation, name,
                        ocore_status_name(status), expected == GOOD ? "success" : "a refusal",
                        (int)ocore_last_error(core)->field.size,
                        ocore_last_error(core)->field.size ? ocore_last_error(core)->field.data
                                                           : "",
                        (int)ocore_last_error(core)->message.size,
                        ocore_last_error(core)->message.size ? ocore_last_error(core)->message.data
                                                             : "");
        if (status == OCORE_BUSY || status == OCORE_CORRUPT || status == OCORE_STORE)
                fail_msg("seed %llu, operation %lld, %s: %s: %.*s", (unsigned long long)seed,
                        (long long)self->operation, name, ocore_status_name(status),
                        (int)ocore_last_error(core)->message.size,
                        ocore_last_error(core)->message.size ? ocore_last_error(core)->message.data
                                                             : "");
        self->done += status == OCORE_OK;
        self->refused += status != OCORE_OK;
        if (status == OCORE_OK && entry->changes && self->unit_actor < 0 && !self->disturbed &&
                house_below(self, 10) == 0) {
                core = self->actors[house_below(self, HOUSE_ACTORS)];
                assert_int_equal(entry->call(core, request, &answer), OCORE_ALREADY);
        }
        return status == OCORE_OK ? answer : NULL;
}

static void act_one_of(house_run *self, const house_action *actions)
{
        int weights = 0, pick, n = 0;

        for (int i = 0; actions[i].run; i++)
                weights += actions[i].weight;
        pick = (int)house_below(self, weights);
        while (pick >= actions[n].weight)
                pick -= actions[n++].weight;
        actions[n].run(self);
}

/* The actors' store: now and then somebody else acts just before a write. */
static int store_open(void *self, const ocore_schema *schema)
{
        ocore_store *inner = &((house_run *)self)->inner;

        return inner->ops->open(inner->self, schema);
}

static int store_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        ocore_store *inner = &((house_run *)self)->inner;

        return inner->ops->read(inner->self, reads, count, emit, sink);
}

static int store_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        house_run *run = self;

        if (run->eager && !run->nested && !run->disturbed && run->unit_actor < 0 &&
                house_below(run, 6) == 0) {
                run->nested = run->disturbed = 1;
                run->between++;
                act_one_of(
                        run, house_below(run, 2) ? house_short_actions : house_short_order_actions);
                run->nested = 0;
        }
        return run->inner.ops->write(run->inner.self, writes, count, refusal);
}

static const char *store_message(void *self, int64_t *code)
{
        ocore_store *inner = &((house_run *)self)->inner;

        return inner->ops->message(inner->self, code);
}

static const ocore_store_ops store_ops = {
        .struct_size = sizeof store_ops,
        .name = "disturbed",
        .open = store_open,
        .read = store_read,
        .write = store_write,
        .message = store_message,
};

static int64_t clock_of(void *user_data)
{
        return ((const house_run *)user_data)->model.now_us;
}

static void put_goods(house_run *self)
{
        const ocore_bundle_part_request parts[] = {
                {house_text(house_skus, 0), {2, 0, 0}}, {house_text(house_skus, 1), {1, 0, 0}}};
        const ocore_bundle_request bundle = {.struct_size = sizeof bundle,
                .id = house_id(self),
                .sku = house_text(house_skus, BUNDLE),
                .parts = parts,
                .part_count = 2,
                .part_stride = sizeof parts[0]};
        const ocore_supplier_request supplier = {
                .struct_size = sizeof supplier, .id = house_id(self), .supplier = STR("ACME")};

        for (int i = 0; i < HOUSE_SKUS; i++) {
                const ocore_product_request product = {.struct_size = sizeof product,
                        .id = house_id(self),
                        .sku = house_text(house_skus, i),
                        .name = house_text(house_skus, i),
                        .kind = i == BUNDLE ? OCORE_PRODUCT_BUNDLE : 0,
                        .tracking = i == BY_LOT ? OCORE_TRACKING_LOT : 0};
                const ocore_price_request price = {.struct_size = sizeof price,
                        .id = house_id(self),
                        .sku = house_text(house_skus, i),
                        .price = {HOUSE_PRICE, "EUR", 0}};

                house_command(self, "product.put", &product, GOOD);
                house_command(self, "price.put", &price, GOOD);
        }
        house_command(self, "bundle.put", &bundle, GOOD);
        house_command(self, "supplier.put", &supplier, GOOD);
}

static void open_house(house_run *self)
{
        const ocore_allocator allocator = test_allocator(&self->memory);

        memset(&self->model, 0, sizeof self->model);
        self->next_id = 0;
        self->model.now_us = TEST_NOW_US;
        self->model.lot_expires_us[1] = TEST_NOW_US + 400 * TEST_DAY_US;
        self->model.lot_expires_us[2] = TEST_NOW_US + 300 * TEST_DAY_US;
        self->model.lot_expires_us[3] = TEST_NOW_US + 25 * TEST_MINUTE_US + 1;
        self->unit_actor = -1;
        self->eager = self->nested = self->disturbed = self->rules_changed = 0;
        test_store_open(&allocator, &self->inner);
        self->store = (ocore_store){&store_ops, self};
        for (int i = 0; i < HOUSE_ACTORS; i++) {
                const ocore_config config = {.struct_size = sizeof config,
                        .store = self->store,
                        .allocator = allocator,
                        .clock = clock_of,
                        .clock_data = self,
                        .balance_age_us = i % 2 ? -1 : 0};

                assert_int_equal(ocore_open(&config, &self->actors[i]), OCORE_OK);
        }
        for (int i = 0; i < HOUSE_SITES; i++) {
                const ocore_site_request site = {.struct_size = sizeof site,
                        .id = house_id(self),
                        .site = house_text(house_sites, i),
                        .priority = i};

                house_command(self, "site.put", &site, GOOD);
        }
        put_goods(self);
}

static void close_house(house_run *self)
{
        for (int i = 0; i < HOUSE_ACTORS; i++)
                ocore_close(self->actors[i]);
        ocore_store_close(self->inner);
        assert_number(self->memory.bytes, 0);
}

static int same_place(const ocore_stock *row, const house_place *place)
{
        return row->available == place->available && row->held == place->held &&
               row->allocated == place->allocated && row->picked == place->picked &&
               row->inspection == place->inspection && row->damaged == place->damaged &&
               row->incoming == place->incoming && row->in_transit == place->in_transit &&
               !row->oversold;
}

static int say_finding(void *unused, const ocore_finding *finding)
{
        (void)unused;
        print_error("%.*s %.*s: %.*s\n", (int)finding->invariant.size, finding->invariant.data,
                (int)finding->subject.size, finding->subject.data, (int)finding->message.size,
                finding->message.data);
        return 0;
}

/* Every balance is the model's, every place that the model knows is there, and verify is clean. */
static void check_house(house_run *self)
{
        static const house_place nothing;
        const ocore_stock_list_request request = {.struct_size = sizeof request, .limit = 1000};
        ocore_core *core = self->actors[house_below(self, HOUSE_ACTORS)];
        const ocore_stock_list *list;
        house seen = self->model;

        house_check(self, house_consistent(&self->model));
        assert_int_equal(ocore_stock_list_page(core, &request, &list), OCORE_OK);
        for (size_t i = 0; i < list->stock_count; i++) {
                const ocore_stock *row = list->stock[i];
                int sku = row->sku.data[0] - 'A', site = 0, lot = 0;

                while (!ocore_str_equal(row->site, house_text(house_sites, site)))
                        site++;
                while (!ocore_str_equal(row->lot, house_text(house_lots, lot)))
                        lot++;
                if (!same_place(row, &self->model.at[sku][site][lot]))
                        fail_msg("seed %llu, operation %lld: %s at %s in lot \"%s\" has %lld "
                                 "available, %lld allocated, the model %lld and %lld",
                                (unsigned long long)seed, (long long)self->operation,
                                house_skus[sku], house_sites[site], house_lots[lot],
                                (long long)row->available, (long long)row->allocated,
                                (long long)self->model.at[sku][site][lot].available,
                                (long long)self->model.at[sku][site][lot].allocated);
                seen.at[sku][site][lot] = nothing;
        }
        for (int i = 0; i < HOUSE_GOODS * HOUSE_SITES * HOUSE_LOTS; i++)
                if (memcmp(&seen.at[0][0][0] + i, &nothing, sizeof nothing) != 0)
                        house_check(self, "a balance of the model has no row");
        if (ocore_verify(core, say_finding, NULL, NULL))
                house_check(self, "verify found something");
}

/* Several actions of one actor, written as one; OCORE_BUSY when what it remembered of the catalogue
 * was old. */
static int act_in_unit(house_run *self, int64_t count)
{
        ocore_core *core = self->actors[self->unit_actor];

        assert_int_equal(ocore_unit_begin(core), OCORE_OK);
        for (int64_t i = 0; i < count; i++)
                act_one_of(self, house_unit_actions);
        return ocore_unit_commit(core);
}

/* A unit that was refused is carried out again, with the same ids; then it must be written. */
static void act_as_unit(house_run *self)
{
        static house before;
        int64_t count = 2 + house_below(self, 3), next_id = self->next_id;
        uint64_t random;
        int status;

        self->unit_actor = (int)house_below(self, HOUSE_ACTORS);
        before = self->model;
        random = self->random;
        self->disturbed = self->rules_changed;
        self->first_try = 1;
        self->forgiven = NULL;
        status = act_in_unit(self, count);
        self->first_try = 0;
        if (status == OCORE_OK)
                house_check(self, self->forgiven);
        if (status == OCORE_BUSY) {
                self->disturbed = 0;
                self->model = before;
                self->random = random;
                self->next_id = next_id;
                status = act_in_unit(self, count);
        }
        if (status)
                fail_msg("seed %llu, operation %lld: a unit that nobody disturbed is not written",
                        (unsigned long long)seed, (long long)self->operation);
        self->unit_actor = -1;
        self->units++;
}

/* One action of somebody. */
static void act(house_run *self)
{
        self->disturbed = 0;
        self->eager = 1;
        if (house_below(self, 12) == 0)
                act_as_unit(self);
        else
                act_one_of(self, house_below(self, 2) ? house_goods_actions : house_order_actions);
        self->eager = 0;
}

static void actors_and_model_agree(void **state)
{
        static house_run self; /* too large for a small stack */

        (void)state;
        print_message("# seed %llu\n", (unsigned long long)seed);
        for (int64_t world = first_world; self.operation < operations; world++) {
                self.random = seed + (uint64_t)world * UINT64_C(0x632be59bd9b4e019);
                open_house(&self);
                for (int i = 0; i < WORLD && self.operation < operations; i++) {
                        self.operation++;
                        act(&self);
                        check_house(&self);
                }
                close_house(&self);
        }
        print_message("# %lld operations: %lld commands done, %lld refused, %lld units filled from "
                      "the queue, %lld holds lapsed, %lld short picks, %lld units of commands, "
                      "%lld times somebody came in between\n",
                (long long)self.operation, (long long)self.done, (long long)self.refused,
                (long long)self.filled, (long long)self.lapsed, (long long)self.shorts,
                (long long)self.units, (long long)self.between);
        assert_true(operations < 4000 || (self.filled > 5 && self.lapsed > 5 && self.shorts > 0));
}

int main(int count, char **arguments)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(actors_and_model_agree)};

        if (count > 1)
                operations = strtoll(arguments[1], NULL, 10);
        if (count > 2)
                seed = strtoull(arguments[2], NULL, 10);
        if (count > 3) /* the failing operation's number, without its last two digits */
                first_world = strtoll(arguments[3], NULL, 10);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
