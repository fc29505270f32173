/* notice.h: does a text say by itself that a mail system could not deliver mail? Where nothing in the header tells who
 * wrote it, shops, carriers of parcels and people write of failures, too. */
#pragma once

#include "parser/prose/finding.h"
#include "parser/text/span.h"

/* Is it so short, and about mail alone, that its words of failure are of mail? */
bool notice_is_of_mail(struct span text);
/* Does it name recipients at the start of lines, few of them, and tell a reply or a reason of each? */
bool notice_names(const struct findings *findings);
