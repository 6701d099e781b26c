/* The story of supply: lots and serial numbers, counts, transfers, holds that change hands,
 * bundles, orders that wait, purchases, drop shipment, things made to order, promises. */
#include "life_steps.h"

#include "base/hash.h"

/* The lines of a request whose other members are named. */
#define WITH(array)                                                                                \
        .lines = array, .line_count = sizeof array / sizeof array[0], .line_stride = sizeof array[0]
#define PIECES(n)                                                                                  \
        {                                                                                          \
                n, 0, 0                                                                            \
        }

static const ocore_supplier_request suppliers[] = {
        {sizeof suppliers[0], ID(1), T("ACME"), T("Acme"), 3 * DAY_US, 100000, T("")},
        {sizeof suppliers[0], ID(2), T("MAKER"), T("Maker"), 5 * DAY_US, 0, T("")},
};
static const ocore_site_request sites[] = {
        {.struct_size = sizeof sites[0],
                .id = ID(3),
                .site = T("EAST"),
                .country = T("DE"),
                .priority = 1,
                .located = 1,
                .latitude_e7 = 525200000,
                .longitude_e7 = 134050000},
        {.struct_size = sizeof sites[0],
                .id = ID(4),
                .site = T("WEST"),
                .country = T("DE"),
                .priority = 2,
                .located = 1,
                .latitude_e7 = 509375000,
                .longitude_e7 = 69603000},
        {.struct_size = sizeof sites[0],
                .id = ID(5),
                .site = T("MAKERS"),
                .country = T("DE"),
                .priority = 9,
                .supplier = T("MAKER")},
};
#define PRODUCT(n, code, ...)                                                                      \
        {                                                                                          \
                .struct_size = sizeof(ocore_product_request), .id = ID(n), .sku = T(code),         \
                .name = T(code), .weight_g = 500, __VA_ARGS__                                      \
        }
static const ocore_product_request products[] = {
        PRODUCT(6, "BOX", .short_action = OCORE_SHORT_BACKORDER, .supplier = T("ACME")),
        PRODUCT(7, "CAN", .tracking = OCORE_TRACKING_LOT, .min_life_us = DAY_US),
        PRODUCT(8, "PEN", .tracking = OCORE_TRACKING_SERIAL),
        PRODUCT(9, "SET", .kind = OCORE_PRODUCT_BUNDLE),
        PRODUCT(10, "TOY", .short_action = OCORE_SHORT_DROP_SHIP, .supplier = T("MAKER")),
        PRODUCT(11, "SUIT", .short_action = OCORE_SHORT_MAKE_TO_ORDER, .lead_us = 2 * DAY_US),
        PRODUCT(12, "NEXT", .short_action = OCORE_SHORT_BACKORDER,
                .release_us = START_US + 30 * DAY_US),
        PRODUCT(13, "ALT", .kind = 0),
};
static const ocore_bundle_part_request set_parts[] = {{T("BOX"), PIECES(2)}, {T("CAN"), PIECES(1)}};
static const ocore_bundle_request set = {sizeof set, ID(14), T("SET"), LINES(set_parts)};
static const ocore_substitute_item instead[] = {{T("ALT")}};
static const ocore_substitute_request substitutes = {
        sizeof substitutes, ID(15), T("PEN"), LINES(instead)};
static const ocore_stock_rule_request rule = {.struct_size = sizeof rule,
        .id = ID(16),
        .sku = T("BOX"),
        .site = T("WEST"),
        .safety = PIECES(1),
        .below_zero = 1};
