/* event_condition.h: the conditions by which clients select reports, one row each. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "store/stored.h"

struct event_condition {
    const char *name;         /* of the argument, or of the member */
    size_t offset;            /* of the text in struct store_filter */
    const char *const *names; /* one of these; NULL: any text */
};
/* Ends with a row whose name is NULL. */
extern const struct event_condition event_conditions[];

/* Has the filter select by `text`, which it borrows; NULL: by any. False if that can be none. */
bool event_condition_set(struct store_filter *filter, const struct event_condition *condition, const char *text);
