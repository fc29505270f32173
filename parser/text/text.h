/* text.h: any bytes as UTF-8. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

/* GMime's own tables need this once a process, before anything of GMime; again, it does nothing. */
void text_start_gmime(void);

/* Appends `bytes` as UTF-8. `charset` is what they claim to be, NULL when they claim nothing; what is not valid in it
 * becomes U+FFFD, what is not valid without a (known) charset is taken for Latin-1. */
void text_append_utf8(GString *out, struct span bytes, const char *charset);

/* Is it UTF-8 as it stands, so that text_append_utf8() would change nothing? */
bool text_is_utf8(struct span bytes, const char *charset);

/* Appends valid UTF-8 text on one line: folds, controls and runs of blanks become one blank, none at the ends; at most
 * `max` octets. */
void text_append_line(GString *out, struct span utf8, size_t max);

/* Appends any bytes as such a line of UTF-8. */
void text_append_clean(GString *out, struct span bytes, size_t max);
/* Appends the value of a header field as such a line, with its encoded words (RFC 2047) decoded. */
void text_append_words(GString *out, struct span value, size_t max);

/* Valid UTF-8 as words are compared: case-folded, composed (some programs send letters and accents apart), and without
 * the accents of Latin letters, which others leave out. Owned by the caller. */
char *text_fold(const char *text);
