/*
 * What a journal in a file costs beside the disk alone: orders of five lines are placed on a
 * journal store, one or a hundred to a unit, and the bytes that it has appended are then
 * appended to a bare file, each record with its own fdatasync, in the same run and in turns: to
 * a file that grows, and to one that was grown ahead as the journal's is. The same with plain
 * rows in the place of orders, which is the store without the library's decisions. Prints
 * medians and their ratio, asserts nothing.
 */
#define _POSIX_C_SOURCE 200809L

#include "bench.h"

#include <ordercore/journal.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, HEAD = 32, ALIGN = 16, STEP = 1048576 };

/* Rows for the store alone, without orders: as many bytes as an order has. */
enum { ROWS = 20, ROW_TEXT = 64 };
static const ocore_field row_fields[] = {
        {"tenant", "", NULL, OCORE_FIELD_INTEGER, 0, OCORE_FIELD_NOWHERE, 0},
        {"number", "", NULL, OCORE_FIELD_INTEGER, 0, OCORE_FIELD_NOWHERE, 0},
        {"text", "", NULL, OCORE_FIELD_TEXT, 0, OCORE_FIELD_NOWHERE, 0},
};
static const ocore_record row_record = {"row", row_fields, sizeof row_fields[0], 3, 3, 0};
static const ocore_table row_table = {"row", &row_record, NULL, 2, 0, 0, 1, 0, 0};
static const ocore_table *const row_tables[] = {&row_table};
static const ocore_schema row_schema = {row_tables, 1, 1, 1};

typedef struct contest {
        bench_library library; /* its core is NULL where the store is measured alone */
        bench_source source;
        bench_order *orders;
        int64_t count; /* of orders in a round */
        int unit;      /* orders written together */
        int64_t rows;  /* written so far */
        char paths[3][PATH_SIZE];
        int journal;          /* the journal's file, for reading */
        int bare[2];          /* growing; grown ahead */
        int64_t at[3];        /* ends: the journal's records, the bare files */
        int64_t ahead;        /* how far the second bare file was grown */
        unsigned char *bytes; /* of the last round's records */
        size_t size;
} contest;

/* Batches of rows in the place of orders. */
static double rows_round(contest *self)
{
        static char text[ROW_TEXT];
        const ocore_store store = self->library.store;
        const size_t count = (size_t)self->unit * ROWS;
        ocore_cell(*cells)[3] = calloc(count, sizeof *cells);
        ocore_write *writes = calloc(count, sizeof *writes);
        double begin;
        if (cells == NULL || writes == NULL)
                bench_failed("journal", "no memory");
        memset(text, 'x', sizeof text);
        for (size_t i = 0; i < count; i++) {
                cells[i][0].type = cells[i][1].type = OCORE_CELL_NUMBER;
                cells[i][2].type = OCORE_CELL_TEXT;
                cells[i][2].as.text = (ocore_str){text, sizeof text};
                writes[i] = (ocore_write){.table = &row_table,
                        .cells = cells[i],
                        .kind = OCORE_WRITE_INSERT,
                        .cell_count = 3};
        }
        begin = bench_now_s();
        for (int64_t done = 0; done < self->count; done += self->unit) {
                ocore_refusal refusal;
                for (size_t i = 0; i < count; i++)
                        cells[i][1].as.number = self->rows++;
                if (store.ops->write(store.self, writes, count, &refusal) != OCORE_OK)
                        bench_failed("journal", "the rows cannot be written");
        }
        begin = bench_now_s() - begin;
        free(cells);
        free(writes);
        return (double)self->count / begin;
}

static double library_round(contest *self)
{
        double begin;
        if (self->library.core == NULL)
                return rows_round(self);
        bench_orders_make(&self->source, self->orders, self->count);
        begin = bench_now_s();
        for (int64_t i = 0; i < self->count; i++) {
                if (self->unit > 1 && i % self->unit == 0)
                        bench_library_must(
                                &self->library, ocore_unit_begin(self->library.core), "unit");
                bench_library_place(&self->library, &self->orders[i]);
                if (self->unit > 1 && (i + 1) % self->unit == 0)
                        bench_library_must(
                                &self->library, ocore_unit_commit(self->library.core), "unit");
        }
        return (double)self->count / (bench_now_s() - begin);
}

static size_t record_size(const unsigned char *head)
{
        const size_t payload = (size_t)head[4] | (size_t)head[5] << 8 | (size_t)head[6] << 16 |
                               (size_t)head[7] << 24;
        return (HEAD + payload + ALIGN - 1) / ALIGN * ALIGN;
}

/* Reads what the last round has appended. */
static void collect(contest *self)
{
        unsigned char head[HEAD];
        int64_t end = self->at[0];
        while (pread(self->journal, head, HEAD, (off_t)end) == HEAD && memcmp(head, "OCJ1", 4) == 0)
                end += (int64_t)record_size(head);
        self->size = (size_t)(end - self->at[0]);
        self->bytes = realloc(self->bytes, self->size + 1);
        if (self->bytes == NULL || pread(self->journal, self->bytes, self->size,
                                           (off_t)self->at[0]) != (ssize_t)self->size)
                bench_failed("journal", "its file cannot be read");
        self->at[0] = end;
}

