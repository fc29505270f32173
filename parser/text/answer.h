/* answer.h: what an SMTP server answered, found in the text of a diagnostic: reply code (RFC 5321 section 4.2),
 * enhanced status code (RFC 3463 section 2). The last reply in the text is the
 * remote side's, but a 2xx behind a refusal: that counts something. */
#pragma once

#include <stdbool.h>

#include "parser/text/span.h"

struct answer {
    unsigned reply;     /* 0 when the text has none */
    bool certain;       /* the reply stands where replies stand, not just somewhere in the text */
    struct span status; /* empty when the text has none */
};

void answer_find(struct span text, struct answer *answer);

/* Is it an enhanced status code, class "." subject "." detail with class 2, 4 or 5, and nothing else? */
bool answer_is_status(struct span text);
/* Is it one that says no more than its class, "5.0.0"? */
bool answer_is_vague(struct span status);
