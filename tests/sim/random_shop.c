/* Who acts, and what is done to goods, prices, holds and time; see random_shop.h. */
#include "random_shop.h"

#include "record/record.h"

const char *const random_skus[SKUS] = {"A", "B", "C", "D"};
const char *const random_sites[2] = {"EAST", "WEST"};

/* SplitMix64 (Steele, Lea, Flood, 2014), below `limit`. */
int64_t random_below(shop *self, int64_t limit)
{
        uint64_t z = self->random += UINT64_C(0x9e3779b97f4a7c15);

        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        return (int64_t)((z ^ z >> 31) % (uint64_t)limit);
}

ocore_id random_id(shop *self)
{
        return test_id(++self->next_id);
}

ocore_core *random_actor(shop *self)
{
        return self->actors[random_below(self, ACTORS)];
}

const void *random_command(shop *self, const char *name, const void *request, int good)
{
        const ocore_command *entry = ocore_command_find(ocore_str_of(name));
        ocore_core *core = random_actor(self);
        const void *answer, *again;
        int status = entry->call(core, request, &answer);

        if ((status == OCORE_OK) != good)
                fail_msg("seed %llu, command %lld, %s: %d instead of %s: %.*s",
                        (unsigned long long)self->seed, (long long)(self->done + self->refused),
                        name, status, good ? "success" : "a refusal",
                        (int)ocore_last_error(core)->message.size,
                        ocore_last_error(core)->message.size ? ocore_last_error(core)->message.data
                                                             : "");
        self->done += good;
        self->refused += !good;
        if (good && entry->changes && random_below(self, 8) == 0) {
                const ocore_allocator plain = {NULL, NULL};
                ocore__arena arena;
                ocore_str first, second;
                ocore_core *other = random_actor(self);

                ocore__arena_init(&arena, &plain, 4096);
                assert_int_equal(
                        ocore__record_encode(&arena, entry->answer, answer, &first), OCORE_OK);
                assert_int_equal(entry->call(other, request, &again), OCORE_ALREADY);
                assert_int_equal(
                        ocore__record_encode(&arena, entry->answer, again, &second), OCORE_OK);
                assert_true(ocore_str_equal(first, second));
                ocore__arena_finish(&arena);
                assert_int_equal(entry->call(core, request, &answer), OCORE_ALREADY);
        }
        return answer;
}

int random_recent(shop *self, int count)
{
        int64_t window = count < 12 ? count : 12;

        return count ? count - 1 - (int)random_below(self, window) : -1;
}

void random_change_stock(shop *self)
{
        int sku = (int)random_below(self, SKUS), taking = random_below(self, 4) == 0;
        int64_t quantity = 1 + random_below(self, 30);
        const ocore_stock_line line = {.sku = ocore_str_of(random_skus[sku]),
                .site = ocore_str_of(random_sites[random_below(self, 2)]),
                .quantity = {quantity, 0, 0}};
        const ocore_stock_request request = {
                sizeof request, random_id(self), STR("r"), &line, 1, sizeof line};
        const ocore_stock_transfer_request out = {.struct_size = sizeof out,
                .id = request.id,
                .sku = line.sku,
                .site = line.site,
                .from_bucket = OCORE_BUCKET_AVAILABLE,
                .to_bucket = OCORE_BUCKET_DAMAGED,
                .quantity = {1, 0, 0}};
        const void *answer;

        if (!taking) {
                random_command(self, "stock.receive", &request, 1);
                self->model.stock[sku].available += quantity;
                return;
        }
        /* The model knows no sites: what one site has decides. */
        if (ocore_stock_transfer(random_actor(self), &out, (const ocore_stock_moves **)&answer) ==
                OCORE_OK) {
                self->model.stock[sku].available--;
                self->model.stock[sku].damaged++;
        }
}

void random_change_price(shop *self)
{
        int sku = (int)random_below(self, SKUS);
        const ocore_price_request request = {.struct_size = sizeof request,
                .id = random_id(self),
                .sku = ocore_str_of(random_skus[sku]),
                .price = {1 + random_below(self, 5000), "EUR", 0}};

        random_command(self, "price.put", &request, 1);
        self->model.price[sku] = request.price.amount_minor;
}

void random_place_hold(shop *self)
{
        model_hold *hold = &self->model.holds[self->model.hold_count];
        ocore_hold_request_line lines[2];
        ocore_hold_request request = {.struct_size = sizeof request,
                .id = random_id(self),
                .expires_us = self->model.now_us + (1 + random_below(self, 60)) * TEST_MINUTE_US,
                .strategy = 1 + random_below(self, 2),
                .lines = lines,
                .line_count = 2,
                .line_stride = sizeof lines[0]};
        int first = (int)random_below(self, SKUS), second = (int)random_below(self, SKUS), good = 1;

        if (self->model.hold_count == HOLDS_MAX)
                return;
        memset(hold, 0, sizeof *hold);
        lines[0] = (ocore_hold_request_line){
                ocore_str_of(random_skus[first]), {1 + random_below(self, 9), 0, 0}};
        lines[1] = (ocore_hold_request_line){
                ocore_str_of(random_skus[second]), {1 + random_below(self, 9), 0, 0}};
        hold->quantity[first] += lines[0].quantity.amount;
        hold->quantity[second] += lines[1].quantity.amount;
        for (int sku = 0; sku < SKUS; sku++)
                good &= hold->quantity[sku] <= self->model.stock[sku].available;
        random_command(self, "hold.place", &request, good);
        if (!good)
                return;
        hold->id = request.id;
        hold->expires_us = request.expires_us;
        hold->open = 1;
        self->model.hold_count++;
        for (int sku = 0; sku < SKUS; sku++) {
                self->model.stock[sku].available -= hold->quantity[sku];
                self->model.stock[sku].held += hold->quantity[sku];
        }
}

void random_release_hold(shop *self)
{
        int n = random_recent(self, self->model.hold_count);
        model_hold *hold = n < 0 ? NULL : &self->model.holds[n];
        ocore_hold_release_request request = {.struct_size = sizeof request, .id = random_id(self)};

        if (!hold)
                return;
        request.hold_id = hold->id;
        random_command(self, "hold.release", &request, hold->open);
        for (int sku = 0; hold->open && sku < SKUS; sku++) {
                self->model.stock[sku].held -= hold->quantity[sku];
                self->model.stock[sku].available += hold->quantity[sku];
        }
        hold->open = 0;
}

void random_pass_time(shop *self)
{
        ocore_pumped pumped = {0};
        int status, lapsed = 0;
        ocore_core *core = random_actor(self);

        self->model.now_us += (1 + random_below(self, 10)) * TEST_MINUTE_US;
        do {
                status = ocore_pump(core, 1 + random_below(self, 5), &pumped);
                lapsed += (int)pumped.holds_lapsed;
        } while (status == OCORE_OK);
        assert_int_equal(status, OCORE_DONE);
        assert_int_equal(lapsed, model_lapse(&self->model));
        self->lapsed += lapsed;
}
