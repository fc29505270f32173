/* diagnostic.h: a diagnostic made ready for the rules, and the SMTP codes that stand in it.
 *
 * Normal form: lower case, each run of white space and control characters as one space, typographic apostrophes as ',
 * the local part of mail addresses left out ("<joe@example.com>" is "<@example.com>": no name may look like a reason)
 * and the name of a host before its address ("mx.example.com[192.0.2.25]" is "[192.0.2.25]"), and the repeated codes of
 * a multi-line reply left out ("550-5.1.1 no such 550 5.1.1 user"). */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What is looked at of one diagnostic; the rest is cut off. */
#define DIAGNOSTIC_MAX_BYTES 8192

/* The normal form of `raw` (NULL is ""), owned by the caller. Bytes that are not UTF-8 become '?'. */
char *diagnostic_normalise(const char *raw, gsize *length);

/* An enhanced status code (RFC 3463); all 0 when there is none. */
struct diagnostic_status {
    unsigned class;
    unsigned subject;
    unsigned detail;
};

/* Reads "5.1.1" at the beginning of `text`; false when there is none. */
bool diagnostic_read_status(const char *text, struct diagnostic_status *status);

/* The first 4.x.x or 5.x.x that stands in `text` as a word; false when there is none. */
bool diagnostic_find_status(const char *text, struct diagnostic_status *status);

/* The first SMTP reply code that stands where a reply begins; 0 when there is none. */
unsigned diagnostic_find_reply(const char *text);

/* Where the last reply in the text begins ("host a said: 450 host b said: 550 no"), `text` itself when there is none,
 * or the one before it when the last is Sendmail's, which only sums up. */
const char *diagnostic_innermost(const char *text);
