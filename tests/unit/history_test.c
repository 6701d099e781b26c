/*
 * The history of stock: a plain list of all moves, kept beside, is sorted and filtered the obvious
 * way, and the library's answer equals it: whole, in pages of each size, by site, by lot, by time,
 * over many lots at once and over one lot longer than a reading. Moves of one moment come by
 * command and number whatever the order in which they were written.
 */
#include "lots.h"

#include <stdlib.h>

enum { MOVES_MAX = 4000 };

typedef struct noted {
        ocore_id command_id;
        int64_t number, at_us, quantity, to_bucket;
        char site[8], lot[8], reason[16];
} noted;

/* What was moved of the cups. */
typedef struct ledger {
        noted moves[MOVES_MAX];
        size_t count;
} ledger;

static int by_place(const void *a, const void *b)
{
        const noted *x = a, *y = b;
        int order = memcmp(x->command_id.bytes, y->command_id.bytes, sizeof x->command_id.bytes);

        if (x->at_us != y->at_us)
                return x->at_us < y->at_us ? -1 : 1;
        if (order)
                return order;
        return x->number < y->number ? -1 : x->number > y->number;
}

static void text_of(ocore_str text, char *out, size_t size)
{
        assert_true(text.size < size);
        if (text.size)
                memcpy(out, text.data, text.size);
        out[text.size] = 0;
}

static void note(ledger *all, const ocore_stock_moves *moves)
{
        for (size_t i = 0; i < moves->move_count; i++) {
                const ocore_stock_move *move = moves->moves[i];
                noted *to = &all->moves[all->count];

                if (!ocore_str_equal(move->sku, STR("cup")))
                        continue;
                assert_true(all->count++ < MOVES_MAX);
                *to = (noted){.command_id = move->command_id,
                        .number = move->number,
                        .at_us = move->at_us,
                        .quantity = move->quantity,
                        .to_bucket = move->to_bucket};
                text_of(move->site, to->site, sizeof to->site);
                text_of(move->lot, to->lot, sizeof to->lot);
                text_of(move->reason, to->reason, sizeof to->reason);
        }
}

/* A command of some lines under this id. */
static void act(test_world *world, ledger *all, ocore_id id, lots_verb verb,
        const ocore_stock_line *lines, size_t count)
{
        const ocore_stock_request request = {.struct_size = sizeof request,
                .id = id,
                .reason = verb == ocore_stock_receive ? STR("came") : STR("corrected"),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines};
        const ocore_stock_moves *moves;

        assert_done(world, verb(world->core, &request, &moves));
        note(all, moves);
}

static const char *const sites[] = {"north", "south", "east"};
static const char *const lots[] = {"", "A", "AA", "B", "C", "D"};

static uint64_t next_random(uint64_t *seed)
{
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        return *seed >> 33;
}

/* A shop with a hundred commands of a few lines each; two of three stand at the time of the one
 * before, with a lower id. */
static void begin(test_world *world, ledger *all)
{
        uint64_t seed = 20260105;

        *all = (ledger){.count = 0};
        test_open(world);
        for (size_t i = 0; i < 3; i++)
                shop_site(world, sites[i], (int64_t)i);
        shop_goods(world, "cup", "7.01 EUR");
        shop_goods(world, "tea", "3.33 EUR");
        for (int64_t i = 0; i < 100; i++) {
                ocore_stock_line lines[5] = {{.sku = {0}}};
                size_t count = next_random(&seed) % 5 + 1;

                for (size_t n = 0; n < count; n++)
                        lines[n] =
                                (ocore_stock_line){next_random(&seed) % 4 ? STR("cup") : STR("tea"),
                                        ocore_str_of(sites[next_random(&seed) % 3]),
                                        ocore_str_of(lots[next_random(&seed) % 6]),
                                        {(int64_t)(next_random(&seed) % 9 + 1), 0, 0}, 0};
                act(world, all, test_id(10000 - i),
                        i % 5 == 4 ? ocore_stock_count : ocore_stock_receive, lines, count);
                world->now_us += i % 3 ? 0 : TEST_MINUTE_US;
        }
        qsort(all->moves, all->count, sizeof all->moves[0], by_place);
}

static int is_asked(const noted *move, const ocore_stock_history_request *request)
{
        return (!request->site.size || ocore_str_equal(request->site, ocore_str_of(move->site))) &&
               (!request->lot.size || ocore_str_equal(request->lot, ocore_str_of(move->lot))) &&
               move->at_us >= request->from_us &&
               (!request->until_us || move->at_us < request->until_us);
}

