/* Rules for the stock of a product: what is left at its sites, whether it may be sold below zero,
 * and caps on what is ordered. They are covered by the product: setting one rewrites it. */
#include "inventory.h"

#include "engine/procedure.h"

static const ocore_field rule_put_fields[] = {
        OCORE__FIELD_KEY(ocore_stock_rule_request),
        OCORE__FIELD_CODE(
                ocore_stock_rule_request, sku, OCORE_FIELD_REQUIRED, "which product; goods"),
        OCORE__FIELD_CODE(ocore_stock_rule_request, site, 0, "at which site; default: at each"),
        OCORE__FIELD_CODE(
                ocore_stock_rule_request, channel, 0, "for which channel; default: for each"),
        OCORE__FIELD(ocore_stock_rule_request, safety, QUANTITY, OCORE_FIELD_NOT_NEGATIVE,
                "what is left at each site: orders and holds do not take it"),
        OCORE__FIELD(ocore_stock_rule_request, below_zero, BOOLEAN, 0,
                "goods in the customer's hand may be sold though the books have none"),
};
const ocore_record ocore__stock_rule_put_request =
        OCORE__RECORD("stock_rule_put", ocore_stock_rule_request, rule_put_fields, 0);

static const ocore_field quota_put_fields[] = {
        OCORE__FIELD_KEY(ocore_quota_request),
        OCORE__FIELD_CODE(
                ocore_quota_request, sku, OCORE_FIELD_REQUIRED, "which product; goods or a bundle"),
        OCORE__FIELD_OF(ocore_quota_request, kind, CHOICE, OCORE_FIELD_REQUIRED, ocore__quota_kinds,
                "what it counts"),
        OCORE__FIELD_CODE(ocore_quota_request, channel, 0,
                "which channel; needed for a sale, empty for a preorder"),
        OCORE__FIELD(ocore_quota_request, cap, QUANTITY, OCORE_FIELD_NOT_NEGATIVE,
                "most units; not below what is ordered"),
};
const ocore_record ocore__quota_put_request =
        OCORE__RECORD("quota_put", ocore_quota_request, quota_put_fields, 0);

static const ocore_field key_fields[] = {
        OCORE__FIELD_CODE(ocore_product_key, sku, OCORE_FIELD_REQUIRED, "which product"),
};
const ocore_record ocore__stock_rule_list_request =
        OCORE__RECORD("stock_rule_key", ocore_product_key, key_fields, 0);
const ocore_record ocore__quota_list_request =
        OCORE__RECORD("quota_key", ocore_product_key, key_fields, 0);

static const ocore_field rule_list_fields[] = {
        OCORE__FIELD_OF(ocore_stock_rule_list, rules, ROWS, 0, &ocore__stock_rule_record,
                "by site, then channel"),
};
const ocore_record ocore__stock_rule_list_record =
        OCORE__RECORD("stock_rule_list", ocore_stock_rule_list, rule_list_fields, 0);
static const ocore_field quota_list_fields[] = {
        OCORE__FIELD_OF(
                ocore_quota_list, quotas, ROWS, 0, &ocore__quota_record, "by kind, then channel"),
};
const ocore_record ocore__quota_list_record =
        OCORE__RECORD("quota_list", ocore_quota_list, quota_list_fields, 0);

/* A product with the rows of one table that it covers. */
typedef struct policy_view {
        ocore__group *products;
        ocore__group *rows;
} policy_view;

static int want_view(ocore__work *work, const ocore_table *table, ocore_str sku, policy_view *out)
{
        int status =
                ocore__want(work, &ocore__product_table, ocore__cell_text(sku), &out->products);

        return status ? status : ocore__want(work, table, ocore__cell_text(sku), &out->rows);
}

/* The product that is to have a rule; `bundles`: it may be one. */
static int find_product(ocore__work *work, const policy_view *view, ocore_str sku, int bundles,
        const ocore_product **out)
{
        const ocore_product *product = ocore__only(view->products);

        *out = product;
        if (!product)
                return ocore__refuse(work, OCORE_NOT_FOUND, "sku",
                        "there is no product \"%t\"; put it first", &sku);
        if (product->kind == OCORE_PRODUCT_GOODS ||
                (bundles && product->kind == OCORE_PRODUCT_BUNDLE))
                return OCORE_OK;
        return ocore__refuse(work, OCORE_INVALID, "sku",
                bundles ? "\"%t\" is neither goods nor a bundle; name one that is"
                        : "\"%t\" is no goods and has no stock; name a product of goods",
                &sku);
}

/* The product says that it has such rows; and its revision moves, by which those know who decided
 * by the old ones. */
static void relate(ocore__work *work, const policy_view *view, int64_t related)
{
        ocore_product *product = ocore__edit(work, ocore__first(view->products));

        if (!product)
                return;
        product->related |= related;
        ocore__event(work, work->id, 1, OCORE_EVENT_CATALOG_CHANGED, product->sku);
}

static int rule_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_stock_rule_request *request = args;
        ocore_stock_rule rule = {.sku = request->sku,
                .site = request->site,
                .channel = request->channel,
                .below_zero = request->below_zero};
        const ocore_product *product;
        ocore__group *policy, *sites;
        policy_view view;
        int status = ocore__consult_policy(work, &policy);

        if (!status)
                status = ocore__consult(work, &ocore__site_table, ocore__cell_none(), &sites);
        if (!status)
                status = want_view(work, &ocore__stock_rule_table, request->sku, &view);
        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = find_product(work, &view, request->sku, 0, &product);
        if (status)
                return status;
        if (request->site.size) {
                if (!ocore__site_find(sites, request->site))
                        return ocore__refuse(work, OCORE_NOT_FOUND, "site",
                                "there is no site \"%t\"; put it first", &request->site);
                ocore__rely(work, ocore__first(policy));
        }
        rule.scale = product->scale;
        status =
                ocore__product_units(work, product->scale, request->safety, "safety", &rule.safety);
        if (status)
                return status;
        *answer = ocore__row_put(work, view.rows, &rule);
        relate(work, &view, OCORE_RELATED_RULES);
        return work->status;
}

