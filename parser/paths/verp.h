/* verp.h: a recipient in a local part, USER=DOMAIN (Bernstein's VERP), and local parts with and without quotes. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

/* The text that a local part stands for: RFC 5322's quoted-string without its quotes and backslashes, other text as it
 * is. The caller frees. */
GString *verp_unquote(struct span local);
/* Puts such a text at the end of `address` as a local part, in quotes when it must have them. */
void verp_append_local(GString *address, struct span text);

/* Puts the address that "USER=DOMAIN" stands for into `address`; `equals` is what stands in place of "=". The domain is
 * behind the last one. False when there is none, or nothing before it. */
bool verp_decode(struct span encoded, char equals, GString *address);
