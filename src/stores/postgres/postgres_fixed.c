/*
 * The texts that are always the same: transactions, settings, and questions about the server and
 * its catalogue.
 */
#include "postgres_store.h"

const char *const ocore__pg_fixed[OCORE__PG_FIXED] = {
        [OCORE__PG_SAVE] = "SAVEPOINT \"ordercore\"",
        [OCORE__PG_RELEASE] = "RELEASE SAVEPOINT \"ordercore\"",
        [OCORE__PG_ROLLBACK_TO] = "ROLLBACK TO SAVEPOINT \"ordercore\"",
        [OCORE__PG_TENANT_LEND] = "SELECT set_config('ordercore.host_tenant', "
                                  "coalesce(current_setting('ordercore.tenant', true), ''), true)",
        [OCORE__PG_TENANT_BACK] = "SELECT set_config('ordercore.tenant', "
                                  "current_setting('ordercore.host_tenant', true), true)",
        [OCORE__PG_SPOIL] = "SELECT 1 / 0",
        /* Several statements see one snapshot. */
        [OCORE__PG_BEGIN] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        [OCORE__PG_COMMIT] = "COMMIT",
        [OCORE__PG_ROLLBACK] = "ROLLBACK",
        /* Until the transaction ends: the connection may serve somebody else next. */
        [OCORE__PG_TENANT] = "SELECT set_config('ordercore.tenant', $1::text, true)",
        [OCORE__PG_SCHEMA] = "SELECT current_schema()",
        [OCORE__PG_TABLES] =
                "SELECT c.relname::text, c.relkind::text, c.relhastriggers OR c.relhasrules, "
                "c.relrowsecurity::text || ' ' || c.relforcerowsecurity::text || ' ' || "
                "(SELECT count(*) FROM pg_catalog.pg_policy AS p WHERE p.polrelid = c.oid "
                "AND p.polname::text = '" OCORE__PG_POLICY "')::text, "
                "a.attname::text, t.typname::text, a.attnotnull, co.collname::text, "
                "a.attnum::text, "
                "i.indkey::text, coalesce(pg_catalog.array_to_string(c.reloptions, ','), '') "
                "FROM pg_catalog.pg_class AS c "
                "JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace "
                "JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 "
                "AND NOT a.attisdropped "
                "JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid "
                "LEFT JOIN pg_catalog.pg_collation AS co ON co.oid = a.attcollation "
                "LEFT JOIN pg_catalog.pg_index AS i ON i.indrelid = c.oid AND i.indisprimary "
                "WHERE s.nspname::text = $1 AND c.relname::text = ANY ($2::text[]) "
                "ORDER BY c.relname::text COLLATE \"C\", a.attnum",
        [OCORE__PG_INDEXES] =
                "SELECT x.relname::text, c.relname::text, i.indisunique, i.indkey::text, "
                "i.indoption::text, i.indpred IS NOT NULL, i.indisvalid "
                "FROM pg_catalog.pg_index AS i "
                "JOIN pg_catalog.pg_class AS x ON x.oid = i.indexrelid "
                "JOIN pg_catalog.pg_class AS c ON c.oid = i.indrelid "
                "JOIN pg_catalog.pg_namespace AS s ON s.oid = x.relnamespace "
                "WHERE s.nspname::text = $1 AND x.relname::text = ANY ($2::text[])",
        [OCORE__PG_RIGHTS] = "SELECT rolsuper OR rolbypassrls FROM pg_catalog.pg_roles "
                             "WHERE rolname = current_user",
        [OCORE__PG_DURABILITY] = "SELECT current_setting('fsync', true), "
                                 "current_setting('synchronous_commit', true), "
                                 "nullif(current_setting('synchronous_standby_names', true), ''), "
                                 "current_setting('client_min_messages', true)",
        [OCORE__PG_SET_READ_COMMITTED] = "SET default_transaction_isolation = 'read committed'",
        [OCORE__PG_SET_REPEATABLE_READ] = "SET default_transaction_isolation = 'repeatable read'",
        [OCORE__PG_SET_SERIALIZABLE] = "SET default_transaction_isolation = 'serializable'",
        /*
         * How a connection of our own plans: rows are always found by an index, in the order in
         * which they are asked for, so that writers hold rows in one order and a plan does not
         * depend on what the statistics happen to say.
         */
        [OCORE__PG_SET_FIRST] = "SET client_min_messages = 'warning'",
        "SET plan_cache_mode = 'force_generic_plan'",
        "SET enable_seqscan = 'off'",
        "SET enable_hashjoin = 'off'",
        "SET enable_mergejoin = 'off'",
        "SET enable_bitmapscan = 'off'",
        "SET enable_material = 'off'",
        "SET enable_memoize = 'off'",
        [OCORE__PG_SET_LAST] = "SET jit = 'off'",
};

void ocore__pg_release_text(ocore__sql *sql, const char *name)
{
        ocore__sql_clear(sql);
        ocore__sql_add(sql, "DEALLOCATE ");
        ocore__sql_name(sql, name, '"');
}
