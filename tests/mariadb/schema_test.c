/*
 * Proves that the MariaDB store makes tables that people and other programs can read, completes an
 * opening that was cut off, lets several open at once, refuses what contradicts the schema with a
 * sentence, and tells rows that cannot be right from a database that others have changed.
 */
#include "suite_private.h"

#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct shop {
        place at;
        ocore_store store;
} shop;

static int set_up(void **state)
{
        shop *self = calloc(1, sizeof *self);

        assert_non_null(self);
        place_open(&self->at, NULL);
        assert_int_equal(place_store(&self->at, NULL, &self->store), OCORE_OK);
        *state = self;
        return 0;
}

static int tear_down(void **state)
{
        shop *self = *state;

        self->store.ops->close(self->store.self);
        place_close(&self->at);
        free(self);
        return 0;
}

static int open_toy(shop *self)
{
        return self->store.ops->open(self->store.self, &ocore__toy_schema);
}

static void insert(shop *self)
{
        toy_row row = ocore__toy_item(1, 5, 2, "cup");
        ocore_write write = ocore__toy_write(OCORE_WRITE_INSERT, TOY_ITEM, &row, 0);
        ocore_refusal refusal;

        row.cells[ITEM_STATE] = ocore__toy_number(2);
        row.cells[ITEM_DUE] = ocore__toy_number(INT64_C(1767607200250000));
        row.cells[ITEM_NAME] = ocore__toy_text("a cup");
        assert_int_equal(self->store.ops->write(self->store.self, &write, 1, &refusal), OCORE_OK);
}

static int take_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        (void)read;
        (void)revision;
        (void)cells;
        (void)cell_count;
        ++*(int *)sink;
        return OCORE_OK;
}

static int read_items(shop *self)
{
        ocore_cell tenant = ocore__toy_number(1);
        ocore_read read = ocore__toy_read(TOY_ITEM, 0, &tenant, 1);
        int rows = 0;
        int status = self->store.ops->read(self->store.self, &read, 1, take_row, &rows);

        if (status == OCORE_OK)
                assert_int_equal(rows, 1);
        return status;
}

static void test_views(void **state)
{
        shop *self = *state;
        char text[256];

        assert_int_equal(open_toy(self), OCORE_OK);
        insert(self);
        place_text(self->at.db,
                "SELECT CONCAT_WS('|', owner, line, sku, state, due, name, revision) "
                "FROM v_toy_item",
                text, sizeof text);
        assert_string_equal(text, "00000000-0000-0000-0000-000000000005|2|cup|done|"
                                  "2026-01-05T10:00:00.250000Z|a cup|1");
        place_run(self->at.db, "UPDATE toy_item SET due_us = 1767607200000000, state = 77");
        place_text(self->at.db, "SELECT CONCAT_WS('|', state, due) FROM v_toy_item", text,
                sizeof text);
        assert_string_equal(text, "77|2026-01-05T10:00:00Z");
        /* Rows of other programs: every column but the key has a default. */
        place_run(self->at.db, "INSERT INTO toy_bin(tenant, code, revision) VALUES(1, 'x', 1)");
}

/* A text column that holds less than the schema asks is made as wide; one that holds more stays. */
static void test_widens(void **state)
{
        static const struct {
                const char *sql;
                const char *table;
                const char *column;
                const char *type;
        } cases[] = {
                {"ALTER TABLE toy_bin MODIFY code varchar(40) COLLATE utf8mb4_nopad_bin NOT NULL",
                        "toy_bin", "code", "varchar(400)|NO"},
                {"ALTER TABLE toy_bin MODIFY code varchar(399) COLLATE utf8mb4_nopad_bin NOT NULL",
                        "toy_bin", "code", "varchar(400)|NO"},
                {"ALTER TABLE toy_bin MODIFY code varchar(401) COLLATE utf8mb4_nopad_bin NOT NULL",
                        "toy_bin", "code", "varchar(401)|NO"},
                {"ALTER TABLE toy_item MODIFY name varchar(64) COLLATE utf8mb4_nopad_bin NULL",
                        "toy_item", "name", "varchar(400)|YES"},
                {"ALTER TABLE toy_bin MODIFY note varchar(400) COLLATE utf8mb4_nopad_bin NULL",
                        "toy_bin", "note", "longtext|YES"},
        };
        shop *self = *state;
        size_t n;

        assert_int_equal(open_toy(self), OCORE_OK);
        insert(self);
        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                char sql[256];
                char type[64];

                place_run(self->at.db, cases[n].sql);
                assert_int_equal(open_toy(self), OCORE_OK);
                (void)snprintf(sql, sizeof sql,
                        "SELECT CONCAT_WS('|', COLUMN_TYPE, IS_NULLABLE) FROM "
                        "information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND "
                        "TABLE_NAME = '%s' AND COLUMN_NAME = '%s'",
                        cases[n].table, cases[n].column);
                place_text(self->at.db, sql, type, sizeof type);
                assert_string_equal(type, cases[n].type);
                assert_int_equal(read_items(self), OCORE_OK);
        }
}

