/*
 * A flash chip in memory, for the tests of journals. Each byte stands twice: as reads show it, and
 * as a cut would leave it; a sync makes the second like the first. What a cut leaves of the
 * difference is up to the plan.
 */
#include <ordercore/flash_emulator.h>

#include <stdlib.h>
#include <string.h>

enum { SUPER_BLOCKS = 2, ENTRY = 16 };

struct ocore_flash {
        ocore_flash_config config;
        ocore_flash_plan own; /* where none was given */
        ocore_flash_plan *plan;
        size_t size;
        unsigned char *seen;    /* what reads show */
        unsigned char *durable; /* what a cut leaves at least */
        int64_t *erases;        /* by block */
        uint64_t random;
        int64_t area;     /* the current one */
        uint64_t entries; /* of the log of areas */
        struct {          /* of each area: where the cache may differ from what is durable */
                size_t from;
                size_t to;
        } cached[2];
        const char *message;
};

static void *take(const ocore_allocator *allocator, size_t size)
{
        if (allocator->allocate != NULL)
                return allocator->allocate(allocator->user_data, NULL, 0, size);
        return malloc(size);
}

static void give(const ocore_allocator *allocator, void *old, size_t size)
{
        if (allocator->allocate == NULL)
                free(old);
        else if (old != NULL)
                (void)allocator->allocate(allocator->user_data, old, size, 0);
}

/* Steele, Lea and Flood's SplitMix (2014). */
static uint64_t draw(ocore_flash *flash)
{
        uint64_t z = flash->random += UINT64_C(0x9e3779b97f4a7c15);

        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        return z ^ z >> 31;
}

static size_t area_bytes(const ocore_flash *flash)
{
        return (size_t)(flash->config.area_blocks * flash->config.block_size);
}

static size_t area_start(const ocore_flash *flash, int64_t area)
{
        return (size_t)(SUPER_BLOCKS * flash->config.block_size) + (size_t)area * area_bytes(flash);
}

static int fail(ocore_flash *flash, const char *message)
{
        flash->message = message;
        return OCORE_STORE;
}

static int violate(ocore_flash *flash, const char *message)
{
        flash->plan->violations++;
        return fail(flash, message);
}

/* One unit of the cache as the cut leaves it. */
static void cut_unit(ocore_flash *flash, size_t at, size_t unit)
{
        uint64_t chance = draw(flash);
        size_t n;

        if (memcmp(flash->durable + at, flash->seen + at, unit) == 0)
                return;
        if (chance % 2 == 0)
                memcpy(flash->durable + at, flash->seen + at, unit);
        if (flash->plan->tail != OCORE_FLASH_GARBLED || chance % 3 != 0)
                return;
        for (n = 0; n < unit; n++) {
                if (draw(flash) % 4 == 0)
                        flash->durable[at + n] = (unsigned char)draw(flash);
        }
}

/* The first bytes of the cache, up to any one. */
static void cut_part(ocore_flash *flash)
{
        size_t differing = 0;
        size_t left;
        size_t n;

        for (n = 0; n < flash->size; n++)
                differing += flash->durable[n] != flash->seen[n];
        left = differing > 0 ? (size_t)(draw(flash) % (differing + 1)) : 0;
        for (n = 0; n < flash->size && left > 0; n++) {
                if (flash->durable[n] != flash->seen[n]) {
                        flash->durable[n] = flash->seen[n];
                        left--;
                }
        }
}

/* The power goes: the cache becomes what the plan says. */
static void cut(ocore_flash *flash)
{
        const size_t unit = (size_t)flash->config.unit_size;
        size_t at;

        flash->plan->down = 1;
        switch (flash->plan->tail) {
        case OCORE_FLASH_DROPPED: break;
        case OCORE_FLASH_PART: cut_part(flash); break;
        case OCORE_FLASH_KEPT: memcpy(flash->durable, flash->seen, flash->size); break;
        default:
                for (at = 0; at < flash->size; at += unit)
                        cut_unit(flash, at, unit);
                break;
        }
        memcpy(flash->seen, flash->durable, flash->size);
        memset(flash->cached, 0, sizeof flash->cached);
}

