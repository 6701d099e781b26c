/* The plain model of house_test.c; see house_model.h. */
#include "house_model.h"

#include <string.h>

const char *const house_skus[HOUSE_SKUS] = {"A", "B", "C", "D"};
const char *const house_sites[HOUSE_SITES] = {"EAST", "NORTH", "WEST"};
const char *const house_lots[HOUSE_LOTS] = {"", "L1", "L2", "L3"};

static int index_of(const char *const *names, int count, ocore_str name)
{
        for (int i = 0; i < count; i++)
                if (ocore_str_equal(ocore_str_of(names[i]), name))
                        return i;
        return -1;
}

int64_t house_free_at(const house *self, int sku, int site)
{
        int64_t sum = 0;

        for (int lot = 0; lot < HOUSE_LOTS; lot++)
                if (!self->lot_expires_us[lot] || self->lot_expires_us[lot] > self->now_us)
                        sum += self->at[sku][site][lot].available;
        return sum > self->safety[sku][site] ? sum - self->safety[sku][site] : 0;
}

void house_by_priority(
        const house *self, int sku, int64_t quantity, int64_t takes[HOUSE_SITES][HOUSE_LOTS])
{
        static const int by_expiry[HOUSE_LOTS] = {3, 2, 1, 0};

        memset(takes, 0, sizeof(int64_t[HOUSE_SITES][HOUSE_LOTS]));
        for (int site = 0; site < HOUSE_SITES; site++) {
                int64_t here = self->closed[site] ? 0 : house_free_at(self, sku, site);

                for (int i = 0; i < HOUSE_LOTS; i++) {
                        int lot = by_expiry[i];
                        int64_t there = self->at[sku][site][lot].available;

                        if (self->lot_expires_us[lot] && self->lot_expires_us[lot] <= self->now_us)
                                continue;
                        there = there < here ? there : here;
                        there = there < quantity ? there : quantity;
                        takes[site][lot] = there;
                        here -= there;
                        quantity -= there;
                }
        }
}

int64_t house_free(const house *self, int sku)
{
        int64_t sum = 0;

        for (int site = 0; site < HOUSE_SITES; site++)
                if (!self->closed[site])
                        sum += house_free_at(self, sku, site);
        return sum;
}

void house_wants(int sku, int64_t quantity, int64_t wants[HOUSE_GOODS])
{
        if (sku != BUNDLE) {
                wants[sku] += quantity;
                return;
        }
        wants[0] += 2 * quantity;
        wants[1] += quantity;
}

/* No place has less than nothing. */
static const char *below_zero(const house *self)
{
        for (int sku = 0; sku < HOUSE_GOODS; sku++)
                for (int site = 0; site < HOUSE_SITES; site++)
                        for (int lot = 0; lot < HOUSE_LOTS; lot++)
                                if (self->at[sku][site][lot].available < 0)
                                        return "units came from a place that had none";
        return NULL;
}

/* One place of one line: what the answer says against what the model had. */
static void learn_part(
        house *self, int sku, int site, int lot, house_part *old, const house_part *now, int lost)
{
        house_place *place = &self->at[sku][site][lot];
        int64_t house_units = now->waiting + now->taken - old->waiting - old->taken;
        int64_t more = house_units + now->gone - old->gone;

        place->allocated += now->waiting - old->waiting;
        place->picked += now->taken - old->taken;
        if (!(more < 0 && lost))
                place->available -= more;
        *old = *now;
}

static const char *learn_line(
        house *self, house_line *line, const ocore_order_line *answer, int lost)
{
        house_part now[HOUSE_SITES][HOUSE_LOTS];
        int64_t units = answer->cancelled + answer->backordered + answer->performed + answer->open;

        memset(now, 0, sizeof now);
        for (size_t i = 0; i < answer->allocation_count; i++) {
                const ocore_allocation *row = answer->allocations[i];
                int site = index_of(house_sites, HOUSE_SITES, row->site);
                int lot = index_of(house_lots, HOUSE_LOTS, row->lot);

                if (site < 0 || lot < 0)
                        return "an allocation is at no place";
                now[site][lot] = (house_part){row->allocated + row->released,
                        row->picked + row->packed, row->shipped + row->delivered, row->released};
                units += row->allocated + row->released + row->picked + row->packed + row->shipped +
                         row->delivered;
        }
        line->cancelled = answer->cancelled;
        line->backordered = answer->backordered;
        line->performed = answer->performed;
        if (units != answer->quantity || answer->open < 0)
                return "a unit of a line is in no state, or in two";
        for (int site = 0; line->sku != BUNDLE && site < HOUSE_SITES; site++)
                for (int lot = 0; lot < HOUSE_LOTS; lot++)
                        learn_part(self, line->sku, site, lot, &line->at[site][lot],
                                &now[site][lot], lost);
        return NULL;
}

