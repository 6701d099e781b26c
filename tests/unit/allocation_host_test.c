/*
 * The host's choice: it is shown just what may be taken, its answer is carried out, and an answer
 * that takes what is not there, too much, too little, safety stock or a group apart is refused by
 * "strategy", with nothing taken.
 */
#include "shelf.h"

/* What the host is asked, and what it answers: takes[i] of the i-th choice. */
typedef struct oracle {
        char text[512];
        int64_t takes[8];
        int status;
        int calls;
} oracle;

static int answer(void *user_data, const ocore_allocate_line *lines, size_t line_count,
        ocore_allocate_choice *choices, size_t choice_count)
{
        oracle *host = user_data;
        size_t used = 0;

        host->calls++;
        for (size_t i = 0; i < line_count; i++)
                used += (size_t)snprintf(host->text + used, sizeof host->text - used,
                        "%.*s %lld %lld; ", (int)lines[i].sku.size, lines[i].sku.data,
                        (long long)lines[i].quantity, (long long)lines[i].together);
        for (size_t i = 0; i < choice_count; i++) {
                used += (size_t)snprintf(host->text + used, sizeof host->text - used,
                        "%zu:%.*s/%.*s %lld%s", choices[i].line, (int)choices[i].site.size,
                        choices[i].site.data, (int)choices[i].lot.size,
                        choices[i].lot.data ? choices[i].lot.data : "",
                        (long long)choices[i].available, i + 1 < choice_count ? ", " : "");
                choices[i].taken = host->takes[i];
                choices[i].line = 99; /* what it scribbles elsewhere counts for nothing */
                choices[i].available = 99;
        }
        return host->status;
}

static const shelf_stock rows[] = {
        {"a", "x", "1", 4, 20, 5},
        {"a", "x", "2", 3, 10, 5},
        {"a", "y", "", 5, 0, 0},
        {"b", "y", "", 2, 0, 0},
        {NULL, NULL, NULL, 0, 0, 0},
};

typedef struct host_case {
        shelf_want wants[4];
        int64_t takes[8];
        int64_t safety;
        const char *asked;  /* NULL: it is not asked */
        const char *pieces; /* NULL: refused by strategy */
} host_case;

static void check_case(const host_case *test, size_t i)
{
        ocore_config config = {.struct_size = sizeof config, .allocate = answer};
        oracle host = {.calls = 0};
        ocore_site sites[2];
        char text[512];
        shelf_world all;
        int status;

        memcpy(host.takes, test->takes, sizeof host.takes);
        config.allocate_data = &host;
        shelf_open(&all, &config);
        shelf_sites(&all, sites, "xy");
        shelf_fill(&all, rows);
        if (test->safety)
                shelf_rule(&all, "a", NULL, NULL, test->safety);
        shelf_want_all(&all, test->wants);
        assert_done(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_HOST, NULL));
        status = shelf_choose(&all);
        shelf_print(&all, text, sizeof text);
        if (host.calls != (test->asked != NULL) ||
                strcmp(host.text, test->asked ? test->asked : ""))
                fail_msg("case %zu: it was asked \"%s\"", i, host.text);
        if (status != (test->pieces ? OCORE_OK : OCORE_INVALID) ||
                strcmp(text, test->pieces ? test->pieces : ""))
                fail_msg("case %zu: %s \"%s\"", i, ocore_status_name(status), text);
        if (status)
                assert_text(ocore_last_error(all.world.core)->field, "strategy");
        shelf_close(&all);
}

