/* What is done to goods, holds, supplies and time; see house.h. */
#include "house.h"

static house_place *place_of(house_run *self, int sku, int site, int lot)
{
        return &self->model.at[sku][site][lot];
}

static int any_lot(house_run *self, int sku)
{
        return sku == BY_LOT ? 1 + (int)house_below(self, HOUSE_LOTS - 1) : 0;
}

static void receive(house_run *self)
{
        int sku = (int)house_below(self, HOUSE_GOODS), site = (int)house_below(self, HOUSE_SITES);
        int lot = any_lot(self, sku);
        const ocore_stock_line line = {.sku = house_text(house_skus, sku),
                .site = house_text(house_sites, site),
                .lot = house_text(house_lots, lot),
                .quantity = {1 + house_below(self, 15), 0, 0},
                .expires_us = self->model.lot_expires_us[lot]};
        const ocore_stock_request request = {
                sizeof request, house_id(self), STR("r"), &line, 1, sizeof line};

        house_command(self, "stock.receive", &request, GOOD);
        place_of(self, sku, site, lot)->available += line.quantity.amount;
}

static void adjust(house_run *self)
{
        int sku = (int)house_below(self, HOUSE_GOODS), site = (int)house_below(self, HOUSE_SITES);
        int lot = any_lot(self, sku);
        int64_t difference = house_below(self, 13) - 9;
        const ocore_stock_line line = {.sku = house_text(house_skus, sku),
                .site = house_text(house_sites, site),
                .lot = house_text(house_lots, lot),
                .quantity = {difference, 0, 0}};
        const ocore_stock_request request = {
                sizeof request, house_id(self), STR("r"), &line, 1, sizeof line};
        house_place *place = place_of(self, sku, site, lot);
        int good = difference && place->available + difference >= 0;

        /* A lot that was never received has no date yet: whether it may begin with a correction
         * is not the model's to say. */
        if (sku == BY_LOT && difference > 0)
                return;
        if (house_command(self, "stock.adjust", &request, good ? GOOD : REFUSED))
                place->available += difference;
}

static void damage(house_run *self)
{
        int sku = (int)house_below(self, HOUSE_GOODS), site = (int)house_below(self, HOUSE_SITES);
        int lot = any_lot(self, sku), back = house_below(self, 3) == 0;
        house_place *place = place_of(self, sku, site, lot);
        int64_t quantity = 1 + house_below(self, 3);
        const ocore_stock_transfer_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .sku = house_text(house_skus, sku),
                .site = house_text(house_sites, site),
                .lot = house_text(house_lots, lot),
                .from_bucket = back ? OCORE_BUCKET_DAMAGED : OCORE_BUCKET_AVAILABLE,
                .to_bucket = back ? OCORE_BUCKET_AVAILABLE : OCORE_BUCKET_DAMAGED,
                .quantity = {quantity, 0, 0}};
        int64_t *from = back ? &place->damaged : &place->available;
        int64_t *to = back ? &place->available : &place->damaged;

        if (!house_command(self, "stock.transfer", &request, *from >= quantity ? GOOD : REFUSED))
                return;
        *from -= quantity;
        *to += quantity;
}

static void count(house_run *self)
{
        int sku = (int)house_below(self, HOUSE_GOODS), site = (int)house_below(self, HOUSE_SITES);
        int lot = any_lot(self, sku);
        house_place *place = place_of(self, sku, site, lot);
        int64_t shelf = place->available + place->held + place->allocated;
        int64_t counted = shelf + house_below(self, 7) - 4;
        const ocore_count_open_request open = {.struct_size = sizeof open,
                .id = house_id(self),
                .site = house_text(house_sites, site),
                .blind = house_below(self, 2)};
        const ocore_count_enter_line line = {.sku = house_text(house_skus, sku),
                .lot = house_text(house_lots, lot),
                .quantity = {counted < 0 ? 0 : counted, 0, 0}};
        const ocore_count_enter_request enter = {
                sizeof enter, house_id(self), open.id, &line, 1, sizeof line};
        const ocore_count_end_request end = {sizeof end, house_id(self), open.id};
        int64_t difference = line.quantity.amount - shelf;
        const ocore_count *closed;

        if (sku == BY_LOT && difference > 0) /* as in adjust() */
                return;
        house_command(self, "count.open", &open, GOOD);
        house_command(self, "count.enter", &enter, GOOD);
        closed = house_command(
                self, "count.close", &end, place->available + difference >= 0 ? GOOD : REFUSED);
        if (!closed)
                return;
        if (!self->disturbed && closed->lines[0]->variance != difference)
                house_check(self, "a count found another difference");
        place->available += closed->lines[0]->variance;
}

