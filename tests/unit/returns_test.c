/*
 * Returns: every cell of the state table; goods end in exactly one place; and the money is exact:
 * all 64 ways of giving 7 units with odd totals back in parts, cancelled first or returned, with
 * and without shipping, sum to what was charged, to the cent, and never more is paid out than came
 * in. The store is verified at the end of each test.
 */
#include "returns/returns.h"
#include "sale.h"

enum { STATES = OCORE_RETURN_REFUNDED, STEPS = OCORE_RETURN_STEP_REFUND };

static void every_cell_of_the_table_is_as_written(void **state)
{
        static const int64_t after[2][STATES][STEPS] = {
                /* services and fees alone: nothing to receive */
                {{0, 0, OCORE_RETURN_REFUNDED}, {0}, {0}, {0}},
                {{OCORE_RETURN_RECEIVED, 0, 0}, {0, OCORE_RETURN_INSPECTED, 0},
                        {0, 0, OCORE_RETURN_REFUNDED}, {0}},
        };
        size_t seen = 0;

        (void)state;
        for (int64_t goods = 0; goods <= 1; goods++) {
                for (int64_t from = 0; from <= STATES + 1; from++) {
                        for (int64_t step = 0; step <= STEPS + 1; step++) {
                                int known =
                                        from >= 1 && from <= STATES && step >= 1 && step <= STEPS;
                                int64_t wanted = known ? after[goods][from - 1][step - 1] : 0, to;
                                int status = ocore__return_step(from, step, goods, &to);

                                assert_int_equal(status, wanted ? OCORE_OK : OCORE_STATE);
                                assert_number(to, wanted ? wanted : from);
                                seen += status == OCORE_OK;
                        }
                }
        }
        assert_int_equal(seen, ocore__return_transition_count);
}

static void dispositions_have_a_place_and_a_count(void **state)
{
        static const struct {
                int64_t disposition, bucket;
                size_t column;
        } cases[] = {
                {OCORE_DISPOSITION_RESTOCK, OCORE_BUCKET_AVAILABLE,
                        offsetof(ocore_return_line, restocked)},
                {OCORE_DISPOSITION_QUARANTINE, OCORE_BUCKET_DAMAGED,
                        offsetof(ocore_return_line, quarantined)},
                {OCORE_DISPOSITION_SCRAP, OCORE_ACCOUNT_SCRAP,
                        offsetof(ocore_return_line, scrapped)},
                {OCORE_DISPOSITION_SUPPLIER, OCORE_ACCOUNT_SUPPLIER,
                        offsetof(ocore_return_line, to_supplier)},
        };
        const ocore_return_line line = {
                .received = 10, .restocked = 4, .quarantined = 3, .scrapped = 2};
        const ocore_return_line wrong = {.received = 1, .restocked = 2};

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                const ocore__disposition *place = ocore__disposition_of(cases[i].disposition);

                assert_non_null(place);
                assert_number(place->bucket, cases[i].bucket);
                assert_int_equal(place->column, cases[i].column);
        }
        assert_null(ocore__disposition_of(0));
        assert_null(ocore__disposition_of(OCORE_DISPOSITION_SUPPLIER + 1));
        assert_number(ocore__return_unjudged(&line), 1);
        assert_number(ocore__return_unjudged(&wrong), 0);
}

static int try_request(test_world *world, ocore_id id, ocore_id order_id,
        const ocore_return_draft_line *lines, size_t count, const ocore_return **out)
{
        const ocore_return_draft request = {.struct_size = sizeof request,
                .id = id,
                .order_id = order_id,
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof lines[0]};

        return ocore_return_request(world->core, &request, out);
}

static ocore_id announce(test_world *world, ocore_id order_id, int64_t line, int64_t quantity)
{
        const ocore_return_draft_line one = {line, {quantity, 0, 0}, 0, {0}};
        ocore_id id = test_next_id(world);

        assert_done(world, try_request(world, id, order_id, &one, 1, NULL));
        return id;
}

static int try_receive(test_world *world, ocore_id id, ocore_id return_id, const char *site,
        const ocore_return **out)
{
        const ocore_return_receive_request request = {.struct_size = sizeof request,
                .id = id,
                .return_id = return_id,
                .site = ocore_str_of(site)};

        return ocore_return_receive(world->core, &request, out);
}

static int try_inspect(test_world *world, ocore_id id, ocore_id return_id,
        const ocore_return_inspect_line *lines, size_t count, const ocore_return **out)
{
        const ocore_return_inspect_request request = {.struct_size = sizeof request,
                .id = id,
                .return_id = return_id,
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof lines[0]};

        return ocore_return_inspect(world->core, &request, out);
}

