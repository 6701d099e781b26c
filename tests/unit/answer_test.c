/*
 * Answers as bytes and requests as digests. A record with a field of every kind comes back as it
 * was, and from fewer fields with zeros; truncated bytes are refused, and whatever a changed byte
 * makes of them is read inside its own memory, so that a sanitizer sees every step past it.
 * A digest names each field that is changed, and is blind to fields that are appended as zero.
 */
#include "record/record.h"

#include "../support/support.h"

#include <stdlib.h>

typedef struct leaf {
        ocore_str name;
        int64_t number;
} leaf;

typedef struct item {
        ocore_str sku;
        ocore_quantity quantity;
        ocore_money price;
} item;

typedef struct whole {
        int64_t integer, boolean, choice, time, amount, units;
        ocore_str text;
        ocore_id id;
        ocore_str bytes;
        ocore_money money;
        ocore_quantity quantity;
        const item *items;
        size_t item_count, item_stride;
        const leaf *const *rows;
        size_t row_count;
        const leaf *record;
        int64_t appended;
} whole;

static const ocore_choice choices[] = {{"one", 1}, {"two", 2}, {NULL, 0}};
static const ocore_field leaf_fields[] = {
        OCORE__TENANT,
        OCORE__FIELD(leaf, name, TEXT, 0, ""),
        OCORE__FIELD(leaf, number, INTEGER, 0, ""),
};
static const ocore_record leaf_record = OCORE__RECORD("leaf", leaf, leaf_fields, 3);
static const ocore_field item_fields[] = {
        OCORE__FIELD(item, sku, TEXT, 0, ""),
        OCORE__FIELD(item, quantity, QUANTITY, 0, ""),
        OCORE__FIELD(item, price, MONEY, 0, ""),
};
static const ocore_record item_record = OCORE__RECORD("item", item, item_fields, 0);
static const ocore_field fields[] = {
        OCORE__FIELD(whole, integer, INTEGER, 0, ""),
        OCORE__FIELD(whole, boolean, BOOLEAN, 0, ""),
        OCORE__FIELD_OF(whole, choice, CHOICE, 0, choices, ""),
        OCORE__FIELD(whole, time, TIME, 0, ""),
        OCORE__FIELD(whole, amount, AMOUNT, 0, ""),
        OCORE__FIELD(whole, units, UNITS, 0, ""),
        OCORE__FIELD(whole, text, TEXT, 0, ""),
        OCORE__FIELD(whole, id, ID, 0, ""),
        OCORE__FIELD(whole, bytes, BYTES, 0, ""),
        OCORE__FIELD(whole, money, MONEY, 0, ""),
        OCORE__FIELD(whole, quantity, QUANTITY, 0, ""),
        OCORE__FIELD_OF(whole, items, ITEMS, 0, &item_record, ""),
        OCORE__FIELD_OF(whole, rows, ROWS, 0, &leaf_record, ""),
        OCORE__FIELD_OF(whole, record, RECORD, 0, &leaf_record, ""),
        OCORE__FIELD(whole, appended, INTEGER, 0, ""),
};
enum { FIELDS = sizeof fields / sizeof fields[0], REQUEST_FIELDS = 12 };
static const ocore_record newer = OCORE__RECORD("whole", whole, fields, 0);
/* As a library of last year knew it. */
static const ocore_record older = {
        "whole", fields, sizeof(ocore_field), FIELDS - 1, 0, sizeof(whole)};
/* A request has no rows and records. */
static const ocore_record request = {
        "request", fields, sizeof(ocore_field), REQUEST_FIELDS, 0, sizeof(whole)};

static const item items[] = {
        {STR_INIT("tea"), {5, 0, 0}, {0, "", 0}},
        {STR_INIT(""), {0, 0, 0}, {0, "EUR", 0}},
        {STR_INIT("rice"), {INT64_MIN, 9, 0}, {INT64_MAX, "JPY", 0}},
};
static const leaf leaves[] = {{STR_INIT("a"), 1}, {STR_INIT(""), 0}, {STR_INIT("c"), -3}};
static const leaf *const rows[] = {&leaves[0], &leaves[1], &leaves[2]};
static char long_text[3000];