static void send(house_run *self)
{
        int sku = (int)house_below(self, HOUSE_GOODS), from = (int)house_below(self, HOUSE_SITES);
        int to = (from + 1) % HOUSE_SITES, lot = any_lot(self, sku);
        house_transfer *transfer = &self->model.transfers[self->model.transfer_count];
        const ocore_transfer_ship_line line = {.sku = house_text(house_skus, sku),
                .lot = house_text(house_lots, lot),
                .quantity = {1 + house_below(self, 6), 0, 0}};
        const ocore_transfer_ship_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .from_site = house_text(house_sites, from),
                .to_site = house_text(house_sites, to),
                .due_us = house_below(self, 2) ? self->model.now_us + TEST_DAY_US : 0,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        int64_t quantity = line.quantity.amount;
        int good = place_of(self, sku, from, lot)->available >= quantity;

        if (self->model.transfer_count == HOUSE_TRANSFERS ||
                !house_command(self, "transfer.ship", &request, good ? GOOD : REFUSED))
                return;
        place_of(self, sku, from, lot)->available -= quantity;
        place_of(self, sku, to, lot)->in_transit += quantity;
        *transfer = (house_transfer){request.id, sku, lot, from, to, 1, quantity};
        self->model.transfer_count++;
}

static void arrive(house_run *self)
{
        int n = house_recent(self, self->model.transfer_count);
        house_transfer *transfer = n < 0 ? NULL : &self->model.transfers[n];
        ocore_transfer_receive_line line = {.number = 1};
        ocore_transfer_receive_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .close = house_below(self, 3) == 0,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        house_place *to;
        int64_t quantity;

        if (!transfer)
                return;
        quantity = house_below(self, 7);
        line.quantity.amount = quantity;
        request.transfer_id = transfer->id;
        to = place_of(self, transfer->sku, transfer->to, transfer->lot);
        if (!house_command(self, "transfer.receive", &request,
                    !transfer->open || quantity > transfer->left ? REFUSED
                    : quantity || request.close                  ? GOOD
                                                                 : EITHER))
                return;
        transfer->left -= quantity;
        to->in_transit -= quantity;
        to->available += quantity;
        if (request.close) {
                to->in_transit -= transfer->left;
                transfer->left = 0;
        }
        transfer->open = transfer->left > 0;
}

static void set_safety(house_run *self)
{
        int sku = (int)house_below(self, 2), site = (int)house_below(self, HOUSE_SITES);
        const ocore_stock_rule_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .sku = house_text(house_skus, sku),
                .site = house_text(house_sites, site),
                .safety = {house_below(self, 5), 0, 0}};

        house_command(self, "stock_rule.put", &request, GOOD);
        self->model.safety[sku][site] = request.safety.amount;
        self->rules_changed = 1;
}

static void open_or_close(house_run *self)
{
        int site = (int)house_below(self, HOUSE_SITES);
        const ocore_site_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .site = house_text(house_sites, site),
                .priority = site,
                .closed = site && house_below(self, 3) == 0};

        house_command(self, "site.put", &request, GOOD);
        self->model.closed[site] = (int)request.closed;
        self->rules_changed = 1;
}

