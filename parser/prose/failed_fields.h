/* failed_fields.h: the recipients that fields of the report's own header name (X-Failed-Recipients and others). */
#pragma once

#include "parser/mail/message.h"
#include "parser/prose/finding.h"

void failed_fields_read(const struct message *message, struct findings *findings);
