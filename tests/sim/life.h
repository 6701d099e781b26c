/*
 * One whole life of a small shop, step by step: catalogue, goods, holds, a draft that is corrected
 * and placed, money, two shipments, returns, an order from a hold, a hold that lapses, effects.
 *
 * Every step is one call with fixed ids at a fixed time, so that it can be carried out again: what
 * was done before answers the same. The answers, as bytes, are the transcript of a life; two lives
 * are alike when their transcripts are.
 */
#ifndef ORDERCORE_TESTS_LIFE_H
#define ORDERCORE_TESTS_LIFE_H

#include "base/arena.h"

#include <ordercore.h>

enum { LIFE_STEPS_MAX = 128, LIFE_TOLD_MAX = 128 };

/* A story: steps as data. */
typedef struct life_book life_book;
extern const life_book life_sale; /* from the catalogue to the last refund */
extern const life_book
        life_supply; /* lots, counts, transfers, bundles, waiting, purchases, promises */

typedef struct life {
        const life_book *book;
        ocore_core *core;
        ocore__arena arena; /* of the transcript; the C library's memory, which never fails here */
        ocore_str answers[LIFE_STEPS_MAX]; /* by step */
        int64_t now_us;
        size_t step; /* the one that is running, or that failed */
        struct {     /* effects acknowledged, each once however often it was told */
                ocore_id subject_id;
                int64_t number;
        } told[LIFE_TOLD_MAX];
        size_t told_count;
        size_t tells; /* calls of the sink */
} life;

void life_begin(life *self); /* the sale */
void life_begin_with(life *self, const life_book *book);
void life_finish(life *self);
/* Clock and sink for the config of the core that it runs on. */
void life_connect(life *self, ocore_config *config);
/* All steps. OCORE_OK, or the status of the step that failed. */
int life_run(life *self, ocore_core *core);
/* One step, at its own time. */
int life_step(life *self, ocore_core *core, size_t step);
/* A day later: what a failure left half told is told again. */
int life_settle(life *self, ocore_core *core);
/* 1: the same answers to every step. On a difference `*step` is its number. */
int life_equal(const life *a, const life *b, size_t *step);
const char *life_step_name(const life *self, size_t step);
size_t life_step_count(const life *self);
/* A fixed id of the life, by number. */
ocore_id life_id(int64_t number);

/* Numbers of ids that tests look at. */
enum {
        LIFE_ORDER = 40, /* saved as a draft, placed, shipped from two sites, partly returned */
        LIFE_ORDER_FROM_HOLD = 80,
        LIFE_HOLD = 30, /* converted */
        LIFE_HOLD_LAPSING = 31,
        LIFE_HOLD_RELEASED = 32,
        LIFE_RETURN = 70
};

#endif
