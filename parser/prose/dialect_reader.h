/* dialect_reader.h: reports in free text that a row of the dialects knows. */
#pragma once

#include "parser/draft/reader.h"
#include "parser/mail/message.h"

/* Reads a failure report in free text that one of the rows knows. */
reader_function dialect_read;

/* Gives the recipients of `draft` that have no diagnostic, or no command, what the text says of them, by the row that
 * reads it. False when the text may say more than the row knows: the row gives nothing, or reads transcripts, which
 * are remarks.h's too. */
bool dialect_explain(const struct message *message, struct draft *draft, struct span text);
