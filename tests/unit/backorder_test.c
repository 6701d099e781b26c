/*
 * What an order waits for: its line, its entry in the queue, the pegs of that entry and the
 * supplies behind them agree after every change (verify proves it each time), promises are given
 * back from the last on, what is made for one order is promised to that order alone, and rows that
 * cannot be right are refused.
 */
#include "buying.h"
#include "pair.h"
#include "rows.h"

#include "engine/procedure.h"
#include "order/backorder.h"

#define DAY(n) (TEST_NOW_US + (n)*TEST_DAY_US)

/* A command that does one thing to line 1 of an order. */
enum verb { UNPEG, PEG, PEG_FROM, FILL, LESS, ADD };
typedef struct act {
        size_t struct_size;
        ocore_id id;
        int64_t verb, quantity;
        ocore_id order_id;
} act;
#define NUMBER(member) OCORE__FIELD(act, member, INTEGER, 0, "of the act")
static const ocore_field act_fields[] = {
        OCORE__FIELD_KEY(act),
        NUMBER(verb),
        NUMBER(quantity),
        OCORE__FIELD(act, order_id, ID, 0, "of the act"),
};
static const ocore_record act_record = OCORE__RECORD("act", act, act_fields, 0);

/* Everything that may be promised, a piece of `quantity` of each supply, by source. */
static int peg_from(ocore__work *work, ocore__backorder_view *waits, ocore__entry *entry,
        const ocore__group *supplies, int64_t quantity)
{
        ocore__promised pieces[4];
        size_t count = 0;

        for (ocore__entry *at = ocore__first(supplies); at; at = ocore__next(at))
                pieces[count++] = (ocore__promised){at, quantity};
        return ocore__backorder_peg_from(work, waits, entry, pieces, count);
}

static int act_on(ocore__work *work, const act *now, ocore__order_view *view,
        ocore__backorder_view *waits, ocore__group *supplies, ocore__group *stock)
{
        static const ocore_backorder like = {.kind = OCORE_BACKORDER_SUPPLY, .rank = -2};
        ocore__entry *line = view->line_at[0], *entry = ocore__backorder_of(waits, 1);

        switch (now->verb) {
        case UNPEG: return ocore__backorder_unpeg(work, waits, entry);
        case PEG: return ocore__backorder_peg(work, waits, entry, supplies);
        case PEG_FROM: return peg_from(work, waits, entry, supplies, now->quantity);
        case FILL:
                return ocore__backorder_fill(work, waits, line, ocore__first(stock),
                        OCORE_BUCKET_AVAILABLE, now->quantity);
        case ADD: return ocore__backorder_add(work, waits, line, &like, now->quantity);
        default: return ocore__backorder_less(work, waits, line, now->quantity);
        }
}

/* The supplies of what an order waits for; a fetch follows. */
static int want_supplies(ocore__work *work, const ocore__backorder_view *view)
{
        int status = OCORE_OK;

        for (ocore__entry *at = ocore__first(view->backorders); at && !status;
                at = ocore__next(at)) {
                const ocore_backorder *row = ocore__row(at);
                ocore__group *supplies;

                status = ocore__want(
                        work, &ocore__supply_table, ocore__cell_text(row->sku), &supplies);
        }
        return status;
}

static int run(ocore__work *work, const void *request, const void **answer)
{
        const act *now = request;
        const ocore_cell jug = ocore__cell_text(STR("jug"));
        ocore__order_view view;
        ocore__backorder_view waits;
        ocore__group *supplies, *stock;
        const ocore_order *order;
        int64_t state;
        int status = ocore__order_want(work, now->order_id, &view);

        if (!status)
                status = ocore__backorder_want(work, now->order_id, &waits);
        if (!status)
                status = ocore__order_fetch(work, &view, OCORE_STEP_ALLOCATE, &order, &state);
        if (!status)
                status = ocore__backorder_found(work, &view, &waits);
        if (!status)
                status = want_supplies(work, &waits);
        if (!status)
                status = ocore__want(work, &ocore__supply_table, jug, &supplies);
        if (!status)
                status = ocore__want(work, &ocore__stock_table, jug, &stock);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = act_on(work, now, &view, &waits, supplies, stock);
        if (status)
                return status;
        ocore__order_touch(work, &view, OCORE_EVENT_ORDER_REALLOCATED, (ocore_str){0});
        *answer = now;
        return work->status;
}

static const ocore__procedure acting = {&act_record, &act_record, run, OCORE__COMMAND};

static int try_act(test_world *world, ocore_id order_id, int64_t verb, int64_t quantity)
{
        const act one = {.struct_size = sizeof one,
                .id = test_next_id(world),
                .verb = verb,
                .quantity = quantity,
                .order_id = order_id};
        const void *answer;

        return ocore__call(world->core, &acting, &one, &answer);
}

