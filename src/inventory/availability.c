/*
 * How many can be had: one question about many products at many sites.
 *
 * What is free at a site are its lots that keep, less the safety stock; closed sites and those of
 * suppliers give nothing. A channel's cap is the most of all sites together, and so at each.
 * A bundle can be had as often as its scarcest part allows; its parts may come from several sites,
 * as an order's lines may, so over all sites the parts are counted together.
 *
 * A product is looked up once, however often it is asked for; what the core remembers is not read.
 */
#include "sourcing.h"

#include "engine/procedure.h"

static const ocore_field pair_fields[] = {
        OCORE__FIELD_CODE(
                ocore_availability_pair, sku, OCORE_FIELD_REQUIRED, "which product or bundle"),
        OCORE__FIELD_CODE(ocore_availability_pair, site, 0,
                "at which site; default: at all open ones together"),
};
static const ocore_record pair_record =
        OCORE__RECORD("availability_pair", ocore_availability_pair, pair_fields, 0);
static const ocore_field request_fields[] = {
        OCORE__FIELD_CODE(ocore_availability_request, channel, 0,
                "whose safety stock and caps count; default the general ones"),
        OCORE__FIELD_OF(ocore_availability_request, pairs, ITEMS, OCORE_FIELD_REQUIRED,
                &pair_record, "the questions"),
};
const ocore_record ocore__stock_availability_request =
        OCORE__RECORD("stock_availability", ocore_availability_request, request_fields, 0);

static const ocore_field available_fields[] = {
        OCORE__FIELD(ocore_available, sku, TEXT, 0, "as asked"),
        OCORE__FIELD(ocore_available, site, TEXT, 0, "as asked"),
        OCORE__FIELD(ocore_available, known, BOOLEAN, 0, "there is such a product and site"),
        OCORE__FIELD(
                ocore_available, scale, INTEGER, OCORE_FIELD_SCALE, "decimals of the quantities"),
        OCORE__FIELD(ocore_available, available, UNITS, 0, "free to promise now"),
        OCORE__FIELD(ocore_available, held, UNITS, 0, "under holds"),
        OCORE__FIELD(ocore_available, on_the_way, UNITS, 0, "expected and not yet promised"),
        OCORE__FIELD(ocore_available, next_us, TIME, OCORE_FIELD_NULLABLE,
                "when the first of it is expected"),
};
static const ocore_record available_record =
        OCORE__RECORD("available", ocore_available, available_fields, 0);
static const ocore_field list_fields[] = {
        OCORE__FIELD_OF(ocore_availability_list, available, ROWS, 0, &available_record,
                "one for each question, in their order"),
};
const ocore_record ocore__availability_list_record =
        OCORE__RECORD("availability_list", ocore_availability_list, list_fields, 0);

enum { WALKED_MAX = 32 }; /* rows of a product that are walked faster than cut into sites */

static void add_up(int64_t *sum, int64_t more)
{
        if (ocore__add(*sum, more, sum))
                *sum = INT64_MAX;
}

static int look(
        ocore__availability *self, const ocore_table *table, ocore_cell key, ocore__group **out)
{
        return self->remembered ? ocore__glance(self->work, table, key, out)
                                : ocore__want(self->work, table, key, out);
}

int ocore__availability_begin(ocore__availability *self, ocore__work *work, ocore_str channel,
        size_t products_max, int remembered)
{
        *self = (ocore__availability){.work = work,
                .channel = channel,
                .remembered = remembered,
                .asked = ocore__arena_take(work->arena, products_max * sizeof(ocore__asked))};
        return self->asked ? look(self, &ocore__site_table, ocore__cell_none(), &self->sites)
                           : OCORE_NOMEM;
}

static int ask_for(ocore__availability *self, ocore_str sku, ocore__asked *asked)
{
        return look(self, &ocore__stock_table, ocore__cell_text(sku), &asked->stock);
}

