/* outlook.h: what the failures of an address have come to that count by now: for each scope and reason how far they are
 * on the way to a suppression, by the present policies. Whether the address is on the list is another question. */
#pragma once

#include "store/store.h"

struct outlook {
    char *scope; /* of the entry that they count towards: "all", "tenant=NAME" or "stream=NAME" */
    enum reason reason;
    struct policy_row row; /* that one more of the kind of the last would count by; it waits for several */
    unsigned reached;      /* how many of the row's count are reached */
    GArray *times;         /* of gint64: when those within the row's time happened, the first one first */
    gint64 lapses;         /* when the first of them counts no more; 0: never */
};

/* Those of `recipient` at `now`, of struct outlook *; empty if nothing counts. NULL: an error. The caller frees it with
 * g_ptr_array_unref(). */
GPtrArray *store_outlooks(struct store *store, const char *recipient, gint64 now, GError **error);
