/*
 * Proves that many processes that write to one store at once, each as it likes, leave books that
 * agree: receipts, holds, orders that wait, cancellations, pick lists, transfers, purchases and
 * queues, on the same few products. Nobody can say beforehand which of them succeeds; but what
 * came in and was not acknowledged as shipped or lost must be in the house to the last unit, and
 * ocore_verify() must find nothing. On PostgreSQL there are 64 writers, on SQLite 4.
 *
 *         sim_writers_test [WRITERS [ROUNDS]]
 */
#include "support.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKUS = 3, SITES = 3, WRITERS_MAX = 64, OWN_MAX = 400 };

static const char *const skus[SKUS] = {"cup", "saucer", "spoon"};
static const char *const sites[SITES] = {"EAST", "NORTH", "WEST"};

/* What a writer was told; it alone writes it. */
typedef struct account {
        int64_t received[SKUS]; /* into the house */
        int64_t left[SKUS];     /* and out of it: shipped or lost */
        int64_t done, refused, busy;
        char trouble[200];
} account;

typedef struct writer {
        ocore_core *core;
        account *own;
        uint64_t random;
        int number;
        int64_t next_id, now_us;
        ocore_id orders[OWN_MAX], holds[OWN_MAX], purchases[OWN_MAX], transfers[OWN_MAX];
        int purchase_sku[OWN_MAX];
        int order_count, hold_count, purchase_count, transfer_count;
} writer;

static int writers, rounds = 60;

static int64_t clock_of(void *user_data)
{
        int64_t *now_us = user_data;

        return *now_us += 1000;
}

static int64_t below(writer *self, int64_t limit)
{
        self->random = self->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        return (int64_t)((self->random >> 33) % (uint64_t)limit);
}

static ocore_id next_id(writer *self)
{
        return test_id((self->number + 1) * INT64_C(1000000) + ++self->next_id);
}

static ocore_str any_site(writer *self)
{
        return ocore_str_of(sites[below(self, SITES)]);
}

/* A command until its outcome is known. NULL: it was refused. Only refusals that the contention of
 * others explains are none of a defect. */
static const void *command(writer *self, const char *name, const void *request)
{
        const ocore_command *entry = ocore_command_find(ocore_str_of(name));
        const void *answer = NULL;
        int status, tries = 0;

        do
                status = entry->call(self->core, request, &answer);
        while ((status == OCORE_BUSY || status == OCORE_UNKNOWN) && ++tries < 50);
        self->own->busy += tries;
        self->own->done += status >= 0;
        self->own->refused += status < 0;
        if (status < 0 && status != OCORE_OUT_OF_STOCK && status != OCORE_STATE &&
                status != OCORE_INVALID && status != OCORE_LAPSED && status != OCORE_NOT_FOUND &&
                !self->own->trouble[0]) {
                const ocore_error *error = ocore_last_error(self->core);

                (void)snprintf(self->own->trouble, sizeof self->own->trouble, "%s: %s: %.*s", name,
                        ocore_status_name(status), (int)error->message.size, error->message.data);
        }
        return status < 0 ? NULL : answer;
}

static void receive(writer *self)
{
        int sku = (int)below(self, SKUS);
        const ocore_stock_line line = {.sku = ocore_str_of(skus[sku]),
                .site = any_site(self),
                .quantity = {1 + below(self, 9), 0, 0}};
        const ocore_stock_request request = {
                sizeof request, next_id(self), STR("r"), &line, 1, sizeof line};

        if (command(self, "stock.receive", &request))
                self->own->received[sku] += line.quantity.amount;
}