static void the_host_chooses(void **state)
{
#define A3 "a 3 0; 0:x/2 3, 0:x/1 4, 0:y/ 5"
        static const host_case cases[] = {
                {{WANT("a", 3), WANT(NULL, 0)}, {0, 1, 2}, 0, A3, "0:x/1 1 X, 0:y/ 2 X"},
                {{WANT("a", 3), WANT(NULL, 0)}, {3}, 0, A3, "0:x/2 3 X"},
                /* Too little, too much, nothing, below zero, more than is there. */
                {{WANT("a", 3), WANT(NULL, 0)}, {0, 2}, 0, A3, NULL},
                {{WANT("a", 3), WANT(NULL, 0)}, {0, 2, 2}, 0, A3, NULL},
                {{WANT("a", 3), WANT(NULL, 0)}, {0}, 0, A3, NULL},
                {{WANT("a", 3), WANT(NULL, 0)}, {-1, 4}, 0, A3, NULL},
                {{WANT("a", 5), WANT(NULL, 0)}, {4, 1}, 0, "a 5 0; 0:x/2 3, 0:x/1 4, 0:y/ 5", NULL},
                {{WANT("a", 3), WANT(NULL, 0)}, {INT64_MAX, 1}, 0, A3, NULL},
                /* Lines of one product share what is there. */
                {{WANT("a", 3), WANT("a", 2), WANT(NULL, 0)}, {0, 3, 0, 0, 0, 2}, 0,
                        "a 3 0; a 2 0; 0:x/2 3, 0:x/1 4, 0:y/ 5, 1:x/2 3, 1:x/1 4, 1:y/ 5",
                        "0:x/1 3 X, 1:y/ 2 X"},
                {{WANT("a", 3), WANT("a", 2), WANT(NULL, 0)}, {0, 3, 0, 0, 2, 0}, 0,
                        "a 3 0; a 2 0; 0:x/2 3, 0:x/1 4, 0:y/ 5, 1:x/2 3, 1:x/1 4, 1:y/ 5", NULL},
                /* Safety stock is not shown: two stay at x and y. */
                {{WANT("a", 3), WANT(NULL, 0)}, {1, 2}, 2, "a 3 0; 0:x/2 3, 0:x/1 2, 0:y/ 3",
                        "0:x/2 1 X, 0:x/1 2 X"},
                {{WANT("a", 3), WANT(NULL, 0)}, {0, 3}, 2, "a 3 0; 0:x/2 3, 0:x/1 2, 0:y/ 3",
                        "0:x/1 3 X"}, /* more than was shown, but what is left is enough */
                {{WANT("a", 6), WANT(NULL, 0)}, {3, 3}, 2, "a 6 0; 0:x/2 3, 0:x/1 2, 0:y/ 3", NULL},
                /* What names a site or a lot is not asked. */
                {{AT("a", 2, "y"), WANT("a", 1), WANT(NULL, 0)}, {0, 0, 1}, 0,
                        "a 1 0; 0:x/2 3, 0:x/1 4, 0:y/ 3", "0:y/ 2 G, 1:y/ 1 X"},
                {{LOT("a", 2, "1"), WANT(NULL, 0)}, {0}, 0, NULL, "0:x/1 2 G"},
                /* Together. */
                {{WITH("a", 2, 4), WITH("b", 1, 4), WANT(NULL, 0)}, {0, 0, 2, 1}, 0,
                        "a 2 4; b 1 4; 0:x/2 3, 0:x/1 4, 0:y/ 5, 1:y/ 2", "0:y/ 2 X, 1:y/ 1 X"},
                {{WITH("a", 2, 4), WITH("b", 1, 4), WANT(NULL, 0)}, {2, 0, 0, 1}, 0,
                        "a 2 4; b 1 4; 0:x/2 3, 0:x/1 4, 0:y/ 5, 1:y/ 2", NULL},
                {{WITH("a", 2, 4), WANT(NULL, 0)}, {1, 0, 1}, 0, "a 2 4; 0:x/2 3, 0:x/1 4, 0:y/ 5",
                        NULL},
        };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
                check_case(&cases[i], i);
}

static void the_host_may_refuse(void **state)
{
        static const shelf_want some[] = {WANT("a", 3), WANT(NULL, 0)};
        static const shelf_want many[] = {WANT("a", 13), WANT(NULL, 0)};
        ocore_config config = {.struct_size = sizeof config, .allocate = answer};
        oracle host = {.takes = {3}, .status = 7};
        ocore_site sites[2];
        shelf_world all;

        (void)state;
        config.allocate_data = &host;
        shelf_open(&all, &config);
        shelf_sites(&all, sites, "xy");
        shelf_fill(&all, rows);
        assert_done(&all.world, shelf_resolve(&all, OCORE_ALLOCATE_HOST, NULL));
        shelf_want_all(&all, some);
        assert_refused(&all.world, shelf_choose(&all), OCORE_INVALID, "strategy");
        assert_int_equal(host.calls, 1);
        assert_int_equal(all.piece_count, 0);
        ocore__refusals_clear(&all.work);
        shelf_want_all(&all, many); /* what is short is not asked */
        assert_refused(&all.world, shelf_choose(&all), OCORE_OUT_OF_STOCK, "lines[0].quantity");
        assert_int_equal(host.calls, 1);
        shelf_close(&all);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(the_host_chooses),
                cmocka_unit_test(the_host_may_refuse),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
