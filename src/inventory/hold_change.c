/* What happens to a hold while it is open: it gets another deadline, or another holder takes it
 * over, whole or in part. No stock moves: it stays held. */
#include "inventory.h"

#include "engine/procedure.h"

static const ocore_field extend_fields[] = {
        OCORE__FIELD_KEY(ocore_hold_extend_request),
        OCORE__FIELD(ocore_hold_extend_request, hold_id, ID, OCORE_FIELD_REQUIRED, "which hold"),
        OCORE__FIELD(ocore_hold_extend_request, expires_us, TIME,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "the new deadline, in the future"),
};
const ocore_record ocore__hold_extend_request =
        OCORE__RECORD("hold_extend", ocore_hold_extend_request, extend_fields, 0);

static const ocore_field transfer_line_fields[] = {
        OCORE__FIELD_CODE(ocore_hold_transfer_line, sku, OCORE_FIELD_REQUIRED, "which product"),
        OCORE__FIELD(ocore_hold_transfer_line, quantity, QUANTITY,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_POSITIVE, "how much of it, above zero"),
};
static const ocore_record transfer_line_record =
        OCORE__RECORD("hold_transfer_line", ocore_hold_transfer_line, transfer_line_fields, 0);
static const ocore_field transfer_fields[] = {
        OCORE__FIELD_KEY(ocore_hold_transfer_request),
        OCORE__FIELD(ocore_hold_transfer_request, hold_id, ID, OCORE_FIELD_REQUIRED, "which hold"),
        OCORE__FIELD(ocore_hold_transfer_request, holder, TEXT,
                OCORE_FIELD_REQUIRED | OCORE_FIELD_FREE, "the new holder"),
        OCORE__FIELD_OF(ocore_hold_transfer_request, lines, ITEMS, 0, &transfer_line_record,
                "what goes; default: the whole hold"),
};
const ocore_record ocore__hold_transfer_request =
        OCORE__RECORD("hold_transfer", ocore_hold_transfer_request, transfer_fields, 0);

static int read_live(
        ocore__work *work, ocore_id hold_id, ocore__group **holds, ocore__group **lines)
{
        int status = ocore__hold_want(work, hold_id, holds, lines);

        if (!status)
                status = ocore__fetch(work);
        return status ? status : ocore__hold_live(work, *holds);
}

static int hold_extend(ocore__work *work, const void *args, const void **answer)
{
        const ocore_hold_extend_request *request = args;
        ocore__group *holds, *lines;
        ocore_hold *hold;
        int status = read_live(work, request->hold_id, &holds, &lines);

        if (status)
                return status;
        if (request->expires_us <= work->now_us)
                return ocore__refuse(
                        work, OCORE_LAPSED, "expires_us", "is in the past; give a time to come");
        hold = ocore__edit(work, ocore__first(holds));
        if (!hold)
                return work->status;
        hold->expires_us = hold->due_us = request->expires_us;
        ocore__hold_event(work, ocore__first(holds), OCORE_EVENT_HOLD_EXTENDED, "");
        return ocore__hold_answer(work, request->hold_id, answer);
}

/* A part of a hold on its way to another: the lines of each product in a chain, which begins at the
 * product's group (`scratch`, counted from 1), so that each line is looked at once. */
typedef struct hold_part {
        ocore__work *work;
        const ocore_hold_transfer_request *request;
        ocore__group *holds;
        ocore__group *lines;
        ocore__entry **chain;
        size_t *next;
        ocore_hold to;
        int64_t numbered;
} hold_part;

static int product_of(ocore__work *work, ocore_str sku, ocore__group **out)
{
        return ocore__staged(work, &ocore__stock_table, ocore__cell_text(sku), out);
}

static int chain_lines(hold_part *part)
{
        ocore__work *work = part->work;
        size_t count = ocore__count(part->lines), n = 0;
        ocore__group *product;
        int status = OCORE_OK;

        part->chain = ocore__arena_take(work->arena, (count + 1) * sizeof(ocore__entry *));
        part->next = ocore__arena_take(work->arena, (count + 1) * sizeof *part->next);
        if (!part->chain || !part->next)
                return OCORE_NOMEM;
        for (ocore__entry *entry = ocore__first(part->lines); entry && !status;
                entry = ocore__next(entry)) {
                part->chain[n++] = entry;
                status = product_of(
                        work, ((const ocore_hold_line *)ocore__row(entry))->sku, &product);
                if (!status)
                        product->scratch = 0;
        }
        for (size_t i = 0; !status && i < part->request->line_count; i++) {
                status = product_of(work, part->request->lines[i].sku, &product);
                if (!status)
                        product->scratch = 0;
        }
        while (!status && n-- > 0) {
                status = product_of(
                        work, ((const ocore_hold_line *)ocore__row(part->chain[n]))->sku, &product);
                if (status)
                        break;
                part->next[n] = product->scratch;
                product->scratch = n + 1;
        }
        return status;
}

