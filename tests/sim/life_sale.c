/* The story of a sale: from the catalogue to the last refund. */
#include "life_steps.h"

static const ocore_product_request products[] = {
        {.struct_size = sizeof products[0],
                ID(1),
                T("CUP"),
                T("Cup"),
                0,
                T(""),
                T(""),
                0,
                300,
                T("full")},
        {.struct_size = sizeof products[0],
                ID(2),
                T("TEA"),
                T("Tea"),
                0,
                T(""),
                T("KGM"),
                3,
                1000,
                T("reduced")},
        {.struct_size = sizeof products[0],
                ID(3),
                T("GIFT"),
                T("Gift wrap"),
                OCORE_PRODUCT_SERVICE,
                T(""),
                T(""),
                0,
                0,
                T("full")},
};
static const ocore_price_request prices[] = {
        {sizeof prices[0], ID(4), T("CUP"), T(""), 0, EUR(799)},
        {sizeof prices[0], ID(5), T("TEA"), T(""), 0, EUR(2990)},
        {sizeof prices[0], ID(6), T("GIFT"), T(""), 0, EUR(250)},
};
static const ocore_site_request sites[] = {
        {.struct_size = sizeof sites[0], ID(7), T("EAST"), T("East"), T("DE"), 1, 0},
        {.struct_size = sizeof sites[0], ID(8), T("WEST"), T("West"), T("DE"), 2, 0},
};
static const ocore_tax_rate_request rates[] = {
        {sizeof rates[0], ID(9), T("full"), T("DE"), 0, 190000},
        {sizeof rates[0], ID(10), T("reduced"), T("DE"), 0, 70000},
};
static const ocore_shipping_option_request option = {sizeof option, ID(11), T("std"), T("Standard"),
        OCORE_SERVICE_STANDARD, 0, 0, 0, 0, 60, 0, T("full")};
static const ocore_shipping_zone_request zone = {sizeof zone, ID(12), T("DE"), T(""), T("home")};
static const ocore_shipping_rate_request band = {
        sizeof band, ID(13), T("std"), T("home"), 30000, EUR(495)};

static const ocore_stock_line goods_in[] = {
        {.sku = T("CUP"), T("EAST"), T(""), {6, 0, 0}},
        {.sku = T("CUP"), T("WEST"), T(""), {9, 0, 0}},
        {.sku = T("TEA"), T("WEST"), T("L1"), {5000, 3, 0}},
};
static const ocore_stock_request receive = {
        sizeof receive, ID(20), T("delivery 1"), LINES(goods_in)};
static const ocore_stock_line found[] = {{.sku = T("CUP"), T("WEST"), T(""), {2, 0, 0}}};
static const ocore_stock_request adjust = {sizeof adjust, ID(21), T("found two"), LINES(found)};
static const ocore_stock_line counted[] = {{.sku = T("TEA"), T("WEST"), T("L1"), {4875, 3, 0}}};
static const ocore_stock_request count = {sizeof count, ID(22), T("count"), LINES(counted)};
static const ocore_stock_transfer_request transfer = {sizeof transfer, ID(23), T("CUP"), T("WEST"),
        T(""), OCORE_BUCKET_AVAILABLE, OCORE_BUCKET_DAMAGED, {1, 0, 0}, T("chipped")};

static const ocore_hold_request_line two_cups[] = {{T("CUP"), {2, 0, 0}}};
static const ocore_hold_request_line one_cup[] = {{T("CUP"), {1, 0, 0}}};
static const ocore_hold_request holds[] = {
        {.struct_size = sizeof holds[0], ID(LIFE_HOLD), START_US + 9 * DAY_US, 0, LINES(two_cups)},
        {.struct_size = sizeof holds[0],
                ID(LIFE_HOLD_LAPSING),
                START_US + 50 * MINUTE_US,
                0,
                LINES(one_cup)},
        {.struct_size = sizeof holds[0],
                ID(LIFE_HOLD_RELEASED),
                START_US + 9 * DAY_US,
                0,
                LINES(one_cup)},
};
static const ocore_hold_release_request release = {sizeof release, ID(33), ID(LIFE_HOLD_RELEASED)};