/* The next move of the ledger that is asked for; its count where there is none. */
static size_t next_asked(const ledger *all, const ocore_stock_history_request *request, size_t from)
{
        while (from < all->count && !is_asked(&all->moves[from], request))
                from++;
        return from;
}

/* Reads the whole answer in pages of `limit` and compares it; how many moves it had. */
static size_t compare(
        test_world *world, const ledger *all, ocore_stock_history_request request, int64_t limit)
{
        size_t at = next_asked(all, &request, 0), seen = 0, pages = 0;
        const ocore_stock_history *page;

        request.struct_size = sizeof request;
        request.sku = STR("cup");
        request.limit = limit;
        do {
                assert_done(world, ocore_stock_history_page(world->core, &request, &page));
                assert_true(page->move_count <= (size_t)limit);
                for (size_t i = 0; i < page->move_count; i++, seen++) {
                        const ocore_stock_move *move = page->moves[i];
                        const noted *wanted = &all->moves[at];

                        assert_true(at < all->count);
                        assert_same_id(move->command_id, wanted->command_id);
                        assert_number(move->number, wanted->number);
                        assert_number(move->at_us, wanted->at_us);
                        assert_number(move->quantity, wanted->quantity);
                        assert_number(move->to_bucket, wanted->to_bucket);
                        assert_text(move->sku, "cup");
                        assert_text(move->site, wanted->site);
                        assert_text(move->lot, wanted->lot);
                        assert_text(move->reason, wanted->reason);
                        at = next_asked(all, &request, at + 1);
                }
                /* There is a next page just when the ledger has more. */
                assert_int_equal(page->next_number > 0, at < all->count);
                request.after_command = page->next_command;
                request.after_number = page->next_number;
                assert_true(pages++ <= all->count);
        } while (page->next_number);
        assert_int_equal(at, all->count);
        return seen;
}

static void pages_of_each_size_tell_the_same(void **state)
{
        static const int64_t limits[] = {1, 2, 7, 16, 17, 100, 10000};
        static ledger all;
        test_world world;

        (void)state;
        begin(&world, &all);
        assert_true(all.count > 150);
        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
                assert_int_equal(compare(&world, &all, (ocore_stock_history_request){0}, limits[i]),
                        all.count);
        assert_verified(&world);
        test_close(&world);
}

static void each_filter_leaves_its_own(void **state)
{
        static ledger all;
        size_t by_site = 0, by_lot = 0, by_time = 0;
        int64_t middle;
        test_world world;

        (void)state;
        begin(&world, &all);
        middle = all.moves[all.count / 2].at_us;
        for (size_t i = 0; i < 3; i++) {
                ocore_stock_history_request request = {.site = ocore_str_of(sites[i])};

                by_site += compare(&world, &all, request, 7);
                for (size_t n = 1; n < 6; n++) {
                        request.lot = ocore_str_of(lots[n]);
                        by_lot += compare(&world, &all, request, 3);
                }
        }
        assert_int_equal(by_site, all.count);
        for (size_t i = 0; i < all.count; i++)
                by_lot += all.moves[i].lot[0] == 0; /* an empty lot asks for all */
        assert_int_equal(by_lot, all.count);
        by_time = compare(&world, &all, (ocore_stock_history_request){.from_us = middle}, 7);
        assert_true(by_time > 0 && by_time < all.count);
        by_time += compare(&world, &all, (ocore_stock_history_request){.until_us = middle}, 7);
        assert_int_equal(by_time, all.count);
        assert_int_equal(
                compare(&world, &all,
                        (ocore_stock_history_request){.from_us = middle, .until_us = middle}, 7),
                0);
        assert_true(
                compare(&world, &all,
                        (ocore_stock_history_request){.from_us = middle, .until_us = middle + 1},
                        1) > 0);
        assert_int_equal(
                compare(&world, &all, (ocore_stock_history_request){.from_us = INT64_MAX}, 7), 0);
        assert_int_equal(
                compare(&world, &all, (ocore_stock_history_request){.site = STR("west")}, 7), 0);
        assert_int_equal(
                compare(&world, &all, (ocore_stock_history_request){.lot = STR("E")}, 7), 0);
        test_close(&world);
}