static whole sample(void)
{
        const whole row = {
                .integer = INT64_MIN,
                .boolean = 1,
                .choice = 2,
                .time = INT64_MAX,
                .amount = -1,
                .units = 127,
                .text = {long_text, sizeof long_text},
                .id = {{0, 1, 2, 3, 255}},
                .bytes = STR_INIT("\0\xff"),
                .money = {-5, "EUR", 0},
                .quantity = {1250, 3, 0},
                .items = items,
                .item_count = 3,
                .item_stride = sizeof items[0],
                .rows = rows,
                .row_count = 3,
                .record = &leaves[2],
                .appended = 7,
        };

        memset(long_text, 'x', sizeof long_text);
        return row;
}

static void begin(ocore__arena *arena)
{
        const ocore_allocator allocator = {NULL, NULL};

        ocore__arena_init(arena, &allocator, 256);
}

static void assert_same(const whole *a, const whole *b)
{
        assert_memory_equal(a, b, offsetof(whole, text)); /* six numbers */
        assert_true(ocore_str_equal(a->text, b->text));
        assert_memory_equal(&a->id, &b->id, sizeof a->id);
        assert_true(ocore_str_equal(a->bytes, b->bytes));
        assert_memory_equal(&a->money, &b->money, sizeof a->money);
        assert_memory_equal(&a->quantity, &b->quantity, sizeof a->quantity);
        assert_int_equal(a->item_count, b->item_count);
        for (size_t i = 0; i < a->item_count; i++) {
                assert_true(ocore_str_equal(a->items[i].sku, b->items[i].sku));
                assert_memory_equal(
                        &a->items[i].quantity, &b->items[i].quantity, sizeof(ocore_quantity));
                assert_memory_equal(&a->items[i].price, &b->items[i].price, sizeof(ocore_money));
        }
        assert_int_equal(a->row_count, b->row_count);
        for (size_t i = 0; i < a->row_count; i++) {
                assert_true(ocore_str_equal(a->rows[i]->name, b->rows[i]->name));
                assert_number(b->rows[i]->number, a->rows[i]->number);
        }
        assert_int_equal(!a->record, !b->record);
        if (a->record)
                assert_number(b->record->number, a->record->number);
}

static void every_kind_comes_back(void **state)
{
        whole rows_of[3] = {{0}, sample(), sample()};
        ocore__arena arena;

        (void)state;
        rows_of[2].record = NULL;
        rows_of[2].row_count = rows_of[2].item_count = 0;
        begin(&arena);
        for (size_t i = 0; i < 3; i++) {
                ocore_str bytes, again;
                void *back;

                assert_int_equal(
                        ocore__record_encode(&arena, &newer, &rows_of[i], &bytes), OCORE_OK);
                assert_int_equal(ocore__record_decode(&arena, &newer, bytes, &back), OCORE_OK);
                assert_same(&rows_of[i], back);
                assert_number(((whole *)back)->appended, rows_of[i].appended);
                assert_int_equal(ocore__record_encode(&arena, &newer, back, &again), OCORE_OK);
                assert_true(ocore_str_equal(bytes, again));
        }
        ocore__arena_finish(&arena);
}

static void fields_appended_later_read_as_zero(void **state)
{
        const whole row = sample();
        ocore__arena arena;
        ocore_str bytes;
        void *back;

        (void)state;
        begin(&arena);
        assert_int_equal(ocore__record_encode(&arena, &older, &row, &bytes), OCORE_OK);
        assert_int_equal(ocore__record_decode(&arena, &newer, bytes, &back), OCORE_OK);
        assert_same(&row, back);
        assert_number(((whole *)back)->appended, 0);
        assert_int_equal(ocore__record_encode(&arena, &newer, &row, &bytes), OCORE_OK);
        assert_int_equal(ocore__record_decode(&arena, &older, bytes, &back), OCORE_CORRUPT);
        assert_null(back);
        ocore__arena_finish(&arena);
}

