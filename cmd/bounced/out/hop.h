/* hop.h: the fields of a message's header that say that it passed this host on its way to a person. */
#pragma once

#include "store/outgoing.h"

/* RFC 5321 section 4.4 asks for Received of a host that passes a message on; by Delivered-To we know it when it comes
 * back. The caller frees it. */
char *hop_fields(const struct outgoing *outgoing, const char *hostname);

/* The time as date-time of RFC 5322 section 3.3, in English whatever the locale. The caller frees. */
char *hop_date(gint64 seconds);
