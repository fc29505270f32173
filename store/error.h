/* error.h: what may go wrong with a store, for callers that do something about it. */
#pragma once

#include <glib.h>

#define STORE_ERROR (store_error_quark())
GQuark store_error_quark(void);
enum store_error {
    STORE_ERROR_FAILED,
    STORE_ERROR_BUSY,      /* locked beyond the busy timeout: try again */
    STORE_ERROR_FULL,      /* no space: try again */
    STORE_ERROR_NOT_MADE,  /* the file or its directory cannot be made */
    STORE_ERROR_DENIED,    /* permission */
    STORE_ERROR_READ_ONLY, /* the file, or its file system */
    STORE_ERROR_LOST,      /* the file was removed or replaced since it was opened */
    STORE_ERROR_HELD,      /* another daemon holds this database */
    STORE_ERROR_CORRUPT,   /* damaged, no database, or that of another program */
    STORE_ERROR_DAMAGED,   /* one message is; the database is good */
    STORE_ERROR_VERSION,   /* made by a newer bounced; with STORE_MODE_READ also by an older one */
    STORE_ERROR_ADDRESS,   /* an argument is not an address */
    STORE_ERROR_DIGEST,    /* an argument is not a digest */
    STORE_ERROR_AMBIGUOUS, /* several digests begin so */
    STORE_ERROR_GONE,      /* what follows a position is not kept any more, or it is of another database */
};