/* One lot with more moves than one reading has, nearly all of them at another site than asked. */
static void a_long_lot_is_read_in_turns(void **state)
{
        static ledger all;
        ocore_stock_line lines[90];
        test_world world;

        (void)state;
        begin(&world, &all);
        for (int64_t i = 0; i < 30; i++) {
                for (size_t n = 0; n < 90; n++)
                        lines[n] = (ocore_stock_line){STR("cup"),
                                i % 15 == 14 && !n ? STR("east") : STR("north"), STR("B"),
                                {(int64_t)n + 1, 0, 0}, 0};
                act(&world, &all, test_id(20000 + i), ocore_stock_receive, lines, 90);
                world.now_us += 1;
        }
        qsort(all.moves, all.count, sizeof all.moves[0], by_place);
        assert_int_equal(compare(&world, &all, (ocore_stock_history_request){0}, 10000), all.count);
        assert_true(
                compare(&world, &all, (ocore_stock_history_request){.lot = STR("B")}, 7) > 2700);
        assert_true(compare(&world, &all,
                            (ocore_stock_history_request){.site = STR("east"), .lot = STR("B")},
                            7) > 2);
        assert_int_equal(compare(&world, &all,
                                 (ocore_stock_history_request){.site = STR("east"),
                                         .from_us = all.moves[all.count - 1].at_us},
                                 1),
                1);
        test_close(&world);
}

/* Each allocation of a question fails once: it says so, and the next answer is whole. */
static void a_question_without_memory_is_refused(void **state)
{
        static ledger all;
        const ocore_stock_history_request request = {
                .struct_size = sizeof request, .sku = STR("cup"), .limit = 10000};
        const ocore_stock_history *page;
        int finished = 0;
        test_world world;

        (void)state;
        begin(&world, &all);
        for (int64_t n = 1; !finished; n++) {
                int status;

                test_reopen(&world);
                world.memory.failed = 0;
                world.memory.fail_at = world.memory.requests + n;
                status = ocore_stock_history_page(world.core, &request, &page);
                finished = !world.memory.failed;
                world.memory.fail_at = 0;
                assert_int_equal(status, finished ? OCORE_OK : OCORE_NOMEM);
                assert_int_equal(page ? page->move_count : 0, finished ? all.count : 0);
        }
        compare(&world, &all, (ocore_stock_history_request){0}, 7);
        test_close(&world);
}

static void wrong_questions_are_refused(void **state)
{
        static ledger all;
        ocore_stock_history_request cases[] = {
                {.sku = {0}},
                {.sku = STR_INIT("none")},
                {.sku = STR_INIT("cup"), .limit = 10001},
                {.sku = STR_INIT("cup"), .limit = -1},
                {.sku = STR_INIT("cup"), .from_us = -1},
                {.sku = STR_INIT("cup"), .until_us = -1},
                {.sku = STR_INIT("cup"), .after_number = -1},
                {.sku = STR_INIT("cup"), .after_number = 1},
                {.sku = STR_INIT("cup"), .after_number = 99},
                {.sku = STR_INIT("tea"), .after_number = 1},
        };
        static const struct {
                int status;
                const char *field;
        } wanted[] = {
                {OCORE_INVALID, "sku"},
                {OCORE_NOT_FOUND, "sku"},
                {OCORE_LIMIT, "limit"},
                {OCORE_INVALID, "limit"},
                {OCORE_INVALID, "from_us"},
                {OCORE_INVALID, "until_us"},
                {OCORE_INVALID, "after_number"},
                {OCORE_NOT_FOUND, "after_command"},
                {OCORE_NOT_FOUND, "after_command"},
                {OCORE_NOT_FOUND, "after_command"},
        };
        const ocore_stock_history_request plain = {.struct_size = sizeof plain, .sku = STR("cup")};
        const ocore_stock_history *page;
        test_world world;

        (void)state;
        begin(&world, &all);
        cases[7].after_command = test_id(77);
        cases[8].after_command = all.moves[0].command_id;
        cases[9].after_command = all.moves[0].command_id;
        cases[9].after_number = all.moves[0].number;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                cases[i].struct_size = sizeof cases[i];
                assert_refused(&world, ocore_stock_history_page(world.core, &cases[i], &page),
                        wanted[i].status, wanted[i].field);
                assert_null(page);
        }
        assert_done(&world, ocore_stock_history_page(world.core, &plain, &page));
        assert_int_equal(page->move_count, 100);
        assert_done(&world, ocore_unit_begin(world.core));
        assert_refused(
                &world, ocore_stock_history_page(world.core, &plain, &page), OCORE_STATE, "");
        assert_done(&world, ocore_unit_cancel(world.core));
        test_close(&world);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(pages_of_each_size_tell_the_same),
                cmocka_unit_test(each_filter_leaves_its_own),
                cmocka_unit_test(a_long_lot_is_read_in_turns),
                cmocka_unit_test(a_question_without_memory_is_refused),
                cmocka_unit_test(wrong_questions_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