/* Whatever is missing is made, from nothing to nearly all. */
static void test_completes(void **state)
{
        static const char *const cuts[] = {
                "DROP TABLE ordercore_layout",
                "DROP VIEW v_toy_item",
                "DROP VIEW v_group",
                "DROP TABLE `group`",
                "DROP INDEX toy_item_by_name ON toy_item",
                "ALTER TABLE toy_item DROP COLUMN memo",
                "DROP INDEX toy_item_by_sku ON toy_item",
                "ALTER TABLE toy_item DROP INDEX toy_item_by_state, "
                "ADD INDEX toy_item_by_state(sku)",
        };
        shop *self = *state;
        char made[64];
        size_t n;

        assert_int_equal(open_toy(self), OCORE_OK);
        insert(self);
        for (n = 0; n < sizeof cuts / sizeof cuts[0]; n++) {
                place_run(self->at.db, cuts[n]);
                assert_int_equal(open_toy(self), OCORE_OK);
                assert_int_equal(read_items(self), OCORE_OK);
        }
        place_text(self->at.db,
                "SELECT CONCAT_WS('|', (SELECT COUNT(*) FROM information_schema.TABLES WHERE "
                "TABLE_SCHEMA = DATABASE()), (SELECT COUNT(*) FROM information_schema.STATISTICS "
                "WHERE TABLE_SCHEMA = DATABASE()))",
                made, sizeof made);
        assert_string_equal(made, "7|19");
}

static void test_several_at_once(void **state)
{
        shop *self = *state;
        pid_t children[4];
        size_t n;

        for (n = 0; n < sizeof children / sizeof children[0]; n++) {
                children[n] = fork();
                assert_true(children[n] >= 0);
                if (children[n] == 0) {
                        ocore_store store;

                        _exit(place_store(&self->at, NULL, &store) != OCORE_OK ||
                                store.ops->open(store.self, &ocore__toy_grown) != OCORE_OK);
                }
        }
        for (n = 0; n < sizeof children / sizeof children[0]; n++) {
                int status;

                assert_int_equal(waitpid(children[n], &status, 0), children[n]);
                assert_int_equal(status, 0);
        }
        assert_int_equal(self->store.ops->open(self->store.self, &ocore__toy_grown), OCORE_OK);
}

