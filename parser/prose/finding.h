/* finding.h: the recipients that a report's text names, with what it says of each, before they go into the draft: a
 * text may name one twice, list several before it says why, or turn out to report nothing. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/draft/draft.h"
#include "parser/text/span.h"

/* Octets of a diagnostic that many recipients have in common: one of them for each must not make much of a text. */
enum { FINDINGS_MANY = 16, FINDINGS_SHARED = 500 };

/* Spans of the text, as it came. */
struct finding {
    struct span address;    /* as listed; empty when the text names nobody */
    struct span origin;     /* the address that was sent to, where the text tells that it was forwarded */
    struct span diagnostic; /* empty when there is none */
    struct span beside;     /* what stands beside the address, whether it tells something or not */
    struct span host;       /* who said it */
    const char *command;    /* that it replies to, as in verb.h; NULL when that is not known */
    enum report_kind kind;
    enum report_from from;
    bool mentioned; /* within a line alone, not at the start of one */
};

struct findings {
    GArray *items;          /* of struct finding */
    GHashTable *by_address; /* address in lower case, owned, to its index + 1 */
    GStringChunk *strings;  /* for diagnostics that are not one piece of the text */
    struct span intro;      /* what stands before the first */
    size_t max;
    bool full; /* there were more than `max` */
};

void findings_init(struct findings *findings, size_t max);
void findings_clear(struct findings *findings);

/* The finding of that address, a new one when it was not named before; NULL when there are `max`. */
struct finding *findings_add(struct findings *findings, struct span address, enum report_kind kind);
/* NULL when it was not named. */
struct finding *findings_get(const struct findings *findings, struct span address);
struct finding *findings_at(const struct findings *findings, guint index);

/* Forgets those from `length` on. */
void findings_truncate(struct findings *findings, guint length);
/* Makes delays of the failures. */
void findings_delay(struct findings *findings);
/* Makes recipients of them. */
void findings_report(const struct findings *findings, struct draft *draft);