int ocore__availability_ask(ocore__availability *self, ocore_str sku, ocore__asked **out)
{
        ocore__group *products;
        ocore__asked *asked;
        int status = look(self, &ocore__product_table, ocore__cell_text(sku), &products);

        *out = NULL;
        if (status)
                return status;
        /* The group says where it stands, if it stands there (Briggs and Torczon, 1993). */
        if (products->scratch < self->asked_count) {
                asked = &self->asked[products->scratch];
                if (asked->products == products) {
                        *out = asked;
                        return OCORE_OK;
                }
        }
        products->scratch = self->asked_count;
        asked = &self->asked[self->asked_count++];
        *asked = (ocore__asked){.products = products};
        *out = asked;
        return ask_for(self, sku, asked);
}

static int is_expected(const ocore__group *stock)
{
        for (ocore__entry *entry = ocore__first(stock); entry; entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);

                if (row->incoming || row->in_transit)
                        return 1;
        }
        return 0;
}

/* The second look at a product: what few products have. Of a part neither caps nor supplies count:
 * what is sold is the bundle. */
static int want_more(ocore__availability *self, ocore__asked *asked, int is_part)
{
        ocore_cell sku;
        int64_t related;
        int status = OCORE_OK;

        asked->product = ocore__only(asked->products);
        if (!asked->product)
                return OCORE_OK;
        related = asked->product->related;
        sku = ocore__cell_text(asked->product->sku);
        if (related & OCORE_RELATED_RULES)
                status = look(self, &ocore__stock_rule_table, sku, &asked->rules);
        if (is_part)
                return status;
        if (!status && (related & OCORE_RELATED_QUOTAS) && self->channel.size)
                status = look(self, &ocore__quota_table, sku, &asked->quotas);
        if (!status && (related & OCORE_RELATED_PARTS))
                status = look(self, &ocore__bundle_part_table, sku, &asked->parts);
        if (!status && is_expected(asked->stock))
                status = look(self, &ocore__supply_table, sku, &asked->supplies);
        return status;
}

static int want_parts(ocore__availability *self, ocore__asked *asked)
{
        size_t count = ocore__count(asked->parts), i = 0;
        int status = OCORE_OK;

        asked->of_parts = ocore__arena_zero(self->work->arena, count + 1, sizeof *asked);
        if (!asked->of_parts)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(asked->parts); entry && !status;
                entry = ocore__next(entry), i++) {
                const ocore_bundle_part *part = ocore__row(entry);

                status = look(self, &ocore__product_table, ocore__cell_text(part->part_sku),
                        &asked->of_parts[i].products);
                if (!status)
                        status = ask_for(self, part->part_sku, &asked->of_parts[i]);
        }
        return status;
}

static int read_bundles(ocore__availability *self)
{
        int status = OCORE_OK, bundles = 0;

        for (size_t i = 0; i < self->asked_count && !status; i++)
                if (self->asked[i].parts) {
                        bundles = 1;
                        status = want_parts(self, &self->asked[i]);
                }
        if (!bundles || status)
                return status;
        status = ocore__fetch(self->work);
        for (size_t i = 0; i < self->asked_count && !status; i++) {
                size_t count = self->asked[i].parts ? ocore__count(self->asked[i].parts) : 0;

                for (size_t n = 0; n < count && !status; n++)
                        status = want_more(self, &self->asked[i].of_parts[n], 1);
        }
        return status ? status : ocore__fetch(self->work);
}

/* A product at many sites is asked for at many of them: where each begins is looked for once. */
static int cut_by_site(ocore__availability *self, ocore__asked *asked)
{
        ocore_str site = {0};

        if (!asked->stock || asked->stock->count <= WALKED_MAX)
                return OCORE_OK;
        asked->by_site =
                ocore__arena_take(self->work->arena, asked->stock->count * sizeof(ocore__entry *));
        if (!asked->by_site)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(asked->stock); entry; entry = ocore__next(entry)) {
                const ocore_stock *row = ocore__row(entry);

                if (asked->site_count && ocore_str_equal(row->site, site))
                        continue;
                site = row->site;
                asked->by_site[asked->site_count++] = entry;
        }
        return OCORE_OK;
}

