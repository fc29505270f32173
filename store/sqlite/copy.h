/* copy.h: a database copied whole, page by page, as it was at one moment, while others read and write it. Internal to
 * store/. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct copy;

enum copy_state {
    COPY_MORE,   /* call again */
    COPY_WHOLE,  /* it is on disk, and was read again without a fault */
    COPY_FAILED, /* see the error */
};

/* From the database `from`, which must be one of ours that this program knows, into the new file `to`. */
struct copy *copy_new(const char *from, const char *to, GError **error);
/* Copies some megabytes; `*part` of 1 is done. Others may write meanwhile: their pages are not in the copy, and the
 * write-ahead log keeps them. The last step reads the whole copy. */
enum copy_state copy_step(struct copy *copy, double *part, GError **error);
/* The copy stays, whatever its state. */
void copy_free(struct copy *copy);