/* What a new order of so many would be promised, and then it is gone again. */
static int64_t next_date(test_world *world, const char *quantity)
{
        ocore_id order_id = buy_waiting(world, "jug", quantity, 0);
        int64_t expected_us = sale_order(world, order_id)->expected_us;

        sale_cancel(world, order_id, 1, NULL);
        return expected_us;
}

static void promises_follow_what_is_missing(void **state)
{
        test_world world;
        ocore_id first, second;

        (void)state;
        buy_open(&world);
        shop_receive(&world, "jug", "north", "5");
        buy(&world, "jug", "4", DAY(2));
        buy(&world, "jug", "3", DAY(1));
        first = buy_waiting(&world, "jug", "10", 7); /* 5 now, 3 of day 1, 2 of day 2 */
        assert_waits(&world, first, 5, 5, DAY(2));
        assert_number(sale_order(&world, first)->backorders[0]->rank, -7);
        assert_number(next_date(&world, "2"), DAY(2));
        assert_number(next_date(&world, "3"), 0); /* only 2 are left */
        second = buy_waiting(&world, "jug", "3", 0);
        assert_verified(&world);
        sale_cancel(&world, first, 1, "2"); /* the last promise goes first */
        assert_waits(&world, first, 5, 3, DAY(1));
        assert_number(next_date(&world, "1"), DAY(2));
        assert_waits(&world, second, 0, 3, 0); /* until it is promised anew */
        assert_done(&world, try_act(&world, second, PEG, 0));
        assert_waits(&world, second, 0, 3, DAY(2));
        sale_cancel(&world, first, 1, "4"); /* those that wait before those that are there */
        assert_waits(&world, first, 4, 0, 0);
        assert_number(shop_stock(&world, "jug", "north").available, 1);
        assert_number(next_date(&world, "4"), DAY(1));
        sale_close(&world);
}

static void promises_are_given_back_and_made_anew(void **state)
{
        test_world world;
        ocore_id order_id;

        (void)state;
        buy_open(&world);
        buy(&world, "jug", "4", DAY(1));
        buy(&world, "jug", "4", DAY(2));
        order_id = buy_waiting(&world, "jug", "6", 0);
        assert_waits(&world, order_id, 0, 6, DAY(2));
        assert_done(&world, try_act(&world, order_id, UNPEG, 0));
        assert_waits(&world, order_id, 0, 6, 0);
        assert_number(next_date(&world, "8"), DAY(2));
        assert_done(&world, try_act(&world, order_id, UNPEG, 0)); /* nothing is left to give */
        assert_done(&world, try_act(&world, order_id, PEG_FROM, 3));
        assert_waits(&world, order_id, 0, 6, DAY(2));
        assert_int_equal(try_act(&world, order_id, PEG_FROM, 1), OCORE_BUSY); /* never fits */
        assert_done(&world, try_act(&world, order_id, UNPEG, 0));
        assert_int_equal(try_act(&world, order_id, PEG_FROM, 5), OCORE_BUSY);
        assert_done(&world, try_act(&world, order_id, PEG, 0));
        assert_done(&world, try_act(&world, order_id, PEG, 0)); /* all of it is promised */
        assert_waits(&world, order_id, 0, 6, DAY(2));
        sale_close(&world);
}

static void units_come_true(void **state)
{
        test_world world;
        ocore_id order_id;
        const ocore_order *order;

        (void)state;
        buy_open(&world);
        buy(&world, "jug", "3", DAY(1));
        order_id = buy_waiting(&world, "jug", "5", 0);
        shop_receive(&world, "jug", "north", "4");
        assert_done(&world, try_act(&world, order_id, FILL, 3));
        assert_waits(&world, order_id, 3, 2, DAY(1));
        order = sale_order(&world, order_id);
        assert_number(order->lines[0]->allocations[0]->reason, OCORE_ALLOCATED_FROM_SUPPLY);
        assert_verified(&world);
        assert_refused(&world, try_act(&world, order_id, FILL, 3), OCORE_CORRUPT, "order_id");
        assert_done(&world, try_act(&world, order_id, FILL, 1));
        assert_waits(&world, order_id, 4, 1, DAY(1));
        assert_int_equal(try_act(&world, order_id, FILL, 1), OCORE_OUT_OF_STOCK);
        assert_waits(&world, order_id, 4, 1, DAY(1));
        assert_refused(&world, try_act(&world, order_id, LESS, 2), OCORE_CORRUPT, "order_id");
        sale_cancel(&world, order_id, 1, NULL);
        assert_number(shop_stock(&world, "jug", "north").available, 4);
        assert_number(next_date(&world, "7"), DAY(1)); /* 4 are there, 3 come */
        sale_close(&world);
}