static int cut_all(ocore__availability *self)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < self->asked_count && !status; i++) {
                ocore__asked *asked = &self->asked[i];
                size_t count = asked->parts ? ocore__count(asked->parts) : 0;

                status = cut_by_site(self, asked);
                for (size_t n = 0; n < count && !status; n++)
                        status = cut_by_site(self, &asked->of_parts[n]);
        }
        return status;
}

int ocore__availability_read(ocore__availability *self)
{
        int status = ocore__fetch(self->work);

        for (size_t i = 0; i < self->asked_count && !status; i++)
                status = want_more(self, &self->asked[i], 0);
        if (!status)
                status = ocore__fetch(self->work);
        if (!status)
                status = read_bundles(self);
        if (!status)
                status = cut_all(self);
        if (status)
                return status;
        self->by_code = ocore__arena_take(
                self->work->arena, (self->sites->count + 1) * sizeof(ocore_site *));
        if (!self->by_code)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(self->sites); entry; entry = ocore__next(entry))
                self->by_code[self->site_count++] = ocore__row(entry);
        return OCORE_OK;
}

/* Sites stand in the order of their codes. NULL: there is none. */
static const ocore_site *find_site(const ocore__availability *self, ocore_str code)
{
        size_t low = 0, high = self->site_count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;
                int order = ocore__str_compare(self->by_code[middle]->site, code);

                if (!order)
                        return self->by_code[middle];
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

static int gives(const ocore_site *site)
{
        return site && !site->closed && !site->supplier.size;
}

/* What a question about one site, or about all, comes to. */
typedef struct place {
        const ocore__availability *self;
        ocore_str site;         /* empty: all */
        const ocore_site *only; /* its row */
} place;

static int is_meant(const place *at, ocore_str site)
{
        return at->only ? ocore_str_equal(at->site, site) : gives(find_site(at->self, site));
}

/* The first row that a question may be about. */
static ocore__entry *begin_of(const place *at, const ocore__asked *asked)
{
        size_t low = 0, high = asked->site_count;

        if (!at->only || !asked->by_site)
                return ocore__first(asked->stock);
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                const ocore_stock *row = ocore__row(asked->by_site[middle]);
                int order = ocore__str_compare(row->site, at->site);

                if (!order)
                        return asked->by_site[middle];
                if (order < 0)
                        low = middle + 1;
                else
                        high = middle;
        }
        return NULL;
}

/* Rows come by site, then lot: one site's are summed, then the fence is taken off. */
static int64_t count_goods(const place *at, const ocore__asked *asked, int64_t *held)
{
        const ocore_product *product = asked->product;
        const int64_t now_us = at->self->work->now_us;
        ocore__entry *entry = product ? begin_of(at, asked) : NULL;
        int64_t sum = 0, keeps_until_us;

        if (!product || ocore__add(now_us, product->min_life_us, &keeps_until_us))
                keeps_until_us = INT64_MAX;
        while (entry) {
                const ocore_str site = ((const ocore_stock *)ocore__row(entry))->site;
                int meant = is_meant(at, site);
                int64_t here = 0;

                for (; entry; entry = ocore__next(entry)) {
                        const ocore_stock *row = ocore__row(entry);

                        if (!ocore_str_equal(row->site, site))
                                break;
                        if (!meant)
                                continue;
                        add_up(held, row->held);
                        if (ocore__lot_keeps(row, now_us, keeps_until_us))
                                add_up(&here, row->available);
                }
                if (!meant)
                        continue;
                if (asked->rules)
                        here -= ocore__stock_fence_of(asked->rules, site, at->self->channel).safety;
                if (here > 0)
                        add_up(&sum, here);
                if (at->only)
                        break;
        }
        return (at->only && !gives(at->only)) || !product || product->release_us > now_us ? 0 : sum;
}

/* At most what the channel's cap leaves. */
static int64_t capped(const ocore__availability *self, const ocore__asked *asked, int64_t available)
{
        const ocore__entry *quota =
                asked->quotas ? ocore__quota_find(asked->quotas, OCORE_QUOTA_SALE, self->channel)
                              : NULL;
        int64_t left = quota ? ((const ocore_quota *)ocore__row(quota))->remaining : available;

        return left < available ? left : available;
}

