/* span.h: a piece of text that belongs to someone else, and the few scans that reading mail needs. Not NUL-terminated;
 * a NUL in it is data. Letters compare in ASCII, without regard to case. Every function is linear in what it looks at.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct span {
    const char *at;
    size_t length;
};

struct span span_of(const char *text); /* NULL gives an empty span */

/* Takes the next line off `rest`: without its LF and the CRs before it. False when nothing is left. */
bool span_line(struct span *rest, struct span *line);
/* Takes what stands before `separator` off `rest`, and the separator; all of it when there is none. False when nothing
 * is left. */
bool span_cut(struct span *rest, char separator, struct span *before);
/* Takes the next word, of anything but blanks, off `rest`. */
bool span_word(struct span *rest, struct span *word);

struct span span_trim(struct span text); /* without blanks (and CR, LF) at both ends */
struct span span_skip(struct span text, size_t n);
struct span span_head(struct span text, size_t n);
/* From `at`, which lies in `text`, to its end. */
struct span span_from(struct span text, const char *at);

/* Does `part` begin in `whole`, the same text? */
bool span_within(struct span part, struct span whole);

bool span_is(struct span text, const char *word);
bool span_starts(struct span text, const char *prefix);
bool span_ends(struct span text, const char *suffix);
/* Where `needle` stands first, NULL when it does not. For short needles: the time is the product of both lengths at
 * worst. */
const char *span_find(struct span text, const char *needle);
const char *span_find_char(struct span text, char c);
