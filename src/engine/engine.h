/*
 * The engine: what every room is built on. It drives a command through its five steps, keeps the
 * rows of a unit, writes them in one fixed order, and knows nothing of orders.
 *
 * A room writes one procedure per command. Inside it says which rows it wants, fetches them in one
 * store read, decides, and stages changed rows. The engine does the rest: checking the request,
 * the command row, the event, the write, the retry when others were faster.
 */
#ifndef ORDERCORE_ENGINE_ENGINE_H
#define ORDERCORE_ENGINE_ENGINE_H

#include "base/arena.h"
#include "base/number.h"
#include "base/text.h"
#include "record/record.h"

#include <ordercore/core.h>

typedef struct ocore__work ocore__work;
typedef struct ocore__group ocore__group;
typedef struct ocore__entry ocore__entry;

/* A row as the unit sees it. */
struct ocore__entry {
        ocore__entry *next; /* in its group, by key */
        ocore__entry *next_staged;
        ocore__entry *next_dirty;
        ocore__group *group;
        const void *key;       /* a row with its key columns, there even when the row is not */
        const void *stored;    /* as the store has it; NULL: it does not */
        const void *row;       /* as the unit has it; NULL: not there */
        void *pending;         /* as the running command has it; NULL: unchanged or deleted */
        int64_t revision;      /* in the store; 0: not there */
        uint8_t staged;        /* the running command touched it */
        uint8_t deleted;       /* the running command deletes it */
        uint8_t relied;        /* a decision rests on it: it is written or CHECKed */
        uint8_t exact;         /* written at its revision although its table adds */
        uint8_t dirty;         /* stands in the unit's list */
        uint8_t floored;       /* the running command set floor_pending */
        size_t floor_offset;   /* in the row: the only column whose floor may be above zero */
        int64_t floor;         /* a guarded add must leave this there */
        int64_t floor_pending; /* likewise, as the running command has it */
};

/* All rows of a table with the same value behind the tenant (or all rows): what is read at once. */
struct ocore__group {
        ocore__group *next_in_slot;
        ocore__group *next_wanted;
        const ocore_table *table;
        ocore_cell key;
        uint64_t hash;
        ocore__entry *first;
        ocore__entry *last;
        ocore__entry *near; /* the last one that was looked up: rows in order go on behind it */
        size_t count;
        uint8_t loaded;
        uint8_t wanted;
        uint8_t cached;     /* belongs to the cache of the core: relied on, never changed */
        uint8_t guessed;    /* loaded, but not by reading: remembered balances, or a new key */
        uint8_t is_balance; /* stands in the list of the unit's balances */
        uint8_t glanced;    /* cached: of the catalogue, but only good for questions */
        uint32_t fetch_try; /* cached: the try of a command that read it */
        size_t scratch;     /* for whoever walks the groups of a command; set before it is read */
        void *index;        /* of the room whose rows they are; in the arena of the unit */
        ocore__group *next_balance;
        int64_t read_us; /* balances: when they were read */
};

struct ocore__work {
        ocore_core *core;
        const ocore_record *request_record;
        const ocore_record *answer_record;
        ocore__arena *arena; /* lives until the next call, in a unit until its end */
        ocore_id id;         /* of the command; none for a question */
        int64_t now_us;
        int64_t stock_moves; /* written so far by this command */
        int64_t money_moves;
        int checked;   /* status of the request check, for procedures that report it themselves */
        int status;    /* the first failure of staging */
        int guess;     /* new keys are taken for absent, and remembered balances for true */
        int simulated; /* a command only answers what it would do: nothing of it stays */
};

/* What a room does for one command: reads, decides, stages; sets *answer (from the arena). */
typedef int (*ocore__procedure_fn)(ocore__work *work, const void *request, const void **answer);

typedef struct ocore__procedure {
        const ocore_record *request;
        const ocore_record *answer;
        ocore__procedure_fn run;
        uint32_t flags; /* OCORE__… */
} ocore__procedure;