static int try_refund(test_world *world, ocore_id id, ocore_id return_id, int64_t with_shipping,
        int64_t tender, const ocore_return **out)
{
        const ocore_return_refund_request request = {.struct_size = sizeof request,
                .id = id,
                .return_id = return_id,
                .with_shipping = with_shipping,
                .tender = tender};

        return ocore_return_refund(world->core, &request, out);
}

/* Announced, received north, restocked. */
static ocore_id bring_back(test_world *world, ocore_id order_id, int64_t line, int64_t quantity)
{
        ocore_id id = announce(world, order_id, line, quantity);

        assert_done(world, try_receive(world, test_next_id(world), id, "north", NULL));
        assert_done(world, try_inspect(world, test_next_id(world), id, NULL, 0, NULL));
        return id;
}

/* Sums of one way of giving back. */
typedef struct given_back {
        int64_t goods, goods_tax, shipping, shipping_tax;
} given_back;

static void give_back(test_world *world, ocore_id order_id, int64_t quantity, int64_t with_shipping,
        given_back *sums)
{
        ocore_id id = bring_back(world, order_id, 1, quantity);
        const ocore_return *row;
        const ocore_return_line *line;

        assert_done(world, try_refund(world, test_next_id(world), id, with_shipping,
                                   OCORE_TENDER_PREPAID, &row));
        line = row->lines[0];
        assert_number(row->refund_minor, line->refund_minor + line->refund_shipping_minor);
        if (!with_shipping)
                assert_number(line->refund_shipping_minor, 0);
        sums->goods += line->refund_minor;
        sums->goods_tax += line->refund_tax_minor;
        sums->shipping += line->refund_shipping_minor;
        sums->shipping_tax += line->refund_shipping_tax_minor;
}

/* The next of the parts that 7 units are split into where a bit is set: bits 1 are 1 + 6. */
static int64_t next_part(int64_t bits, int64_t from)
{
        int64_t part = 1;

        while (from + part < 7 && !(bits >> (from + part - 1) & 1))
                part++;
        return part;
}

/* A sale of 7 teas (23.31 with 3.72 tax) by post (4.99); `cancelled` units of it are cancelled. */
static ocore_id sold_and_delivered(test_world *world, int64_t cancelled)
{
        static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6"};
        const sale_line line = {"tea", "7"};
        ocore_id order_id = sale_place(world, &line, 1, "post");

        sale_confirm(world, order_id);
        sale_pay(world, order_id, OCORE_TENDER_PREPAID, NULL);
        if (cancelled)
                sale_cancel(world, order_id, 1, digits[cancelled]);
        sale_deliver(world, order_id, "");
        return order_id;
}

static void all_partial_refunds_together_are_what_was_charged(void **state)
{
        test_world world;

        (void)state;
        sale_open(&world);
        for (int64_t bits = 0; bits < 64; bits++) {
                int64_t cancelled = bits % 3 ? 0 : next_part(bits, 0) % 7, at = cancelled;
                ocore_id order_id = sold_and_delivered(&world, cancelled);
                const ocore_order *order = sale_order(&world, order_id);
                int64_t charged = order->total_minor - order->cancelled_minor;
                given_back sums = {0, 0, 0, 0};

                assert_number(order->total_minor, 2830);
                while (at < 7) {
                        int64_t part = next_part(bits, at);

                        give_back(&world, order_id, part, 1, &sums);
                        at += part;
                }
                order = sale_order(&world, order_id);
                assert_number(sums.goods + sums.shipping, charged);
                assert_number(order->refunded_minor, charged);
                assert_number(order->cancelled_minor + order->refunded_minor, 2830);
                if (!cancelled) {
                        assert_number(sums.goods, 2331);
                        assert_number(sums.goods_tax, 372);
                        assert_number(sums.shipping, 499);
                        assert_number(sums.shipping_tax, 0);
                }
                assert_number(order->due_minor, -order->cancelled_minor);
                assert_number(order->paid_minor, order->cancelled_minor);
                assert_number(order->fulfillment, OCORE_FULFILLMENT_RETURNED);
                assert_number(sale_account(&world, order_id)->balance_minor, -order->paid_minor);
        }
        sale_close(&world);
}

