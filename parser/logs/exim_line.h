/* exim_line.h: the lines of Exim's main log: the message's id, a flag, an address, and fields such as "T=remote_smtp";
 * behind a colon what went wrong. */
#pragma once

#include "parser/logs/log_format.h"

/* False if it is none, of which that log has many. The flag is the outcome. */
bool exim_line_read(const struct log_format *format, struct span body, struct log_record *record);

/* Does `text` begin with a message's id, behind a process id in brackets perhaps? */
bool exim_line_starts(struct span text);
