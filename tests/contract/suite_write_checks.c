/* Checks of single writes and of batches: what is done, what is refused, and that a refused
 * batch leaves nothing. */
#include "suite_private.h"

#include <string.h>

/* Short names for the kinds. */
enum {
        INSERT = OCORE_WRITE_INSERT,
        UPDATE = OCORE_WRITE_UPDATE,
        DELETE = OCORE_WRITE_DELETE,
        CHECK = OCORE_WRITE_CHECK
};
enum {
        DONE = 0,
        EXISTS = OCORE_REFUSED_EXISTS,
        MISSING = OCORE_REFUSED_MISSING,
        REVISION = OCORE_REFUSED_REVISION,
        FLOOR = OCORE_REFUSED_FLOOR,
        OVERFLOW = OCORE_REFUSED_OVERFLOW
};

static void one(suite_run *run, const char *what, uint32_t kind, uint32_t table, const toy_row *row,
        int64_t revision, uint32_t reason)
{
        ocore_write write = ocore__toy_write(kind, table, row, revision);

        ocore__suite_step(run, what, &write, 1, reason, 0);
}

static void add(suite_run *run, const char *what, const toy_row *row, int64_t amount, int64_t floor,
        uint32_t reason)
{
        ocore_add adds[1] = {{amount, floor, BIN_ORDER, 0}};
        ocore_write write = ocore__toy_add(TOY_BIN, row, adds, 1);

        ocore__suite_step(run, what, &write, 1, reason, 0);
}

static void check_insert(suite_run *run)
{
        toy_row row = ocore__toy_bin(1, "a", 5);

        one(run, "insert", INSERT, TOY_BIN, &row, 0, DONE);
        row.cells[BIN_ORDER] = ocore__toy_number(6);
        one(run, "insert again", INSERT, TOY_BIN, &row, 0, EXISTS);
        one(run, "delete", DELETE, TOY_BIN, &row, 1, DONE);
        one(run, "insert after delete", INSERT, TOY_BIN, &row, 0, DONE);
        row = ocore__toy_bin(2, "a", 7);
        one(run, "insert for another tenant", INSERT, TOY_BIN, &row, 0, DONE);
        row = ocore__toy_bin(1, "", 7);
        one(run, "insert under an empty key", INSERT, TOY_BIN, &row, 0, DONE);
        one(run, "insert under an empty key again", INSERT, TOY_BIN, &row, 0, EXISTS);
}

/* A row that comes from another store brings its revision with it. */
static void check_insert_revision(suite_run *run)
{
        static const int64_t starts[] = {
                1, 2, 4294967297, ((int64_t)1 << 53) + 1, INT64_MAX - 1, INT64_MAX};
        toy_row row;
        size_t n;

        for (n = 0; n < sizeof starts / sizeof starts[0]; n++) {
                row = ocore__toy_group(1, (int64_t)n, (int64_t)n);
                one(run, "insert at a revision", INSERT, TOY_GROUP, &row, starts[n], DONE);
                one(run, "insert again", INSERT, TOY_GROUP, &row, starts[n], EXISTS);
                one(run, "check at one less", CHECK, TOY_GROUP, &row, starts[n] - 1, REVISION);
                one(run, "check at that revision", CHECK, TOY_GROUP, &row, starts[n], DONE);
        }
        row = ocore__toy_bin(1, "a", 1);
        one(run, "insert at 41", INSERT, TOY_BIN, &row, 41, DONE);
        one(run, "update at 1", UPDATE, TOY_BIN, &row, 1, REVISION);
        one(run, "update at 41", UPDATE, TOY_BIN, &row, 41, DONE);
        add(run, "add", &row, 1, 0, DONE);
        one(run, "delete at 43", DELETE, TOY_BIN, &row, 43, DONE);
        one(run, "insert at nothing", INSERT, TOY_BIN, &row, 0, DONE);
        one(run, "check at 1", CHECK, TOY_BIN, &row, 1, DONE);
}

