/* auto_submitted.h: what a message says of the program that submitted it (RFC 3834): nothing, that it wrote of its own
 * accord, or that it replied to other mail for a person. Mail systems say so of their reports, too. */
#pragma once

#include <stdbool.h>

#include "parser/mail/message.h"

/* By the Auto-Submitted field and the type of a read receipt alone. */
enum report_submitted auto_submitted_read(const struct message *message);

/* Does the message say that a program replied: by that field, by those that programs used before it, or by a subject in
 * the words of such a program? A list's mail and a newsletter never do. */
bool auto_submitted_is_reply(struct message *message);

/* Does a header say that a program wrote the message, of its own accord or not, or that it went to a list? RFC 3834
 * section 2: nobody is to be sent an answer to it. */
bool auto_submitted_in(const struct fields *header);