/* What is to become of a call: OCORE_OK, 1 if it is cut, 2 if it fails; negative without power. */
static int meet(ocore_flash *flash, int64_t call)
{
        ocore_flash_plan *plan = flash->plan;
        const int64_t counts = plan->calls != 0 ? plan->calls : ~(int64_t)OCORE_FLASH_READ;

        flash->message = "";
        if (plan->down)
                return fail(flash, "the power is off");
        if ((counts & call) == 0)
                return OCORE_OK;
        plan->counted++;
        if (plan->kind == 0 || plan->at == 0 || plan->counted < plan->at ||
                (plan->counted > plan->at && plan->kind != OCORE_FLASH_FAIL_ON))
                return OCORE_OK;
        plan->hits++;
        flash->random = (uint64_t)plan->seed * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)plan->at;
        flash->message = plan->kind == OCORE_FLASH_CUT ? "the power is off" : "a planned failure";
        return plan->kind == OCORE_FLASH_CUT ? 1 : 2;
}

static int flash_read(
        void *self, int64_t area, int64_t offset, void *bytes, size_t size, size_t *got)
{
        ocore_flash *flash = self;
        int met = meet(flash, OCORE_FLASH_READ);

        *got = 0;
        if (met == 1)
                cut(flash);
        if (met != OCORE_OK)
                return OCORE_STORE;
        if (offset < 0 || offset > (int64_t)area_bytes(flash))
                return violate(flash, "a read outside the area");
        *got = size < area_bytes(flash) - (size_t)offset ? size
                                                         : area_bytes(flash) - (size_t)offset;
        memcpy(bytes, flash->seen + area_start(flash, area) + offset, *got);
        return OCORE_OK;
}

/* 1 if so many bytes were not programmed since the last erase. */
static int is_erased(const unsigned char *bytes, size_t size)
{
        size_t n;

        for (n = 0; n < size; n++) {
                if (bytes[n] != 0xff)
                        return 0;
        }
        return 1;
}

/* More of an area is in the cache. */
static void note_cached(ocore_flash *flash, int64_t area, size_t from, size_t to)
{
        if (flash->cached[area].to == 0 || flash->cached[area].from > from)
                flash->cached[area].from = from;
        if (flash->cached[area].to < to)
                flash->cached[area].to = to;
}

static int flash_append(void *self, int64_t area, int64_t offset, const void *bytes, size_t size)
{
        ocore_flash *flash = self;
        const size_t unit = (size_t)flash->config.unit_size;
        unsigned char *place;
        int met = meet(flash, OCORE_FLASH_APPEND);

        if (met < 0)
                return OCORE_STORE;
        flash->plan->appends++;
        if (offset < 0 || (size_t)offset % unit != 0 || size % unit != 0 ||
                size > area_bytes(flash) || (size_t)offset > area_bytes(flash) - size)
                return violate(flash, "an append at a place that is no unit of the area");
        place = flash->seen + area_start(flash, area) + offset;
        if (!is_erased(place, size))
                return violate(flash, "a unit is programmed twice");
        if (met == 2)
                size = size / unit > 0 ? (size_t)(draw(flash) % (size / unit + 1)) * unit : 0;
        memcpy(place, bytes, size);
        note_cached(flash, area, (size_t)offset, (size_t)offset + size);
        if (met == 1)
                cut(flash);
        return met == OCORE_OK ? OCORE_OK : OCORE_STORE;
}

