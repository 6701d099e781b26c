/* What the rooms that move money share: the names of tenders and accounts, and amounts in words. */
#ifndef ORDERCORE_ORDER_LEDGER_H
#define ORDERCORE_ORDER_LEDGER_H

#include "order_room.h"

extern const ocore_choice ocore__tenders[];
extern const ocore_choice ocore__ledger_accounts[];

/* "12.50 EUR" in the arena, for refusals and events; without memory it is empty and the command
 * ends with OCORE_NOMEM. */
ocore_str ocore__money_words(ocore__work *work, int64_t amount_minor, ocore_str currency);

#endif
