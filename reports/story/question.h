/* question.h: the address that a story is asked of, and how it is to be told. */
#pragma once

#include "reports/audience.h"
#include "reports/story/lines.h"
#include "store/store.h"

/* Without `all`: of an address that was reported a million times so many tell enough. */
enum { QUESTION_NEWEST = 50 };

struct question {
    const struct lines_style *style;
    struct store *store;
    const char *address;
    gint64 now;
    const struct store_asker *asker; /* for whose mail is asked; NULL: for any */
    bool all;                        /* the newest ones alone if not */
    struct audience audience;        /* which is told of its own alone (view.h) */
};