static const ocore_quota_request caps[] = {
        {.struct_size = sizeof caps[0],
                .id = ID(17),
                .sku = T("BOX"),
                .kind = OCORE_QUOTA_SALE,
                .channel = T("web"),
                .cap = PIECES(60)},
        {.struct_size = sizeof caps[0],
                .id = ID(18),
                .sku = T("NEXT"),
                .kind = OCORE_QUOTA_PREORDER,
                .cap = PIECES(5)},
};
static const ocore_site_wish liked[] = {{T("EAST"), 0}};
static const ocore_channel_request channel = {.struct_size = sizeof channel,
        .id = ID(19),
        .channel = T("web"),
        .strategy = OCORE_ALLOCATE_LOWEST_COST,
        .currency = T("EUR"),
        .split_minor = 200,
        .late_day_minor = 10,
        .age_day_minor = 1,
        LINES(liked)};
static const ocore_site_cost_request costs[] = {
        {sizeof costs[0], ID(20), T("EAST"), T(""), T("EUR"), 495, 20, 5, DAY_US},
        {sizeof costs[0], ID(21), T("WEST"), T(""), T("EUR"), 395, 25, 5, 2 * DAY_US},
};

static const ocore_stock_line goods_in[] = {
        {.sku = T("BOX"), .site = T("EAST"), .quantity = PIECES(6)},
        {.sku = T("BOX"), .site = T("WEST"), .quantity = PIECES(9)},
        {.sku = T("CAN"),
                .site = T("EAST"),
                .lot = T("C1"),
                .quantity = PIECES(8),
                .expires_us = START_US + 90 * DAY_US},
        {.sku = T("CAN"),
                .site = T("EAST"),
                .lot = T("C2"),
                .quantity = PIECES(8),
                .expires_us = START_US + 60 * DAY_US},
        {.sku = T("PEN"), .site = T("EAST"), .lot = T("S-1"), .quantity = PIECES(1)},
        {.sku = T("PEN"), .site = T("EAST"), .lot = T("S-2"), .quantity = PIECES(1)},
        {.sku = T("ALT"), .site = T("WEST"), .quantity = PIECES(4)},
};
static const ocore_stock_request receive = {
        sizeof receive, ID(22), T("delivery 7"), LINES(goods_in)};
static const ocore_count_open_request counts[] = {
        {sizeof counts[0], ID(23), T("EAST"), 1, T("cycle")},
        {sizeof counts[0], ID(24), T("WEST"), 0, T("doubt")},
};
static const ocore_count_enter_line counted[] = {
        {T("BOX"), T(""), PIECES(7), T("one behind the shelf")},
        {T("CAN"), T("C2"), PIECES(7), T("")},
};
static const ocore_count_enter_request enter = {sizeof enter, ID(25), ID(23), LINES(counted)};
static const ocore_count_end_request ends[] = {
        {sizeof ends[0], ID(26), ID(23)},
        {sizeof ends[0], ID(27), ID(24)},
};
static const ocore_transfer_ship_line on_road[] = {{T("BOX"), T(""), PIECES(3)}};
static const ocore_transfer_ship_request send = {.struct_size = sizeof send,
        .id = ID(28),
        .from_site = T("WEST"),
        .to_site = T("EAST"),
        .due_us = START_US + 2 * DAY_US,
        .reason = T("for the sale"),
        LINES(on_road)};
static const ocore_transfer_receive_line arrived[] = {{1, PIECES(2)}};
static const ocore_transfer_receive_request arrivals[] = {
        {.struct_size = sizeof arrivals[0], .id = ID(29), .transfer_id = ID(28), WITH(arrived)},
        {.struct_size = sizeof arrivals[0],
                .id = ID(30),
                .transfer_id = ID(28),
                .close = 1,
                .lines = (const ocore_transfer_receive_line[]){{1, PIECES(0)}},
                .line_count = 1,
                .line_stride = sizeof(ocore_transfer_receive_line)},
};
static const ocore_lot_recall_request recall = {
        sizeof recall, ID(31), T("CAN"), T("C1"), T("glass")};

