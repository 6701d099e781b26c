/*
 * What the files of the MariaDB store share. A store is a connection (its own, which it opens again
 * on the next host when it breaks, or the host's) and what it learned of the tables.
 */
#ifndef ORDERCORE_STORES_MARIADB_H
#define ORDERCORE_STORES_MARIADB_H

#include <ordercore/mariadb.h>

#include "stores/sql/sql_place.h"
#include "stores/sql/sql_text.h"

#include <mysql.h>

/* The savepoint inside a host's transaction, and what a statement that found less says. */
#define OCORE__MARIADB_SAVEPOINT "ordercore_batch"
#define OCORE__MARIADB_MISSED "ordercore: not as expected"
/* Text compares byte by byte, and blanks at its end count. */
#define OCORE__MARIADB_COLLATION "utf8mb4_nopad_bin"

/* A conninfo that was read: texts lie in `room`, lists are cut at their commas. */
enum { OCORE__MARIADB_HOSTS_MAX = 16 };
typedef struct ocore__mariadb_info {
        char *room;
        const char *hosts[OCORE__MARIADB_HOSTS_MAX]; /* or sockets, which begin with a slash */
        unsigned ports[OCORE__MARIADB_HOSTS_MAX];
        size_t host_count;
        const char *user;
        const char *password;
        const char *database;
        unsigned connect_timeout_s; /* 0: not said */
} ocore__mariadb_info;

/* What is known of a column; asked for with every cell that goes or comes back. */
typedef struct ocore__mariadb_column {
        const ocore_field *field;
        uint32_t type;  /* OCORE_CELL_… */
        uint32_t width; /* text in a key or index: most characters; 0: no limit */
        int nullable;
} ocore__mariadb_column;

typedef struct ocore__mariadb_table {
        const ocore_table *table;
        ocore__mariadb_column *columns;
        size_t column_count;
        ocore__sql name;   /* `database`.`table` */
        ocore__sql select; /* the columns as they are asked for, and the revision */
        ocore__sql insert; /* "INSERT INTO … VALUES " */
} ocore__mariadb_table;

typedef struct ocore__mariadb {
        MYSQL *db;   /* NULL: not connected */
        int owned;   /* opened by conninfo: ours to set up, to open again and to close */
        int inside;  /* a call is under way */
        int galera;  /* the server is a node of a cluster */
        int patient; /* connected without a limit on the time of an answer, to make tables */
        size_t host; /* which of the hosts is connected, or is tried first */
        ocore__mariadb_info info;
        int64_t attempts_max;
        int64_t deadline_ms;
        uint64_t random;
        char *database;
        size_t packet_max;            /* bytes of a statement that the server takes */
        int power;                    /* a commit outlives the loss of power */
        ocore__mariadb_table *tables; /* by table number */
        size_t table_count;
        ocore_cell *row; /* room for the widest row */
        ocore__sql text; /* what is sent next */
        int64_t code;
        char sqlstate[8];
        char message[640];
} ocore__mariadb;

/* How far a statement came that failed. */
enum {
        OCORE__MARIADB_NOT_SENT,  /* the server does not have all of it */
        OCORE__MARIADB_RUNNING,   /* no COMMIT can have been reached */
        OCORE__MARIADB_COMMITTING /* a COMMIT may have been carried out */
};

/* What to do about an error (mariadb_errors.c). */
typedef enum ocore__mariadb_action {
        OCORE__MARIADB_PERMANENT, /* tell it, with the server's text */
        OCORE__MARIADB_AGAIN,     /* others were in the way: the same again */
        OCORE__MARIADB_JUDGE,     /* an expectation does not hold: look which */
        OCORE__MARIADB_RECONNECT, /* connect anew, then the same again */
        OCORE__MARIADB_NEXT_HOST, /* the same on another host */
        OCORE__MARIADB_ASK,       /* it may have been written */
        OCORE__MARIADB_NO_MEMORY
} ocore__mariadb_action;

ocore__mariadb_action ocore__mariadb_decide(unsigned code, const char *sqlstate, int stage);

