/* bulk.h: work on many addresses in batches, each of which is a transaction: between two the daemon has its turn, the
 * write-ahead log is kept short, and SIGINT, SIGTERM or SIGHUP ends the work. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bouncectl/context.h"

struct bulk;

/* `addresses` of char *; `doing` for the line of progress: "adding". All are borrowed. */
struct bulk *bulk_new(struct context *context, const char *doing, const GPtrArray *addresses);

/* The next `*n` of the addresses. NULL: all were given, or a signal came. */
const char *const *bulk_next(struct bulk *bulk, guint *n);
/* The same for addresses that are kept elsewhere, `all` of them: how many of them the next batch has, at most `most`.
 * 0: all were done, or a signal came. */
struct bulk *bulk_new_counted(struct context *context, const char *doing, guint64 all);
guint bulk_begin(struct bulk *bulk, guint most);
/* After the transaction: waits as is due. False when the store fails, or a reader does not let go of the log. */
bool bulk_rest(struct bulk *bulk, GError **error);

/* The end, also after a failure, whose error gets to know how many addresses were done (`error` may point to NULL). On
 * standard error it says so after a signal. Gives `status`, or 128 and the signal's number: what bouncectl then ends
 * by. */
int bulk_end(struct bulk *bulk, int status, GError **error);

/* Says on standard error how to undo the batch of that name. */
void bulk_say_name(const char *name);