/* The same bytes once more, so that the next sync has them to write. */
static int flash_rewrite(void *self, int64_t area, int64_t offset, const void *bytes, size_t size)
{
        ocore_flash *flash = self;
        int met = meet(flash, OCORE_FLASH_APPEND);

        if (met < 0)
                return OCORE_STORE;
        if (offset < 0 || size > area_bytes(flash) || (size_t)offset > area_bytes(flash) - size ||
                memcmp(flash->seen + area_start(flash, area) + offset, bytes, size) != 0)
                return violate(flash, "other bytes are written over those that stand there");
        if (met != 2)
                note_cached(flash, area, (size_t)offset, (size_t)offset + size);
        if (met == 1)
                cut(flash);
        return met == OCORE_OK ? OCORE_OK : OCORE_STORE;
}

static int flash_sync(void *self, int64_t area)
{
        ocore_flash *flash = self;
        size_t start = area_start(flash, area) + flash->cached[area].from;
        size_t size = flash->cached[area].to - flash->cached[area].from;
        int met = meet(flash, OCORE_FLASH_SYNC);

        if (met < 0)
                return OCORE_STORE;
        flash->plan->syncs++;
        if (met == OCORE_OK && flash->plan->ignore_sync)
                return OCORE_OK;
        if (met == 1)
                cut(flash);
        /* What could not be written is dropped, and reads no longer show it; or they do, but it
         * counts as written. */
        if (met == 2 && flash->cached[area].to > 0 && !flash->plan->failed_sync_shows)
                memcpy(flash->seen + start, flash->durable + start, size);
        if (met == OCORE_OK && flash->cached[area].to > 0)
                memcpy(flash->durable + start, flash->seen + start, size);
        flash->cached[area].from = 0;
        flash->cached[area].to = 0;
        return met == OCORE_OK ? OCORE_OK : OCORE_STORE;
}

static int flash_truncate(void *self, int64_t area, int64_t size)
{
        ocore_flash *flash = self;
        size_t start = area_start(flash, area);
        int met = meet(flash, OCORE_FLASH_TRUNCATE);

        if (met < 0)
                return OCORE_STORE;
        if (size < 0 || size > (int64_t)area_bytes(flash))
                return violate(flash, "a cut outside the area");
        start += (size_t)size;
        if (met == OCORE_OK || (met == 1 && draw(flash) % 2 == 0)) {
                size_t rest = area_bytes(flash) - (size_t)size;

                memset(flash->seen + start, 0xff, rest);
                memset(flash->durable + start, 0xff, rest);
        }
        if (met == 1)
                cut(flash);
        return met == OCORE_OK ? OCORE_OK : OCORE_STORE;
}

/* Erases one block; where the power goes meanwhile, its bits are any. */
static int erase_block(ocore_flash *flash, int64_t block)
{
        const size_t size = (size_t)flash->config.block_size;
        const size_t start = (size_t)block * size;
        int met = meet(flash, OCORE_FLASH_ERASE);
        size_t n;

        if (met < 0)
                return OCORE_STORE;
        if (met == 1) {
                for (n = 0; n < size; n++) {
                        if (draw(flash) % 2 == 0)
                                flash->seen[start + n] |= (unsigned char)draw(flash);
                        flash->durable[start + n] = flash->seen[start + n];
                }
                cut(flash);
        }
        if (met != OCORE_OK)
                return OCORE_STORE;
        memset(flash->seen + start, 0xff, size);
        memset(flash->durable + start, 0xff, size);
        flash->erases[block]++;
        return OCORE_OK;
}

static int flash_erase(void *self, int64_t area)
{
        ocore_flash *flash = self;
        int64_t first = SUPER_BLOCKS + area * flash->config.area_blocks;
        int64_t n;
        int status = OCORE_OK;

        if (area == flash->area)
                return violate(flash, "the current area is to be erased");
        /* A block that is erased already is not worn by another time. */
        for (n = first; n < first + flash->config.area_blocks && status == OCORE_OK; n++) {
                const unsigned char *block = flash->seen + (size_t)(n * flash->config.block_size);

                if (!is_erased(block, (size_t)flash->config.block_size))
                        status = erase_block(flash, n);
        }
        return status;
}

