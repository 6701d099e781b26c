/*
 * Writing to the memory store. A batch is carried out write by write, each thing that is done noted
 * as a step; at a refusal, or when memory runs out, the steps are undone from the last to the
 * first, which needs no memory: what is taken out only counts as gone until the batch has
 * succeeded, and what was put in is taken out again. The journal stands between the two halves: it
 * applies a batch, makes it durable, and then accepts or undoes it.
 */
#include "memory_store.h"
#include "record/codec.h"

#include <string.h>

/* Kinds of steps. */
enum {
        STEP_ADDED = 1, /* an item was put into a tree */
        STEP_DYING = 2, /* an item will be taken out */
        STEP_BODY = 3   /* a row got another body and revision */
};

/* What one write needs at hand. */
typedef struct job {
        ocore__memory *store;
        const ocore_write *write;
        const ocore_table *table;
        ocore__tree *trees; /* the row's own and those of its indexes */
        ocore_refusal *refusal;
} job;

static int refuse(const job *of, uint32_t reason, uint32_t column)
{
        of->refusal->reason = reason;
        of->refusal->column = column;
        return OCORE_CONFLICT;
}

/* There is room: batch_step_room() has been called for the write. */
static ocore__step *push_step(
        ocore__memory *store, uint32_t kind, ocore__tree *tree, ocore__item *item)
{
        ocore__step *step = (ocore__step *)(void *)(store->steps.bytes + store->steps.used);

        store->steps.used += sizeof *step;
        step->kind = kind;
        step->tree = tree;
        step->item = item;
        return step;
}

/* A write does at most one thing to the row and two to each index. */
static int step_room(ocore__memory *store, const ocore_table *table)
{
        size_t most = 2 + 2 * (size_t)table->index_count;

        return ocore__room_ensure(
                store, &store->steps, store->steps.used + most * sizeof(ocore__step));
}

static void mark_dying(ocore__memory *store, ocore__tree *tree, ocore__item *item)
{
        item->flags |= OCORE__ITEM_DYING;
        (void)push_step(store, STEP_DYING, tree, item);
}

/* The bytes of the columns behind the key, in store->body. */
static int encode_body(const job *of, const ocore_cell *cells, size_t count)
{
        ocore__memory *store = of->store;
        size_t keys = of->table->key_count;
        size_t size = ocore__cells_put(
                cells + keys, keys, count - keys, store->body.bytes, store->body.size);

        if (size == SIZE_MAX) {
                if (ocore__room_ensure(store, &store->body,
                            ocore__cells_bound(cells + keys, count - keys)) != OCORE_OK)
                        return OCORE_NOMEM;
                size = ocore__cells_put(
                        cells + keys, keys, count - keys, store->body.bytes, store->body.size);
        }
        if (size > UINT32_MAX)
                return OCORE_NOMEM;
        store->body.used = size;
        return OCORE_OK;
}

/* A counter at its end is not stepped over it. */
static int step_revision(const job *of, ocore__item *row)
{
        if (row->as.revision == INT64_MAX)
                return refuse(of, OCORE_REFUSED_OVERFLOW, 0);
        row->as.revision++;
        return OCORE_OK;
}

/* The row that a write names, NULL if there is none. */
static int find_row(const job *of, ocore__item **row)
{
        ocore__memory *store = of->store;
        size_t keys = of->table->key_count - 1;
        size_t size = ocore__key_size(of->write->cells + 1, keys);

        *row = NULL;
        if (ocore__room_ensure(store, &store->key, size + 1) != OCORE_OK)
                return OCORE_NOMEM;
        ocore__key_encode(of->write->cells + 1, keys, store->key.bytes);
        *row = ocore__tree_find(&of->trees[0], store->key.bytes, size);
        if (*row == NULL || ((*row)->flags & OCORE__ITEM_DYING) != 0)
                return refuse(of, OCORE_REFUSED_MISSING, 0);
        return OCORE_OK;
}

/* The same, at the revision that is expected. */
static int find_expected(const job *of, ocore__item **row)
{
        int status = find_row(of, row);

        if (status == OCORE_OK && (*row)->as.revision != of->write->revision)
                return refuse(of, OCORE_REFUSED_REVISION, 0);
        return status;
}

/* Puts an entry for the row into one index. */
static int add_entry(const job *of, const ocore_index *index, ocore__tree *tree,
        const ocore_cell *cells, ocore__item *row)
{
        ocore__memory *store = of->store;
        ocore__item *entry;
        ocore__item *other;
        size_t part;
        int status = ocore__entry_create(store, index, cells, row, &entry, &part);

        if (status != OCORE_OK)
                return status;
        if (ocore__entry_unique(index, cells) && ocore__entry_taken(tree, entry, part))
                status = refuse(
                        of, OCORE_REFUSED_EXISTS, index->column_count > 1 ? index->columns[1] : 0);
        if (status == OCORE_OK)
                status = ocore__tree_insert(tree, &store->pool, entry, &other);
        if (status != OCORE_OK) {
                ocore__item_give(store, entry);
                return status;
        }
        (void)push_step(store, STEP_ADDED, tree, entry);
        return OCORE_OK;
}

