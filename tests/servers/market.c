/* The market of the tests of servers: see market.h. */
#include "market.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TRIES_MAX = 60 };

static const char *const skus[MARKET_PRODUCTS] = {"cup", "saucer"};

static int64_t next_microsecond(void *user_data)
{
        int64_t *now_us = user_data;

        return ++*now_us;
}

static ocore_id order_id(int seller, int64_t n)
{
        return test_id(((int64_t)seller + 1) * 1000000 + n);
}

/* Sellers with odd numbers sell orders of two lines. */
static size_t order_lines(int seller)
{
        return seller % 2 ? MARKET_PRODUCTS : 1;
}

static int open_core(
        const test_market *market, ocore_store *store, ocore_core **core, int64_t *now_us)
{
        ocore_config config = {
                .struct_size = sizeof config, .clock = next_microsecond, .clock_data = now_us};
        int status;

        *core = NULL;
        *store = (ocore_store){0};
        status = market->open(market->place, store);
        if (status)
                return status;
        config.store = *store;
        status = ocore_open(&config, core);
        if (status) {
                ocore_store_close(*store);
                *store = (ocore_store){0};
        }
        return status;
}

static void stock_up(ocore_core *core, int64_t pieces)
{
        int64_t id = 1;
        const ocore_site_request site = {
                .struct_size = sizeof site, .id = test_id(id++), .site = STR("main")};

        assert_int_equal(ocore_site_put(core, &site, NULL), OCORE_OK);
        for (int i = 0; i < MARKET_PRODUCTS; i++) {
                const ocore_str sku = ocore_str_of(skus[i]);
                const ocore_product_request product = {.struct_size = sizeof product,
                        .id = test_id(id++),
                        .sku = sku,
                        .name = sku};
                const ocore_stock_line line = {
                        .sku = sku, .site = STR("main"), .quantity = {pieces, 0, 0}};
                const ocore_stock_request goods = {.struct_size = sizeof goods,
                        .id = test_id(id++),
                        .lines = &line,
                        .line_count = 1,
                        .line_stride = sizeof line};

                assert_int_equal(ocore_product_put(core, &product, NULL), OCORE_OK);
                assert_int_equal(ocore_stock_receive(core, &goods, NULL), OCORE_OK);
        }
}

