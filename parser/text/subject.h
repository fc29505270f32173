/* subject.h: whom a reply is about, by its words: the recipient, or the sender and the host that sends. A server that
 * checks the sender's address asks another one about it, and quotes what that one says of it: "Sender address rejected:
 * host mx.example.org said: 550 5.1.1 user unknown". */
#pragma once

#include <stdbool.h>

#include "parser/text/span.h"

/* Words that name the sender; what may stand between them and what is wrong; and what is wrong. NULL-terminated. */
extern const char *const subject_senders[];
extern const char *const subject_fillers[];
extern const char *const subject_faults[];
/* Faults, too, but only with a "not" before them. */
extern const char *const subject_negated[];
/* Faults before the sender: "invalid sender", "verify the sender". */
extern const char *const subject_adjectives[];
/* What tells by itself. */
extern const char *const subject_phrases[];

/* Does the text say that the sender, or its host, is what was not liked? One pass. */
bool subject_is_sender(struct span text);