/* Reads a conninfo: OCORE_OK, OCORE_INVALID or OCORE_NOMEM. */
int ocore__mariadb_info_read(const char *conninfo, ocore__mariadb_info *out);
void ocore__mariadb_info_finish(ocore__mariadb_info *info);

/* Notes what went wrong and returns `status`. */
int ocore__mariadb_fail(ocore__mariadb *store, int status, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
/* Notes the connection's last error: its code, and "doing: text". Returns the code. */
unsigned ocore__mariadb_note(ocore__mariadb *store, const char *doing);

/* Connects, unless connected, to the first host that can be used, trying all of them until the
 * deadline (on the clock of ocore__sql_now_ms). OCORE_OK, OCORE_STORE or OCORE_NOMEM. */
int ocore__mariadb_connect(ocore__mariadb *store, int64_t deadline);
/* Leaves an own connection; `next`: and that host too. */
void ocore__mariadb_disconnect(ocore__mariadb *store, int next);
/* Connects anew with (or without) a limit on the time an answer may take. */
int ocore__mariadb_patience(ocore__mariadb *store, int patient);
/* Learns of the server what the store has to know: database, sizes, durability, cluster. */
int ocore__mariadb_learn(ocore__mariadb *store);
/* 1 if the connection is the host's and inside its transaction. */
int ocore__mariadb_joined(const ocore__mariadb *store);

/* Sends a text and takes all answers. 0, or the error's code with *stage; `commits`: the text ends
 * with a COMMIT that stands behind the first answer (1) or within it (2), 0 without. */
unsigned ocore__mariadb_run(
        ocore__mariadb *store, const char *text, size_t size, int commits, int *stage);
/* A query that gives one small result; NULL with a message. To be freed with mysql_free_result. */
MYSQL_RES *ocore__mariadb_query(ocore__mariadb *store, const char *text, const char *doing);
/* A number as the server writes it. 1, or 0 for what is none. */
int ocore__mariadb_number(const char *text, size_t size, int64_t *out);

/* Ends what is left of a batch: OCORE_OK; OCORE_STORE when the host's transaction is gone. */
int ocore__mariadb_roll_back(ocore__mariadb *store, int joined);

/* Checks the tables, makes what is missing. */
int ocore__mariadb_schema_open(ocore__mariadb *store, const ocore_schema *schema);

/* SQL that describes. */
uint32_t ocore__mariadb_width(const ocore_table *table, size_t column);
void ocore__mariadb_type_text(ocore__sql *sql, const ocore_table *table, size_t column);
void ocore__mariadb_column_text(ocore__sql *sql, const ocore_table *table, size_t column);
void ocore__mariadb_table_text(ocore__sql *sql, const char *database, const ocore_table *table);
void ocore__mariadb_index_text(
        ocore__sql *sql, const char *database, const ocore_table *table, const ocore_index *index);
void ocore__mariadb_view_text(ocore__sql *sql, const char *database, const ocore_table *table);
void ocore__mariadb_place_text(ocore__sql *sql, const char *database, const char *table);

/* A value as it stands in SQL. */
void ocore__mariadb_cell_text(ocore__sql *sql, const ocore_cell *cell);
/* "`a` = 1 AND `b` = x'…'": the key of a row. */
void ocore__mariadb_key_text(ocore__sql *sql, const ocore_table *table, const ocore_cell *cells);

/* The select of `count` look-ups, which differ in their prefix only. `locking`: rows as they are
 * now, kept so until the transaction ends. */
void ocore__mariadb_select_text(ocore__sql *sql, const ocore__mariadb_table *table,
        const ocore_read *const *reads, size_t count, int locking);

/* Checks a row as it came and lends it in store->row. OCORE_OK or OCORE_CORRUPT. */
int ocore__mariadb_row(ocore__mariadb *store, const ocore__mariadb_table *table, MYSQL_ROW values,
        const unsigned long *sizes, int64_t *revision);
int ocore__mariadb_read(
        void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink);
/* The same from within a write; `locking` as above. */
int ocore__mariadb_look(ocore__mariadb *store, const ocore_read *reads, size_t count, int locking,
        ocore_row_fn emit, void *sink);
int ocore__mariadb_write(
        void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal);

#endif
