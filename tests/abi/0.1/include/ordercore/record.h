/**
 * @file record.h
 * How a struct is described, once: its fields with names, kinds and notes.
 *
 * From the same description the library makes the cells of a row, its bytes, its JSON, its SQL
 * column and the help text. Stores read descriptions to make tables; bindings read them to fill
 * requests and to show answers. Descriptions are static and belong to the library.
 */
#ifndef ORDERCORE_RECORD_H
#define ORDERCORE_RECORD_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @name Kinds of fields
 * In a struct, kinds 1 to 6 are an `int64_t`.
 * @{
 */
#define OCORE_FIELD_INTEGER 1  /**< A plain number. */
#define OCORE_FIELD_BOOLEAN 2  /**< 0 or 1. */
#define OCORE_FIELD_CHOICE 3   /**< One of the numbers in `of`, an array of ocore_choice. */
#define OCORE_FIELD_TIME 4     /**< Microseconds since 1970 UTC; 0 is "none". */
#define OCORE_FIELD_AMOUNT 5   /**< Minor units of the currency that the record (or the one around it) names. */
#define OCORE_FIELD_UNITS 6    /**< Smallest units; the record (or the one around it) names the scale. */
#define OCORE_FIELD_TEXT 7     /**< An ocore_str. */
#define OCORE_FIELD_ID 8       /**< An ocore_id. */
#define OCORE_FIELD_BYTES 9    /**< An ocore_str holding any bytes. */
#define OCORE_FIELD_MONEY 10   /**< An ocore_money. */
#define OCORE_FIELD_QUANTITY 11 /**< An ocore_quantity. */
#define OCORE_FIELD_ITEMS 12   /**< Caller-filled array: pointer, `size_t` count, `size_t` stride, in this order; `of` describes an item. */
#define OCORE_FIELD_ROWS 13    /**< Library-filled array of pointers: pointer, `size_t` count; `of` describes an item. */
#define OCORE_FIELD_RECORD 14  /**< Pointer to a library-filled struct, NULL when absent; `of` describes it. */
/** @} */

/**
 * @name Flags of fields
 * @{
 */
#define OCORE_FIELD_REQUIRED 1u      /**< A request without it is refused. */
#define OCORE_FIELD_NULLABLE 2u      /**< In a store, zero (or empty) is kept as NULL. */
#define OCORE_FIELD_POSITIVE 4u      /**< Must be above zero. */
#define OCORE_FIELD_NOT_NEGATIVE 8u  /**< Must not be below zero. */
#define OCORE_FIELD_SCALE 16u        /**< Says the scale of the record's OCORE_FIELD_UNITS. */
#define OCORE_FIELD_CURRENCY 32u     /**< Says the currency of the record's OCORE_FIELD_AMOUNT. */
#define OCORE_FIELD_FREE 64u         /**< Free text: looked at for card numbers. */
#define OCORE_FIELD_HIDDEN 128u      /**< Not shown in JSON and help. */
#define OCORE_FIELD_LINES 256u       /**< Text in which line breaks and tabs may stand. */
/** @} */

/** The offset of a column that stands in no struct (the tenant). */
#define OCORE_FIELD_NOWHERE 0xffffffffu

/** One named value of a OCORE_FIELD_CHOICE; an array ends with name NULL. */
typedef struct ocore_choice {
        const char *name; /**< Lower case, words joined by underscores. */
        int64_t value;    /**< As stored; never reused. */
} ocore_choice;

/** One field of a struct and, where the record has a table, one column. */
typedef struct ocore_field {
        const char *name; /**< Lower case, words joined by underscores. */
        const char *note; /**< A phrase for people: meaning, unit, range. */
        const void *of;   /**< Choices, or the ocore_record of the items. */
        uint32_t kind;    /**< OCORE_FIELD_… */
        uint32_t flags;   /**< OCORE_FIELD_… flags. */
        uint32_t offset;  /**< Where it stands in the struct, or OCORE_FIELD_NOWHERE. */
        uint32_t limit;   /**< Text: most bytes; items: most items; 0 is the general limit. */
} ocore_field;

/** The description of a struct. The first `column_count` fields are columns of its table. */
typedef struct ocore_record {
        const char *name;          /**< What it is: "order_line". */
        const ocore_field *fields; /**< In the order of the columns; fields are only ever appended. */
        size_t field_stride;       /**< Bytes from one field to the next. */
        size_t field_count;        /**< How many fields. */
        size_t column_count;       /**< How many of them are columns; 0 for a record without a table. */
        size_t size;               /**< Bytes of the struct. */
} ocore_record;

/**
 * The n-th field of a record, NULL past the end. Use it instead of indexing: a newer library
 * may have larger fields. Since 0.1.
 */
OCORE_API const ocore_field *ocore_record_field(const ocore_record *record, size_t n);

#ifdef __cplusplus
}
#endif
#endif