static void place_order(writer *self)
{
        ocore_draft_line lines[2];
        const ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = next_id(self),
                .currency = STR("EUR"),
                .strategy = 1 + below(self, 2),
                .priority = below(self, 3),
                .short_action = below(self, 2) ? OCORE_SHORT_BACKORDER : OCORE_SHORT_REFUSE,
                .hold_id = self->hold_count && below(self, 4) == 0
                                   ? self->holds[below(self, self->hold_count)]
                                   : (ocore_id){{0}},
                .lines = lines,
                .line_count = 1 + (size_t)below(self, 2),
                .line_stride = sizeof lines[0]};
        const ocore_order_confirm_request confirm = {
                .struct_size = sizeof confirm, .id = next_id(self), .order_id = draft.id};

        for (int i = 0; i < 2; i++)
                lines[i] = (ocore_draft_line){.sku = ocore_str_of(skus[below(self, SKUS)]),
                        .quantity = {1 + below(self, 4), 0, 0},
                        .unit_price = {250, "EUR", 0}};
        if (self->order_count == OWN_MAX || !command(self, "order.place", &draft))
                return;
        self->orders[self->order_count++] = draft.id;
        command(self, "order.confirm", &confirm);
}

static void hold(writer *self)
{
        const ocore_hold_request_line line = {
                ocore_str_of(skus[below(self, SKUS)]), {1 + below(self, 4), 0, 0}};
        const ocore_hold_request request = {.struct_size = sizeof request,
                .id = next_id(self),
                .expires_us = self->now_us + TEST_HOUR_US,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_hold_release_request release = {sizeof release, next_id(self), request.id};

        if (self->hold_count == OWN_MAX || !command(self, "hold.place", &request))
                return;
        if (below(self, 2))
                command(self, "hold.release", &release);
        else
                self->holds[self->hold_count++] = request.id;
}

static void cancel(writer *self)
{
        const ocore_line_quantity line = {1, {1, 0, 0}};
        ocore_order_cancel_request request = {.struct_size = sizeof request,
                .id = next_id(self),
                .lines = &line,
                .line_count = (size_t)below(self, 2),
                .line_stride = sizeof line};

        if (!self->order_count)
                return;
        request.order_id = self->orders[below(self, self->order_count)];
        command(self, "order.cancel", &request);
}

static void reallocate(writer *self)
{
        ocore_order_reallocate_request request = {
                .struct_size = sizeof request, .id = next_id(self)};

        if (!self->order_count)
                return;
        request.order_id = self->orders[below(self, self->order_count)];
        if (below(self, 2))
                request.site = any_site(self);
        command(self, "order.reallocate", &request);
}

/* From the pick list out of the house; sometimes the shelf has one less than the books. */
static void ship(writer *self)
{
        ocore_fulfillment_request create = {
                .struct_size = sizeof create, .id = next_id(self), .site = any_site(self)};
        const ocore_fulfillment_short_line missing = {1, {1, 0, 0}};
        const ocore_fulfillment_short_request found_less = {.struct_size = sizeof found_less,
                .id = next_id(self),
                .fulfillment_id = create.id,
                .lines = &missing,
                .line_count = 1,
                .line_stride = sizeof missing};
        const ocore_fulfillment_step_request pick = {sizeof pick, next_id(self), create.id};
        const ocore_fulfillment_pack_request pack = {sizeof pack, next_id(self), create.id, 1};
        const ocore_fulfillment_ship_request leave = {
                sizeof leave, next_id(self), create.id, STR("Post"), STR("RR")};
        const ocore_fulfillment *sent;

        if (!self->order_count)
                return;
        create.order_id = self->orders[below(self, self->order_count)];
        sent = command(self, "fulfillment.create", &create);
        if (sent && below(self, 4) == 0) {
                int sku = 0;

                while (!ocore_str_equal(sent->lines[0]->sku, ocore_str_of(skus[sku])))
                        sku++;
                if (command(self, "fulfillment.short", &found_less))
                        self->own->left[sku]++;
        }
        if (!sent || !command(self, "fulfillment.pick", &pick) ||
                !command(self, "fulfillment.pack", &pack))
                return;
        sent = command(self, "fulfillment.ship", &leave);
        for (size_t i = 0; sent && i < sent->line_count; i++)
                for (int sku = 0; sku < SKUS; sku++)
                        if (ocore_str_equal(sent->lines[i]->sku, ocore_str_of(skus[sku])))
                                self->own->left[sku] += sent->lines[i]->quantity;
}

static void transfer(writer *self)
{
        int from = (int)below(self, SITES);
        const ocore_transfer_ship_line line = {.sku = ocore_str_of(skus[below(self, SKUS)]),
                .quantity = {1 + below(self, 3), 0, 0}};
        const ocore_transfer_ship_request request = {.struct_size = sizeof request,
                .id = next_id(self),
                .from_site = ocore_str_of(sites[from]),
                .to_site = ocore_str_of(sites[(from + 1) % SITES]),
                .due_us = below(self, 2) ? self->now_us + TEST_DAY_US : 0,
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_transfer_receive_request arrive = {
                .struct_size = sizeof arrive, .id = next_id(self), .transfer_id = request.id};

        if (command(self, "transfer.ship", &request))
                command(self, "transfer.receive", &arrive);
}

static void buy(writer *self)
{
        int sku = (int)below(self, SKUS);
        const ocore_purchase_request_line line = {.sku = ocore_str_of(skus[sku]),
                .quantity = {1 + below(self, 9), 0, 0},
                .due_us = self->now_us + TEST_DAY_US};
        const ocore_purchase_request request = {.struct_size = sizeof request,
                .id = next_id(self),
                .supplier = STR("ACME"),
                .site = any_site(self),
                .lines = &line,
                .line_count = 1,
                .line_stride = sizeof line};
        const ocore_purchase_step_request send = {
                .struct_size = sizeof send, .id = next_id(self), .purchase_id = request.id};
        const ocore_purchase_receive_request arrive = {
                .struct_size = sizeof arrive, .id = next_id(self), .purchase_id = request.id};

        if (command(self, "purchase.propose", &request) && command(self, "purchase.send", &send) &&
                command(self, "purchase.receive", &arrive))
                self->own->received[sku] += line.quantity.amount;
}

static void serve(writer *self)
{
        const ocore_promise_run_request request = {.struct_size = sizeof request,
                .id = next_id(self),
                .sku = ocore_str_of(skus[below(self, SKUS)])};

        command(self, "promise.run", &request);
}

static void open_core(
        const test_place *place, ocore_store *store, ocore_core **core, int64_t *now_us)
{
        ocore_config config = {.struct_size = sizeof config,
                .clock = clock_of,
                .clock_data = now_us,
                .attempts_max = 1000};

        test_place_open(place, NULL, store);
        config.store = *store;
        assert_int_equal(ocore_open(&config, core), OCORE_OK);
}

static void write_on(const test_place *place, account *own, int number)
{
        static void (*const acts[])(writer *) = {receive, place_order, place_order, hold, cancel,
                reallocate, ship, ship, transfer, buy, serve};
        static writer self;
        ocore_store store;

        self = (writer){.own = own,
                .number = number,
                .now_us = TEST_NOW_US + number,
                .random = 88172645463325252u + (uint64_t)number * 7919u};
        open_core(place, &store, &self.core, &self.now_us);
        for (int i = 0; i < rounds; i++)
                acts[below(&self, sizeof acts / sizeof acts[0])](&self);
        ocore_close(self.core);
        ocore_store_close(store);
        _exit(0);
}

static void set_up(ocore_core *core)
{
        int64_t id = 1;
        const ocore_supplier_request supplier = {
                .struct_size = sizeof supplier, .id = test_id(id++), .supplier = STR("ACME")};

        assert_int_equal(ocore_supplier_put(core, &supplier, NULL), OCORE_OK);
        for (int i = 0; i < SITES; i++) {
                const ocore_site_request site = {.struct_size = sizeof site,
                        .id = test_id(id++),
                        .site = ocore_str_of(sites[i]),
                        .priority = i};

                assert_int_equal(ocore_site_put(core, &site, NULL), OCORE_OK);
        }
        for (int i = 0; i < SKUS; i++) {
                const ocore_product_request product = {.struct_size = sizeof product,
                        .id = test_id(id++),
                        .sku = ocore_str_of(skus[i]),
                        .name = ocore_str_of(skus[i])};

                assert_int_equal(ocore_product_put(core, &product, NULL), OCORE_OK);
        }
}

/* What is in the house of each product, wherever it is. */
static void count_house(ocore_core *core, int64_t there[SKUS])
{
        const ocore_stock_list_request request = {.struct_size = sizeof request, .limit = 1000};
        const ocore_stock_list *list;

        assert_int_equal(ocore_stock_list_page(core, &request, &list), OCORE_OK);
        for (size_t i = 0; i < list->stock_count; i++) {
                const ocore_stock *row = list->stock[i];

                for (int sku = 0; sku < SKUS; sku++)
                        if (ocore_str_equal(row->sku, ocore_str_of(skus[sku])))
                                there[sku] += row->available + row->held + row->allocated +
                                              row->picked + row->inspection + row->damaged +
                                              row->in_transit;
        }
}

static void many_writers_leave_books_that_agree(void **state)
{
        const int asked = test_store_kind(), kind = asked == TEST_MEMORY ? TEST_SQLITE : asked;
        account *accounts = mmap(NULL, sizeof(account) * WRITERS_MAX, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        int64_t now_us = TEST_NOW_US, there[SKUS] = {0}, done = 0, refused = 0, busy = 0;
        pid_t processes[WRITERS_MAX];
        test_place where;
        ocore_store store;
        ocore_core *core;

        (void)state;
        assert_true(accounts != MAP_FAILED);
        if (!writers)
                writers = kind == TEST_POSTGRES ? 64 : kind == TEST_MARIADB ? 16 : 4;
        test_place_take(kind, &where);
        open_core(&where, &store, &core, &now_us);
        set_up(core);
        ocore_close(core);
        ocore_store_close(store);
        for (int i = 0; i < writers; i++) {
                processes[i] = fork();
                assert_true(processes[i] >= 0);
                if (processes[i] == 0)
                        write_on(&where, &accounts[i], i);
        }
        for (int i = 0; i < writers; i++) {
                int status;

                assert_int_equal(waitpid(processes[i], &status, 0), processes[i]);
                assert_int_equal(status, 0);
        }
        open_core(&where, &store, &core, &now_us);
        count_house(core, there);
        for (int i = 0; i < writers; i++) {
                if (accounts[i].trouble[0])
                        fail_msg("writer %d: %s", i, accounts[i].trouble);
                for (int sku = 0; sku < SKUS; sku++)
                        there[sku] += accounts[i].left[sku] - accounts[i].received[sku];
                done += accounts[i].done;
                refused += accounts[i].refused;
                busy += accounts[i].busy;
        }
        print_message("# %d writers: %lld commands done, %lld refused, %lld tried again\n", writers,
                (long long)done, (long long)refused, (long long)busy);
        for (int sku = 0; sku < SKUS; sku++)
                assert_number(there[sku], 0);
        test_verified(core, __FILE__, __LINE__);
        assert_true(done > refused / 4);
        ocore_close(core);
        ocore_store_close(store);
        test_place_give(&where);
        assert_int_equal(munmap(accounts, sizeof(account) * WRITERS_MAX), 0);
}

int main(int count, char **arguments)
{
        const struct CMUnitTest tests[] = {cmocka_unit_test(many_writers_leave_books_that_agree)};

        if (test_store_kind() == TEST_JOURNAL)
                return test_skip_all("one process has a journal at a time");
        if (test_store_kind() == TEST_MEMORY && !test_kind_usable(TEST_SQLITE))
                return test_skip_all("the SQLite store is not built: libsqlite3-dev is missing");
        if (count > 1)
                writers = atoi(arguments[1]) > WRITERS_MAX ? WRITERS_MAX : atoi(arguments[1]);
        if (count > 2)
                rounds = atoi(arguments[2]);
        return cmocka_run_group_tests(tests, NULL, NULL);
}
