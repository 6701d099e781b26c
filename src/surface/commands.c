/*
 * The table of all commands, by name: what bindings, the JSON surface and the shell are made from.
 * A row names the command, the descriptions of its request and its answer, and what it does; the
 * function behind it goes the same way as the typed one.
 */
#include "procedures.h"

#include <ordercore/command.h>

/* All commands, in the order of the help: X(noun_verb, name, request, answer, changes, note). */
#define COMMANDS(X)                                                                                \
        X(product_put, "product.put", product_put_request, product_record, 1, "sets a product")    \
        X(product_get, "product.get", product_get_request, product_record, 0,                      \
                "looks a product up")                                                              \
        X(product_list, "product.list", product_list_request, product_list_record, 0,              \
                "lists products by sku")                                                           \
        X(product_inquire, "product.inquire", product_inquire_request, inquiry_record, 0,          \
                "tells price and stock of a product")                                              \
        X(price_put, "price.put", price_put_request, price_record, 1, "sets a list price")         \
        X(site_put, "site.put", site_put_request, site_record, 1, "sets a site")                   \
        X(site_list, "site.list", empty_record, site_list_record, 0, "lists the sites")            \
        X(tax_rate_put, "tax_rate.put", tax_rate_put_request, tax_rate_record, 1,                  \
                "sets a tax rate")                                                                 \
        X(tax_rate_list, "tax_rate.list", empty_record, tax_rate_list_record, 0,                   \
                "lists the tax rates")                                                             \
        X(stock_receive, "stock.receive", stock_receive_request, stock_moves_record, 1,            \
                "takes goods in")                                                                  \
        X(stock_adjust, "stock.adjust", stock_adjust_request, stock_moves_record, 1,               \
                "corrects stock by a difference")                                                  \
        X(stock_count, "stock.count", stock_count_request, stock_moves_record, 1,                  \
                "sets stock to what was counted")                                                  \
        X(stock_transfer, "stock.transfer", stock_transfer_request, stock_moves_record, 1,         \
                "moves stock between buckets, to scrap or to the supplier")                        \
        X(stock_list, "stock.list", stock_list_request, stock_list_record, 0,                      \
                "lists stock balances")                                                            \
        X(hold_place, "hold.place", hold_place_request, hold_record, 1,                            \
                "holds stock until a deadline")                                                    \
        X(hold_release, "hold.release", hold_release_request, hold_record, 1, "gives a hold back") \
        X(hold_get, "hold.get", hold_get_request, hold_record, 0, "looks a hold up")               \
        X(shipping_option_put, "shipping_option.put", shipping_option_put_request,                 \
                shipping_option_record, 1, "sets a way of shipping")                               \
        X(shipping_zone_put, "shipping_zone.put", shipping_zone_put_request, shipping_zone_record, \
                1, "puts a country or postcode range into a zone")                                 \
        X(shipping_rate_put, "shipping_rate.put", shipping_rate_put_request, shipping_rate_record, \
                1, "sets the price of a way of shipping in a zone")                                \
        X(shipping_rules, "shipping.rules", empty_record, shipping_rules_record, 0,                \
                "lists all rules of shipping")                                                     \
        X(shipping_quote, "shipping.quote", shipping_quote_request, shipping_quote_record, 0,      \
                "offers every way of shipping for one parcel")                                     \
        X(order_verify, "order.verify", order_verify_request, verdict_record, 0,                   \
                "says everything that is wrong with a draft")                                      \
        X(order_quote, "order.quote", order_quote_request, order_quote_record, 0,                  \
                "prices, allocates and promises a draft; changes nothing")                         \
        X(order_save, "order.save", order_save_request, order_record, 1,                           \
                "saves a draft, or what it was corrected to")                                      \
        X(order_place, "order.place", order_place_request, order_record, 1,                        \
                "takes an order: prices it and allocates its stock")                               \
        X(order_confirm, "order.confirm", order_confirm_request, order_record, 1,                  \
                "agrees the sale: the customer owes the total")                                    \
        X(order_cancel, "order.cancel", order_cancel_request, order_record, 1,                     \
                "cancels an order, or some of its units")                                          \
        X(order_get, "order.get", order_key_record, order_record, 0, "looks an order up")          \
        X(order_list, "order.list", order_list_request, order_list_record, 0, "lists orders")      \
        X(order_timeline, "order.timeline", order_key_record, timeline_record, 0,                  \
                "tells everything that happened to an order")                                      \
        X(order_next, "order.next", order_key_record, step_list_record, 0,                         \
                "tells which steps an order allows now")                                           \
        X(order_party, "order.party", order_key_record, party_record, 0,                           \
                "tells to whom an order goes")                                                     \
        X(order_account, "order.account", order_key_record, account_record, 0,                     \
                "lists payments and bookings of an order")                                         \
        X(payment_take, "payment.take", payment_take_request, payment_record, 1,                   \
                "takes a payment, or agrees on cash on delivery")                                  \
        X(payment_collect, "payment.collect", payment_collect_request, payment_record, 1,          \
                "books cash on delivery as collected")                                             \
        X(payment_refund, "payment.refund", payment_refund_request, payment_record, 1,             \
                "pays money back that is owed to the customer")                                    \
        X(fulfillment_create, "fulfillment.create", fulfillment_create_request,                    \
                fulfillment_record, 1, "releases allocated units to the pick list of a site")      \
        X(fulfillment_pick, "fulfillment.pick", fulfillment_pick_request, fulfillment_record, 1,   \
                "takes the goods from the shelf")                                                  \
        X(fulfillment_pack, "fulfillment.pack", fulfillment_pack_request, fulfillment_record, 1,   \
                "packs the goods")                                                                 \
        X(fulfillment_ship, "fulfillment.ship", fulfillment_ship_request, fulfillment_record, 1,   \
                "hands the goods to the carrier")                                                  \
        X(fulfillment_deliver, "fulfillment.deliver", fulfillment_deliver_request,                 \
                fulfillment_record, 1, "says that the goods arrived")                              \
        X(fulfillment_cancel, "fulfillment.cancel", fulfillment_cancel_request,                    \
                fulfillment_record, 1, "takes a fulfillment back before it is shipped")            \
        X(fulfillment_get, "fulfillment.get", fulfillment_get_request, fulfillment_record, 0,      \
                "looks a fulfillment up")                                                          \
        X(fulfillment_list, "fulfillment.list", order_key_record, fulfillment_list_record, 0,      \
                "lists the fulfillments of an order")                                              \
        X(return_request, "return.request", return_request_request, return_record, 1,              \
                "announces that delivered units come back")                                        \
        X(return_receive, "return.receive", return_receive_request, return_record, 1,              \
                "takes returned goods in")                                                         \
        X(return_inspect, "return.inspect", return_inspect_request, return_record, 1,              \
                "judges returned goods and puts them somewhere")                                   \
        X(return_refund, "return.refund", return_refund_request, return_record, 1,                 \
                "credits the customer for what came back")                                         \
        X(return_get, "return.get", return_get_request, return_record, 0, "looks a return up")     \
        X(report_sales, "report.sales", empty_record, sales_report_record, 0,                      \
                "tells sales and refunds of each product")                                         \
        X(report_stock, "report.stock", empty_record, stock_report_record, 0,                      \
                "tells the stock of each product")                                                 \
        X(report_orders, "report.orders", empty_record, orders_report_record, 0,                   \
                "counts orders by state")                                                          \
        X(report_money, "report.money", empty_record, money_report_record, 0,                      \
                "tells the balance of each account")

#define FUNCTION(procedure, name, request, answer, changes, note)                                  \
        static int call_##procedure(ocore_core *core, const void *arguments, const void **out)     \
        {                                                                                          \
                return ocore__call(core, &ocore__##procedure, arguments, out);                     \
        }
COMMANDS(FUNCTION)

#define ROW(procedure, name, request, answer, changes, note)                                       \
        {name, note, &ocore__##request, &ocore__##answer, call_##procedure, changes},
static const ocore_command commands[] = {COMMANDS(ROW)};

const ocore_command *ocore_command_at(size_t n)
{
        return n < sizeof commands / sizeof commands[0] ? &commands[n] : NULL;
}

const ocore_command *ocore_command_find(ocore_str name)
{
        for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
                if (ocore_str_equal(ocore_str_of(commands[i].name), name))
                        return &commands[i];
        return NULL;
}