static const ocore_hold_request_line three_boxes[] = {{T("BOX"), PIECES(3)}};
static const ocore_hold_request_line all_boxes[] = {{T("BOX"), PIECES(12)}};
static const ocore_hold_request holds[] = {
        {.struct_size = sizeof holds[0],
                .id = ID(32),
                .expires_us = START_US + 2 * DAY_US,
                WITH(three_boxes),
                .holder = T("cart 7")},
        {.struct_size = sizeof holds[0],
                .id = ID(33),
                .expires_us = START_US + 3 * DAY_US,
                WITH(all_boxes),
                .holder = T("fair"),
                .priority = 5,
                .preempt = 1},
};
static const ocore_hold_extend_request extend = {
        sizeof extend, ID(34), ID(32), START_US + 4 * DAY_US};
static const ocore_hold_transfer_line one_box[] = {{T("BOX"), PIECES(1)}};
static const ocore_hold_transfer_request hand_over[] = {
        {sizeof hand_over[0], ID(35), ID(32), T("till 1"), LINES(one_box)},
        {sizeof hand_over[0], ID(36), ID(33), T("shop"), NULL, 0, 0},
};
static const ocore_hold_release_request let_go = {sizeof let_go, ID(37), ID(32)};

#define EACH(code, n, minor)                                                                       \
        {                                                                                          \
                .sku = T(code), .quantity = PIECES(n), .unit_price = EUR(minor)                    \
        }
static const ocore_draft_line from_fair[] = {EACH("BOX", 4, 1000)};
static const ocore_draft_line waiting[] = {EACH("BOX", 10, 1000), EACH("SET", 2, 3500)};
static const ocore_draft_line pens[] = {
        {.sku = T("PEN"), .quantity = PIECES(1), .unit_price = EUR(900), .lot = T("S-2")},
        {.sku = T("PEN"), .quantity = PIECES(3), .unit_price = EUR(900), .substitutes = 1},
};
static const ocore_draft_line elsewhere[] = {
        EACH("TOY", 2, 1500), EACH("SUIT", 1, 20000), EACH("NEXT", 2, 5000)};
static const ocore_draft_line in_hand[] = {
        {.sku = T("BOX"), .quantity = PIECES(2), .unit_price = EUR(1100), .site = T("WEST")}};
#define ORDER(n, ...)                                                                              \
        {                                                                                          \
                .struct_size = sizeof(ocore_order_draft), .id = ID(n), .currency = T("EUR"),       \
                __VA_ARGS__                                                                        \
        }
static const ocore_order_draft drafts[] = {
        ORDER(40, .channel = T("web"), .hold_id = ID(33), .hold_keep = 1, WITH(from_fair)),
        ORDER(41, .channel = T("web"), .priority = 2, .short_action = OCORE_SHORT_BACKORDER,
                WITH(waiting)),
        ORDER(42, .strategy = OCORE_ALLOCATE_FIRST_EXPIRED, WITH(pens)),
        ORDER(43, .ship_name = T("A. Person"), .ship_complete = 0, WITH(elsewhere)),
        ORDER(44, .channel = T("till"), .in_hand = 1, WITH(in_hand)),
        ORDER(90, .channel = T("web"), .short_action = OCORE_SHORT_BACKORDER, WITH(waiting)),
};
static const ocore_order_confirm_request confirms[] = {
        {sizeof confirms[0], ID(45), ID(40)},
        {sizeof confirms[0], ID(46), ID(41)},
        {sizeof confirms[0], ID(47), ID(43)},
};
static const ocore_reprice_line cheaper[] = {{1, EUR(950)}};
static const ocore_order_reprice_request reprice = {
        sizeof reprice, ID(48), ID(41), T("late"), LINES(cheaper)};
static const ocore_order_reallocate_request move_away = {
        sizeof move_away, ID(49), ID(40), T("EAST"), T("flood")};

static const ocore_purchase_arrange_request arrange = {sizeof arrange, ID(50), ID(43), T("EAST")};
static const ocore_purchase_request_line wanted[] = {
        {T("BOX"), PIECES(12), START_US + 3 * DAY_US}, {T("CAN"), PIECES(6), 0}};