/* What is sent or made for one order is promised from what was ordered for it, and from nothing
 * else: neither before that is drawn up, nor to anyone else. */
static void what_is_made_for_one_order_is_promised_to_it_alone(void **state)
{
        static const char *const skus[] = {"box", "desk"};
        test_world world;

        (void)state;
        for (size_t i = 0; i < 2; i++) {
                ocore_id order_id, other;
                const ocore_purchase_set *set;

                buy_open(&world);
                buy(&world, skus[i], "9", DAY(1)); /* for stock */
                order_id = buy_waiting(&world, skus[i], "2", 0);
                other = buy_waiting(&world, skus[i], "1", 0);
                assert_waits(&world, order_id, 0, 2, 0);
                set = buy_arrange(&world, order_id, "north");
                assert_int_equal(set->purchase_count, 1);
                buy_step(&world, ocore_purchase_send, set->purchases[0]->id);
                assert_done(&world, try_act(&world, order_id, PEG, 0));
                assert_true(sale_order(&world, order_id)->expected_us > DAY(1));
                assert_done(&world, try_act(&world, other, PEG, 0));
                assert_waits(&world, other, 0, 1, 0);
                sale_cancel(&world, order_id, 1, NULL);
                sale_close(&world);
        }
}

static void a_preorder_is_not_expected_before_its_release(void **state)
{
        test_world world;
        ocore_id order_id;

        (void)state;
        buy_open(&world);
        buy_goods(&world, (buy_product){"book", OCORE_SHORT_BACKORDER, "acme", 0, 0, DAY(9)});
        buy(&world, "book", "2", DAY(3));
        order_id = buy_waiting(&world, "book", "2", 0);
        assert_waits(&world, order_id, 0, 2, DAY(9));
        assert_number(sale_order(&world, order_id)->backorders[0]->kind, OCORE_BACKORDER_PREORDER);
        sale_close(&world);
}

enum {
        NOTHING,
        NO_ENTRY,
        QUANTITY,
        NEGATIVE,
        SKU,
        SCALE,
        NO_LINE,
        PEG_ABOVE,
        PEG_NEGATIVE,
        PEG_EDGE,
        PEG_SKU,
        PEG_NO_LINE,
        PEG_NO_SUPPLY,
        PEG_NO_SUPPLY_BEHIND,
        CASES
};

static void make_wrong(ocore_backorder *row, ocore__peg *pegs, int wrong)
{
        switch (wrong) {
        case QUANTITY: row->quantity = 4; break;
        case NEGATIVE: row->quantity = -5; break;
        case SKU: row->sku = STR("tea"); break;
        case SCALE: row->scale = 1; break;
        case NO_LINE: row->line = INT64_MAX; break;
        case PEG_ABOVE: pegs[1].quantity = 3; break;
        case PEG_NEGATIVE: pegs[1].quantity = -1; break;
        case PEG_EDGE: pegs[1].quantity = INT64_MAX; break;
        case PEG_SKU: pegs[1].sku = STR("tea"); break;
        case PEG_NO_LINE: pegs[1].line = 2; break;
        case PEG_NO_SUPPLY: pegs[0].source_id = test_id(0); break;
        case PEG_NO_SUPPLY_BEHIND: pegs[1].number = 3; break;
        default: break;
        }
}

/* Rows that a hostile store might tell: refused, never computed with. */
static void rows_that_cannot_be_right_are_corrupt(void **state)
{
        ocore_supply supply = {.sku = STR("jug"),
                .source_id = test_id(1),
                .source = OCORE_SOURCE_PURCHASE,
                .site = STR("north"),
                .due_us = DAY(1),
                .expected = 9};
        test_world world;

        (void)state;
        buy_open(&world);
        for (supply.number = 1; supply.number <= 2; supply.number++)
                test_insert(&world, &ocore__supply_table, &supply);
        for (int i = 0; i < CASES; i++) {
                const ocore_order order = {.id = test_id(100 + i),
                        .state = OCORE_ORDER_CONFIRMED,
                        .currency = STR("EUR"),
                        .version = 1,
                        .event_count = 1};
                const ocore_order_line line = {.order_id = order.id,
                        .number = 1,
                        .sku = STR("jug"),
                        .kind = OCORE_PRODUCT_GOODS,
                        .quantity = 5,
                        .backordered = 5};
                ocore_backorder row = {
                        .order_id = order.id, .line = 1, .sku = STR("jug"), .quantity = 5};
                ocore__peg pegs[] = {{order.id, 1, test_id(1), 1, STR("jug"), 0, 3},
                        {order.id, 1, test_id(1), 2, STR("jug"), 0, 2}};

                make_wrong(&row, pegs, i);
                test_insert(&world, &ocore__order_table, &order);
                test_insert(&world, &ocore__order_line_table, &line);
                if (i != NO_ENTRY)
                        test_insert(&world, &ocore__backorder_table, &row);
                test_insert(&world, &ocore__peg_table, &pegs[0]);
                test_insert(&world, &ocore__peg_table, &pegs[1]);
                if (i == NOTHING)
                        assert_done(&world, try_act(&world, order.id, LESS, 5));
                else /* what no column may hold is refused before the room sees it */
                        assert_refused(&world, try_act(&world, order.id, LESS, 5), OCORE_CORRUPT,
                                i == NEGATIVE || i == PEG_NEGATIVE ? "" : "order_id");
        }
        test_close(&world);
}