static void check_update(suite_run *run)
{
        toy_row row = ocore__toy_item(1, 1, 1, "shoe");

        one(run, "update of nothing", UPDATE, TOY_ITEM, &row, 1, MISSING);
        one(run, "insert", INSERT, TOY_ITEM, &row, 0, DONE);
        row.cells[ITEM_SKU] = ocore__toy_text("boot");
        row.cells[ITEM_DUE] = ocore__toy_number(77);
        row.cells[ITEM_NAME] = ocore__toy_text("anna");
        one(run, "update at a later revision", UPDATE, TOY_ITEM, &row, 2, REVISION);
        one(run, "update at revision 0", UPDATE, TOY_ITEM, &row, 0, REVISION);
        one(run, "update", UPDATE, TOY_ITEM, &row, 1, DONE);
        row.cells[ITEM_DUE] = ocore__toy_null();
        one(run, "update at an old revision", UPDATE, TOY_ITEM, &row, 1, REVISION);
        one(run, "update once more", UPDATE, TOY_ITEM, &row, 2, DONE);
        one(run, "update with nothing new", UPDATE, TOY_ITEM, &row, 3, DONE);
        row.cells[ITEM_TENANT] = ocore__toy_number(2);
        one(run, "update of another tenant's row", UPDATE, TOY_ITEM, &row, 4, MISSING);
}

static void check_delete(suite_run *run)
{
        toy_row row = ocore__toy_item(1, 1, 1, "shoe");

        one(run, "delete of nothing", DELETE, TOY_ITEM, &row, 1, MISSING);
        one(run, "insert", INSERT, TOY_ITEM, &row, 0, DONE);
        one(run, "delete at another revision", DELETE, TOY_ITEM, &row, 2, REVISION);
        row.cells[ITEM_TENANT] = ocore__toy_number(2);
        one(run, "delete of another tenant's row", DELETE, TOY_ITEM, &row, 1, MISSING);
        row.cells[ITEM_TENANT] = ocore__toy_number(1);
        one(run, "delete", DELETE, TOY_ITEM, &row, 1, DONE);
        one(run, "delete again", DELETE, TOY_ITEM, &row, 1, MISSING);
}

static void check_check(suite_run *run)
{
        toy_row row = ocore__toy_bin(1, "a", 5);

        one(run, "check of nothing", CHECK, TOY_BIN, &row, 1, MISSING);
        one(run, "insert", INSERT, TOY_BIN, &row, 0, DONE);
        one(run, "check", CHECK, TOY_BIN, &row, 1, DONE);
        one(run, "check again: it changed nothing", CHECK, TOY_BIN, &row, 1, DONE);
        one(run, "check at another revision", CHECK, TOY_BIN, &row, 2, REVISION);
        add(run, "add", &row, 1, 0, DONE);
        one(run, "check at the revision before an add", CHECK, TOY_BIN, &row, 1, REVISION);
        one(run, "check at the revision after an add", CHECK, TOY_BIN, &row, 2, DONE);
}

static void check_add(suite_run *run)
{
        toy_row row = ocore__toy_bin(1, "a", 10);
        ocore_add both[2] = {{-4, 0, BIN_ORDER, 0}, {4, 0, BIN_HELD, 0}};
        ocore_write write = ocore__toy_add(TOY_BIN, &row, both, 2);

        add(run, "add to nothing", &row, 1, 0, MISSING);
        one(run, "insert", INSERT, TOY_BIN, &row, 0, DONE);
        ocore__suite_step(run, "move 4 from column to column", &write, 1, DONE, 0);
        ocore__suite_step(run, "move 4 again", &write, 1, DONE, 0);
        ocore__suite_step(run, "move 4 of 2", &write, 1, FLOOR, 0);
        add(run, "down to the floor", &row, -2, 0, DONE);
        add(run, "one below the floor", &row, -1, 0, FLOOR);
        add(run, "the least number", &row, INT64_MIN, 0, FLOOR);
        add(run, "a floor that cannot be reached", &row, INT64_MIN, INT64_MAX, FLOOR);
        add(run, "a floor below zero", &row, -5, -5, DONE);
        add(run, "up, and still below the floor", &row, 1, 100, DONE);
        add(run, "nothing, below the floor", &row, 0, 100, FLOOR);
        add(run, "nothing, at the floor", &row, 0, -4, DONE);
        both[0].amount = 1;
        both[1].amount = -100;
        ocore__suite_step(run, "the second column falls", &write, 1, FLOOR, 0);
}

