/*
 * Proves that ocore_verify() names what is broken in supply: counts, transfers, lots and serial
 * numbers, supplies and what orders were promised of them, purchase orders, bundles, caps and what
 * a product says it has. One row at a time is damaged past the library in a house where something
 * of each kind is under way; see planted.h.
 */
#include "planted.h"

#include "life_steps.h"
#include "stores.h"

#define PIECES(n)                                                                                  \
        {                                                                                          \
                n, 0, 0                                                                            \
        }
#define CAN_US (START_US + 90 * DAY_US) /* when the only lot of cans expires */
#define PEN_US (START_US + 80 * DAY_US) /* and the only pen */

static const ocore_supplier_request supplier = {
        sizeof supplier, ID(1), T("ACME"), T("Acme"), 3 * DAY_US, 0, T("")};
static const ocore_site_request sites[] = {
        {.struct_size = sizeof sites[0], .id = ID(2), .site = T("EAST"), .priority = 1},
        {.struct_size = sizeof sites[0], .id = ID(3), .site = T("WEST"), .priority = 2},
};
#define PRODUCT(n, code, ...)                                                                      \
        {                                                                                          \
                .struct_size = sizeof(ocore_product_request), .id = ID(n), .sku = T(code),         \
                .name = T(code), __VA_ARGS__                                                       \
        }
static const ocore_product_request products[] = {
        PRODUCT(4, "BOX", .short_action = OCORE_SHORT_BACKORDER, .supplier = T("ACME")),
        PRODUCT(5, "CAN", .tracking = OCORE_TRACKING_LOT),
        PRODUCT(6, "PEN", .tracking = OCORE_TRACKING_SERIAL),
        PRODUCT(7, "SET", .kind = OCORE_PRODUCT_BUNDLE),
        PRODUCT(8, "ALT", .kind = 0),
        PRODUCT(14, "OAK", .short_action = OCORE_SHORT_MAKE_TO_ORDER),
};
static const ocore_bundle_part_request parts[] = {{T("BOX"), PIECES(2)}, {T("CAN"), PIECES(1)}};
static const ocore_bundle_request set = {sizeof set, ID(9), T("SET"), LINES(parts)};
static const ocore_substitute_item instead[] = {{T("ALT")}};
static const ocore_substitute_request substitutes = {
        sizeof substitutes, ID(10), T("PEN"), LINES(instead)};
static const ocore_stock_rule_request rule = {.struct_size = sizeof rule,
        .id = ID(11),
        .sku = T("BOX"),
        .site = T("WEST"),
        .below_zero = 1};
static const ocore_quota_request cap = {.struct_size = sizeof cap,
        .id = ID(12),
        .sku = T("BOX"),
        .kind = OCORE_QUOTA_SALE,
        .channel = T("web"),
        .cap = PIECES(60)};
static const ocore_stock_line goods_in[] = {
        {.sku = T("BOX"), .site = T("EAST"), .quantity = PIECES(12)},
        {T("CAN"), T("EAST"), T("C1"), PIECES(6), CAN_US},
        {T("PEN"), T("EAST"), T("S-1"), PIECES(1), PEN_US},
};
static const ocore_stock_request receive = {sizeof receive, ID(13), T(""), LINES(goods_in)};

/* One count found a box more, another is open. */
static const ocore_count_open_request counts[] = {
        {sizeof counts[0], ID(20), T("EAST"), 0, T("cycle")},
        {sizeof counts[0], ID(21), T("EAST"), 1, T("cycle")},
};
static const ocore_count_enter_line counted[] = {{T("BOX"), T(""), PIECES(13), T("")}};
static const ocore_count_enter_request entries[] = {
        {sizeof entries[0], ID(22), ID(20), LINES(counted)},
        {sizeof entries[0], ID(23), ID(21), LINES(counted)},
};
static const ocore_count_end_request close_count = {sizeof close_count, ID(24), ID(20)};