/* A database that cannot be ours, or is from the future, is refused and left as it is. */
static void test_refuses(void **state)
{
        static const struct {
                const char *sql;
                int status;
                const char *words;
        } cases[] = {
                {"UPDATE ordercore_layout SET value = 9 WHERE name = 'version'",
                        OCORE_VERSION_MISMATCH, "layout 9, this library knows up to 1"},
                {"UPDATE ordercore_layout SET value = 9 WHERE name = 'application'", OCORE_CORRUPT,
                        "application 9"},
                {"DELETE FROM ordercore_layout", OCORE_CORRUPT, "application"},
                {"ALTER TABLE toy_bin MODIFY held int", OCORE_CORRUPT, "column held"},
                {"ALTER TABLE toy_bin MODIFY held bigint unsigned", OCORE_CORRUPT, "column held"},
                {"ALTER TABLE toy_bin MODIFY owner binary(15)", OCORE_CORRUPT, "column owner"},
                {"ALTER TABLE toy_bin MODIFY note longtext COLLATE utf8mb4_general_ci",
                        OCORE_CORRUPT, "column note"},
                {"ALTER TABLE toy_bin MODIFY code varchar(400) COLLATE utf8mb4_bin NOT NULL",
                        OCORE_CORRUPT, "column code"},
                {"ALTER TABLE toy_bin DROP COLUMN held, ADD COLUMN held bigint AS (revision)",
                        OCORE_CORRUPT, "column held"},
                {"ALTER TABLE toy_bin DROP COLUMN revision", OCORE_CORRUPT, "column revision"},
                {"ALTER TABLE toy_bin DROP PRIMARY KEY, ADD PRIMARY KEY(code, tenant)",
                        OCORE_CORRUPT, "primary key"},
                {"ALTER TABLE toy_bin ENGINE=Aria", OCORE_CORRUPT, "InnoDB"},
                {"ALTER TABLE toy_bin MODIFY held bigint NULL", OCORE_CORRUPT, "column held"},
                {"ALTER TABLE toy_bin MODIFY revision bigint NULL", OCORE_CORRUPT,
                        "column revision"},
                {"ALTER TABLE toy_bin MODIFY owner binary(16) NOT NULL", OCORE_CORRUPT,
                        "column owner"},
                {"RENAME TABLE toy_bin TO other", OCORE_OK, ""},
                {"DROP VIEW v_toy_bin", OCORE_OK, ""},
        };
        shop *self = *state;
        size_t n;

        for (n = 0; n < sizeof cases / sizeof cases[0]; n++) {
                int status;

                place_empty(&self->at);
                assert_int_equal(mysql_select_db(self->at.db, self->at.database), 0);
                self->store.ops->close(self->store.self);
                assert_int_equal(place_store(&self->at, NULL, &self->store), OCORE_OK);
                assert_int_equal(open_toy(self), OCORE_OK);
                place_run(self->at.db, cases[n].sql);
                status = open_toy(self);
                if (status != cases[n].status)
                        fail_msg("%s: %d", cases[n].sql, status);
                if (strstr(self->store.ops->message(self->store.self, NULL), cases[n].words) ==
                        NULL)
                        fail_msg("%s: \"%s\"", cases[n].sql,
                                self->store.ops->message(self->store.self, NULL));
        }
}

/* Rows that others wrote: a value that no column of ours can hold is not handed on. */
static void test_hostile_rows(void **state)
{
        static const char *const changes[] = {
                "UPDATE toy_item SET revision = 0",
                "UPDATE toy_item SET revision = -1",
                "UPDATE toy_item SET sku = CONCAT('a', CHAR(0), 'b')",
                "ALTER TABLE toy_item MODIFY count bigint NULL",
                "ALTER TABLE toy_item MODIFY memo longblob NULL",
                "ALTER TABLE toy_item MODIFY count varchar(9)",
                "ALTER TABLE toy_item MODIFY sku varbinary(400)",
        };
        static const char *const then[] = {
                NULL,
                NULL,
                NULL,
                "UPDATE toy_item SET count = NULL",
                "UPDATE toy_item SET memo = NULL",
                "UPDATE toy_item SET count = '12x'",
                "UPDATE toy_item SET sku = x'ff'",
        };
        shop *self = *state;
        size_t n;

        for (n = 0; n < sizeof changes / sizeof changes[0]; n++) {
                place_empty(&self->at);
                self->store.ops->close(self->store.self);
                assert_int_equal(place_store(&self->at, NULL, &self->store), OCORE_OK);
                assert_int_equal(open_toy(self), OCORE_OK);
                insert(self);
                assert_int_equal(read_items(self), OCORE_OK);
                place_run(self->at.db, changes[n]);
                if (then[n] != NULL)
                        place_run(self->at.db, then[n]);
                if (read_items(self) != OCORE_CORRUPT)
                        fail_msg("%s was believed", changes[n]);
                assert_true(strlen(self->store.ops->message(self->store.self, NULL)) > 0);
        }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
        const struct CMUnitTest tests[] = {
                TEST(test_views),
                TEST(test_widens),
                TEST(test_completes),
                TEST(test_several_at_once),
                TEST(test_refuses),
                TEST(test_hostile_rows),
        };
        int failed;

        if (place_missing("ORDERCORE_TEST_MARIADB", "mariadb-server"))
                return 0;
        failed = cmocka_run_group_tests_name("mariadb tables", tests, NULL, NULL);
        mysql_library_end();
        return failed;
}
