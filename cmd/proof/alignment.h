/* alignment.h: does one domain speak for another? By the list of public suffixes that libpsl has built in; no I/O.
 * Names are lower-case A-labels. */
#pragma once

#include <stdbool.h>

/* Is `domain` the same as `parent`, or below it? */
bool alignment_below(const char *domain, const char *parent);

/* May who signs for `signer` write in the name of `domain`? The signer is the domain itself or one above it, and no
 * public suffix such as "co.uk": under those, neighbours are strangers. */
bool alignment_speaks_for(const char *signer, const char *domain);

/* Are both of one organization, as DMARC's relaxed alignment has it: the same name right below a public suffix? */
bool alignment_same_organization(const char *domain, const char *other);

/* The part behind the last "@"; the whole without one. */
const char *alignment_domain(const char *address);
