/* The map of the sourcing example: an equirectangular projection, whole numbers throughout. */
#include "map.h"

#include <string.h>

enum { COLUMNS = 76, ROWS = 28, WIDTH = 900, HEIGHT = 700 };

/* Where a coordinate is on an axis of so many steps. */
static int step_of(int64_t at, int64_t from, int64_t to, int steps)
{
        return (int)((at - from) * (steps - 1) / (to - from));
}

static int column_of(const map_view *map, const map_place *place, int columns)
{
        return step_of(place->longitude_e7, map->west_e7, map->east_e7, columns);
}

static int row_of(const map_view *map, const map_place *place, int rows)
{
        return step_of(-place->latitude_e7, -map->north_e7, -map->south_e7, rows);
}

static void put_char(char grid[ROWS][COLUMNS + 1], int column, int row, char c)
{
        if (column >= 0 && column < COLUMNS && row >= 0 && row < ROWS)
                grid[row][column] = c;
}

/* A line of dots between two places, as long as it is high or wide. */
static void put_line(char grid[ROWS][COLUMNS + 1], int x, int y, int to_x, int to_y)
{
        const int wide = to_x > x ? to_x - x : x - to_x;
        const int high = to_y > y ? to_y - y : y - to_y;
        const int steps = wide > high ? wide : high;

        for (int i = 1; i < steps; i++)
                put_char(grid, x + (to_x - x) * i / steps, y + (to_y - y) * i / steps, '.');
}

static void put_name(char grid[ROWS][COLUMNS + 1], int column, int row, const char *name)
{
        for (size_t i = 0; name[i] != '\0'; i++)
                put_char(grid, column + 1 + (int)i, row, name[i]);
}

void map_text(const map_view *map, FILE *out)
{
        char grid[ROWS][COLUMNS + 1];
        const int goal_x = column_of(map, &map->goal, COLUMNS);
        const int goal_y = row_of(map, &map->goal, ROWS);

        for (int row = 0; row < ROWS; row++) {
                memset(grid[row], ' ', COLUMNS);
                grid[row][COLUMNS] = '\0';
        }
        for (size_t i = 0; i < map->place_count; i++)
                if (map->places[i].chosen)
                        put_line(grid, column_of(map, &map->places[i], COLUMNS),
                                row_of(map, &map->places[i], ROWS), goal_x, goal_y);
        for (size_t i = 0; i < map->place_count; i++) {
                const map_place *place = &map->places[i];
                const int x = column_of(map, place, COLUMNS), y = row_of(map, place, ROWS);

                put_char(grid, x, y, place->chosen ? '#' : 'o');
                put_name(grid, x, y, place->name);
        }
        put_char(grid, goal_x, goal_y, '@');
        put_name(grid, goal_x, goal_y, map->goal.name);
        for (int row = 0; row < ROWS; row++) {
                size_t size = COLUMNS;

                while (size > 0 && grid[row][size - 1] == ' ')
                        size--;
                fprintf(out, "%.*s\n", (int)size, grid[row]);
        }
}

static void svg_place(const map_view *map, const map_place *place, const char *colour, FILE *out)
{
        const int x = column_of(map, place, WIDTH), y = row_of(map, place, HEIGHT);

        fprintf(out,
                "  <circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"%s\"/>\n"
                "  <text x=\"%d\" y=\"%d\">%s%s%s</text>\n",
                x, y, place->chosen ? 8 : 5, colour, x + 11, y + 5, place->name,
                place->note[0] != '\0' ? " " : "", place->note);
}

void map_svg(const map_view *map, FILE *out)
{
        fprintf(out,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                "font-family=\"sans-serif\" font-size=\"15\">\n"
                "  <title>From where an order to %s is sent</title>\n"
                "  <rect width=\"%d\" height=\"%d\" fill=\"#f4f1ea\"/>\n",
                WIDTH, HEIGHT, map->goal.name, WIDTH, HEIGHT);
        for (size_t i = 0; i < map->place_count; i++)
                if (map->places[i].chosen)
                        fprintf(out,
                                "  <line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" "
                                "stroke=\"#2a7f62\" stroke-width=\"3\"/>\n",
                                column_of(map, &map->places[i], WIDTH),
                                row_of(map, &map->places[i], HEIGHT),
                                column_of(map, &map->goal, WIDTH), row_of(map, &map->goal, HEIGHT));
        for (size_t i = 0; i < map->place_count; i++)
                svg_place(map, &map->places[i], map->places[i].chosen ? "#2a7f62" : "#9a948a", out);
        svg_place(map, &map->goal, "#c1272d", out);
        fprintf(out, "</svg>\n");
}