/* Of three boxes two are under way; of two cans one is lost. */
static const ocore_transfer_ship_line boxes_out[] = {{T("BOX"), T(""), PIECES(3)}};
static const ocore_transfer_ship_line cans_out[] = {{T("CAN"), T("C1"), PIECES(2)}};
static const ocore_transfer_ship_request sent[] = {
        {sizeof sent[0], ID(30), T("EAST"), T("WEST"), START_US + 2 * DAY_US, T(""),
                LINES(boxes_out)},
        {sizeof sent[0], ID(31), T("EAST"), T("WEST"), 0, T(""), LINES(cans_out)},
};
static const ocore_transfer_receive_line one_came[] = {{1, PIECES(1)}};
static const ocore_transfer_receive_request arrivals[] = {
        {sizeof arrivals[0], ID(32), ID(30), 0, LINES(one_came)},
        {sizeof arrivals[0], ID(33), ID(31), 1, LINES(one_came)},
};

/* A bundle that arrived, and came back. */
static const ocore_draft_line one_set[] = {
        {.sku = T("SET"), .quantity = PIECES(1), .unit_price = EUR(3000)}};
static const ocore_draft_line boxes[] = {
        {.sku = T("BOX"), .quantity = PIECES(12), .unit_price = EUR(1000)}};
static const ocore_draft_line in_hand[] = {
        {.sku = T("BOX"), .quantity = PIECES(2), .unit_price = EUR(1000), .site = T("WEST")}};
static const ocore_order_draft drafts[] = {
        {.struct_size = sizeof drafts[0],
                .id = ID(40),
                .currency = T("EUR"),
                .lines = one_set,
                .line_count = 1,
                .line_stride = sizeof one_set[0]},
        {.struct_size = sizeof drafts[0],
                .id = ID(41),
                .currency = T("EUR"),
                .channel = T("web"),
                .priority = 3,
                .lines = boxes,
                .line_count = 1,
                .line_stride = sizeof boxes[0]},
        {.struct_size = sizeof drafts[0],
                .id = ID(42),
                .currency = T("EUR"),
                .in_hand = 1,
                .lines = in_hand,
                .line_count = 1,
                .line_stride = sizeof in_hand[0]},
};

/* A table is made for an order. */
static const ocore_draft_line one_oak[] = {
        {.sku = T("OAK"), .quantity = PIECES(1), .unit_price = EUR(9000)}};
static const ocore_order_draft made = {.struct_size = sizeof made,
        .id = ID(61),
        .currency = T("EUR"),
        .lines = one_oak,
        .line_count = 1,
        .line_stride = sizeof one_oak[0]};
static const ocore_purchase_arrange_request arrange = {sizeof arrange, ID(62), ID(61), T("EAST")};
static const ocore_order_confirm_request confirm = {sizeof confirm, ID(43), ID(40)};
static const ocore_fulfillment_request release = {
        .struct_size = sizeof release, .id = ID(44), .order_id = ID(40), .site = T("EAST")};
static const ocore_fulfillment_step_request pick = {sizeof pick, ID(45), ID(44)};
static const ocore_fulfillment_pack_request pack = {sizeof pack, ID(46), ID(44), 1};
static const ocore_fulfillment_ship_request ship = {
        sizeof ship, ID(47), ID(44), T("Post"), T("RR1")};
static const ocore_fulfillment_step_request deliver = {sizeof deliver, ID(48), ID(44)};
static const ocore_return_draft_line set_back[] = {{.line = 1, .quantity = PIECES(1)}};
static const ocore_return_draft back = {
        .struct_size = sizeof back, .id = ID(49), .order_id = ID(40), LINES(set_back)};

/* One purchase is under way, one drawn up, one over; one box is made for stock. */
static const ocore_purchase_request_line wanted[] = {{T("BOX"), PIECES(10), START_US + 4 * DAY_US}};
static const ocore_purchase_request_line few[] = {{T("BOX"), PIECES(1), START_US + 9 * DAY_US}};
static const ocore_purchase_request proposals[] = {
        {sizeof proposals[0], ID(50), 0, T("ACME"), T("EAST"), LINES(wanted)},
        {sizeof proposals[0], ID(51), 0, T("ACME"), T("EAST"), LINES(few)},
        {sizeof proposals[0], ID(52), 0, T("ACME"), T("EAST"), LINES(few)},
        {sizeof proposals[0], ID(53), OCORE_PURCHASE_PRODUCTION, T(""), T("WEST"), LINES(few)},
};
static const ocore_purchase_step_request sends[] = {
        {sizeof sends[0], ID(54), ID(50), T("")},
        {sizeof sends[0], ID(55), ID(52), T("")},
        {sizeof sends[0], ID(56), ID(53), T("")},
};
static const ocore_purchase_receive_request come = {
        sizeof come, ID(57), ID(52), 0, T(""), NULL, 0, 0};
