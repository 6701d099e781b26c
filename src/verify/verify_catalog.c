/*
 * The catalogue as far as stock rests on it: the names that all other walks look up, the parts of
 * bundles, substitutes, stock rules, and caps. A product says which of these tables have rows of
 * it, and what it does not say nobody reads (O5).
 */
#include "verify.h"

#include "base/hash.h"

static int take_product(ocore__verify *verify, const ocore__above *above)
{
        const ocore_product *product = above->row;
        const ocore__named named = {.name = product->sku,
                .kind = product->kind,
                .scale = product->scale,
                .tracking = product->tracking,
                .related = product->related};

        return ocore__name_add(verify, &verify->products, &named);
}

static int take_site(ocore__verify *verify, const ocore__above *above)
{
        const ocore__named named = {.name = ((const ocore_site *)above->row)->site};

        return ocore__name_add(verify, &verify->sites, &named);
}

static int take_supplier(ocore__verify *verify, const ocore__above *above)
{
        const ocore__named named = {.name = ((const ocore_supplier *)above->row)->supplier};

        return ocore__name_add(verify, &verify->suppliers, &named);
}

int ocore__check_goods(ocore__verify *verify, const char *invariant, const char *table,
        const char *subject, ocore_str sku, ocore_str site, int64_t scale)
{
        const ocore__named *product = ocore__name_find(&verify->products, sku);
        int status = OCORE_OK;

        if (!product)
                status = ocore__found(
                        verify, invariant, table, subject, "there is no product \"%t\"", &sku);
        else if (product->kind != OCORE_PRODUCT_GOODS)
                status =
                        ocore__found(verify, invariant, table, subject, "\"%t\" is no goods", &sku);
        else if (product->scale != scale)
                status = ocore__found(verify, invariant, table, subject,
                        "its scale is %d, that of the product %d", &scale, &product->scale);
        if (!status && site.size && !ocore__name_find(&verify->sites, site))
                status = ocore__found(
                        verify, invariant, table, subject, "there is no site \"%t\"", &site);
        return status;
}

/* The product that a row belongs to says that there are such rows. NULL: a finding, in *status. */
static ocore__named *owner_of(ocore__verify *verify, const char *table, const char *subject,
        ocore_str sku, int64_t bit, int *status)
{
        ocore__named *product = ocore__name_find(&verify->products, sku);

        *status = OCORE_OK;
        if (product)
                product->seen |= bit;
        if (product && (product->related & bit))
                return product;
        *status = ocore__found(verify, "O5", table, subject,
                product ? "\"%t\" does not say that it has such rows"
                        : "there is no product \"%t\"",
                &sku);
        return NULL;
}

static int take_part(ocore__verify *verify, const ocore__above *above)
{
        const ocore_bundle_part *part = above->row;
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%t %t", &part->sku, &part->part_sku);
        int status;
        const ocore__named *bundle =
                owner_of(verify, "bundle_part", subject, part->sku, OCORE_RELATED_PARTS, &status);

        if (!bundle)
                return status;
        if (bundle->kind != OCORE_PRODUCT_BUNDLE || part->quantity <= 0)
                return ocore__found(verify, "O2", "bundle_part", subject,
                        "%d of it are in \"%t\", or that is no bundle", &part->quantity,
                        &part->sku);
        return ocore__check_goods(
                verify, "O2", "bundle_part", subject, part->part_sku, (ocore_str){0}, part->scale);
}

static int take_substitute(ocore__verify *verify, const ocore__above *above)
{
        const ocore_substitute *row = above->row;
        char room[OCORE__SUBJECT_SIZE];
        const char *subject = ocore__subject(room, "%t %d", &row->sku, &row->rank);
        int status;
        const ocore__named *product = owner_of(
                verify, "substitute", subject, row->sku, OCORE_RELATED_SUBSTITUTES, &status);

        return product ? ocore__check_goods(verify, "O2", "substitute", subject, row->substitute,
                                 (ocore_str){0}, product->scale)
                       : status;
}

