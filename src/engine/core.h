/* The core's own state, for the files of the engine and nobody else. */
#ifndef ORDERCORE_ENGINE_CORE_H
#define ORDERCORE_ENGINE_CORE_H

#include "engine.h"

enum {
        OCORE__ERRORS_MAX = 64,
        OCORE__TABLES_MAX = 64,
        OCORE__SLOTS_FIRST = 64 /* of a map; a power of two */
};

/* Groups by table and key: one map for the unit, one for the cache. */
typedef struct ocore__map {
        ocore__group **slots;
        size_t slot_count;
        size_t group_count;
} ocore__map;

struct ocore_core {
        ocore_config config; /* with the defaults filled in; actor is a copy */
        ocore__arena arena;  /* of the running command, or of the open unit */
        ocore__arena cache_arena;
        ocore__arena error_arena;
        ocore__map unit;
        ocore__map cache;
        ocore__group *wanted; /* groups to be read by the next fetch */
        ocore__group **wanted_end;
        size_t wanted_count;
        ocore__group *balances; /* of the unit: to be remembered once it is written */
        ocore__entry *staged;   /* touched by the running command, in this order */
        ocore__entry **staged_end;
        ocore__entry *dirty[OCORE__TABLES_MAX]; /* to be written by the unit, by table */
        ocore__entry **dirty_end[OCORE__TABLES_MAX];
        size_t dirty_count;
        size_t cached_rows;
        ocore__group *last_group[OCORE__TABLES_MAX]; /* of the last insert into each table */
        ocore_id first_command; /* of the unit: asked for when the outcome is unknown */
        int64_t id_last_ms;
        uint32_t id_counter;
        uint32_t try_number; /* of the running command, over all commands */
        uint8_t busy;        /* a call is running: a callback must not call back */
        uint8_t unit_open;
        uint8_t cache_used;  /* the running command rests on cached rows it did not read itself */
        uint8_t cache_stale; /* to be emptied before the next command */
        uint8_t catalog_staged; /* the unit changes catalogue rows: the cache is passed by */
        uint8_t unsettled; /* a write of this call may still be carried out, though not seen yet */
        uint8_t doubt;     /* a guess was wrong: none more until something is written */
        int64_t call_us;   /* when the running command began */
        size_t error_count;
        ocore_error **errors;
        ocore_error none;  /* what ocore_last_error() answers after success */
        ocore_error spare; /* for the error that there is no memory for errors */
};

/* Entering and leaving a public function. */
int ocore__enter(ocore_core *core);
int ocore__leave(ocore_core *core, int status);
void ocore__errors_clear(ocore_core *core);
int ocore__error_add(ocore_core *core, int status, ocore_str field, ocore_str message);
/* An error of the store, with the store's own words. */
int ocore__store_failed(ocore_core *core, int status);
int64_t ocore__now(ocore_core *core);

/* unit.c */
void ocore__unit_clear(ocore_core *core); /* forgets all groups of the unit; the arena stays */
void ocore__cache_clear(ocore_core *core);
void ocore__wanted_clear(ocore_core *core);
void ocore__staged_accept(ocore_core *core); /* the command's changes become the unit's */
void ocore__staged_drop(ocore_core *core);
ocore__entry *ocore__group_add(ocore_core *core, ocore__group *group, void *row, int64_t revision);

ocore__group *ocore__map_find(
        const ocore__map *map, const ocore_table *table, const ocore_cell *key);
/* Finds or makes a group; NULL: no memory. */
ocore__group *ocore__map_group(ocore_core *core, ocore__map *map, ocore__arena *arena,
        const ocore_table *table, const ocore_cell *key);
void ocore__want_group(ocore_core *core, ocore__group *group);

/* balance.c: what a unit that was written, or a question, knows of balances is remembered, as far
 * as there is memory. */
void ocore__balances_keep(ocore_core *core);
/* The running command has to read: then it reads the balances that it guessed as well. */
void ocore__balances_want(ocore_core *core);
/* A balance that was guessed, once it is read: what the unit adds to it stays. OCORE_NOMEM. */
int ocore__balance_rebase(ocore_core *core, ocore__entry *entry, void *row, int64_t revision);
/* After a refusal inside a unit: what was guessed is read when it is wanted again. */
void ocore__guesses_drop(ocore_core *core);

/* write.c: one store.write with all that the unit changes. OCORE_CONFLICT: others were faster. */
int ocore__flush(ocore_core *core, ocore_refusal *refusal, const ocore_table **refused);

/* command.c: the stored row of a command, read from the store; NULL when it is not there. */
int ocore__command_read(ocore_core *core, ocore_id id, const ocore__command_row **out);

#endif
