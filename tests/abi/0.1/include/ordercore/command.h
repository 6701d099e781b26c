/**
 * @file command.h
 * The table of all commands, by name: what bindings, the JSON surface and the shell are made from.
 *
 * A name is `noun.verb`; a request and an answer are structs with a description, and `call` is the
 * C function behind it. Whatever can be done in C can be done through this table.
 */
#ifndef ORDERCORE_COMMAND_H
#define ORDERCORE_COMMAND_H

#include "report.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Calls a command.
 * @param request the struct that `ocore_command.request` describes, with its struct_size set
 * @param out     the struct that `ocore_command.answer` describes
 */
typedef int (*ocore_call_fn)(ocore_core *core, const void *request, const void **out);

/** One command. Library-filled, static. */
typedef struct ocore_command {
        const char *name;            /**< "order.place" */
        const char *note;            /**< What it does, in a phrase. */
        const ocore_record *request; /**< Its request; `struct_size` and then these fields. */
        const ocore_record *answer;  /**< Its answer. */
        ocore_call_fn call;          /**< The function. */
        int64_t changes;             /**< 1: it changes something and has an id; 0: it only asks. */
} ocore_command;

/** The n-th command from 0, in the order of the help; NULL past the end. Since 0.1. */
OCORE_API const ocore_command *ocore_command_at(size_t n);

/** The command of this name, NULL when there is none. Since 0.1. */
OCORE_API const ocore_command *ocore_command_find(ocore_str name);

#ifdef __cplusplus
}
#endif
#endif
