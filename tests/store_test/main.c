/*
 * ordercore-store-test: the conformance suite as a program. It tests the stores that come with the
 * library, by name, and those of outside authors, who build theirs as a plug-in.
 */
#include "durability.h"

#include "shell/stores.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_PASSED = 0, EXIT_FAILED = 1, EXIT_MISUSED = 2, KILLS = 30, POWER_CUTS = 200 };

typedef struct options {
        int64_t seed;
        int64_t rounds;
        int64_t cuts;
        int64_t class; /* -1: what the store declares */
        unsigned flags;
        int scratch;
        int server;
} options;

/* What was printed. */
typedef struct results {
        subject *store;
        int64_t tests;
        int64_t failed;
} results;

static const char usage[] =
        "usage: ordercore-store-test [OPTION]... STORE...\n"
        "Tests that a store does what ordercore/store.h says. STORE is one of\n"
        "  " SHELL_STORE_NAMES "\n"
        "  PLUGIN.so ARGUMENT   a store of your own; see docs/guide/own-store.md\n"
        "FILE must not be there: tests write to new files beside it.\n"
        "\n"
        "  --seed N     where random checks begin; default 1\n"
        "  --rounds N   random batches; default 2000\n"
        "  --cuts N     how often the writer is ended; default 30 by kill, 200 by loss of power\n"
        "  --class N    test for this durability class (0 to 3), whatever the store declares\n"
        "  --relaxed    open sqlite: and journal: so that they do not sync each write\n"
        "  --server     the plug-in's ARGUMENT names a server: give it as it is, and empty the\n"
        "               suite's tables between checks\n"
        "  --scratch    delete what stands in the suite's tables on a server at the beginning\n"
        "  --help       this\n"
        "\n"
        "Prints TAP. Ends with 0: all passed, 1: something failed, 2: it was called wrongly or a\n"
        "store cannot be tested.\n";

static int misused(const char *about, const char *what)
{
        (void)fflush(stdout);
        (void)fprintf(stderr, "ordercore-store-test: %s: %s\n", about, what);
        return EXIT_MISUSED;
}

/* One line of TAP; what is behind `detail` stays on its line. */
static void result(results *self, int passed, const char *check, const char *detail)
{
        size_t n;

        self->tests++;
        self->failed += !passed;
        (void)printf("%s %" PRId64 " - %s %s\n", passed ? "ok" : "not ok", self->tests,
                self->store->name, check);
        if (detail[0] != '\0') {
                (void)fputs("# ", stdout);
                for (n = 0; detail[n] != '\0'; n++) {
                        (void)putchar((unsigned char)detail[n] < ' ' ? ' ' : detail[n]);
                }
                (void)putchar('\n');
        }
        (void)fflush(stdout);
}

static int suite_make(void *user_data, ocore_store *out)
{
        const results *self = user_data;
        int status = subject_next(self->store);

        if (status == OCORE_OK) {
                status = subject_open(self->store, out);
        }
        if (status != OCORE_OK) {
                (void)printf("# %s\n", self->store->words);
        }
        return status;
}

static int suite_reopen(void *user_data, ocore_store *store)
{
        const results *self = user_data;
        int status;

        store->ops->close(store->self);
        status = subject_open(self->store, store);
        if (status != OCORE_OK) {
                (void)printf("# %s\n", self->store->words);
        }
        return status;
}

static void suite_report(void *user_data, const char *check, int64_t passed, const char *detail)
{
        result(user_data, passed != 0, check, detail);
}

