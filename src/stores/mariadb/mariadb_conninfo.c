/*
 * The conninfo: words as in libpq's, "host=a,b port=3306 user=shop password='it''s'". A later word
 * of the same name counts instead of an earlier one.
 */
#include "mariadb_store.h"

#include <stdlib.h>
#include <string.h>

enum { HOST, PORT, SOCKET, USER, PASSWORD, DATABASE, TIMEOUT, WORDS };

static const char *const names[WORDS] = {
        "host", "port", "socket", "user", "password", "dbname", "connect_timeout"};

static int blank(char c)
{
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* One value, moved to *to and ended with NUL: within quotes blanks count, and a backslash takes
 * the next byte as it is. Returns where it ended, NULL for a quote that is not closed. */
static const char *value_take(const char *from, char **to)
{
        int quoted = *from == '\'';

        from += quoted;
        while (*from != '\0' && (quoted ? *from != '\'' : !blank(*from))) {
                if (*from == '\\' && *++from == '\0')
                        return NULL;
                *(*to)++ = *from++;
        }
        if (quoted && *from++ != '\'')
                return NULL;
        *(*to)++ = '\0';
        return *from == '\0' || blank(*from) ? from : NULL;
}

/* "name = value" until the end. The room is as large as the text, which is never shorter than
 * what is taken from it. */
static int words_take(const char *text, char *room, const char *words[WORDS])
{
        for (;;) {
                size_t size, word;

                while (blank(*text))
                        text++;
                if (*text == '\0')
                        return OCORE_OK;
                size = strcspn(text, "= \t\n\r");
                for (word = 0; word < WORDS; word++)
                        if (strlen(names[word]) == size && memcmp(names[word], text, size) == 0)
                                break;
                text += size;
                while (blank(*text))
                        text++;
                if (word == WORDS || *text++ != '=')
                        return OCORE_INVALID;
                while (blank(*text))
                        text++;
                words[word] = room;
                text = value_take(text, &room);
                if (text == NULL)
                        return OCORE_INVALID;
        }
}

/* Decimal digits up to `most`; -1 for anything else. */
static long number_of(const char *text, size_t size, long most)
{
        long number = 0;
        size_t n;

        for (n = 0; n < size; n++) {
                if (text[n] < '0' || text[n] > '9')
                        return -1;
                number = number * 10 + (text[n] - '0');
                if (number > most)
                        return -1;
        }
        return size > 0 ? number : -1;
}

/* Cuts a list at its commas: how many, 0 for an empty one or too many. */
static size_t list_cut(char *text, const char *items[OCORE__MARIADB_HOSTS_MAX])
{
        size_t count = 0;

        for (;;) {
                char *comma = strchr(text, ',');

                if (count == OCORE__MARIADB_HOSTS_MAX || *text == '\0' || comma == text)
                        return 0;
                items[count++] = text;
                if (comma == NULL)
                        return count;
                *comma = '\0';
                text = comma + 1;
        }
}

/* One port for all hosts, or one for each. */
static int ports_take(char *text, ocore__mariadb_info *info)
{
        const char *items[OCORE__MARIADB_HOSTS_MAX];
        size_t count = list_cut(text, items);
        size_t n;

        if (count != 1 && count != info->host_count)
                return OCORE_INVALID;
        for (n = 0; n < info->host_count; n++) {
                const char *item = items[count == 1 ? 0 : n];
                long port = number_of(item, strlen(item), 65535);

                if (port < 1)
                        return OCORE_INVALID;
                info->ports[n] = (unsigned)port;
        }
        return OCORE_OK;
}

/* The words into the info; the texts stand in its room, so that lists can be cut there. */
static int words_use(const char *words[WORDS], ocore__mariadb_info *info)
{
        const char *list = words[SOCKET] != NULL ? words[SOCKET] : words[HOST];
        long seconds = 0;

        info->hosts[0] = "localhost";
        info->host_count = 1;
        if (list != NULL)
                info->host_count = list_cut(info->room + (list - info->room), info->hosts);
        if (words[SOCKET] != NULL && info->hosts[0][0] != '/')
                return OCORE_INVALID;
        if (info->host_count == 0 || words[DATABASE] == NULL || words[DATABASE][0] == '\0')
                return OCORE_INVALID;
        if (words[TIMEOUT] != NULL)
                seconds = number_of(words[TIMEOUT], strlen(words[TIMEOUT]), 86400);
        if (seconds < 0)
                return OCORE_INVALID;
        info->connect_timeout_s = (unsigned)seconds;
        info->user = words[USER];
        info->password = words[PASSWORD];
        info->database = words[DATABASE];
        return words[PORT] != NULL ? ports_take(info->room + (words[PORT] - info->room), info)
                                   : OCORE_OK;
}

int ocore__mariadb_info_read(const char *conninfo, ocore__mariadb_info *out)
{
        const char *words[WORDS] = {NULL};
        int status;

        memset(out, 0, sizeof *out);
        out->room = malloc(strlen(conninfo) + 1);
        if (out->room == NULL)
                return OCORE_NOMEM;
        status = words_take(conninfo, out->room, words);
        if (status == OCORE_OK)
                status = words_use(words, out);
        if (status != OCORE_OK)
                ocore__mariadb_info_finish(out);
        return status;
}

void ocore__mariadb_info_finish(ocore__mariadb_info *info)
{
        free(info->room);
        memset(info, 0, sizeof *info);
}
