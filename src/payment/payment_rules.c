/* How much a payment can be, and which account it meets: decisions without any I/O. */
#include "payment.h"

int64_t ocore__tender_account(int64_t tender)
{
        switch (tender) {
        case OCORE_TENDER_CASH: return OCORE_LEDGER_CASH;
        case OCORE_TENDER_CASH_ON_DELIVERY: return OCORE_LEDGER_CARRIER;
        default: return OCORE_LEDGER_BANK;
        }
}

int64_t ocore__payment_open(const ocore__order_money *money)
{
        int64_t open;

        if (money->due_minor <= money->agreed_minor ||
                ocore__subtract(money->due_minor, money->agreed_minor, &open))
                return 0;
        return open;
}

int64_t ocore__payment_owed(const ocore__order_money *money)
{
        int64_t owed;

        if (money->due_minor >= 0 || money->paid_minor <= 0 ||
                ocore__subtract(0, money->due_minor, &owed))
                return 0;
        return owed < money->paid_minor ? owed : money->paid_minor;
}

int ocore__payment_amount(int64_t most_minor, int64_t asked_minor, int64_t *out_minor)
{
        *out_minor = 0;
        if (most_minor <= 0)
                return OCORE_STATE;
        if (asked_minor < 0 || asked_minor > most_minor)
                return OCORE_INVALID;
        *out_minor = asked_minor ? asked_minor : most_minor;
        return OCORE_OK;
}