/* Up to `wanted` of a line goes to the new hold; returns how much, −1: no memory. */
static int64_t give(hold_part *part, ocore__entry *entry, int64_t wanted)
{
        const ocore_hold_line *from = ocore__row(entry);
        ocore_hold_line line = *from;

        line.hold_id = part->to.id;
        line.number = part->numbered + 1;
        line.quantity = from->quantity < wanted ? from->quantity : wanted;
        line.rank = -part->to.at_us;
        if (!line.quantity)
                return 0;
        part->numbered++;
        ocore__insert(part->work, &ocore__hold_line_table, &line);
        return ocore__hold_reduce(part->work, entry, line.quantity) ? -1 : line.quantity;
}

static int give_product(hold_part *part, size_t index)
{
        const ocore_hold_transfer_line *wanted = &part->request->lines[index];
        ocore__work *work = part->work;
        const ocore_hold_line *first;
        int64_t quantity, left, scale;
        ocore__group *product;
        int status = product_of(work, wanted->sku, &product);

        if (status)
                return status;
        if (!product->scratch)
                return ocore__refuse(work, OCORE_NOT_FOUND, ocore__at(work, "lines", index, "sku"),
                        "the hold has nothing of \"%t\"; name a product that it holds",
                        &wanted->sku);
        first = ocore__row(part->chain[product->scratch - 1]);
        scale = first->scale;
        status = ocore__item_units(work, scale, wanted->quantity, "lines", index, &quantity);
        if (status)
                return status;
        left = quantity;
        for (;;) {
                size_t at = product->scratch - 1;
                int64_t given = give(part, part->chain[at], left);

                if (given < 0)
                        return work->status;
                left -= given;
                if (!left)
                        return OCORE_OK;
                if (!part->next[at])
                        break;
                product->scratch = part->next[at];
        }
        quantity -= left;
        return ocore__refuse(work, OCORE_OUT_OF_STOCK, ocore__at(work, "lines", index, "quantity"),
                "the hold has only %u of \"%t\" to give; give less", &quantity, &scale,
                &wanted->sku);
}

static int transfer_part(hold_part *part)
{
        ocore__work *work = part->work;
        ocore__entry *from = ocore__first(part->holds), *to;
        int status = chain_lines(part);

        for (size_t i = 0; !status && i < part->request->line_count; i++)
                status = give_product(part, i);
        if (status)
                return status;
        to = ocore__insert(work, &ocore__hold_table, &part->to);
        if (!to)
                return work->status;
        ocore__hold_event(work, to, OCORE_EVENT_HOLD_TRANSFERRED, "");
        ocore__hold_event(work, from, OCORE_EVENT_HOLD_REDUCED, "transferred");
        return ocore__hold_close_empty(
                work, from, part->lines, OCORE_HOLD_RELEASED, (ocore_id){{0}});
}

static int hold_transfer(ocore__work *work, const void *args, const void **answer)
{
        const ocore_hold_transfer_request *request = args;
        hold_part part = {.work = work, .request = request};
        ocore__entry *entry;
        ocore_hold *hold;
        int status = read_live(work, request->hold_id, &part.holds, &part.lines);

        if (status)
                return status;
        entry = ocore__first(part.holds);
        if (request->line_count) {
                part.to = *(const ocore_hold *)ocore__row(entry);
                part.to.id = work->id;
                part.to.holder = request->holder;
                part.to.at_us = work->now_us;
                part.to.event_count = 0;
                status = transfer_part(&part);
                return status ? status : ocore__hold_answer(work, work->id, answer);
        }
        hold = ocore__edit(work, entry);
        if (!hold)
                return work->status;
        hold->holder = request->holder;
        ocore__hold_event(work, entry, OCORE_EVENT_HOLD_TRANSFERRED, "");
        return ocore__hold_answer(work, request->hold_id, answer);
}

const ocore__procedure ocore__hold_extend = {
        &ocore__hold_extend_request, &ocore__hold_record, hold_extend, OCORE__COMMAND};
const ocore__procedure ocore__hold_transfer = {
        &ocore__hold_transfer_request, &ocore__hold_record, hold_transfer, OCORE__COMMAND};

OCORE__PUBLIC(ocore_hold_extend, ocore_hold_extend_request, ocore_hold, ocore__hold_extend)
OCORE__PUBLIC(ocore_hold_transfer, ocore_hold_transfer_request, ocore_hold, ocore__hold_transfer)
