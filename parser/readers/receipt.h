/* receipt.h: receipts of people's mail programs (RFC 8098): shown, or deleted unread. They are automatic replies, and
 * say nothing about the mail that they are for but that it came to a mailbox. */
#pragma once

#include "parser/draft/reader.h"

reader_function receipt_read;