static void check_add_overflow(suite_run *run)
{
        toy_row row = ocore__toy_bin(1, "a", INT64_MAX);
        ocore_add both[2] = {{1, 0, BIN_HELD, 0}, {1, 0, BIN_ORDER, 0}};
        ocore_write write = ocore__toy_add(TOY_BIN, &row, both, 2);

        one(run, "insert the greatest number", INSERT, TOY_BIN, &row, 0, DONE);
        add(run, "one above it", &row, 1, 0, OVERFLOW);
        add(run, "twice as much", &row, INT64_MAX, INT64_MIN, OVERFLOW);
        ocore__suite_step(run, "overflow in the second column", &write, 1, OVERFLOW, 0);
        add(run, "down to zero", &row, -INT64_MAX, 0, DONE);
        add(run, "down to the least number", &row, INT64_MIN, INT64_MIN, DONE);
        add(run, "one below it", &row, -1, INT64_MIN, OVERFLOW);
        add(run, "up by the greatest", &row, INT64_MAX, 0, DONE);
        add(run, "up to the greatest", &row, INT64_MAX, 0, DONE);
}

static void check_unique(suite_run *run)
{
        toy_row a = ocore__toy_item(1, 1, 1, "shoe");
        toy_row b = ocore__toy_item(1, 1, 2, "shoe");
        toy_row c = ocore__toy_item(2, 1, 1, "shoe");
        toy_row place = ocore__toy_group(1, 1, 9);

        a.cells[ITEM_NAME] = ocore__toy_text("anna");
        b.cells[ITEM_NAME] = ocore__toy_text("anna");
        c.cells[ITEM_NAME] = ocore__toy_text("anna");
        one(run, "insert", INSERT, TOY_ITEM, &a, 0, DONE);
        one(run, "the same name", INSERT, TOY_ITEM, &b, 0, EXISTS);
        one(run, "the same name for another tenant", INSERT, TOY_ITEM, &c, 0, DONE);
        b.cells[ITEM_NAME] = ocore__toy_null();
        one(run, "no name", INSERT, TOY_ITEM, &b, 0, DONE);
        c = ocore__toy_item(1, 2, 1, "shoe");
        one(run, "no name either", INSERT, TOY_ITEM, &c, 0, DONE);
        b.cells[ITEM_NAME] = ocore__toy_text("anna");
        one(run, "update to a name that is taken", UPDATE, TOY_ITEM, &b, 1, EXISTS);
        b.cells[ITEM_NAME] = ocore__toy_text("Anna");
        one(run, "names differ by case", UPDATE, TOY_ITEM, &b, 1, DONE);
        b.cells[ITEM_NAME] = ocore__toy_text("");
        one(run, "an empty name", UPDATE, TOY_ITEM, &b, 2, DONE);
        one(run, "keep the name", UPDATE, TOY_ITEM, &a, 1, DONE);
        one(run, "delete", DELETE, TOY_ITEM, &a, 2, DONE);
        b.cells[ITEM_NAME] = ocore__toy_text("anna");
        one(run, "the name is free again", UPDATE, TOY_ITEM, &b, 3, DONE);
        one(run, "insert a slot", INSERT, TOY_GROUP, &place, 0, DONE);
        place = ocore__toy_group(1, 2, 9);
        one(run, "the same slot", INSERT, TOY_GROUP, &place, 0, EXISTS);
        place = ocore__toy_group(2, 2, 9);
        one(run, "the same slot for another tenant", INSERT, TOY_GROUP, &place, 0, DONE);
}