/* A row of the key in `cells` and the body in store->body. */
static int create_row(const job *of, ocore__item **out)
{
        ocore__memory *store = of->store;
        size_t keys = of->table->key_count - 1;
        size_t key_size = ocore__key_size(of->write->cells + 1, keys);
        size_t body_size = store->body.used;
        size_t size = offsetof(ocore__item, key) + key_size;
        ocore__item *row;

        *out = NULL;
        if (key_size > UINT16_MAX)
                return ocore__key_too_long(store);
        /* Room for a pointer at least, for when the body outgrows the row. */
        size += body_size > sizeof(void *) ? body_size : sizeof(void *);
        row = ocore__pool_take(&store->pool, size);
        if (row == NULL)
                return OCORE_NOMEM;
        row->key_size = (uint16_t)key_size;
        row->class = (uint8_t)ocore__pool_class(size);
        row->flags = 0;
        row->body_size = (uint32_t)body_size;
        row->as.revision = of->write->revision > 0 ? of->write->revision : 1;
        ocore__key_encode(of->write->cells + 1, keys, row->key);
        memcpy(row->key + key_size, store->body.bytes, body_size);
        *out = row;
        return OCORE_OK;
}

static int insert_row(const job *of)
{
        ocore__memory *store = of->store;
        ocore__item *row;
        ocore__item *other;
        uint32_t n;
        int status = encode_body(of, of->write->cells, of->write->cell_count);

        if (status == OCORE_OK)
                status = create_row(of, &row);
        if (status != OCORE_OK)
                return status;
        status = ocore__tree_insert(&of->trees[0], &store->pool, row, &other);
        if (status != OCORE_OK) {
                ocore__item_give(store, row);
                return status == OCORE_EXISTS ? refuse(of, OCORE_REFUSED_EXISTS, 0) : status;
        }
        (void)push_step(store, STEP_ADDED, &of->trees[0], row);
        for (n = 0; n < of->table->index_count && status == OCORE_OK; n++) {
                const ocore_index *index = &of->table->indexes[n];

                if (ocore__entry_wanted(index, of->write->cells))
                        status = add_entry(of, index, &of->trees[n + 1], of->write->cells, row);
        }
        return status;
}

/* The entry of a row in an index, as its cells are now. */
static int find_entry(
        const job *of, uint32_t n, const ocore_cell *cells, ocore__item *row, ocore__item **out)
{
        ocore__memory *store = of->store;
        ocore__item *likeness;
        size_t part;
        int status =
                ocore__entry_create(store, &of->table->indexes[n], cells, row, &likeness, &part);

        *out = NULL;
        if (status != OCORE_OK)
                return status;
        *out = ocore__tree_find(&of->trees[n + 1], likeness->key, likeness->key_size);
        ocore__item_give(store, likeness);
        if (*out == NULL) {
                store->message = "a row is missing from an index";
                return OCORE_STORE;
        }
        return OCORE_OK;
}

/* Reads the row into store->cells. */
static int read_row(const job *of, ocore__item *row)
{
        int status = ocore__row_cells(row, of->table, of->write->cells[0].as.number,
                of->store->cells, of->table->record->column_count);

        if (status != OCORE_OK) {
                of->store->message = "the bytes of a row are damaged";
                return OCORE_STORE;
        }
        return OCORE_OK;
}

static int delete_row(const job *of)
{
        ocore__item *row;
        ocore__item *entry;
        uint32_t n;
        int status = find_expected(of, &row);

        if (status == OCORE_OK && of->table->index_count > 0)
                status = read_row(of, row);
        for (n = 0; status == OCORE_OK && n < of->table->index_count; n++) {
                if (!ocore__entry_wanted(&of->table->indexes[n], of->store->cells))
                        continue;
                status = find_entry(of, n, of->store->cells, row, &entry);
                if (status == OCORE_OK)
                        mark_dying(of->store, &of->trees[n + 1], entry);
        }
        if (status == OCORE_OK)
                mark_dying(of->store, &of->trees[0], row);
        return status;
}

