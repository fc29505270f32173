/* unsubscribe.h: mail to a List-Unsubscribe address (RFC 2369): mail programs send it when their user asks to be taken
 * off. */
#pragma once

#include "parser/draft/reader.h"

reader_function unsubscribe_read;
