/* log_values.h: the values of fields as servers write them. */
#pragma once

#include "parser/logs/log_format.h"

/* And no command, no file, nothing that is discarded. */
bool log_value_is_address(struct span text);
/* "<>", or as OpenSMTPD has it, "<@>". */
bool log_value_is_null_sender(struct span sender);
/* Without its angle brackets, and what follows them. */
struct span log_value_message_id(struct span value);
/* The name in "mx.example.com[192.0.2.1]:25", "mx.example.com. [192.0.2.1]", "mx.example.com (192.0.2.1)" and
 * "192.0.2.1 (mx.example.com)"; empty if it is a service of the server's own. */
struct span log_value_host(const struct log_format *format, struct span value);
/* Does it go through a filter on the server itself, and back into the queue? */
bool log_value_is_hop(const struct log_format *format, struct span host);
/* "5.1.1" of "5.1.1 (bad destination mailbox address)". */
struct span log_value_first_word(struct span text);
/* With line ends in the place of "\\n", which in quotes is "\\\\n"; in `out`, or as it is. */
struct span log_value_unescape(GString *out, struct span text);
