/*
 * Two cores of one tenant on one store, the first by way of hooks: its writes are counted
 * and checked for their order, and can be refused, lost, or preceded by something the second does.
 */
#ifndef ORDERCORE_TESTS_PAIR_H
#define ORDERCORE_TESTS_PAIR_H

#include "draft.h"

#include "record/record.h"

/* A store around another: counts, refuses, and lets somebody else go first. */
typedef struct hooked {
        ocore_store inner;
        int64_t reads, writes;
        int64_t refuse;      /* so many writes are refused with OCORE_REFUSED_CONFLICT */
        int64_t refuse_then; /* the same behind an unknown one */
        int64_t unknown;     /* so many writes give OCORE_UNKNOWN */
        int lose;            /* and are not carried out */
        int reads_fail;      /* once a write was unknown */
        int64_t odd_status;  /* what the next write returns, carried out */
        void (*before)(void *user_data); /* the next write, once */
        void *user_data;
        size_t last_count;                /* writes in the last batch */
        void (*between)(void *user_data); /* before the read of this number, once */
        int64_t between_at;
} hooked;

static int hooked_open(void *self, const ocore_schema *schema)
{
        hooked *store = self;

        return store->inner.ops->open(store->inner.self, schema);
}

static int hooked_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink)
{
        hooked *store = self;

        store->reads++;
        if (store->between && store->reads == store->between_at) {
                store->between(store->user_data);
                store->between = NULL;
        }
        if (store->reads_fail == 2)
                return OCORE_STORE;
        return store->inner.ops->read(store->inner.self, reads, count, emit, sink);
}

static int is_add(const ocore_write *write)
{
        return write->kind == OCORE_WRITE_ADD;
}

/* One fixed order with at most one write a row: guarded adds last, each by table and key. */
static void assert_in_order(const ocore_write *writes, size_t count)
{
        for (size_t i = 1; i < count; i++) {
                const ocore_write *a = &writes[i - 1], *b = &writes[i];
                int order = is_add(a) - is_add(b);

                if (!order)
                        order = (int)a->table->number - (int)b->table->number;
                for (size_t n = 0; !order && n < a->table->key_count; n++)
                        order = ocore__cell_compare(&a->cells[n], &b->cells[n]);
                assert_true(order < 0);
        }
}

static int hooked_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        hooked *store = self;
        void (*before)(void *user_data) = store->before;
        int status;

        store->writes++;
        store->last_count = count;
        assert_in_order(writes, count);
        store->before = NULL;
        if (before)
                before(store->user_data);
        if (store->refuse) {
                store->refuse--;
                *refusal = (ocore_refusal){.reason = OCORE_REFUSED_CONFLICT};
                return OCORE_CONFLICT;
        }
        if (store->unknown) {
                store->unknown--;
                store->refuse = store->refuse_then;
                if (!store->lose)
                        (void)store->inner.ops->write(store->inner.self, writes, count, refusal);
                if (store->reads_fail)
                        store->reads_fail = 2;
                return OCORE_UNKNOWN;
        }
        status = store->inner.ops->write(store->inner.self, writes, count, refusal);
        if (!status && store->odd_status) {
                status = (int)store->odd_status;
                store->odd_status = 0;
        }
        return status;
}

static void hooked_close(void *self)
{
        (void)self;
}

static const ocore_store_ops hooked_ops = {
        .struct_size = sizeof hooked_ops,
        .name = "hooked",
        .open = hooked_open,
        .read = hooked_read,
        .write = hooked_write,
        .close = hooked_close,
};

/* Two cores of one tenant; the second writes past the hooks. */
typedef struct pair {
        hooked store;
        test_world a, b;
} pair;

/* A balance of nothing at north: its first goods would rewrite the product. */
static inline void pair_empty(test_world *world, const char *sku)
{
        const ocore_stock_line line = {
                .sku = ocore_str_of(sku), .site = STR("north"), .quantity = test_quantity("-1")};
        const ocore_stock_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};

        shop_receive(world, sku, "north", "1");
        assert_done(world, ocore_stock_adjust(world->core, &request, NULL));
}

static inline void pair_open(pair *both, int64_t attempts_max)
{
        ocore_config config = {.tenant = 1, .attempts_max = attempts_max};

        *both = (pair){.store = {.reads = 0}};
        test_store_open(NULL, &both->store.inner);
        config.store = both->store.inner;
        test_open_with(&both->b, &config);
        config.store = (ocore_store){&hooked_ops, &both->store};
        test_open_with(&both->a, &config);
        both->b.next_id = 5000001;
        shop_site(&both->a, "north", 1);
        shop_goods(&both->a, "cup", "7.00 EUR");
        shop_goods(&both->a, "tea", "3.00 EUR");
        shop_receive(&both->a, "cup", "north", "10");
        pair_empty(&both->a, "tea");
}

static inline void pair_close(pair *both)
{
        both->store.refuse = both->store.unknown = 0;
        both->store.reads_fail = 0;
        assert_verified(&both->a);
        test_close(&both->a);
        test_close(&both->b);
        ocore_store_close(both->store.inner);
}

static inline int64_t total_of(test_world *world, ocore_id order_id)
{
        return sale_order(world, order_id)->total_minor;
}

static inline ocore_id place(test_world *world, const char *sku, const char *quantity)
{
        const ocore_id id = test_id(world->next_id);

        assert_done(world, draft_place(world, sku, quantity));
        return id;
}

static inline void put_price(test_world *world, const char *sku, const char *price)
{
        const ocore_price_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .sku = ocore_str_of(sku),
                .price = test_money(price)};

        assert_done(world, ocore_price_put(world->core, &request, NULL));
}

static inline void put_site(test_world *world, const char *site, int64_t priority, int64_t closed)
{
        const ocore_site_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .site = ocore_str_of(site),
                .priority = priority,
                .closed = closed};

        assert_done(world, ocore_site_put(world->core, &request, NULL));
}

#endif