static const ocore_purchase_request_line to_make[] = {{T("BOX"), PIECES(2), 0}};
static const ocore_purchase_request proposals[] = {
        {sizeof proposals[0], ID(51), 0, T("ACME"), T("EAST"), LINES(wanted)},
        {sizeof proposals[0], ID(52), OCORE_PURCHASE_PRODUCTION, T(""), T("WEST"), LINES(to_make)},
        {sizeof proposals[0], ID(53), 0, T("MAKER"), T("WEST"), LINES(to_make)},
};
static const ocore_purchase_step_request sends[] = {
        {sizeof sends[0], ID(54), ID(51), T("")},
        {sizeof sends[0], ID(55), ID(52), T("")},
        {sizeof sends[0], ID(56), ID(53), T("")},
};
static const ocore_promise_class classes[] = {{.strategy = OCORE_PROMISE_GAIN}};
static const ocore_promise_run_request runs[] = {
        {.struct_size = sizeof runs[0], .id = ID(57), .sku = T("BOX")},
        {.struct_size = sizeof runs[0],
                .id = ID(58),
                .sku = T("BOX"),
                .classes = classes,
                .class_count = 1,
                .class_stride = sizeof classes[0]},
};
static const ocore_purchase_confirm_line later[] = {{1, PIECES(10), START_US + 6 * DAY_US}};
static const ocore_purchase_confirm_request agreed = {
        sizeof agreed, ID(59), ID(51), T("A-77"), LINES(later)};
static const ocore_purchase_receive_line first_part[] = {
        {1, PIECES(4), T(""), 0}, {2, PIECES(3), T("C3"), START_US + 80 * DAY_US}};
static const ocore_purchase_receive_line the_rest[] = {{1, PIECES(5), T(""), 0}};
static const ocore_purchase_receive_request receipts[] = {
        {sizeof receipts[0], ID(60), ID(51), 0, T("note 1"), LINES(first_part)},
        {sizeof receipts[0], ID(61), ID(51), 1, T("note 2"), LINES(the_rest)},
        {sizeof receipts[0], ID(62), ID(52), 0, T("made"), NULL, 0, 0},
};
/* The drop shipment's own id follows from the arranging; see prepare(). */
static ocore_purchase_step_request send_drop = {.struct_size = sizeof send_drop, .id = ID(64)};
static ocore_purchase_ship_request ship_drop = {.struct_size = sizeof ship_drop,
        .id = ID(65),
        .carrier = T("Post"),
        .tracking_number = T("DS1")};
static const ocore_fulfillment_step_request arrive_drop = {sizeof arrive_drop, ID(66), ID(65)};
static const ocore_purchase_request scrapped = {
        sizeof scrapped, ID(67), 0, T("ACME"), T("WEST"), LINES(to_make)};
static const ocore_purchase_step_request scrap[] = {
        {sizeof scrap[0], ID(68), ID(67), T("")},
        {sizeof scrap[0], ID(69), ID(67), T("out of print")},
};
static const ocore_purchase_step_request ends_of_purchases[] = {
        {sizeof ends_of_purchases[0], ID(63), ID(53), T("no longer wanted")},
};

static const ocore_fulfillment_request picklists[] = {
        {.struct_size = sizeof picklists[0], .id = ID(70), .order_id = ID(41), .site = T("EAST")},
        {.struct_size = sizeof picklists[0], .id = ID(71), .order_id = ID(40)},
};
static const ocore_fulfillment_short_line gone[] = {{1, PIECES(1)}};
static const ocore_fulfillment_short_request not_found = {
        sizeof not_found, ID(72), ID(70), 0, LINES(gone)};
