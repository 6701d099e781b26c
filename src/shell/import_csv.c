/*
 * Reading the files of an import: CSV as RFC 4180 has it, and a table of names.
 */
#include <stdlib.h>
#include <string.h>

#include "import_retail.h"

/* A field as it stands in the file; `quoted` ones still have their doubled quotes. */
typedef struct field {
        char *data;
        size_t size;
        int quoted;
} field;

static int at_break(const char *at, const char *end)
{
        return at == end || *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] == '\n'));
}

static const char *scan_quoted(char **at, char *end, field *out)
{
        char *from = *at + 1;
        char *to = from;
        while ((to = memchr(to, '"', (size_t)(end - to))) != NULL) {
                if (to + 1 == end || to[1] != '"')
                        break;
                to += 2;
        }
        if (to == NULL)
                return "a quote is not closed";
        *out = (field){from, (size_t)(to - from), 1};
        *at = to + 1;
        return *at < end && **at != ',' && !at_break(*at, end) ? "text behind a closing quote"
                                                               : NULL;
}

static const char *scan_plain(char **at, char *end, field *out)
{
        char *to = *at;
        while (!at_break(to, end) && *to != ',') {
                if (*to == '"')
                        return "a quote within a field that does not begin with one";
                to++;
        }
        *out = (field){*at, (size_t)(to - *at), 0};
        *at = to;
        return NULL;
}

/* A doubled quote stands for one. */
static ocore_str unquote(const field *raw)
{
        size_t size = 0;
        for (size_t i = 0; i < raw->size; i++) {
                raw->data[size++] = raw->data[i];
                i += raw->quoted && raw->data[i] == '"';
        }
        return (ocore_str){raw->data, size};
}

/* Steps over a line break, or over all that is left of a line. */
static char *break_pass(char *at, const char *end)
{
        while (at < end && *at != '\n')
                at++;
        return at < end ? at + 1 : at;
}

static int64_t breaks_between(const char *from, const char *to)
{
        int64_t count = 0;
        while (from < to && (from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
                count++;
                from++;
        }
        return count;
}

int csv_next(csv *self, ocore_str fields[CSV_FIELDS], size_t *count, const char **why)
{
        field raw[CSV_FIELDS + 1]; /* the last one takes what is too many */
        *count = 0;
        *why = NULL;
        while (self->at < self->end && at_break(self->at, self->end)) {
                self->at = break_pass(self->at, self->end);
                self->next_line++;
        }
        self->line = self->next_line;
        if (self->at == self->end)
                return 0;
        char *const begin = self->at;
        char *at = begin;
        for (;;) {
                field *into = &raw[*count < CSV_FIELDS ? *count : CSV_FIELDS];
                *why = at < self->end && *at == '"' ? scan_quoted(&at, self->end, into)
                                                    : scan_plain(&at, self->end, into);
                ++*count;
                if (*why != NULL || at_break(at, self->end))
                        break;
                at++; /* over the comma */
        }
        self->at = break_pass(*why != NULL ? begin : at, self->end);
        self->next_line += breaks_between(begin, self->at);
        if (*why != NULL)
                return -1;
        for (size_t i = 0; i < *count && i < CSV_FIELDS; i++)
                fields[i] = unquote(&raw[i]);
        return 1;
}

uint64_t names_hash(uint64_t before, ocore_str text)
{
        for (size_t i = 0; i < text.size; i++)
                before = (before ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
        return before;
}

void *array_grow(void *array, size_t *room, size_t need, size_t size)
{
        size_t more = *room == 0 ? 64 : *room;
        if (array != NULL && need <= *room)
                return array;
        while (more < need)
                more *= 2;
        void *moved = more <= SIZE_MAX / size ? realloc(array, more * size) : NULL;
        if (moved != NULL)
                *room = more;
        return moved;
}

static size_t *slot_of(const names *self, ocore_str text)
{
        size_t at = (size_t)names_hash(NAMES_HASH_START, text) & (self->slot_count - 1);
        while (self->slots[at] != 0 && !ocore_str_equal(self->texts[self->slots[at] - 1], text))
                at = (at + 1) & (self->slot_count - 1);
        return &self->slots[at];
}

/* At most half of the slots are taken, so that a search is short. */
static int slots_grow(names *self)
{
        const size_t slot_count = self->slot_count == 0 ? 1024 : self->slot_count * 2;
        size_t *slots = calloc(slot_count, sizeof *slots);
        if (slots == NULL)
                return 0;
        free(self->slots);
        self->slots = slots;
        self->slot_count = slot_count;
        for (size_t i = 0; i < self->count; i++)
                *slot_of(self, self->texts[i]) = i + 1;
        return 1;
}

int names_number(names *self, ocore_str text, size_t *number)
{
        *number = 0;
        if (self->count * 2 >= self->slot_count && !slots_grow(self))
                return 0;
        size_t *slot = slot_of(self, text);
        if (*slot == 0) {
                ocore_str *texts =
                        array_grow(self->texts, &self->room, self->count + 1, sizeof *texts);
                if (texts == NULL)
                        return 0;
                self->texts = texts;
                self->texts[self->count++] = text;
                *slot = self->count;
        }
        *number = *slot - 1;
        return 1;
}

void names_free(names *self)
{
        free(self->texts);
        free(self->slots);
        *self = (names){.texts = NULL};
}
