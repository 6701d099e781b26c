/*
 * What the files of the PostgreSQL store share. A store is a connection and, for each table of the
 * schema, its statements: text built once, prepared on the server with their first use, found by
 * number and shape, never by name.
 *
 * Every call is an exchange: statements are queued in libpq's pipeline mode, one Sync ends them,
 * and the results are looked at once all of them are there. So a call that failed can be sent
 * again: nobody has seen a row of it.
 */
#ifndef ORDERCORE_STORES_POSTGRES_H
#define ORDERCORE_STORES_POSTGRES_H

#include "stores/sql/sql_place.h"
#include "stores/sql/sql_text.h"

#include <libpq-fe.h>
#include <ordercore/postgres.h>

/* What has to be done after an exchange; see postgres_sqlstate.c. */
enum {
        OCORE__PG_DONE,
        OCORE__PG_AGAIN,     /* others were in the way: the whole batch once more */
        OCORE__PG_TAKEN,     /* an expectation does not hold: find out which */
        OCORE__PG_PREPARE,   /* the server knows other statements than we thought */
        OCORE__PG_RECONNECT, /* this server does not write any more; nothing was done */
        OCORE__PG_UNKNOWN,   /* it may have been done */
        OCORE__PG_PERMANENT, /* the same again would fail again; nothing was done */
        OCORE__PG_NOMEM      /* no memory on our side; nothing was done */
};

/* The forms of a writing statement: for one row or many; an insert may also count its rows. */
enum { OCORE__PG_ONE, OCORE__PG_MANY, OCORE__PG_COUNTED, OCORE__PG_FORMS = 4 };

typedef struct ocore__pg_statement {
        struct ocore__pg_statement *next;
        uint64_t shape;    /* selects: see ocore__pg_select_shape; adds: the form */
        uint64_t same;     /* a bit for each parameter that all rows of a run must have alike */
        uint32_t *columns; /* adds: the columns, in the order of the write */
        uint32_t count;    /* of them */
        uint64_t session;  /* in which session the server knows it; 0: in none */
        char name[48];     /* under which it knows it */
        char text[1];      /* the SQL, as long as it is */
} ocore__pg_statement;

static inline int ocore__pg_is_same(uint64_t same, size_t parameter)
{
        return parameter < 64 && (same >> parameter & 1) != 0;
}

/* What is known of a column; asked for with every cell that comes back. */
typedef struct ocore__pg_column {
        const ocore_field *field;
        uint32_t type; /* OCORE_CELL_… */
        int nullable;
} ocore__pg_column;

typedef struct ocore__pg_table {
        const ocore_table *table;
        ocore__pg_column *columns;
        size_t column_count;
        ocore__pg_statement *writes[OCORE_WRITE_CHECK + 1][OCORE__PG_FORMS];
        ocore__pg_statement *adds;
        ocore__pg_statement *selects;
        int guard_inserts; /* a trigger or rule of somebody else could swallow rows */
} ocore__pg_table;

/* One queued command, and its result once it is there. */
typedef struct ocore__pg_sent {
        ocore__pg_statement *statement; /* NULL: plain text */
        PGresult *result;
        size_t tag;   /* the caller's, or SIZE_MAX for a fixed text */
        int prepares; /* only makes the statement known */
} ocore__pg_sent;

/* The parameters of the statement that is queued next, in the binary format. */
typedef struct ocore__pg_parameters {
        uint8_t *bytes; /* what is not lent from the caller */
        size_t used;
        size_t room;
        const char **values;
        int *sizes;
        int *formats;
        size_t *places; /* in `bytes`, or SIZE_MAX for what is lent */
        size_t count;
        size_t count_room;
        size_t array; /* where the array under way begins */
        int failed;   /* OCORE_NOMEM or OCORE_STORE (too large) */
} ocore__pg_parameters;

