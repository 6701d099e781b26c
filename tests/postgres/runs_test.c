/*
 * Proves that many rows in one statement are written with the values of each row, whichever of them
 * are alike: random batches of inserts, changes and additions, in which each column is the same in
 * all rows, NULL in all, or different, are written by one store, so that its statements grow out of
 * what was alike before; then every row that it reads is compared with a copy kept here. The server
 * is asked how many statements were left by that: no more than columns for each kind of write.
 */
#include "fixture.h"

enum { ROUNDS = 60, RUN_MAX = 7, ROWS_MAX = ROUNDS * RUN_MAX };

typedef struct known_row {
        toy_row row;
        char code[16];
        int64_t revision;
        int seen;
} known_row;

typedef struct runs {
        fixture base;
        ocore_store store;
        known_row rows[ROWS_MAX];
        int count;
        uint64_t random;
} runs;

static unsigned below(runs *self, unsigned limit)
{
        self->random = self->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (unsigned)(self->random >> 33) % limit;
}

/* A value of the column; `number` tells values apart. */
static ocore_cell value(size_t column, unsigned number)
{
        static const char *const notes[] = {"", "a", "zwei", "\xc3\xa4"};

        switch (column) {
        case BIN_NOTE: return ocore__toy_text(notes[number % 4]);
        case BIN_OWNER: return ocore__toy_id(number);
        case BIN_PHOTO: return ocore__toy_bytes(notes[number % 4], number % 2);
        default: return ocore__toy_number((int64_t)number);
        }
}

static int nullable(size_t column)
{
        return column == BIN_NOTE || column == BIN_OWNER || column == BIN_PHOTO;
}

/* Fills a column of the rows: all alike, all NULL, or each its own. The first rounds are alike. */
static void column_fill(runs *self, known_row *rows, unsigned count, size_t column, int round)
{
        unsigned manner = below(self, round < ROUNDS / 3 ? 8 : 4);
        unsigned number = below(self, 1000);
        unsigned n;

        for (n = 0; n < count; n++) {
                ocore_cell *cell = &rows[n].row.cells[column];

                if (manner == 0)
                        *cell = value(column, number + n);
                else if (manner == 1 && nullable(column))
                        *cell = ocore__toy_null();
                else if (manner == 2 && nullable(column) && n == count - 1)
                        *cell = ocore__toy_null();
                else
                        *cell = value(column, number);
        }
}

static void send(runs *self, const ocore_write *writes, size_t count)
{
        ocore_refusal refusal;
        int status = self->store.ops->write(self->store.self, writes, count, &refusal);

        if (status != OCORE_OK)
                print_error("%s\n", self->store.ops->message(self->store.self, NULL));
        assert_int_equal(status, OCORE_OK);
}

static void insert_run(runs *self, int round)
{
        ocore_write writes[RUN_MAX];
        unsigned count = 1 + below(self, RUN_MAX);
        known_row *rows = self->rows + self->count;
        unsigned n;
        size_t column;

        for (n = 0; n < count; n++) {
                known_row *known = &rows[n];

                (void)snprintf(known->code, sizeof known->code, "c%04d", self->count + (int)n);
                known->row = ocore__toy_bin(1, known->code, 0);
                known->revision = below(self, 4) == 0 ? 5 : 1;
        }
        for (column = BIN_CODE + 1; column < BIN_COLUMNS; column++)
                column_fill(self, rows, count, column, round);
        for (n = 0; n < count; n++)
                writes[n] = ocore__toy_write(
                        OCORE_WRITE_INSERT, TOY_BIN, &rows[n].row, rows[n].revision);
        self->count += (int)count;
        send(self, writes, count);
}

/* A run of rows that are there, from a random one on. */
static known_row *some(runs *self, unsigned *count)
{
        *count = 1 + below(self, RUN_MAX);
        if (*count > (unsigned)self->count)
                *count = (unsigned)self->count;
        return self->rows + below(self, (unsigned)self->count - *count + 1);
}

