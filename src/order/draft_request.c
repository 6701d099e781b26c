/* What verify, quote, save and place are asked: one description of a draft. */
#include "draft.h"

static const ocore_choice short_actions[] = {
        {"default", 0},
        {"refuse", OCORE_SHORT_REFUSE},
        {"backorder", OCORE_SHORT_BACKORDER},
        {NULL, 0},
};

static const ocore_field line_fields[] = {
        OCORE__FIELD_CODE(ocore_draft_line, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD(ocore_draft_line, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much, in the product's unit"),
        OCORE__FIELD(ocore_draft_line, unit_price, MONEY, OCORE_FIELD_NOT_NEGATIVE,
                "of one whole unit; default: the list price"),
        OCORE__FIELD(
                ocore_draft_line, discount, MONEY, OCORE_FIELD_NOT_NEGATIVE, "taken off the line"),
        OCORE__FIELD(ocore_draft_line, discount_ppm, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "or a part of it: 0 to 1000000 parts per million"),
        OCORE__FIELD_CODE(ocore_draft_line, site, 0, "only from this site"),
        OCORE__FIELD_CODE(ocore_draft_line, lot, 0, "only of this lot or serial"),
        OCORE__FIELD(ocore_draft_line, together, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "lines with the same number above 0 come from one site"),
        OCORE__FIELD(ocore_draft_line, min_life_us, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "how long its lots must still keep, in microseconds; default: as the product says"),
        OCORE__FIELD(ocore_draft_line, substitutes, BOOLEAN, 0,
                "when it is short, a substitute that has all of it is sent at this line's price"),
};
static const ocore_record line_record =
        OCORE__RECORD("draft_line", ocore_draft_line, line_fields, 0);

static const ocore_field site_fields[] = {
        OCORE__FIELD_CODE(ocore_site_wish, site, OCORE_FIELD_REQUIRED, "which site"),
        OCORE__FIELD(ocore_site_wish, excluded, BOOLEAN, 0,
                "nothing may come from there; default: it is preferred"),
};
static const ocore_record site_record =
        OCORE__RECORD("draft_site", ocore_site_wish, site_fields, 0);

#define FREE(member, note) OCORE__FIELD(ocore_order_draft, member, TEXT, OCORE_FIELD_FREE, note)
#define TEXT(member, note) OCORE__FIELD(ocore_order_draft, member, TEXT, 0, note)
#define CODE(member, note) OCORE__FIELD_CODE(ocore_order_draft, member, 0, note)
#define CHOICE(member, of, note) OCORE__FIELD_OF(ocore_order_draft, member, CHOICE, 0, of, note)
#define FLAG(member, note) OCORE__FIELD(ocore_order_draft, member, BOOLEAN, 0, note)
#define NUMBER(member, kind, note)                                                                 \
        OCORE__FIELD(ocore_order_draft, member, kind, OCORE_FIELD_NOT_NEGATIVE, note)
static const ocore_field draft_fields[] = {
        OCORE__FIELD(ocore_order_draft, id, ID, 0,
                "the retry key, made by you; a new order gets it as its id"),
        OCORE__FIELD(ocore_order_draft, order_id, ID, 0,
                "the saved draft that this corrects or places; default: a new order"),
        CODE(number, "readable number, unique"),
        CODE(channel, "where it comes from"),
        CODE(customer, "your customer number"),
        OCORE__FIELD_UP_TO(
                ocore_order_draft, currency, TEXT, OCORE_FIELD_CURRENCY, 3, "needed: ISO 4217"),
        CHOICE(tax_mode, ocore__tax_modes, "how tax stands in prices; default inclusive"),
        CHOICE(rounding, ocore__rounding_modes, "how amounts are rounded; default half_up"),
        CHOICE(rounding_level, ocore__rounding_levels, "where tax is rounded; default line"),
        CHOICE(strategy, ocore__allocation_strategies,
                "how sites are chosen; default: as the channel says"),
        OCORE__FIELD(ocore_order_draft, hold_id, ID, 0, "a hold to take the stock from"),
        FREE(ship_name, "consignee"),
        FREE(ship_street, "street and house"),
        FREE(ship_city, "city"),
        CODE(ship_postcode, "postcode"),
        OCORE__FIELD_UP_TO(ocore_order_draft, ship_country, TEXT, 0, 2,
                "ISO 3166-1 alpha-2; needed for shipping and for taxed products"),
        TEXT(email, "for the customer's mail"),
        CODE(phone, "for the carrier"),
        CODE(shipping_option, "code of the option chosen; default: no shipping"),
        CODE(purchase_order, "the customer's own number for it"),
        OCORE__FIELD_UP_TO(ocore_order_draft, note, TEXT, OCORE_FIELD_FREE | OCORE_FIELD_LINES,
                1000, "free text"),
        OCORE__FIELD(ocore_order_draft, discount, MONEY, OCORE_FIELD_NOT_NEGATIVE,
                "taken off the goods of the whole order"),
        OCORE__FIELD(ocore_order_draft, discount_ppm, INTEGER, OCORE_FIELD_NOT_NEGATIVE,
                "or a part of them: 0 to 1000000 parts per million"),
        OCORE__FIELD_OF(ocore_order_draft, lines, ITEMS, 0, &line_record,
                "needed, unless a saved draft is placed as it is"),
        CHOICE(short_action, short_actions,
                "what happens when something is short; default: as channel and product say"),
        FLAG(no_split, "one site for the whole order"),
        FLAG(ship_complete, "our own sites ship nothing before all of theirs can go"),
        NUMBER(priority, INTEGER, "of what it waits for: higher is filled first"),
        NUMBER(wanted_us, TIME, "when the customer wants it; default: as soon as can be"),
        FLAG(ship_located, "the coordinates count"),
        OCORE__FIELD(ocore_order_draft, ship_latitude_e7, INTEGER, 0,
                "of the consignee: degrees north × 10,000,000"),
        OCORE__FIELD(ocore_order_draft, ship_longitude_e7, INTEGER, 0, "degrees east × 10,000,000"),
        FLAG(in_hand, "the customer has the goods in hand, whatever the books say"),
        FLAG(hold_keep, "what the order does not take of the hold stays held"),
        OCORE__FIELD_OF(ocore_order_draft, sites, ITEMS, 0, &site_record,
                "preferred sites in order, and excluded ones; at most 100"),
};
/* One description; a record for each command, because a command row remembers which it was. */
const ocore_record ocore__order_verify_request =
        OCORE__RECORD("order_verify", ocore_order_draft, draft_fields, 0);
const ocore_record ocore__order_quote_request =
        OCORE__RECORD("order_quote", ocore_order_draft, draft_fields, 0);
const ocore_record ocore__order_save_request =
        OCORE__RECORD("order_save", ocore_order_draft, draft_fields, 0);
const ocore_record ocore__order_place_request =
        OCORE__RECORD("order_place", ocore_order_draft, draft_fields, 0);