/* What a look-up's statement depends on (postgres_select.c). */
typedef struct ocore__pg_shape {
        uint32_t index;
        uint32_t prefix_count;
        uint32_t prefix_nulls; /* a bit a place */
        uint32_t after_nulls;
        int after;
        int descending;
        int limit;
        int many; /* arrays instead of values; the number of the look-up comes behind the row */
} ocore__pg_shape;

/* Look-ups that one statement answers: a list of their numbers, linked in ocore__pg.links. */
typedef struct ocore__pg_group {
        ocore__pg_table *table;
        ocore__pg_shape shape;
        uint32_t first;
        uint32_t last;
        uint32_t count;
        int batches; /* others may join */
} ocore__pg_group;

typedef struct ocore__pg {
        PGconn *connection;
        char *conninfo; /* NULL: the connection is the host's */
        int64_t isolation;
        int64_t attempts_max;
        int64_t deadline_ms;
        int64_t row_security;
        int64_t tenant;
        char *schema; /* where the tables are */
        const ocore_schema *known;
        ocore__pg_table *tables; /* by table number */
        size_t table_count;
        ocore_cell *row; /* room for the widest row */
        int inside;      /* a call is under way */

        /* The exchange under way. */
        ocore__pg_sent *sent;
        size_t sent_count;
        size_t sent_room;
        ocore__pg_parameters parameters;
        ocore__pg_group *groups;
        size_t group_count;
        uint32_t *links;
        size_t group_room; /* of groups and links */
        ocore__sql text;
        int joined;      /* inside a transaction of the host */
        int failed;      /* queueing failed: OCORE__PG_… */
        int unsure;      /* the server says that the commit may not be on its standby */
        int silent;      /* the server did not answer in time */
        int restore;     /* the host's connection is to be a blocking one again */
        int watched;     /* its notices go through us */
        int tenant_due;  /* the next statement has to know the tenant */
        int tenant_lent; /* the host's tenant has to be put back */

        int64_t patience_ms;    /* how long the server may be silent; below zero: for ever */
        int barrier;            /* what is seen may not be on a standby; see ocore__pg_barrier() */
        PQnoticeReceiver plain; /* libpq's own receiver of notices, for the host's connection */

        uint64_t session;            /* grows when statements have to be prepared anew */
        ocore__pg_statement *begin;  /* reads of several statements: OCORE__PG_BEGIN */
        ocore__pg_statement *commit; /* and OCORE__PG_COMMIT */
        ocore__pg_statement *said;   /* OCORE__PG_TENANT */
        uint64_t random;
        int64_t durability;
        char state[6]; /* the last SQLSTATE, "" for none */
        char message[512];
} ocore__pg;