static void update_run(runs *self, int round)
{
        ocore_write writes[RUN_MAX];
        unsigned count;
        known_row *rows = some(self, &count);
        unsigned n;
        size_t column;

        for (column = BIN_CODE + 1; column < BIN_COLUMNS; column++)
                column_fill(self, rows, count, column, round);
        for (n = 0; n < count; n++) {
                writes[n] = ocore__toy_write(
                        OCORE_WRITE_UPDATE, TOY_BIN, &rows[n].row, rows[n].revision);
                rows[n].revision++;
        }
        send(self, writes, count);
}

static void add_run(runs *self, int round)
{
        ocore_add adds[RUN_MAX][2];
        ocore_write writes[RUN_MAX];
        unsigned count;
        known_row *rows = some(self, &count);
        int alike = round < ROUNDS / 3 || below(self, 2) == 0;
        unsigned amount = below(self, 50);
        unsigned n;

        for (n = 0; n < count; n++) {
                int64_t more = (int64_t)(alike ? amount : amount + n);

                adds[n][0] = (ocore_add){.amount = more, .column = BIN_ORDER};
                adds[n][1] = (ocore_add){.amount = 2 * more, .column = BIN_HELD};
                writes[n] = ocore__toy_add(TOY_BIN, &rows[n].row, adds[n], 2);
                rows[n].row.cells[BIN_ORDER].as.number += more;
                rows[n].row.cells[BIN_HELD].as.number += 2 * more;
                rows[n].revision++;
        }
        send(self, writes, count);
}

static int row_compare(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count)
{
        runs *self = sink;
        int n;
        size_t column;

        assert_int_equal(read, 0);
        assert_int_equal(cell_count, BIN_COLUMNS);
        for (n = 0; n < self->count; n++) {
                known_row *known = &self->rows[n];

                if (ocore__toy_compare(&known->row.cells[BIN_CODE], &cells[BIN_CODE]) != 0)
                        continue;
                assert_int_equal(revision, known->revision);
                for (column = 0; column < BIN_COLUMNS; column++)
                        assert_int_equal(
                                ocore__toy_compare(&known->row.cells[column], &cells[column]), 0);
                known->seen++;
        }
        return OCORE_OK;
}

static void test_runs(void **state)
{
        static runs self;
        ocore_cell tenant = ocore__toy_number(1);
        ocore_read read = ocore__toy_read(TOY_BIN, 0, &tenant, 1);
        int round;
        int n;

        (void)state;
        fixture_start(&self.base);
        self.store = fixture_toy(&self.base, NULL);
        self.random = 20261122;
        for (round = 0; round < ROUNDS; round++) {
                insert_run(&self, round);
                update_run(&self, round);
                add_run(&self, round);
        }
        assert_int_equal(
                self.store.ops->read(self.store.self, &read, 1, row_compare, &self), OCORE_OK);
        for (n = 0; n < self.count; n++)
                assert_int_equal(self.rows[n].seen, 1);
        print_message("# %d rows\n", self.count);
        self.store.ops->close(self.store.self);
        fixture_stop(&self.base);
}

/* The statements that a session of the host's keeps, which can be counted from within. */
static long long inserts_kept(PGconn *host)
{
        return fixture_number(host, "SELECT count(*) FROM pg_prepared_statements "
                                    "WHERE statement LIKE 'INSERT%'");
}

static void test_few_statements(void **state)
{
        static runs self;
        ocore_postgres_config config = {0};
        int round;
        long long kept;

        (void)state;
        fixture_start(&self.base);
        config.connection = fixture_connect(self.base.conninfo);
        self.store = fixture_toy(&self.base, &config);
        self.random = 7;
        for (round = 0; round < ROUNDS; round++)
                insert_run(&self, round);
        kept = inserts_kept(config.connection);
        print_message("# %lld statements for inserts\n", kept);
        /* One for a single row, and for runs one more than there are columns, at most. */
        assert_in_range(kept, 3, BIN_COLUMNS + 3);
        self.store.ops->close(self.store.self);
        assert_int_equal(inserts_kept(config.connection), 0);
        PQfinish(config.connection);
        fixture_stop(&self.base);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_runs),
                cmocka_unit_test(test_few_statements),
        };

        (void)fixture_server();
        return cmocka_run_group_tests_name("runs of rows in postgres", tests, NULL, NULL);
}
