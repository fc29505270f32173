/* auto_reply.h: does a message say of itself that a program answered for a person (RFC 3834)? Mail systems say so of
 * their reports, too. */
#pragma once

#include <stdbool.h>

#include "parser/draft/reader.h"

bool auto_reply_claimed(struct message *message);

reader_function auto_reply_read;