/* As many as the scarcest part allows. */
static int64_t count_bundles(const place *at, const ocore__asked *asked)
{
        int64_t least = INT64_MAX, held = 0;
        size_t i = 0;

        for (ocore__entry *entry = ocore__first(asked->parts); entry && least;
                entry = ocore__next(entry)) {
                const ocore_bundle_part *part = ocore__row(entry);
                int64_t whole = count_goods(at, &asked->of_parts[i++], &held);

                whole = part->quantity > 0 ? whole / part->quantity : 0;
                if (whole < least)
                        least = whole;
        }
        return i && asked->product->release_us <= at->self->work->now_us ? least : 0;
}

static void count_supplies(const place *at, const ocore__group *supplies, ocore__at_hand *out)
{
        for (ocore__entry *entry = ocore__first(supplies); entry; entry = ocore__next(entry)) {
                const ocore_supply *supply = ocore__row(entry);

                if (!supply->due_us || supply->unpromised <= 0 ||
                        !ocore__id_is_none(supply->order_id) || !is_meant(at, supply->site))
                        continue;
                add_up(&out->on_the_way, supply->unpromised);
                if (!out->next_us || supply->due_us < out->next_us)
                        out->next_us = supply->due_us;
        }
}

ocore__at_hand ocore__availability_at(
        const ocore__availability *self, const ocore__asked *asked, ocore_str site)
{
        const place at = {self, site, site.size ? find_site(self, site) : NULL};
        ocore__at_hand out = {0};

        if (!asked->product || (site.size && !at.only))
                return out;
        out.known = 1;
        if (asked->product->kind == OCORE_PRODUCT_GOODS)
                out.available = count_goods(&at, asked, &out.held);
        else if (asked->parts)
                out.available = count_bundles(&at, asked);
        out.available = capped(self, asked, out.available);
        if (asked->supplies)
                count_supplies(&at, asked->supplies, &out);
        return out;
}

/* The questions with the products they are about. Questions about one product mostly stand
 * together: then it is not even looked up again. */
static int ask_pairs(
        ocore__availability *view, const ocore_availability_request *request, ocore__asked **asked)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < request->pair_count && !status; i++) {
                ocore_str sku = request->pairs[i].sku;

                if (i && ocore_str_equal(sku, request->pairs[i - 1].sku))
                        asked[i] = asked[i - 1];
                else
                        status = ocore__availability_ask(view, sku, &asked[i]);
        }
        return status;
}

static int stock_availability(ocore__work *work, const void *args, const void **answer)
{
        const ocore_availability_request *request = args;
        size_t count = request->pair_count;
        ocore__asked **asked = ocore__arena_take(work->arena, count * sizeof(ocore__asked *));
        const ocore_available **list =
                ocore__arena_take(work->arena, count * sizeof(ocore_available *));
        ocore_available *rows = ocore__arena_take(work->arena, count * sizeof *rows);
        ocore_availability_list *out = ocore__arena_take(work->arena, sizeof *out);
        ocore__availability view;
        int status = asked && list && rows && out
                             ? ocore__availability_begin(&view, work, request->channel, count, 1)
                             : OCORE_NOMEM;

        if (!status)
                status = ask_pairs(&view, request, asked);
        if (!status)
                status = ocore__availability_read(&view);
        if (status)
                return status;
        for (size_t i = 0; i < count; i++) {
                const ocore_availability_pair *pair = &request->pairs[i];
                const ocore__at_hand at = ocore__availability_at(&view, asked[i], pair->site);

                rows[i] = (ocore_available){pair->sku, pair->site, at.known,
                        at.known ? asked[i]->product->scale : 0, at.available, at.held,
                        at.on_the_way, at.next_us};
                list[i] = &rows[i];
        }
        *out = (ocore_availability_list){list, count};
        *answer = out;
        return OCORE_OK;
}

const ocore__procedure ocore__stock_availability = {&ocore__stock_availability_request,
        &ocore__availability_list_record, stock_availability, 0};
OCORE__PUBLIC(ocore_stock_availability, ocore_availability_request, ocore_availability_list,
        ocore__stock_availability)