static void shipping_is_kept_unless_it_is_given_back(void **state)
{
        test_world world;
        ocore_id order_id;
        given_back kept = {0, 0, 0, 0}, given = {0, 0, 0, 0};

        (void)state;
        sale_open(&world);
        order_id = sold_and_delivered(&world, 0);
        give_back(&world, order_id, 3, 0, &kept);
        give_back(&world, order_id, 4, 1, &given);
        assert_number(kept.shipping + given.shipping, 499 * 4 / 7);
        assert_number(kept.goods + given.goods, 2331);
        assert_number(sale_order(&world, order_id)->lines[0]->shipping_refunded, 4);
        sale_close(&world);
}

static void goods_go_where_their_judgement_says(void **state)
{
        const ocore_return_draft_line back[] = {
                {1, {5, 0, 0}, OCORE_REASON_DEFECTIVE, {0}}, {2, {1, 0, 0}, 0, {0}}};
        const ocore_return_inspect_line judged[] = {{1, OCORE_DISPOSITION_RESTOCK, {1, 0, 0}},
                {2, OCORE_DISPOSITION_SCRAP, {1, 0, 0}},
                {1, OCORE_DISPOSITION_QUARANTINE, {2, 0, 0}},
                {1, OCORE_DISPOSITION_SUPPLIER, {1, 0, 0}},
                {1, OCORE_DISPOSITION_RESTOCK, {1, 0, 0}}};
        const sale_line lines[] = {{"tea", "5"}, {"cup", "1"}};
        test_world world;
        ocore_id order_id, id;
        const ocore_return *row;
        ocore_stock stock;

        (void)state;
        sale_open(&world);
        order_id = sale_place(&world, lines, 2, "");
        sale_confirm(&world, order_id);
        sale_deliver(&world, order_id, "");
        id = test_next_id(&world);
        assert_done(&world, try_request(&world, id, order_id, back, 2, &row));
        assert_number(row->state, OCORE_RETURN_REQUESTED);
        assert_number(row->lines[0]->reason, OCORE_REASON_DEFECTIVE);
        assert_number(row->lines[1]->reason, OCORE_REASON_UNWANTED);
        assert_text(sale_event(&world, order_id, 0).detail, "5 of line 1, 1 of line 2");
        assert_done(&world, try_receive(&world, test_next_id(&world), id, "south", &row));
        assert_number(row->state, OCORE_RETURN_RECEIVED);
        assert_text(row->site, "south");
        assert_number(row->lines[0]->received, 5);
        stock = shop_stock(&world, "tea", "south");
        assert_number(stock.inspection, 5);
        assert_number(shop_stock(&world, "cup", "south").inspection, 1);
        assert_done(&world, try_inspect(&world, test_next_id(&world), id, judged, 5, &row));
        assert_number(row->state, OCORE_RETURN_INSPECTED);
        assert_number(row->lines[0]->restocked, 2);
        assert_number(row->lines[0]->quarantined, 2);
        assert_number(row->lines[0]->to_supplier, 1);
        assert_number(row->lines[1]->scrapped, 1);
        stock = shop_stock(&world, "tea", "south");
        assert_number(stock.inspection, 0);
        assert_number(stock.available, 2);
        assert_number(stock.damaged, 2);
        assert_number(shop_stock(&world, "cup", "south").available, 10);
        sale_close(&world);
}

static void returns_that_cannot_be_are_refused(void **state)
{
        static const struct {
                ocore_return_draft_line lines[2];
                size_t count;
                int status;
                const char *field;
        } cases[] = {
                {{{1, {6, 0, 0}, 0, {0}}}, 1, OCORE_STATE,
                        "lines[0].quantity"}, /* 3 have arrived */
                {{{1, {4, 0, 0}, 0, {0}}}, 1, OCORE_STATE, "lines[0].quantity"},
                {{{2, {1, 0, 0}, 0, {0}}}, 1, OCORE_NOT_FOUND, "lines[0].line"},
                {{{1, {1, 0, 0}, 0, {0}}, {1, {1, 0, 0}, 0, {0}}}, 2, OCORE_INVALID,
                        "lines[1].line"},
                {{{1, {15, 1, 0}, 0, {0}}}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{{1, {0, 0, 0}, 0, {0}}}, 1, OCORE_INVALID, "lines[0].quantity"},
                {{{1, {1, 0, 0}, 7, {0}}}, 1, OCORE_INVALID, "lines[0].reason"},
                {{{0, {1, 0, 0}, 0, {0}}}, 1, OCORE_INVALID, "lines[0].line"},
                {{{1, {1, 0, 0}, 0, {0}}}, 0, OCORE_INVALID, "lines"},
        };
        test_world world;
        ocore_id order_id;
        const ocore_return *row;
        int64_t version;

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "6"); /* 3 north, 3 south */
        sale_deliver(&world, order_id, "north");
        version = sale_order(&world, order_id)->version;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                assert_refused(&world,
                        try_request(&world, test_next_id(&world), order_id, cases[i].lines,
                                cases[i].count, &row),
                        cases[i].status, cases[i].field);
                assert_null(row);
        }
        assert_refused(&world,
                try_request(&world, test_next_id(&world), test_id(3), cases[0].lines, 1, &row),
                OCORE_NOT_FOUND, "order_id");
        assert_number(sale_order(&world, order_id)->version, version);
        /* What one return has announced, another cannot. */
        announce(&world, order_id, 1, 2);
        assert_refused(&world,
                try_request(&world, test_next_id(&world), order_id,
                        &(const ocore_return_draft_line){1, {2, 0, 0}, 0, {0}}, 1, &row),
                OCORE_STATE, "lines[0].quantity");
        announce(&world, order_id, 1, 1);
        assert_number(sale_order(&world, order_id)->lines[0]->returned, 3);
        sale_close(&world);
}