static const ocore_draft_line first_idea[] = {{.sku = T("CUP"), .quantity = {1, 0, 0}}};
static const ocore_draft_line lines[] = {
        {.sku = T("CUP"), .quantity = {7, 0, 0}, .discount = EUR(101)},
        {.sku = T("TEA"), .quantity = {1250, 3, 0}, .discount_ppm = 50000},
        {.sku = T("GIFT"), .quantity = {1, 0, 0}},
};
#define ADDRESS                                                                                    \
        .currency = T("EUR"), .ship_name = T("A. Person"), .ship_street = T("Street 1"),           \
        .ship_city = T("Town"), .ship_postcode = T("10115"), .ship_country = T("DE"),              \
        .shipping_option = T("std")
static const ocore_order_draft save = {.struct_size = sizeof save,
        .id = ID(LIFE_ORDER),
        .number = T("2026-1"),
        ADDRESS,
        .lines = first_idea,
        .line_count = 1,
        .line_stride = sizeof first_idea[0]};
static const ocore_order_draft correct = {.struct_size = sizeof correct,
        .id = ID(41),
        .order_id = ID(LIFE_ORDER),
        .number = T("2026-1"),
        .channel = T("web"),
        .customer = T("C-7"),
        ADDRESS,
        .discount_ppm = 100000,
        .lines = lines,
        .line_count = 3,
        .line_stride = sizeof lines[0]};
static const ocore_order_draft place = {
        .struct_size = sizeof place, .id = ID(42), .order_id = ID(LIFE_ORDER)};
static const ocore_order_confirm_request confirm = {sizeof confirm, ID(43), ID(LIFE_ORDER)};
static const ocore_payment_request pay = {.struct_size = sizeof pay,
        .id = ID(44),
        .order_id = ID(LIFE_ORDER),
        .tender = OCORE_TENDER_PREPAID,
        .amount = EUR(5000),
        .reference = T("transfer 1")};
static const ocore_payment_request pay_rest = {.struct_size = sizeof pay_rest,
        .id = ID(45),
        .order_id = ID(LIFE_ORDER),
        .tender = OCORE_TENDER_CASH,
        .tendered = EUR(10000)};
static const ocore_line_quantity one_of_first[] = {{1, {1, 0, 0}}};
static const ocore_order_cancel_request reduce = {
        sizeof reduce, ID(46), ID(LIFE_ORDER), T("one too many"), LINES(one_of_first)};
static const ocore_payment_refund_request give_back = {.struct_size = sizeof give_back,
        .id = ID(47),
        .order_id = ID(LIFE_ORDER),
        .tender = OCORE_TENDER_PREPAID};

static const ocore_fulfillment_request picklists[] = {
        {.struct_size = sizeof picklists[0],
                .id = ID(50),
                .order_id = ID(LIFE_ORDER),
                .site = T("EAST")},
        {.struct_size = sizeof picklists[0],
                .id = ID(51),
                .order_id = ID(LIFE_ORDER),
                .site = T("WEST")},
        {.struct_size = sizeof picklists[0],
                .id = ID(65),
                .order_id = ID(LIFE_ORDER),
                .site = T("WEST")},
        {.struct_size = sizeof picklists[0], .id = ID(84), .order_id = ID(LIFE_ORDER_FROM_HOLD)},
};
static const ocore_fulfillment_step_request picks[] = {
        {sizeof picks[0], ID(52), ID(50)},
        {sizeof picks[0], ID(53), ID(51)},
        {sizeof picks[0], ID(66), ID(65)},
        {sizeof picks[0], ID(85), ID(84)},
};
static const ocore_fulfillment_step_request undo = {sizeof undo, ID(54), ID(51)};
static const ocore_fulfillment_pack_request packs[] = {
        {sizeof packs[0], ID(55), ID(50), 0},
        {sizeof packs[0], ID(67), ID(65), 2},
        {sizeof packs[0], ID(86), ID(84), 1},
};
static const ocore_fulfillment_ship_request ships[] = {
        {sizeof ships[0], ID(56), ID(50), T("Post"), T("RR1")},
        {sizeof ships[0], ID(68), ID(65), T("Post"), T("RR2")},
        {sizeof ships[0], ID(87), ID(84), T("Courier"), T("C9")},
};
static const ocore_fulfillment_step_request delivers[] = {
        {sizeof delivers[0], ID(57), ID(50)},
        {sizeof delivers[0], ID(69), ID(65)},
        {sizeof delivers[0], ID(88), ID(84)},
};