static int quota_put(ocore__work *work, const void *args, const void **answer)
{
        const ocore_quota_request *request = args;
        ocore_quota quota = {
                .sku = request->sku, .kind = request->kind, .channel = request->channel};
        const ocore_product *product;
        const ocore_quota *old;
        ocore__entry *entry;
        policy_view view;
        int status = want_view(work, &ocore__quota_table, request->sku, &view);

        if (!status)
                status = ocore__fetch(work);
        if (!status)
                status = find_product(work, &view, request->sku, 1, &product);
        if (status)
                return status;
        if ((request->kind == OCORE_QUOTA_SALE) != (request->channel.size > 0))
                return ocore__refuse(work, OCORE_INVALID, "channel",
                        request->channel.size ? "must be empty: preorders have one cap for all"
                                              : "is needed; say whose sales are capped");
        quota.scale = product->scale;
        status = ocore__product_units(work, product->scale, request->cap, "cap", &quota.cap);
        if (status)
                return status;
        entry = ocore__quota_find(view.rows, quota.kind, quota.channel);
        old = entry ? ocore__row(entry) : NULL;
        quota.used = old ? old->used : 0;
        if (quota.cap < quota.used)
                return ocore__refuse(work, OCORE_STATE, "cap",
                        "%u are ordered already; give that or more", &quota.used, &quota.scale);
        quota.remaining = quota.cap - quota.used; /* both are zero or more */
        if (entry)
                ocore__exact(work, entry); /* the cap rests on what is ordered now */
        *answer = ocore__row_put(work, view.rows, &quota);
        relate(work, &view, OCORE_RELATED_QUOTAS);
        return work->status;
}

/* The rows of a product in `table`; they come by key. */
static int list_rows(ocore__work *work, const ocore_table *table, ocore_str sku,
        const void *const **out, size_t *count)
{
        policy_view view;
        int status = want_view(work, table, sku, &view);

        if (!status)
                status = ocore__fetch(work);
        if (status)
                return status;
        if (!ocore__only(view.products))
                return ocore__refuse(
                        work, OCORE_NOT_FOUND, "sku", "there is no product \"%t\"", &sku);
        return ocore__rows_of(work, view.rows, out, count);
}

static int rule_list(ocore__work *work, const void *args, const void **answer)
{
        const ocore_product_key *request = args;
        ocore_stock_rule_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        const void *const *rows;
        int status = list ? list_rows(work, &ocore__stock_rule_table, request->sku, &rows,
                                    &list->rule_count)
                          : OCORE_NOMEM;

        if (status)
                return status;
        list->rules = (const ocore_stock_rule *const *)rows;
        *answer = list;
        return OCORE_OK;
}

static int quota_list(ocore__work *work, const void *args, const void **answer)
{
        const ocore_product_key *request = args;
        ocore_quota_list *list = ocore__arena_zero(work->arena, 1, sizeof *list);
        const void *const *rows;
        int status =
                list ? list_rows(work, &ocore__quota_table, request->sku, &rows, &list->quota_count)
                     : OCORE_NOMEM;

        if (status)
                return status;
        list->quotas = (const ocore_quota *const *)rows;
        *answer = list;
        return OCORE_OK;
}

ocore__entry *ocore__quota_find(const ocore__group *quotas, int64_t kind, ocore_str channel)
{
        for (ocore__entry *entry = ocore__first(quotas); entry; entry = ocore__next(entry)) {
                const ocore_quota *quota = ocore__row(entry);

                if (quota->kind == kind && ocore_str_equal(quota->channel, channel))
                        return entry;
        }
        return NULL;
}

int ocore__quota_use(ocore__work *work, ocore__entry *entry, int64_t quantity)
{
        ocore_quota *quota = ocore__edit(work, entry);
        int64_t used, remaining;

        if (!quota)
                return work->status;
        if (quantity > 0 && quota->remaining < quantity)
                return OCORE_OUT_OF_STOCK;
        /* Who gives back more than is used was read before others gave it back. */
        if (ocore__add(quota->used, quantity, &used) ||
                ocore__subtract(quota->remaining, quantity, &remaining) || used < 0)
                return OCORE_CONFLICT;
        quota->used = used;
        quota->remaining = remaining;
        return OCORE_OK;
}

const ocore__procedure ocore__stock_rule_put = {
        &ocore__stock_rule_put_request, &ocore__stock_rule_record, rule_put, OCORE__COMMAND};
const ocore__procedure ocore__stock_rule_list = {
        &ocore__stock_rule_list_request, &ocore__stock_rule_list_record, rule_list, 0};
const ocore__procedure ocore__quota_put = {
        &ocore__quota_put_request, &ocore__quota_record, quota_put, OCORE__COMMAND};
const ocore__procedure ocore__quota_list = {
        &ocore__quota_list_request, &ocore__quota_list_record, quota_list, 0};

OCORE__PUBLIC(
        ocore_stock_rule_put, ocore_stock_rule_request, ocore_stock_rule, ocore__stock_rule_put)
OCORE__PUBLIC(
        ocore_stock_rule_list_of, ocore_product_key, ocore_stock_rule_list, ocore__stock_rule_list)
OCORE__PUBLIC(ocore_quota_put, ocore_quota_request, ocore_quota, ocore__quota_put)
OCORE__PUBLIC(ocore_quota_list_of, ocore_product_key, ocore_quota_list, ocore__quota_list)
