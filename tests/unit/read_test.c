/*
 * What a store returns is distrusted. A store that lies about its rows is put under a whole sale,
 * at each of its calls in turn and with each of its lies: whatever is answered, nothing crashes,
 * no failure changes anything by half, and the honest store behind it proves clean. Then lies of
 * scans: rows outside of what was asked, too many of them, and the same page for ever.
 */
#include "draft.h"

#include <ordercore/fault_store.h>

/* One short sale; the first failure, or OCORE_OK. */
static int sell(test_world *world)
{
        const ocore_draft_line lines[] = {line_of("cup", "4"), line_of("tea", "1")};
        ocore_order_draft draft = draft_of(world, lines, 2);
        const ocore_order_key key = {.struct_size = sizeof key, .number = STR("N")};
        const ocore_order_list_request page = {.struct_size = sizeof page, .limit = 1};
        ocore_order_confirm_request confirm = {
                .struct_size = sizeof confirm, .id = test_next_id(world)};
        ocore_order_cancel_request cancel = {
                .struct_size = sizeof cancel, .id = test_next_id(world)};
        const ocore_order_quote *quote;
        const ocore_order *order;
        const ocore_order_list *list;
        const ocore_timeline *timeline;
        int status;

        draft.number = STR("N");
        confirm.order_id = cancel.order_id = draft.id;
        status = ocore_order_quote_draft(world->core, &draft, &quote);
        if (status >= 0)
                status = ocore_order_place(world->core, &draft, &order);
        if (status >= 0)
                status = ocore_order_get(world->core, &key, &order);
        if (status >= 0)
                status = ocore_order_confirm(world->core, &confirm, &order);
        if (status >= 0)
                status = ocore_order_cancel(world->core, &cancel, &order);
        if (status >= 0)
                status = ocore_order_list_page(world->core, &page, &list);
        if (status >= 0)
                status = ocore_order_timeline(world->core, &key, &timeline);
        if (status < 0)
                assert_number(ocore_last_error(world->core)->status, status);
        return status;
}

static void lies_are_seen_or_do_no_harm(void **state)
{
        static const int64_t kinds[] = {OCORE_FAULT_FAIL, OCORE_FAULT_APPLIED, OCORE_FAULT_LOST,
                OCORE_FAULT_STALE, OCORE_FAULT_MISSING, OCORE_FAULT_TWICE, OCORE_FAULT_SHORT,
                OCORE_FAULT_FOREIGN, OCORE_FAULT_KEY, OCORE_FAULT_TYPE, OCORE_FAULT_NUMBER,
                OCORE_FAULT_REVISION, OCORE_FAULT_TEXT, OCORE_FAULT_REFUSAL};
        int64_t corrupt = 0;

        (void)state;
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
                for (int64_t at = 1, hit = 1; hit; at++) {
                        ocore_fault_plan plan = {.struct_size = sizeof plan, .seed = at};
                        test_world good, bad;
                        ocore_config config = {.tenant = 1};
                        int status;

                        sale_open(&good);
                        assert_int_equal(
                                ocore_fault_store(good.store, &plan, &config.store), OCORE_OK);
                        test_open_with(&bad, &config);
                        bad.next_id = 2000001;
                        plan.kind = kinds[i];
                        plan.at = at;
                        plan.counted = 0;
                        status = sell(&bad);
                        hit = plan.hits;
                        plan.kind = 0;
                        corrupt += status == OCORE_CORRUPT;
                        assert_verified(&good);
                        if (kinds[i] == OCORE_FAULT_SHORT || kinds[i] == OCORE_FAULT_FOREIGN ||
                                kinds[i] == OCORE_FAULT_TYPE || kinds[i] == OCORE_FAULT_NUMBER ||
                                kinds[i] == OCORE_FAULT_REVISION)
                                assert_int_equal(status, hit ? OCORE_CORRUPT : OCORE_OK);
                        bad.next_id = 3000001;
                        assert_done(&bad, draft_place(&bad, "cup", "1")); /* it goes on */
                        assert_verified(&good);
                        test_close(&bad);
                        config.store.ops->close(
                                config.store.self); /* and with it the store behind it */
                        good.owns_store = 0;
                        test_close(&good);
                }
        assert_true(corrupt > 20);
}