static const ocore_return_draft_line back[] = {
        {1, {2, 0, 0}, OCORE_REASON_DEFECTIVE, {0}},
        {2, {250, 3, 0}, 0, {0}},
};
static const ocore_return_draft ask_back = {
        sizeof ask_back, ID(LIFE_RETURN), ID(LIFE_ORDER), LINES(back)};
static const ocore_return_receive_request come_back = {
        sizeof come_back, ID(71), ID(LIFE_RETURN), T("EAST")};
static const ocore_return_inspect_line judged[] = {
        {1, OCORE_DISPOSITION_RESTOCK, {1, 0, 0}},
        {1, OCORE_DISPOSITION_SCRAP, {1, 0, 0}},
        {2, OCORE_DISPOSITION_QUARANTINE, {250, 3, 0}},
};
static const ocore_return_inspect_request inspect = {
        sizeof inspect, ID(72), ID(LIFE_RETURN), LINES(judged)};
static const ocore_return_refund_request settle = {
        sizeof settle, ID(73), ID(LIFE_RETURN), 1, OCORE_TENDER_PREPAID};

static const ocore_draft_line held_lines[] = {{.sku = T("CUP"), .quantity = {2, 0, 0}}};
static const ocore_order_draft place_held = {.struct_size = sizeof place_held,
        .id = ID(LIFE_ORDER_FROM_HOLD),
        .customer = T("C-7"),
        .tax_mode = OCORE_TAX_EXCLUSIVE,
        .rounding_level = OCORE_ROUND_ORDER,
        .hold_id = ID(LIFE_HOLD),
        ADDRESS,
        .lines = held_lines,
        .line_count = 1,
        .line_stride = sizeof held_lines[0]};
static const ocore_order_confirm_request confirm_held = {
        sizeof confirm_held, ID(81), ID(LIFE_ORDER_FROM_HOLD)};
static const ocore_payment_request agree = {.struct_size = sizeof agree,
        .id = ID(82),
        .order_id = ID(LIFE_ORDER_FROM_HOLD),
        .tender = OCORE_TENDER_CASH_ON_DELIVERY};
static const ocore_payment_collect_request collect = {
        sizeof collect, ID(83), ID(LIFE_ORDER_FROM_HOLD), ID(82)};
/* Long enough that its memory does not come in one piece. */
#define SPOON                                                                                      \
        {                                                                                          \
                .sku = T("TEA"), .quantity = { 5, 3, 0 }                                           \
        }
#define SPOONS SPOON, SPOON, SPOON, SPOON, SPOON, SPOON, SPOON, SPOON, SPOON, SPOON
static const ocore_draft_line many_lines[] = {SPOONS, SPOONS, SPOONS, SPOONS, SPOONS, SPOONS,
        SPOONS, SPOONS, {.sku = T("CUP"), .quantity = {2, 0, 0}}};
static const ocore_order_draft place_doomed = {.struct_size = sizeof place_doomed,
        .id = ID(90),
        ADDRESS,
        .strategy = OCORE_ALLOCATE_FEWEST_SPLITS,
        .rounding_level = OCORE_ROUND_UNIT,
        .discount = EUR(17),
        .lines = many_lines,
        .line_count = sizeof many_lines / sizeof many_lines[0],
        .line_stride = sizeof many_lines[0]};
static const ocore_order_cancel_request cancel = {
        .struct_size = sizeof cancel, .id = ID(91), .order_id = ID(90), .reason = T("no more")};