/* Decodes from a block of exactly this size; what can be read can be written. */
static int decode_alone(const char *data, size_t size)
{
        char *copy = malloc(size ? size : 1);
        ocore__arena arena;
        ocore_str again;
        void *back;
        int status;

        assert_non_null(copy);
        memcpy(copy, data, size);
        begin(&arena);
        status = ocore__record_decode(&arena, &newer, (ocore_str){copy, size}, &back);
        assert_true(status == OCORE_OK || status == OCORE_CORRUPT);
        assert_int_equal(back == NULL, status != OCORE_OK);
        if (!status)
                assert_int_equal(ocore__record_encode(&arena, &newer, back, &again), OCORE_OK);
        ocore__arena_finish(&arena);
        free(copy);
        return status;
}

static void hostile_bytes_are_refused_or_read(void **state)
{
        whole row = sample();
        size_t refused = 0;
        ocore__arena arena;
        ocore_str bytes;
        char *data;

        (void)state;
        row.text.size = 40;
        begin(&arena);
        assert_int_equal(ocore__record_encode(&arena, &newer, &row, &bytes), OCORE_OK);
        data = malloc(bytes.size + 1);
        assert_non_null(data);
        memcpy(data, bytes.data, bytes.size);
        data[bytes.size] = 0;
        for (size_t size = 0; size < bytes.size; size++)
                assert_int_equal(decode_alone(data, size), OCORE_CORRUPT);
        assert_int_equal(decode_alone(data, bytes.size), OCORE_OK);
        assert_int_equal(decode_alone(data, bytes.size + 1), OCORE_CORRUPT);
        for (size_t at = 0; at < bytes.size; at++)
                for (int change = 1; change < 256; change++) {
                        data[at] = (char)(bytes.data[at] ^ change);
                        refused += decode_alone(data, bytes.size) != OCORE_OK;
                        data[at] = bytes.data[at];
                }
        assert_true(refused > 0);
        free(data);
        ocore__arena_finish(&arena);
}

typedef struct nest {
        const struct nest *inner;
} nest;
extern const ocore_record nest_record;
static const ocore_field nest_fields[] = {
        OCORE__FIELD_OF(nest, inner, RECORD, 0, &nest_record, ""),
};
const ocore_record nest_record = OCORE__RECORD("nest", nest, nest_fields, 0);

static void nesting_is_bounded(void **state)
{
        nest chain[12] = {{NULL}};
        ocore__arena arena;
        ocore_str bytes;
        void *back;

        (void)state;
        begin(&arena);
        for (size_t i = 0; i + 1 < 12; i++)
                chain[i].inner = &chain[i + 1];
        assert_int_equal(ocore__record_encode(&arena, &nest_record, &chain[8], &bytes), OCORE_OK);
        assert_int_equal(ocore__record_decode(&arena, &nest_record, bytes, &back), OCORE_OK);
        assert_int_equal(ocore__record_encode(&arena, &nest_record, &chain[0], &bytes), OCORE_OK);
        assert_int_equal(ocore__record_decode(&arena, &nest_record, bytes, &back), OCORE_CORRUPT);
        ocore__arena_finish(&arena);
}

/* Another value of the n-th field of a request, not zero. */
static void change(whole *row, size_t n)
{
        static const item others[] = {
                {STR_INIT("tea"), {5, 0, 0}, {0, "", 0}},
                {STR_INIT(""), {0, 0, 0}, {0, "EUR", 0}},
                {STR_INIT("rice"), {INT64_MIN, 9, 0}, {INT64_MAX, "JPX", 0}},
        };

        switch (fields[n].kind) {
        case OCORE_FIELD_TEXT:
        case OCORE_FIELD_BYTES:
                *(ocore_str *)(void *)((char *)row + fields[n].offset) = STR("other");
                break;
        case OCORE_FIELD_ID: row->id.bytes[15] ^= 1; break;
        case OCORE_FIELD_MONEY: row->money.amount_minor++; break;
        case OCORE_FIELD_QUANTITY: row->quantity.scale++; break;
        case OCORE_FIELD_ITEMS: row->items = others; break;
        default: *(int64_t *)(void *)((char *)row + fields[n].offset) = 3;
        }
}

