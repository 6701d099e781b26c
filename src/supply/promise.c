/*
 * What can be promised over time: available-to-promise by period, and the first date on which a
 * quantity can be had.
 */
#include "supply.h"

#include "engine/procedure.h"

enum { PERIODS_DEFAULT = 14, PERIODS_MAX = 400 };
#define DAY_US INT64_C(86400000000)

static const ocore_field request_fields[] = {
        OCORE__FIELD_CODE(ocore_promise_request, sku, OCORE_FIELD_REQUIRED, "which product; goods"),
        OCORE__FIELD_CODE(ocore_promise_request, site, 0, "only there; default: at all open sites"),
        OCORE__FIELD(ocore_promise_request, quantity, QUANTITY, OCORE_FIELD_NOT_NEGATIVE,
                "how much is wanted; default: only the table"),
        OCORE__FIELD(ocore_promise_request, from_us, TIME, OCORE_FIELD_NOT_NEGATIVE,
                "start of the first period; default now"),
        OCORE__FIELD(ocore_promise_request, period_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "length of a period in microseconds; default a day"),
        OCORE__FIELD(ocore_promise_request, periods, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how many, 1 to 400; default 14"),
        OCORE__FIELD(ocore_promise_request, past_due_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how late a supply may be and still count; default: none counts"),
        OCORE__FIELD(ocore_promise_request, demand_fence_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "demand beyond this from now is not looked at; default: all is"),
        OCORE__FIELD(ocore_promise_request, supply_fence_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "from this time from now on supply is unlimited; default: never"),
};
const ocore_record ocore__promise_ask_request =
        OCORE__RECORD("promise_ask", ocore_promise_request, request_fields, 0);

static const ocore_field period_fields[] = {
        OCORE__FIELD(ocore_promise_period, from_us, TIME, 0, "its start"),
        OCORE__FIELD(ocore_promise_period, supply, UNITS, 0,
                "what comes in it; in the first one also what is there"),
        OCORE__FIELD(ocore_promise_period, demand, UNITS, 0, "what orders wait for in it"),
        OCORE__FIELD(ocore_promise_period, available, UNITS, 0,
                "what is left after later demand; below zero: not covered"),
        OCORE__FIELD(ocore_promise_period, cumulative, UNITS, 0, "what is free up to here"),
};
static const ocore_record period_record =
        OCORE__RECORD("promise_period", ocore_promise_period, period_fields, 0);
static const ocore_field promise_fields[] = {
        OCORE__FIELD(ocore_promise, sku, TEXT, 0, "which product"),
        OCORE__FIELD(
                ocore_promise, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        OCORE__FIELD(ocore_promise, now, UNITS, 0, "how much of what is wanted is there now"),
        OCORE__FIELD(ocore_promise, complete_us, TIME, OCORE_FIELD_NULLABLE,
                "when all of what is wanted can be had"),
        OCORE__FIELD_OF(ocore_promise, periods, ROWS, 0, &period_record, "one after the other"),
};
const ocore_record ocore__promise_record =
        OCORE__RECORD("promise", ocore_promise, promise_fields, 0);

/* A question with its defaults filled in. */
typedef struct asking {
        ocore__work *work;
        const ocore_promise_request *request;
        ocore__availability view;
        ocore__asked *asked;
        int64_t quantity;
        int64_t from_us, period_us;
        size_t periods;
        int64_t oldest_us;       /* supplies that were due before are not believed */
        int64_t demand_until_us; /* demand from then on is not looked at */
        int64_t supply_from_us;  /* supply is unlimited from then on; INT64_MAX: never */
        int64_t *supply;
        int64_t *demand;
} asking;

static int64_t later_by(int64_t at_us, int64_t by_us)
{
        int64_t sum = 0;

        return ocore__add(at_us, by_us, &sum) ? INT64_MAX : sum;
}

static int prepare(asking *self)
{
        const ocore_promise_request *request = self->request;
        ocore__work *work = self->work;
        int64_t span = 0;

        if (request->periods > PERIODS_MAX)
                return ocore__refuse(work, OCORE_LIMIT, "periods",
                        "at most 400 periods are allowed; make them longer");
        self->periods = request->periods ? (size_t)request->periods : PERIODS_DEFAULT;
        self->period_us = request->period_us ? request->period_us : DAY_US;
        self->from_us = request->from_us ? request->from_us : work->now_us;
        if (ocore__multiply(self->period_us, (int64_t)self->periods, &span) ||
                ocore__add(self->from_us, span, &span))
                return ocore__refuse(work, OCORE_OVERFLOW, "period_us",
                        "the last period would end beyond all time; make them shorter");
        self->oldest_us =
                work->now_us > request->past_due_us ? work->now_us - request->past_due_us : 0;
        self->demand_until_us = request->demand_fence_us
                                        ? later_by(work->now_us, request->demand_fence_us)
                                        : INT64_MAX;
        self->supply_from_us = request->supply_fence_us
                                       ? later_by(work->now_us, request->supply_fence_us)
                                       : INT64_MAX;
        self->supply = ocore__arena_zero(work->arena, self->periods, sizeof *self->supply);
        self->demand = ocore__arena_zero(work->arena, self->periods, sizeof *self->demand);
        return self->supply && self->demand ? OCORE_OK : OCORE_NOMEM;
}

static int read_product(asking *self)
{
        const ocore_promise_request *request = self->request;
        ocore__work *work = self->work;
        int status = ocore__availability_begin(&self->view, work, (ocore_str){0}, 1, 0);

        if (!status)
                status = ocore__availability_ask(&self->view, request->sku, &self->asked);
        if (!status)
                status = ocore__availability_read(&self->view);
        if (status)
                return status;
        if (!self->asked->product)
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "sku", "there is no product \"%t\"", &request->sku);
        if (self->asked->product->kind != OCORE_PRODUCT_GOODS)
                return ocore__refuse(work, OCORE_INVALID, "sku",
                        "\"%t\" is no goods; of a bundle ask for its parts", &request->sku);
        if (request->site.size &&
                !ocore__availability_at(&self->view, self->asked, request->site).known)
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "site", "there is no site \"%t\"", &request->site);
        return ocore__product_units(
                work, self->asked->product->scale, request->quantity, "quantity", &self->quantity);
}

static int refuse_sum(ocore__work *work)
{
        return ocore__refuse(work, OCORE_OVERFLOW, "sku",
                "what is expected or wanted in a period does not fit 64 bits");
}

/* Adds to the period of a time; what is overdue belongs to the first one. */
static int add_at(asking *self, int64_t *sums, int64_t at_us, int64_t quantity)
{
        int64_t since = at_us > self->from_us ? at_us - self->from_us : 0;
        int64_t period = since / self->period_us;

        if (period >= (int64_t)self->periods)
                return OCORE_OK;
        return ocore__add(sums[period], quantity, &sums[period]) ? refuse_sum(self->work)
                                                                 : OCORE_OK;
}

/* Everything that is expected; of a single site also what is promised of it, as demand there. */
static int add_supplies(asking *self)
{
        ocore__entry *at = self->asked->supplies ? ocore__first(self->asked->supplies) : NULL;
        int status = OCORE_OK;

        for (; at && !status; at = ocore__next(at)) {
                const ocore_supply *row = ocore__row(at);
                int64_t promised = 0;

                if (!ocore__supply_counts(&self->view, row, self->request->site, self->oldest_us))
                        continue;
                status = add_at(self, self->supply, row->due_us, row->expected);
                if (status || !self->request->site.size || row->due_us >= self->demand_until_us)
                        continue;
                status = ocore__subtract(row->expected, row->unpromised, &promised)
                                 ? refuse_sum(self->work)
                                 : add_at(self, self->demand, row->due_us, promised);
        }
        return status;
}

/* When an order wants what it waits for, else when it expects it, else now. */
static int add_backorder(void *user_data, const void *row, int64_t revision)
{
        asking *self = user_data;
        const ocore_backorder *one = row;
        int64_t at_us = one->wanted_us ? one->wanted_us : one->expected_us;

        (void)revision;
        if (one->kind == OCORE_BACKORDER_DROP_SHIP || one->kind == OCORE_BACKORDER_MAKE_TO_ORDER ||
                at_us >= self->demand_until_us)
                return OCORE_OK;
        return add_at(self, self->demand, at_us, one->quantity);
}

/* The queue belongs to no site, so that it only counts where all are asked. */
static int add_queue(asking *self)
{
        const ocore_cell sku = ocore__cell_text(self->request->sku);
        const ocore__scan scan = {.table = &ocore__backorder_table,
                .index = OCORE__BACKORDER_QUEUE,
                .prefix = &sku,
                .prefix_count = 1};

        return self->request->site.size ? OCORE_OK
                                        : ocore__scan_rows(self->work->core, self->work->arena,
                                                  &scan, 0, add_backorder, self);
}

/* Beyond the supply fence what lacks can be ordered. */
static void lift_fence(asking *self)
{
        for (size_t i = 0; i < self->periods; i++) {
                int64_t from_us = self->from_us + (int64_t)i * self->period_us;

                if (from_us >= self->supply_from_us && self->supply[i] < self->demand[i])
                        self->supply[i] = self->demand[i];
        }
}

static int make_table(asking *self, ocore_promise *out)
{
        ocore__arena *arena = self->work->arena;
        ocore_promise_period *periods = ocore__arena_zero(arena, self->periods, sizeof *periods);
        const ocore_promise_period **rows = ocore__arena_zero(arena, self->periods, sizeof *rows);
        int64_t *available = ocore__arena_zero(arena, self->periods, sizeof *available);
        int64_t *cumulative = ocore__arena_zero(arena, self->periods, sizeof *cumulative);

        if (!periods || !rows || !available || !cumulative)
                return OCORE_NOMEM;
        if (ocore_promise_periods(self->supply, self->demand, self->periods, available, cumulative))
                return refuse_sum(self->work);
        for (size_t i = 0; i < self->periods; i++) {
                periods[i] = (ocore_promise_period){self->from_us + (int64_t)i * self->period_us,
                        self->supply[i], self->demand[i], available[i], cumulative[i]};
                rows[i] = &periods[i];
        }
        out->periods = rows;
        out->period_count = self->periods;
        return OCORE_OK;
}

/* When all of it can be had: now, else with what nobody is promised, else with what can be ordered;
 * never before the product is released. */
static int find_date(asking *self, int64_t shelf, ocore_promise *out)
{
        const ocore_product *product = self->asked->product;
        int status = OCORE_OK;

        if (self->quantity == 0)
                return OCORE_OK;
        if (product->release_us <= self->work->now_us)
                out->now = shelf < self->quantity ? shelf : self->quantity;
        if (shelf >= self->quantity)
                out->complete_us = self->work->now_us;
        else
                status = ocore__supply_ahead(&self->view, self->asked, self->request->site,
                        self->quantity - shelf, self->oldest_us, &out->complete_us);
        if (self->supply_from_us != INT64_MAX &&
                (!out->complete_us || out->complete_us > self->supply_from_us))
                out->complete_us = self->supply_from_us;
        if (out->complete_us && out->complete_us < product->release_us)
                out->complete_us = product->release_us;
        return status;
}

static int promise_ask(ocore__work *work, const void *args, const void **answer)
{
        asking self = {.work = work, .request = args};
        ocore_promise *out = ocore__arena_zero(work->arena, 1, sizeof *out);
        int64_t shelf = 0;
        int status = out ? prepare(&self) : OCORE_NOMEM;

        if (!status)
                status = read_product(&self);
        if (status)
                return status;
        out->sku = self.request->sku;
        out->scale = self.asked->product->scale;
        shelf = ocore__supply_on_shelf(&self.view, self.asked, self.request->site);
        self.supply[0] = shelf;
        status = add_supplies(&self);
        if (!status)
                status = add_queue(&self);
        if (status)
                return status;
        lift_fence(&self);
        status = make_table(&self, out);
        if (!status)
                status = find_date(&self, shelf, out);
        *answer = out;
        return status;
}

const ocore__procedure ocore__promise_ask = {
        &ocore__promise_ask_request, &ocore__promise_record, promise_ask, OCORE__DIRECT};
OCORE__PUBLIC(ocore_promise_ask, ocore_promise_request, ocore_promise, ocore__promise_ask)
