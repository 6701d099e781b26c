/* Opening and closing a core, its errors, and the guard against calling back into it. */
#include "core.h"

#include <string.h>

static const ocore_str out_of_memory = {"there is no memory; nothing was changed", 39};

static int defaults(ocore_config *config)
{
        const struct {
                int64_t *value;
                int64_t standard, least, most;
        } limits[] = {
                {&config->lines_max, 10000, 1, 1000000},
                {&config->attempts_max, 32, 1, 1000000},
                {&config->effect_attempts_max, 12, 1, 1000},
                {&config->effect_retry_us, 10000000, 1, 86400000000},
                {&config->cache_rows, 16384, -1, 1000000000},
                {&config->balance_age_us, 1000000, -1, 3600000000},
                {&config->effects_off, 0, 0, 1},
                {&config->cards_allowed, 0, 0, 1},
        };
        const ocore_store_ops *ops = config->store.ops;

        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
                if (!*limits[i].value)
                        *limits[i].value = limits[i].standard;
                if (*limits[i].value < limits[i].least || *limits[i].value > limits[i].most)
                        return OCORE_INVALID;
        }
        if (!config->clock || !ops || ops->struct_size < offsetof(ocore_store_ops, message) ||
                !ops->name || !ops->open || !ops->read || !ops->write || config->tenant < 0 ||
                config->tenant > ((int64_t)1 << 53) || config->actor.size > OCORE__CODE_MAX ||
                !ocore__text_good(config->actor, 0))
                return OCORE_INVALID;
        return OCORE_OK;
}

/* The policy row covers sites, tax and shipping by its revision: it is there from the start. */
static int policy_make(ocore_core *core)
{
        ocore_cell cells[3];
        const ocore__policy_row row = {.name = ocore__policy_name};
        ocore_write write = {.table = &ocore__policy_table,
                .cells = cells,
                .cell_count = 3,
                .kind = OCORE_WRITE_INSERT};
        ocore_refusal refusal = {0};
        int status;

        ocore__row_to_cells(ocore__policy_table.record, core->config.tenant, &row, 3, cells);
        status = core->config.store.ops->write(core->config.store.self, &write, 1, &refusal);
        return status > 0 ? OCORE_STORE : status;
}

static int count_row(
        void *sink, size_t read, int64_t revision, const ocore_cell *cells, size_t count)
{
        (void)read, (void)revision, (void)cells, (void)count;
        ++*(int *)sink;
        return OCORE_OK;
}

static int policy_find(ocore_core *core, int *found)
{
        const ocore_store *store = &core->config.store;
        ocore_cell key[2] = {
                ocore__cell_number(core->config.tenant), ocore__cell_text(ocore__policy_name)};
        ocore_read read = {.table = &ocore__policy_table, .prefix = key, .prefix_count = 2};
        int status;

        *found = 0;
        status = store->ops->read(store->self, &read, 1, count_row, found);
        return status > 0 ? OCORE_STORE : status;
}

/* Only a store that lacks it is written to, so that a store can be opened for reading alone. Where
 * another was faster, or the answer is lost, the store is asked again. */
static int policy_ensure(ocore_core *core)
{
        int found;
        int status = policy_find(core, &found);

        if (status || found)
                return status;
        status = policy_make(core);
        if (status != OCORE_CONFLICT && status != OCORE_UNKNOWN)
                return status;
        status = policy_find(core, &found);
        return status || found ? status : OCORE_STORE;
}

/* What a newer program has set and this library does not know must not be passed over. */
static int config_take(const ocore_config *config, ocore_config *out)
{
        size_t known = config->struct_size < sizeof *out ? config->struct_size : sizeof *out;

        for (size_t i = known; i < config->struct_size; i++)
                if (((const char *)config)[i])
                        return OCORE_INVALID;
        memcpy(out, config, known);
        return defaults(out);
}

int ocore_open(const ocore_config *config, ocore_core **out)
{
        ocore_config copy = {0};
        ocore_core *core;
        char *actor;
        int status;

        if (!out)
                return OCORE_INVALID;
        *out = NULL;
        if (!config || config->struct_size < offsetof(ocore_config, allocator) ||
                config->struct_size > sizeof copy * 16 || config_take(config, &copy))
                return OCORE_INVALID;
        core = ocore__allocate(&copy.allocator, sizeof *core + copy.actor.size);
        if (!core)
                return OCORE_NOMEM;
        memset(core, 0, sizeof *core);
        actor = (char *)(core + 1);
        if (copy.actor.size)
                memcpy(actor, copy.actor.data, copy.actor.size);
        copy.actor.data = actor;
        core->config = copy;
        ocore__arena_init(&core->arena, &copy.allocator, 16384);
        ocore__arena_init(&core->cache_arena, &copy.allocator, 4096);
        ocore__arena_init(&core->error_arena, &copy.allocator, 1024);
        core->wanted_end = &core->wanted;
        ocore__unit_clear(core);
        core->busy = 1;
        status = copy.store.ops->open(copy.store.self, &ocore__schema);
        if (status > 0)
                status = OCORE_STORE;
        if (!status)
                status = policy_ensure(core);
        core->busy = 0;
        if (status) {
                ocore_close(core);
                return status;
        }
        *out = core;
        return OCORE_OK;
}

