/*
 * Checked whole-number arithmetic. Products of two 64-bit numbers are kept whole in two words and
 * divided by Knuth's algorithm D (The Art of Computer Programming 2, 4.3.1, 1969), so that it works
 * the same where there is no 128-bit type.
 */
#include "number.h"

int ocore__add(int64_t a, int64_t b, int64_t *out)
{
        if (b > 0 ? a > INT64_MAX - b : a < INT64_MIN - b)
                return OCORE_OVERFLOW;
        *out = a + b;
        return OCORE_OK;
}

int ocore__subtract(int64_t a, int64_t b, int64_t *out)
{
        if (b > 0 ? a < INT64_MIN + b : a > INT64_MAX + b)
                return OCORE_OVERFLOW;
        *out = a - b;
        return OCORE_OK;
}

/* How far a number is from zero; right for INT64_MIN too. */
static uint64_t magnitude(int64_t a)
{
        return a < 0 ? 0 - (uint64_t)a : (uint64_t)a;
}

/* A magnitude with its sign put back. */
static int with_sign(uint64_t size, int negative, int64_t *out)
{
        if (size > (uint64_t)INT64_MAX) {
                if (!negative || size > (uint64_t)INT64_MAX + 1)
                        return OCORE_OVERFLOW;
                *out = INT64_MIN;
                return OCORE_OK;
        }
        *out = negative ? -(int64_t)size : (int64_t)size;
        return OCORE_OK;
}

/* high × 2^64 + low. */
typedef struct wide {
        uint64_t high;
        uint64_t low;
} wide;

