/*
 * The steps of a purchase order without goods: every step in every state; supply that rises, falls
 * and moves with what the supplier says; and orders that were promised it, promised anew and told.
 */
#include "buying.h"
#include "pair.h"

#include "engine/procedure.h"
#include "order/order_room.h"
#include "supply/supply.h"

#define DAY TEST_DAY_US

/* The events of anything that has a timeline of its own are counted by it. */
static void sending_makes_it_supply(void **state)
{
        const buy_line wishes[] = {{"jug", "10", 0}, {"jug", "4", TEST_NOW_US + DAY}};
        const ocore_purchase *purchase;
        ocore_id id;
        test_world world;

        (void)state;
        buy_open(&world);
        id = buy_propose(&world, wishes, 2);
        assert_number(shop_stock(&world, "jug", "north").incoming, 0);
        world.now_us += TEST_HOUR_US;
        purchase = buy_step(&world, ocore_purchase_send, id);
        assert_number(purchase->state, OCORE_PURCHASE_SENT);
        assert_number(purchase->sent_us, world.now_us);
        assert_number(purchase->event_count, 2);
        assert_number(purchase->lines[0]->due_us, world.now_us + 3 * DAY);
        assert_number(purchase->lines[1]->due_us, TEST_NOW_US + DAY);
        assert_number(shop_stock(&world, "jug", "north").incoming, 14);
        assert_number(shop_stock(&world, "jug", "north").available, 0);
        sale_close(&world);
}

/* The product's own lead time counts before the supplier's. */
static void the_lead_time_of_the_product_counts_first(void **state)
{
        ocore_id id;
        test_world world;

        (void)state;
        buy_open(&world);
        buy_goods(&world, (buy_product){"pan", 0, "acme", 9 * DAY, 0, 0});
        id = buy(&world, "pan", "1", 0);
        assert_number(buy_look(&world, id)->lines[0]->due_us, TEST_NOW_US + 9 * DAY);
        sale_close(&world);
}

/* A purchase order of two jugs in a state. */
static ocore_id bring_to(test_world *world, int64_t state)
{
        const buy_line line = {"jug", "2", 0};
        ocore_id id = buy_propose(world, &line, 1);

        if (state != OCORE_PURCHASE_PROPOSED && state != OCORE_PURCHASE_CANCELLED)
                buy_step(world, ocore_purchase_send, id);
        if (state == OCORE_PURCHASE_CONFIRMED)
                buy_confirm(world, id, "2", 0);
        if (state == OCORE_PURCHASE_RECEIVING)
                buy_receive(world, id, "1");
        if (state == OCORE_PURCHASE_CLOSED)
                buy_step(world, ocore_purchase_close, id);
        if (state == OCORE_PURCHASE_CANCELLED)
                buy_step(world, ocore_purchase_cancel, id);
        assert_number(buy_look(world, id)->state, state);
        return id;
}

static int try_step(test_world *world, int64_t step, ocore_id id, const ocore_purchase **out)
{
        switch (step) {
        case OCORE_PURCHASE_STEP_SEND: return buy_try(world, ocore_purchase_send, id, out);
        case OCORE_PURCHASE_STEP_CONFIRM: return buy_try_confirm(world, id, NULL, 0, out);
        case OCORE_PURCHASE_STEP_RECEIVE: return buy_try_receive(world, id, NULL, 0, 0, out);
        case OCORE_PURCHASE_STEP_CLOSE: return buy_try(world, ocore_purchase_close, id, out);
        default: return buy_try(world, ocore_purchase_cancel, id, out);
        }
}

/* The picture of the table that purchase_rules_test.c has too, walked by commands; receiving all
 * that is expected finishes it. */
