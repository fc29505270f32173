/* log_formats.h: the table of formats. */
#pragma once

#include "parser/logs/log_format.h"

/* By software; that of LOG_SOFTWARE_AUTO is none. */
enum { LOG_FORMATS = LOG_SOFTWARE_POWERMTA + 1 };
extern const struct log_format log_formats[LOG_FORMATS];

/* Is it what the format's server logs by this program ("postfix/smtp")? */
bool log_format_knows(const struct log_format *format, struct span program);
