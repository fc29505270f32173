/* reporter.h: the feedback loops whose reports are believed when their signature is good: a table of the public ones,
 * and what the operator adds ([feedback NAME] trust). */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A domain is believed whoever writes from it; where a provider signs its users' mail by the same domain, it is one
 * address alone. */
struct reporter {
    const char *name;
    const char *trust; /* "DOMAIN" or "LOCAL@DOMAIN" */
};

/* Ends with a row whose name is NULL. */
extern const struct reporter reporters[];

/* Is one of the table or of `trust` (of char *; may be NULL) this author, with a good signature of `signer`? A domain
 * is that of the signature or one above it. That both are of one organization is settled elsewhere. */
bool reporter_trusted(const GPtrArray *trust, const char *author, const char *signer);