static wide multiply_wide(uint64_t a, uint64_t b)
{
        const uint64_t mask = UINT32_MAX;
        uint64_t low;
        uint64_t middle;
        uint64_t other;
        wide product;

        if ((a | b) <= UINT32_MAX) {
                product.high = 0;
                product.low = a * b;
                return product;
        }
        low = (a & mask) * (b & mask);
        middle = (a >> 32) * (b & mask) + (low >> 32);
        other = (a & mask) * (b >> 32) + (middle & mask);
        product.low = other << 32 | (low & mask);
        product.high = (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
        return product;
}

/* One digit (of base 2^32) of the quotient; `rest` is high two digits, `next` the one behind. */
static uint64_t quotient_digit(uint64_t rest, uint64_t next, uint64_t divisor)
{
        uint64_t top = divisor >> 32;
        uint64_t digit = rest / top;
        uint64_t left = rest % top;

        while (digit > UINT32_MAX || digit * (divisor & UINT32_MAX) > (left << 32 | next)) {
                digit--;
                left += top;
                if (left > UINT32_MAX)
                        break;
        }
        return digit;
}

/* a / c where the quotient fits one word (a.high < c). */
static uint64_t divide_wide(wide a, uint64_t c, uint64_t *remainder)
{
        unsigned shift = 0;
        uint64_t rest;
        uint64_t high;
        uint64_t low;

        if (a.high == 0) {
                *remainder = a.low % c;
                return a.low / c;
        }
        while ((c << shift) >> 63 == 0)
                shift++;
        c <<= shift;
        rest = shift == 0 ? a.high : a.high << shift | a.low >> (64 - shift);
        a.low <<= shift;
        high = quotient_digit(rest, a.low >> 32, c);
        rest = (rest << 32 | a.low >> 32) - high * c;
        low = quotient_digit(rest, a.low & UINT32_MAX, c);
        rest = (rest << 32 | (a.low & UINT32_MAX)) - low * c;
        *remainder = rest >> shift;
        return high << 32 | low;
}

int ocore__multiply(int64_t a, int64_t b, int64_t *out)
{
        wide product = multiply_wide(magnitude(a), magnitude(b));

        if (product.high != 0)
                return OCORE_OVERFLOW;
        return with_sign(product.low, (a < 0) != (b < 0), out);
}

/* Whether a quotient is moved away from zero, given what the division left over. */
static int rounds_away(uint64_t quotient, uint64_t remainder, uint64_t divisor, int rounding)
{
        /* remainder < divisor <= INT64_MAX: doubling it does not wrap. */
        switch (rounding) {
        case OCORE__HALF_UP: return remainder * 2 >= divisor;
        case OCORE__HALF_EVEN:
                return remainder * 2 > divisor || (remainder * 2 == divisor && quotient % 2 == 1);
        case OCORE__UP: return remainder != 0;
        default: return 0;
        }
}

int ocore__multiply_divide(int64_t a, int64_t b, int64_t c, int rounding, int64_t *out)
{
        wide product = multiply_wide(magnitude(a), magnitude(b));
        uint64_t divisor = (uint64_t)c;
        uint64_t quotient;
        uint64_t remainder;

        if (c <= 0 || product.high >= divisor)
                return OCORE_OVERFLOW;
        quotient = divide_wide(product, divisor, &remainder);
        if (rounds_away(quotient, remainder, divisor, rounding)) {
                if (quotient == UINT64_MAX)
                        return OCORE_OVERFLOW;
                quotient++;
        }
        return with_sign(quotient, (a < 0) != (b < 0), out);
}

int64_t ocore__power_of_ten(int exponent)
{
        static const int64_t powers[] = {
                1,
                10,
                100,
                1000,
                10000,
                100000,
                1000000,
                10000000,
                100000000,
                1000000000,
                INT64_C(10000000000),
                INT64_C(100000000000),
                INT64_C(1000000000000),
                INT64_C(10000000000000),
                INT64_C(100000000000000),
                INT64_C(1000000000000000),
                INT64_C(10000000000000000),
                INT64_C(100000000000000000),
                INT64_C(1000000000000000000),
        };

        return exponent >= 0 && exponent <= 18 ? powers[exponent] : 0;
}

int ocore__rescale(int64_t amount, int from, int to, int64_t *out)
{
        int64_t power = ocore__power_of_ten(from < to ? to - from : from - to);

        if (amount == 0 || from == to) {
                *out = amount;
                return OCORE_OK;
        }
        if (from < to)
                return power == 0 ? OCORE_OVERFLOW : ocore__multiply(amount, power, out);
        if (power == 0 || amount % power != 0)
                return OCORE_INVALID;
        *out = amount / power;
        return OCORE_OK;
}

/* Sinks one number into a heap whose smallest is on top. */
static void sink(int64_t *numbers, size_t at, size_t count)
{
        for (;;) {
                size_t child = at * 2 + 1;
                int64_t number = numbers[at];

                if (child >= count)
                        return;
                if (child + 1 < count && numbers[child + 1] < numbers[child])
                        child++;
                if (number <= numbers[child])
                        return;
                numbers[at] = numbers[child];
                numbers[child] = number;
                at = child;
        }
}

/* Heapsort (Williams, 1964), the largest first. */
static void sort_descending(int64_t *numbers, size_t count)
{
        size_t n;

        for (n = count / 2; n > 0; n--)
                sink(numbers, n - 1, count);
        for (n = count; n > 1; n--) {
                int64_t smallest = numbers[0];

                numbers[0] = numbers[n - 1];
                numbers[n - 1] = smallest;
                sink(numbers, 0, n - 1);
        }
}

/* What a part's weight is and what all weights sum to. */
typedef struct shares {
        const int64_t *weights;
        uint64_t sum; /* 0: all are alike */
        size_t count;
        uint64_t total;
} shares;

static uint64_t share_of(const shares *all, size_t n, uint64_t *remainder)
{
        uint64_t sum = all->sum != 0 ? all->sum : all->count;
        uint64_t weight = all->sum != 0 ? (uint64_t)all->weights[n] : 1;

        return divide_wide(multiply_wide(all->total, weight), sum, remainder);
}

/* Gives one more to the `left` parts with the largest remainders, earlier ones first. */
static void give_rest(
        const shares *all, uint64_t left, int64_t step, int64_t *parts, int64_t *remainders)
{
        int64_t least;
        uint64_t at_least = 0;
        size_t n;

        sort_descending(remainders, all->count);
        least = remainders[left - 1];
        for (n = 0; n < left; n++)
                at_least += remainders[n] == least ? 1 : 0;
        for (n = 0; n < all->count; n++) {
                uint64_t remainder;

                (void)share_of(all, n, &remainder);
                if (remainder == (uint64_t)least && at_least > 0)
                        at_least--;
                else if (remainder <= (uint64_t)least)
                        continue;
                parts[n] += step;
        }
}

int ocore__share_out(
        int64_t total, const int64_t *weights, size_t count, int64_t *parts, int64_t *remainders)
{
        shares all = {weights, 0, count, magnitude(total)};
        uint64_t left = all.total;
        size_t n;

        if (count == 0)
                return total == 0 ? OCORE_OK : OCORE_INVALID;
        for (n = 0; n < count; n++) {
                if (weights[n] < 0)
                        return OCORE_INVALID;
                all.sum += (uint64_t)weights[n];
                if (all.sum > (uint64_t)INT64_MAX)
                        return OCORE_OVERFLOW;
        }
        for (n = 0; n < count; n++) {
                uint64_t remainder;
                uint64_t part = share_of(&all, n, &remainder);

                left -= part;
                remainders[n] = (int64_t)remainder;
                if (with_sign(part, total < 0, &parts[n]) != OCORE_OK)
                        return OCORE_OVERFLOW;
        }
        if (left > 0)
                give_rest(&all, left, total < 0 ? -1 : 1, parts, remainders);
        return OCORE_OK;
}

int64_t ocore__unit_share(int64_t total, int64_t k, int64_t n)
{
        int64_t share;

        /* k <= n: the quotient is no larger than the total, so nothing can overflow. */
        if (ocore__multiply_divide(total, k, n, OCORE__DOWN, &share) != OCORE_OK)
                return 0;
        return share;
}
