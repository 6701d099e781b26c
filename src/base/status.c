/* Status codes by name, the version, and the two smallest words about text. */
#include <ordercore/base.h>

#include <string.h>

#define TEXT_OF(x) #x
#define VERSION_OF(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *ocore_version(void)
{
        return VERSION_OF(OCORE_VERSION_MAJOR, OCORE_VERSION_MINOR, OCORE_VERSION_PATCH);
}

const char *ocore_status_name(int status)
{
        switch (status) {
        case OCORE_OK: return "OK";
        case OCORE_DONE: return "DONE";
        case OCORE_ALREADY: return "ALREADY";
        case OCORE_INVALID: return "INVALID";
        case OCORE_NOMEM: return "NOMEM";
        case OCORE_REENTRANT: return "REENTRANT";
        case OCORE_LIMIT: return "LIMIT";
        case OCORE_OVERFLOW: return "OVERFLOW";
        case OCORE_NOT_FOUND: return "NOT_FOUND";
        case OCORE_ID_REUSED: return "ID_REUSED";
        case OCORE_OUT_OF_STOCK: return "OUT_OF_STOCK";
        case OCORE_STATE: return "STATE";
        case OCORE_BUSY: return "BUSY";
        case OCORE_UNKNOWN: return "UNKNOWN";
        case OCORE_STORE: return "STORE";
        case OCORE_CORRUPT: return "CORRUPT";
        case OCORE_SENSITIVE: return "SENSITIVE";
        case OCORE_LAPSED: return "LAPSED";
        case OCORE_EXISTS: return "EXISTS";
        case OCORE_VERSION_MISMATCH: return "VERSION_MISMATCH";
        case OCORE_CONFLICT: return "CONFLICT";
        default: return "?";
        }
}

ocore_str ocore_str_of(const char *text)
{
        ocore_str str = {text, text != NULL ? strlen(text) : 0};

        return str;
}

int ocore_str_equal(ocore_str a, ocore_str b)
{
        return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}