/* Looks at the store as it is, before anything is tested. EXIT_PASSED when it may be. */
static int look(subject *store, const options *wanted)
{
        ocore_store opened;
        int64_t rows = 0;
        int status = subject_open(store, &opened);

        if (status != OCORE_OK) {
                return misused(store->name, store->words);
        }
        if (store->place == SUBJECT_ON_SERVER) {
                status = ocore_store_suite_rows(opened, &rows);
                if (status == OCORE_VERSION_MISMATCH) {
                        (void)snprintf(store->words, sizeof store->words,
                                "the suite has been there, and its last check leaves newer tables. "
                                "Make the database anew. (%.200s)",
                                subject_message(opened));
                } else if (status != OCORE_OK) {
                        (void)snprintf(store->words, sizeof store->words,
                                "opening it with the suite's tables returned %d (%s): %.200s",
                                status, ocore_status_name(status), subject_message(opened));
                } else if (rows > 0 && !wanted->scratch) {
                        (void)snprintf(store->words, sizeof store->words,
                                "the suite's tables hold %" PRId64
                                " rows. Name another database, or delete them with --scratch",
                                rows);
                        status = OCORE_STATE;
                }
        }
        opened.ops->close(opened.self);
        if (status != OCORE_OK) {
                return misused(store->name, store->words);
        }
        return EXIT_PASSED;
}

static void durability_test(results *self, const options *wanted, int64_t class)
{
        durability test = {.store = self->store, .seed = wanted->seed};
        char words[DURABILITY_DETAIL + 100];
        int passed;

        if (class == OCORE_DURABLE_MEMORY) {
                (void)printf("# %s declares D0: nothing is promised, nothing to test\n",
                        self->store->name);
                return;
        }
        if (self->store->place == SUBJECT_IN_MEMORY) {
                result(self, 0, "durability", "what is in memory cannot be opened again");
                return;
        }
        test.cuts = wanted->cuts != 0 ? wanted->cuts : KILLS;
        passed = durability_kill(&test);
        (void)snprintf(words, sizeof words,
                "%s%s%" PRId64 " acknowledged batches, the writer killed %" PRId64 " times",
                test.detail, passed ? "" : "; ", test.batches, test.ended);
        result(self, passed,
                self->store->place == SUBJECT_ON_SERVER ? "D1, the loss of the client"
                                                        : "D1, the death of the process",
                words);
        if (class < OCORE_DURABLE_POWER) {
                return;
        }
        if (self->store->place == SUBJECT_ON_SERVER) {
                (void)printf("# %s declares D%" PRId64
                             ": what the server itself survives is not seen from here\n",
                        self->store->name, class);
                return;
        }
        if (!durability_power_known()) {
                (void)printf("ok %" PRId64 " - %s D2 # SKIP the power can be cut on Linux only\n",
                        ++self->tests, self->store->name);
                return;
        }
        test = (durability){.store = self->store, .seed = wanted->seed};
        test.cuts = wanted->cuts != 0 ? wanted->cuts : POWER_CUTS;
        passed = durability_power(&test);
        (void)snprintf(words, sizeof words,
                "%s%s%" PRId64 " acknowledged batches, the power cut in the middle %" PRId64
                " times",
                test.detail, passed ? "" : "; ", test.batches, test.ended);
        result(self, passed, "D2, the loss of power", words);
}

static int store_test(results *self, const options *wanted)
{
        ocore_store_suite_config config = {
                .struct_size = sizeof config,
                .make = suite_make,
                .report = suite_report,
                .user_data = self,
                .seed = wanted->seed,
                .rounds = wanted->rounds,
        };
        int64_t class;
        int end;

        if (subject_init(self->store) != 0) {
                return misused(self->store->name, self->store->words);
        }
        end = look(self->store, wanted);
        if (end != EXIT_PASSED) {
                return end;
        }
        class = wanted->class >= 0 ? wanted->class : self->store->durability;
        (void)printf("# %s, durability class D%" PRId64 "%s, seed %" PRId64 "\n", self->store->name,
                class, wanted->class >= 0 ? " by --class" : "", wanted->seed);
        if (class > OCORE_DURABLE_NODE || class < 0) {
                result(self, 0, "declares its durability", "ops->durability is none of D0 to D3");
                class = OCORE_DURABLE_MEMORY;
        }
        if (class != OCORE_DURABLE_MEMORY && self->store->place != SUBJECT_IN_MEMORY) {
                config.reopen = suite_reopen;
        }
        /* First, because the suite's last check leaves the tables of a later version. */
        durability_test(self, wanted, class);
        if (ocore_store_suite(&config, NULL) == OCORE_NOMEM) {
                return misused(self->store->name, "there is no memory");
        }
        return EXIT_PASSED;
}

