/*
 * Placing an order on plain structs and hash tables: the same rows as the library keeps (command,
 * event, effect, order, lines, allocations, moves, stock), found by the same keys.
 */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#define CODE_SIZE 16

typedef struct line {
        char sku[CODE_SIZE];
        int64_t quantity, unit_price_minor, goods_minor, discount_minor, order_discount_minor;
        int64_t tax_rate_ppm, tax_minor, total_minor, shipping_minor, shipping_tax_minor;
        int64_t cancelled, performed, returned, refunded, shipping_refunded;
} line;

typedef struct allocation {
        int64_t line;
        char site[CODE_SIZE];
        int64_t reason, allocated, released, picked, packed, shipped, delivered;
} allocation;

typedef struct move {
        char sku[CODE_SIZE];
        char site[CODE_SIZE];
        int64_t from_bucket, to_bucket, quantity, at_us;
        ocore_id subject_id;
} move;

/* An order with all rows that are written with it; found by id for the order and the command. */
typedef struct order {
        struct order *next;
        ocore_id id;
        char number[CODE_SIZE];
        char customer[CODE_SIZE];
        char channel[CODE_SIZE];
        char currency[4];
        char country[4];
        int64_t state, placed_us, goods_minor, tax_minor, total_minor, version;
        struct {
                int64_t number, kind, at_us;
                char actor[CODE_SIZE];
        } event;
        struct {
                int64_t number, kind, state, due_us, attempts;
        } effect;
        struct {
                uint64_t digest[2];
                int64_t at_us;
        } command;
        line lines[BENCH_LINES];
        allocation allocations[BENCH_LINES];
        move moves[BENCH_LINES];
} order;

typedef struct product {
        char sku[CODE_SIZE];
        int64_t price_minor;
        int64_t tax_rate_ppm;
        struct {
                int64_t available, held, allocated, picked, inspection, damaged;
        } stock[BENCH_SITES];
} product;

enum { PRODUCT_SLOTS = 4096 };

struct hand_memory {
        product products[BENCH_SKUS];
        product *product_slots[PRODUCT_SLOTS];
        order **order_slots;
        size_t order_slot_count;
        size_t order_count;
};

static uint64_t hash_bytes(const void *bytes, size_t size)
{
        const unsigned char *at = bytes;
        uint64_t hash = UINT64_C(0xcbf29ce484222325);
        for (size_t i = 0; i < size; i++)
                hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
        return hash ^ hash >> 29;
}

static product **product_slot(hand_memory *self, const char *sku)
{
        size_t at = hash_bytes(sku, strlen(sku)) % PRODUCT_SLOTS;
        while (self->product_slots[at] != NULL && strcmp(self->product_slots[at]->sku, sku) != 0)
                at = (at + 1) % PRODUCT_SLOTS;
        return &self->product_slots[at];
}

hand_memory *hand_memory_open(void)
{
        hand_memory *self = calloc(1, sizeof *self);
        if (self == NULL)
                bench_failed("hand-written memory", "no memory");
        self->order_slot_count = 1 << 16;
        self->order_slots = calloc(self->order_slot_count, sizeof *self->order_slots);
        if (self->order_slots == NULL)
                bench_failed("hand-written memory", "no memory");
        for (int i = 0; i < BENCH_SKUS; i++) {
                product *made = &self->products[i];
                memcpy(made->sku, bench_skus[i], sizeof made->sku);
                made->price_minor = bench_price(i);
                made->tax_rate_ppm = BENCH_RATE_PPM;
                for (int site = 0; site < BENCH_SITES; site++)
                        made->stock[site].available = BENCH_STOCK;
                *product_slot(self, made->sku) = made;
        }
        return self;
}

static void orders_grow(hand_memory *self)
{
        const size_t count = self->order_slot_count * 2;
        order **slots = calloc(count, sizeof *slots);
        if (slots == NULL)
                bench_failed("hand-written memory", "no memory");
        for (size_t i = 0; i < self->order_slot_count; i++) {
                for (order *one = self->order_slots[i], *next; one != NULL; one = next) {
                        order **slot = &slots[hash_bytes(&one->id, sizeof one->id) & (count - 1)];
                        next = one->next;
                        one->next = *slot;
                        *slot = one;
                }
        }
        free(self->order_slots);
        self->order_slots = slots;
        self->order_slot_count = count;
}