static const ocore_hold_request_line one_can[] = {{T("CAN"), PIECES(1)}};
static const ocore_hold_request hold = {.struct_size = sizeof hold,
        .id = ID(60),
        .expires_us = START_US + 90 * DAY_US,
        .lines = one_can,
        .line_count = 1,
        .line_stride = sizeof one_can[0]};

static const struct life_call steps[] = {
        {"supplier.put", &supplier},
        {"site.put", &sites[0]},
        {"site.put", &sites[1]},
        {"product.put", &products[0]},
        {"product.put", &products[1]},
        {"product.put", &products[2]},
        {"product.put", &products[3]},
        {"product.put", &products[4]},
        {"product.put", &products[5]},
        {"bundle.put", &set},
        {"substitute.put", &substitutes},
        {"stock_rule.put", &rule},
        {"quota.put", &cap},
        {"stock.receive", &receive},
        {"count.open", &counts[0]},
        {"count.enter", &entries[0]},
        {"count.close", &close_count},
        {"count.open", &counts[1]},
        {"count.enter", &entries[1]},
        {"transfer.ship", &sent[0]},
        {"transfer.receive", &arrivals[0]},
        {"transfer.ship", &sent[1]},
        {"transfer.receive", &arrivals[1]},
        {"order.place", &drafts[0]},
        {"order.confirm", &confirm},
        {"fulfillment.create", &release},
        {"fulfillment.pick", &pick},
        {"fulfillment.pack", &pack},
        {"fulfillment.ship", &ship},
        {"fulfillment.deliver", &deliver},
        {"return.request", &back},
        {"purchase.propose", &proposals[0]},
        {"purchase.propose", &proposals[1]},
        {"purchase.propose", &proposals[2]},
        {"purchase.propose", &proposals[3]},
        {"purchase.send", &sends[0]},
        {"purchase.send", &sends[1]},
        {"purchase.send", &sends[2]},
        {"order.place", &drafts[1]},
        {"order.place", &drafts[2]},
        {"purchase.receive", &come},
        {"hold.place", &hold},
        {"order.place", &made},
        {"purchase.arrange", &arrange},
};
static const life_book story = {steps, sizeof steps / sizeof steps[0], NULL};

