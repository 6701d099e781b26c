/* What is done to orders; see house.h. */
#include "house.h"

void house_learn(house_run *self, int order, int lost)
{
        const ocore_order_key key = {sizeof key, self->model.orders[order].id, {NULL, 0}};
        const house_change change = {lost};
        const ocore_order *answer = house_command(self, "order.get", &key, GOOD);

        house_check(self, house_learn_order(&self->model, order, answer, &change));
}

/* 1 if the wants can be had: from one site, or from all together. */
static int can_have(house_run *self, const int64_t wants[HOUSE_GOODS], int no_split)
{
        int good = 1, one = 0;

        for (int sku = 0; sku < HOUSE_GOODS; sku++)
                good &= wants[sku] <= house_free(&self->model, sku);
        for (int site = 0; no_split && site < HOUSE_SITES; site++) {
                int here = !self->model.closed[site];

                for (int sku = 0; sku < HOUSE_GOODS; sku++)
                        here &= wants[sku] <= house_free_at(&self->model, sku, site);
                one |= here;
        }
        return no_split ? one : good;
}

/* What waits must be exactly what there was not. */
static void check_short(house_run *self, const int64_t wants[HOUSE_GOODS],
        const int64_t had[HOUSE_GOODS], int order)
{
        int64_t waits[HOUSE_GOODS] = {0};

        for (int n = 0; n < self->model.orders[order].line_count; n++)
                if (self->model.orders[order].lines[n].sku != BUNDLE)
                        waits[self->model.orders[order].lines[n].sku] +=
                                self->model.orders[order].lines[n].backordered;
        for (int sku = 0; sku < HOUSE_GOODS; sku++)
                if (waits[sku] != (wants[sku] > had[sku] ? wants[sku] - had[sku] : 0))
                        house_check(self, "an order waits for more or less than is missing");
}

/* The strategy "priority" leaves no choice. */
static void check_places(
        house_run *self, const int64_t wants[HOUSE_GOODS], const house *before, int order)
{
        for (int sku = 0; sku < HOUSE_GOODS; sku++) {
                int64_t takes[HOUSE_SITES][HOUSE_LOTS];

                house_by_priority(before, sku, wants[sku], takes);
                for (int n = 0; n < self->model.orders[order].line_count; n++)
                        for (int i = 0; i < HOUSE_SITES * HOUSE_LOTS; i++)
                                if (self->model.orders[order].lines[n].sku == sku)
                                        takes[i / HOUSE_LOTS][i % HOUSE_LOTS] -=
                                                self->model.orders[order]
                                                        .lines[n]
                                                        .at[i / HOUSE_LOTS][i % HOUSE_LOTS]
                                                        .waiting;
                for (int i = 0; i < HOUSE_SITES * HOUSE_LOTS; i++)
                        if (takes[i / HOUSE_LOTS][i % HOUSE_LOTS])
                                house_check(self, "units are not from the first site that had "
                                                  "some, or not from its first lot");
        }
}

