/* unsubscribe.h: mail to a List-Unsubscribe address (RFC 2369), which mail programs send when their user asks to be
 * taken off, and answers to a newsletter that say that and nothing else. */
#pragma once

#include "parser/draft/reader.h"

reader_function unsubscribe_read;
