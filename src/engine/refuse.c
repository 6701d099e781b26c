/* Refusals in the words of a room, and ids made from clock and randomness. */
#include "core.h"

#include <stdarg.h>
#include <string.h>

int ocore__refuse(ocore__work *work, int status, const char *field, const char *format, ...)
{
        char text[320];
        ocore__writer writer;
        va_list arguments;

        ocore__writer_init(&writer, text, sizeof text);
        va_start(arguments, format);
        ocore__write_list(&writer, format, arguments);
        va_end(arguments);
        ocore__error_add(work->core, status, ocore_str_of(field), (ocore_str){text, writer.used});
        return status;
}

int ocore__torn(ocore__work *work, const char *field, const char *format, ...)
{
        char text[320];
        ocore__writer writer;
        va_list arguments;

        ocore__writer_init(&writer, text, sizeof text);
        va_start(arguments, format);
        ocore__write_list(&writer, format, arguments);
        va_end(arguments);
        ocore__error_add(
                work->core, OCORE_CORRUPT, ocore_str_of(field), (ocore_str){text, writer.used});
        return OCORE_CONFLICT;
}

const char *ocore__at(ocore__work *work, const char *list, size_t index, const char *field)
{
        enum { ROOM = 96 };
        char *text = ocore__arena_take(work->arena, ROOM);
        int64_t number = (int64_t)index;
        ocore__writer writer;

        if (!text)
                return list;
        ocore__writer_init(&writer, text, ROOM);
        ocore__write(&writer, "%s[%d].%s", list, &number, field);
        return text;
}

int ocore__refused(const ocore__work *work)
{
        return (int)ocore_last_error(work->core)->status;
}

void ocore__refusals_clear(ocore__work *work)
{
        ocore__errors_clear(work->core);
}

/* UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, a 12-bit counter that keeps ids of one
 * millisecond in order, 62 random bits. A clock that stands still or goes back does not break the
 * order: the time of the last id is used until the counter is full, then it is moved on. */
int ocore_id_make(ocore_core *core, ocore_id *out)
{
        int64_t ms;
        uint8_t *b;
        int status;

        if (!out)
                return OCORE_INVALID;
        *out = (ocore_id){{0}};
        status = ocore__enter(core);
        if (status)
                return status;
        b = out->bytes;
        if (!core->config.random || core->config.random(core->config.random_data, b + 8, 8) < 0) {
                *out = (ocore_id){{0}};
                return ocore__leave(
                        core, ocore__error_add(core, OCORE_INVALID, ocore_str_of("random"),
                                      ocore_str_of("there is no randomness; give "
                                                   "ocore_config.random")));
        }
        ms = ocore__now(core) / 1000;
        if (ms > core->id_last_ms) {
                core->id_last_ms = ms;
                core->id_counter = 0;
        } else if (++core->id_counter > 0xfff) {
                core->id_last_ms++;
                core->id_counter = 0;
        }
        ms = core->id_last_ms;
        for (int i = 0; i < 6; i++)
                b[i] = (uint8_t)(ms >> (40 - 8 * i));
        b[6] = (uint8_t)(0x70 | core->id_counter >> 8);
        b[7] = (uint8_t)core->id_counter;
        b[8] = (uint8_t)(0x80 | (b[8] & 0x3f));
        return ocore__leave(core, OCORE_OK);
}
