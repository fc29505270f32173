/* trace.h: the trace of a message, its Received fields (RFC 5321 section 4.4): whoever takes a message on puts his own
 * above those that were there. */
#pragma once

#include <stdbool.h>

#include "parser/text/fields.h"

/* The field of that name among those on top, which the last MTAs wrote; NULL when there is none. The sender
 * may have written the fields below the first that is no trace, and those that come again. */
const struct field *trace_top(const struct fields *header, const char *name);

/* Did an MTA of `hosts` (names, NULL-terminated) make this message, and hand it on itself? Then its header has one
 * Received field, in a form that this MTA uses for what it writes itself and for nothing else: it names no client and
 * no local user. Mail that comes by SMTP, or is submitted by sendmail(1), has another form at each of the MTAs that
 * are known; mail that one of them forwards has a second field. Every word of the field is looked at, since a client
 * may choose some of them. */
bool trace_is_own(const struct fields *header, const char *const *hosts);
