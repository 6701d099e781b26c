/*
 * What is due: holds whose deadline has passed, and effects that the world is to be told of.
 *
 * Several pumps may work on one store. A hold lapses by a command whose id follows from the hold's,
 * so that two pumps meet in one command row. An effect is claimed before it is told: one
 * conditional write moves its due time on by a lease, and whoever loses that write leaves it.
 */
#include "procedures.h"

#include "base/hash.h"
#include "engine/core.h"

enum {
        PAGE = 16, /* due rows read at once; they stand on the stack */
        LIMIT_STANDARD = 100,
        EFFECT_COLUMNS = 7
};
static const int64_t day_us = (int64_t)24 * 60 * 60 * 1000000;
/* What makes the id of a lapse out of the hold's: a lapse that came too early leaves nothing, so
 * that the same id lapses the hold at its new deadline. */
static const ocore_str lapse = {"lapse", 5};
/* How long a pump has for one effect before another may take it over. */
static const int64_t lease_us = (int64_t)60 * 1000000;

/* One more due row is taken in, until a page is full or a row is due later. */
typedef struct due_page {
        int64_t now_us;
        size_t count;
        union {
                struct {
                        ocore_id id;
                        int64_t due_us;
                } holds[PAGE];
                struct {
                        ocore_effect effect;
                        int64_t revision;
                } effects[PAGE];
        } rows;
} due_page;

static int hold_due(void *user_data, const void *row, int64_t revision)
{
        due_page *page = user_data;
        const ocore_hold *hold = row;

        (void)revision;
        if (page->count == PAGE || hold->due_us > page->now_us)
                return OCORE_DONE;
        page->rows.holds[page->count].id = hold->id;
        page->rows.holds[page->count++].due_us = hold->due_us;
        return page->count == PAGE ? OCORE_DONE : OCORE_OK;
}

static int effect_due(void *user_data, const void *row, int64_t revision)
{
        due_page *page = user_data;
        const ocore_effect *effect = row;

        if (page->count == PAGE || effect->due_us > page->now_us)
                return OCORE_DONE;
        page->rows.effects[page->count].effect = *effect;
        page->rows.effects[page->count++].revision = revision;
        return page->count == PAGE ? OCORE_DONE : OCORE_OK;
}

/* The failure of one row is kept, and does not keep the others from their turn; a store or a memory
 * that fails ends the call. */
static int is_fatal(int status)
{
        return status == OCORE_STORE || status == OCORE_NOMEM || status == OCORE_UNKNOWN;
}

/* Lapses at most `limit` holds. `*more`: a page was full, or others were faster each time. */
static int lapse_holds(ocore_core *core, int64_t limit, ocore_pumped *done, int *more)
{
        ocore_cell after[2];
        ocore__scan scan = {.table = &ocore__hold_table, .index = OCORE__HOLD_BY_DUE};
        due_page page = {.count = PAGE};
        int failed = OCORE_OK;

        while (limit > 0 && page.count == PAGE) {
                int status = ocore__enter(core);

                if (status)
                        return status;
                page.count = 0;
                page.now_us = ocore__now(core);
                scan.limit = (uint32_t)(limit < PAGE ? limit : PAGE);
                status = ocore__scan_rows(core, &core->arena, &scan, 0, hold_due, &page);
                status = ocore__leave(core, status);
                if (status)
                        return status;
                for (size_t i = 0; i < page.count; i++, limit--) {
                        ocore_id hold_id = page.rows.holds[i].id;
                        const ocore_hold_release_request request = {
                                sizeof request, ocore__id_derive(hold_id, lapse), hold_id};

                        status = ocore__call(core, &ocore__hold_lapse, &request, NULL);
                        done->holds_lapsed += status == OCORE_OK;
                        *more |= status == OCORE_BUSY;
                        if (is_fatal(status))
                                return status;
                        if (status < 0 && status != OCORE_STATE && status != OCORE_BUSY && !failed)
                                failed = status;
                        after[0] = ocore__cell_number(page.rows.holds[i].due_us);
                        after[1] = ocore__cell_id(page.rows.holds[i].id);
                        scan.after = after;
                        scan.after_count = 2;
                }
                *more |= !limit;
        }
        return failed;
}

/* One conditional write of an effect; OCORE_OK raises the revision to go on with. A conflict means
 * that another pump has it. */
static int effect_write(ocore_core *core, const ocore_effect *effect, int64_t *revision)
{
        const ocore_store *store = &core->config.store;
        ocore_cell cells[EFFECT_COLUMNS];
        ocore_write write = {.table = &ocore__effect_table,
                .cells = cells,
                .revision = *revision,
                .kind = OCORE_WRITE_UPDATE,
                .cell_count = EFFECT_COLUMNS};
        ocore_refusal refusal = {0};
        int status;

        ocore__row_to_cells(
                &ocore__effect_record, core->config.tenant, effect, EFFECT_COLUMNS, cells);
        status = store->ops->write(store->self, &write, 1, &refusal);
        if (!status)
                ++*revision;
        else if (status != OCORE_CONFLICT && status != OCORE_UNKNOWN)
                ocore__store_failed(core, status);
        return status;
}

static int64_t later(int64_t now_us, int64_t wait_us)
{
        int64_t at_us;

        return ocore__add(now_us, wait_us, &at_us) ? INT64_MAX : at_us;
}

/* How long to wait after so many failed tries: doubled each time, at most a day. */
static int64_t retry_wait(const ocore_core *core, int64_t attempts)
{
        int64_t wait_us = core->config.effect_retry_us;

        for (int64_t i = 1; i < attempts && wait_us < day_us; i++)
                wait_us *= 2;
        return wait_us < day_us ? wait_us : day_us;
}