static int try_step(test_world *world, ocore_id return_id, int64_t step, const ocore_return **out)
{
        ocore_id id = test_next_id(world);

        if (step == OCORE_RETURN_STEP_RECEIVE)
                return try_receive(world, id, return_id, "north", out);
        if (step == OCORE_RETURN_STEP_INSPECT)
                return try_inspect(world, id, return_id, NULL, 0, out);
        return try_refund(world, id, return_id, 0, 0, out);
}

static void steps_out_of_turn_are_refused(void **state)
{
        test_world world;
        ocore_id order_id, id;
        const ocore_return *row;
        const ocore_return_key none = {.struct_size = sizeof none, .return_id = test_id(2)};

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "2");
        sale_pay(&world, order_id, OCORE_TENDER_CASH, NULL);
        sale_deliver(&world, order_id, "");
        id = announce(&world, order_id, 1, 2);
        for (int64_t stage = OCORE_RETURN_REQUESTED; stage <= OCORE_RETURN_REFUNDED; stage++) {
                for (int64_t step = 1; step <= STEPS; step++)
                        if (step != stage) /* each stage allows one step, of the same number */
                                assert_refused(&world, try_step(&world, id, step, &row),
                                        OCORE_STATE, "return_id");
                if (stage <= STEPS)
                        assert_done(&world, try_step(&world, id, stage, &row));
        }
        assert_refused(&world, try_receive(&world, test_next_id(&world), test_id(2), "north", &row),
                OCORE_NOT_FOUND, "return_id");
        assert_refused(
                &world, ocore_return_get(world.core, &none, &row), OCORE_NOT_FOUND, "return_id");
        sale_close(&world);
}

