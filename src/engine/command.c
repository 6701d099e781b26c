/*
 * The way of a command, the only one: check the request, read what it rests on, decide, write,
 * answer. A command outside a unit is a unit of its own.
 */
#include "core.h"

#include <string.h>

/* Everything a call starts with; the arena of an open unit goes on. */
static void begin(ocore_core *core)
{
        core->unsettled = 0;
        if (core->unit_open)
                return;
        ocore__unit_clear(core);
        ocore__arena_reset(&core->arena, (size_t)1 << 20);
        if (core->cache_stale ||
                (int64_t)(core->cached_rows + core->cache.group_count) > core->config.cache_rows)
                ocore__cache_clear(core);
}

/* Nothing of the running command stays; the request and what the unit had before do. */
static void forget(ocore_core *core)
{
        ocore__staged_drop(core);
        ocore__wanted_clear(core);
}

static int digest_check(ocore__work *work, const ocore__procedure *procedure, const void *request,
        const ocore__command_row *row)
{
        const ocore_field *field = NULL;
        ocore_str digest;
        int status;

        if (ocore_str_equal(row->name, ocore_str_of(procedure->request->name))) {
                status = ocore__record_digest(work->arena, procedure->request, request, &digest);
                if (status)
                        return status;
                field = ocore__digest_difference(procedure->request, digest, row->request);
                if (!field)
                        return OCORE_OK;
        }
        return ocore__refuse(work, OCORE_ID_REUSED, field ? field->name : "id",
                "the id was used before with other content; use a new id, or repeat "
                "exactly what was sent");
}

/* A repeated command gets the answer it got the first time. */
static int answer_again(ocore__work *work, const ocore__procedure *procedure, const void *request,
        const ocore__command_row *row, const void **answer)
{
        void *stored;
        int status = digest_check(work, procedure, request, row);

        if (status)
                return status;
        status = ocore__record_decode(work->arena, procedure->answer, row->answer, &stored);
        if (status)
                return status == OCORE_CORRUPT ? ocore__refuse(work, status, "id",
                                                         "the stored answer cannot be read; "
                                                         "check the store")
                                               : status;
        *answer = stored;
        return OCORE_ALREADY;
}

static int already(ocore__work *work, const ocore__procedure *procedure, const void *request,
        const void **answer)
{
        ocore__group *group;
        int status = ocore__want(work, &ocore__command_table, ocore__cell_id(work->id), &group);
        const ocore__command_row *row = status ? NULL : ocore__only(group);

        if (status)
                return status;
        return answer_again(work, procedure, request, row, answer);
}

/* The command row: under the caller's id, with digest and answer, in the same write. */
static int put_command(ocore__work *work, const ocore__procedure *procedure, const void *request,
        const void *answer)
{
        ocore__command_row row = {.id = work->id,
                .name = ocore_str_of(procedure->request->name),
                .at_us = work->now_us};
        int status = ocore__record_digest(work->arena, procedure->request, request, &row.request);

        if (!status)
                status = ocore__record_encode(work->arena, procedure->answer, answer, &row.answer);
        if (status)
                return status;
        ocore__insert(work, &ocore__command_table, &row);
        return work->status;
}

/* 1 if what a procedure has staged is to be written. */
static int is_kept(const ocore__work *work, const ocore__procedure *procedure)
{
        return (procedure->flags & OCORE__COMMAND) && !work->simulated;
}

/* Steps two to four for one try; the staged changes are accepted or dropped. */
static int decide(ocore__work *work, const ocore__procedure *procedure, const void *request,
        const void **answer)
{
        ocore_core *core = work->core;
        int status = procedure->run(work, request, answer);

        if (status == OCORE_CORRUPT) /* what was kept of it is not believed any longer */
                core->cache_stale = core->doubt = 1;
        if (status == OCORE_ALREADY) {
                forget(core);
                return already(work, procedure, request, answer);
        }
        if (!status)
                status = work->status;
        if (!status && is_kept(work, procedure))
                status = put_command(work, procedure, request, *answer);
        if (status) {
                forget(core);
                return status;
        }
        if (!is_kept(work, procedure)) {
                forget(core); /* a question may play a command through */
                return OCORE_OK;
        }
        ocore__staged_accept(core);
        if (ocore__id_is_none(core->first_command))
                core->first_command = work->id;
        return OCORE_OK;
}