/* A sum that an erased or half-written entry does not have (Fowler, Noll and Vo's hash). */
static uint64_t entry_sum(uint64_t number)
{
        uint64_t hash = UINT64_C(14695981039346656037);
        int n;

        for (n = 0; n < 8; n++, number >>= 8)
                hash = (hash ^ (number & 0xff)) * UINT64_C(1099511628211);
        return hash;
}

static uint64_t load(const unsigned char *p)
{
        uint64_t number = 0;
        int n;

        for (n = 7; n >= 0; n--)
                number = number << 8 | p[n];
        return number;
}

static void store(unsigned char *p, uint64_t number)
{
        int n;

        for (n = 0; n < 8; n++, number >>= 8)
                p[n] = (unsigned char)number;
}

/* Reads the log of areas: the entry with the highest number counts, the lowest bit of which is
 * the area. */
static void find_area(ocore_flash *flash)
{
        const size_t unit = (size_t)flash->config.unit_size;
        size_t at;

        flash->entries = 0;
        for (at = 0; at < (size_t)(SUPER_BLOCKS * flash->config.block_size); at += unit) {
                uint64_t number = load(flash->seen + at);

                if (load(flash->seen + at + 8) == entry_sum(number) && number > flash->entries)
                        flash->entries = number;
        }
        flash->area = (int64_t)(flash->entries & 1);
}

static int flash_current(void *self, int64_t *area, int64_t *size)
{
        ocore_flash *flash = self;

        *area = 0;
        *size = 0;
        if (flash->plan->down)
                return fail(flash, "the power is off");
        find_area(flash);
        *area = flash->area;
        *size = (int64_t)area_bytes(flash);
        return OCORE_OK;
}

/* A free unit in the log of areas. When a block is full the other one, whose entries are all
 * older, is erased. */
static int find_unit(ocore_flash *flash, size_t *at)
{
        const size_t unit = (size_t)flash->config.unit_size;
        const size_t block = (size_t)flash->config.block_size;
        size_t newest = 0;
        size_t n;

        for (n = 0; n < SUPER_BLOCKS * block; n += unit) {
                if (flash->entries > 0 && load(flash->seen + n) == flash->entries &&
                        load(flash->seen + n + 8) == entry_sum(flash->entries))
                        newest = n;
        }
        for (n = newest / block * block; n < (newest / block + 1) * block; n += unit) {
                if (n >= newest && is_erased(flash->seen + n, unit)) {
                        *at = n;
                        return OCORE_OK;
                }
        }
        *at = newest < block ? block : 0;
        return erase_block(flash, *at > 0 ? 1 : 0);
}

static int flash_replace(void *self, int64_t area)
{
        ocore_flash *flash = self;
        const size_t unit = (size_t)flash->config.unit_size;
        uint64_t number = (flash->entries + 2) & ~(uint64_t)1;
        size_t at;
        int met;

        if (area == flash->area || area < 0 || area > 1)
                return violate(flash, "the current area is to replace itself");
        if (find_unit(flash, &at) != OCORE_OK)
                return OCORE_STORE;
        met = meet(flash, OCORE_FLASH_REPLACE);
        if (met < 0 || met == 2)
                return OCORE_STORE;
        number |= (uint64_t)area;
        memset(flash->seen + at, 0, unit);
        store(flash->seen + at, number);
        store(flash->seen + at + 8, entry_sum(number));
        if (met == 1) {
                cut(flash);
                return OCORE_STORE;
        }
        memcpy(flash->durable + at, flash->seen + at, unit);
        flash->entries = number;
        flash->area = area;
        return OCORE_OK;
}

static const char *flash_message(void *self, int64_t *code)
{
        const ocore_flash *flash = self;

        *code = 0;
        return flash->message;
}

