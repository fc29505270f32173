/* command.h: the commands of SMTP and LMTP: one table of names, protocols, states and functions. */
#pragma once

struct session;

/* Runs one command line (without its CRLF, no control characters in it). The dispatcher alone answers a
 * command that is unknown (500), not implemented (502) or out of sequence (503). */
void command_run(struct session *session, const char *line);
