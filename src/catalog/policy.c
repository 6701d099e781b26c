/* How the rows of the catalogue are set: whole, and with the row whose revision covers them, so
 * that a decision that rested on the old ones is taken anew. */
#include "catalog.h"

#include <string.h>

void ocore__policy_touch(ocore__work *work, ocore__group *policy)
{
        const ocore__policy_row first = {ocore__policy_name, 1};
        ocore__entry *entry = ocore__first(policy);
        ocore__policy_row *row;

        if (!entry) {
                ocore__insert(work, &ocore__policy_table, &first);
                return;
        }
        row = ocore__edit(work, entry);
        if (row && ocore__add(row->changes, 1, &row->changes))
                work->status = OCORE_CORRUPT; /* nobody has changed rules that often */
}

const void *ocore__row_put(ocore__work *work, ocore__group *group, const void *row)
{
        ocore__entry *entry = ocore__first(group);
        void *copy;

        while (entry && ocore__row_compare(group->table, entry->key, row) != 0)
                entry = ocore__next(entry);
        if (!entry) {
                entry = ocore__insert(work, group->table, row);
                return entry ? ocore__row(entry) : NULL;
        }
        copy = ocore__edit(work, entry);
        if (copy)
                memcpy(copy, row, group->table->record->size);
        return copy;
}
