/* replies.h: a session's reply lines (RFC 5321 section 4.2), given without CRLF, go behind its output and are counted.
 */
#pragma once

#include <glib.h>

struct session;

/* One reply line, "250 2.0.0 ok". One 5xx too many becomes a 421, which closes the session. */
void replies_add(struct session *session, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A line of a reply that others follow: "250-SIZE". */
void replies_add_part(struct session *session, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The reply to the message, once for each that has to get it. */
void replies_add_each(struct session *session, const char *reply);

/* The last reply: the transaction ends, and the session is closed. */
void replies_close(struct session *session, const char *reply);

/* Likewise, for an error of the peer after which nobody knows where its next command begins. */
void replies_break_off(struct session *session, const char *reply);

/* Remembers a 4xx or 5xx for the log. */
void replies_note_error(struct session *session, const char *reply);
