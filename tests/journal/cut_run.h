/* A life on a journal on an emulated chip, whose power can be cut; shared by the tests of cuts. */
#ifndef ORDERCORE_TESTS_CUT_RUN_H
#define ORDERCORE_TESTS_CUT_RUN_H

#include "life.h"
#include "shadow.h"
#include "support.h"

#include <ordercore/flash_emulator.h>

typedef struct cut_run {
        test_memory memory;
        ocore_flash_plan plan;
        ocore_flash *flash;
        ocore_journal_config config;
        shadow known;
        ocore_store store;
        ocore_core *core;
        life story;
        size_t step; /* up to here the life was acknowledged */
} cut_run;

/* What was told by a life that nothing disturbed. */
extern life cut_undisturbed;
/* The story that is cut; set before cut_remember(). */
extern const life_book *cut_book;
int cut_remember(void **state);
int cut_forget(void **state);

/* A new chip and an empty life; sizes of 0 are the default. */
void cut_begin(cut_run *self, const ocore_flash_config *chip, int64_t compact_bytes);
/* Fails if anything leaked or a unit was programmed twice. */
void cut_end(cut_run *self, const char *where);
/* A store and a core on what the chip holds. */
int cut_open(cut_run *self);
void cut_close(cut_run *self);
/* Goes on with the life where it stopped. OCORE_OK at its end. */
int cut_live(cut_run *self);
/* The core was opened after a cut: what is there is what was acknowledged, and it is sound. */
void cut_check(cut_run *self, const char *where);
/* The life is over: it was the same as the undisturbed one. */
void cut_check_end(cut_run *self, const char *where);
/* What the chip or the store said, for people. */
const char *cut_words(const cut_run *self);

#endif
