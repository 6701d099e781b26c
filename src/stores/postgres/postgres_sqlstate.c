/*
 * From SQLSTATE to action: the one place that knows what the server's codes mean for a batch.
 * tests/postgres/sqlstate_test.c has a case for each row.
 */
#include "postgres_store.h"

#include <string.h>

/* A row for a whole class has two characters. The first row that fits counts. */
static const struct {
        const char *state;
        int action;
} rows[] = {
        /* Others were in the way; PostgreSQL rolled everything back. */
        {"40001", OCORE__PG_AGAIN}, /* serialization_failure */
        {"40P01", OCORE__PG_AGAIN}, /* deadlock_detected */
        {"55P03", OCORE__PG_AGAIN}, /* lock_not_available */
        /* Nobody can say whether the commit took place. */
        {"40003", OCORE__PG_UNKNOWN}, /* statement_completion_unknown */
        /* The server cannot read what we sent: nothing was done, and the same again would be the
         * same. (Where a session ends with it, postgres_exchange.c knows better.) */
        {"08P01", OCORE__PG_PERMANENT}, /* protocol_violation */
        /* Class 08 comes from what stands between: it may have passed the commit on. */
        {"08", OCORE__PG_UNKNOWN},
        /* An expectation that does not hold: our own division by zero, a key that is taken, a
         * number beyond 64 bits. */
        {"22012", OCORE__PG_TAKEN}, /* division_by_zero */
        {"22003", OCORE__PG_TAKEN}, /* numeric_value_out_of_range */
        {"23505", OCORE__PG_TAKEN}, /* unique_violation */
        /* This server is no primary (any more), or is going away. */
        {"25006", OCORE__PG_RECONNECT}, /* read_only_sql_transaction */
        {"57P01", OCORE__PG_RECONNECT}, /* admin_shutdown */
        {"57P02", OCORE__PG_RECONNECT}, /* crash_shutdown */
        {"57P03", OCORE__PG_RECONNECT}, /* cannot_connect_now */
        {"57P05", OCORE__PG_RECONNECT}, /* idle_session_timeout */
        /* The statements are not those that we prepared: a pooler, or DISCARD ALL by the host. */
        {"26000", OCORE__PG_PREPARE}, /* invalid_sql_statement_name */
        {"42P05", OCORE__PG_PREPARE}, /* duplicate_prepared_statement */
        {"0A000", OCORE__PG_PREPARE}, /* feature_not_supported: the plan's tables have changed */
};

int ocore__pg_action(const char *state)
{
        size_t n;

        if (state == NULL || state[0] == '\0')
                return OCORE__PG_UNKNOWN;
        for (n = 0; n < sizeof rows / sizeof rows[0]; n++) {
                if (strncmp(state, rows[n].state, strlen(rows[n].state)) == 0)
                        return rows[n].action;
        }
        return OCORE__PG_PERMANENT;
}
