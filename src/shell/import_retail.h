/*
 * What the files of the retail replay share. The rules of the replay are written down in
 * docs/guide/retail.md; tests/retail/recompute.py follows the same rules on its own.
 */
#ifndef ORDERCORE_SHELL_IMPORT_RETAIL_H
#define ORDERCORE_SHELL_IMPORT_RETAIL_H

#include "shell.h"

/* Reads records of CSV (RFC 4180) from bytes that it changes on the way. */
typedef struct csv {
        char *at;
        char *end;
        int64_t line;      /* where the record at hand begins, from 1 */
        int64_t next_line; /* where the next one begins */
} csv;

enum { CSV_FIELDS = 8 };

/* The next record: 1, with its first fields lent from the bytes and in *count how many there are;
 * 0 at the end; -1 for a record that is none: *why says so, and reading goes on behind the
 * physical line in which it began. Empty lines are passed over. */
int csv_next(csv *self, ocore_str fields[CSV_FIELDS], size_t *count, const char **why);

/* Texts and the numbers they are known by: 0, 1, 2 … in the order they were first seen. */
typedef struct names {
        ocore_str *texts; /* by number; the bytes are the caller's */
        size_t count;
        size_t room;
        size_t *slots; /* number + 1; 0: free */
        size_t slot_count;
} names;

/* The number of a text, a new one for a new text. 0 without memory. */
int names_number(names *self, ocore_str text, size_t *number);
void names_free(names *self);

/* A hash of some bytes and of what was hashed before them: FNV-1a (Fowler, Noll, Vo, 1991). */
#define NAMES_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t names_hash(uint64_t before, ocore_str text);

/* An array with room for `need` items of `size` bytes: the same, or moved; NULL without memory,
 * and the old one is still there. */
void *array_grow(void *array, size_t *room, size_t need, size_t size);

#define RETAIL_NOBODY SIZE_MAX /* a customer that is not known */

/* A code of the files. */
typedef struct retail_sku {
        ocore_str code; /* in upper case */
        int64_t kind;   /* OCORE_PRODUCT_… */
        int put;        /* it is a product already */
        int named;      /* one of its lines has a description */
        int64_t available;
        int64_t wanted; /* on the day at hand */
} retail_sku;

/* A line that is taken. */
typedef struct retail_line {
        ocore_str name; /* of its sku, on the first line that says it; else empty */
        size_t invoice;
        size_t sku;
        size_t order; /* in which it was read */
        int64_t quantity;
        int64_t price_minor;
        int64_t number; /* in the order it became part of; 0: none */
        int64_t left;   /* of what was delivered, not yet returned */
        size_t older;   /* the line that its customer bought before, + 1; 0: none */
} retail_line;

/* An invoice: a sale (positive lines), corrections (negative ones), or, beginning with C, a
 * cancellation. */
typedef struct retail_invoice {
        ocore_str number;
        size_t customer;
        size_t order; /* in which it was first read */
        int64_t at_us;
        size_t first; /* of its lines */
        size_t line_count;
        int cancels;
} retail_invoice;

/* Why a line is left out. */
enum {
        RETAIL_BAD_CSV,
        RETAIL_BAD_FIELD,
        RETAIL_NO_SALE,
        RETAIL_BELOW_ZERO,
        RETAIL_NOTHING,
        RETAIL_WRONG_SIGN,
        RETAIL_NO_STOCK,
        RETAIL_REASONS
};
extern const char *const retail_reasons[RETAIL_REASONS];

/* What the files say, in the order in which it happened. */
typedef struct retail {
        char **files; /* their bytes, which texts are lent from */
        size_t file_count;
        names codes; /* its numbers are those of `skus` */
        names customers;
        retail_sku *skus;
        size_t sku_room;
        retail_line *lines; /* by invoice, then as read */
        size_t line_count;
        size_t line_room;
        retail_invoice *invoices; /* by time, then as first read */
        size_t invoice_count;
        size_t invoice_room;
        names numbers; /* of invoices, before they are put in order */
        int64_t lines_read;
        int64_t lines_left_out[RETAIL_REASONS];
} retail;

/* Reads the files. SHELL_DONE, or what to end with after a message; to be freed in any case. */
int retail_read(retail *self, int file_count, char **files);
void retail_free(retail *self);

/* Units of a line that came back. */
typedef struct piece {
        size_t line;
        int64_t quantity;
} piece;

/* What was done, for the summary. */
typedef struct counts {
        int64_t days;
        int64_t products;
        int64_t received;
        int64_t orders;
        int64_t order_lines;
        int64_t sold;
        int64_t sales_minor;
        int64_t returns;
        int64_t return_lines;
        int64_t returned;
        int64_t refunds_minor;
        int64_t unmatched_lines;
        int64_t unmatched;
        int64_t credits;
        int64_t credits_minor;
        int64_t corrections;
        int64_t corrected;
        int64_t done;
        int64_t already;
} counts;

/* A replay while it runs. */
typedef struct replay {
        shell *shell;
        ocore_core *core;
        retail data;
        counts counts;
        size_t *newest; /* by customer: the line bought last, + 1 */
        size_t unit_weight;
        ocore_draft_line *draft_lines; /* as many as the largest invoice has */
        ocore_stock_line *stock_lines; /* likewise, and for a receipt */
        piece *pieces;
        size_t piece_count;
        size_t piece_room;
        char day[OCORE_TIME_TEXT_SIZE];
} replay;

/* The id of a command of an invoice; `more` tells apart what an invoice has several of. */
ocore_id replay_id(const retail_invoice *invoice, const char *role, ocore_str more);
ocore_quantity replay_pieces(int64_t quantity);
ocore_stock_line replay_stock_line(const retail_sku *sku, int64_t quantity);
/* Counts a command by its status; 0 after a message when it failed. */
int replay_ran(replay *self, int status, const char *command, ocore_str of);
/* Before a command: writes the unit that is open if it is heavy enough, and begins one. */
int replay_weigh(replay *self, size_t weight);
/* Takes the first of self->stock_lines in; 0 after a message. */
int replay_receive(replay *self, ocore_id id, ocore_str reason, size_t line_count);
/* Replays an invoice that begins with C (import_returns.c); 0 after a message. */
int replay_cancellation(replay *self, const retail_invoice *invoice);

#endif