static void place_hold(house_run *self)
{
        house_hold *hold = &self->model.holds[self->model.hold_count];
        int64_t wants[HOUSE_GOODS] = {0};
        ocore_hold_request_line lines[2];
        ocore_hold_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .expires_us = self->model.now_us + (1 + house_below(self, 20)) * TEST_MINUTE_US,
                .strategy = 1 + house_below(self, 2),
                .lines = lines,
                .line_count = 2,
                .line_stride = sizeof lines[0],
                .priority = house_below(self, 3),
                .holder = STR("cart")};
        int good = 1;

        if (self->model.hold_count == HOUSE_HOLDS)
                return;
        for (int i = 0; i < 2; i++) {
                int sku = (int)house_below(self, HOUSE_GOODS);

                lines[i] = (ocore_hold_request_line){
                        house_text(house_skus, sku), {1 + house_below(self, 6), 0, 0}};
                wants[sku] += lines[i].quantity.amount;
        }
        for (int sku = 0; sku < HOUSE_GOODS; sku++)
                good &= wants[sku] <= house_free(&self->model, sku);
        {
                const ocore_hold *answer =
                        house_command(self, "hold.place", &request, good ? GOOD : REFUSED);

                if (!answer)
                        return;
                *hold = (house_hold){.id = request.id};
                house_check(self, house_learn_hold(&self->model, hold, answer));
                self->model.hold_count++;
        }
}

static void change_hold(house_run *self)
{
        int n = house_recent(self, self->model.hold_count);
        house_hold *hold = n < 0 ? NULL : &self->model.holds[n];
        int live = hold && hold->open && hold->expires_us > self->model.now_us;
        const ocore_hold *answer;

        if (!hold)
                return;
        if (house_below(self, 3) == 0) {
                const ocore_hold_release_request request = {
                        sizeof request, house_id(self), hold->id};

                answer = house_command(self, "hold.release", &request, hold->open ? GOOD : REFUSED);
        } else if (house_below(self, 2)) {
                const ocore_hold_extend_request request = {sizeof request, house_id(self), hold->id,
                        self->model.now_us + 30 * TEST_MINUTE_US};

                answer = house_command(self, "hold.extend", &request, live ? GOOD : REFUSED);
        } else {
                const ocore_hold_transfer_request request = {.struct_size = sizeof request,
                        .id = house_id(self),
                        .hold_id = hold->id,
                        .holder = STR("till")};

                answer = house_command(self, "hold.transfer", &request, live ? GOOD : REFUSED);
        }
        if (answer)
                house_check(self, house_learn_hold(&self->model, hold, answer));
}

static void pass_time(house_run *self)
{
        ocore_core *core = self->actors[house_below(self, HOUSE_ACTORS)];
        ocore_pumped pumped = {0};
        int status, lapsed = 0;

        self->eager = 0; /* the model learns what lapsed when all of it has */
        self->model.now_us += (1 + house_below(self, 12)) * TEST_MINUTE_US;
        if (house_below(self, 3) == 0) /* nobody came by to lapse what is due */
                return;
        do {
                status = ocore_pump(core, 1 + house_below(self, 5), &pumped);
                lapsed += (int)pumped.holds_lapsed;
        } while (status == OCORE_OK);
        if (status != OCORE_DONE || (lapsed != house_lapse(&self->model) && !self->disturbed))
                house_check(self, "the pump lapsed other holds than are due");
        self->lapsed += lapsed;
}

static void buy(house_run *self)
{
        house_purchase *purchase = &self->model.purchases[self->model.purchase_count];
        int sku = (int)house_below(self, 2), site = (int)house_below(self, HOUSE_SITES);
        const ocore_purchase_request_line line = {.sku = house_text(house_skus, sku),
                .quantity = {1 + house_below(self, 20), 0, 0},
                .due_us = self->model.now_us + (1 + house_below(self, 9)) * TEST_DAY_US};
        const ocore_purchase_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .supplier = STR("ACME"),
                .site = house_text(house_sites, site),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_purchase_step_request next = {
                .struct_size = sizeof next, .id = house_id(self), .purchase_id = request.id};

        if (self->model.purchase_count == HOUSE_PURCHASES)
                return;
        house_command(self, "purchase.propose", &request, GOOD);
        house_command(self, "purchase.send", &next, GOOD);
        *purchase = (house_purchase){
                request.id, OCORE_PURCHASE_SENT, line.quantity.amount, 0, sku, site};
        place_of(self, sku, site, 0)->incoming += line.quantity.amount;
        self->model.purchase_count++;
}

