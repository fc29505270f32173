/* path_pattern.h: a regular expression (PCRE2) for a local part, whose named groups say what the local part tells. Here
 * and not in the classifier's language, since that finds sentences in texts, and this takes one short word apart. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

/* The texts of the groups of these names; empty when there is no such group, or it took no part. */
struct path_groups {
    struct span recipient; /* an address, USER=DOMAIN, or with the group domain the local part alone */
    struct span domain;
    struct span stream;
    struct span campaign;
    struct span message;
    struct span tenant;
};

struct path_pattern;

/* NULL and an error when `source` is no expression, or a group has another name. */
struct path_pattern *path_pattern_new(const char *source, GError **error);
void path_pattern_free(struct path_pattern *pattern);

/* Does it describe all of `local` (unquoted), without regard to case? `groups` point into `local`. A local part longer
 * than an address may be (320 octets), or takes more steps than any pattern in reason, it does not describe. */
bool path_pattern_match(const struct path_pattern *pattern, struct span local, struct path_groups *groups);