/* The same records, each appended and synced. */
static double bare_round(contest *self, int ahead)
{
        const double begin = bench_now_s();
        int64_t *at = &self->at[1 + ahead];
        for (size_t done = 0; done < self->size;) {
                const size_t size = record_size(self->bytes + done);
                if (ahead && *at + (int64_t)size > self->ahead) {
                        static const char zeros[STEP];
                        if (pwrite(self->bare[1], zeros, STEP, (off_t)self->ahead) != STEP)
                                bench_failed("bare", "the file cannot be grown");
                        self->ahead += STEP;
                        continue;
                }
                if (pwrite(self->bare[ahead], self->bytes + done, size, (off_t)*at) !=
                                (ssize_t)size ||
                        fdatasync(self->bare[ahead]) != 0)
                        bench_failed("bare", "the file cannot be written");
                *at += (int64_t)size;
                done += size;
        }
        return (double)self->count / (bench_now_s() - begin);
}

static void contest_open(contest *self, int alone, const char *folder)
{
        static const char *const names[] = {"journal", "growing", "ahead"};
        ocore_journal_config config = {.struct_size = sizeof config, .compact_bytes = -1};
        ocore_store store;
        for (int i = 0; i < 3; i++) {
                snprintf(self->paths[i], PATH_SIZE, "%s/bench_%s.journal", folder, names[i]);
                (void)unlink(self->paths[i]);
                if (i > 0)
                        self->bare[i - 1] = open(self->paths[i], O_RDWR | O_CREAT, 0600);
        }
        config.path = self->paths[0];
        if (ocore_journal_store(&config, &store) != OCORE_OK)
                bench_failed("journal", "its file cannot be made");
        if (alone) {
                self->library.store = store;
                if (store.ops->open(store.self, &row_schema) != OCORE_OK)
                        bench_failed("journal", "it cannot be opened");
        } else {
                bench_library_open(&self->library, store);
                bench_library_shop(&self->library);
        }
        self->journal = open(self->paths[0], O_RDONLY);
        if (self->journal < 0 || self->bare[0] < 0 || self->bare[1] < 0)
                bench_failed("journal", "the files cannot be opened");
        /* Everybody's first round is slower. */
        library_round(self);
        collect(self);
        bare_round(self, 0);
        bare_round(self, 1);
}

static void contest_close(contest *self)
{
        if (self->library.core != NULL)
                bench_library_close(&self->library);
        else
                ocore_store_close(self->library.store);
        close(self->journal);
        close(self->bare[0]);
        close(self->bare[1]);
        for (int i = 0; i < 3; i++)
                (void)unlink(self->paths[i]);
        free(self->bytes);
        free(self->orders);
}

static void measure(
        const char *title, int alone, int unit, int64_t orders, int rounds, const char *folder)
{
        contest *self = calloc(1, sizeof *self);
        double ours[BENCH_ROUNDS_MAX], growing[BENCH_ROUNDS_MAX], ahead[BENCH_ROUNDS_MAX];
        double to_growing[BENCH_ROUNDS_MAX], to_ahead[BENCH_ROUNDS_MAX];
        if (self == NULL || (self->orders = calloc((size_t)orders, sizeof *self->orders)) == NULL)
                bench_failed("journal", "no memory");
        self->source.start_us = BENCH_START_US;
        self->unit = unit;
        self->count = orders;
        contest_open(self, alone, folder);
        for (int i = 0; i < rounds; i++) {
                /* In turns; before the library's round the bytes are those of the one before. */
                if (i % 2 == 0)
                        growing[i] = bare_round(self, 0);
                ours[i] = library_round(self);
                if (i % 2 != 0)
                        growing[i] = bare_round(self, 0);
                ahead[i] = bare_round(self, 1);
                collect(self);
                to_growing[i] = ours[i] / growing[i];
                to_ahead[i] = ours[i] / ahead[i];
        }
        printf("%-26s %9.0f /s %9.0f /s %6.2f %9.0f /s %6.2f %8.0f bytes\n", title,
                bench_median(ours, rounds), bench_median(growing, rounds),
                bench_median(to_growing, rounds), bench_median(ahead, rounds),
                bench_median(to_ahead, rounds), (double)self->size / (double)orders);
        fflush(stdout);
        contest_close(self);
        free(self);
}

int main(int count, char **arguments)
{
        const char *folder = ".";
        int rounds = 7;
        for (int at = 1; at < count; at += 2) {
                const char *value = at + 1 < count ? arguments[at + 1] : "";
                if (strcmp(arguments[at], "--folder") == 0 && value[0] != '\0') {
                        folder = value;
                } else if (strcmp(arguments[at], "--rounds") == 0 && atoi(value) > 0 &&
                           atoi(value) <= BENCH_ROUNDS_MAX) {
                        rounds = atoi(value);
                } else {
                        fprintf(stderr, "Usage: %s [--folder DIR] [--rounds N]\n", arguments[0]);
                        return 2;
                }
        }
        bench_names_make();
        printf("orders of %d lines, medians of %d rounds\n%-26s %12s %12s %6s %12s %6s %14s\n",
                BENCH_LINES, rounds, "", "journal", "bare, grows", "ratio", "bare, ahead", "ratio",
                "an order");
        measure("one order a record", 0, 1, 1000, rounds, folder);
        measure("100 orders a record", 0, 100, 5000, rounds, folder);
        measure("the store, 20 rows", 1, 1, 1000, rounds, folder);
        measure("the store, 2,000 rows", 1, 100, 5000, rounds, folder);
        return 0;
}
