/* A public function from its procedure: they are all alike. */
#ifndef ORDERCORE_ENGINE_PROCEDURE_H
#define ORDERCORE_ENGINE_PROCEDURE_H

#include "engine.h"

#define OCORE__PUBLIC(function, request_type, answer_type, procedure)                              \
        int function(ocore_core *core, const request_type *request, const answer_type **out)       \
        {                                                                                          \
                const void *answer;                                                                \
                int status = ocore__call(core, &procedure, request, &answer);                      \
                                                                                                   \
                if (out)                                                                           \
                        *out = answer;                                                             \
                return status;                                                                     \
        }

#endif