/* A store that answers every scan with the same rows, whatever was asked. */
typedef struct stuck {
        ocore_store inner;
        int ignore_after, ignore_limit, ignore_prefix;
        int64_t reads;
} stuck;

static int stuck_open(void *self, const ocore_schema *schema)
{
        return ((stuck *)self)->inner.ops->open(((stuck *)self)->inner.self, schema);
}

static int stuck_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        stuck *store = self;
        ocore_read read = reads[0];

        store->reads++;
        if (count != 1)
                return store->inner.ops->read(store->inner.self, reads, count, emit, sink);
        if (store->ignore_after) {
                read.after = NULL;
                read.after_count = 0;
        }
        if (store->ignore_limit)
                read.limit = 0;
        if (store->ignore_prefix)
                read.prefix_count = 1;
        return store->inner.ops->read(store->inner.self, &read, 1, emit, sink);
}

static int stuck_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        stuck *store = self;

        return store->inner.ops->write(store->inner.self, writes, count, refusal);
}

static void stuck_close(void *self)
{
        (void)self;
}

static const ocore_store_ops stuck_ops = {.struct_size = sizeof stuck_ops,
        .name = "stuck",
        .open = stuck_open,
        .read = stuck_read,
        .write = stuck_write,
        .close = stuck_close};

static void scans_end_whatever_the_store_tells(void **state)
{
        const ocore_page_request page = {.struct_size = sizeof page, .limit = 2};
        const ocore_order_key key = {.struct_size = sizeof key, .number = STR("N")};
        const ocore_stock_list_request balances = {.struct_size = sizeof balances, .limit = 1000};
        const ocore_product_list *products;
        stuck store = {.reads = 0};
        ocore_config config = {.tenant = 1};
        test_world good, bad;
        int64_t reads;

        (void)state;
        sale_open(&good);
        {
                /* More balances than a page has, and an order with another number. */
                const ocore_draft_line line = line_of("tea", "1");
                ocore_order_draft draft = draft_of(&good, &line, 1);
                ocore_stock_line lots[600];
                char names[600][12];
                ocore_stock_request receive = {.struct_size = sizeof receive,
                        .id = test_next_id(&good),
                        .lines = lots,
                        .line_count = 600,
                        .line_stride = sizeof lots[0]};

                for (int i = 0; i < 600; i++) {
                        (void)snprintf(names[i], sizeof names[i], "%03d", i);
                        lots[i] = (ocore_stock_line){
                                .sku = STR("cup"), STR("north"), {names[i], 3}, {1, 0, 0}};
                }
                assert_done(&good, ocore_stock_receive(good.core, &receive, NULL));
                draft.number = STR("M");
                assert_done(&good, ocore_order_place(good.core, &draft, NULL));
        }
        store.inner = good.store;
        config.store = (ocore_store){&stuck_ops, &store};
        test_open_with(&bad, &config);
        assert_done(&bad, ocore_product_list_page(bad.core, &page, &products));
        store.ignore_limit = 1;
        assert_status(&bad, ocore_product_list_page(bad.core, &page, &products), OCORE_CORRUPT);
        assert_null(products);
        store.ignore_limit = 0;
        store.ignore_after = 1;
        reads = store.reads;
        assert_status(&bad, ocore_stock_list_page(bad.core, &balances, NULL), OCORE_CORRUPT);
        assert_true(store.reads - reads <= 3);
        store.ignore_after = 0;
        assert_done(&bad, ocore_stock_list_page(bad.core, &balances, NULL));
        store.ignore_prefix = 1;
        assert_status(&bad, ocore_order_get(bad.core, &key, NULL), OCORE_CORRUPT);
        test_close(&bad);
        sale_close(&good);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(lies_are_seen_or_do_no_harm),
                cmocka_unit_test(scans_end_whatever_the_store_tells),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