static void place_order(house_run *self)
{
        static house before;
        static const int64_t strategies[] = {0, OCORE_ALLOCATE_PRIORITY,
                OCORE_ALLOCATE_FEWEST_SPLITS, OCORE_ALLOCATE_MOST_STOCK,
                OCORE_ALLOCATE_OLDEST_FIRST, OCORE_ALLOCATE_FIRST_EXPIRED,
                OCORE_ALLOCATE_LOWEST_COST};
        int n = self->model.order_count, bundles = 0, good, waits = house_below(self, 3) == 0;
        int64_t wants[HOUSE_GOODS] = {0}, had[HOUSE_GOODS];
        ocore_draft_line lines[3];
        ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = house_id(self),
                .currency = STR("EUR"),
                .strategy = strategies[house_below(self, 7)],
                .priority = house_below(self, 3),
                .short_action = waits ? OCORE_SHORT_BACKORDER : OCORE_SHORT_REFUSE,
                .no_split = !waits && house_below(self, 6) == 0,
                .lines = lines,
                .line_count = 1 + (size_t)house_below(self, 3),
                .line_stride = sizeof lines[0]};
        const ocore_order *answer;
        const house_change change = {0};

        if (n == HOUSE_ORDERS)
                return;
        for (size_t i = 0; i < draft.line_count; i++) {
                int sku = (int)house_below(self, HOUSE_SKUS);

                lines[i] = (ocore_draft_line){.sku = house_text(house_skus, sku),
                        .quantity = {1 + house_below(self, 8), 0, 0}};
                bundles += sku == BUNDLE;
                house_wants(sku, lines[i].quantity.amount, wants);
        }
        for (int sku = 0; sku < HOUSE_GOODS; sku++)
                had[sku] = house_free(&self->model, sku);
        before = self->model;
        good = can_have(self, wants, (int)draft.no_split);
        answer = house_command(self, "order.place", &draft, waits || good ? GOOD : REFUSED);
        if (!answer)
                return;
        memset(&self->model.orders[n], 0, sizeof self->model.orders[n]);
        self->model.orders[n].id = draft.id;
        self->model.orders[n].priority = draft.priority;
        self->model.orders[n].no_split = (int)draft.no_split;
        self->model.order_count++;
        house_check(self, house_learn_order(&self->model, n, answer, &change));
        if ((!bundles || good) && !self->disturbed)
                check_short(self, wants, had, n);
        /* Who remembers older balances may choose by them, as long as the goods are there. */
        if (!bundles && !self->disturbed && self->always_reads && !draft.no_split &&
                draft.strategy <= OCORE_ALLOCATE_PRIORITY)
                check_places(self, wants, &before, n);
}

/* An order from a hold takes what is held first; the rest of the hold is free, or stays. */
static void order_from_hold(house_run *self)
{
        int at = house_recent(self, self->model.hold_count), n = self->model.order_count;
        house_hold *hold = at < 0 ? NULL : &self->model.holds[at];
        int sku = (int)house_below(self, HOUSE_GOODS), live, expired = 0;
        int64_t held = 0;
        ocore_draft_line line;
        ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = house_id(self),
                .currency = STR("EUR"),
                .hold_keep = house_below(self, 2),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_hold_key key = {sizeof key, hold ? hold->id : draft.id};
        const house_change change = {0};
        const ocore_order *answer;
        const ocore_hold *after;

        if (!hold || n == HOUSE_ORDERS)
                return;
        live = hold->open && hold->expires_us > self->model.now_us;
        draft.hold_id = hold->id;
        for (int site = 0; site < HOUSE_SITES; site++)
                for (int lot = 0; lot < HOUSE_LOTS; lot++) {
                        held += hold->at[sku][site][lot];
                        expired |= hold->at[sku][site][lot] && self->model.lot_expires_us[lot] &&
                                   self->model.lot_expires_us[lot] <= self->model.now_us;
                }
        line = (ocore_draft_line){
                .sku = house_text(house_skus, sku), .quantity = {1 + house_below(self, 6), 0, 0}};
        if (!draft.hold_keep && line.quantity.amount > held)
                expired =
                        1; /* what else the hold gives back may serve it: not the model's to say */
        answer = house_command(self, "order.place", &draft,
                !live                                                          ? REFUSED
                : expired                                                      ? EITHER
                : line.quantity.amount <= held + house_free(&self->model, sku) ? GOOD
                                                                               : REFUSED);
        if (!answer)
                return;
        memset(&self->model.orders[n], 0, sizeof self->model.orders[n]);
        self->model.orders[n].id = draft.id;
        self->model.order_count++;
        /* Both are learnt before anything is looked at: units went from one to the other. */
        for (int i = 0; i < HOUSE_SITES * HOUSE_LOTS; i++)
                self->model.at[sku][i / HOUSE_LOTS][i % HOUSE_LOTS].available += 1000000;
        house_check(self, house_learn_order(&self->model, n, answer, &change));
        after = house_command(self, "hold.get", &key, GOOD);
        house_check(self, house_learn_hold(&self->model, hold, after));
        for (int i = 0; i < HOUSE_SITES * HOUSE_LOTS; i++)
                self->model.at[sku][i / HOUSE_LOTS][i % HOUSE_LOTS].available -= 1000000;
        if (!draft.hold_keep && hold->open && !self->disturbed)
                house_check(self, "a hold is open behind the order that converted it");
}

