/* subject.h: whom a reply is about, by its words: the recipient, or the sender and the host that sends. A server that
 * checks the sender's address asks another one about it, and quotes what that one says of it: "Sender address rejected:
 * host mx.example.org said: 550 5.1.1 user unknown". */
#pragma once

#include <stdbool.h>

#include "parser/text/span.h"

/* Does the text say that the sender, or its host, is what was not liked? One pass. */
bool subject_is_sender(struct span text);