enum {
        OCORE__COMMAND = 1, /* changes something: the first field of the request is its id */
        OCORE__LENIENT = 2, /* runs although the request has errors, and reports them */
        OCORE__DIRECT = 4,  /* reads the store past the unit (lists, reports): refused inside one */
        OCORE__GUESSES = 8  /* is tried without a read where the core remembers enough */
};

/* Checks a request against its description and copies it to its full size, texts and all. Every
 * error is refused by field; the first is returned. */
int ocore__request_take(
        ocore__work *work, const ocore_record *record, const void *request, void **out);

/* The way of every public function of the rooms. */
int ocore__call(
        ocore_core *core, const ocore__procedure *procedure, const void *request, const void **out);

/*
 * Groups. want: rows that the command may change. consult: catalogue rows that rarely change; they
 * may come from the core's cache, so whoever decides by them must also rely() on the root whose
 * revision covers them (the product; the policy row). fetch: reads all that is outstanding in one
 * store read; OCORE_ALREADY (a repeated id) and failures are to be returned from the procedure.
 */
int ocore__want(ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out);
int ocore__consult(ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out);
/* A group as the unit has it; nothing is read. For rows that the command itself has made. */
int ocore__staged(ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out);
int ocore__consult_policy(ocore__work *work, ocore__group **out); /* the root of all rules */
int ocore__fetch(ocore__work *work);

/*
 * Guesses, for commands that guess; others read. want_new: rows under an id that the command is the
 * first to use; inserting them proves it. want_balance: rows that are changed by guarded adds, as
 * they were when last read or written; the floors prove it. A refusal that rests on a guess is
 * decided once more on rows that were read, and so is a write that was refused.
 */
int ocore__want_new(
        ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out);
int ocore__want_balance(
        ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out);

/* For questions about rows of the catalogue and of tables that add: as the core remembers them, at
 * most ocore_config.balance_age_us old; what is not remembered is wanted, and remembered from then
 * on. Inside a unit they are as the unit has them. Never to be changed. */
int ocore__glance(ocore__work *work, const ocore_table *table, ocore_cell key, ocore__group **out);

/* The row of an entry as the running command sees it; NULL: not there. */
static inline const void *ocore__row(const ocore__entry *entry)
{
        return entry->pending ? entry->pending : entry->deleted ? NULL : entry->row;
}
/* The entry, or the next one behind it that has a row; NULL: none. */
static inline ocore__entry *ocore__present(ocore__entry *entry)
{
        while (entry && !ocore__row(entry))
                entry = entry->next;
        return entry;
}
/* The first entry of a group that has a row, and the next; NULL: none. */
static inline ocore__entry *ocore__first(const ocore__group *group)
{
        return ocore__present(group->first);
}
static inline ocore__entry *ocore__next(const ocore__entry *entry)
{
        return ocore__present(entry->next);
}
/* The only row of a group, NULL if it has none. */
const void *ocore__only(const ocore__group *group);
/* Rows of a group. */
size_t ocore__count(const ocore__group *group);
/* An array of the rows of a group, in the arena; OCORE_NOMEM. */
int ocore__rows_of(
        ocore__work *work, const ocore__group *group, const void *const **out, size_t *count);

/* Staging. What fails is kept in work->status and ends the command. */
void *ocore__edit(ocore__work *work, ocore__entry *entry); /* a copy to change; NULL: no memory */
/* A new row, copied; returns its entry, NULL: no memory. */
ocore__entry *ocore__insert(ocore__work *work, const ocore_table *table, const void *row);
/* The entry of a row's key: as it is, or a new one with this row. */
ocore__entry *ocore__entry_for(ocore__work *work, const ocore_table *table, const void *row);
/* The row under its key, whether there is one or not; its group has been fetched. */
ocore__entry *ocore__put(ocore__work *work, const ocore_table *table, const void *row);
void ocore__remove(ocore__work *work, ocore__entry *entry);
void ocore__rely(ocore__work *work, ocore__entry *entry);
void ocore__exact(ocore__work *work, ocore__entry *entry); /* the edit rests on the old numbers */
/* A guarded add leaves at least `floor` in one column; the last command of a unit to say so
 * counts. */
