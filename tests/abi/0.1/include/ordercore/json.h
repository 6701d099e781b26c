/**
 * @file json.h
 * Every command as JSON, in libordercore-json.
 *
 * Amounts are strings with currency ("12.50 EUR"), quantities decimal strings ("1.250"), ids UUID
 * text, times RFC 3339, choices their names. Floats, duplicate keys, unknown fields and trailing
 * text are refused with the place.
 */
#ifndef ORDERCORE_JSON_H
#define ORDERCORE_JSON_H

#include "command.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Calls a command by name.
 * @param core the core
 * @param name "order.place"
 * @param args a JSON object; empty text counts as {}
 * @param out  one line of JSON without a line break, NUL-terminated: `{"ok": true, "answer": …}` or
 *             `{"ok": false, "status": …, "field": …, "message": …}`; NULL only without memory; to
 *             be given back with ocore_json_free()
 * @return what the command returned; OCORE_NOT_FOUND for an unknown name; OCORE_INVALID for bad
 *         JSON; OCORE_NOMEM, and then the command may have been carried out: repeat it with the
 *         same id. Since 0.1.
 */
OCORE_API int ocore_json_call(ocore_core *core, ocore_str name, ocore_str args, char **out);

/**
 * Calls one line of a batch: `{"call": "order.place", "args": {…}}`. Answers as ocore_json_call().
 * Since 0.1.
 */
OCORE_API int ocore_json_line(ocore_core *core, ocore_str line, char **out);

/**
 * The name that a field has in JSON: without the unit at its end ("total_minor" is "total",
 * "expires_us" is "expires"), because there the value says its unit itself. Also takes a path
 * ("lines[2].unit_price_minor"). Borrowed from `name`. Since 0.1.
 */
OCORE_API ocore_str ocore_json_field_name(ocore_str name);

/** Gives back what a function here returned; NULL is allowed. Since 0.1. */
OCORE_API void ocore_json_free(char *text);

#ifdef __cplusplus
}
#endif
#endif