static void every_step_in_every_state(void **state)
{
        static const char letters[] = "?PSCRFX";
        static const char *const table[] = {
                NULL, "S...X", ".CFFX", ".CFFX", ".RFF.", ".....", "....."};
        static const int64_t steps[] = {OCORE_PURCHASE_STEP_SEND, OCORE_PURCHASE_STEP_CONFIRM,
                OCORE_PURCHASE_STEP_RECEIVE, OCORE_PURCHASE_STEP_CLOSE, OCORE_PURCHASE_STEP_CANCEL};
        const ocore_purchase *purchase;
        test_world world;

        (void)state;
        buy_open(&world);
        for (int64_t from = OCORE_PURCHASE_PROPOSED; from <= OCORE_PURCHASE_CANCELLED; from++)
                for (size_t i = 0; i < 5; i++) {
                        ocore_id id = bring_to(&world, from);
                        int64_t events = buy_look(&world, id)->event_count;
                        char wanted = table[from][i];

                        if (wanted == '.') {
                                assert_refused(&world, try_step(&world, steps[i], id, &purchase),
                                        OCORE_STATE, "purchase_id");
                                assert_number(buy_look(&world, id)->event_count, events);
                        } else {
                                assert_done(&world, try_step(&world, steps[i], id, &purchase));
                                assert_int_equal(letters[purchase->state], wanted);
                                assert_true(purchase->event_count > events);
                                assert_int_equal(
                                        purchase->closed_us != 0, wanted == 'F' || wanted == 'X');
                        }
                        buy_try(&world, ocore_purchase_close, id, NULL); /* nothing is left open */
                        buy_try(&world, ocore_purchase_cancel, id, NULL);
                }
        assert_number(shop_stock(&world, "jug", "north").incoming, 0);
        assert_refused(&world, buy_try(&world, ocore_purchase_send, test_id(3), NULL),
                OCORE_NOT_FOUND, "purchase_id");
        sale_close(&world);
}

/* More, less, none, later: what is incoming follows, and the line keeps what was confirmed. */
static void the_supplier_answers(void **state)
{
        const buy_line wishes[] = {{"jug", "10", 0}, {"tea", "5", 0}};
        ocore_purchase_confirm_line lines[2] = {{1, {12, 0, 0}, 0}, {2, {0, 0, 0}, 0}};
        const ocore_purchase *purchase;
        ocore_id id;
        test_world world;

        (void)state;
        buy_open(&world);
        id = buy_propose(&world, wishes, 2);
        buy_step(&world, ocore_purchase_send, id);
        assert_done(&world, buy_try_confirm(&world, id, lines, 2, &purchase));
        assert_number(purchase->state, OCORE_PURCHASE_CONFIRMED);
        assert_text(purchase->reference, "A-17");
        assert_number(purchase->lines[0]->quantity, 12);
        assert_number(purchase->lines[0]->due_us, TEST_NOW_US + 3 * DAY);
        assert_number(purchase->lines[1]->quantity, 0);
        assert_number(shop_stock(&world, "jug", "north").incoming, 12);
        assert_number(shop_stock(&world, "tea", "north").incoming, 0);
        lines[0] = (ocore_purchase_confirm_line){2, {3, 0, 0}, TEST_NOW_US + 8 * DAY};
        assert_done(&world, buy_try_confirm(&world, id, lines, 1, &purchase)); /* after all */
        assert_number(purchase->lines[1]->quantity, 3);
        assert_number(purchase->lines[1]->due_us, TEST_NOW_US + 8 * DAY);
        assert_number(shop_stock(&world, "tea", "north").incoming, 3);
        assert_verified(&world);
        buy_receive(&world, id, "4");
        purchase = buy_confirm(&world, id, "4", 0); /* no more of line 1 than has come */
        assert_number(purchase->state, OCORE_PURCHASE_RECEIVING);
        assert_number(shop_stock(&world, "jug", "north").incoming, 0);
        lines[0] = (ocore_purchase_confirm_line){2, {0, 0, 0}, 0};
        assert_done(&world, buy_try_confirm(&world, id, lines, 1, &purchase));
        assert_number(purchase->state, OCORE_PURCHASE_CLOSED); /* nothing more comes */
        assert_number(purchase->closed_us, world.now_us);
        assert_number(shop_stock(&world, "tea", "north").incoming, 0);
        sale_close(&world);
}

