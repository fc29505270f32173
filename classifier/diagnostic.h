/* diagnostic.h: a diagnostic made ready for the rules.
 *
 * Normal form: lower case, each run of white space and control characters as one space, typographic apostrophes as ',
 * the local part of mail addresses left out ("<joe@example.com>" is "<@example.com>": no name may look like a reason)
 * and the name of a host before its address ("mx.example.com[192.0.2.25]" is "[192.0.2.25]"), and the repeated codes of
 * a multi-line reply left out ("550-5.1.1 no such 550 5.1.1 user"). */
#pragma once

#include <glib.h>

/* As much of a diagnostic is looked at; the rest is cut off. */
enum { DIAGNOSTIC_MAX_BYTES = 8192 };

/* The normal form of `raw` (NULL is ""), owned by the caller. Bytes that are not UTF-8 become '?'. */
char *diagnostic_normalise(const char *raw, size_t *length);

/* The words of a text in normal form: without the addresses that stand between them ("mailbox <joe@example.com>
 * unavailable"; the one that the text begins with, behind codes, is the word "address"), with blanks for the marks that
 * join them ("USER_UNKNOWN") and the apostrophes that were left out
 * ("doesnt exist"). At most twice as long as the text, and owned by the caller. */
char *diagnostic_words(const char *text, size_t length, size_t *out);
