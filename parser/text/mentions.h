/* mentions.h: addresses within text, as it came: no address is normalised or judged. */
#pragma once

#include <stdbool.h>

#include "parser/text/span.h"

/* The first address in `text` from `*from` on, which is moved behind it: the longest run of what may stand in an
 * address around an "@". False when there is none. */
bool mentions_next(struct span text, size_t *from, struct span *address);
/* Is the address one of those in `list`? */
bool mentions_has(struct span list, struct span address);
/* Are they the same, without regard to ASCII case? */
bool mentions_same(struct span a, struct span b);
/* The first line of `text` that names the address; empty when none does. */
struct span mentions_line(struct span text, struct span address);
/* The address that the line starts with, in brackets or quotes or bare, behind bullets; `tail` is what follows, without
 * the bracket. False when the line does not start with an address. */
bool mentions_leading(struct span line, struct span *address, struct span *tail);
