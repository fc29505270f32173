/* domain.h: domain names as mail compares them: in lower case and as A-labels (RFC 5890). */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* RFC 1035 section 2.3.4: octets of a label, and of a name as it is written. */
enum { DOMAIN_LABEL_MAX = 63, DOMAIN_NAME_MAX = 253 };

/* The name that was made last of one that was not ASCII: a report names the same one often, and the library is slow.
 * Starts as {0}; who calls owns it. */
struct domain_memory {
    char given[4 * DOMAIN_NAME_MAX + 1];
    char name[DOMAIN_NAME_MAX + 1];
};

/* Puts `domain`, a name in any script (UTF-8) or an address literal in square brackets, at the end of `out`. False, and
 * nothing is put there, when it is no name, or one that does not fit into DNS. `memory` may be NULL. */
bool domain_append(GString *out, const char *domain, struct domain_memory *memory);

/* The other way, for those who compare such names: puts `domain` at the end of `out` with U-labels in the place of its
 * A-labels; as it is if one of them is none. */
void domain_append_unicode(GString *out, const char *domain);