static int take_rule(ocore__verify *verify, const ocore__above *above)
{
        const ocore_stock_rule *rule = above->row;
        char room[OCORE__SUBJECT_SIZE];
        const char *subject =
                ocore__subject(room, "%t %t %t", &rule->sku, &rule->site, &rule->channel);
        int status;

        return owner_of(verify, "stock_rule", subject, rule->sku, OCORE_RELATED_RULES, &status)
                       ? ocore__check_goods(verify, "I2", "stock_rule", subject, rule->sku,
                                 rule->site, rule->scale)
                       : status;
}

static int same_quota(const void *entry, const void *key)
{
        const ocore__quota_proof *a = entry, *b = key;

        return a->kind == b->kind && ocore_str_equal(a->sku, b->sku) &&
               ocore_str_equal(a->channel, b->channel);
}

int ocore__quota_count(
        ocore__verify *verify, ocore_str sku, int64_t kind, ocore_str channel, int64_t units)
{
        const ocore__quota_proof key = {.sku = sku, .channel = channel, .kind = kind};
        uint64_t hash = ocore__hash(
                channel.data, channel.size, ocore__hash(sku.data, sku.size, (uint64_t)kind));
        ocore__quota_proof *quota = ocore__table_find(&verify->quotas, hash, same_quota, &key);

        if (!quota) {
                quota = ocore__arena_zero(&verify->arena, 1, sizeof *quota);
                if (!quota || ocore__arena_text(&verify->arena, sku, &quota->sku) ||
                        ocore__arena_text(&verify->arena, channel, &quota->channel) ||
                        ocore__table_add(verify, &verify->quotas, quota, hash))
                        return OCORE_NOMEM;
                quota->kind = kind;
        }
        quota->used = ocore__plus(quota->used, units);
        return OCORE_OK;
}

static int take_quota(ocore__verify *verify, const ocore__above *above)
{
        const ocore_quota *quota = above->row;
        char room[OCORE__SUBJECT_SIZE];
        const char *subject =
                ocore__subject(room, "%t %d %t", &quota->sku, &quota->kind, &quota->channel);
        int status;
        const ocore__named *product =
                owner_of(verify, "quota", subject, quota->sku, OCORE_RELATED_QUOTAS, &status);

        if (!product)
                return status;
        if (quota->scale != product->scale ||
                ocore__plus(quota->used, quota->remaining) != quota->cap)
                status = ocore__found(verify, "I6", "quota", subject,
                        "of %d are %d used and %d left, or its scale is not that of the product",
                        &quota->cap, &quota->used, &quota->remaining);
        return status ? status
                      : ocore__quota_count(
                                verify, quota->sku, quota->kind, quota->channel, quota->used);
}

/* What a product says that it has is there. */
static int check_related(ocore__verify *verify)
{
        int status = OCORE_OK;

        for (size_t i = 0; i < verify->products.slot_count && !status; i++) {
                const ocore__named *product = verify->products.slots[i];
                char room[OCORE__SUBJECT_SIZE];

                if (product && (product->related & ~product->seen))
                        status = ocore__found(verify, "O5", "product",
                                ocore__subject(room, "%t", &product->name),
                                "it says %d of what it has, there are rows for %d",
                                &product->related, &product->seen);
        }
        return status;
}

int ocore__verify_catalog(ocore__verify *verify)
{
        const struct {
                const ocore_table *table;
                int (*take)(ocore__verify *verify, const ocore__above *above);
        } walks[] = {
                {&ocore__product_table, take_product},
                {&ocore__site_table, take_site},
                {&ocore__supplier_table, take_supplier},
                {&ocore__bundle_part_table, take_part},
                {&ocore__substitute_table, take_substitute},
                {&ocore__stock_rule_table, take_rule},
                {&ocore__quota_table, take_quota},
        };
        int status = OCORE_OK;

        for (size_t i = 0; i < sizeof walks / sizeof walks[0] && !status; i++)
                status = ocore__each_row(verify, walks[i].table, NULL, NULL, walks[i].take);
        return status ? status : check_related(verify);
}