static const ocore_fulfillment_step_request picks[] = {{sizeof picks[0], ID(73), ID(70)}};
static const ocore_fulfillment_pack_request packs[] = {{sizeof packs[0], ID(74), ID(70), 1}};
static const ocore_fulfillment_ship_request ships[] = {
        {sizeof ships[0], ID(75), ID(70), T("Post"), T("RR1")}};
static const ocore_fulfillment_step_request delivers[] = {{sizeof delivers[0], ID(76), ID(70)}};
static const ocore_line_quantity one_box_line[] = {{1, PIECES(1)}};
static const ocore_order_cancel_request reduce = {
        sizeof reduce, ID(77), ID(41), T("too late"), LINES(one_box_line)};
static const ocore_order_cancel_request cancel_pens = {
        .struct_size = sizeof cancel_pens, .id = ID(78), .order_id = ID(42)};

/* Questions. */
static const ocore_order_key orders[] = {
        {sizeof orders[0], ID(40), T("")},
        {sizeof orders[0], ID(41), T("")},
        {sizeof orders[0], ID(42), T("")},
        {sizeof orders[0], ID(43), T("")},
        {sizeof orders[0], ID(44), T("")},
};
static const ocore_product_key keys[] = {
        {sizeof keys[0], T("BOX")},
        {sizeof keys[0], T("SET")},
        {sizeof keys[0], T("PEN")},
};
static const ocore_availability_pair pairs[] = {
        {T("BOX"), T("")}, {T("SET"), T("")}, {T("CAN"), T("EAST")}, {T("NONE"), T("")}};
static const ocore_availability_request available = {
        .struct_size = sizeof available, .channel = T("web"), LINES(pairs)};
static const ocore_promise_request ask = {
        .struct_size = sizeof ask, .sku = T("BOX"), .quantity = PIECES(5)};
static const ocore_alternative_request how = {
        .struct_size = sizeof how, .sku = T("PEN"), .quantity = PIECES(3)};
static const ocore_backorder_list_request queue = {.struct_size = sizeof queue};
static const ocore_lot_trace_request trace = {sizeof trace, T("CAN"), T("C2")};
static const ocore_stock_history_request history = {
        .struct_size = sizeof history, .sku = T("BOX"), .limit = 1000};
static const ocore_count_key count_key = {sizeof count_key, ID(23)};
static const ocore_transfer_key transfer_key = {sizeof transfer_key, ID(28)};
static const ocore_purchase_key purchase_key = {sizeof purchase_key, ID(51)};
static const ocore_purchase_list_request purchases = {.struct_size = sizeof purchases};
static const ocore_hold_key hold_keys[] = {
        {sizeof hold_keys[0], ID(32)},
        {sizeof hold_keys[0], ID(33)},
};
static const ocore_stock_list_request all_stock = {.struct_size = sizeof all_stock};
static const ocore_moves_report_request all_moves = {.struct_size = sizeof all_moves};
static const ocore_empty_request empty = {sizeof empty};

