/*
 * Proves that a copy and a comparison survive whatever a store or the memory does to them: nothing
 * leaks, nothing is overwritten or believed blindly, and the copy is carried on to its end.
 *
 * How: every call of both ends fails, gets lost or lies once, in every manner of the fault store;
 * every allocation fails once. Afterwards the copy is made again and both ends are compared.
 */
#include "copy_shop.h"

/* One end of a copy under a plan of faults, the copy, and the copy carried on. 1: it was hit. */
static int one_fault(ocore_store from, int64_t rows, int64_t kind, int64_t at, int on_source)
{
        ocore_fault_plan plan = {.struct_size = sizeof plan,
                .kind = kind,
                .at = at,
                .calls = OCORE_FAULT_READS | OCORE_FAULT_WRITES | OCORE_FAULT_OPENS,
                .seed = at};
        heard ears = {0};
        ocore_store inner, to, faulty;
        ocore_copy_config config;
        int status, hit;

        assert_int_equal(ocore_memory_store(NULL, &inner), OCORE_OK);
        if (on_source) {
                /* Closing the faulty source would close the one that all share. */
                ocore_store own;
                const ocore_copy_config all = config_of(from, inner, NULL);

                assert_int_equal(ocore_store_copy(&all, NULL), OCORE_OK);
                assert_int_equal(ocore_memory_store(NULL, &own), OCORE_OK);
                assert_int_equal(ocore_fault_store(inner, &plan, &faulty), OCORE_OK);
                to = own;
                config = config_of(faulty, to, &ears);
        } else {
                assert_int_equal(ocore_fault_store(inner, &plan, &faulty), OCORE_OK);
                to = faulty;
                config = config_of(from, to, &ears);
        }
        status = ocore_store_copy(&config, NULL);
        hit = plan.hits > 0;
        if (!hit)
                assert_int_equal(status, OCORE_OK);
        assert_true(status == OCORE_OK || status == OCORE_STORE || status == OCORE_CORRUPT ||
                    status == OCORE_UNKNOWN || status == OCORE_EXISTS);
        if (status == OCORE_CORRUPT)
                assert_true(ears.sentences > 0);
        plan.kind = plan.down = 0;
        /* A source that left rows out or told an older revision has put that into the target. */
        if (on_source && hit && kind >= OCORE_FAULT_STALE && kind <= OCORE_FAULT_TEXT) {
                ears = (heard){0};
                (void)ocore_store_copy(&config, NULL);
                ears = (heard){0};
                status = ocore_store_compare(&config, NULL);
                assert_true(status == OCORE_OK || status == OCORE_STATE);
        } else {
                const ocore_copy_config again = config_of(on_source ? faulty : from, to, NULL);

                assert_int_equal(ocore_store_copy(&again, NULL), OCORE_OK);
                assert_same(on_source ? faulty : from, to, rows);
        }
        ocore_store_close(faulty);
        if (on_source)
                ocore_store_close(to);
        return hit;
}

static void every_call_of_both_ends_fails_once(void **state)
{
        static const int64_t kinds[] = {OCORE_FAULT_FAIL, OCORE_FAULT_FAIL_ON, OCORE_FAULT_APPLIED,
                OCORE_FAULT_LOST, OCORE_FAULT_CRASH, OCORE_FAULT_CRASH_AFTER, OCORE_FAULT_STALE,
                OCORE_FAULT_MISSING, OCORE_FAULT_TWICE, OCORE_FAULT_SHORT, OCORE_FAULT_FOREIGN,
                OCORE_FAULT_KEY, OCORE_FAULT_TYPE, OCORE_FAULT_NUMBER, OCORE_FAULT_REVISION,
                OCORE_FAULT_TEXT, OCORE_FAULT_REFUSAL};
        int64_t rows, hits = 0;
        ocore_store from;

        (void)state;
        assert_int_equal(ocore_memory_store(NULL, &from), OCORE_OK);
        fill(from);
        rows = count_rows(from);
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
                for (int on_source = 0; on_source < 2; on_source++) {
                        int64_t n = 1;

                        while (one_fault(from, rows, kinds[i], n, on_source)) {
                                n++;
                                hits++;
                        }
                        /* An empty target has no rows to lie about, a source is not written to. */
                        if (kinds[i] < OCORE_FAULT_STALE)
                                assert_true(n > 50);
                }
        assert_true(hits > 1000);
        print_message("# %lld calls failed or lied\n", (long long)hits);
        ocore_store_close(from);
}

/* A comparison under lies says so, and one that cannot read ends. */
static void a_comparison_is_not_deceived(void **state)
{
        int64_t seen = 0, told = 0;
        ocore_store from;

        (void)state;
        assert_int_equal(ocore_memory_store(NULL, &from), OCORE_OK);
        fill(from);
        for (int64_t kind = OCORE_FAULT_STALE; kind <= OCORE_FAULT_TEXT; kind++) {
                ocore_fault_plan plan = {.struct_size = sizeof plan};
                ocore_store inner, to;
                ocore_copy_config config;

                assert_int_equal(ocore_memory_store(NULL, &inner), OCORE_OK);
                assert_int_equal(ocore_fault_store(inner, &plan, &to), OCORE_OK);
                config = config_of(from, to, NULL);
                assert_int_equal(ocore_store_copy(&config, NULL), OCORE_OK);
                for (int64_t n = 1, hits = 1; hits; n++) {
                        int status;

                        plan.kind = kind;
                        plan.at = plan.seed = n;
                        plan.counted = plan.hits = 0;
                        status = ocore_store_compare(&config, NULL);
                        hits = plan.hits;
                        assert_true(status == OCORE_OK || status == OCORE_STATE ||
                                    status == OCORE_CORRUPT);
                        told += hits;
                        seen += hits && status;
                        if (!hits)
                                assert_int_equal(status, OCORE_OK);
                }
                ocore_store_close(to);
        }
        print_message("# %lld of %lld lies were seen\n", (long long)seen, (long long)told);
        assert_number(seen, told);
        ocore_store_close(from);
}

static void every_allocation_fails_once(void **state)
{
        int64_t n = 1, rows;
        int failed = 1;
        ocore_store from;

        (void)state;
        assert_int_equal(ocore_memory_store(NULL, &from), OCORE_OK);
        fill(from);
        rows = count_rows(from);
        for (; failed; n++) {
                test_memory memory = {.fail_at = n};
                const ocore_allocator allocator = test_allocator(&memory);
                ocore_store to;
                ocore_copy_config config;
                int status = ocore_memory_store(&allocator, &to);

                if (!status) {
                        config = config_of(from, to, NULL);
                        config.allocator = allocator;
                        status = ocore_store_copy(&config, NULL);
                        failed = memory.failed;
                        memory.fail_at = 0;
                        assert_int_equal(status, failed ? OCORE_NOMEM : OCORE_OK);
                        assert_int_equal(ocore_store_copy(&config, NULL), OCORE_OK);
                        assert_same(from, to, rows);
                } else {
                        assert_int_equal(status, OCORE_NOMEM);
                }
                ocore_store_close(to);
                assert_number(memory.bytes, 0);
        }
        assert_true(n > 15);
        print_message("# each of %lld allocations\n", (long long)n - 2);
        ocore_store_close(from);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_call_of_both_ends_fails_once),
                cmocka_unit_test(a_comparison_is_not_deceived),
                cmocka_unit_test(every_allocation_fails_once),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
