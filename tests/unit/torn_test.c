/*
 * Rows of different reads: whatever another core does to an order between any two reads of a
 * command, the command is decided anew on rows that fit each other, and never takes what it saw for
 * a broken store; rows that never fit are called what they are.
 */
#include "buying.h"
#include "pair.h"

#include "catalog/catalog.h"
#include "engine/procedure.h"

enum verb { LOOK, CANCEL, REALLOCATE, SHORT, RECEIVE, VERBS };

/* An order of five jugs, three of them expected; what b does to it meanwhile. */
typedef struct meeting {
        pair both;
        ocore_id order_id, purchase_id, list_id;
        int deed;
} meeting;

static int try_cancel(test_world *world, ocore_id order_id, const char *quantity)
{
        const ocore_line_quantity some = {1, test_quantity(quantity)};
        const ocore_order_cancel_request request = {.struct_size = sizeof request,
                .id = test_next_id(world),
                .order_id = order_id,
                .lines = &some,
                .line_count = 1,
                .line_stride = sizeof some};

        return ocore_order_cancel(world->core, &request, NULL);
}

static int try_again(test_world *world, ocore_id order_id)
{
        const ocore_order_reallocate_request request = {
                .struct_size = sizeof request, .id = test_next_id(world), .order_id = order_id};

        return ocore_order_reallocate(world->core, &request, NULL);
}

/* What the other core does: cancels some that wait, takes goods in for them, or cancels all. */
static void interfere(void *user_data)
{
        meeting *self = user_data;
        test_world *b = &self->both.b;
        int status = OCORE_OK;

        switch (self->deed) {
        case 0: status = try_cancel(b, self->order_id, "2"); break;
        case 1: buy_receive(b, self->purchase_id, "2"); break;
        default: status = try_cancel(b, self->order_id, "4"); break;
        }
        assert_true(status == OCORE_OK || status == OCORE_STATE);
}

static int act(meeting *self, int verb)
{
        test_world *a = &self->both.a;
        const ocore_order_key key = {.struct_size = sizeof key, .order_id = self->order_id};
        const ocore_fulfillment_short_line line = {1, {1, 0, 0}};
        const ocore_fulfillment_short_request missing = {.struct_size = sizeof missing,
                .id = test_next_id(a),
                .fulfillment_id = self->list_id,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_purchase_receive_line goods = {.number = 1, .quantity = {1, 0, 0}};
        const ocore_order *order;
        int64_t waits = 0;
        int status;

        switch (verb) {
        case LOOK:
                status = ocore_order_get(a->core, &key, &order);
                for (size_t i = 0; !status && i < order->backorder_count; i++)
                        waits += order->backorders[i]->quantity;
                if (!status)
                        assert_number(order->lines[0]->backordered, waits);
                return status;
        case CANCEL: return try_cancel(a, self->order_id, "1");
        case REALLOCATE: return try_again(a, self->order_id);
        case SHORT: return ocore_fulfillment_short(a->core, &missing, NULL);
        default: return buy_try_receive(a, self->purchase_id, &goods, 1, 0, NULL);
        }
}

static void meet(meeting *self)
{
        const ocore_line_quantity some = {1, {1, 0, 0}};
        ocore_fulfillment_request list = {.struct_size = sizeof list,
                .lines = &some,
                .line_count = 1,
                .line_stride = sizeof some};
        test_world *a = &self->both.a;

        pair_open(&self->both, 0);
        buy_supplier(a, "acme", TEST_DAY_US, 0);
        buy_goods(a, (buy_product){"jug", OCORE_SHORT_BACKORDER, "acme", 0, 0, 0});
        shop_receive(a, "jug", "north", "2");
        self->purchase_id = buy(a, "jug", "3", 0);
        self->order_id = buy_waiting(a, "jug", "5", 0);
        sale_confirm(a, self->order_id);
        list.id = self->list_id = test_next_id(a);
        list.order_id = self->order_id;
        assert_done(a, ocore_fulfillment_create(a->core, &list, NULL));
}

static void what_others_do_between_two_reads_is_seen(void **state)
{
        meeting self;

        (void)state;
        for (int verb = LOOK; verb < VERBS; verb++)
                for (int deed = 0; deed < 3; deed++)
                        for (int64_t at = 1, met = 1; met && at < 20; at++) {
                                int status;

                                meet(&self);
                                self.deed = deed;
                                self.both.store.between = interfere;
                                self.both.store.between_at = self.both.store.reads + at;
                                self.both.store.user_data = &self;
                                status = act(&self, verb);
                                met = !self.both.store.between;
                                assert_true(status == OCORE_OK || status == OCORE_STATE ||
                                            status == OCORE_INVALID);
                                self.both.store.between = NULL;
                                pair_close(&self.both);
                        }
}

/* A question whose rows never fit each other, and how often it was asked. */
static int64_t asked;

static int never_fits(ocore__work *work, const void *request, const void **answer)
{
        asked++;
        *answer = request;
        return ocore__torn(work, "order_id", "line %d cannot be right", &asked);
}

static void rows_that_never_fit_are_corrupt(void **state)
{
        static const ocore__procedure asking = {
                &ocore__empty_record, &ocore__empty_record, never_fits, 0};
        const ocore_empty_request request = {.struct_size = sizeof request};
        const ocore_config config = {.tenant = 1, .attempts_max = 5};
        const void *answer;
        test_world world;

        (void)state;
        test_open_with(&world, &config);
        asked = 0;
        assert_refused(&world, ocore__call(world.core, &asking, &request, &answer), OCORE_CORRUPT,
                "order_id");
        assert_number(asked, 5);
        assert_text(ocore_last_error(world.core)->message, "line 5 cannot be right");
        assert_int_equal(ocore_error_count(world.core), 1);
        /* In a unit nobody can look again: it is given up, and carried out anew. */
        assert_done(&world, ocore_unit_begin(world.core));
        assert_int_equal(ocore__call(world.core, &asking, &request, &answer), OCORE_BUSY);
        assert_done(&world, ocore_unit_cancel(world.core));
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_others_do_between_two_reads_is_seen),
                cmocka_unit_test(rows_that_never_fit_are_corrupt),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
