/* flags.h: the columns of a list of all contacts, or of all events, that say which of them are suppressed, such as
 * "unsubscribed", "subscribed" and "event", by their names, a row each in a table. Pure. */
#pragma once

#include <stdbool.h>

#include "cmd/lists/grounds.h"

enum { FLAGS_MAX = 16 }; /* columns of one list */

struct flag;

/* The name is without case, blanks, "_", "-" and ".": "is_unsubscribed" and "Unsubscribed At" are "unsubscribed" as
 * well. NULL: it is none that is known. */
const struct flag *flag_of_name(const char *folded);

enum flags_result {
    FLAGS_RESULT_NONE, /* no column says anything of it */
    FLAGS_RESULT_YES,  /* one of them says that it is suppressed, and `grounds` has why */
    FLAGS_RESULT_NO,   /* none of them does; an empty cell, or a null, does not */
    FLAGS_RESULT_UNCLEAR,
    FLAGS_RESULT_PASSING,    /* the failure has passed, or may pass: "soft" */
    FLAGS_RESULT_NO_FAILURE, /* the event, such as "delivered", is none for good */
};

/* By the value of each of the `n` columns, which may be NULL. */
enum flags_result flags_read(const struct flag *const *flags, const char *const *values, unsigned n,
                             struct grounds *grounds);

/* "no", "false", ... */
bool flag_is_no(const char *value);