static void a_wrong_site_or_judgement_changes_nothing(void **state)
{
        static const struct {
                ocore_return_inspect_line lines[2];
                size_t count;
                int status;
                const char *field;
        } cases[] = {
                {{{1, OCORE_DISPOSITION_RESTOCK, {2, 0, 0}}}, 1, OCORE_INVALID, "lines"},
                {{{1, OCORE_DISPOSITION_RESTOCK, {4, 0, 0}}}, 1, OCORE_INVALID,
                        "lines[0].quantity"},
                {{{1, OCORE_DISPOSITION_RESTOCK, {2, 0, 0}},
                         {1, OCORE_DISPOSITION_SCRAP, {2, 0, 0}}},
                        2, OCORE_INVALID, "lines[1].quantity"},
                {{{3, OCORE_DISPOSITION_RESTOCK, {1, 0, 0}}}, 1, OCORE_NOT_FOUND,
                        "lines[0].number"},
                {{{2, OCORE_DISPOSITION_RESTOCK, {1, 0, 0}}}, 1, OCORE_INVALID, "lines[0].number"},
                {{{1, 0, {1, 0, 0}}}, 1, OCORE_INVALID, "lines[0].disposition"},
                {{{1, 5, {1, 0, 0}}}, 1, OCORE_INVALID, "lines[0].disposition"},
                {{{1, OCORE_DISPOSITION_RESTOCK, {-1, 0, 0}}}, 1, OCORE_INVALID,
                        "lines[0].quantity"},
        };
        const sale_line lines[] = {{"tea", "3"}, {"wrap", "1"}};
        const ocore_return_draft_line back[] = {{1, {3, 0, 0}, 0, {0}}, {2, {1, 0, 0}, 0, {0}}};
        test_world world;
        ocore_id order_id, id;
        const ocore_return *row;

        (void)state;
        sale_open(&world);
        order_id = sale_place(&world, lines, 2, "");
        sale_confirm(&world, order_id);
        sale_deliver(&world, order_id, "");
        id = test_next_id(&world);
        assert_done(&world, try_request(&world, id, order_id, back, 2, NULL));
        assert_refused(&world, try_receive(&world, test_next_id(&world), id, "west", &row),
                OCORE_NOT_FOUND, "site");
        assert_refused(&world, try_receive(&world, test_next_id(&world), id, "", &row),
                OCORE_INVALID, "site");
        assert_done(&world, try_receive(&world, test_next_id(&world), id, "north", &row));
        assert_number(row->lines[1]->received, 0); /* a service does not come in */
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                assert_refused(&world,
                        try_inspect(&world, test_next_id(&world), id, cases[i].lines,
                                cases[i].count, &row),
                        cases[i].status, cases[i].field);
        assert_number(shop_stock(&world, "tea", "north").inspection, 3);
        assert_done(&world, try_inspect(&world, test_next_id(&world), id, NULL, 0, &row));
        assert_number(row->lines[0]->restocked, 3);
        assert_number(row->lines[1]->restocked, 0);
        assert_done(&world, try_refund(&world, test_next_id(&world), id, 0, 0, &row));
        assert_number(row->refund_minor, 999 + 250);
        sale_close(&world);
}

static void services_are_refunded_without_goods(void **state)
{
        const sale_line lines[] = {{"wrap", "3"}};
        test_world world;
        ocore_id order_id, id;
        const ocore_return *row;

        (void)state;
        sale_open(&world);
        order_id = sale_place(&world, lines, 1, "");
        sale_confirm(&world, order_id);
        assert_number(sale_order(&world, order_id)->state, OCORE_ORDER_COMPLETED);
        id = announce(&world, order_id, 1, 2);
        assert_refused(&world, try_receive(&world, test_next_id(&world), id, "north", &row),
                OCORE_STATE, "return_id");
        assert_refused(&world, try_inspect(&world, test_next_id(&world), id, NULL, 0, &row),
                OCORE_STATE, "return_id");
        assert_done(&world, try_refund(&world, test_next_id(&world), id, 1, 0, &row));
        assert_number(row->refund_minor, 500);
        assert_number(sale_order(&world, order_id)->due_minor, 250);
        sale_close(&world);
}

/* What is paid out: at most the credit, what is owed, and what came in. */
static void no_more_is_paid_out_than_is_owed_and_came_in(void **state)
{
        static const struct {
                const char *paid; /* "": nothing */
                int64_t tender, out, due;
        } cases[] = {
                {"14.02 EUR", OCORE_TENDER_CASH, 701, 0},
                {"14.02 EUR", OCORE_TENDER_PREPAID, 701, 0},
                {"14.02 EUR", 0, 0, -701}, /* credited only */
                {"10.00 EUR", OCORE_TENDER_CASH, 299, 0},
                {"7.01 EUR", OCORE_TENDER_CASH, 0, 0},
                {"5.00 EUR", OCORE_TENDER_CASH, 0, 201},
                {"", OCORE_TENDER_CASH, 0, 701},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                test_world world;
                ocore_id order_id, id, command;
                const ocore_return *row;
                const ocore_order *order;
                const ocore_account *account;

                sale_open(&world);
                order_id = sale_of(&world, "cup", "2");
                if (*cases[i].paid)
                        sale_pay(&world, order_id, OCORE_TENDER_PREPAID, cases[i].paid);
                sale_deliver(&world, order_id, "");
                id = bring_back(&world, order_id, 1, 1);
                command = test_next_id(&world);
                assert_done(&world, try_refund(&world, command, id, 0, cases[i].tender, &row));
                assert_number(row->refund_minor, 701);
                assert_number(row->state, OCORE_RETURN_REFUNDED);
                assert_number(row->refunded_us, world.now_us);
                account = sale_account(&world, order_id);
                assert_int_equal(
                        account->payment_count, (*cases[i].paid != '\0') + (cases[i].out != 0));
                if (cases[i].out) {
                        const ocore_payment *out = account->payments[1];

                        assert_memory_equal(&out->id, &command, sizeof command);
                        assert_number(out->kind, OCORE_PAYMENT_OUT);
                        assert_number(out->tender, cases[i].tender);
                        assert_number(out->amount_minor, cases[i].out);
                        assert_number(
                                sale_event(&world, order_id, 0).kind, OCORE_EVENT_PAYMENT_REFUNDED);
                }
                assert_text(sale_event(&world, order_id, cases[i].out != 0).detail, "7.01 EUR");
                order = sale_order(&world, order_id);
                assert_number(order->due_minor, cases[i].due);
                assert_number(order->refunded_minor, 701);
                sale_close(&world);
        }
}