void ocore__floor(ocore__work *work, ocore__entry *entry, size_t offset, int64_t floor);

/* Events and, for those the world is told of, effects. `number` is counted by the subject. */
void ocore__event(
        ocore__work *work, ocore_id subject, int64_t number, int64_t kind, ocore_str detail);

/*
 * Refusals. `field` may be "" or what ocore__at() made; the message takes the directives of
 * ocore__write(). Returns the status, so that `return ocore__refuse(…)` reads well. A request may
 * collect several; the first one is what the call returns.
 */
int ocore__refuse(ocore__work *work, int status, const char *field, const char *format, ...);
/* Rows of different fetches that do not fit each other: others changed them in between, so they are
 * read again. OCORE_CONFLICT; if they never fit, the call ends with OCORE_CORRUPT, so worded. */
int ocore__torn(ocore__work *work, const char *field, const char *format, ...);
/* "lines[2].quantity" in the arena; without memory the name of the list. */
const char *ocore__at(ocore__work *work, const char *list, size_t index, const char *field);
int ocore__refused(const ocore__work *work);   /* the status of the first refusal, OCORE_OK: none */
void ocore__refusals_clear(ocore__work *work); /* by a question whose answer they are */

/* Reads past the unit, page by page: each row of a table (index 0) or of an index whose key begins
 * with `prefix` (tenant first is added), as struct; `each` returns OCORE_OK, OCORE_DONE to stop. */
typedef int (*ocore__each_fn)(void *user_data, const void *row, int64_t revision);
typedef struct ocore__scan {
        const ocore_table *table;
        uint32_t index;
        const ocore_cell *prefix; /* behind the tenant */
        size_t prefix_count;
        /* Where to start, behind the tenant: the rest of the index, then the rest of the key. */
        const ocore_cell *after;
        size_t after_count;
        uint32_t limit; /* rows; 0: all */
} ocore__scan;
/* Rows are taken from `arena` and freed again after each page unless `keep`. */
int ocore__scan_rows(ocore_core *core, ocore__arena *arena, const ocore__scan *scan, int keep,
        ocore__each_fn each, void *user_data);
/* Rows that are kept, in the arena they came from; ocore__row_list_add is an ocore__each_fn for
 * scans that keep their rows. */
typedef struct ocore__row_list {
        ocore__arena *arena;
        const void **rows;
        size_t count;
        size_t room;
} ocore__row_list;
int ocore__row_list_add(void *list, const void *row, int64_t revision);
/* The rows of a table that the unit has changed and not yet written, in no order: what a scan does
 * not see. The running command's own changes are not among them. */
int ocore__unit_rows(
        ocore__work *work, const ocore_table *table, ocore__each_fn each, void *user_data);

/* The tables of the engine itself. */
typedef struct ocore__command_row {
        ocore_id id;
        ocore_str name;    /* of the request's record */
        ocore_str request; /* its digest */
        ocore_str answer;
        int64_t at_us;
} ocore__command_row;
typedef struct ocore__policy_row {
        ocore_str name;
        int64_t changes; /* how often a rule under it has changed */
} ocore__policy_row;
extern const ocore_table ocore__command_table;
extern const ocore_table ocore__event_table;
extern const ocore_table ocore__effect_table;
extern const ocore_table ocore__policy_table;
extern const ocore_record ocore__event_record;
extern const ocore_record ocore__effect_record;
/* The only policy row: sites, tax rates and shipping rules are covered by its revision. */
extern const ocore_str ocore__policy_name;
enum { OCORE__EFFECT_BY_DUE = 1 }; /* index */

/* Defined by the room that knows all rooms. */
extern const ocore_schema ocore__schema;

#endif