/* One line: price, tax, the first site that has enough, and the rows. */
static void line_place(hand_memory *self, order *into, const bench_order *wanted, int n)
{
        product *found = *product_slot(self, bench_skus[wanted->skus[n]]);
        line *made = &into->lines[n];
        const int64_t quantity = wanted->quantities[n];
        int site = 0;
        while (site < BENCH_SITES && found->stock[site].available < quantity)
                site++;
        if (site == BENCH_SITES)
                bench_failed("hand-written memory", "out of stock");
        memcpy(made->sku, found->sku, sizeof made->sku);
        made->quantity = quantity;
        made->unit_price_minor = found->price_minor;
        made->goods_minor = made->total_minor = quantity * found->price_minor;
        made->tax_rate_ppm = found->tax_rate_ppm;
        const int64_t gross = 1000000 + made->tax_rate_ppm;
        made->tax_minor = (made->total_minor * made->tax_rate_ppm * 2 + gross) / (gross * 2);
        into->goods_minor += made->goods_minor;
        into->tax_minor += made->tax_minor;
        into->total_minor += made->total_minor;
        found->stock[site].available -= quantity;
        found->stock[site].allocated += quantity;
        into->allocations[n] = (allocation){.line = n + 1, .reason = 1, .allocated = quantity};
        strcpy(into->allocations[n].site, bench_sites[site]);
        into->moves[n] = (move){.from_bucket = OCORE_BUCKET_AVAILABLE,
                .to_bucket = OCORE_BUCKET_ALLOCATED,
                .quantity = quantity,
                .at_us = wanted->at_us,
                .subject_id = wanted->id};
        memcpy(into->moves[n].sku, found->sku, sizeof found->sku);
        strcpy(into->moves[n].site, bench_sites[site]);
}

void hand_memory_place(hand_memory *self, const bench_order *wanted)
{
        const uint64_t hash = hash_bytes(&wanted->id, sizeof wanted->id);
        for (order *one = self->order_slots[hash & (self->order_slot_count - 1)]; one != NULL;
                one = one->next)
                if (memcmp(&one->id, &wanted->id, sizeof one->id) == 0)
                        return; /* placed before */
        order *made = calloc(1, sizeof *made);
        if (made == NULL)
                bench_failed("hand-written memory", "no memory");
        if (self->order_count++ == self->order_slot_count)
                orders_grow(self);
        made->id = wanted->id;
        made->state = OCORE_ORDER_PLACED;
        made->placed_us = wanted->at_us;
        made->version = 1;
        strcpy(made->customer, bench_customers[wanted->customer]);
        strcpy(made->channel, "web");
        strcpy(made->currency, "EUR");
        strcpy(made->country, "DE");
        for (int n = 0; n < BENCH_LINES; n++)
                line_place(self, made, wanted, n);
        made->event.number = made->effect.number = 1;
        made->event.kind = made->effect.kind = OCORE_EVENT_ORDER_PLACED;
        made->event.at_us = made->effect.due_us = wanted->at_us;
        made->effect.state = OCORE_EFFECT_PENDING;
        strcpy(made->event.actor, "bench");
        made->command.digest[0] = hash_bytes(wanted, sizeof *wanted);
        made->command.digest[1] = hash_bytes(wanted->skus, sizeof wanted->skus);
        made->command.at_us = wanted->at_us;
        order **slot = &self->order_slots[hash & (self->order_slot_count - 1)];
        made->next = *slot;
        *slot = made;
}

int64_t hand_memory_available(const hand_memory *self)
{
        int64_t sum = 0;
        for (int i = 0; i < BENCH_SKUS; i++)
                for (int site = 0; site < BENCH_SITES; site++)
                        sum += self->products[i].stock[site].available;
        return sum;
}

void hand_memory_close(hand_memory *self)
{
        for (size_t i = 0; i < self->order_slot_count; i++) {
                for (order *one = self->order_slots[i], *next; one != NULL; one = next) {
                        next = one->next;
                        free(one);
                }
        }
        free(self->order_slots);
        free(self);
}