static void clear(whole *row, size_t n)
{
        static const size_t sizes[] = {[OCORE_FIELD_TEXT] = sizeof(ocore_str),
                [OCORE_FIELD_BYTES] = sizeof(ocore_str),
                [OCORE_FIELD_ID] = sizeof(ocore_id),
                [OCORE_FIELD_MONEY] = sizeof(ocore_money),
                [OCORE_FIELD_QUANTITY] = sizeof(ocore_quantity),
                [OCORE_FIELD_ITEMS] = sizeof(ocore__items)};
        size_t size = fields[n].kind <= OCORE_FIELD_UNITS ? 8 : sizes[fields[n].kind];

        memset((char *)row + fields[n].offset, 0, size);
}

static void a_digest_names_what_is_changed(void **state)
{
        const whole row = sample();
        ocore__arena arena;
        ocore_str digest;

        (void)state;
        begin(&arena);
        assert_int_equal(ocore__record_digest(&arena, &request, &row, &digest), OCORE_OK);
        assert_null(ocore__digest_difference(&request, digest, digest));
        for (size_t i = 0; i < REQUEST_FIELDS; i++) {
                whole other = row, without = row;
                ocore_str second;

                change(&other, i);
                assert_int_equal(ocore__record_digest(&arena, &request, &other, &second), OCORE_OK);
                assert_ptr_equal(ocore__digest_difference(&request, digest, second), &fields[i]);
                assert_ptr_equal(ocore__digest_difference(&request, second, digest), &fields[i]);
                clear(&without, i);
                assert_int_equal(
                        ocore__record_digest(&arena, &request, &without, &second), OCORE_OK);
                assert_ptr_equal(ocore__digest_difference(&request, digest, second), &fields[i]);
                assert_ptr_equal(ocore__digest_difference(&request, second, digest), &fields[i]);
        }
        ocore__arena_finish(&arena);
}

static void zero_fields_appended_leave_a_digest_alone(void **state)
{
        static const ocore_record shorter = {
                "request", fields, sizeof(ocore_field), REQUEST_FIELDS - 2, 0, sizeof(whole)};
        whole row = sample();
        ocore__arena arena;
        ocore_str old, now;

        (void)state;
        begin(&arena);
        assert_int_equal(ocore__record_digest(&arena, &shorter, &row, &old), OCORE_OK);
        row.quantity = (ocore_quantity){0};
        row.item_count = 0;
        assert_int_equal(ocore__record_digest(&arena, &request, &row, &now), OCORE_OK);
        assert_true(ocore_str_equal(old, now));
        row.quantity.amount = 1;
        assert_int_equal(ocore__record_digest(&arena, &request, &row, &now), OCORE_OK);
        assert_ptr_equal(ocore__digest_difference(&request, now, old), &fields[REQUEST_FIELDS - 2]);
        ocore__arena_finish(&arena);
}

/* A stored digest may be anything: some field is named, nothing is read outside. */
static void hostile_digests_name_a_field(void **state)
{
        const whole row = sample();
        ocore__arena arena;
        ocore_str digest;

        (void)state;
        begin(&arena);
        assert_int_equal(ocore__record_digest(&arena, &request, &row, &digest), OCORE_OK);
        for (size_t size = 0; size < digest.size; size++) {
                char *copy = malloc(size ? size : 1);

                assert_non_null(copy);
                memset(copy, (int)(size * 37), size);
                assert_non_null(
                        ocore__digest_difference(&request, digest, (ocore_str){copy, size}));
                free(copy);
        }
        ocore__arena_finish(&arena);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_kind_comes_back),
                cmocka_unit_test(fields_appended_later_read_as_zero),
                cmocka_unit_test(hostile_bytes_are_refused_or_read),
                cmocka_unit_test(nesting_is_bounded),
                cmocka_unit_test(a_digest_names_what_is_changed),
                cmocka_unit_test(zero_fields_appended_leave_a_digest_alone),
                cmocka_unit_test(hostile_digests_name_a_field),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
