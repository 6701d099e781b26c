/**
 * @file store.h
 * The contract of a store: two verbs, read and write.
 *
 * `read` answers a batch of look-ups from one snapshot. `write` carries out a batch of
 * conditional changes, all or none, durable on return. There are no transaction handles, no locks
 * and no cursors: any engine that can compare and then write can be a store.
 *
 * The library distrusts a store: what comes back is checked, and nonsense is OCORE_CORRUPT. A
 * store may trust the library: tables, columns and cell types in a call are always those of the
 * schema given to `open`.
 */
#ifndef ORDERCORE_STORE_H
#define ORDERCORE_STORE_H

#include "record.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name Types of cells
 * In an ordered index NULL comes first, numbers compare as numbers, the rest byte by byte
 * (a shorter text before a longer one that begins with it).
 * @{
 */
#define OCORE_CELL_NULL 0u    /**< Nothing. */
#define OCORE_CELL_NUMBER 1u  /**< `as.number`. */
#define OCORE_CELL_TEXT 2u    /**< `as.text`, valid UTF-8 without NUL. */
#define OCORE_CELL_ID 3u      /**< `as.id`. */
#define OCORE_CELL_BYTES 4u   /**< `as.text`, any bytes; never part of a key or index. */
/** @} */

/** One value at the seam. Frozen value. */
typedef struct ocore_cell {
        uint32_t type;     /**< OCORE_CELL_… */
        uint32_t reserved; /**< Zero. */
        union {
                int64_t number;  /**< OCORE_CELL_NUMBER. */
                ocore_str text;  /**< OCORE_CELL_TEXT and OCORE_CELL_BYTES; lent for the call. */
                ocore_id id;     /**< OCORE_CELL_ID. */
        } as;              /**< The value, by type. */
} ocore_cell;

/** The cell type that holds a field of this kind. Since 0.1. */
OCORE_API uint32_t ocore_cell_type(uint32_t field_kind);

/** The index holds only rows whose column `columns[1]` is not NULL. */
#define OCORE_INDEX_SPARSE 1u
/** No two rows (of one tenant) share the values of these columns. */
#define OCORE_INDEX_UNIQUE 2u

/** A secondary index. Its order is its columns, then the key: so no two entries are alike. */
typedef struct ocore_index {
        const char *name;        /**< Unique in the schema. */
        const uint32_t *columns; /**< Column numbers; the first is always 0, the tenant. */
        uint32_t column_count;   /**< How many. */
        uint32_t flags;          /**< OCORE_INDEX_… */
} ocore_index;

/** Changes of a row are written as OCORE_WRITE_ADD, so that many writers share hot rows. */
#define OCORE_TABLE_ADDS 1u
/** Its rows rarely change: whoever reads them may keep them, if each decision CHECKs them. */
#define OCORE_TABLE_CACHED 2u

/** A table: the columns of its record, the first `key_count` of them the primary key. */
typedef struct ocore_table {
        const char *name;            /**< As in SQL: "sales_order_line". */
        const ocore_record *record;  /**< Columns: the record's first `column_count` fields. Column 0 is "tenant". */
        const ocore_index *indexes;  /**< Secondary indexes. */
        uint32_t key_count;          /**< How many leading columns are the key. */
        uint32_t index_count;        /**< How many indexes. */
        uint32_t number;             /**< Its place in the schema; tables are only ever appended. */
        uint32_t group_count;        /**< How many leading key columns the engine reads by; a hint for clustering. */
        uint32_t flags;              /**< OCORE_TABLE_… */
        uint32_t reserved;           /**< Zero. */
} ocore_table;

/** All tables. Every row also has a `revision` (a positive number) that the store keeps beside the columns. */
typedef struct ocore_schema {
        const ocore_table *const *tables; /**< The tables, `tables[n]->number == n`. */
        size_t table_count;               /**< How many. */
        int64_t version;                  /**< Layout version, grows by one with each release that changes it. */
        int64_t application;              /**< A number that marks files as ours (0x4f434f52, "OCOR"). */
} ocore_schema;

/** ocore_read.flags: from the last to the first. */
#define OCORE_READ_DESCENDING 1u

/** One look-up: the rows whose index begins with `prefix`, in the order of the index. */
typedef struct ocore_read {
        const ocore_table *table;  /**< Where. */
        const ocore_cell *prefix;  /**< The first `prefix_count` columns of the index; a whole primary key gets one row. */
        const ocore_cell *after;   /**< Start behind this place: all columns of the index and then (secondary) the key; NULL: from the start. */
        uint32_t index;            /**< 0: the primary key; n: `table->indexes[n - 1]`. */
        uint32_t prefix_count;     /**< At least 1, the tenant. Only index 0 may be read with 0: the rows of all tenants, in the order of the key; a core never asks so, copies do. */
        uint32_t after_count;      /**< Cells at `after`. */
        uint32_t limit;            /**< Most rows; 0: all. */
        uint32_t flags;            /**< OCORE_READ_… */
        uint32_t reserved;         /**< Zero. */
} ocore_read;

/**
 * @name Kinds of writes
 * @{
 */
#define OCORE_WRITE_INSERT 1u /**< The key must be absent; the row starts at `revision`, 1 where that is 0. */
#define OCORE_WRITE_UPDATE 2u /**< The row must be at `revision`; it gets the cells and revision + 1. */
#define OCORE_WRITE_DELETE 3u /**< The row must be at `revision`; it goes. */
#define OCORE_WRITE_CHECK 4u  /**< The row must be at `revision`; nothing changes. */
#define OCORE_WRITE_ADD 5u    /**< The row must exist; the amounts are added if no column falls below its floor; revision + 1, none compared. */
/** @} */

/** One column of an OCORE_WRITE_ADD. */
typedef struct ocore_add {
        int64_t amount;    /**< What is added; may be negative. */
        int64_t floor;     /**< The sum must not be below this. Not looked at when amount is positive. */
        uint32_t column;   /**< A number column outside the key and every index. */
        uint32_t reserved; /**< Zero. */
} ocore_add;

/** One conditional change. */
typedef struct ocore_write {
        const ocore_table *table; /**< Where. */
        const ocore_cell *cells;  /**< INSERT, UPDATE: all columns; else the key columns. */
        const ocore_add *adds;    /**< ADD: the amounts. */
        int64_t revision;         /**< UPDATE, DELETE, CHECK: what is expected. INSERT: where the row starts; 0: 1. */
        uint32_t kind;            /**< OCORE_WRITE_… */
        uint32_t cell_count;      /**< Cells at `cells`. */
        uint32_t add_count;       /**< Amounts at `adds`. */
        uint32_t reserved;        /**< Zero. */
} ocore_write;

/**
 * @name Why a write was refused
 * @{
 */
#define OCORE_REFUSED_EXISTS 1u   /**< INSERT, or a unique index: the key is taken. */
#define OCORE_REFUSED_MISSING 2u  /**< There is no such row. */
#define OCORE_REFUSED_REVISION 3u /**< The row is at another revision. */
#define OCORE_REFUSED_FLOOR 4u    /**< A column would fall below its floor. */
#define OCORE_REFUSED_OVERFLOW 5u /**< A column would leave 64 bits. */
#define OCORE_REFUSED_CONFLICT 6u /**< The engine aborted the batch because of others; the same again may succeed. */
/** @} */

/** Filled by a store's `write` when it returns OCORE_CONFLICT. */
typedef struct ocore_refusal {
        size_t write;      /**< Which of the writes (the first one found). */
        uint32_t reason;   /**< OCORE_REFUSED_… */
        uint32_t column;   /**< FLOOR, OVERFLOW: the column; EXISTS by a unique index: its first column after the tenant. */
} ocore_refusal;

/**
 * Receives one row of a read. Called by the store during `read`, on the caller's thread. The
 * cells (all columns of the table) are lent until it returns.
 * @param sink      as given to `read`
 * @param read      number of the look-up this row answers; the rows of one look-up come in order,
 *                  look-ups may be interleaved
 * @param revision  the row's revision
 * @return OCORE_OK to go on; anything else must be returned from `read` at once
 */
typedef int (*ocore_row_fn)(void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t cell_count);

/** What a store can do. Caller-filled, static; zero members at the end are features left out. */
typedef struct ocore_store_ops {
        size_t struct_size; /**< sizeof(ocore_store_ops). */
        const char *name;   /**< "sqlite". */
        /**
         * Makes or checks the tables; adds missing tables, columns and indexes. Called by each
         * ocore_open(); calling it again is harmless.
         * @return OCORE_OK, OCORE_VERSION_MISMATCH, OCORE_CORRUPT, OCORE_STORE or OCORE_NOMEM
         */
        int (*open)(void *self, const ocore_schema *schema);
        /**
         * Answers all look-ups from one snapshot.
         * @return OCORE_OK, OCORE_STORE, OCORE_CORRUPT, OCORE_NOMEM, or what `emit` returned
         */
        int (*read)(void *self, const ocore_read *reads, size_t count, ocore_row_fn emit, void *sink);
        /**
         * Carries out all writes or none; durable on return. The writes come in one fixed order
         * (table by table, then by key; guarded adds last) with at most one write a row.
         * @return OCORE_OK; OCORE_CONFLICT with `*refusal` filled (nothing written);
         *         OCORE_STORE or OCORE_NOMEM (nothing written); OCORE_UNKNOWN (it may have been
         *         written: the engine will ask)
         */
        int (*write)(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal);
        /** Gives everything back. NULL self is allowed. */
        void (*close)(void *self);
        /**
         * What went wrong in the last call, for people: text and the engine's own code; lent
         * until the next call. May be NULL.
         */
        const char *(*message)(void *self, int64_t *code);
        /** The durability class: OCORE_DURABLE_… */
        int64_t durability;
} ocore_store_ops;

/**
 * @name Durability classes
 * What survives once `write` has returned.
 * @{
 */
#define OCORE_DURABLE_MEMORY 0  /**< D0: nothing survives the process. */
#define OCORE_DURABLE_PROCESS 1 /**< D1: the death of the process. */
#define OCORE_DURABLE_POWER 2   /**< D2: the loss of power. */
#define OCORE_DURABLE_NODE 3    /**< D3: the loss of a machine. */
/** @} */

/** A store: what it can do and its state. Frozen value. */
typedef struct ocore_store {
        const ocore_store_ops *ops; /**< Static. */
        void *self;                 /**< The first parameter of each operation. */
} ocore_store;

/**
 * Gives and takes back memory, in the manner of Lua: `new_size` 0 frees, `old` NULL allocates,
 * else it resizes and keeps the first bytes; NULL is "no memory" and leaves `old` as it was.
 * Called on the thread that called the library.
 * @param user_data as given with the function
 * @param old       from an earlier call, or NULL
 * @param old_size  the size it was asked with (0 for NULL)
 * @param new_size  the size wanted, aligned for any object
 */
typedef void *(*ocore_allocate_fn)(void *user_data, void *old, size_t old_size, size_t new_size);

/** An allocator. `{0}` is the C library's realloc() and free(). Frozen value. */
typedef struct ocore_allocator {
        ocore_allocate_fn allocate; /**< NULL: the C library's. */
        void *user_data;            /**< Its first parameter. */
} ocore_allocator;

/** Closes a store and gives its memory back; `{0}` is allowed. Close the cores on it first. Since 0.1. */
OCORE_API void ocore_store_close(ocore_store store);

/**
 * Makes an empty store in memory: the reference store, durability D0. All its memory comes from
 * `allocator`. One thread at a time.
 * @param allocator where memory comes from; NULL or `{0}`: the C library
 * @param out       the store, `{0}` on failure; to be closed with ocore_store_close()
 * @return OCORE_OK, OCORE_NOMEM, or OCORE_INVALID (out is NULL). Since 0.1.
 */
OCORE_API int ocore_memory_store(const ocore_allocator *allocator, ocore_store *out);

#ifdef __cplusplus
}
#endif
#endif
