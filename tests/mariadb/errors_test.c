/*
 * Proves that each error of MariaDB leads to the one right action, before a COMMIT can have been
 * reached and after: one test for each row. The expected actions are written here once more, by
 * what they mean to whoever placed the order, apart from the store's own table.
 */
#include "stores/mariadb/mariadb_store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct error_case {
        const char *name;
        unsigned code;
        const char *sqlstate;
        ocore__mariadb_action before; /* no COMMIT can have been reached */
        ocore__mariadb_action at;     /* it may have been */
} error_case;

#define PERMANENT OCORE__MARIADB_PERMANENT
#define AGAIN OCORE__MARIADB_AGAIN
#define JUDGE OCORE__MARIADB_JUDGE
#define RECONNECT OCORE__MARIADB_RECONNECT
#define NEXT_HOST OCORE__MARIADB_NEXT_HOST
#define ASK OCORE__MARIADB_ASK
#define NO_MEMORY OCORE__MARIADB_NO_MEMORY

static const error_case cases[] = {
        /* "Rolled back" is an answer, also from COMMIT: the whole batch again. */
        {"1020 changed since read", 1020, "HY000", AGAIN, AGAIN},
        {"1205 lock wait timeout", 1205, "HY000", AGAIN, AGAIN},
        {"1213 deadlock or lost certification", 1213, "40001", AGAIN, AGAIN},
        {"1412 table altered", 1412, "HY000", AGAIN, AGAIN},
        {"any 40001", 9999, "40001", AGAIN, AGAIN},
        /* So is "not as expected". */
        {"1022 duplicate key", 1022, "23000", JUDGE, JUDGE},
        {"1062 duplicate entry", 1062, "23000", JUDGE, JUDGE},
        {"1264 out of range", 1264, "22003", JUDGE, JUDGE},
        {"1586 duplicate entry with key name", 1586, "23000", JUDGE, JUDGE},
        {"1644 signal", 1644, "45000", JUDGE, JUDGE},
        {"1690 value out of range", 1690, "22003", JUDGE, JUDGE},
        /* Without an answer: safe to send again only before COMMIT. */
        {"1158 read error", 1158, "08S01", RECONNECT, ASK},
        {"1159 read timeout", 1159, "08S01", RECONNECT, ASK},
        {"1160 write error", 1160, "08S01", RECONNECT, ASK},
        {"1161 write timeout", 1161, "08S01", RECONNECT, ASK},
        {"1927 connection killed", 1927, "70100", RECONNECT, ASK},
        {"2002 no socket", 2002, "HY000", RECONNECT, ASK},
        {"2003 no port", 2003, "HY000", RECONNECT, ASK},
        {"2006 gone away", 2006, "HY000", RECONNECT, ASK},
        {"2013 lost", 2013, "HY000", RECONNECT, ASK},
        {"2055 lost, in more words", 2055, "HY000", RECONNECT, ASK},
        /* Another host may take it. */
        {"1040 too many connections", 1040, "08004", NEXT_HOST, ASK},
        {"1047 not in the cluster", 1047, "08S01", NEXT_HOST, ASK},
        {"1053 shutting down", 1053, "08S01", NEXT_HOST, ASK},
        {"1290 read-only", 1290, "HY000", NEXT_HOST, ASK},
        {"1836 read-only mode", 1836, "HY000", NEXT_HOST, ASK},
        {"any 08S01", 9999, "08S01", NEXT_HOST, ASK},
        /* The same again would fail again; at COMMIT it says nothing of the outcome. */
        {"1021 disk full", 1021, "HY000", PERMANENT, ASK},
        {"1045 access denied", 1045, "28000", PERMANENT, ASK},
        {"1142 no privilege", 1142, "42000", PERMANENT, ASK},
        {"1146 no such table", 1146, "42S02", PERMANENT, ASK},
        {"1153 packet too large", 1153, "08S01", PERMANENT, ASK},
        {"1180 error during commit", 1180, "HY000", PERMANENT, ASK},
        {"1317 interrupted", 1317, "70100", PERMANENT, ASK},
        {"1406 data too long", 1406, "22001", PERMANENT, ASK},
        {"1969 statement timeout", 1969, "70100", PERMANENT, ASK},
        {"an error unknown today", 9999, "HY000", PERMANENT, ASK},
        {"2008 client out of memory", 2008, "HY000", NO_MEMORY, ASK},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static void test_error(void **state)
{
        const error_case *self = *state;

        assert_int_equal(ocore__mariadb_decide(self->code, self->sqlstate, OCORE__MARIADB_NOT_SENT),
                self->before);
        assert_int_equal(ocore__mariadb_decide(self->code, self->sqlstate, OCORE__MARIADB_RUNNING),
                self->before);
        assert_int_equal(
                ocore__mariadb_decide(self->code, self->sqlstate, OCORE__MARIADB_COMMITTING),
                self->at);
}

int main(void)
{
        struct CMUnitTest tests[CASES];
        size_t n;

        memset(tests, 0, sizeof tests);
        for (n = 0; n < CASES; n++) {
                tests[n].name = cases[n].name;
                tests[n].test_func = test_error;
                tests[n].initial_state = (void *)(uintptr_t)&cases[n];
        }
        return cmocka_run_group_tests_name("mariadb errors", tests, NULL, NULL);
}
