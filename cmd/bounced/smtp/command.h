/* command.h: the commands of SMTP and LMTP: one table of names, protocols, states and functions. */
#pragma once

#include <stdbool.h>

struct session;

/* Runs one command line (without its CRLF, no control characters in it). The dispatcher alone answers a
 * command that is unknown (500), not implemented (502) or out of sequence (503). */
void command_run(struct session *session, const char *line);

/* Do octets that are no commands follow this line, whether or not it is a good one? */
bool command_has_octets(const char *line);
