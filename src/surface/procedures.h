/*
 * What the surface takes from the rooms: every command's procedure with the descriptions of its
 * request and its answer, declared in one place for the table of commands and the schema.
 */
#ifndef ORDERCORE_SURFACE_PROCEDURES_H
#define ORDERCORE_SURFACE_PROCEDURES_H

#include "fulfillment/fulfillment.h"
#include "returns/returns.h"
#include "shipping/shipping.h"

extern const ocore__procedure ocore__product_put;
extern const ocore__procedure ocore__product_get;
extern const ocore__procedure ocore__product_list;
extern const ocore__procedure ocore__product_inquire;
extern const ocore__procedure ocore__price_put;
extern const ocore__procedure ocore__site_put;
extern const ocore__procedure ocore__site_list;
extern const ocore__procedure ocore__tax_rate_put;
extern const ocore__procedure ocore__tax_rate_list;
extern const ocore__procedure ocore__stock_receive;
extern const ocore__procedure ocore__stock_adjust;
extern const ocore__procedure ocore__stock_count;
extern const ocore__procedure ocore__stock_transfer;
extern const ocore__procedure ocore__stock_list;
extern const ocore__procedure ocore__hold_place;
extern const ocore__procedure ocore__hold_release;
extern const ocore__procedure ocore__hold_get;
extern const ocore__procedure ocore__shipping_option_put;
extern const ocore__procedure ocore__shipping_zone_put;
extern const ocore__procedure ocore__shipping_rate_put;
extern const ocore__procedure ocore__shipping_rules;
extern const ocore__procedure ocore__shipping_quote;
extern const ocore__procedure ocore__order_verify;
extern const ocore__procedure ocore__order_quote;
extern const ocore__procedure ocore__order_save;
extern const ocore__procedure ocore__order_place;
extern const ocore__procedure ocore__order_confirm;
extern const ocore__procedure ocore__order_cancel;
extern const ocore__procedure ocore__order_get;
extern const ocore__procedure ocore__order_list;
extern const ocore__procedure ocore__order_timeline;
extern const ocore__procedure ocore__order_next;
extern const ocore__procedure ocore__order_party;
extern const ocore__procedure ocore__order_account;
extern const ocore__procedure ocore__payment_take;
extern const ocore__procedure ocore__payment_collect;
extern const ocore__procedure ocore__payment_refund;
extern const ocore__procedure ocore__fulfillment_create;
extern const ocore__procedure ocore__fulfillment_pick;
extern const ocore__procedure ocore__fulfillment_pack;
extern const ocore__procedure ocore__fulfillment_ship;
extern const ocore__procedure ocore__fulfillment_deliver;
extern const ocore__procedure ocore__fulfillment_cancel;
extern const ocore__procedure ocore__fulfillment_get;
extern const ocore__procedure ocore__fulfillment_list;
extern const ocore__procedure ocore__return_request;
extern const ocore__procedure ocore__return_receive;
extern const ocore__procedure ocore__return_inspect;
extern const ocore__procedure ocore__return_refund;
extern const ocore__procedure ocore__return_get;
extern const ocore__procedure ocore__report_sales;
extern const ocore__procedure ocore__report_stock;
extern const ocore__procedure ocore__report_orders;
extern const ocore__procedure ocore__report_money;

/* Descriptions of requests. */
extern const ocore_record ocore__product_put_request;
extern const ocore_record ocore__product_get_request;
extern const ocore_record ocore__product_list_request;
extern const ocore_record ocore__product_inquire_request;
extern const ocore_record ocore__price_put_request;
extern const ocore_record ocore__site_put_request;
extern const ocore_record ocore__empty_record;
extern const ocore_record ocore__tax_rate_put_request;
extern const ocore_record ocore__stock_receive_request;
extern const ocore_record ocore__stock_adjust_request;
extern const ocore_record ocore__stock_count_request;
extern const ocore_record ocore__stock_transfer_request;
extern const ocore_record ocore__stock_list_request;
extern const ocore_record ocore__hold_place_request;
extern const ocore_record ocore__hold_release_request;
extern const ocore_record ocore__hold_get_request;
extern const ocore_record ocore__shipping_option_put_request;
extern const ocore_record ocore__shipping_zone_put_request;
extern const ocore_record ocore__shipping_rate_put_request;
extern const ocore_record ocore__shipping_quote_request;
extern const ocore_record ocore__order_verify_request;
extern const ocore_record ocore__order_quote_request;
extern const ocore_record ocore__order_save_request;
extern const ocore_record ocore__order_place_request;
extern const ocore_record ocore__order_confirm_request;
extern const ocore_record ocore__order_cancel_request;
extern const ocore_record ocore__order_key_record;
extern const ocore_record ocore__order_list_request;
extern const ocore_record ocore__payment_take_request;
extern const ocore_record ocore__payment_collect_request;
extern const ocore_record ocore__payment_refund_request;
extern const ocore_record ocore__fulfillment_create_request;
extern const ocore_record ocore__fulfillment_pick_request;
extern const ocore_record ocore__fulfillment_pack_request;
extern const ocore_record ocore__fulfillment_ship_request;
extern const ocore_record ocore__fulfillment_deliver_request;
extern const ocore_record ocore__fulfillment_cancel_request;
extern const ocore_record ocore__fulfillment_get_request;
extern const ocore_record ocore__return_request_request;
extern const ocore_record ocore__return_receive_request;
extern const ocore_record ocore__return_inspect_request;
extern const ocore_record ocore__return_refund_request;
extern const ocore_record ocore__return_get_request;

/* Descriptions of answers. */
extern const ocore_record ocore__product_record;
extern const ocore_record ocore__product_list_record;
extern const ocore_record ocore__inquiry_record;
extern const ocore_record ocore__price_record;
extern const ocore_record ocore__site_record;
extern const ocore_record ocore__site_list_record;
extern const ocore_record ocore__tax_rate_record;
extern const ocore_record ocore__tax_rate_list_record;
extern const ocore_record ocore__stock_moves_record;
extern const ocore_record ocore__stock_list_record;
extern const ocore_record ocore__hold_record;
extern const ocore_record ocore__shipping_option_record;
extern const ocore_record ocore__shipping_zone_record;
extern const ocore_record ocore__shipping_rate_record;
extern const ocore_record ocore__shipping_rules_record;
extern const ocore_record ocore__shipping_quote_record;
extern const ocore_record ocore__verdict_record;
extern const ocore_record ocore__order_quote_record;
extern const ocore_record ocore__order_record;
extern const ocore_record ocore__order_list_record;
extern const ocore_record ocore__timeline_record;
extern const ocore_record ocore__step_list_record;
extern const ocore_record ocore__party_record;
extern const ocore_record ocore__account_record;
extern const ocore_record ocore__payment_record;
extern const ocore_record ocore__fulfillment_record;
extern const ocore_record ocore__fulfillment_list_record;
extern const ocore_record ocore__return_record;
extern const ocore_record ocore__sales_report_record;
extern const ocore_record ocore__stock_report_record;
extern const ocore_record ocore__orders_report_record;
extern const ocore_record ocore__money_report_record;

#endif