static void give_up(ocore_effect *effect)
{
        effect->state = OCORE_EFFECT_DEAD;
        effect->due_us = 0;
}

/* What is written behind a tell: done, to be tried later, or given up. */
static void effect_outcome(ocore_core *core, ocore_effect *effect, int told, ocore_pumped *done)
{
        if (!told) {
                effect->state = OCORE_EFFECT_DONE;
                effect->due_us = 0;
                done->told++;
        } else if (effect->attempts >= core->config.effect_attempts_max) {
                give_up(effect);
                done->dead++;
        } else {
                effect->due_us = later(ocore__now(core), retry_wait(core, effect->attempts));
                done->failed++;
        }
}

/* Claims, tells, writes the outcome. The try is counted with the claim, so that a host that dies
 * while it is told does not die of the same effect for ever. */
static int effect_carry(ocore_core *core, ocore_effect effect, int64_t revision, ocore_pumped *done)
{
        int status;

        if (effect.state != OCORE_EFFECT_PENDING)
                return OCORE_OK;
        if (effect.attempts >= core->config.effect_attempts_max) {
                give_up(&effect);
                status = effect_write(core, &effect, &revision);
                done->dead += !status;
                return status;
        }
        effect.due_us = later(ocore__now(core), lease_us);
        effect.attempts++;
        status = effect_write(core, &effect, &revision);
        if (status)
                return status;
        effect_outcome(core, &effect, core->config.tell(core->config.tell_data, &effect), done);
        return effect_write(core, &effect, &revision);
}

static int carry_effects(ocore_core *core, int64_t limit, ocore_pumped *done, int *more)
{
        ocore_cell after[3];
        ocore__scan scan = {.table = &ocore__effect_table, .index = OCORE__EFFECT_BY_DUE};
        due_page page = {.now_us = ocore__now(core), .count = PAGE};

        while (limit > 0 && page.count == PAGE) {
                int status;

                page.count = 0;
                scan.limit = (uint32_t)(limit < PAGE ? limit : PAGE);
                status = ocore__scan_rows(core, &core->arena, &scan, 0, effect_due, &page);
                for (size_t i = 0; !status && i < page.count; i++, limit--) {
                        const ocore_effect *effect = &page.rows.effects[i].effect;

                        status = effect_carry(core, *effect, page.rows.effects[i].revision, done);
                        if (status == OCORE_CONFLICT || status == OCORE_UNKNOWN)
                                status = OCORE_OK; /* another pump has it, or it comes up again */
                        after[0] = ocore__cell_number(effect->due_us);
                        after[1] = ocore__cell_id(effect->subject_id);
                        after[2] = ocore__cell_number(effect->number);
                        scan.after = after;
                        scan.after_count = 3;
                }
                if (status)
                        return status;
                *more |= !limit;
        }
        return OCORE_OK;
}

/* Leaves with an error. */
static int refuse(ocore_core *core, int status, const char *field, const char *message)
{
        ocore__error_add(core, status, ocore_str_of(field), ocore_str_of(message));
        return ocore__leave(core, status);
}

/* Entering outside a unit. */
static int enter_alone(ocore_core *core)
{
        int status = ocore__enter(core);

        if (!status && core->unit_open)
                status = refuse(core, OCORE_STATE, "", "a unit is open; commit or cancel it first");
        return status;
}

int ocore_pump(ocore_core *core, int64_t limit, ocore_pumped *out)
{
        ocore_pumped none, *done = out ? out : &none;
        int more = 0, lapsed, status;

        *done = (ocore_pumped){0};
        status = enter_alone(core);
        if (status)
                return status;
        if (limit < 0)
                return refuse(core, OCORE_INVALID, "limit", "must not be below zero");
        (void)ocore__leave(core, OCORE_OK);
        limit = limit ? limit : LIMIT_STANDARD;
        lapsed = lapse_holds(core, limit, done, &more);
        if (is_fatal(lapsed))
                return lapsed;
        status = ocore__enter(core);
        if (!status && core->config.tell)
                status = carry_effects(core, limit, done, &more);
        if (!status && lapsed)
                status = ocore__error_add(core, lapsed, (ocore_str){0},
                        ocore_str_of("a hold that is due cannot be lapsed; "
                                     "ocore_verify() tells what is wrong with it"));
        status = ocore__leave(core, status);
        return status ? status : more ? OCORE_OK : OCORE_DONE;
}

static int hold_earliest(void *user_data, const void *row, int64_t revision)
{
        (void)revision;
        *(int64_t *)user_data = ((const ocore_hold *)row)->due_us;
        return OCORE_DONE;
}

static int effect_earliest(void *user_data, const void *row, int64_t revision)
{
        int64_t *out_us = user_data;
        const ocore_effect *effect = row;

        (void)revision;
        if (effect->due_us < *out_us)
                *out_us = effect->due_us;
        return OCORE_DONE;
}

int ocore_next_due(ocore_core *core, int64_t *out_us)
{
        const ocore__scan holds = {
                .table = &ocore__hold_table, .index = OCORE__HOLD_BY_DUE, .limit = 1};
        const ocore__scan effects = {
                .table = &ocore__effect_table, .index = OCORE__EFFECT_BY_DUE, .limit = 1};
        int64_t due_us = INT64_MAX;
        int status;

        if (out_us)
                *out_us = INT64_MAX;
        status = enter_alone(core);
        if (status)
                return status;
        if (!out_us)
                return refuse(core, OCORE_INVALID, "out_us", "must not be NULL");
        status = ocore__scan_rows(core, &core->arena, &holds, 0, hold_earliest, &due_us);
        if (!status && core->config.tell)
                status =
                        ocore__scan_rows(core, &core->arena, &effects, 0, effect_earliest, &due_us);
        if (!status)
                *out_us = due_us;
        return ocore__leave(core, status);
}