/* Notes the row's body and revision, before they change. */
static int save_body(ocore__memory *store, ocore__item *row, ocore__step **out)
{
        size_t offset = store->saved.used;
        ocore__step *step;

        *out = NULL;
        if (ocore__room_ensure(store, &store->saved, offset + row->body_size + 1) != OCORE_OK)
                return OCORE_NOMEM;
        memcpy(store->saved.bytes + offset, ocore__row_body(row), row->body_size);
        store->saved.used += row->body_size;
        step = push_step(store, STEP_BODY, NULL, row);
        step->body_size = row->body_size;
        step->flags = row->flags;
        step->revision = row->as.revision;
        step->saved = offset;
        step->outside = ocore__row_outside(row);
        step->fresh = NULL;
        *out = step;
        return OCORE_OK;
}

/* Gives the row the body in store->body, where it stands or in a place of its own. */
static int replace_body(ocore__memory *store, ocore__item *row, ocore__step *step)
{
        size_t size = store->body.used;

        if (size > ocore__row_room(row)) {
                /* Half as much again, so that a row that grows does not move each time. */
                size_t room = sizeof(ocore__outside) + size + size / 2;
                ocore__outside *fresh = ocore__pool_take(&store->pool, room);

                if (fresh == NULL)
                        return OCORE_NOMEM;
                fresh->class = ocore__pool_class(room);
                step->fresh = fresh;
                row->flags |= OCORE__ITEM_OUTSIDE;
                memcpy(row->key + row->key_size, &fresh, sizeof fresh);
        }
        memcpy(ocore__row_body(row), store->body.bytes, size);
        row->body_size = (uint32_t)size;
        return OCORE_OK;
}

static int same_cell(const ocore_cell *a, const ocore_cell *b)
{
        if (a->type != b->type)
                return 0;
        switch (a->type) {
        case OCORE_CELL_NULL: return 1;
        case OCORE_CELL_NUMBER: return a->as.number == b->as.number;
        case OCORE_CELL_ID: return memcmp(&a->as.id, &b->as.id, sizeof a->as.id) == 0;
        default: return ocore_str_equal(a->as.text, b->as.text);
        }
}

/* 1 if the row's entry in the index stays as it is. */
static int same_entry(const ocore_index *index, const ocore_cell *a, const ocore_cell *b)
{
        uint32_t n;

        for (n = 1; n < index->column_count; n++) {
                if (!same_cell(&a[index->columns[n]], &b[index->columns[n]]))
                        return 0;
        }
        return 1;
}

static int update_row(const job *of)
{
        ocore__memory *store = of->store;
        const ocore_cell *cells = of->write->cells;
        ocore__item *row;
        ocore__item *entry;
        ocore__step *step;
        uint32_t n;
        int status = find_expected(of, &row);

        if (status == OCORE_OK && of->table->index_count > 0)
                status = read_row(of, row);
        for (n = 0; status == OCORE_OK && n < of->table->index_count; n++) {
                const ocore_index *index = &of->table->indexes[n];

                if (same_entry(index, store->cells, cells))
                        continue;
                if (ocore__entry_wanted(index, store->cells)) {
                        status = find_entry(of, n, store->cells, row, &entry);
                        if (status == OCORE_OK)
                                mark_dying(store, &of->trees[n + 1], entry);
                }
                if (status == OCORE_OK && ocore__entry_wanted(index, cells))
                        status = add_entry(of, index, &of->trees[n + 1], cells, row);
        }
        if (status == OCORE_OK)
                status = encode_body(of, cells, of->write->cell_count);
        if (status == OCORE_OK)
                status = save_body(store, row, &step);
        if (status == OCORE_OK)
                status = replace_body(store, row, step);
        return status == OCORE_OK ? step_revision(of, row) : status;
}

/* One column of an ADD, when its number does not fit where it stands. */
static int set_number(
        const job *of, ocore__item *row, ocore__step *step, uint32_t column, int64_t number)
{
        ocore_cell *cells = of->store->cells;
        int status = read_row(of, row);

        if (status != OCORE_OK)
                return status;
        memset(&cells[column], 0, sizeof cells[column]);
        cells[column].type = OCORE_CELL_NUMBER;
        cells[column].as.number = number;
        status = encode_body(of, cells, of->table->record->column_count);
        if (status != OCORE_OK)
                return status;
        /* Two numbers of one ADD may each outgrow a place: the first then was only in between. */
        if (step->fresh != NULL && of->store->body.used > ocore__row_room(row)) {
                ocore__outside *between = step->fresh;

                status = replace_body(of->store, row, step);
                if (status == OCORE_OK)
                        ocore__pool_give(&of->store->pool, between, (unsigned)between->class);
                return status;
        }
        return replace_body(of->store, row, step);
}

