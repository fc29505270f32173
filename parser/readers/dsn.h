/* dsn.h: delivery status notifications: RFC 3464 in a multipart/report (RFC 6522), RFC 6533 for international mail. */
#pragma once

#include "parser/draft/reader.h"

reader_function dsn_read;
reader_function dsn_text_read;    /* the fields stand in a text, since the MIME structure is lost */
reader_function dsn_unnamed_read; /* no recipient is named: the last word on failure reports */
