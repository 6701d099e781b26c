/*
 * Proves that the PostgreSQL store only speaks what the distributed engines behind the same
 * protocol understand too. Every text that the store can send, for the library's own tables and
 * for the toy tables, at each isolation level and on the host's connection, is read word by word:
 * each word outside quotes must stand in the short list of its kind of statement, so that nothing
 * new comes in unseen: no sequence, foreign key, trigger, procedure, temporary table, lock by hand,
 * LISTEN, volatile function, other type or second statement. The reader is shown texts that break
 * each rule, and must find them.
 */
#include "engine/core.h"
#include "stores/postgres/postgres_store.h"

#include "../contract/suite_private.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

/* What rows are read and written with. Functions: unnest, count, coalesce; none is volatile. */
#define ROWS                                                                                       \
        "select insert into values update as set from where and or not null is with by on using "  \
        "delete returning case when then else end between join t x u n revision unnest count "     \
        "coalesce bigint text bytea uuid false "
#define TYPES "bigint text bytea uuid "

/* The words of each kind of text. */
static const struct {
        const char *what;
        const char *words;
} lists[] = {
        {"insert", ROWS},
        {"update", ROWS},
        {"delete", ROWS},
        {"add", ROWS},
        /* The one place where rows are held without being changed. */
        {"check", ROWS "for share of "},
        {"select", ROWS "order desc nulls first last limit "},
        {"table", TYPES "create table if not exists collate null default primary key "},
        {"column", TYPES "alter table add column if not exists collate null default "},
        {"index", "create unique index if not exists on nulls first where is null "},
        {"drop", "drop view index if exists "},
        {"policy", "create policy on using with check alter table enable force row level security "
                   "nullif current_setting true bigint "},
        {"view", "create or replace view with security_barrier as select case when then else end "
                 "nullif encode timestamptz interval text from where current_setting true bigint "},
        {"layout", ROWS "conflict do excluded value "},
        {"set", "set client_min_messages plan_cache_mode enable_seqscan enable_hashjoin "
                "enable_mergejoin enable_bitmapscan enable_material enable_memoize jit "
                "default_transaction_isolation "},
        {"release", "deallocate "},
        {"savepoint",
                "savepoint release rollback to select set_config coalesce current_setting true "},
        {"fixed", "begin isolation level repeatable read only commit rollback select "
                  "current_schema current_setting set_config true nullif rolsuper or rolbypassrls "
                  "from "
                  "pg_catalog.pg_roles where rolname current_user pg_catalog.pg_class "
                  "pg_catalog.pg_namespace pg_catalog.pg_attribute pg_catalog.pg_type "
                  "pg_catalog.pg_collation pg_catalog.pg_index pg_catalog.pg_policy "
                  "pg_catalog.array_to_string count coalesce text as on and not is null in join "
                  "left order by collate any c s a t co i p x "},
};

/* Whether a list has the word. */
static int has_word(const char *list, const char *word, size_t size)
{
        for (; *list != '\0'; list += strcspn(list, " "), list += *list == ' ') {
                if (strcspn(list, " ") == size && strncasecmp(list, word, size) == 0)
                        return 1;
        }
        return 0;
}

/* Columns of arrays (c0, x.p1), and columns of the catalogue behind their table's letter. */
static int is_column(const char *what, const char *word, size_t size)
{
        size_t at = size > 2 && strncmp(word, "x.", 2) == 0 ? 2 : 0;

        if (strcmp(what, "fixed") == 0 && memchr(word, '.', size) != NULL &&
                strncmp(word, "pg_catalog.", 11) != 0)
                return 1;
        if (size == at + 1 && at == 2 && word[at] == 'n')
                return 1;
        if (size < at + 2 || (word[at] != 'c' && word[at] != 'p'))
                return 0;
        for (at++; at < size && isdigit((unsigned char)word[at]); at++)
                ;
        return at == size;
}

/* "t." and "excluded." stand before quoted columns. */
static size_t word_size(const char *text)
{
        size_t size = 0;

        while (isalnum((unsigned char)text[size]) || text[size] == '_' || text[size] == '.')
                size++;
        return size > 0 && text[size - 1] == '.' ? size - 1 : size;
}

/* The first thing in the text that must not be there, NULL for none. */
static const char *lint(const char *what, const char *text)
{
        const char *words = NULL;
        const char *at;
        size_t n;

        for (n = 0; n < sizeof lists / sizeof lists[0]; n++) {
                if (strcmp(lists[n].what, what) == 0)
                        words = lists[n].words;
        }
        if (words == NULL)
                return text;
        if (strcmp(what, "table") == 0 && strstr(text, "PRIMARY KEY(\"tenant\"") == NULL)
                return text;
        for (at = text; *at != '\0';) {
                size_t size = word_size(at);

                if (*at == '\'' || *at == '"') {
                        const char *end = strchr(at + 1, *at);

                        if (end == NULL)
                                return at;
                        at = end + 1;
                } else if (isdigit((unsigned char)*at)) {
                        at += size;
                } else if (size > 0) {
                        if (!has_word(words, at, size) && !is_column(what, at, size))
                                return at;
                        if (size == 3 && strncasecmp(at, "for", 3) == 0 &&
                                strncmp(at + size, " SHARE OF t)", 12) != 0)
                                return at;
                        /* Text compares by bytes, or not at all. */
                        if (size == 7 && strncasecmp(at, "collate", 7) == 0 &&
                                strncmp(at + size, " \"C\"", 4) != 0)
                                return at;
                        at += size;
                } else if (strchr(" ,()=<>+/|:[]$*.-", *at) == NULL) {
                        return at;
                } else {
                        at++;
                }
        }
        return NULL;
}