static int add_to_row(const job *of)
{
        ocore__memory *store = of->store;
        ocore__item *row;
        ocore__step *step;
        uint32_t n;
        int status = find_row(of, &row);

        if (status == OCORE_OK)
                status = save_body(store, row, &step);
        for (n = 0; status == OCORE_OK && n < of->write->add_count; n++) {
                const ocore_add *add = &of->write->adds[n];
                int64_t sum;
                int done = ocore__cells_add(
                        ocore__row_body(row), row->body_size, add->column, add->amount, &sum);

                if (done == OCORE_OVERFLOW)
                        return refuse(of, OCORE_REFUSED_OVERFLOW, add->column);
                if (done < 0) {
                        store->message = "the bytes of a row are damaged";
                        return OCORE_STORE;
                }
                if (add->amount <= 0 && sum < add->floor)
                        return refuse(of, OCORE_REFUSED_FLOOR, add->column);
                if (done == 0)
                        status = set_number(of, row, step, add->column, sum);
        }
        return status == OCORE_OK ? step_revision(of, row) : status;
}

static int carry_out(const job *of)
{
        ocore__item *row;

        switch (of->write->kind) {
        case OCORE_WRITE_INSERT: return insert_row(of);
        case OCORE_WRITE_UPDATE: return update_row(of);
        case OCORE_WRITE_DELETE: return delete_row(of);
        case OCORE_WRITE_CHECK: return find_expected(of, &row);
        case OCORE_WRITE_ADD: return add_to_row(of);
        default: of->store->message = "a write of an unknown kind"; return OCORE_STORE;
        }
}

static void undo_body(ocore__memory *store, const ocore__step *step)
{
        ocore__item *row = step->item;
        uint8_t *place = row->key + row->key_size;

        if (step->fresh != NULL)
                ocore__pool_give(&store->pool, step->fresh, (unsigned)step->fresh->class);
        row->flags = (uint8_t)step->flags;
        row->body_size = step->body_size;
        row->as.revision = step->revision;
        if (step->outside != NULL) {
                memcpy(place, &step->outside, sizeof step->outside);
                place = step->outside->bytes;
        }
        memcpy(place, store->saved.bytes + step->saved, step->body_size);
}

void ocore__memory_undo(ocore__memory *store)
{
        while (store->steps.used > 0) {
                const ocore__step *step;

                store->steps.used -= sizeof *step;
                step = (const ocore__step *)(const void *)(store->steps.bytes + store->steps.used);
                if (step->kind == STEP_ADDED) {
                        ocore__tree_remove(step->tree, &store->pool, step->item);
                        ocore__item_give(store, step->item);
                } else if (step->kind == STEP_DYING) {
                        step->item->flags &= (uint8_t)~OCORE__ITEM_DYING;
                } else {
                        undo_body(store, step);
                }
        }
}

/* What counts as gone goes. */
void ocore__memory_accept(ocore__memory *store)
{
        size_t at;

        for (at = 0; at < store->steps.used; at += sizeof(ocore__step)) {
                const ocore__step *step =
                        (const ocore__step *)(const void *)(store->steps.bytes + at);

                if (step->kind == STEP_DYING) {
                        ocore__tree_remove(step->tree, &store->pool, step->item);
                        ocore__item_give(store, step->item);
                } else if (step->kind == STEP_BODY && step->fresh != NULL &&
                           step->outside != NULL) {
                        ocore__pool_give(
                                &store->pool, step->outside, (unsigned)step->outside->class);
                }
        }
        store->steps.used = 0;
}

static int begin(const job *of, int64_t number, ocore__memory_tenant **tenant)
{
        ocore__memory *store = of->store;

        *tenant = ocore__memory_find_tenant(store, number);
        if (*tenant == NULL)
                *tenant = ocore__memory_make_tenant(store, number);
        return *tenant != NULL ? step_room(store, of->table) : OCORE_NOMEM;
}

int ocore__memory_apply(
        ocore__memory *store, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        int status = OCORE_OK;
        size_t n;

        memset(refusal, 0, sizeof *refusal);
        store->message = "";
        if (store->schema == NULL) {
                store->message = "the store is not opened";
                return OCORE_STORE;
        }
        store->steps.used = 0;
        store->saved.used = 0;
        for (n = 0; n < count && status == OCORE_OK; n++) {
                const ocore_write *write = &writes[n];
                ocore__memory_tenant *tenant;
                job of = {store, write, write->table, NULL, refusal};

                refusal->write = n;
                status = begin(&of, write->cells[0].as.number, &tenant);
                if (status == OCORE_OK) {
                        of.trees = &tenant->trees[store->first_tree[write->table->number]];
                        status = carry_out(&of);
                }
        }
        if (status != OCORE_OK) {
                ocore__memory_undo(store);
                return status;
        }
        refusal->write = 0;
        return OCORE_OK;
}

int ocore__memory_write(void *self, const ocore_write *writes, size_t count, ocore_refusal *refusal)
{
        int status = ocore__memory_apply(self, writes, count, refusal);

        if (status == OCORE_OK)
                ocore__memory_accept(self);
        return status;
}