static void wrong_answers_are_refused(void **state)
{
        static const struct {
                ocore_purchase_confirm_line lines[2];
                size_t count;
                int status;
                const char *field;
        } cases[] = {
                {{{0, {1, 0, 0}, 0}}, 1, OCORE_INVALID, "lines[0].number"},
                {{{-1, {1, 0, 0}, 0}}, 1, OCORE_INVALID, "lines[0].number"},
                {{{2, {1, 0, 0}, 0}}, 1, OCORE_NOT_FOUND, "lines[0].number"},
                {{{1, {5, 0, 0}, 0}, {1, {6, 0, 0}, 0}}, 2, OCORE_INVALID, "lines[1].number"},
                {{{1, {-1, 0, 0}, 0}}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{{1, {15, 1, 0}, 0}}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{{1, {2, 0, 0}, 0}}, 1, OCORE_INVALID, "lines[0].quantity"}, /* 3 have come */
                {{{1, {9, 0, 0}, -1}}, 1, OCORE_INVALID, "lines[0].due_us"},
                {{{1, {INT64_MAX, 0, 0}, 0}}, 1, OCORE_OVERFLOW, "lines"},
        };
        const ocore_purchase *purchase;
        ocore_id id;
        test_world world;

        (void)state;
        buy_open(&world);
        id = buy(&world, "jug", "10", 0);
        buy(&world, "jug", "10", 0);
        buy_receive(&world, id, "3");
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                assert_refused(&world,
                        buy_try_confirm(&world, id, cases[i].lines, cases[i].count, &purchase),
                        cases[i].status, cases[i].field);
                assert_null(purchase);
        }
        assert_number(buy_look(&world, id)->lines[0]->quantity, 10);
        assert_number(shop_stock(&world, "jug", "north").incoming, 17);
        sale_close(&world);
}

/*
 * Two supplies, 5 jugs on day 2 and 5 on day 6; an order for 4 is promised the first, one for 5 (4
 * of which day 6 brings) the rest. What the supplier then says of the first moves both dates.
 */
static void orders_are_promised_anew(void **state)
{
        static const struct {
                const char *quantity;  /* confirmed of the first supply; NULL: it is closed */
                int64_t due;           /* in days */
                int64_t first, second; /* expected afterwards, in days; 0: nobody knows */
                int told_first, told_second;
        } cases[] = {
                {"5", 2, 2, 6, 0, 0}, /* as it was */
                {"5", 3, 3, 6, 1, 0}, /* later */
                {"5", 1, 1, 6, 1, 0}, /* sooner */
                {"5", 8, 6, 8, 1, 1}, /* behind the other: the first in line is served first */
                {"4", 2, 2, 6, 0, 0}, /* the second loses one, and there is one left on day 6 */
                {"3", 2, 6, 0, 1, 1}, /* 3 on day 2 and 5 on day 6, for 9 */
                {"9", 2, 2, 6, 0, 0}, /* nobody is promised better by this alone */
                {NULL, 0, 6, 0, 1, 1},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                ocore_id supply, first, second;
                int64_t events[2];
                test_world world;

                buy_open(&world);
                supply = buy(&world, "jug", "5", TEST_NOW_US + 2 * DAY);
                buy(&world, "jug", "5", TEST_NOW_US + 6 * DAY);
                first = buy_waiting(&world, "jug", "4", 2);
                second = buy_waiting(&world, "jug", "5", 1);
                assert_waits(&world, first, 0, 4, TEST_NOW_US + 2 * DAY);
                assert_waits(&world, second, 0, 5, TEST_NOW_US + 6 * DAY);
                events[0] = sale_order(&world, first)->event_count;
                events[1] = sale_order(&world, second)->event_count;
                if (cases[i].quantity)
                        buy_confirm(&world, supply, cases[i].quantity,
                                TEST_NOW_US + cases[i].due * DAY);
                else
                        buy_step(&world, ocore_purchase_close, supply);
                assert_waits(&world, first, 0, 4,
                        cases[i].first ? TEST_NOW_US + cases[i].first * DAY : 0);
                assert_waits(&world, second, 0, 5,
                        cases[i].second ? TEST_NOW_US + cases[i].second * DAY : 0);
                assert_number(
                        sale_order(&world, first)->event_count - events[0], cases[i].told_first);
                assert_number(
                        sale_order(&world, second)->event_count - events[1], cases[i].told_second);
                if (cases[i].told_first)
                        assert_number(
                                sale_event(&world, first, 0).kind, OCORE_EVENT_PROMISE_CHANGED);
                sale_close(&world);
        }
}