static void confirm(house_run *self)
{
        int n = house_recent(self, self->model.order_count);
        const ocore_order_confirm_request request = {
                sizeof request, house_id(self), n < 0 ? house_id(self) : self->model.orders[n].id};

        if (n >= 0 && house_command(self, "order.confirm", &request,
                              self->model.orders[n].state == OCORE_ORDER_PLACED ? GOOD : REFUSED))
                house_learn(self, n, 0);
}

static int is_live(const house_order *order)
{
        return order->state == OCORE_ORDER_PLACED || order->state == OCORE_ORDER_CONFIRMED;
}

static void cancel_units(house_run *self)
{
        int n = house_recent(self, self->model.order_count);
        house_order *order = n < 0 ? NULL : &self->model.orders[n];
        ocore_line_quantity line;
        ocore_order_cancel_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        int at, expected;

        if (!order)
                return;
        at = (int)house_below(self, order->line_count);
        request.order_id = order->id;
        line = (ocore_line_quantity){at + 1, {1 + house_below(self, 4), 0, 0}};
        if (order->lines[at].sku == BUNDLE)
                expected = is_live(order) ? EITHER : REFUSED;
        else
                expected = is_live(order) && !order->lines[at].parent &&
                                           line.quantity.amount <= house_cancellable(order, at)
                                   ? GOOD
                                   : REFUSED;
        if (house_below(self, 4) == 0) { /* all that can be cancelled */
                request.line_count = 0;
                expected = is_live(order) ? EITHER : REFUSED;
        }
        if (house_command(self, "order.cancel", &request, expected))
                house_learn(self, n, 0);
}

static void reallocate(house_run *self)
{
        int n = house_recent(self, self->model.order_count);
        ocore_order_reallocate_request request = {
                .struct_size = sizeof request, .id = house_id(self)};

        if (n < 0)
                return;
        request.order_id = self->model.orders[n].id;
        if (house_below(self, 2))
                request.site = house_text(house_sites, (int)house_below(self, HOUSE_SITES));
        if (house_command(self, "order.reallocate", &request,
                    is_live(&self->model.orders[n]) ? EITHER : REFUSED))
                house_learn(self, n, 0);
}

static void reprice(house_run *self)
{
        int n = house_recent(self, self->model.order_count);
        house_order *order = n < 0 ? NULL : &self->model.orders[n];
        ocore_reprice_line line = {1, {1 + house_below(self, 3000), "EUR", 0}};
        ocore_order_reprice_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        int cancelled = 0;

        if (!order)
                return;
        for (int i = 0; i < order->line_count; i++)
                cancelled |= order->lines[i].cancelled > 0;
        request.order_id = order->id;
        if (!house_command(
                    self, "order.reprice", &request, is_live(order) && !cancelled ? GOOD : REFUSED))
                return;
        order->lines[0].price = line.unit_price.amount_minor;
        house_learn(self, n, 0);
}

static void release_units(house_run *self)
{
        int n = house_recent(self, self->model.order_count);
        house_shipment *shipment = &self->model.shipments[self->model.shipment_count];
        ocore_fulfillment_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .site = house_text(house_sites, (int)house_below(self, HOUSE_SITES))};

        if (n < 0 || self->model.shipment_count == HOUSE_SHIPMENTS)
                return;
        request.order_id = self->model.orders[n].id;
        if (!house_command(self, "fulfillment.create", &request,
                    self->model.orders[n].state == OCORE_ORDER_CONFIRMED ? EITHER : REFUSED))
                return;
        *shipment = (house_shipment){request.id, n, OCORE_FULFILLMENT_STATE_OPEN};
        self->model.shipment_count++;
        house_learn(self, n, 0);
}