static int number_read(const char *text, int64_t least, int64_t most, int64_t *out)
{
        char *end = NULL;
        long long read;

        errno = 0;
        read = strtoll(text, &end, 10);
        if (errno != 0 || end == text || *end != '\0' || read < least || read > most) {
                return 0;
        }
        *out = read;
        return 1;
}

/* EXIT_PASSED; EXIT_MISUSED after a message; -1 when help was asked for. */
static int options_read(int count, char **words, options *out)
{
        static const struct option known[] = {
                {"seed", required_argument, NULL, 's'},
                {"rounds", required_argument, NULL, 'r'},
                {"cuts", required_argument, NULL, 'c'},
                {"class", required_argument, NULL, 'd'},
                {"relaxed", no_argument, NULL, 'x'},
                {"server", no_argument, NULL, 'v'},
                {"scratch", no_argument, NULL, 'w'},
                {"help", no_argument, NULL, 'h'},
                {NULL, 0, NULL, 0},
        };
        int fine = 1;
        int found;

        while ((found = getopt_long(count, words, "h", known, NULL)) != -1) {
                switch (found) {
                case 's': fine = number_read(optarg, 1, INT64_MAX, &out->seed); break;
                case 'r': fine = number_read(optarg, 1, 100000000, &out->rounds); break;
                case 'c': fine = number_read(optarg, 1, 1000000, &out->cuts); break;
                case 'd': fine = number_read(optarg, 0, OCORE_DURABLE_NODE, &out->class); break;
                case 'x': out->flags |= SHELL_STORE_RELAXED; break;
                case 'v': out->server = 1; break;
                case 'w': out->scratch = 1; break;
                case 'h': return -1;
                default: return misused("option", "not understood; --help lists them");
                }
                if (!fine) {
                        return misused(optarg, "a number from --help is expected here");
                }
        }
        return EXIT_PASSED;
}

/* The plug-in is a file; a store's name is a word and a colon. */
static int is_plugin(const char *word)
{
        size_t size = strlen(word);

        return size > 3 && strcmp(word + size - 3, ".so") == 0 && strchr(word, '/') != NULL;
}

int main(int count, char **words)
{
        options wanted = {.seed = 1, .class = -1};
        results all = {NULL, 0, 0};
        int end = options_read(count, words, &wanted);
        int n;

        if (end == -1) {
                (void)fputs(usage, stdout);
                return EXIT_PASSED;
        }
        if (end != EXIT_PASSED) {
                return end;
        }
        /* A reader that goes away must not leave files behind. */
        (void)signal(SIGPIPE, SIG_IGN);
        if (optind == count) {
                return misused("no store", "name one; --help says how");
        }
        for (n = optind; n < count && end == EXIT_PASSED; n++) {
                static subject store;

                store = (subject){.name = words[n], .flags = wanted.flags};
                if (is_plugin(words[n])) {
                        if (++n == count) {
                                return misused(store.name, "its ARGUMENT is missing");
                        }
                        store.argument = words[n];
                        store.place = wanted.server ? SUBJECT_ON_SERVER : SUBJECT_IN_FILE;
                }
                all.store = &store;
                end = store_test(&all, &wanted);
                subject_finish(&store);
        }
        (void)printf("1..%" PRId64 "\n", all.tests);
        if (fflush(stdout) != 0 || ferror(stdout)) {
                return misused("standard output", "what was found could not be written");
        }
        return end != EXIT_PASSED ? end : all.failed > 0 ? EXIT_FAILED : EXIT_PASSED;
}