static void a_lot_comes_back_as_it_went(void **state)
{
        test_world world;

        (void)state;
        for (size_t count = 1; count <= 2; count++) {
                ocore_id order_id, id;
                const ocore_return *row;

                sale_open(&world);
                sale_lots(&world, count);
                order_id = sale_of(&world, "mug", count == 1 ? "2" : "5");
                sale_deliver(&world, order_id, "");
                id = announce(&world, order_id, 1, 1);
                assert_done(&world, try_receive(&world, test_next_id(&world), id, "south", &row));
                assert_text(row->lines[0]->lot, count == 1 ? "L1" : "");
                assert_done(&world, try_inspect(&world, test_next_id(&world), id, NULL, 0, &row));
                sale_close(&world);
        }
}

static void repeated_commands_change_nothing(void **state)
{
        const ocore_return_draft_line one = {1, {1, 0, 0}, 0, {0}}, two = {1, {2, 0, 0}, 0, {0}};
        test_world world;
        ocore_id order_id, ids[4];
        const ocore_return *row;
        ocore_return_key key = {.struct_size = sizeof key};

        (void)state;
        sale_open(&world);
        order_id = sale_of(&world, "cup", "2");
        sale_pay(&world, order_id, OCORE_TENDER_CASH, NULL);
        sale_deliver(&world, order_id, "");
        for (size_t i = 0; i < 4; i++)
                ids[i] = test_next_id(&world);
        for (int again = 0; again < 2; again++) {
                int status = again ? OCORE_ALREADY : OCORE_OK;

                assert_status(&world, try_request(&world, ids[0], order_id, &one, 1, &row), status);
                assert_number(row->state, OCORE_RETURN_REQUESTED);
                assert_status(&world, try_receive(&world, ids[1], ids[0], "north", &row), status);
                assert_number(row->state, OCORE_RETURN_RECEIVED);
                assert_number(row->lines[0]->received, 1);
                assert_status(&world, try_inspect(&world, ids[2], ids[0], NULL, 0, &row), status);
                assert_number(row->lines[0]->restocked, 1);
                assert_status(&world,
                        try_refund(&world, ids[3], ids[0], 0, OCORE_TENDER_CASH, &row), status);
                assert_number(row->refund_minor, 701);
                assert_number(row->refunded_us, TEST_NOW_US);
                assert_int_equal(row->line_count, 1);
                world.now_us += TEST_DAY_US;
        }
        assert_refused(&world, try_request(&world, ids[0], order_id, &two, 1, &row),
                OCORE_ID_REUSED, "lines");
        assert_refused(&world, try_refund(&world, ids[3], ids[0], 1, OCORE_TENDER_CASH, &row),
                OCORE_ID_REUSED, "with_shipping");
        key.return_id = ids[0];
        assert_done(&world, ocore_return_get(world.core, &key, &row));
        assert_number(row->state, OCORE_RETURN_REFUNDED);
        assert_number(sale_order(&world, order_id)->paid_minor, 701);
        assert_number(shop_stock(&world, "cup", "north").available, 2);
        sale_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_cell_of_the_table_is_as_written),
                cmocka_unit_test(dispositions_have_a_place_and_a_count),
                cmocka_unit_test(all_partial_refunds_together_are_what_was_charged),
                cmocka_unit_test(shipping_is_kept_unless_it_is_given_back),
                cmocka_unit_test(goods_go_where_their_judgement_says),
                cmocka_unit_test(returns_that_cannot_be_are_refused),
                cmocka_unit_test(steps_out_of_turn_are_refused),
                cmocka_unit_test(a_wrong_site_or_judgement_changes_nothing),
                cmocka_unit_test(services_are_refunded_without_goods),
                cmocka_unit_test(no_more_is_paid_out_than_is_owed_and_came_in),
                cmocka_unit_test(a_lot_comes_back_as_it_went),
                cmocka_unit_test(repeated_commands_change_nothing),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