static void pick_short(house_run *self, house_shipment *shipment)
{
        const ocore_fulfillment_short_line line = {1, {1 + house_below(self, 2), 0, 0}};
        const ocore_fulfillment_short_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .fulfillment_id = shipment->id,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_fulfillment_key key = {sizeof key, shipment->id};
        const ocore_fulfillment *before = house_command(self, "fulfillment.get", &key, GOOD);
        int site = 0, sku = -1, lot = 0;
        int64_t there = before->line_count ? before->lines[0]->quantity : 0;

        for (int i = 0; i < HOUSE_SITES; i++)
                if (ocore_str_equal(before->site, house_text(house_sites, i)))
                        site = i;
        for (int i = 0; i < HOUSE_GOODS; i++)
                if (ocore_str_equal(before->lines[0]->sku, house_text(house_skus, i)))
                        sku = i;
        for (int i = 0; i < HOUSE_LOTS; i++)
                if (ocore_str_equal(before->lines[0]->lot, house_text(house_lots, i)))
                        lot = i;
        before = house_command(self, "fulfillment.short", &request,
                shipment->state == OCORE_FULFILLMENT_STATE_OPEN && line.quantity.amount <= there
                        ? GOOD
                        : REFUSED);
        if (!before)
                return;
        shipment->state = before->state;
        self->shorts++;
        /* Lost units leave the house; what takes their place comes from what is available. */
        self->model.at[sku][site][lot].available -= line.quantity.amount;
        house_learn(self, shipment->order, 0);
}

static void move_shipment(house_run *self)
{
        static const char *const names[] = {"", "fulfillment.pick", "fulfillment.pack",
                "fulfillment.ship", "fulfillment.deliver"};
        int n = house_recent(self, self->model.shipment_count);
        house_shipment *shipment = n < 0 ? NULL : &self->model.shipments[n];
        int64_t step;
        int has_bundle = 0;
        const ocore_fulfillment *answer;

        if (!shipment)
                return;
        /* A bundle of which a part was not on the shelf must not leave without it. */
        for (int i = 0; i < self->model.orders[shipment->order].line_count; i++)
                has_bundle |= self->model.orders[shipment->order].lines[i].sku == BUNDLE;
        step = house_below(self, 6) ? shipment->state : 1 + house_below(self, 4);
        if (house_below(self, shipment->state == OCORE_FULFILLMENT_STATE_OPEN ? 3 : 12) == 0) {
                pick_short(self, shipment);
                return;
        }
        if (step > 4)
                return;
        if (house_below(self, 10) == 0) {
                const ocore_fulfillment_step_request undo = {
                        sizeof undo, house_id(self), shipment->id};

                answer = house_command(self, "fulfillment.cancel", &undo,
                        shipment->state < OCORE_FULFILLMENT_STATE_SHIPPED ? GOOD : REFUSED);
        } else if (step == 3) {
                const ocore_fulfillment_ship_request ship = {
                        sizeof ship, house_id(self), shipment->id, STR("Post"), STR("RR")};

                answer = house_command(self, names[step], &ship,
                        step != shipment->state ? REFUSED
                        : has_bundle            ? EITHER
                                                : GOOD);
        } else if (step == 2) {
                const ocore_fulfillment_pack_request pack = {
                        sizeof pack, house_id(self), shipment->id, 1};

                answer = house_command(
                        self, names[step], &pack, step == shipment->state ? GOOD : REFUSED);
        } else {
                const ocore_fulfillment_step_request next = {
                        sizeof next, house_id(self), shipment->id};

                answer = house_command(
                        self, names[step], &next, step == shipment->state ? GOOD : REFUSED);
        }
        if (!answer)
                return;
        shipment->state = answer->state;
        house_learn(self, shipment->order, 0);
}

const house_action house_order_actions[] = {
        {place_order, 14},
        {order_from_hold, 4},
        {confirm, 10},
        {cancel_units, 6},
        {reallocate, 5},
        {reprice, 3},
        {release_units, 10},
        {move_shipment, 24},
        {NULL, 0},
};

const house_action house_short_order_actions[] = {
        {confirm, 4},
        {cancel_units, 6},
        {reallocate, 6},
        {move_shipment, 8},
        {NULL, 0},
};

const house_action house_unit_actions[] = {
        {place_order, 8},
        {confirm, 5},
        {cancel_units, 5},
        {reprice, 3},
        {release_units, 6},
        {move_shipment, 8},
        {NULL, 0},
};
