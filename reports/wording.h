/* wording.h: what the sender of mail to a suppressed address is told, with what is known of the entry in place of
 * {reason}, {since} and {until} (days, UTC). */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "store/stored.h"

/* Stands before it where a mail server takes a whole reply: it refuses the recipient. */
#define WORDING_REPLY "550 5.1.1 "

struct wording_facts {
    const char *reason; /* "" when it has none: an operator's own entry */
    gint64 since;       /* seconds since 1970 UTC */
    gint64 until;       /* 0: for good */
};

struct wording_facts wording_facts_of(const struct suppression *entry);

/* One line of printable ASCII, at most 400 octets, that names no other braces? NULL; or what is wrong. */
const char *wording_problem(const char *wording);
void wording_append(GString *out, const char *wording, const struct wording_facts *facts);
