/*
 * Proves that a damaged log is never believed and never crashes the library: in the log of a
 * life every fifth byte is changed in turn, and the log ends at every unit. Opening says
 * OCORE_CORRUPT and where, unless the damage stands in the last record, which cannot be told
 * from one that was being written when the power went, and is cut.
 *
 * Then the same with the checksum mended, so that the contents of records are what is wrong: any
 * answer is right but a crash, and what could be opened can be read and compacted.
 */
#include "cut_run.h"

#include "base/endian.h"
#include "stores/journal/journal_store.h"

#include <stdlib.h>

static cut_run of;
static unsigned char *log_bytes; /* on the chip */
static unsigned char *whole;     /* as it was */
static size_t area_size;
static size_t log_size;
static size_t last_record;
static size_t end_record; /* where END stands: before it is the foundation */

static uint32_t word(const unsigned char *p)
{
        return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static size_t record_size(size_t at)
{
        return (OCORE__JOURNAL_HEAD + (size_t)word(whole + at + 4) + 15) & ~(size_t)15;
}

static int live_once(void **state)
{
        const ocore_flash_config chip = {.block_size = 16384, .area_blocks = 8};
        ocore_journal_device device;
        int64_t area, size;

        if (cut_remember(state))
                return 1;
        cut_begin(&of, &chip, 6000);
        assert_int_equal(cut_open(&of), OCORE_OK);
        assert_int_equal(cut_live(&of), OCORE_OK);
        assert_int_equal(ocore_journal_compact(of.known.journal), OCORE_OK);
        /* Something stands behind the foundation. */
        assert_int_equal(life_settle(&of.story, of.core), OCORE_OK);
        of.config.compact_bytes = -1;
        cut_close(&of);
        assert_int_equal(cut_open(&of), OCORE_OK);
        for (int n = 0; n < 6; n++) {
                const ocore_site_request site = {.struct_size = sizeof site,
                        .id = test_id(900 + n),
                        .site = STR("EAST"),
                        .name = STR("East again"),
                        .country = STR("DE"),
                        .priority = n + 1};

                assert_int_equal(ocore_site_put(of.core, &site, NULL), OCORE_OK);
        }
        cut_close(&of);
        ocore_flash_device(of.flash, &device);
        assert_int_equal(device.current(device.self, &area, &size), OCORE_OK);
        log_bytes = ocore_flash_bytes(of.flash, area, &area_size);
        whole = malloc(area_size);
        assert_non_null(whole);
        memcpy(whole, log_bytes, area_size);
        while (memcmp(whole + log_size, "OCJ1", 4) == 0) {
                last_record = log_size;
                if ((word(whole + log_size + 8) & 0xffff) == OCORE__JOURNAL_END)
                        end_record = log_size;
                log_size += record_size(log_size);
        }
        print_message("# a log of %zu bytes\n", log_size);
        return 0;
}

static int forget(void **state)
{
        free(whole);
        cut_end(&of, "damage");
        return cut_forget(state);
}

/* Opens what the chip holds; the words of a refusal are copied, its rows counted. */
static int try_open(char words[320], int compact)
{
        ocore_journal_config config = {.struct_size = sizeof config, .compact_bytes = -1};
        ocore_journal_device device;
        ocore_store store;
        int status;

        ocore_flash_device(of.flash, &device);
        config.device = &device;
        assert_int_equal(ocore_journal_store(&config, &store), OCORE_OK);
        status = store.ops->open(store.self, of.known.schema);
        if (status == OCORE_OK && compact) {
                assert_int_equal(ocore_journal_compact(store), OCORE_OK);
        } else if (status != OCORE_OK) {
                int64_t code;

                snprintf(words, 320, "%s", store.ops->message(store.self, &code));
        }
        ocore_store_close(store);
        return status;
}

/* Nothing that a test has done stays: the log is whole and its area is current. */
static void mend(void)
{
        ocore_journal_device device;
        int64_t area, size;

        ocore_flash_device(of.flash, &device);
        assert_int_equal(device.current(device.self, &area, &size), OCORE_OK);
        if (ocore_flash_bytes(of.flash, area, &area_size) != log_bytes) {
                assert_int_equal(device.erase(device.self, 1 - area), OCORE_OK);
                assert_int_equal(device.replace(device.self, 1 - area), OCORE_OK);
        }
        memcpy(log_bytes, whole, area_size);
}

static void check_damage(size_t at, const char *what)
{
        char words[320] = "";
        int status = try_open(words, 0);

        if (at >= last_record) {
                if (status)
                        fail_msg("%s at %zu, in the last record: %d, %s", what, at, status, words);
        } else if (status != OCORE_CORRUPT || !strstr(words, "at byte ")) {
                fail_msg("%s at %zu: %d, %s", what, at, status, words);
        }
}

static void each_byte(void **state)
{
        (void)state;
        /* Every fifth: records stand at multiples of 16, so that each place in a head is met. */
        for (size_t at = 0; at < log_size; at += 5) {
                log_bytes[at] ^= (unsigned char)(1u << at % 8);
                check_damage(at, "a bit");
                mend();
                if (at % 7 == 0) {
                        log_bytes[at] = (unsigned char)~whole[at];
                        check_damage(at, "a byte");
                        mend();
                }
        }
}

/* Behind any unit the log is gone: erased, or zeros. */
static void each_end(void **state)
{
        (void)state;
        for (size_t at = 0; at < log_size; at += 16) {
                for (int fill = 0; fill <= 0xff; fill += 0xff) {
                        char words[320] = "";
                        int status;

                        memset(log_bytes + at, fill, area_size - at);
                        status = try_open(words, 0);
                        /* Without a foundation it was none of ours, or bytes were lost. */
                        if (at == 0 || at > end_record + 16 ? status != OCORE_OK
                                                            : status != OCORE_CORRUPT)
                                fail_msg("cut at %zu of %zu: %d, %s", at, log_size, status, words);
                        mend();
                }
        }
}

/* Bytes of a record, wrong, with a checksum that is right. */
static void contents(void **state)
{
        const char *rounds = getenv("ORDERCORE_ROUNDS");
        const int64_t most = rounds ? strtoll(rounds, NULL, 10) : 10000;
        int64_t opened = 0, refused = 0;
        uint64_t z = 1;

        (void)state;
        for (int64_t n = 0; n < most; n++) {
                char words[320] = "";
                size_t at = 0, record, size;
                uint32_t crc;
                int status;

                z = z * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
                at = (size_t)(z >> 33) % log_size;
                for (record = 0; record + record_size(record) <= at;)
                        record += record_size(record);
                size = record_size(record);
                for (uint64_t k = 0; k <= z >> 60 && record + size > at; k++, at += 3)
                        log_bytes[at] ^= (unsigned char)(1u << (z >> (20 + k % 8)) % 8);
                crc = ocore__crc32c(0, log_bytes + record, 12);
                crc = ocore__crc32c(crc, log_bytes + record + 16, size - 16);
                for (int k = 0; k < 4; k++)
                        log_bytes[record + 12 + (size_t)k] = (unsigned char)(crc >> 8 * k);
                status = try_open(words, 1);
                if (status != OCORE_OK && status != OCORE_CORRUPT &&
                        status != OCORE_VERSION_MISMATCH)
                        fail_msg("round %lld: %d, %s", (long long)n, status, words);
                if (status && !words[0])
                        fail_msg("round %lld: %d without a word", (long long)n, status);
                opened += status == OCORE_OK;
                refused += status != OCORE_OK;
                mend();
        }
        print_message("# wrong contents: %lld opened, %lld refused\n", (long long)opened,
                (long long)refused);
        assert_true(refused > most / 10);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_byte),
                cmocka_unit_test(each_end),
                cmocka_unit_test(contents),
        };
        return cmocka_run_group_tests_name("damage to a journal", tests, live_once, forget);
}