/* Every value a column can have comes back as it went in. */
static void check_values(suite_run *run)
{
        static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN, (int64_t)1 << 53,
                ((int64_t)1 << 53) + 1, -2147483649, 4294967296};
        static const char *const texts[] = {"", "a", "A", "ab", "a'b", "a\"b", "%_\\", "1", " 1",
                "1.0", "1e3", "NULL", "\t\r\n", "\x01\x1f\x7f", "\xc3\xa4", "a\xcc\x88",
                "\xe2\x82\xac", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x9f\x93\xa6",
                "\xf4\x8f\xbf\xbf"};
        static const unsigned char bytes[] = {0, 1, 0, 255, 254, 128, 39, 34, 0};
        size_t n;

        for (n = 0; n < sizeof numbers / sizeof numbers[0]; n++) {
                toy_row row = ocore__toy_group(1, numbers[n], numbers[n]);

                one(run, "a number", INSERT, TOY_GROUP, &row, 0, DONE);
        }
        for (n = 0; n < sizeof texts / sizeof texts[0]; n++) {
                toy_row row = ocore__toy_bin(1, texts[n], (int64_t)n);

                row.cells[BIN_NOTE] = ocore__toy_text(texts[n]);
                row.cells[BIN_PHOTO] = ocore__toy_bytes(bytes, n % (sizeof bytes + 1));
                row.cells[BIN_OWNER] = ocore__toy_id(n * 0x0101010101010101u);
                one(run, "a text, bytes and an id", INSERT, TOY_BIN, &row, 0, DONE);
                row = ocore__toy_item(1, n, 1, texts[n]);
                row.cells[ITEM_NAME] = ocore__toy_text(texts[n]);
                row.cells[ITEM_MEMO] = ocore__toy_bytes(NULL, 0);
                one(run, "an indexed text", INSERT, TOY_ITEM, &row, 0, DONE);
        }
}

enum { BATCH = 8 };

/* A batch of all kinds; each of its writes could also be made to fail. */
static void batch_make(ocore_write *writes, toy_row *rows, ocore_add *adds)
{
        rows[0] = ocore__toy_bin(1, "check", 0);
        rows[1] = ocore__toy_bin(1, "new", 3);
        rows[2] = ocore__toy_item(1, 1, 1, "gone");
        rows[3] = ocore__toy_item(1, 1, 2, "changed");
        rows[3].cells[ITEM_NAME] = ocore__toy_text("name");
        rows[4] = ocore__toy_item(1, 1, 3, "new");
        rows[5] = ocore__toy_group(1, 1, 1);
        rows[6] = ocore__toy_bin(1, "p", 0);
        rows[7] = ocore__toy_bin(1, "q", 0);
        writes[0] = ocore__toy_write(CHECK, TOY_BIN, &rows[0], 1);
        writes[1] = ocore__toy_write(INSERT, TOY_BIN, &rows[1], 0);
        writes[2] = ocore__toy_write(DELETE, TOY_ITEM, &rows[2], 1);
        writes[3] = ocore__toy_write(UPDATE, TOY_ITEM, &rows[3], 1);
        writes[4] = ocore__toy_write(INSERT, TOY_ITEM, &rows[4], 0);
        writes[5] = ocore__toy_write(INSERT, TOY_GROUP, &rows[5], 0);
        writes[6] = ocore__toy_add(TOY_BIN, &rows[6], &adds[0], 1);
        writes[7] = ocore__toy_add(TOY_BIN, &rows[7], &adds[1], 1);
}

