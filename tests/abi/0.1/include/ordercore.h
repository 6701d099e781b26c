/**
 * @file ordercore.h
 * libordercore: an order from the first question to the last follow-up, inside your program.
 *
 * Includes the headers of the core library in reading order. Stores of their own library
 * (ordercore/sqlite.h, ordercore/postgres.h, ordercore/mariadb.h) and the JSON surface (ordercore/json.h) are included by name.
 *
 * Read first: core.h, whose opening words say who owns what, how ids make retries safe, and what
 * errors mean.
 */
#ifndef ORDERCORE_H
#define ORDERCORE_H

#include "ordercore/base.h"
#include "ordercore/record.h"
#include "ordercore/store.h"
#include "ordercore/journal.h"
#include "ordercore/copy.h"
#include "ordercore/core.h"
#include "ordercore/catalog.h"
#include "ordercore/sourcing.h"
#include "ordercore/inventory.h"
#include "ordercore/stock_control.h"
#include "ordercore/shipping.h"
#include "ordercore/order.h"
#include "ordercore/payment.h"
#include "ordercore/fulfillment.h"
#include "ordercore/returns.h"
#include "ordercore/supply.h"
#include "ordercore/report.h"
#include "ordercore/command.h"

#endif
