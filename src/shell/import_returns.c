/*
 * Cancellations of the retail files: goods and fees that come back, set against what their
 * customer bought, the newest purchase first; what cannot be set against an order is goods in.
 */
#include <stdlib.h>

#include "import_retail.h"

/* Notes that `quantity` of a line came back with the invoice at hand. 0 after a message. */
static int piece_add(replay *self, size_t line, int64_t quantity)
{
        for (size_t i = 0; i < self->piece_count; i++) {
                if (self->pieces[i].line == line) {
                        self->pieces[i].quantity += quantity;
                        return 1;
                }
        }
        piece *pieces =
                array_grow(self->pieces, &self->piece_room, self->piece_count + 1, sizeof *pieces);
        if (pieces == NULL) {
                shell_failed(NULL, "there was no memory for a return", "Import fewer files.");
                return 0;
        }
        self->pieces = pieces;
        pieces[self->piece_count++] = (piece){line, quantity};
        return 1;
}

/* Sets a line that came back against what the customer bought; *rest is what is left of it. */
static int line_match(replay *self, const retail_line *back, size_t customer, int64_t *rest)
{
        *rest = -back->quantity;
        size_t at = customer != RETAIL_NOBODY ? self->newest[customer] : 0;
        for (; at != 0 && *rest > 0; at = self->data.lines[at - 1].older) {
                retail_line *bought = &self->data.lines[at - 1];
                if (bought->sku != back->sku || bought->left == 0)
                        continue;
                const int64_t quantity = *rest < bought->left ? *rest : bought->left;
                bought->left -= quantity;
                *rest -= quantity;
                if (!piece_add(self, at - 1, quantity))
                        return 0;
        }
        return 1;
}

/* What cannot be set against an order: goods are taken in all the same, a fee is only counted. */
static void rest_note(replay *self, const retail_line *back, int64_t rest, size_t *stock_count)
{
        retail_sku *sku = &self->data.skus[back->sku];
        if (rest == 0)
                return;
        if (sku->kind != OCORE_PRODUCT_GOODS) {
                self->counts.credits++;
                self->counts.credits_minor += rest * back->price_minor;
                return;
        }
        self->stock_lines[(*stock_count)++] = replay_stock_line(sku, rest);
        self->counts.unmatched_lines++;
        self->counts.unmatched += rest;
        sku->available += rest;
}

/* Announces the return of all pieces that are of this order. */
static int return_request(
        replay *self, const retail_invoice *invoice, size_t order, ocore_id id, int *goods)
{
        const retail_invoice *sold = &self->data.invoices[order];
        ocore_return_draft_line *lines = calloc(self->piece_count, sizeof *lines);
        size_t count = 0;
        *goods = 0;
        if (lines == NULL) {
                shell_failed(NULL, "there was no memory for a return", "Import fewer files.");
                return 0;
        }
        for (size_t i = 0; i < self->piece_count; i++) {
                const piece *back = &self->pieces[i];
                const retail_line *line = &self->data.lines[back->line];
                retail_sku *sku = &self->data.skus[line->sku];
                if (line->invoice != order)
                        continue;
                lines[count++] = (ocore_return_draft_line){
                        .line = line->number,
                        .quantity = replay_pieces(back->quantity),
                };
                if (sku->kind == OCORE_PRODUCT_GOODS) {
                        *goods = 1;
                        sku->available += back->quantity;
                        self->counts.returned += back->quantity;
                }
        }
        const ocore_return_draft request = {
                .struct_size = sizeof request,
                .id = id,
                .order_id = replay_id(sold, "order", ocore_str_of("")),
                .lines = lines,
                .line_count = count,
                .line_stride = sizeof *lines,
        };
        const int good = replay_ran(self, ocore_return_request(self->core, &request, NULL),
                "return.request", invoice->number);
        self->counts.returns++;
        self->counts.return_lines += (int64_t)count;
        free(lines);
        return good;
}

/* Goods come in and are for sale again; fees have nothing to come in. */
static int return_take_in(
        replay *self, const retail_invoice *invoice, ocore_id return_id, ocore_str sold)
{
        const ocore_return_receive_request receive = {
                .struct_size = sizeof receive,
                .id = replay_id(invoice, "receive", sold),
                .return_id = return_id,
                .site = ocore_str_of("main"),
        };
        const ocore_return_inspect_request inspect = {
                .struct_size = sizeof inspect,
                .id = replay_id(invoice, "inspect", sold),
                .return_id = return_id,
        };
        return replay_ran(self, ocore_return_receive(self->core, &receive, NULL), "return.receive",
                       invoice->number) &&
               replay_ran(self, ocore_return_inspect(self->core, &inspect, NULL), "return.inspect",
                       invoice->number);
}

/* The return of what came back of one order, from its announcement to the money. */
static int return_replay(replay *self, const retail_invoice *invoice, size_t order)
{
        const ocore_str sold = self->data.invoices[order].number;
        const ocore_id id = replay_id(invoice, "return", sold);
        const ocore_return_refund_request refund = {
                .struct_size = sizeof refund,
                .id = replay_id(invoice, "refund", sold),
                .return_id = id,
                .tender = OCORE_TENDER_PREPAID,
        };
        const ocore_return *answer = NULL;
        int goods = 0;
        if (!return_request(self, invoice, order, id, &goods) ||
                (goods && !return_take_in(self, invoice, id, sold)) ||
                !replay_ran(self, ocore_return_refund(self->core, &refund, &answer),
                        "return.refund", invoice->number))
                return 0;
        self->counts.refunds_minor += answer->refund_minor;
        return 1;
}

int replay_cancellation(replay *self, const retail_invoice *invoice)
{
        size_t stock_count = 0;
        self->piece_count = 0;
        for (size_t i = 0; i < invoice->line_count; i++) {
                const retail_line *back = &self->data.lines[invoice->first + i];
                int64_t rest = 0;
                if (!line_match(self, back, invoice->customer, &rest))
                        return 0;
                rest_note(self, back, rest, &stock_count);
        }
        if (!replay_receive(self, replay_id(invoice, "goods", ocore_str_of("")), invoice->number,
                    stock_count))
                return 0;
        for (size_t i = 0; i < self->piece_count; i++) {
                const size_t order = self->data.lines[self->pieces[i].line].invoice;
                size_t first = 0;
                while (self->data.lines[self->pieces[first].line].invoice != order)
                        first++;
                if (first == i && !return_replay(self, invoice, order))
                        return 0;
        }
        return 1;
}