typedef struct reading {
        int host;
        int texts;
        int savepoints;
        int wrong;
        char held[8]; /* which texts hold rows */
} reading;

static void visit(void *self, const char *what, const char *text)
{
        reading *found = self;
        const char *wrong = lint(what, text);

        found->texts++;
        found->savepoints += strcmp(what, "savepoint") == 0;
        if (strcmp(what, "check") == 0)
                (void)snprintf(found->held, sizeof found->held, "%s",
                        strstr(text, "FOR SHARE") != NULL ? "held" : "free");
        if (wrong != NULL) {
                found->wrong++;
                print_error("%s: \"%.40s\" in: %s\n", what, wrong, text);
        }
}

static void read_all(const ocore_schema *schema, int64_t isolation, int host, const char *held)
{
        reading found = {.host = host};

        assert_int_equal(ocore__pg_every_text(schema, isolation, host, visit, &found), OCORE_OK);
        assert_int_equal(found.wrong, 0);
        assert_int_equal(found.savepoints > 0, host);
        assert_string_equal(found.held, held);
        /* Every table has at least its making, five kinds of writes in two forms and its reads. */
        assert_true((size_t)found.texts > schema->table_count * 20);
        print_message("# %d texts of %zu tables\n", found.texts, schema->table_count);
}

static void test_own_tables(void **state)
{
        (void)state;
        read_all(&ocore__schema, OCORE_POSTGRES_READ_COMMITTED, 0, "held");
        read_all(&ocore__schema, OCORE_POSTGRES_REPEATABLE_READ, 0, "held");
        read_all(&ocore__schema, OCORE_POSTGRES_SERIALIZABLE, 0, "free");
        read_all(&ocore__schema, OCORE_POSTGRES_READ_COMMITTED, 1, "held");
}

static void test_toy_tables(void **state)
{
        (void)state;
        read_all(&ocore__toy_schema, OCORE_POSTGRES_READ_COMMITTED, 0, "held");
        read_all(&ocore__toy_grown, OCORE_POSTGRES_SERIALIZABLE, 1, "held");
}

/* The reader must be able to find what it looks for. */
static void test_reader_finds(void **state)
{
        static const struct {
                const char *what;
                const char *text;
        } bad[] = {
                {"table", "CREATE TABLE a(\"tenant\" bigserial, PRIMARY KEY(\"tenant\"))"},
                {"table", "CREATE TABLE IF NOT EXISTS \"a\"(\"tenant\" integer NOT NULL, "
                          "PRIMARY KEY(\"tenant\"))"},
                {"table", "CREATE TABLE IF NOT EXISTS \"a\"(\"id\" uuid NOT NULL, "
                          "PRIMARY KEY(\"id\"))"},
                {"table", "CREATE TABLE IF NOT EXISTS \"a\"(\"tenant\" bigint GENERATED ALWAYS AS "
                          "IDENTITY, PRIMARY KEY(\"tenant\"))"},
                {"table", "CREATE TABLE IF NOT EXISTS \"a\"(\"tenant\" bigint NOT NULL REFERENCES "
                          "\"b\", PRIMARY KEY(\"tenant\"))"},
                {"table", "CREATE TABLE IF NOT EXISTS \"a\"(\"tenant\" bigint NOT NULL, \"b\" text "
                          "COLLATE \"de_DE\", PRIMARY KEY(\"tenant\"))"},
                {"table", "CREATE TEMPORARY TABLE \"a\"(PRIMARY KEY(\"tenant\"))"},
                {"insert", "INSERT INTO \"a\" VALUES (now())"},
                {"insert", "INSERT INTO \"a\" VALUES (nextval('s'))"},
                {"insert", "INSERT INTO \"a\" VALUES (1); SELECT 1"},
                {"insert", "INSERT INTO \"a\" VALUES (gen_random_uuid())"},
                {"insert", "INSERT INTO \"a\" VALUES ($1::integer)"},
                {"select", "SELECT 1 FROM \"a\" FOR SHARE"},
                {"select", "SELECT 1 FROM \"a\" FOR UPDATE"},
                {"select", "SELECT 1 FROM \"a\" ORDER BY t.\"b\" OFFSET 5"},
                {"select", "SELECT pg_advisory_lock(1)"},
                {"check", "SELECT 1 FROM \"a\" FOR UPDATE"},
                {"update", "LOCK TABLE \"a\""},
                {"update", "TRUNCATE \"a\""},
                {"fixed", "LISTEN \"a\""},
                {"fixed", "SAVEPOINT \"a\""},
                {"fixed", "DO $$ BEGIN END $$"},
                {"fixed", "CREATE FUNCTION"},
                {"layout", "CREATE TRIGGER"},
                {"other", "SELECT 1"},
        };
        size_t n;

        (void)state;
        for (n = 0; n < sizeof bad / sizeof bad[0]; n++) {
                if (lint(bad[n].what, bad[n].text) == NULL)
                        print_error("not found: %s\n", bad[n].text);
                assert_non_null(lint(bad[n].what, bad[n].text));
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_own_tables),
                cmocka_unit_test(test_toy_tables),
                cmocka_unit_test(test_reader_finds),
        };

        return cmocka_run_group_tests_name("postgres store speaks portably", tests, NULL, NULL);
}