void market_open(test_market *market)
{
        int64_t now_us = TEST_NOW_US;
        ocore_store store;
        ocore_core *core;

        assert_in_range(market->sellers, 1, MARKET_SELLERS_MAX);
        market->shared = mmap(NULL, sizeof *market->shared, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        assert_true(market->shared != MAP_FAILED);
        memset(market->processes, 0, sizeof market->processes);
        assert_int_equal(open_core(market, &store, &core, &now_us), OCORE_OK);
        stock_up(core, market->pieces);
        ocore_close(core);
        ocore_store_close(store);
}

static int place(ocore_core *core, ocore_id id, size_t lines)
{
        ocore_draft_line line[MARKET_PRODUCTS];
        const ocore_order_draft draft = {.struct_size = sizeof draft,
                .id = id,
                .currency = STR("EUR"),
                .lines = line,
                .line_count = lines,
                .line_stride = sizeof line[0]};

        for (size_t i = 0; i < lines; i++)
                line[i] = (ocore_draft_line){.sku = ocore_str_of(skus[i]),
                        .quantity = {1, 0, 0},
                        .unit_price = {100, "EUR", 0}};
        return ocore_order_place(core, &draft, NULL);
}

/* The same as one fact with a second command. */
static int place_in_unit(ocore_core *core, ocore_id id, size_t lines)
{
        ocore_order_confirm_request confirm = {
                .struct_size = sizeof confirm, .id = id, .order_id = id};
        int status = ocore_unit_begin(core);

        confirm.id.bytes[0] ^= 0x80;
        if (status)
                return status;
        status = place(core, id, lines);
        if (status >= 0)
                status = ocore_order_confirm(core, &confirm, NULL);
        if (status >= 0)
                return ocore_unit_commit(core);
        (void)ocore_unit_cancel(core);
        return status;
}

/* What a host does: as long as the outcome is not known the same is sent again. */
static int settle(ocore_core *core, market_seller *notes, ocore_id id, size_t lines, unsigned seed)
{
        int status = OCORE_BUSY, in_unit = (seed >> 20) % 2;

        for (int tries = 0; tries < TRIES_MAX; tries++) {
                status = in_unit ? place_in_unit(core, id, lines) : place(core, id, lines);
                if (status != OCORE_BUSY && status != OCORE_UNKNOWN && status != OCORE_STORE)
                        break;
                notes->repeats++;
                (void)nanosleep(
                        &(struct timespec){0, (long)(seed >> 8) % 5000 * 1000 * (tries + 1)}, NULL);
        }
        return status;
}

static void note_trouble(market_seller *notes, ocore_core *core, int status)
{
        const ocore_error *error = ocore_last_error(core);

        (void)snprintf(notes->trouble, sizeof notes->trouble, "%s: %.*s", ocore_status_name(status),
                (int)error->message.size, error->message.data);
}

static void sell(test_market *market, int seller)
{
        market_seller *notes = &market->shared->sellers[seller];
        unsigned seed = market->seed + (unsigned)seller * 977u;
        int64_t now_us = TEST_NOW_US + seller;
        ocore_store store;
        ocore_core *core;
        int status = open_core(market, &store, &core, &now_us);

        if (status) {
                (void)snprintf(notes->trouble, sizeof notes->trouble, "cannot open: %s",
                        ocore_status_name(status));
                return;
        }
        for (int64_t n = 0; n < MARKET_ORDERS_MAX && !market->shared->stop; n++) {
                seed = seed * 1103515245u + 12345u;
                status = settle(core, notes, order_id(seller, n), order_lines(seller), seed);
                if (status < 0)
                        break;
                for (size_t i = 0; i < order_lines(seller); i++)
                        notes->sold[i]++;
                notes->acknowledged = n + 1;
        }
        if (status == OCORE_OUT_OF_STOCK)
                notes->sold_out = 1;
        else if (status < 0)
                note_trouble(notes, core, status);
        ocore_close(core);
        ocore_store_close(store);
}

void market_start(test_market *market)
{
        for (int i = 0; i < market->sellers; i++) {
                pid_t process = fork();

                assert_true(process >= 0);
                if (process == 0) {
                        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
                        sell(market, i);
                        _exit(0);
                }
                market->processes[i] = process;
        }
}

int64_t market_acknowledged(const test_market *market)
{
        int64_t sum = 0;

        for (int i = 0; i < market->sellers; i++)
                sum += market->shared->sellers[i].acknowledged;
        return sum;
}

int market_alive(test_market *market)
{
        int alive = 0;

        for (int i = 0; i < market->sellers; i++) {
                int status;

                if (market->processes[i] &&
                        waitpid(market->processes[i], &status, WNOHANG) == market->processes[i]) {
                        market->processes[i] = 0;
                        assert_int_equal(status, 0);
                }
                alive |= market->processes[i] != 0;
        }
        return alive;
}

void market_wait(test_market *market)
{
        for (int i = 0; i < market->sellers; i++) {
                int status = 0;

                if (market->processes[i])
                        assert_int_equal(
                                waitpid(market->processes[i], &status, 0), market->processes[i]);
                market->processes[i] = 0;
                assert_int_equal(status, 0);
        }
}

void market_stop(test_market *market)
{
        market->shared->stop = 1;
        market_wait(market);
}

void market_close(test_market *market)
{
        assert_int_equal(munmap(market->shared, sizeof *market->shared), 0);
        market->shared = NULL;
}

static int64_t available(ocore_core *core, const char *sku)
{
        const ocore_inquiry_request request = {
                .struct_size = sizeof request, .sku = ocore_str_of(sku)};
        const ocore_inquiry *inquiry;

        assert_int_equal(ocore_product_inquire(core, &request, &inquiry), OCORE_OK);
        return inquiry->available;
}

static int64_t count_orders(ocore_core *core)
{
        ocore_order_list_request request = {.struct_size = sizeof request, .limit = 1000};
        static const ocore_id none;
        int64_t count = 0;

        do {
                const ocore_order_list *page;

                assert_int_equal(ocore_order_list_page(core, &request, &page), OCORE_OK);
                count += (int64_t)page->order_count;
                request.after = page->next;
        } while (memcmp(&request.after, &none, sizeof none) != 0);
        return count;
}

/* Looks each acknowledged order up, and sends its command once more. */
static void reckon_orders(ocore_core *core, const test_market *market, market_findings *findings)
{
        for (int i = 0; i < market->sellers; i++) {
                for (int64_t n = 0; n < market->shared->sellers[i].acknowledged; n++) {
                        const ocore_order_key key = {
                                .struct_size = sizeof key, .order_id = order_id(i, n)};

                        if (ocore_order_get(core, &key, NULL) != OCORE_OK)
                                findings->lost++;
                        else if (place(core, key.order_id, order_lines(i)) != OCORE_ALREADY)
                                findings->unrepeatable++;
                }
        }
}

static void reckon_sellers(const test_market *market, market_findings *findings, int64_t *sold)
{
        for (int i = 0; i < market->sellers; i++) {
                const market_seller *notes = &market->shared->sellers[i];

                findings->acknowledged += notes->acknowledged;
                findings->repeats += notes->repeats;
                for (int p = 0; p < MARKET_PRODUCTS; p++)
                        sold[p] += notes->sold[p];
                if (!notes->trouble[0])
                        continue;
                findings->troubled++;
                printf("# seller %d stopped: %s\n", i, notes->trouble);
        }
}

static int say_finding(void *user_data, const ocore_finding *finding)
{
        int *said = user_data;

        if ((*said)++ < 5)
                printf("# verify: %.*s\n", (int)finding->message.size, finding->message.data);
        return 0;
}

market_findings market_reckon(test_market *market, const char *what)
{
        int64_t now_us = TEST_NOW_US + 100, sold[MARKET_PRODUCTS] = {0, 0};
        market_findings found = {0};
        ocore_store store;
        ocore_core *core;
        int said = 0;

        assert_int_equal(open_core(market, &store, &core, &now_us), OCORE_OK);
        reckon_sellers(market, &found, sold);
        found.sold = sold[0];
        found.stored = count_orders(core);
        for (int p = 0; p < MARKET_PRODUCTS; p++) {
                int64_t off = market->pieces - sold[p] - available(core, skus[p]);

                found.misplaced += off < 0 ? -off : off;
                if (sold[p] > market->pieces)
                        found.oversold += sold[p] - market->pieces;
        }
        (void)ocore_verify(core, say_finding, &said, &found.broken_rules);
        reckon_orders(core, market, &found);
        if (found.stored > found.acknowledged - found.lost)
                found.strange = found.stored - (found.acknowledged - found.lost);
        ocore_close(core);
        ocore_store_close(store);
        printf("# %s: %lld acknowledged, %lld stored, %lld repeats; lost %lld, strange %lld, "
               "unrepeatable %lld, oversold %lld, misplaced %lld, verify %lld, troubled %lld\n",
                what, (long long)found.acknowledged, (long long)found.stored,
                (long long)found.repeats, (long long)found.lost, (long long)found.strange,
                (long long)found.unrepeatable, (long long)found.oversold,
                (long long)found.misplaced, (long long)found.broken_rules,
                (long long)found.troubled);
        (void)fflush(stdout);
        return found;
}

int64_t market_mistakes(const market_findings *findings)
{
        return findings->lost + findings->strange + findings->unrepeatable + findings->oversold +
               findings->misplaced + findings->broken_rules + findings->troubled;
}

void market_assert_clean(const market_findings *findings)
{
        assert_number(findings->troubled, 0);
        assert_number(findings->lost, 0);
        assert_number(findings->strange, 0);
        assert_number(findings->stored, findings->acknowledged);
        assert_number(findings->unrepeatable, 0);
        assert_number(findings->oversold, 0);
        assert_number(findings->misplaced, 0);
        assert_number(findings->broken_rules, 0);
}