const char *house_learn_order(
        house *self, int order, const ocore_order *answer, const house_change *change)
{
        house_order *own = &self->orders[order];
        int64_t total = 0, due = 0;
        const char *wrong = NULL;

        if (!own->line_count) { /* a new one */
                if (answer->line_count > HOUSE_LINES)
                        return "an order has too many lines";
                own->line_count = (int)answer->line_count;
                own->since_us = answer->placed_us;
                for (int i = 0; i < own->line_count; i++) {
                        own->lines[i].sku = index_of(house_skus, HOUSE_SKUS, answer->lines[i]->sku);
                        own->lines[i].ordered = answer->lines[i]->quantity;
                        own->lines[i].parent = (int)answer->lines[i]->parent;
                        own->lines[i].price = own->lines[i].parent ? 0 : HOUSE_PRICE;
                }
        }
        if ((int)answer->line_count != own->line_count)
                return "an order has other lines than before";
        for (int i = 0; !wrong && i < own->line_count; i++) {
                if (answer->lines[i]->quantity != own->lines[i].ordered)
                        return "the quantity of a line changed";
                wrong = learn_line(self, &own->lines[i], answer->lines[i], change->lost);
        }
        own->state = answer->state;
        for (int i = 0; i < own->line_count; i++) {
                const house_line *line = &own->lines[i];

                total += line->parent ? 0 : line->price * line->ordered;
                due += line->parent ? 0 : line->price * (line->ordered - line->cancelled);
        }
        if (!wrong && (answer->total_minor != total || answer->due_minor != due))
                wrong = "an order costs more or less than its lines";
        /* Looked at in the end: one line may take what another gave back in the same command. */
        return wrong ? wrong : below_zero(self);
}

const char *house_learn_hold(house *self, house_hold *hold, const ocore_hold *answer)
{
        int64_t now[HOUSE_GOODS][HOUSE_SITES][HOUSE_LOTS];

        memset(now, 0, sizeof now);
        for (size_t i = 0; answer->state == OCORE_HOLD_OPEN && i < answer->line_count; i++) {
                const ocore_hold_line *row = answer->lines[i];
                int sku = index_of(house_skus, HOUSE_GOODS, row->sku);
                int site = index_of(house_sites, HOUSE_SITES, row->site);
                int lot = index_of(house_lots, HOUSE_LOTS, row->lot);

                if (sku < 0 || site < 0 || lot < 0)
                        return "a hold is at no place";
                now[sku][site][lot] += row->quantity;
        }
        for (int sku = 0; sku < HOUSE_GOODS; sku++)
                for (int site = 0; site < HOUSE_SITES; site++)
                        for (int lot = 0; lot < HOUSE_LOTS; lot++) {
                                int64_t more = now[sku][site][lot] - hold->at[sku][site][lot];

                                self->at[sku][site][lot].held += more;
                                self->at[sku][site][lot].available -= more;
                        }
        memcpy(hold->at, now, sizeof now);
        hold->open = answer->state == OCORE_HOLD_OPEN;
        hold->expires_us = answer->expires_us;
        hold->priority = answer->priority;
        return below_zero(self);
}

static int64_t unreleased_of(const house_line *line)
{
        int64_t sum = 0;

        for (int site = 0; site < HOUSE_SITES; site++)
                for (int lot = 0; lot < HOUSE_LOTS; lot++)
                        sum += line->at[site][lot].waiting - line->at[site][lot].released;
        return sum;
}

int64_t house_cancellable(const house_order *order, int line)
{
        return order->lines[line].backordered + unreleased_of(&order->lines[line]);
}

/* 1 if the first of two entries of the queue is served first. */
static int before(const house *self, int order, int line, int other, int other_line)
{
        const house_order *a = &self->orders[order], *b = &self->orders[other];
        int ids = memcmp(a->id.bytes, b->id.bytes, sizeof a->id.bytes);

        if (a->priority != b->priority)
                return a->priority > b->priority;
        if (a->since_us != b->since_us)
                return a->since_us < b->since_us;
        return ids != 0 ? ids < 0 : line < other_line;
}