static const struct life_call steps[] = {
        {"supplier.put", &suppliers[0]},
        {"supplier.put", &suppliers[1]},
        {"site.put", &sites[0]},
        {"site.put", &sites[1]},
        {"site.put", &sites[2]},
        {"product.put", &products[0]},
        {"product.put", &products[1]},
        {"product.put", &products[2]},
        {"product.put", &products[3]},
        {"product.put", &products[4]},
        {"product.put", &products[5]},
        {"product.put", &products[6]},
        {"product.put", &products[7]},
        {"bundle.put", &set},
        {"substitute.put", &substitutes},
        {"stock_rule.put", &rule},
        {"quota.put", &caps[0]},
        {"quota.put", &caps[1]},
        {"channel.put", &channel},
        {"site_cost.put", &costs[0]},
        {"site_cost.put", &costs[1]},
        {"stock.receive", &receive},
        {"count.open", &counts[0]},
        {"count.open", &counts[1]},
        {"count.enter", &enter},
        {"count.close", &ends[0]},
        {"count.cancel", &ends[1]},
        {"transfer.ship", &send},
        {"transfer.receive", &arrivals[0]},
        {"transfer.receive", &arrivals[1]},
        {"lot.recall", &recall},
        {"hold.place", &holds[0]},
        {"hold.extend", &extend},
        {"hold.transfer", &hand_over[0]},
        {"hold.place", &holds[1]},
        {"hold.transfer", &hand_over[1]},
        {"hold.release", &let_go},
        {"order.place", &drafts[0]},
        {"order.place", &drafts[1]},
        {"order.place", &drafts[2]},
        {"order.place", &drafts[3]},
        {"order.place", &drafts[4]},
        {"order.confirm", &confirms[0]},
        {"order.confirm", &confirms[1]},
        {"order.confirm", &confirms[2]},
        {"order.reprice", &reprice},
        {"order.reallocate", &move_away},
        {"purchase.arrange", &arrange},
        {"purchase.propose", &proposals[0]},
        {"purchase.propose", &proposals[1]},
        {"purchase.propose", &proposals[2]},
        {"purchase.send", &sends[0]},
        {"purchase.send", &sends[1]},
        {"purchase.send", &sends[2]},
        {"promise.run", &runs[0]},
        {"purchase.confirm", &agreed},
        {"purchase.receive", &receipts[0]},
        {"promise.run", &runs[1]},
        {"purchase.receive", &receipts[2]},
        {"purchase.receive", &receipts[1]},
        {"purchase.cancel", &ends_of_purchases[0]},
        {"purchase.send", &send_drop},
        {"purchase.ship", &ship_drop},
        {"fulfillment.deliver", &arrive_drop},
        {"purchase.propose", &scrapped},
        {"purchase.send", &scrap[0]},
        {"purchase.close", &scrap[1]},
        {"fulfillment.create", &picklists[0]},
        {"fulfillment.short", &not_found},
        {"fulfillment.pick", &picks[0]},
        {"fulfillment.pack", &packs[0]},
        {"fulfillment.ship", &ships[0]},
        {"fulfillment.deliver", &delivers[0]},
        {"fulfillment.create", &picklists[1]},
        {"order.cancel", &reduce},
        {"order.cancel", &cancel_pens},
        {NULL, NULL},
        /* What all this came to. */
        {"order.get", &orders[0]},
        {"order.get", &orders[1]},
        {"order.get", &orders[2]},
        {"order.get", &orders[3]},
        {"order.get", &orders[4]},
        {"order.timeline", &orders[1]},
        {"stock.availability", &available},
        {"promise.ask", &ask},
        {"product.alternatives", &how},
        {"backorder.list", &queue},
        {"lot.trace", &trace},
        {"stock.history", &history},
        {"count.get", &count_key},
        {"transfer.get", &transfer_key},
        {"purchase.get", &purchase_key},
        {"purchase.list", &purchases},
        {"hold.get", &hold_keys[0]},
        {"hold.get", &hold_keys[1]},
        {"bundle.get", &keys[1]},
        {"substitute.get", &keys[2]},
        {"stock_rule.list", &keys[0]},
        {"quota.list", &keys[0]},
        {"channel.list", &empty},
        {"site_cost.list", &empty},
        {"supplier.list", &empty},
        {"stock.list", &all_stock},
        {"report.stock", &empty},
        {"report.orders", &empty},
        {"report.money", &empty},
        {"report.holds", &empty},
        {"report.backorders", &empty},
        {"report.moves", &all_moves},
        {"order.quote", &drafts[5]},
};

static void prepare(void)
{
        send_drop.purchase_id = ocore__id_derive(arrange.id, ocore_str_of("drop ship MAKER"));
        ship_drop.purchase_id = send_drop.purchase_id;
}

const life_book life_supply = {steps, sizeof steps / sizeof steps[0], prepare};