/* After goods came in or a queue was served: every order must have got what the queue says. */
static void check_queue(
        house_run *self, int sku, int64_t expected, int64_t gets[HOUSE_ORDERS][HOUSE_LINES])
{
        int64_t got = 0;

        for (int i = 0; i < self->model.order_count; i++) {
                house_order *order = &self->model.orders[i];
                int64_t waited[HOUSE_LINES];

                for (int n = 0; n < order->line_count; n++)
                        waited[n] = order->lines[n].backordered;
                house_learn(self, i, 0);
                for (int n = 0; n < order->line_count; n++) {
                        int64_t filled = waited[n] - order->lines[n].backordered;

                        if (order->lines[n].sku != sku && filled && !self->disturbed)
                                house_check(self, "another product's queue was served");
                        if (order->lines[n].sku != sku)
                                continue;
                        got += filled;
                        if (filled != gets[i][n] && !self->disturbed)
                                fail_msg("operation %lld: line %d of order %d got %lld from the "
                                         "queue of %s, not %lld",
                                        (long long)self->operation, n + 1, i, (long long)filled,
                                        house_skus[sku], (long long)gets[i][n]);
                }
        }
        if (got != expected && !self->disturbed)
                house_check(self, "the queue did not get what was there");
        self->filled += got;
}

static void receive_purchase(house_run *self)
{
        static int64_t gets[HOUSE_ORDERS][HOUSE_LINES];
        int n = house_recent(self, self->model.purchase_count);
        house_purchase *purchase = n < 0 ? NULL : &self->model.purchases[n];
        int64_t left = purchase ? purchase->ordered - purchase->received : 0;
        ocore_purchase_receive_line line = {.number = 1};
        ocore_purchase_receive_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .close = house_below(self, 4) == 0,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        house_place *place;
        int64_t quantity, can_give[HOUSE_SITES] = {0};

        if (!purchase)
                return;
        quantity = 1 + house_below(self, 12);
        place = place_of(self, purchase->sku, purchase->site, 0);
        line.quantity.amount = quantity;
        request.purchase_id = purchase->id;
        if (!house_command(self, "purchase.receive", &request,
                    purchase->state == OCORE_PURCHASE_CLOSED || quantity > left ? REFUSED : GOOD))
                return;
        left = purchase->ordered - purchase->received;
        purchase->received += quantity;
        place->incoming -= quantity;
        place->available += quantity;
        if (request.close) {
                place->incoming -= left - quantity;
                purchase->ordered = purchase->received;
        }
        purchase->state = purchase->received == purchase->ordered ? OCORE_PURCHASE_CLOSED
                                                                  : OCORE_PURCHASE_RECEIVING;
        /* What comes in serves the queue within the fences that orders obey. */
        can_give[purchase->site] =
                self->model.closed[purchase->site]
                        ? 0
                        : house_free_at(&self->model, purchase->sku, purchase->site);
        if (can_give[purchase->site] > quantity)
                can_give[purchase->site] = quantity;
        check_queue(self, purchase->sku, house_serve(&self->model, purchase->sku, can_give, gets),
                gets);
}

static void serve_queue(house_run *self)
{
        static int64_t gets[HOUSE_ORDERS][HOUSE_LINES];
        int sku = (int)house_below(self, HOUSE_GOODS);
        int64_t free_at[HOUSE_SITES];
        const ocore_promise_run_request request = {.struct_size = sizeof request,
                .id = house_id(self),
                .sku = house_text(house_skus, sku)};

        house_command(self, "promise.run", &request, GOOD);
        for (int site = 0; site < HOUSE_SITES; site++)
                free_at[site] =
                        self->model.closed[site] ? 0 : house_free_at(&self->model, sku, site);
        check_queue(self, sku, house_serve(&self->model, sku, free_at, gets), gets);
}

const house_action house_goods_actions[] = {
        {receive, 8},
        {adjust, 4},
        {damage, 3},
        {count, 3},
        {send, 4},
        {arrive, 5},
        {set_safety, 2},
        {open_or_close, 1},
        {place_hold, 6},
        {change_hold, 5},
        {pass_time, 6},
        {buy, 4},
        {receive_purchase, 5},
        {serve_queue, 3},
        {NULL, 0},
};

const house_action house_short_actions[] = {
        {receive, 6},
        {adjust, 4},
        {damage, 4},
        {arrive, 4},
        {set_safety, 2},
        {change_hold, 4},
        {receive_purchase, 4},
        {serve_queue, 4},
        {NULL, 0},
};
