/* auto_reply.h: automatic replies (RFC 3834), holiday replies and the like: they say nothing about the mail they reply
 * to.
 */
#pragma once

#include "parser/draft/reader.h"

reader_function auto_reply_read;
