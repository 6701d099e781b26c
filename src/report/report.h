/* What the files of the report room share, and the surface shows: the descriptions of reports. */
#ifndef ORDERCORE_REPORT_REPORT_H
#define ORDERCORE_REPORT_REPORT_H

#include "engine/engine.h"

#include <ordercore/report.h>

extern const ocore_record ocore__sales_report_record;
extern const ocore_record ocore__stock_report_record;
extern const ocore_record ocore__orders_report_record;
extern const ocore_record ocore__money_report_record;
extern const ocore_record ocore__holds_report_record;
extern const ocore_record ocore__backorders_report_record;
extern const ocore_record ocore__moves_report_record;

#endif