static const ocore_order_key orders[] = {
        {sizeof orders[0], ID(LIFE_ORDER), T("")},
        {sizeof orders[0], {{0}}, T("2026-1")},
        {sizeof orders[0], ID(LIFE_ORDER_FROM_HOLD), T("")},
};
static const ocore_order_list_request list = {.struct_size = sizeof list, .customer = T("C-7")};
static const ocore_hold_key hold_keys[] = {
        {sizeof hold_keys[0], ID(LIFE_HOLD)},
        {sizeof hold_keys[0], ID(LIFE_HOLD_LAPSING)},
};
static const ocore_return_key return_key = {sizeof return_key, ID(LIFE_RETURN)};
static const ocore_stock_list_request all_stock = {.struct_size = sizeof all_stock};
static const ocore_empty_request empty = {sizeof empty};

static const struct life_call steps[] = {
        {"product.put", &products[0]},
        {"product.put", &products[1]},
        {"product.put", &products[2]},
        {"price.put", &prices[0]},
        {"price.put", &prices[1]},
        {"price.put", &prices[2]},
        {"site.put", &sites[0]},
        {"site.put", &sites[1]},
        {"tax_rate.put", &rates[0]},
        {"tax_rate.put", &rates[1]},
        {"shipping_option.put", &option},
        {"shipping_zone.put", &zone},
        {"shipping_rate.put", &band},
        {"stock.receive", &receive},
        {"stock.adjust", &adjust},
        {"stock.count", &count},
        {"stock.transfer", &transfer},
        {"hold.place", &holds[0]},
        {"hold.place", &holds[1]},
        {"hold.place", &holds[2]},
        {"hold.release", &release},
        {"order.save", &save},
        {"order.save", &correct},
        {"order.place", &place},
        {"order.confirm", &confirm},
        {"payment.take", &pay},
        {"payment.take", &pay_rest},
        {"order.cancel", &reduce},
        {"payment.refund", &give_back},
        {"fulfillment.create", &picklists[0]},
        {"fulfillment.create", &picklists[1]},
        {"fulfillment.pick", &picks[0]},
        {"fulfillment.pick", &picks[1]},
        {"fulfillment.cancel", &undo},
        {"fulfillment.pack", &packs[0]},
        {"fulfillment.ship", &ships[0]},
        {"fulfillment.deliver", &delivers[0]},
        {"fulfillment.create", &picklists[2]},
        {"fulfillment.pick", &picks[2]},
        {"fulfillment.pack", &packs[1]},
        {"fulfillment.ship", &ships[1]},
        {"fulfillment.deliver", &delivers[1]},
        {"return.request", &ask_back},
        {"return.receive", &come_back},
        {"return.inspect", &inspect},
        {"return.refund", &settle},
        {"order.place", &place_held},
        {"order.confirm", &confirm_held},
        {"payment.take", &agree},
        {"fulfillment.create", &picklists[3]},
        {"fulfillment.pick", &picks[3]},
        {"fulfillment.pack", &packs[2]},
        {"fulfillment.ship", &ships[2]},
        {"fulfillment.deliver", &delivers[2]},
        {"payment.collect", &collect},
        {NULL, NULL},
        {"order.place", &place_doomed},
        {"order.cancel", &cancel},
        {NULL, NULL},
        /* What all this came to. */
        {"order.get", &orders[0]},
        {"order.get", &orders[1]},
        {"order.get", &orders[2]},
        {"order.timeline", &orders[0]},
        {"order.timeline", &orders[2]},
        {"order.account", &orders[0]},
        {"order.account", &orders[2]},
        {"order.list", &list},
        {"order.next", &orders[0]},
        {"order.party", &orders[0]},
        {"fulfillment.list", &orders[0]},
        {"hold.get", &hold_keys[0]},
        {"hold.get", &hold_keys[1]},
        {"return.get", &return_key},
        {"stock.list", &all_stock},
        {"site.list", &empty},
        {"report.sales", &empty},
        {"report.stock", &empty},
        {"report.orders", &empty},
        {"report.money", &empty},
};

const life_book life_sale = {steps, sizeof steps / sizeof steps[0], NULL};