static const plant plants[] = {
        /* Stock: of the boxes in the east first. */
        {"I5", "stock", NULL, 0, ADD, "incoming", 1},
        {"I2", "stock", NULL, 0, ADD, "incoming", 1},
        {"I5", "stock", NULL, 0, ADD, "in_transit", 1},
        {"I2", "stock", NULL, 0, ADD, "in_transit", 1},
        {"I2", "stock", NULL, 0, ADD, "oversold", 1},
        {"I2", "stock", "oversold", 2, ADD, "oversold", -1},
        {"I1", "stock", "oversold", 2, ADD, "available", 1},
        {"D3", "stock", NULL, 0, SET, "oversold", -1},
        {"I3", "stock", NULL, 0, SET, "expires_us", 5},
        {"I3", "stock", NULL, 0, SET, "recalled_us", 5},
        {"I3", "stock", "expires_us", CAN_US, ADD, "expires_us", 1},
        {"I3", "stock", "expires_us", CAN_US, SET, "recalled_us", 5},
        {"I3", "stock", "expires_us", PEN_US, ADD, "available", 1},
        {"I3", "stock", "expires_us", PEN_US, ADD, "in_transit", 1},
        {"I5", "stock_move", "to_bucket", OCORE_ACCOUNT_TRANSFER, ADD, "quantity", 1},
        {"I5", "stock_move", "from_bucket", OCORE_ACCOUNT_TRANSFER, ADD, "quantity", 1},
        {"I5", "stock_move", "from_bucket", OCORE_BUCKET_IN_TRANSIT, ADD, "quantity", 1},
        {"I5", "stock_move", "to_bucket", OCORE_ACCOUNT_LOST, ADD, "quantity", 1},
        {"I5", "stock_move", "to_bucket", OCORE_ACCOUNT_LOST, SET_ID, "subject_id", 200},
        {"I2", "stock_move", "from_bucket", OCORE_ACCOUNT_COUNT, ADD, "quantity", 1},
        {"I2", "stock_move", "from_bucket", OCORE_ACCOUNT_COUNT, SET_ID, "subject_id", 200},
        {"I2", "stock_move", "from_bucket", OCORE_ACCOUNT_OVERSOLD, ADD, "quantity", 1},
        /* Counts. */
        {"I2", "stock_count", "state", OCORE_COUNT_CLOSED, SET, "state", OCORE_COUNT_OPEN},
        {"I2", "stock_count", "state", OCORE_COUNT_OPEN, SET, "state", OCORE_COUNT_CLOSED},
        {"I2", "stock_count", "state", OCORE_COUNT_CLOSED, SET, "closed_us", 0},
        {"I2", "stock_count", "state", OCORE_COUNT_OPEN, SET, "closed_us", 5},
        {"I2", "stock_count", NULL, 0, SET_TEXT, "site", 0},
        {"I2", "stock_count", NULL, 0, DELETE, NULL, 0},
        {"E1", "stock_count", NULL, 0, ADD, "event_count", 1},
        {"I2", "stock_count_line", NULL, 0, ADD, "counted", 1},
        {"I2", "stock_count_line", NULL, 0, ADD, "expected", 1},
        {"I2", "stock_count_line", NULL, 0, ADD, "variance", 1},
        {"I2", "stock_count_line", NULL, 0, ADD, "scale", 1},
        {"I2", "stock_count_line", NULL, 0, DELETE, NULL, 0},
        {"I2", "stock_count_line", NULL, 0, COPY, "count_id", 200},
        /* Transfers. */
        {"I5", "stock_transfer", "state", OCORE_TRANSFER_SHIPPED, SET, "state",
                OCORE_TRANSFER_CLOSED},
        {"I5", "stock_transfer", "state", OCORE_TRANSFER_CLOSED, SET, "closed_us", 0},
        {"I5", "stock_transfer", "state", OCORE_TRANSFER_SHIPPED, SET, "closed_us", 5},
        {"I5", "stock_transfer", NULL, 0, SET_TEXT, "from_site", 0},
        {"I5", "stock_transfer", NULL, 0, SET_TEXT, "to_site", 0},
        {"I5", "stock_transfer", "state", OCORE_TRANSFER_SHIPPED, SET, "due_us", 0},
        {"I5", "stock_transfer", NULL, 0, DELETE, NULL, 0},
        {"E1", "stock_transfer", NULL, 0, ADD, "event_count", 1},
        {"I5", "stock_transfer_line", NULL, 0, ADD, "quantity", 1},
        {"I5", "stock_transfer_line", NULL, 0, ADD, "received", 1},
        {"I5", "stock_transfer_line", NULL, 0, ADD, "received", 9},
        {"I5", "stock_transfer_line", NULL, 0, ADD, "lost", 1},
        {"I5", "stock_transfer_line", NULL, 0, SET_TEXT, "lot", 0},
        {"I2", "stock_transfer_line", NULL, 0, SET_TEXT, "sku", 0},
        {"I5", "stock_transfer_line", NULL, 0, COPY, "number", 3},
        {"I5", "stock_transfer_line", NULL, 0, DELETE, NULL, 0},
        /* Supplies, and what was promised of them. */
        {"I5", "supply", "source", OCORE_SOURCE_PURCHASE, ADD, "expected", 1},
        {"I5", "supply", "source", OCORE_SOURCE_TRANSFER, ADD, "expected", 1},
        {"I5", "supply", "source", OCORE_SOURCE_PRODUCTION, ADD, "expected", 1},
        {"I6", "supply", NULL, 0, ADD, "unpromised", 1},
        {"I6", "supply", NULL, 0, ADD, "unpromised", -1},
        {"I5", "supply", "source", OCORE_SOURCE_PURCHASE, SET, "source", OCORE_SOURCE_PRODUCTION},
        {"I5", "supply", "source", OCORE_SOURCE_PURCHASE, SET_TEXT, "site", 0},
        {"I5", "supply", NULL, 0, COPY, "number", 9},
        {"I5", "supply", "source", OCORE_SOURCE_PURCHASE, SET_ID, "order_id", 41},
        {"I5", "supply", "source", OCORE_SOURCE_TRANSFER, SET_ID, "order_id", 41},
        {"I5", "supply", "source", OCORE_SOURCE_PRODUCTION, ADD, "due_us", 1},
        {"I5", "supply", "source", OCORE_SOURCE_TRANSFER, ADD, "due_us", 1},
        {"I5", "supply", "source", OCORE_SOURCE_PURCHASE, DELETE, NULL, 0},
        {"I5", "supply", "source", OCORE_SOURCE_TRANSFER, DELETE, NULL, 0},
        {"I6", "backorder_peg", NULL, 0, ADD, "quantity", -1},
        {"I6", "backorder_peg", NULL, 0, ADD, "quantity", 90},
        {"I6", "backorder_peg", NULL, 0, COPY, "number", 9},
        {"I6", "backorder_peg", NULL, 0, COPY, "line", 9},
        {"O2", "backorder_peg", NULL, 0, COPY, "order_id", 200},
        {"I6", "backorder_peg", NULL, 0, DELETE, NULL, 0},
        {"O2", "backorder", NULL, 0, ADD, "quantity", 1},
        {"O2", "backorder", NULL, 0, SET, "quantity", 0},
        {"O2", "backorder", NULL, 0, SET_TEXT, "sku", 0},
        {"O2", "backorder", NULL, 0, COPY, "line", 9},
        {"O2", "backorder", NULL, 0, COPY, "order_id", 200},
        {"O2", "backorder", NULL, 0, DELETE, NULL, 0},
        {"I6", "backorder", NULL, 0, SET, "rank", 1},
        {"I6", "backorder", "rank", 0, SET, "rank", -1},
        {"I6", "backorder", NULL, 0, SET, "wanted_us", -1},
        {"I6", "backorder", NULL, 0, SET_ID, "purchase_id", 200},
        {"I6", "backorder", NULL, 0, SET_ID, "purchase_id", 50},
        {"I6", "backorder", "kind", OCORE_BACKORDER_SUPPLY, SET, "kind", OCORE_BACKORDER_PREORDER},
        {"I6", "backorder", "kind", OCORE_BACKORDER_MAKE_TO_ORDER, SET, "kind",
                OCORE_BACKORDER_DROP_SHIP},
        {"I6", "backorder", "kind", OCORE_BACKORDER_MAKE_TO_ORDER, SET, "kind",
                OCORE_BACKORDER_SUPPLY},
        {"I6", "backorder", "kind", OCORE_BACKORDER_MAKE_TO_ORDER, SET_ID, "purchase_id", 200},
        {"I6", "backorder", NULL, 0, ADD, "expected_us", 1},
        {"I6", "backorder", NULL, 0, SET, "expected_us", 0},
        {"I6", "supply", "source", OCORE_SOURCE_TRANSFER, ADD, "due_us", -1},
        {"I6", "supply", "source", OCORE_SOURCE_TRANSFER, SET, "due_us", 0},
        /* Purchase orders. */
        {"I5", "purchase", "state", OCORE_PURCHASE_SENT, SET, "state", OCORE_PURCHASE_CLOSED},
        {"I5", "purchase", "state", OCORE_PURCHASE_SENT, SET, "state", OCORE_PURCHASE_PROPOSED},
        {"I5", "purchase", "state", OCORE_PURCHASE_PROPOSED, SET, "state", OCORE_PURCHASE_SENT},
        {"I5", "purchase", "state", OCORE_PURCHASE_CLOSED, SET, "state", OCORE_PURCHASE_RECEIVING},
        {"I5", "purchase", "state", OCORE_PURCHASE_SENT, SET, "sent_us", 0},
        {"I5", "purchase", "state", OCORE_PURCHASE_SENT, SET_TEXT, "site", 0},
        {"I5", "purchase", "state", OCORE_PURCHASE_SENT, SET, "kind", OCORE_PURCHASE_DROP_SHIP},
        {"I5", "purchase", NULL, 0, DELETE, NULL, 0},
        {"E1", "purchase", NULL, 0, ADD, "event_count", 1},
        {"I5", "purchase", "kind", OCORE_PURCHASE_STOCK, SET_TEXT, "supplier", 0},
        {"I5", "purchase", "kind", OCORE_PURCHASE_PRODUCTION, SET_TEXT, "supplier", 0},
        {"I5", "purchase", "kind", OCORE_PURCHASE_PRODUCTION, SET, "kind", OCORE_PURCHASE_STOCK},
        {"I5", "purchase", "kind", OCORE_PURCHASE_STOCK, SET_ID, "order_id", 41},
        {"I5", "purchase", "kind", OCORE_PURCHASE_STOCK, SET_ID, "order_id", 200},
        {"I5", "purchase", "state", OCORE_PURCHASE_SENT, SET, "state", OCORE_PURCHASE_RECEIVING},
        {"I5", "purchase", "state", OCORE_PURCHASE_CLOSED, SET, "state", OCORE_PURCHASE_CANCELLED},
        {"I5", "purchase", "state", OCORE_PURCHASE_CLOSED, SET, "closed_us", 0},
        {"I5", "purchase", "state", OCORE_PURCHASE_SENT, SET, "closed_us", 5},
        {"I5", "purchase_line", "order_line", 1, SET, "order_line", 9},
        {"I5", "purchase_line", "order_line", 1, SET, "order_line", 0},
        {"I5", "purchase_line", "order_line", 0, SET, "order_line", 1},
        {"I5", "purchase_line", "order_line", 0, ADD, "due_us", 1},
        {"I5", "purchase_line", NULL, 0, ADD, "quantity", 1},
        {"I5", "purchase_line", NULL, 0, ADD, "received", 1},
        {"I2", "purchase_line", NULL, 0, SET_TEXT, "sku", 0},
        {"I5", "purchase_line", NULL, 0, COPY, "number", 3},
        {"I5", "purchase_line", NULL, 0, COPY, "purchase_id", 200},
        {"I5", "purchase_line", NULL, 0, DELETE, NULL, 0},
        /* Orders: what they wait for, bundles, caps, wishes, lots that came back. */
        {"O2", "order_line", "capped", 12, ADD, "backordered", 1},
        {"I6", "order_line", "capped", 12, ADD, "capped", -1},
        {"I6", "order_line", "capped", 12, ADD, "capped", 1},
        {"I6", "order_line", "capped", 12, SET, "preordered", 1},
        {"O2", "order_line", "kind", OCORE_PRODUCT_BUNDLE, ADD, "performed", -1},
        {"O2", "order_line", "kind", OCORE_PRODUCT_BUNDLE, ADD, "quantity", 1},
        {"O2", "order_line", "parent", 1, ADD, "per_parent", 1},
        {"O2", "order_line", "parent", 1, SET, "per_parent", 0},
        {"O2", "order_line", "parent", 1, SET, "parent", 77},
        {"O2", "order_line", "parent", 1, SET, "parent", 2},
        {"O2", "order_line", "parent", 1, ADD, "cancelled", 1},
        {"O2", "sales_order", "wishes", 1, SET, "wishes", 0},
        {"O2", "order_sourcing", NULL, 0, DELETE, NULL, 0},
        {"O2", "order_sourcing", NULL, 0, COPY, "order_id", 200},
        {"RT1", "allocation", "returned", 1, SET, "returned", 0},
        {"RT1", "allocation", "delivered", 0, ADD, "returned", 1},
        /* What the catalogue says. */
        {"I6", "quota", NULL, 0, ADD, "used", 1},
        {"I6", "quota", NULL, 0, ADD, "cap", 1},
        {"I6", "quota", NULL, 0, ADD, "scale", 1},
        {"I6", "quota", NULL, 0, DELETE, NULL, 0},
        {"O5", "product", "related", OCORE_RELATED_PARTS, SET, "related", 0},
        {"O5", "product", "related", OCORE_RELATED_SUBSTITUTES, SET, "related", 0},
        {"O5", "product", "related", OCORE_RELATED_RULES + OCORE_RELATED_QUOTAS, SET, "related",
                OCORE_RELATED_RULES},
        {"O5", "product", "related", OCORE_RELATED_RULES + OCORE_RELATED_QUOTAS, SET, "related",
                OCORE_RELATED_QUOTAS},
        {"O5", "product", "related", 0, SET, "related", OCORE_RELATED_PARTS},
        {"O5", "product", "related", 0, SET, "related", OCORE_RELATED_SUBSTITUTES},
        {"O5", "product", "related", 0, SET, "related", OCORE_RELATED_RULES},
        {"O5", "product", "related", 0, SET, "related", OCORE_RELATED_QUOTAS},
        {"O5", "product", "related", 0, SET, "related", 1024},
        {"O5", "substitute", NULL, 0, DELETE, NULL, 0},
        {"O5", "stock_rule", NULL, 0, DELETE, NULL, 0},
        {"O5", "quota", NULL, 0, DELETE, NULL, 0},
        {"O2", "bundle_part", NULL, 0, SET, "quantity", 0},
        {"O2", "bundle_part", NULL, 0, ADD, "scale", 1},
        {"O2", "substitute", NULL, 0, SET_TEXT, "substitute", 0},
        {"I2", "stock_rule", NULL, 0, ADD, "scale", 1},
        /* Holds are found by what they hold, in order. */
        {"I4", "hold_line", NULL, 0, SET_TEXT, "held_sku", 0},
        {"I4", "hold_line", NULL, 0, SET, "priority", 3},
        {"I4", "hold_line", NULL, 0, ADD, "rank", 1},
        {"I4", "hold_line", NULL, 0, SET, "quantity", 0},
        {"E1", "hold", NULL, 0, ADD, "event_count", 1},
        /* Telling. */
        {"E1", "event", "kind", OCORE_EVENT_COUNT_CLOSED, DELETE, NULL, 0},
        {"E1", "event", "kind", OCORE_EVENT_TRANSFER_RECEIVED, DELETE, NULL, 0},
        {"E1", "event", "kind", OCORE_EVENT_PURCHASE_SENT, DELETE, NULL, 0},
        {"E1", "event", "kind", OCORE_EVENT_BACKORDER_FILLED, DELETE, NULL, 0},
        {"I4", "event", "kind", OCORE_EVENT_HOLD_PLACED, SET, "kind", OCORE_EVENT_HOLD_CONVERTED},
};

typedef struct world {
        life life;
        ocore_store store;
        ocore_core *core;
} world;

static void world_begin(world *self)
{
        ocore_config config = {0};
        int status;

        test_store_open(NULL, &self->store);
        life_begin_with(&self->life, &story);
        life_connect(&self->life, &config);
        config.store = self->store;
        assert_int_equal(ocore_open(&config, &self->core), OCORE_OK);
        status = life_run(&self->life, self->core);
        if (status)
                fail_msg("%s: %d %.*s", life_step_name(&self->life, self->life.step), status,
                        (int)ocore_last_error(self->core)->message.size,
                        ocore_last_error(self->core)->message.data);
}

static void world_end(world *self)
{
        ocore_close(self->core);
        ocore_store_close(self->store);
        life_finish(&self->life);
}

static void each_damage_is_named(void **state)
{
        int missed = 0;

        (void)state;
        for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
                world self;

                world_begin(&self);
                missed += !planted_is_named(self.core, &self.store, &plants[i], i);
                world_end(&self);
        }
        assert_int_equal(missed, 0);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(each_damage_is_named),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
