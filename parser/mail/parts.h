/* parts.h: the MIME structure of a message (RFC 2046): the header and the leaf parts, found in one pass. */
#pragma once

#include <gmime/gmime.h>

#include "parser/report.h"
#include "parser/text/fields.h"
#include "parser/text/span.h"

/* A leaf of the MIME tree. Plain data. A part of type message/... is a leaf too. */
struct part {
    const char *type; /* lower case, "text/plain" when the header does not say; a multipart/... that was not opened */
    const char *charset; /* NULL when the header does not say */
    GMimeContentEncoding encoding;
    struct span body;    /* as it came */
    struct span decoded; /* set when it was asked for */
    struct span text;    /* likewise */
};

/* The parts that are found in a message. Plain data; `header` and `items` are made before and owned by whoever made
 * them. */
struct parts {
    struct fields *header;
    GArray *items;         /* of struct part; at least one is found */
    GStringChunk *strings; /* where types and charsets live; borrowed */
    const char *type;      /* of the whole message, as in struct part */
    struct span body;      /* all that follows the header */
    unsigned cut;          /* of enum report_cut: what exceeds the limits is left out, or left as one leaf */
};

void parts_find(struct parts *parts, const struct report_settings *settings, struct span bytes);
