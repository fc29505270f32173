/* parser.h: the door of the room: bytes and an envelope become a report (report.h).
 *
 * The parser does no I/O and knows no clock, log or environment. Its time and memory are linear in the bytes, within
 * the limits of the settings. Hostile input is no error: there is always a report, of kind REPORT_KIND_OTHER when the
 * message reports nothing. */
#pragma once

#include <stddef.h>

#include "parser/report.h"

/* Never NULL; the caller frees it (report_free). `bytes` may hold anything; their lines end with LF, CRLF or CR.
 * `envelope` may be NULL. */
struct report *parser_read(const struct report_settings *settings, const struct report_envelope *envelope,
                           const char *bytes, size_t length);
