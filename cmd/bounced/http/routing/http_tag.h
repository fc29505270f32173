/* http_tag.h: entity tags (RFC 9110, section 8.8.3) and the conditions on them. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The strong tag of a representation, with its quotes. The caller frees. */
char *http_tag_of(const char *text, gsize length);
/* Is the tag among those of If-Match or If-None-Match: a list, or "*" for any? `tag` is NULL when there is nothing to
 * match, which "*" does not. A weak tag matches if `weak`. */
bool http_tag_matches(const char *field, const char *tag, bool weak);