void ocore_close(ocore_core *core)
{
        ocore_allocator allocator;

        if (!core || core->busy) /* from inside a callback: the caller still needs it */
                return;
        allocator = core->config.allocator;
        if (core->unit.slots)
                ocore__release(&allocator, core->unit.slots,
                        core->unit.slot_count * sizeof *core->unit.slots);
        if (core->cache.slots)
                ocore__release(&allocator, core->cache.slots,
                        core->cache.slot_count * sizeof *core->cache.slots);
        ocore__arena_finish(&core->arena);
        ocore__arena_finish(&core->cache_arena);
        ocore__arena_finish(&core->error_arena);
        ocore__release(&allocator, core, sizeof *core + core->config.actor.size);
}

int ocore__enter(ocore_core *core)
{
        if (!core)
                return OCORE_INVALID;
        if (core->busy)
                return OCORE_REENTRANT;
        core->busy = 1;
        ocore__errors_clear(core);
        return OCORE_OK;
}

int ocore__leave(ocore_core *core, int status)
{
        core->busy = 0;
        if (status < 0 && core->error_count && ocore_last_error(core) == &core->spare)
                return OCORE_NOMEM; /* what was wrong could not be kept: the error says only this */
        if (status < 0 && !core->error_count)
                ocore__error_add(core, status, (ocore_str){0},
                        status == OCORE_NOMEM ? out_of_memory : (ocore_str){0});
        return status;
}

int64_t ocore__now(ocore_core *core)
{
        int64_t now_us = core->config.clock(core->config.clock_data);

        return now_us < 1 ? 1 : now_us; /* a time of 0 is "none" wherever it is kept */
}

void ocore__errors_clear(ocore_core *core)
{
        core->error_count = 0;
        core->errors = NULL;
        core->spare.status = OCORE_OK;
        ocore__arena_reset(&core->error_arena, 4096);
}

static int error_spare(ocore_core *core, int status)
{
        core->spare = (ocore_error){.status = OCORE_NOMEM, .message = out_of_memory};
        if (!core->error_count)
                core->error_count = 1;
        return status;
}

/* A field that is wrong is told of once: what follows from it is no news. */
static int is_told(const ocore_core *core, ocore_str field)
{
        for (size_t i = 0; field.size && i < core->error_count; i++)
                if (core->errors[i] && ocore_str_equal(core->errors[i]->field, field))
                        return 1;
        return 0;
}

int ocore__error_add(ocore_core *core, int status, ocore_str field, ocore_str message)
{
        ocore__arena *arena = &core->error_arena;
        ocore_error *error;

        if (core->error_count >= OCORE__ERRORS_MAX || core->spare.status || is_told(core, field))
                return status;
        if (!core->errors)
                core->errors = ocore__arena_zero(arena, OCORE__ERRORS_MAX, sizeof(ocore_error *));
        error = core->errors ? ocore__arena_zero(arena, 1, sizeof *error) : NULL;
        if (!error || ocore__arena_text(arena, field, &error->field) ||
                ocore__arena_text(arena, message, &error->message))
                return error_spare(core, status);
        error->status = status;
        core->errors[core->error_count++] = error;
        return status;
}

const ocore_error *ocore_error_at(const ocore_core *core, size_t n)
{
        if (!core || n >= core->error_count)
                return NULL;
        return core->errors && core->errors[n] ? core->errors[n] : &core->spare;
}

const ocore_error *ocore_last_error(const ocore_core *core)
{
        const ocore_error *first = ocore_error_at(core, 0);

        return first || !core ? first : &core->none;
}

size_t ocore_error_count(const ocore_core *core)
{
        return core ? core->error_count : 0;
}

int ocore__store_failed(ocore_core *core, int status)
{
        const ocore_store *store = &core->config.store;
        char text[256];
        ocore__writer writer;
        int64_t code = 0;
        const char *message = NULL;

        if (status == OCORE_NOMEM)
                return ocore__error_add(core, status, (ocore_str){0}, out_of_memory);
        if (store->ops->struct_size > offsetof(ocore_store_ops, message) && store->ops->message)
                message = store->ops->message(store->self, &code);
        ocore__writer_init(&writer, text, sizeof text);
        ocore__write(&writer, "the store \"%s\" failed: %s", store->ops->name,
                message && *message ? message : "it gave no reason");
        ocore__error_add(core, status, (ocore_str){0}, (ocore_str){text, writer.used});
        if (core->errors && core->error_count && core->errors[core->error_count - 1])
                core->errors[core->error_count - 1]->store_code = code;
        return status;
}