typedef struct command_sink {
        ocore_core *core;
        const ocore__command_row *row;
} command_sink;

static int command_row(void *user_data, const void *row, int64_t revision)
{
        (void)revision;
        ((command_sink *)user_data)->row = row;
        return OCORE_OK;
}

int ocore__command_read(ocore_core *core, ocore_id id, const ocore__command_row **out)
{
        ocore_cell key = ocore__cell_id(id);
        ocore__scan scan = {
                .table = &ocore__command_table, .prefix = &key, .prefix_count = 1, .limit = 1};
        command_sink sink = {core, NULL};
        int status = ocore__scan_rows(core, &core->arena, &scan, 1, command_row, &sink);

        *out = sink.row;
        return status;
}

/* What a refused write means to the caller. Most refusals mean that others were faster: the
 * command is decided anew. A readable name that is taken will be taken then as well. */
static int refused(ocore_core *core, const ocore_refusal *refusal, const ocore_table *table)
{
        if (refusal->reason == OCORE_REFUSED_EXISTS && table && refusal->column &&
                refusal->column < table->record->column_count) {
                ocore__error_add(core, OCORE_EXISTS,
                        ocore_str_of(table->record->fields[refusal->column].name),
                        ocore_str_of("is taken by another; choose a different one"));
                return OCORE_EXISTS;
        }
        if (refusal->reason == OCORE_REFUSED_OVERFLOW) {
                ocore__error_add(core, OCORE_OVERFLOW, (ocore_str){0},
                        ocore_str_of("a balance would leave 64 bits; move less"));
                return OCORE_OVERFLOW;
        }
        return OCORE_BUSY;
}

static int busy(ocore_core *core)
{
        ocore__errors_clear(core);
        return ocore__error_add(core, OCORE_BUSY, (ocore_str){0},
                ocore_str_of("others changed the same rows each time; nothing was "
                             "written, try again with the same id"));
}

/* 1 if the row that the store has is the one that the unit wrote, and not that of another core
 * which carries the same command out. */
static int is_ours(ocore_core *core, const ocore__command_row *stored)
{
        ocore__work work = {.core = core};
        const ocore__command_row *row = NULL;
        ocore__group *group;

        if (stored &&
                !ocore__staged(&work, &ocore__command_table, ocore__cell_id(stored->id), &group))
                row = ocore__only(group);
        return row && row->at_us == stored->at_us && ocore_str_equal(row->name, stored->name) &&
               ocore_str_equal(row->request, stored->request) &&
               ocore_str_equal(row->answer, stored->answer);
}

/* 1 if the rows of a try did not fit each other. */
static int is_torn(ocore_core *core, int status)
{
        return status == OCORE_CONFLICT && ocore_last_error(core)->status == OCORE_CORRUPT;
}

/* The end of a command that never got through: rows that fitted each other in none of several tries
 * were not torn by others, they are wrong. */
static int given_up(ocore_core *core, int64_t tries, int64_t torn)
{
        return tries > 1 && torn == tries ? OCORE_CORRUPT : busy(core);
}

static int unknown(ocore_core *core, const char *message)
{
        ocore__errors_clear(core);
        return ocore__error_add(core, OCORE_UNKNOWN, (ocore_str){0}, ocore_str_of(message));
}

/*
 * An unknown outcome is settled by asking for the command row: the batch was atomic, so the row is
 * there or nothing is. A row that is not seen may still come, because a server can be at work on
 * the commit whose connection broke; so the command is tried once more (the row lets only one of
 * the two through), and if that does not succeed the outcome stays unknown.
 */
