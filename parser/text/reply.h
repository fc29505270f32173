/* reply.h: what SMTP servers replied, found in the text of a diagnostic: reply codes (RFC 5321 section 4.2), enhanced
 * status codes (RFC 3463 section 2), and the lines they stand in. */
#pragma once

#include <stdbool.h>

#include "parser/text/span.h"

struct reply {
    unsigned code;      /* 0 when the text has none */
    bool certain;       /* it stands where replies stand, not just somewhere in the text */
    struct span status; /* empty when the text has none */
};

/* The last reply in the text, which is the remote side's; not a 2xx behind a refusal: that counts something. And not
 * one that the remote side quotes of another ("said: 550 undeliverable address: host b said: 550 5.1.1 no"). */
void reply_find(struct span text, struct reply *reply);

/* Is it an enhanced status code, class "." subject "." detail with class 2, 4 or 5, and nothing else? */
bool reply_is_status(struct span text);
/* Is it one that says no more than its class, "5.0.0"? */
bool reply_is_vague(struct span status);

/* An enhanced status code in numbers; all 0 when there is none. */
struct reply_status {
    unsigned class;
    unsigned subject;
    unsigned detail;
};

/* Reads "5.1.1" at the beginning of `text`; false when there is none. */
bool reply_read_status(const char *text, struct reply_status *status);
/* The first 4.x.x or 5.x.x that stands in `text` as a word; false when there is none. */
bool reply_first_status(const char *text, struct reply_status *status);
/* The code of the first reply that stands where one begins; 0 when there is none. */
unsigned reply_first(const char *text);
/* Where the last reply in the text begins ("host a said: 450 host b said: 550 no"), `text` itself when there is none,
 * or the one before it when the last only sums up. */
const char *reply_innermost(const char *text);

/* Where the second reply in the text begins, which the first quotes; NULL when there is none. */
const char *reply_quoted(const char *text);

/* "554 5.0.0 <user@example.com>... Service unavailable": does the line, Sendmail's, only sum up what the one before it
 * tells? */
bool reply_sums_up(struct span line);
/* Takes out the code that each line of a reply repeats ("550-5.1.1 no such 550 5.1.1 user"); the new length. */
size_t reply_join(char *text, size_t length);