/* Another core is faster: an order, and what is promised of one purchase order. */
typedef struct race {
        pair both;
        ocore_id order_id, purchase_id;
} race;

static void race_open(race *self)
{
        pair_open(&self->both, 0);
        buy_supplier(&self->both.b, "acme", 0, 0);
        buy_goods(&self->both.b, (buy_product){"jug", OCORE_SHORT_BACKORDER, "acme", 0, 0, 0});
}

/* In a unit the supplies were read before there was one that the order was then promised. */
static void a_supply_that_was_not_seen_gets_its_promise_back(void **state)
{
        race self;
        test_world *a = &self.both.a, *b = &self.both.b;
        const ocore_promise_run_request anew = {
                .struct_size = sizeof anew, .id = test_id(77), .sku = STR("jug")};
        ocore_order_cancel_request cancel = {.struct_size = sizeof cancel};
        ocore_id other;

        (void)state;
        race_open(&self);
        self.order_id = buy_waiting(b, "jug", "5", 1);
        other = buy_waiting(b, "jug", "1", 0);
        assert_done(a, ocore_unit_begin(a->core));
        sale_cancel(a, other, 1, NULL);
        buy(b, "jug", "5", DAY(1));
        assert_done(b, ocore_promise_run_queue(b->core, &anew, NULL));
        assert_waits(b, self.order_id, 0, 5, DAY(1));
        cancel.id = test_next_id(a);
        cancel.order_id = self.order_id;
        assert_int_equal(ocore_order_cancel(a->core, &cancel, NULL), OCORE_BUSY);
        (void)ocore_unit_cancel(a->core);
        assert_done(a, ocore_order_cancel(a->core, &cancel, NULL));
        assert_number(next_date(b, "5"), DAY(1));
        pair_close(&self.both);
}

static void confirm_later(void *user_data)
{
        race *self = user_data;

        buy_confirm(&self->both.b, self->purchase_id, "9", DAY(30));
}

/* The supplier moves a date while it is promised, or while what is left of a promise is dated. */
static void a_date_is_promised_only_while_it_stands(void **state)
{
        (void)state;
        for (int verb = UNPEG; verb <= ADD; verb++) {
                race self;
                test_world *a = &self.both.a;
                int64_t missing = 5;

                if (verb == FILL)
                        continue; /* that is as LESS */
                race_open(&self);
                self.purchase_id = buy(a, "jug", "9", DAY(1));
                self.order_id = buy_waiting(a, "jug", "5", 0);
                assert_waits(a, self.order_id, 0, 5, DAY(1));
                if (verb == PEG || verb == PEG_FROM)
                        assert_done(a, try_act(a, self.order_id, UNPEG, 0));
                self.both.store.before = confirm_later;
                self.both.store.user_data = &self;
                if (verb == LESS)
                        sale_cancel(a, self.order_id, 1, "1");
                else if (verb == ADD)
                        self.order_id = buy_waiting(a, "jug", "4", 0);
                else
                        assert_done(a, try_act(a, self.order_id, verb, 5));
                assert_null(self.both.store.before);
                missing -= verb == LESS || verb == ADD;
                assert_waits(a, self.order_id, 0, missing, verb == UNPEG ? 0 : DAY(30));
                pair_close(&self.both);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(promises_follow_what_is_missing),
                cmocka_unit_test(promises_are_given_back_and_made_anew),
                cmocka_unit_test(units_come_true),
                cmocka_unit_test(what_is_made_for_one_order_is_promised_to_it_alone),
                cmocka_unit_test(a_preorder_is_not_expected_before_its_release),
                cmocka_unit_test(rows_that_cannot_be_right_are_corrupt),
                cmocka_unit_test(a_supply_that_was_not_seen_gets_its_promise_back),
                cmocka_unit_test(a_date_is_promised_only_while_it_stands),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
