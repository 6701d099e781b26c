/* A small map of a part of the world, drawn as text and as SVG: places, and lines between them. */
#ifndef SOURCING_MAP_H
#define SOURCING_MAP_H

#include <stdint.h>
#include <stdio.h>

/* A place on the map. */
typedef struct map_place {
        const char *name; /* letters of ASCII */
        int64_t latitude_e7;
        int64_t longitude_e7;
        int chosen;       /* a line goes from it to the goal */
        const char *note; /* stands behind the name in the SVG */
} map_place;

/* What is drawn: places, and the goal of the lines. */
typedef struct map_view {
        int64_t south_e7, north_e7, west_e7, east_e7;
        const map_place *places;
        size_t place_count;
        map_place goal;
} map_view;

void map_text(const map_view *map, FILE *out);
void map_svg(const map_view *map, FILE *out);

#endif
