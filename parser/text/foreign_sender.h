/* foreign_sender.h: is a refusal in another language than English about the sender ("Absender existiert nicht")? What
 * the recipient's address is refused with has the same words: whose they are decides. subject.h does it for English. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "parser/text/span.h"

/* By language, as text_fold() leaves them, separated by "|": words for the sender; what is wrong with one; and what
 * stands before or behind the word where something goes to the sender, "" for nothing. */
struct foreign_sender {
    const char *senders;
    const char *faults;
    const char *before;
    const char *behind;
};

extern const struct foreign_sender foreign_senders[];
extern const size_t n_foreign_senders;

/* One pass over the start of the text for each word of the table. */
bool foreign_sender_is_blamed(struct span text);