static size_t block_count(const ocore_flash_config *config)
{
        return (size_t)(SUPER_BLOCKS + 2 * config->area_blocks);
}

void ocore_flash_destroy(ocore_flash *flash)
{
        ocore_allocator allocator;

        if (flash == NULL)
                return;
        allocator = flash->config.allocator;
        give(&allocator, flash->seen, flash->size);
        give(&allocator, flash->durable, flash->size);
        give(&allocator, flash->erases, block_count(&flash->config) * sizeof *flash->erases);
        give(&allocator, flash, sizeof *flash);
}

/* The config with its defaults; 0 if a size is wrong. */
static int check_config(ocore_flash_config *config)
{
        if (config->unit_size == 0)
                config->unit_size = ENTRY;
        if (config->block_size == 0)
                config->block_size = 4096;
        if (config->area_blocks == 0)
                config->area_blocks = 64;
        return config->unit_size >= ENTRY && config->unit_size <= 65536 &&
               (config->unit_size & (config->unit_size - 1)) == 0 && config->block_size > 0 &&
               config->block_size <= 16777216 && config->block_size % config->unit_size == 0 &&
               config->area_blocks > 0 && config->area_blocks <= 65536 &&
               config->area_blocks <= (int64_t)(SIZE_MAX / 4) / config->block_size - 2 &&
               (config->plan == NULL || config->plan->struct_size == sizeof *config->plan);
}

int ocore_flash_create(const ocore_flash_config *config, ocore_flash **out)
{
        ocore_flash_config wanted;
        ocore_flash *made;

        if (out == NULL)
                return OCORE_INVALID;
        *out = NULL;
        if (config == NULL || config->struct_size != sizeof *config)
                return OCORE_INVALID;
        wanted = *config;
        if (!check_config(&wanted))
                return OCORE_INVALID;
        made = take(&wanted.allocator, sizeof *made);
        if (made == NULL)
                return OCORE_NOMEM;
        memset(made, 0, sizeof *made);
        made->config = wanted;
        made->plan = wanted.plan != NULL ? wanted.plan : &made->own;
        made->message = "";
        made->size = block_count(&wanted) * (size_t)wanted.block_size;
        made->seen = take(&wanted.allocator, made->size);
        made->durable = take(&wanted.allocator, made->size);
        made->erases = take(&wanted.allocator, block_count(&wanted) * sizeof *made->erases);
        if (made->seen == NULL || made->durable == NULL || made->erases == NULL) {
                ocore_flash_destroy(made);
                return OCORE_NOMEM;
        }
        memset(made->seen, 0xff, made->size);
        memset(made->durable, 0xff, made->size);
        memset(made->erases, 0, block_count(&wanted) * sizeof *made->erases);
        *out = made;
        return OCORE_OK;
}

void ocore_flash_device(ocore_flash *flash, ocore_journal_device *out)
{
        *out = (ocore_journal_device){.struct_size = sizeof *out,
                .self = flash,
                .alignment = flash->config.unit_size,
                .area_size = (int64_t)area_bytes(flash),
                .current = flash_current,
                .read = flash_read,
                .append = flash_append,
                .sync = flash_sync,
                .truncate = flash->config.can_truncate ? flash_truncate : NULL,
                .erase = flash_erase,
                .replace = flash_replace,
                .rewrite = flash->config.can_truncate ? flash_rewrite : NULL,
                .message = flash_message};
}

void ocore_flash_power_on(ocore_flash *flash)
{
        flash->plan->down = 0;
}

int64_t ocore_flash_erases(const ocore_flash *flash, int64_t block)
{
        if (block < 0 || block >= (int64_t)block_count(&flash->config))
                return -1;
        return flash->erases[block];
}

unsigned char *ocore_flash_bytes(ocore_flash *flash, int64_t area, size_t *size)
{
        *size = area_bytes(flash);
        return flash->seen + area_start(flash, area);
}
