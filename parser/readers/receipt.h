/* receipt.h: read receipts (RFC 8098): they report nothing to us. */
#pragma once

#include "parser/draft/reader.h"

reader_function receipt_read;
