/*
 * Looking at orders: by id and by number, in pages whole and by customer, the timeline without
 * gaps, the steps that come next; and rows of an order that no library wrote, which are corrupt
 * before anything is computed from them.
 */
#include "draft.h"
#include "rows.h"

#include "order/order_room.h"

static void orders_are_found_by_id_and_number(void **state)
{
        const ocore_draft_line line = line_of("cup", "1");
        ocore_order_key key = {.struct_size = sizeof key};
        ocore_order_draft draft;
        const ocore_order *order;
        const ocore_party *party;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, &line, 1);
        draft.number = STR("A-1");
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        assert_refused(
                &world, ocore_order_get(world.core, &key, &order), OCORE_INVALID, "order_id");
        key.number = STR("A-1");
        assert_done(&world, ocore_order_get(world.core, &key, &order));
        assert_same_id(order->id, draft.id);
        key.number = STR("A-10");
        assert_refused(
                &world, ocore_order_get(world.core, &key, &order), OCORE_NOT_FOUND, "number");
        assert_null(order);
        key.order_id = draft.id; /* goes before the number */
        assert_done(&world, ocore_order_get(world.core, &key, &order));
        assert_refused(
                &world, ocore_order_party(world.core, &key, &party), OCORE_NOT_FOUND, "order_id");
        assert_null(party);
        key.order_id = test_id(5);
        assert_refused(
                &world, ocore_order_get(world.core, &key, &order), OCORE_NOT_FOUND, "order_id");
        sale_close(&world);
}

/* Seven orders of two customers and none, in pages of every size. */
static void pages_hold_each_order_once(void **state)
{
        static const char *const customers[] = {"b", "a", "", "b", "ab", "b", "a"};
        ocore_id ids[7];
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < 7; i++) {
                const ocore_draft_line line = line_of("tea", "1");
                ocore_order_draft draft = draft_of(&world, &line, 1);

                draft.customer = ocore_str_of(customers[i]);
                ids[i] = draft.id;
                assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        }
        for (int64_t limit = 1; limit <= 8; limit++)
                for (size_t c = 0; c < 4; c++) {
                        const char *const customer = (const char *[]){"", "a", "b", "none"}[c];
                        ocore_order_list_request request = {.struct_size = sizeof request,
                                .customer = ocore_str_of(customer),
                                .limit = limit};
                        const ocore_order_list *list;
                        size_t at = 0;

                        do {
                                assert_done(
                                        &world, ocore_order_list_page(world.core, &request, &list));
                                assert_true(list->order_count <= (size_t)limit);
                                for (size_t n = 0; n < list->order_count; n++, at++) {
                                        while (at < 7 && *customer &&
                                                strcmp(customers[at], customer))
                                                at++;
                                        assert_true(at < 7);
                                        assert_same_id(list->orders[n]->id, ids[at]);
                                        assert_number(list->orders[n]->total_minor, 333);
                                }
                                request.after = list->next;
                        } while (memcmp(request.after.bytes, (ocore_id){{0}}.bytes, 16));
                        while (at < 7 && *customer && strcmp(customers[at], customer))
                                at++;
                        assert_int_equal(at, 7);
                }
        {
                const ocore_order_list_request request = {
                        .struct_size = sizeof request, .limit = 1001};

                assert_refused(&world, ocore_order_list_page(world.core, &request, NULL),
                        OCORE_LIMIT, "limit");
        }
        sale_close(&world);
}

