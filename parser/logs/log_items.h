/* log_items.h: lines that have a head and "key=value" fields with commas or blanks between them. */
#pragma once

#include "parser/logs/log_format.h"

/* False if the line is of no such form. Fields stand one behind the other from the head on, and what is no field ends
 * them: a stranger's text that looks like one is none. */
bool log_items_read(const struct log_format *format, struct span body, struct log_record *record);

/* The length of "<" address ">", by which `text` begins, and of which a part may be quoted; 0 if it does not end.
 * `*quotes` becomes false if a quoted part does not: quotes stand for themselves then, also in what follows. */
size_t log_items_bracketed(struct span text, bool *quotes);

/* Does `text` begin with these words, and where does it go on? See struct log_head. Fields of it may be set in both
 * cases. */
bool log_head_match(const char *words, struct span *text, struct log_record *record);
/* The word of the table by which `text` begins, at the end of a word; NULL: none. The table ends with one of NULL. */
const struct log_word *log_word_find(const struct log_word *words, struct span text);
