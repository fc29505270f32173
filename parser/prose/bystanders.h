/* bystanders.h: the addresses in a report's text that it is not about: those who write it, get it or offer help. */
#pragma once

#include <stdbool.h>

#include "parser/mail/message.h"
#include "parser/prose/finding.h"
#include "parser/text/span.h"

enum { BYSTANDERS_MAX = 8 };

struct bystanders {
    struct span own[BYSTANDERS_MAX]; /* addresses of the report's own header */
    size_t n;
};

void bystanders_find(struct bystanders *bystanders, const struct message *message);

/* Is the address, which stands in `line`, a bystander's? */
bool bystanders_has(const struct bystanders *bystanders, struct span line, struct span address);

/* The only address in the text that is no bystander's: whom the text is about, whatever the language. False when there
 * is none, or several. */
bool bystanders_only_other(const struct bystanders *bystanders, struct span text, struct span *address);
/* Where the returned message is addressed to some of those that the text names, others that it only mentions and says
 * nothing of are dropped. */
void bystanders_drop(struct findings *findings, const struct fields *returned);
