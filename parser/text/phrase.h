/* phrase.h: what mail systems say, in the languages they say it in, of a message that they could not deliver. For texts
 * that no row of dialects.c knows: a phrase alone is not evidence, a phrase beside an address in a system's mail is. */
#pragma once

#include "parser/text/span.h"

enum phrase_class {
    PHRASE_FAILURE = 1 << 0, /* it was not delivered */
    PHRASE_REASON = 1 << 1,  /* why */
    PHRASE_DELAY = 1 << 2,   /* it is not delivered yet */
};

/* The classes (a set of bits) of the phrases in `text`, which is UTF-8; in any letter case, across folded lines. */
unsigned phrase_find(struct span text);
