/* How the shop shows what the library answered: plain lines and tables for a person. */
#ifndef SHOP_SHOW_H
#define SHOP_SHOW_H

#include <ordercore.h>

void show_inquiry(const ocore_inquiry *inquiry);
void show_quote(const ocore_order_quote *quote);
void show_fulfillment(const ocore_fulfillment *sent);
void show_payment(const ocore_payment *payment);
void show_return(const ocore_return *back);
void show_order(const ocore_order *order);
void show_timeline(const ocore_timeline *timeline);
void show_stock(const ocore_stock_report *stock);
void show_money(const ocore_money_report *money);

#endif