/* A step under the same id is the same step; another content is told apart. */
static void a_repeated_step_is_the_same(void **state)
{
        ocore_purchase_step_request request = {.struct_size = sizeof request, .reason = STR("why")};
        const buy_line line = {"jug", "2", 0};
        const ocore_purchase *purchase;
        test_world world;

        (void)state;
        buy_open(&world);
        request.id = test_next_id(&world);
        request.purchase_id = buy_propose(&world, &line, 1);
        assert_done(&world, ocore_purchase_send(world.core, &request, &purchase));
        assert_status(&world, ocore_purchase_send(world.core, &request, &purchase), OCORE_ALREADY);
        assert_number(purchase->state, OCORE_PURCHASE_SENT);
        request.reason = STR("else");
        assert_status(
                &world, ocore_purchase_send(world.core, &request, &purchase), OCORE_ID_REUSED);
        request.reason = STR("why");
        assert_status(
                &world, ocore_purchase_close(world.core, &request, &purchase), OCORE_ID_REUSED);
        assert_number(shop_stock(&world, "jug", "north").incoming, 2);
        sale_close(&world);
}

/* The supplier is told that it is sent or called off; nobody that it was only thought of. */
static int count_told(void *user_data, const ocore_effect *effect)
{
        int64_t *told = user_data;

        told[effect->kind]++;
        return OCORE_OK;
}

static void the_world_is_told(void **state)
{
        int64_t told[128] = {0};
        const ocore_config config = {.tell = count_told, .tell_data = told};
        test_world world;
        const buy_line line = {"jug", "2", 0};
        ocore_id id;

        (void)state;
        test_open_with(&world, &config);
        shop_site(&world, "north", 1);
        buy_supplier(&world, "acme", DAY, 0);
        buy_goods(&world, (buy_product){"jug", OCORE_SHORT_BACKORDER, "acme", 0, 0, 0});
        id = buy_propose(&world, &line, 1);
        assert_status(&world, ocore_pump(world.core, 0, NULL), OCORE_DONE);
        assert_number(told[OCORE_EVENT_PURCHASE_PROPOSED], 0);
        buy_step(&world, ocore_purchase_send, id);
        buy_step(&world, ocore_purchase_cancel, id);
        assert_status(&world, ocore_pump(world.core, 0, NULL), OCORE_DONE);
        assert_number(told[OCORE_EVENT_PURCHASE_SENT], 1);
        assert_number(told[OCORE_EVENT_PURCHASE_CANCELLED], 1);
        assert_number(told[OCORE_EVENT_PURCHASE_PROPOSED], 0);
        sale_close(&world);
}

/* A line of a purchase order shrinks to 5, as if its order had begun to wait for more since. */
typedef struct shrinking {
        size_t struct_size;
        ocore_id id, order_id, purchase_id;
} shrinking;
static const ocore_field shrink_fields[] = {
        OCORE__FIELD_KEY(shrinking),
        OCORE__FIELD(shrinking, order_id, ID, 0, "of which order"),
        OCORE__FIELD(shrinking, purchase_id, ID, 0, "of which purchase order"),
};
static const ocore_record shrink_record = OCORE__RECORD("shrink", shrinking, shrink_fields, 0);