static void a_timeline_has_no_gaps(void **state)
{
        static const int64_t kinds[] = {OCORE_EVENT_ORDER_SAVED, OCORE_EVENT_ORDER_PLACED,
                OCORE_EVENT_LINES_CANCELLED, OCORE_EVENT_ORDER_CONFIRMED, OCORE_EVENT_PAYMENT_TAKEN,
                OCORE_EVENT_FULFILLMENT_CREATED, OCORE_EVENT_FULFILLMENT_PICKED,
                OCORE_EVENT_FULFILLMENT_PACKED, OCORE_EVENT_FULFILLMENT_SHIPPED,
                OCORE_EVENT_FULFILLMENT_DELIVERED, OCORE_EVENT_ORDER_COMPLETED};
        const ocore_draft_line line = line_of("cup", "2");
        ocore_order_key key = {.struct_size = sizeof key, .number = STR("T")};
        ocore_order_draft draft;
        const ocore_timeline *timeline;
        ocore_id order_id;
        test_world world;

        (void)state;
        sale_open(&world);
        draft = draft_of(&world, &line, 1);
        order_id = draft.id;
        draft.number = STR("T");
        assert_done(&world, ocore_order_save(world.core, &draft, NULL));
        draft.id = test_next_id(&world);
        draft.order_id = order_id;
        assert_done(&world, ocore_order_place(world.core, &draft, NULL));
        sale_cancel(&world, order_id, 1, "1");
        sale_confirm(&world, order_id);
        sale_pay(&world, order_id, OCORE_TENDER_CASH, NULL);
        world.now_us += TEST_HOUR_US;
        sale_deliver(&world, order_id, "north");
        assert_done(&world, ocore_order_timeline(world.core, &key, &timeline));
        assert_int_equal(timeline->event_count, sizeof kinds / sizeof kinds[0]);
        for (size_t i = 0; i < timeline->event_count; i++) {
                assert_same_id(timeline->events[i]->subject_id, order_id);
                assert_number(timeline->events[i]->number, (int64_t)i + 1);
                assert_number(timeline->events[i]->kind, kinds[i]);
                assert_text(timeline->events[i]->actor, "test");
                assert_number(timeline->events[i]->at_us, TEST_NOW_US + (i > 4 ? TEST_HOUR_US : 0));
        }
        assert_number(sale_order(&world, order_id)->version, 10); /* one command, one version */
        assert_number(sale_order(&world, order_id)->event_count, 11);
        sale_close(&world);
}

static void next_tells_the_steps_of_the_state(void **state)
{
        static const int64_t placed[] = {OCORE_STEP_CONFIRM, OCORE_STEP_REDUCE, OCORE_STEP_CANCEL,
                OCORE_STEP_PAY, OCORE_STEP_ALLOCATE, OCORE_STEP_REPRICE};
        const sale_line line = {"cup", "1"};
        ocore_order_key key = {.struct_size = sizeof key};
        const ocore_step_list *next;
        test_world world;

        (void)state;
        sale_open(&world);
        key.order_id = sale_place(&world, &line, 1, "");
        assert_done(&world, ocore_order_next(world.core, &key, &next));
        assert_number(next->state, OCORE_ORDER_PLACED);
        assert_int_equal(next->step_count, 6);
        for (size_t i = 0; i < 6; i++)
                assert_number(next->steps[i]->step, placed[i]);
        assert_number(next->steps[0]->to, OCORE_ORDER_CONFIRMED);
        sale_cancel(&world, key.order_id, 0, NULL);
        assert_done(&world, ocore_order_next(world.core, &key, &next));
        assert_int_equal(next->step_count, 1);
        assert_number(next->steps[0]->step, OCORE_STEP_PAY);
        key.order_id = test_id(4);
        assert_refused(
                &world, ocore_order_next(world.core, &key, &next), OCORE_NOT_FOUND, "order_id");
        sale_close(&world);
}

enum {
        NOTHING,
        NO_QUANTITY,
        CANCELLED,
        REFUNDED,
        RETURNED,
        SHIPPING_BACK,
        TOTAL,
        TAX,
        SHIPPING,
        SHIPPING_TAX,
        NUMBER,
        ALLOCATED,
        EDGE,
        OF_NO_LINE,
        PERFORMED,
        BACKORDERED,
        CAPPED,
        PREORDERED,
        PART_OF_ITSELF,
        PART_OF_NOTHING,
        PART_OF_LATER,
        CASES
};

static void make_wrong(ocore_order_line *line, ocore_allocation *piece, int wrong)
{
        switch (wrong) {
        case NO_QUANTITY: line->quantity = 0; break;
        case CANCELLED: line->cancelled = 6; break;
        case REFUNDED: line->refunded = INT64_MAX; break;
        case RETURNED: line->returned = 6; break;
        case SHIPPING_BACK: line->shipping_refunded = 1; break;
        case TOTAL: line->total_minor = INT64_MAX; break;
        case TAX: line->tax_minor = 16; break;
        case SHIPPING: line->shipping_minor = 51; break;
        case SHIPPING_TAX: line->shipping_tax_minor = INT64_MAX; break;
        case NUMBER: line->number = 2; break;
        case ALLOCATED: piece->picked = 1; break;
        case EDGE: piece->shipped = piece->delivered = INT64_MAX; break;
        case OF_NO_LINE: piece->line = INT64_MAX; break;
        case PERFORMED: line->performed = 1; break;
        case BACKORDERED: line->backordered = 1; break;
        case CAPPED: line->capped = 6; break;
        case PREORDERED: line->preordered = INT64_MAX; break;
        case PART_OF_ITSELF: line->parent = line->per_parent = 1; break;
        case PART_OF_NOTHING: line->per_parent = 1; break;
        case PART_OF_LATER:
                line->parent = INT64_MAX - 1;
                line->per_parent = 1;
                break;
        default: break;
        }
}

