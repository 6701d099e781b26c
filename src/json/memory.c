/*
 * The memory of one call and the growing text of its answer, both from jansson's allocator.
 */
#include <inttypes.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "json_private.h"

struct ocore__json_block {
        struct ocore__json_block *next;
};

/* What stands in front of the bytes that are handed out keeps them aligned for any object. */
#define BLOCK_SIZE                                                                                 \
        ((sizeof(struct ocore__json_block) + alignof(max_align_t) - 1) / alignof(max_align_t) *    \
                alignof(max_align_t))

static void *memory_take(size_t size)
{
        json_malloc_t take = NULL;
        json_get_alloc_funcs(&take, NULL);
        return take(size);
}

static void memory_give(void *memory)
{
        json_free_t give = NULL;
        json_get_alloc_funcs(NULL, &give);
        give(memory);
}

void *ocore__json_allocate(ocore__json_memory *memory, size_t size)
{
        if (size > SIZE_MAX - BLOCK_SIZE)
                return NULL;
        struct ocore__json_block *block = memory_take(BLOCK_SIZE + size);
        if (block == NULL)
                return NULL;
        memset(block, 0, BLOCK_SIZE + size);
        block->next = memory->blocks;
        memory->blocks = block;
        return (char *)block + BLOCK_SIZE;
}

void ocore__json_release(ocore__json_memory *memory)
{
        while (memory->blocks != NULL) {
                struct ocore__json_block *next = memory->blocks->next;
                memory_give(memory->blocks);
                memory->blocks = next;
        }
}

/* Doubling keeps the cost of a long answer linear. */
static int output_reserve(ocore__json_output *output, size_t size)
{
        if (output->failed)
                return 0;
        if (size <= output->room - output->used)
                return 1;
        size_t room = output->room < 512 ? 512 : output->room;
        while (room - output->used < size && room <= SIZE_MAX / 2)
                room *= 2;
        char *data = room - output->used < size ? NULL : memory_take(room);
        if (data == NULL) {
                output->failed = 1;
                return 0;
        }
        if (output->used > 0)
                memcpy(data, output->data, output->used);
        if (output->data != NULL)
                memory_give(output->data);
        output->data = data;
        output->room = room;
        return 1;
}

void ocore__json_put(ocore__json_output *output, const char *text, size_t size)
{
        if (size == 0 || !output_reserve(output, size))
                return;
        memcpy(output->data + output->used, text, size);
        output->used += size;
}

void ocore__json_put_string(ocore__json_output *output, const char *text)
{
        ocore__json_put(output, text, strlen(text));
}

void ocore__json_put_number(ocore__json_output *output, int64_t number)
{
        char digits[OCORE_NUMBER_TEXT_SIZE];
        int length = snprintf(digits, sizeof digits, "%" PRId64, number);
        if (length > 0)
                ocore__json_put(output, digits, (size_t)length);
}

/* Bytes of the UTF-8 character at `text` (RFC 3629: no overlong forms, no surrogates, nothing
 * above U+10FFFF), 0 when there is none. */
static size_t utf8_length(const unsigned char *text, size_t size)
{
        static const struct {
                unsigned char first_min, first_max, second_min, second_max;
                size_t length;
        } forms[] = {
                {0x00, 0x7f, 0x00, 0x00, 1},
                {0xc2, 0xdf, 0x80, 0xbf, 2},
                {0xe0, 0xe0, 0xa0, 0xbf, 3},
                {0xe1, 0xec, 0x80, 0xbf, 3},
                {0xed, 0xed, 0x80, 0x9f, 3},
                {0xee, 0xef, 0x80, 0xbf, 3},
                {0xf0, 0xf0, 0x90, 0xbf, 4},
                {0xf1, 0xf3, 0x80, 0xbf, 4},
                {0xf4, 0xf4, 0x80, 0x8f, 4},
        };
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
                if (text[0] < forms[i].first_min || text[0] > forms[i].first_max)
                        continue;
                if (forms[i].length > size)
                        return 0;
                if (forms[i].length == 1)
                        return 1;
                if (text[1] < forms[i].second_min || text[1] > forms[i].second_max)
                        return 0;
                for (size_t k = 2; k < forms[i].length; k++)
                        if ((text[k] & 0xc0) != 0x80)
                                return 0;
                return forms[i].length;
        }
        return 0;
}

static void put_escaped(ocore__json_output *output, unsigned char byte)
{
        static const char hex[] = "0123456789abcdef";
        static const char named[] = "\"\"\\\\\nn\rr\tt\bb\ff";
        for (size_t i = 0; i + 1 < sizeof named; i += 2) {
                if ((unsigned char)named[i] == byte) {
                        const char pair[2] = {'\\', named[i + 1]};
                        ocore__json_put(output, pair, sizeof pair);
                        return;
                }
        }
        const char escape[6] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
        ocore__json_put(output, escape, sizeof escape);
}

void ocore__json_put_quoted(ocore__json_output *output, ocore_str text)
{
        const unsigned char *bytes = (const unsigned char *)text.data;
        size_t done = 0; /* everything before this is written */
        size_t at = 0;
        ocore__json_put(output, "\"", 1);
        while (at < text.size) {
                unsigned char byte = bytes[at];
                if (byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\') {
                        at++;
                        continue;
                }
                size_t length = byte < 0x80 ? 1 : utf8_length(bytes + at, text.size - at);
                if (byte >= 0x80 && length > 0) {
                        at += length;
                        continue;
                }
                ocore__json_put(output, text.data + done, at - done);
                if (byte < 0x80)
                        put_escaped(output, byte);
                else
                        ocore__json_put_string(output, "\xef\xbf\xbd");
                at++;
                done = at;
        }
        if (text.size > done)
                ocore__json_put(output, text.data + done, text.size - done);
        ocore__json_put(output, "\"", 1);
}

char *ocore__json_finish(ocore__json_output *output)
{
        ocore__json_put(output, "", 1);
        if (output->failed) {
                if (output->data != NULL)
                        memory_give(output->data);
                output->data = NULL;
        }
        return output->data;
}

void ocore_json_free(char *text)
{
        if (text != NULL)
                memory_give(text);
}
