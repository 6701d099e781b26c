/* A merge join: a page of owners is kept, then the rows up to the last of them are read. */
#include "join.h"

enum { OWNERS = 512 };

typedef struct page {
        const void *owners[OWNERS];
        size_t count;
        size_t at;          /* the owner that the next row may belong to */
        uint32_t owner_key; /* where the id stands */
        uint32_t row_key;
        ocore__join_fn each;
        void *user_data;
} page;

static ocore_id id_of(const void *row, uint32_t offset)
{
        return OCORE__CONST_ID_AT(row, offset);
}

static int keep_owner(void *user_data, const void *row, int64_t revision)
{
        page *owners = user_data;

        (void)revision;
        owners->owners[owners->count++] = row;
        return OCORE_OK;
}

static int match_row(void *user_data, const void *row, int64_t revision)
{
        page *owners = user_data;
        const ocore_id id = id_of(row, owners->row_key);
        int order = -1;

        (void)revision;
        while (owners->at < owners->count) {
                order = ocore__id_compare(id_of(owners->owners[owners->at], owners->owner_key), id);
                if (order >= 0)
                        break;
                owners->at++;
        }
        if (owners->at == owners->count)
                return OCORE_DONE;
        return order ? OCORE_OK : owners->each(owners->user_data, owners->owners[owners->at], row);
}

int ocore__join(ocore__work *work, const ocore_table *owners, const ocore_table *rows,
        ocore__join_fn each, void *user_data)
{
        page *kept = ocore__arena_zero(work->arena, 1, sizeof *kept);
        ocore__arena arena;
        ocore_cell after[2];
        ocore__scan scan_owners = {.table = owners, .limit = OWNERS};
        ocore__scan scan_rows = {.table = rows};
        int status = OCORE_OK;

        if (!kept)
                return OCORE_NOMEM;
        kept->owner_key = owners->record->fields[1].offset;
        kept->row_key = rows->record->fields[1].offset;
        kept->each = each;
        kept->user_data = user_data;
        ocore__arena_init(&arena, &work->arena->allocator, 1 << 16);
        do {
                kept->count = kept->at = 0;
                ocore__arena_reset(&arena, (size_t)1 << 20);
                status = ocore__scan_rows(work->core, &arena, &scan_owners, 1, keep_owner, kept);
                if (status || !kept->count)
                        break;
                status = ocore__scan_rows(work->core, &arena, &scan_rows, 0, match_row, kept);
                /* The next page is behind the last owner, and its rows behind all of that one's. */
                after[0] = ocore__cell_id(id_of(kept->owners[kept->count - 1], kept->owner_key));
                after[1] = ocore__cell_number(INT64_MAX);
                scan_owners.after = scan_rows.after = after;
                scan_owners.after_count = 1;
                scan_rows.after_count = 2;
        } while (!status && kept->count == OWNERS);
        ocore__arena_finish(&arena);
        return status;
}