/* Rows that a hostile store might tell: refused, never computed with. */
static void rows_that_cannot_be_right_are_corrupt(void **state)
{
        static const ocore_order_line good = {.number = 1,
                .sku = STR_INIT("cup"),
                .kind = OCORE_PRODUCT_GOODS,
                .quantity = 5,
                .total_minor = 100,
                .tax_minor = 10,
                .shipping_minor = 50,
                .shipping_tax_minor = 5};
        static const ocore_allocation whole = {
                .line = 1, .site = STR_INIT("north"), .allocated = 5};
        test_world world;

        (void)state;
        sale_open(&world);
        for (int i = 0; i < CASES; i++) {
                ocore_order order = {.id = test_id(100 + i),
                        .state = OCORE_ORDER_CONFIRMED,
                        .currency = STR("EUR"),
                        .total_minor = 150,
                        .tax_minor = 15,
                        .version = 1,
                        .event_count = 1};
                ocore_order_line line = good;
                ocore_allocation piece = whole;
                const ocore_order_key key = {.struct_size = sizeof key, .order_id = order.id};
                const ocore_order_cancel_request cancel = {.struct_size = sizeof cancel,
                        .id = test_next_id(&world),
                        .order_id = order.id};
                const ocore_order *found;

                make_wrong(&line, &piece, i);
                line.order_id = piece.order_id = order.id;
                test_insert(&world, &ocore__order_table, &order);
                test_insert(&world, &ocore__order_line_table, &line);
                test_insert(&world, &ocore__allocation_table, &piece);
                if (i == NOTHING) {
                        assert_done(&world, ocore_order_get(world.core, &key, &found));
                        continue;
                }
                assert_refused(&world, ocore_order_get(world.core, &key, &found), OCORE_CORRUPT,
                        "order_id");
                assert_null(found);
                assert_refused(&world, ocore_order_cancel(world.core, &cancel, &found),
                        OCORE_CORRUPT, "order_id");
        }
        test_close(&world);
}

/* A bundle of 5 and a part of which 2 are in each; what is wrong with the two together. */
static void parts_that_cannot_be_right_are_corrupt(void **state)
{
        static const struct {
                int64_t kind, parent, per_parent, quantity;
                int good;
        } cases[] = {
                {OCORE_PRODUCT_BUNDLE, 1, 2, 10, 1},
                {OCORE_PRODUCT_GOODS, 1, 2, 10, 0},
                {OCORE_PRODUCT_BUNDLE, 1, 0, 10, 0},
                {OCORE_PRODUCT_BUNDLE, 1, 2, 9, 0},
                {OCORE_PRODUCT_BUNDLE, 1, INT64_MAX, 10, 0},
                {OCORE_PRODUCT_BUNDLE, 2, 2, 10, 0},
        };
        test_world world;

        (void)state;
        sale_open(&world);
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore_order order = {.id = test_id(100 + (int64_t)i),
                        .state = OCORE_ORDER_CONFIRMED,
                        .currency = STR("EUR"),
                        .version = 1,
                        .event_count = 1};
                const ocore_order_line lines[] = {{.order_id = order.id,
                                                          .number = 1,
                                                          .sku = STR("kit"),
                                                          .kind = cases[i].kind,
                                                          .quantity = 5},
                        {.order_id = order.id,
                                .number = 2,
                                .sku = STR("cup"),
                                .kind = OCORE_PRODUCT_GOODS,
                                .quantity = cases[i].quantity,
                                .parent = cases[i].parent,
                                .per_parent = cases[i].per_parent}};
                const ocore_order_key key = {.struct_size = sizeof key, .order_id = order.id};

                test_insert(&world, &ocore__order_table, &order);
                test_insert(&world, &ocore__order_line_table, &lines[0]);
                test_insert(&world, &ocore__order_line_table, &lines[1]);
                if (cases[i].good)
                        assert_done(&world, ocore_order_get(world.core, &key, NULL));
                else
                        assert_refused(&world, ocore_order_get(world.core, &key, NULL),
                                OCORE_CORRUPT, "order_id");
        }
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(orders_are_found_by_id_and_number),
                cmocka_unit_test(pages_hold_each_order_once),
                cmocka_unit_test(a_timeline_has_no_gaps),
                cmocka_unit_test(next_tells_the_steps_of_the_state),
                cmocka_unit_test(rows_that_cannot_be_right_are_corrupt),
                cmocka_unit_test(parts_that_cannot_be_right_are_corrupt),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