static int settle(ocore_core *core)
{
        const ocore__command_row *row;

        ocore__errors_clear(core);
        if (ocore__id_is_none(core->first_command) ||
                ocore__command_read(core, core->first_command, &row))
                return unknown(core, "the store lost its answer and cannot be asked; repeat with "
                                     "the same id");
        core->unsettled = !row;
        return is_ours(core, row) ? OCORE_OK : OCORE_CONFLICT;
}

/* What a call may say that failed behind an unsettled write. */
static int settled(ocore_core *core, int status)
{
        if (!core->unsettled || status >= 0 || status == OCORE_ID_REUSED)
                return status;
        return unknown(core, "the store lost an answer, and what it was asked to write may still "
                             "come; repeat with the same id");
}

/* Writes the unit. OCORE_CONFLICT: to be decided anew. */
static int write_unit(ocore_core *core)
{
        ocore_refusal refusal;
        const ocore_table *table;
        int status = ocore__flush(core, &refusal, &table);

        if (status == OCORE_CONFLICT) {
                core->cache_stale = core->doubt = 1;
                status = refused(core, &refusal, table);
                return status == OCORE_BUSY ? OCORE_CONFLICT : status;
        }
        if (status == OCORE_UNKNOWN || status > 0) /* no store may return the latter */
                status = settle(core);
        if (status) {
                core->cache_stale = core->doubt = 1;
        } else {
                core->doubt = 0;
                ocore__balances_keep(core);
        }
        if (status < 0 && status != OCORE_CONFLICT && !core->error_count)
                ocore__store_failed(core, status);
        if (!status && core->catalog_staged)
                core->cache_stale = 1;
        return status;
}

/* 1 if rows were read and something about them forbids the command: another look may differ. */
static int is_decision(int status)
{
        return status < 0 && status != OCORE_NOMEM && status != OCORE_STORE &&
               status != OCORE_CORRUPT && status != OCORE_UNKNOWN;
}

/* One command outside a unit: decided anew as long as others are faster, a bounded number of times.
 * A refusal that rests on cached rows is decided once more on fresh ones. A try that rested on them
 * does not count: the next one reads everything itself. */
static int run_alone(ocore__work *work, const ocore__procedure *procedure, const void *request,
        const void **answer)
{
        ocore_core *core = work->core;
        ocore__mark request_end = ocore__arena_mark(&core->arena);
        int64_t again = 0, torn = 0;
        int status = OCORE_CONFLICT;

        for (int64_t tries = 0; tries < core->config.attempts_max && status == OCORE_CONFLICT;
                tries += !core->cache_used) {
                if (again++) { /* everything but the request is forgotten */
                        ocore__errors_clear(core);
                        ocore__unit_clear(core);
                        ocore__cache_clear(core);
                        ocore__arena_rewind(&core->arena, request_end);
                        work->guess = 0;
                }
                core->try_number++;
                core->cache_used = 0;
                work->status = OCORE_OK;
                work->stock_moves = work->money_moves = 0;
                status = decide(work, procedure, request, answer);
                if (!status && is_kept(work, procedure))
                        status = write_unit(core);
                else if (!status)
                        ocore__balances_keep(core);
                else if (core->cache_used && is_decision(status))
                        status = OCORE_CONFLICT;
                torn += is_torn(core, status);
        }
        return settled(core, status == OCORE_CONFLICT ? given_up(core, again, torn) : status);
}

static int run_in_unit(ocore__work *work, const ocore__procedure *procedure, const void *request,
        const void **answer)
{
        ocore_core *core = work->core;
        int status;

        if (procedure->flags & OCORE__DIRECT)
                return ocore__refuse(work, OCORE_STATE, "",
                        "lists and reports see only what is written; commit or cancel "
                        "the unit first");
        core->try_number++;
        core->cache_used = 0;
        status = decide(work, procedure, request, answer);
        if (core->cache_used && is_decision(status)) {
                /* Fresh rows come through the unit's own groups: the cache is passed by. */
                ocore__errors_clear(core);
                ocore__guesses_drop(core);
                core->catalog_staged = 1;
                work->guess = 0;
                work->status = OCORE_OK;
                work->stock_moves = work->money_moves = 0;
                status = decide(work, procedure, request, answer);
        }
        if (status == OCORE_ALREADY)
                core->doubt = 1;
        /* Rows that moved between two reads: the unit rests on them, so it is over. */
        return status == OCORE_CONFLICT ? busy(core) : status;
}

