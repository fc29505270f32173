/* locals.h: the recipients that a system names by their local parts alone: AOL's of their own users. */
#pragma once

#include "parser/mail/message.h"
#include "parser/prose/finding.h"

/* Adds those that stand on lines of their own behind a paragraph that ends with a colon and says that mail failed; it
 * is their diagnostic. Their domain is that of the message's From. */
void locals_read(const struct message *message, struct span text, struct findings *findings);
