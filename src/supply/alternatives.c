/*
 * How a product can be had that is short: at once from one site or several, another product in its
 * place, a part of it, or all of it later. For shops that offer more than "sold out".
 */
#include "supply.h"

#include "engine/procedure.h"

enum { SUBSTITUTES_MAX = 20 };

static const ocore_choice kinds[] = {
        {"whole", OCORE_ALTERNATIVE_WHOLE},
        {"sites", OCORE_ALTERNATIVE_SITES},
        {"partial", OCORE_ALTERNATIVE_PARTIAL},
        {"later", OCORE_ALTERNATIVE_LATER},
        {"substitute", OCORE_ALTERNATIVE_SUBSTITUTE},
        {NULL, 0},
};
static const ocore_field request_fields[] = {
        OCORE__FIELD_CODE(
                ocore_alternative_request, sku, OCORE_FIELD_REQUIRED, "which product; goods"),
        OCORE__FIELD(ocore_alternative_request, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much, above zero"),
        OCORE__FIELD_CODE(
                ocore_alternative_request, site, 0, "the site one would like; default any"),
        OCORE__FIELD_CODE(ocore_alternative_request, channel, 0,
                "whose safety stock counts; default the general one"),
};
const ocore_record ocore__product_alternatives_request =
        OCORE__RECORD("product_alternatives", ocore_alternative_request, request_fields, 0);

static const ocore_field alternative_fields[] = {
        OCORE__FIELD_OF(ocore_alternative, kind, CHOICE, 0, kinds, "which way out"),
        OCORE__FIELD(ocore_alternative, sku, TEXT, 0, "which product"),
        OCORE__FIELD(ocore_alternative, site, TEXT, 0, "from which site; empty: several"),
        OCORE__FIELD(ocore_alternative, quantity, UNITS, 0, "how much"),
        OCORE__FIELD(ocore_alternative, at_us, TIME, 0, "when"),
};
static const ocore_record alternative_record =
        OCORE__RECORD("alternative", ocore_alternative, alternative_fields, 0);
static const ocore_field list_fields[] = {
        OCORE__FIELD(ocore_alternative_list, scale, INTEGER, OCORE_FIELD_SCALE,
                "decimals of the quantities"),
        OCORE__FIELD_OF(ocore_alternative_list, alternatives, ROWS, 0, &alternative_record,
                "whole, from several sites, substitutes, partial, later"),
};
const ocore_record ocore__alternative_list_record =
        OCORE__RECORD("alternative_list", ocore_alternative_list, list_fields, 0);

typedef struct looking {
        ocore__work *work;
        const ocore_alternative_request *request;
        ocore__availability view;
        const ocore_site *const *sites; /* the one that is liked first, then by priority */
        size_t site_count;
        int64_t quantity;
        ocore__asked *asked[SUBSTITUTES_MAX]; /* the substitutes, by preference */
        size_t asked_count;
        const ocore_alternative **rows;
        size_t count;
} looking;

static int add(
        looking *self, int64_t kind, ocore_str sku, ocore_str site, int64_t quantity, int64_t at_us)
{
        ocore_alternative *row = ocore__arena_take(self->work->arena, sizeof *row);

        if (!row)
                return OCORE_NOMEM;
        *row = (ocore_alternative){kind, sku, site, quantity, at_us};
        self->rows[self->count++] = row;
        return OCORE_OK;
}

/* The site that is liked goes before the others. */
static int order_sites(looking *self)
{
        ocore__arena *arena = self->work->arena;
        const ocore_site *const *open;
        const ocore_site **sites;
        size_t count, at = 0;
        int status = ocore__sites_in_order(self->work, self->view.sites, &open, &count);

        if (status)
                return status;
        sites = ocore__arena_zero(arena, count + 1, sizeof *sites);
        /* Each site may have all of it; each substitute, and four ways more. */
        self->rows = ocore__arena_zero(arena, count + SUBSTITUTES_MAX + 4, sizeof *self->rows);
        if (!sites || !self->rows)
                return OCORE_NOMEM;
        for (int liked = 1; liked >= 0; liked--) {
                for (size_t i = 0; i < count; i++)
                        if (ocore_str_equal(open[i]->site, self->request->site) == liked)
                                sites[at++] = open[i];
        }
        self->sites = sites;
        self->site_count = at;
        return OCORE_OK;
}

/* The first site that has all of it; the site with anything where it is the only one (*only). */
static const ocore_site *whole_site(
        const looking *self, const ocore__asked *asked, const ocore_site **only)
{
        const ocore_site *some = NULL;
        size_t having = 0;

        for (size_t i = 0; i < self->site_count; i++) {
                ocore_str site = self->sites[i]->site;
                int64_t free = ocore__availability_at(&self->view, asked, site).available;

                if (free >= self->quantity)
                        return self->sites[i];
                if (free > 0) {
                        some = self->sites[i];
                        having++;
                }
        }
        if (only)
                *only = having == 1 ? some : NULL;
        return NULL;
}

/* All of it now: from each site that has it, else from several together. */
static int add_whole(looking *self, const ocore__asked *asked, int64_t free)
{
        const ocore_str sku = self->request->sku;
        const int64_t now_us = self->work->now_us;
        int status = OCORE_OK;

        for (size_t i = 0; i < self->site_count && !status; i++) {
                ocore_str site = self->sites[i]->site;

                if (ocore__availability_at(&self->view, asked, site).available >= self->quantity)
                        status = add(
                                self, OCORE_ALTERNATIVE_WHOLE, sku, site, self->quantity, now_us);
        }
        if (!status && !self->count && free >= self->quantity)
                status = add(
                        self, OCORE_ALTERNATIVE_SITES, sku, (ocore_str){0}, self->quantity, now_us);
        return status;
}

/* A product in its place, where all of it is there now. */
static int add_substitute(looking *self, const ocore__asked *asked, ocore_str sku)
{
        const ocore_site *site;

        if (!asked->product ||
                ocore__availability_at(&self->view, asked, (ocore_str){0}).available <
                        self->quantity)
                return OCORE_OK;
        site = whole_site(self, asked, NULL);
        return add(self, OCORE_ALTERNATIVE_SUBSTITUTE, sku, site ? site->site : (ocore_str){0},
                self->quantity, self->work->now_us);
}

static int ask_substitutes(looking *self, const ocore__group *substitutes)
{
        int status = OCORE_OK;

        for (ocore__entry *at = ocore__first(substitutes);
                at && self->asked_count < SUBSTITUTES_MAX && !status; at = ocore__next(at))
                status = ocore__availability_ask(&self->view,
                        ((const ocore_substitute *)ocore__row(at))->substitute,
                        &self->asked[self->asked_count++]);
        return status;
}

static int add_substitutes(looking *self, const ocore__group *substitutes)
{
        const ocore__entry *at = ocore__first(substitutes);
        int status = OCORE_OK;

        for (size_t i = 0; i < self->asked_count && !status; i++, at = ocore__next(at))
                status = add_substitute(self, self->asked[i],
                        ((const ocore_substitute *)ocore__row(at))->substitute);
        return status;
}

/* What is there of it now, and when all of it can be had. */
static int add_rest(looking *self, const ocore__asked *asked, int64_t free)
{
        const ocore_product *product = asked->product;
        const ocore_site *only = NULL;
        int64_t shelf = ocore__supply_on_shelf(&self->view, asked, (ocore_str){0});
        int64_t later_us = self->work->now_us;
        int status = OCORE_OK;

        if (free >= self->quantity)
                return OCORE_OK;
        if (free > 0) {
                (void)whole_site(self, asked, &only);
                status = add(self, OCORE_ALTERNATIVE_PARTIAL, self->request->sku,
                        only ? only->site : (ocore_str){0}, free, self->work->now_us);
        }
        if (!status && shelf < self->quantity)
                status = ocore__supply_ahead(&self->view, asked, (ocore_str){0},
                        self->quantity - shelf, self->work->now_us, &later_us);
        if (status || !later_us)
                return status;
        if (later_us < product->release_us)
                later_us = product->release_us;
        return add(self, OCORE_ALTERNATIVE_LATER, self->request->sku, (ocore_str){0},
                self->quantity, later_us);
}

static int check_product(looking *self, const ocore__asked *asked)
{
        const ocore_alternative_request *request = self->request;

        if (!asked->product)
                return ocore__refuse(self->work, OCORE_NOT_FOUND, "sku",
                        "there is no product \"%t\"", &request->sku);
        if (asked->product->kind != OCORE_PRODUCT_GOODS)
                return ocore__refuse(self->work, OCORE_INVALID, "sku",
                        "\"%t\" is no goods; of a bundle ask for its parts", &request->sku);
        if (request->site.size && !ocore__site_find(self->view.sites, request->site))
                return ocore__refuse(self->work, OCORE_NOT_FOUND, "site", "there is no site \"%t\"",
                        &request->site);
        return ocore__product_units(
                self->work, asked->product->scale, request->quantity, "quantity", &self->quantity);
}

/* Substitutes are only read where the product says that it has some. */
static int read_all(looking *self, ocore__asked **asked, ocore__group **substitutes)
{
        const ocore_alternative_request *request = self->request;
        ocore__work *work = self->work;
        const ocore_product *product;
        int status = ocore__availability_begin(
                &self->view, work, request->channel, 1 + SUBSTITUTES_MAX, 0);

        if (!status)
                status = ocore__availability_ask(&self->view, request->sku, asked);
        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        product = ocore__only((*asked)->products);
        if (product && (product->related & OCORE_RELATED_SUBSTITUTES)) {
                status = ocore__want(work, &ocore__substitute_table, ocore__cell_text(request->sku),
                        substitutes);
                if (!status)
                        status = ocore__fetch(work);
                if (!status)
                        status = ask_substitutes(self, *substitutes);
        }
        return status ? status : ocore__availability_read(&self->view);
}

static int product_alternatives(ocore__work *work, const void *args, const void **answer)
{
        looking self = {.work = work, .request = args};
        ocore_alternative_list *out = ocore__arena_zero(work->arena, 1, sizeof *out);
        ocore__group *substitutes = NULL;
        ocore__asked *asked = NULL;
        int64_t free = 0;
        int status = out ? read_all(&self, &asked, &substitutes) : OCORE_NOMEM;

        if (!status)
                status = check_product(&self, asked);
        if (!status)
                status = order_sites(&self);
        if (status)
                return status;
        free = ocore__availability_at(&self.view, asked, (ocore_str){0}).available;
        status = add_whole(&self, asked, free);
        if (!status && substitutes)
                status = add_substitutes(&self, substitutes);
        if (!status)
                status = add_rest(&self, asked, free);
        out->scale = asked->product->scale;
        out->alternatives = self.rows;
        out->alternative_count = self.count;
        *answer = out;
        return status;
}

const ocore__procedure ocore__product_alternatives = {&ocore__product_alternatives_request,
        &ocore__alternative_list_record, product_alternatives, 0};
OCORE__PUBLIC(ocore_product_alternatives, ocore_alternative_request, ocore_alternative_list,
        ocore__product_alternatives)