/* The first command of a unit asks whether its id is new: a unit that was written before is then
 * answered, command by command, and not found out by its commit. */
static int may_guess(const ocore_core *core)
{
        return !core->doubt && !core->catalog_staged && core->config.cache_rows >= 0 &&
               core->config.balance_age_us >= 0 &&
               !(core->unit_open && ocore__id_is_none(core->first_command));
}

int ocore__call(
        ocore_core *core, const ocore__procedure *procedure, const void *request, const void **out)
{
        ocore__work work = {.core = core,
                .request_record = procedure->request,
                .answer_record = procedure->answer};
        const void *answer = NULL;
        void *taken;
        int status;

        if (out)
                *out = NULL;
        status = ocore__enter(core);
        if (status)
                return status;
        begin(core);
        work.arena = &core->arena;
        work.now_us = core->call_us = ocore__now(core);
        work.guess = (procedure->flags & OCORE__GUESSES) && may_guess(core);
        status = ocore__request_take(&work, procedure->request, request, &taken);
        work.checked = status;
        if (status == OCORE_NOMEM || (status && !(taken && (procedure->flags & OCORE__LENIENT))))
                return ocore__leave(core, status);
        work.status = OCORE_OK;
        if (procedure->flags & OCORE__COMMAND) {
                work.id = OCORE__ID_AT(taken, procedure->request->fields[0].offset);
                if (ocore__id_is_none(work.id))
                        return ocore__leave(core, ocore__refuse(&work, OCORE_INVALID, "id",
                                                          "is needed; give an id that is not "
                                                          "all zeros"));
        }
        if (core->unit_open)
                status = run_in_unit(&work, procedure, taken, &answer);
        else
                status = run_alone(&work, procedure, taken, &answer);
        if (status >= 0 && out)
                *out = answer;
        return ocore__leave(core, status);
}

int ocore_unit_begin(ocore_core *core)
{
        int status = ocore__enter(core);

        if (status)
                return status;
        if (core->unit_open)
                return ocore__leave(core, ocore__error_add(core, OCORE_STATE, (ocore_str){0},
                                                  ocore_str_of("a unit is open already; commit "
                                                               "or cancel it first")));
        begin(core);
        core->unit_open = 1;
        return ocore__leave(core, OCORE_OK);
}

static int no_unit(ocore_core *core)
{
        return ocore__leave(core, ocore__error_add(core, OCORE_STATE, (ocore_str){0},
                                          ocore_str_of("no unit is open; begin one first")));
}

int ocore_unit_commit(ocore_core *core)
{
        int status = ocore__enter(core);

        if (status)
                return status;
        if (!core->unit_open)
                return no_unit(core);
        status = write_unit(core);
        core->unit_open = 0;
        if (status == OCORE_CONFLICT) {
                ocore__errors_clear(core);
                status = ocore__error_add(core, OCORE_BUSY, (ocore_str){0},
                        ocore_str_of("others changed rows that the unit rests on; "
                                     "nothing was written, carry its commands out "
                                     "again with the same ids"));
        }
        status = settled(core, status);
        if (status)
                core->cache_stale = 1;
        ocore__unit_clear(core);
        return ocore__leave(core, status);
}

int ocore_unit_cancel(ocore_core *core)
{
        int status = ocore__enter(core);

        if (status)
                return status;
        if (!core->unit_open)
                return no_unit(core);
        core->unit_open = 0;
        ocore__unit_clear(core);
        return ocore__leave(core, OCORE_OK);
}