/* Where an order that is not split has units; HOUSE_SITES: nowhere. */
static int site_of(const house_order *order)
{
        for (int n = 0; n < order->line_count; n++)
                for (int site = 0; site < HOUSE_SITES; site++)
                        for (int lot = 0; lot < HOUSE_LOTS; lot++) {
                                const house_part *part = &order->lines[n].at[site][lot];

                                if (part->waiting || part->taken || part->gone)
                                        return site;
                        }
        return HOUSE_SITES;
}

/* Takes up to `wanted` from the sites; an order that is not split takes from its only one, or
 * chooses the first that has all of it, else the first that has some. */
static int64_t take(int64_t wanted, int whole, int *only, int64_t rest[HOUSE_SITES])
{
        int64_t got = 0;

        for (int site = 0; whole && *only == HOUSE_SITES && site < HOUSE_SITES; site++)
                if (rest[site] >= wanted)
                        *only = site;
        for (int site = 0; whole && *only == HOUSE_SITES && site < HOUSE_SITES; site++)
                if (rest[site])
                        *only = site;
        for (int site = 0; site < HOUSE_SITES; site++) {
                int64_t part = rest[site] < wanted - got ? rest[site] : wanted - got;

                if (whole && site != *only)
                        continue;
                rest[site] -= part;
                got += part;
        }
        return got;
}

int64_t house_serve(const house *self, int sku, const int64_t free_at[HOUSE_SITES],
        int64_t gets[HOUSE_ORDERS][HOUSE_LINES])
{
        static int seen[HOUSE_ORDERS][HOUSE_LINES];
        int64_t rest[HOUSE_SITES], sum = 0;
        int only[HOUSE_ORDERS];

        memset(gets, 0, sizeof(int64_t[HOUSE_ORDERS][HOUSE_LINES]));
        memset(seen, 0, sizeof seen);
        memcpy(rest, free_at, sizeof rest);
        for (int i = 0; i < self->order_count; i++)
                only[i] = site_of(&self->orders[i]);
        for (;;) {
                int best = -1, best_line = -1;

                for (int i = 0; i < self->order_count; i++)
                        for (int n = 0; n < self->orders[i].line_count; n++)
                                if (self->orders[i].lines[n].sku == sku && !seen[i][n] &&
                                        self->orders[i].lines[n].backordered &&
                                        (best < 0 || before(self, i, n, best, best_line))) {
                                        best = i;
                                        best_line = n;
                                }
                if (best < 0)
                        return sum;
                seen[best][best_line] = 1;
                gets[best][best_line] = take(self->orders[best].lines[best_line].backordered,
                        self->orders[best].no_split, &only[best], rest);
                sum += gets[best][best_line];
        }
}

int house_lapse(house *self)
{
        int count = 0;

        for (int i = 0; i < self->hold_count; i++) {
                house_hold *hold = &self->holds[i];
                ocore_hold over = {.state = OCORE_HOLD_LAPSED, .expires_us = hold->expires_us};

                if (!hold->open || hold->expires_us > self->now_us)
                        continue;
                house_learn_hold(self, hold, &over);
                count++;
        }
        return count;
}

const char *house_consistent(const house *self)
{
        for (int sku = 0; sku < HOUSE_GOODS; sku++)
                for (int site = 0; site < HOUSE_SITES; site++)
                        for (int lot = 0; lot < HOUSE_LOTS; lot++) {
                                const house_place *place = &self->at[sku][site][lot];
                                int64_t held = 0, waiting = 0, taken = 0;

                                for (int i = 0; i < self->hold_count; i++)
                                        held += self->holds[i].at[sku][site][lot];
                                for (int i = 0; i < self->order_count; i++)
                                        for (int n = 0; n < self->orders[i].line_count; n++) {
                                                const house_line *line = &self->orders[i].lines[n];

                                                if (line->sku != sku)
                                                        continue;
                                                waiting += line->at[site][lot].waiting;
                                                taken += line->at[site][lot].taken;
                                        }
                                if (held != place->held || waiting != place->allocated ||
                                        taken != place->picked)
                                        return "holds and orders do not have what is reserved";
                        }
        return NULL;
}
