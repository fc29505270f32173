/* answers.h: answers of name servers that are kept for a while, so many at most: the one that was used longest ago goes
 * first. Time is passed in, in seconds. */
#pragma once

#include <glib.h>

struct answers;

struct answers *answers_new(guint most);
void answers_free(struct answers *answers);

/* The records (of char *; empty: there are none) of a name, NULL when nothing is kept that is still good. A reference
 * for the caller. */
GPtrArray *answers_get(struct answers *answers, const char *name, gint64 now);
/* Takes a reference. In place of what was kept for that name. */
void answers_put(struct answers *answers, const char *name, GPtrArray *texts, gint64 until);
