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
        X(bundle_put, "bundle.put", bundle_put_request, bundle_record, 1,                          \
                "sets the parts of a bundle")                                                      \
        X(bundle_get, "bundle.get", product_get_request, bundle_record, 0,                         \
                "looks the parts of a bundle up")                                                  \
        X(substitute_put, "substitute.put", substitute_put_request, substitute_list_record, 1,     \
                "sets what may be sent instead of a product")                                      \
        X(substitute_get, "substitute.get", product_get_request, substitute_list_record, 0,        \
                "tells what may be sent instead of a product")                                     \
        X(price_put, "price.put", price_put_request, price_record, 1, "sets a list price")         \
        X(site_put, "site.put", site_put_request, site_record, 1, "sets a site")                   \
        X(site_list, "site.list", empty_record, site_list_record, 0, "lists the sites")            \
        X(site_cost_put, "site_cost.put", site_cost_put_request, site_cost_record, 1,              \
                "sets what it costs to send from a site")                                          \
        X(site_cost_list, "site_cost.list", empty_record, site_cost_list_record, 0,                \
                "lists what it costs to send from the sites")                                      \
        X(channel_put, "channel.put", channel_put_request, channel_record, 1,                      \
                "sets how the orders of a channel are sourced")                                    \
        X(channel_list, "channel.list", empty_record, channel_list_record, 0,                      \
                "lists the channels")                                                              \
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
        X(stock_availability, "stock.availability", stock_availability_request,                    \
                availability_list_record, 0,                                                       \
                "answers how many can be had of many products at many sites")                      \
        X(stock_history, "stock.history", stock_history_request, stock_history_record, 0,          \
                "tells what happened to the stock of a product")                                   \
        X(stock_rule_put, "stock_rule.put", stock_rule_put_request, stock_rule_record, 1,          \
                "sets safety stock, or selling below zero, for a product")                         \
        X(stock_rule_list, "stock_rule.list", stock_rule_list_request, stock_rule_list_record, 0,  \
                "lists the stock rules of a product")                                              \
        X(quota_put, "quota.put", quota_put_request, quota_record, 1,                              \
                "caps what is ordered of a product")                                               \
        X(quota_list, "quota.list", quota_list_request, quota_list_record, 0,                      \
                "lists the caps of a product")                                                     \
        X(count_open, "count.open", count_open_request, count_record, 1,                           \
                "opens a count of stock at a site")                                                \
        X(count_enter, "count.enter", count_enter_request, count_record, 1,                        \
                "enters what was counted")                                                         \
        X(count_close, "count.close", count_close_request, count_record, 1,                        \
                "books the differences of a count")                                                \
        X(count_cancel, "count.cancel", count_cancel_request, count_record, 1, "gives a count up") \
        X(count_get, "count.get", count_get_request, count_record, 0,                              \
                "looks a count up: its variances")                                                 \
        X(transfer_ship, "transfer.ship", transfer_ship_request, transfer_record, 1,               \
                "sends goods to another site")                                                     \
        X(transfer_receive, "transfer.receive", transfer_receive_request, transfer_record, 1,      \
                "takes goods from another site in")                                                \
        X(transfer_get, "transfer.get", transfer_get_request, transfer_record, 0,                  \
                "looks a transfer up")                                                             \
        X(lot_recall, "lot.recall", lot_recall_request, stock_moves_record, 1,                     \
                "takes a lot out of sale at every site")                                           \
        X(lot_trace, "lot.trace", lot_trace_request, lot_trace_record, 0,                          \
                "tells where a lot is and who got it")                                             \
        X(hold_place, "hold.place", hold_place_request, hold_record, 1,                            \
                "holds stock until a deadline")                                                    \
        X(hold_release, "hold.release", hold_release_request, hold_record, 1, "gives a hold back") \
        X(hold_extend, "hold.extend", hold_extend_request, hold_record, 1,                         \
                "gives a hold a new deadline")                                                     \
        X(hold_transfer, "hold.transfer", hold_transfer_request, hold_record, 1,                   \
                "gives a hold, or a part of it, to another holder")                                \
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
        X(order_reallocate, "order.reallocate", order_reallocate_request, order_record, 1,         \
                "allocates an order anew, and fills what it waits for")                            \
        X(order_reprice, "order.reprice", order_reprice_request, order_record, 1,                  \
                "changes prices of an order's lines")                                              \
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
        X(fulfillment_short, "fulfillment.short", fulfillment_short_request,                       \
                fulfillment_record, 1, "reports what was not on the shelf")                        \
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
        X(supplier_put, "supplier.put", supplier_put_request, supplier_record, 1,                  \
                "sets a supplier")                                                                 \
        X(supplier_list, "supplier.list", empty_record, supplier_list_record, 0,                   \
                "lists the suppliers")                                                             \
        X(purchase_propose, "purchase.propose", purchase_propose_request, purchase_record, 1,      \
                "draws a purchase or production order up")                                         \
        X(purchase_arrange, "purchase.arrange", purchase_arrange_request, purchase_set_record, 1,  \
                "draws up what an order needs made or drop shipped")                               \
        X(purchase_send, "purchase.send", purchase_send_request, purchase_record, 1,               \
                "sends a purchase order: it is supply")                                            \
        X(purchase_confirm, "purchase.confirm", purchase_confirm_request, purchase_record, 1,      \
                "notes what the supplier confirmed")                                               \
        X(purchase_receive, "purchase.receive", purchase_receive_request, purchase_record, 1,      \
                "takes its goods in and gives them to orders that wait")                           \
        X(purchase_ship, "purchase.ship", purchase_ship_request, purchase_record, 1,               \
                "notes what the supplier shipped to the customer")                                 \
        X(purchase_close, "purchase.close", purchase_close_request, purchase_record, 1,            \
                "says that nothing more comes of it")                                              \
        X(purchase_cancel, "purchase.cancel", purchase_cancel_request, purchase_record, 1,         \
                "calls a purchase order off")                                                      \
        X(purchase_get, "purchase.get", purchase_get_request, purchase_record, 0,                  \
                "looks a purchase order up")                                                       \
        X(purchase_list, "purchase.list", purchase_list_request, purchase_list_record, 0,          \
                "lists purchase orders")                                                           \
        X(backorder_list, "backorder.list", backorder_list_request, backorder_list_record, 0,      \
                "lists what orders wait for, as it will be served")                                \
        X(promise_ask, "promise.ask", promise_ask_request, promise_record, 0,                      \
                "tells what can be promised over time")                                            \
        X(promise_run, "promise.run", promise_run_request, promise_run_record, 1,                  \
                "serves a queue and promises the rest anew")                                       \
        X(product_alternatives, "product.alternatives", product_alternatives_request,              \
                alternative_list_record, 0, "tells how a product can be had")                      \
        X(report_sales, "report.sales", empty_record, sales_report_record, 0,                      \
                "tells sales and refunds of each product")                                         \
        X(report_stock, "report.stock", empty_record, stock_report_record, 0,                      \
                "tells the stock of each product")                                                 \
        X(report_orders, "report.orders", empty_record, orders_report_record, 0,                   \
                "counts orders by state")                                                          \
        X(report_money, "report.money", empty_record, money_report_record, 0,                      \
                "tells the balance of each account")                                               \
        X(report_holds, "report.holds", empty_record, holds_report_record, 0,                      \
                "tells what is held until when")                                                   \
        X(report_backorders, "report.backorders", empty_record, backorders_report_record, 0,       \
                "tells what orders wait for")                                                      \
        X(report_moves, "report.moves", report_moves_request, moves_report_record, 0,              \
                "sums stock moves by where from and to")

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