/* The same batch, refused at each of its places in turn; at last it passes. */
static void check_atomic(suite_run *run)
{
        static const uint32_t reasons[BATCH] = {
                REVISION, EXISTS, REVISION, REVISION, EXISTS, EXISTS, FLOOR, MISSING};
        ocore_add adds[2] = {{-1, 0, BIN_ORDER, 0}, {-1, 0, BIN_ORDER, 0}};
        toy_row rows[BATCH];
        toy_row made[7] = {ocore__toy_bin(1, "check", 0), ocore__toy_bin(1, "p", 1),
                ocore__toy_bin(1, "q", 1), ocore__toy_bin(1, "taken", 1),
                ocore__toy_item(1, 1, 1, "gone"), ocore__toy_item(1, 1, 2, "old"),
                ocore__toy_item(1, 1, 9, "taken")};
        ocore_write writes[BATCH];
        size_t n;

        for (n = 0; n < 7; n++) {
                one(run, "insert", INSERT, n < 4 ? TOY_BIN : TOY_ITEM, &made[n], 0, DONE);
        }
        made[6] = ocore__toy_group(1, 7, 7);
        one(run, "insert", INSERT, TOY_GROUP, &made[6], 0, DONE);
        for (n = 0; n < BATCH; n++) {
                batch_make(writes, rows, adds);
                adds[0].amount = -1;
                switch (n) {
                case 1: rows[1].cells[BIN_CODE] = ocore__toy_text("taken"); break;
                case 4: rows[4].cells[ITEM_LINE] = ocore__toy_number(9); break;
                case 5: rows[5].cells[GROUP_SLOT] = ocore__toy_number(7); break;
                case 6: adds[0].amount = -2; break;
                case 7: rows[7].cells[BIN_CODE] = ocore__toy_text("none"); break;
                default: writes[n].revision = 5; break;
                }
                ocore__suite_step(
                        run, "a batch that fails in one place", writes, BATCH, reasons[n], n);
        }
        batch_make(writes, rows, adds);
        adds[0].amount = -1;
        ocore__suite_step(run, "the batch as it should be", writes, BATCH, DONE, 0);
        ocore__suite_step(run, "the batch once more", writes, BATCH, EXISTS, 1);
}

static void check_empty_batch(suite_run *run)
{
        toy_row row = ocore__toy_bin(1, "a", 1);
        ocore_write write = ocore__toy_write(INSERT, TOY_BIN, &row, 0);

        ocore__suite_step(run, "a batch of nothing", &write, 0, DONE, 0);
        ocore__suite_step(run, "and one of something", &write, 1, DONE, 0);
}

/* A refusal fills all of `refusal`, and the next call is not disturbed by it. */
static void check_refused_then_done(suite_run *run)
{
        toy_row rows[3] = {
                ocore__toy_bin(1, "a", 1), ocore__toy_bin(1, "b", 1), ocore__toy_bin(1, "c", 1)};
        ocore_write writes[3];
        size_t n;
        int round;

        for (n = 0; n < 3; n++) {
                writes[n] = ocore__toy_write(INSERT, TOY_BIN, &rows[n], 0);
        }
        one(run, "insert", INSERT, TOY_BIN, &rows[2], 0, DONE);
        for (round = 0; round < 3; round++) {
                ocore__suite_step(run, "the third exists", writes, 3, EXISTS, 2);
        }
        ocore__suite_step(run, "without the third", writes, 2, DONE, 0);
}

const suite_check ocore__suite_write_checks[] = {
        {"insert", check_insert, 0},
        {"insert at a revision", check_insert_revision, 0},
        {"update", check_update, 0},
        {"delete", check_delete, 0},
        {"check", check_check, 0},
        {"add with floors", check_add, 0},
        {"add at the ends of 64 bits", check_add_overflow, 0},
        {"unique indexes", check_unique, 0},
        {"every value", check_values, 0},
        {"all or nothing", check_atomic, 0},
        {"a batch of nothing", check_empty_batch, 0},
        {"refused and then done", check_refused_then_done, 0},
        {NULL, NULL, 0},
};