static int shrink(ocore__work *work, const void *request, const void **answer)
{
        const shrinking *now = request;
        ocore__order_view view;
        ocore__group *lines;
        const ocore_order *order;
        ocore_purchase_line *line;
        int64_t state;
        int status = ocore__order_want(work, now->order_id, &view);

        if (!status)
                status = ocore__want(work, &ocore__purchase_line_table,
                        ocore__cell_id(now->purchase_id), &lines);
        if (!status)
                status = ocore__order_fetch(work, &view, OCORE_STEP_ALLOCATE, &order, &state);
        if (status)
                return status;
        line = ocore__edit(work, ocore__first(lines));
        line->quantity = 5;
        ocore__order_touch(work, &view, OCORE_EVENT_ORDER_REALLOCATED, (ocore_str){0});
        *answer = now;
        return work->status;
}

typedef struct sending {
        pair both;
        ocore_id order_id;
} sending;

static void cancel_eight(void *user_data)
{
        sending *self = user_data;

        sale_cancel(&self->both.b, self->order_id, 1, "8");
}

/* Half of what an order waits for is promised, without a date; another core cancels most of it
 * right before that is written. */
static void a_promise_without_a_date_rests_on_its_order(void **state)
{
        static const ocore__procedure shrinks = {
                &shrink_record, &shrink_record, shrink, OCORE__COMMAND};
        shrinking less = {.struct_size = sizeof less};
        const ocore_purchase *sent;
        const void *answer;
        sending self;
        test_world *a = &self.both.a, *b = &self.both.b;

        (void)state;
        pair_open(&self.both, 0);
        buy_goods(b, (buy_product){"desk", OCORE_SHORT_MAKE_TO_ORDER, NULL, 5 * DAY, 0, 0});
        self.order_id = less.order_id = buy_waiting(b, "desk", "10", 0);
        less.purchase_id = buy_arrange(b, self.order_id, "north")->purchases[0]->id;
        less.id = test_next_id(b);
        assert_done(b, ocore__call(b->core, &shrinks, &less, &answer));
        self.both.store.before = cancel_eight;
        self.both.store.user_data = &self;
        assert_done(a, buy_try(a, ocore_purchase_send, less.purchase_id, &sent));
        assert_null(self.both.store.before);
        assert_waits(a, self.order_id, 0, 2, sent->lines[0]->due_us);
        pair_close(&self.both);
}

static void promise_jugs(void *user_data)
{
        sending *self = user_data;
        const ocore_promise_run_request request = {.struct_size = sizeof request,
                .id = test_next_id(&self->both.b),
                .sku = STR("jug")};

        assert_done(&self->both.b, ocore_promise_run_queue(self->both.b.core, &request, NULL));
}

/* The other way round: half of what an order waits for is promised, still without a date, right
 * before its cancelling is written. What was promised is given back with it. */
static void cancelling_gives_back_what_was_promised_just_now(void **state)
{
        sending self;
        test_world *a = &self.both.a, *b = &self.both.b;

        (void)state;
        pair_open(&self.both, 0);
        buy_supplier(b, "acme", 0, 0);
        buy_goods(b, (buy_product){.sku = "jug", .short_action = OCORE_SHORT_BACKORDER});
        self.order_id = buy_waiting(b, "jug", "10", 0);
        buy(b, "jug", "5", b->now_us + 3 * DAY);
        self.both.store.before = promise_jugs;
        self.both.store.user_data = &self;
        sale_cancel(a, self.order_id, 1, "8");
        assert_null(self.both.store.before);
        assert_waits(a, self.order_id, 0, 2, b->now_us + 3 * DAY);
        assert_verified(a);
        pair_close(&self.both);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(sending_makes_it_supply),
                cmocka_unit_test(the_lead_time_of_the_product_counts_first),
                cmocka_unit_test(every_step_in_every_state),
                cmocka_unit_test(the_supplier_answers),
                cmocka_unit_test(wrong_answers_are_refused),
                cmocka_unit_test(orders_are_promised_anew),
                cmocka_unit_test(a_promise_without_a_date_rests_on_its_order),
                cmocka_unit_test(cancelling_gives_back_what_was_promised_just_now),
                cmocka_unit_test(a_repeated_step_is_the_same),
                cmocka_unit_test(the_world_is_told),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
