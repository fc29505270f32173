/* header.h: a message as DKIM signs it (RFC 6376 section 3.4): the fields of its header in order, whole and folded as
 * they came, with CRLF as the only line end, and the body behind them.
 *
 * It is strict where the parser is lenient: a header that two readers could take for two different ones proves nothing.
 * No I/O, no clock. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/address.h"

struct header_field {
    struct span name;  /* without blanks before the colon */
    struct span value; /* behind the colon; folded */
    struct span whole; /* both, without the last CRLF */
};

struct header {
    GString *bytes; /* all that the spans below lie in */
    GArray *fields; /* of struct header_field, topmost first */
    struct span body;
};

/* NULL when the bytes begin with no header of RFC 5322, a CR or LF stands alone in it, or it is larger than any reader
 * needs. A message with LF alone as its line end, as maildirs have it, is read as if it had CRLF. */
struct header *header_read(const char *bytes, size_t length);
void header_free(struct header *header);

/* The field of that name; NULL when there is none, or more than one. */
const struct header_field *header_only(const struct header *header, const char *name);

/* A value on one line. The caller frees. */
char *header_unfold(struct span value);

/* The address in From; NULL when there is not exactly one field with exactly one address. The caller frees. */
char *header_author(const struct header *header);

typedef struct header Header;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Header, header_free)
