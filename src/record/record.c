/* The two questions about descriptions that bindings and stores ask. */
#include <ordercore/store.h>

const ocore_field *ocore_record_field(const ocore_record *record, size_t n)
{
        if (record == NULL || n >= record->field_count)
                return NULL;
        return (const ocore_field *)(const void *)((const char *)record->fields +
                                                   n * record->field_stride);
}

uint32_t ocore_cell_type(uint32_t field_kind)
{
        switch (field_kind) {
        case OCORE_FIELD_INTEGER:
        case OCORE_FIELD_BOOLEAN:
        case OCORE_FIELD_CHOICE:
        case OCORE_FIELD_TIME:
        case OCORE_FIELD_AMOUNT:
        case OCORE_FIELD_UNITS: return OCORE_CELL_NUMBER;
        case OCORE_FIELD_TEXT: return OCORE_CELL_TEXT;
        case OCORE_FIELD_ID: return OCORE_CELL_ID;
        case OCORE_FIELD_BYTES: return OCORE_CELL_BYTES;
        default: return OCORE_CELL_NULL;
        }
}
