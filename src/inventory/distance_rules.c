/*
 * How far two places are from each other, the same on every machine: angles and roots by whole
 * numbers alone (CORDIC, Volder 1959). For sourcing, which asks which site is nearest.
 */
#include "base/number.h"

#include <ordercore/sourcing.h>

/*
 * An angle is a number of 10⁻⁷ degrees × 2²⁰, so that coordinates are exact. Coordinates of points
 * on the sphere have 30 binary digits behind the point (6 mm on the ground); CORDIC has 40.
 */
enum { ANGLE_BITS = 20, POINT_BITS = 30, CORDIC_BITS = 40, STEPS = 40 };

/* The arc tangent of 2⁻ⁿ as an angle. */
static const int64_t arctan[STEPS] = {471859200000000, 278554751030557, 147180680306245,
        74711211430661, 37500583935972, 18768573059522, 9386576683583, 4693574768243, 2346823192344,
        1173416072354, 586708595704, 293354367793, 146677192639, 73338597412, 36669298843,
        18334649438, 9167324721, 4583662361, 2291831181, 1145915590, 572957795, 286478898,
        143239449, 71619724, 35809862, 17904931, 8952466, 4476233, 2238116, 1119058, 559529, 279765,
        139882, 69941, 34971, 17485, 8743, 4371, 2186, 1093};
/* What the steps make longer: the product of cos(arctan 2⁻ⁿ), with CORDIC_BITS. */
#define SHORTENED INT64_C(667681663043)
/* Half the way round the Earth, in millimetres. */
#define HALF_ROUND_MM INT64_C(20015114442)

static int64_t shift_right(int64_t value, int bits)
{
        return value < 0 ? -(-value >> bits) : value >> bits;
}

/* Cosine and sine of an angle of at most a right one, with POINT_BITS. */
typedef struct direction {
        int64_t x, y;
} direction;

static direction direction_of(int64_t angle)
{
        int64_t x = SHORTENED;
        int64_t y = 0;

        for (int i = 0; i < STEPS; i++) {
                int64_t across = shift_right(y, i);
                int64_t up = shift_right(x, i);

                if (angle >= 0) {
                        x -= across;
                        y += up;
                        angle -= arctan[i];
                } else {
                        x += across;
                        y -= up;
                        angle += arctan[i];
                }
        }
        return (direction){
                shift_right(x, CORDIC_BITS - POINT_BITS), shift_right(y, CORDIC_BITS - POINT_BITS)};
}

/* The angle at which a point with x, y >= 0 is seen from the origin; y > 0. */
static int64_t angle_of(int64_t x, int64_t y)
{
        int64_t angle = 0;

        x <<= CORDIC_BITS / 2;
        y <<= CORDIC_BITS / 2;
        for (int i = 0; i < STEPS; i++) {
                int64_t across = shift_right(y, i);
                int64_t up = shift_right(x, i);

                if (y >= 0) {
                        x += across;
                        y -= up;
                        angle += arctan[i];
                } else {
                        x -= across;
                        y += up;
                        angle -= arctan[i];
                }
        }
        return angle > 0 ? angle : 0;
}

static int64_t square_root(int64_t value)
{
        int64_t root = 0;

        for (int64_t bit = INT64_C(1) << 62; bit > 0; bit >>= 2) {
                if (value >= root + bit) {
                        value -= root + bit;
                        root += bit << 1;
                }
                root >>= 1;
        }
        return root;
}

typedef struct point {
        int64_t x, y, z;
} point;

static point point_of(int64_t latitude_e7, int64_t longitude_e7)
{
        const int64_t right_e7 = 900000000;
        int behind = longitude_e7 > right_e7 || longitude_e7 < -right_e7;
        direction up = direction_of(latitude_e7 * (INT64_C(1) << ANGLE_BITS));
        direction round;

        /* CORDIC turns by a right angle at most: places on the far side are turned half round. */
        if (behind)
                longitude_e7 += longitude_e7 > 0 ? -2 * right_e7 : 2 * right_e7;
        round = direction_of(longitude_e7 * (INT64_C(1) << ANGLE_BITS));
        if (behind)
                round = (direction){-round.x, -round.y};
        return (point){shift_right(up.x * round.x, POINT_BITS),
                shift_right(up.x * round.y, POINT_BITS), up.y};
}

static int64_t length_of(int64_t x, int64_t y, int64_t z)
{
        return square_root(x * x + y * y + z * z);
}

static int is_place(int64_t latitude_e7, int64_t longitude_e7)
{
        return latitude_e7 >= -900000000 && latitude_e7 <= 900000000 &&
               longitude_e7 >= -1800000000 && longitude_e7 <= 1800000000;
}

int64_t ocore_distance_m(int64_t latitude_a_e7, int64_t longitude_a_e7, int64_t latitude_b_e7,
        int64_t longitude_b_e7)
{
        const int64_t half_round = INT64_C(1800000000) << ANGLE_BITS;
        int64_t between = 0;
        int64_t distance_mm = 0;
        point a, b;

        if (!is_place(latitude_a_e7, longitude_a_e7) || !is_place(latitude_b_e7, longitude_b_e7))
                return -1;
        a = point_of(latitude_a_e7, longitude_a_e7);
        b = point_of(latitude_b_e7, longitude_b_e7);
        /* Half the angle has the chord and its supplement as sides: exact near and far alike. */
        between = length_of(a.x - b.x, a.y - b.y, a.z - b.z);
        if (between == 0)
                return 0;
        between = 2 * angle_of(length_of(a.x + b.x, a.y + b.y, a.z + b.z), between);
        if (ocore__multiply_divide(
                    between, HALF_ROUND_MM, half_round, OCORE__HALF_UP, &distance_mm))
                return -1;
        return (distance_mm + 500) / 1000;
}