/* Notes what went wrong (printf's format) and returns `status`. */
int ocore__pg_fail(ocore__pg *store, int status, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
void ocore__pg_message_clear(ocore__pg *store);

/* What to do about an SQLSTATE (postgres_sqlstate.c); NULL or "" is a lost connection. */
int ocore__pg_action(const char *state);

/* The connection (postgres_connect.c). */
int ocore__pg_connect(ocore__pg *store);
/* Sees that there is one; looks for a server until the deadline. `since_ms` is when the trouble
 * began, 0 where it begins now. OCORE_OK or OCORE_STORE. */
int ocore__pg_ready(ocore__pg *store, int64_t since_ms);
/* Gives up a connection of our own; the host's stays. */
void ocore__pg_drop(ocore__pg *store);
int ocore__pg_learn_durability(ocore__pg *store);
/* Waits until PQgetResult() does not have to; 0: the server was silent for too long. */
int ocore__pg_await(ocore__pg *store);
/* Has the notices of the host's connection come by us, and gives them back to the host. */
void ocore__pg_notices_watch(ocore__pg *store);
void ocore__pg_notices_leave(ocore__pg *store);
/* Whether they can: a receiver of the host's own could not be put back. */
int ocore__pg_notices_ours(const ocore__pg *store);
/*
 * After a commit that may not be on its standby: commits a change that changes nothing and waits
 * for the standby to have it, and with it all that was committed before. OCORE_OK or OCORE_STORE;
 * until it is OCORE_OK nothing may be answered, because it could still be lost.
 * (postgres_layout.c)
 */
int ocore__pg_barrier(ocore__pg *store);
/* A number that no other store has: for names of statements. */
uint64_t ocore__pg_fresh(ocore__pg *store);

/* The exchange (postgres_exchange.c). */
int ocore__pg_begin(ocore__pg *store); /* OCORE_OK or OCORE_STORE */
void ocore__pg_queue_text(ocore__pg *store, const char *text);
/* One of the fixed texts, prepared; *kept is made with the first use. */
void ocore__pg_queue_fixed(ocore__pg *store, int which, ocore__pg_statement **kept);
void ocore__pg_queue(ocore__pg *store, ocore__pg_statement *statement, size_t tag);
/* Sends what is queued and waits for the results; the answer is an OCORE__PG_… and, where it is not
 * DONE, everything is rolled back or unknown. Results stay until ocore__pg_end(). */
int ocore__pg_exchange(ocore__pg *store);
/* Gives the results back, and the host's connection as it was. */
void ocore__pg_end(ocore__pg *store);
/* One plain statement with text parameters and a text result: OCORE__PG_…; the result is to be
 * cleared, NULL where there is none. */
int ocore__pg_ask(
        ocore__pg *store, const char *text, const char *const *values, int count, PGresult **out);
/* Has the server forget the statements. */
void ocore__pg_release(ocore__pg *store);
/* The status for an action that ends a call. */
int ocore__pg_status(ocore__pg *store, int action);

/* The texts that are always the same (postgres_fixed.c). */
enum {
        /* Only on the host's connection, inside its transaction. */
        OCORE__PG_SAVE,
        OCORE__PG_RELEASE,
        OCORE__PG_ROLLBACK_TO,
        OCORE__PG_TENANT_LEND, /* keeps the tenant that the host has set, */
        OCORE__PG_TENANT_BACK, /* and puts it back */
        OCORE__PG_SPOIL,       /* fails: only on the host's connection too */
        OCORE__PG_HOST_LAST = OCORE__PG_SPOIL,
        OCORE__PG_BEGIN,
        OCORE__PG_COMMIT,
        OCORE__PG_ROLLBACK,
        OCORE__PG_TENANT,
        OCORE__PG_SCHEMA,
        OCORE__PG_TABLES,
        OCORE__PG_INDEXES,
        OCORE__PG_RIGHTS,
        OCORE__PG_DURABILITY,
        OCORE__PG_SET_READ_COMMITTED,
        OCORE__PG_SET_REPEATABLE_READ,
        OCORE__PG_SET_SERIALIZABLE,
        /* Only on a connection of our own; one that an engine refuses is left out. */
        OCORE__PG_SET_FIRST,
        OCORE__PG_SET_LAST = OCORE__PG_SET_FIRST + 8,
        OCORE__PG_FIXED
};
extern const char *const ocore__pg_fixed[OCORE__PG_FIXED];

void ocore__pg_release_text(ocore__sql *sql, const char *name); /* forgets a statement */

/* Parameters (postgres_encode.c). */
void ocore__pg_parameters_clear(ocore__pg *store);
void ocore__pg_put_number(ocore__pg *store, int64_t number);
void ocore__pg_put_cell(ocore__pg *store, const ocore_cell *cell);
void ocore__pg_array_begin(ocore__pg *store, uint32_t cell_type, size_t count);
void ocore__pg_array_number(ocore__pg *store, int64_t number);
void ocore__pg_array_cell(ocore__pg *store, const ocore_cell *cell);
/* Settles the pointers; OCORE_OK, OCORE_NOMEM or OCORE_STORE (larger than the protocol allows). */
int ocore__pg_parameters_finish(ocore__pg *store);
void ocore__pg_parameters_free(ocore__pg *store);
/* A row of a result, checked, in store->row: OCORE_OK or OCORE_CORRUPT. */
int ocore__pg_row(ocore__pg *store, const ocore__pg_table *table, const PGresult *result, int row,
        int64_t *revision);
int ocore__pg_result_check(
        ocore__pg *store, const ocore__pg_table *table, const PGresult *result, int extra);
int ocore__pg_result_number(const PGresult *result, int row, int column, int64_t *out);

/* SQL that describes (postgres_text.c). */
void ocore__pg_name(ocore__sql *sql, const char *schema, const char *name);
void ocore__pg_table_text(ocore__sql *sql, const char *schema, const ocore_table *table);
void ocore__pg_column_add_text(
        ocore__sql *sql, const char *schema, const ocore_table *table, size_t column);
void ocore__pg_index_text(
        ocore__sql *sql, const char *schema, const ocore_table *table, const ocore_index *index);
void ocore__pg_view_text(
        ocore__sql *sql, const char *schema, const ocore_table *table, int row_security);
void ocore__pg_drop_text(ocore__sql *sql, const char *schema, const char *kind, const char *name);
void ocore__pg_policy_text(
        ocore__sql *sql, const char *schema, const ocore_table *table, unsigned step);
void ocore__pg_layout_text(ocore__sql *sql, const char *schema, unsigned step);
const char *ocore__pg_type_name(uint32_t cell_type);
/* The column of a view; its size in *size. */
const char *ocore__pg_view_column(const ocore_field *field, size_t *size);
#define OCORE__PG_LAYOUT "ordercore_layout"
#define OCORE__PG_POLICY "ordercore_tenant"
enum { OCORE__PG_POLICY_STEPS = 3, OCORE__PG_LAYOUT_STEPS = 4 };

/* Tables from the schema (postgres_schema.c). */
int ocore__pg_schema_open(ocore__pg *store, const ocore_schema *schema);

/* SQL that reads and writes rows (postgres_select.c, postgres_statement.c). OCORE_OK or
 * OCORE_NOMEM. */
enum { OCORE__PG_PLACES_MAX = 16 };
int ocore__pg_select(ocore__pg *store, ocore__pg_table *table, const ocore__pg_shape *shape,
        ocore__pg_statement **out);
/* `same`: the parameters that are alike in all rows of the run; those that the statement takes
 * for alike are plain values and not arrays. */
int ocore__pg_statement_of(ocore__pg *store, ocore__pg_table *table, const ocore_write *write,
        int form, uint64_t same, ocore__pg_statement **out);
ocore__pg_statement *ocore__pg_statement_make(ocore__pg *store, ocore__sql *sql);
void ocore__pg_table_forget(ocore__pg_table *table);
void ocore__pg_statements_free(ocore__pg_statement *list);
int ocore__pg_place_nullable(const ocore_table *table, uint32_t index, uint32_t place);

/* The two verbs. */
int ocore__pg_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink);
int ocore__pg_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal);
/* The first: without looking at whether a call is under way. */
int ocore__pg_read_all(
        ocore__pg *store, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink);
/* Which write is refused and why (postgres_refuse.c): OCORE_CONFLICT; OCORE_OK when none explains
 * the error, which `message` then still says; or why that is not known. */
int ocore__pg_refuse(
        ocore__pg *store, const ocore_write *writes, size_t count, ocore_refusal *refusal);

/* Every text that a store of this schema can send (postgres_every.c), for the test that reads
 * them. `host`: on the host's connection. OCORE_OK or OCORE_NOMEM. */
typedef void (*ocore__pg_text_fn)(void *self, const char *what, const char *text);
int ocore__pg_every_text(const ocore_schema *schema, int64_t isolation, int host,
        ocore__pg_text_fn visit, void *self);

/* Allocates the tables' states; OCORE_OK or OCORE_NOMEM (postgres_store.c). */
int ocore__pg_tables_learn(ocore__pg *store, const ocore_schema *schema);
void ocore__pg_tables_forget(ocore__pg *store);

#endif
