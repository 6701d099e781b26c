/* What is the same for every store: closing it. */
#include <ordercore/store.h>

void ocore_store_close(ocore_store store)
{
        if (store.ops != NULL && store.ops->close != NULL)
                store.ops->close(store.self);
}
