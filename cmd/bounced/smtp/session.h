/* session.h: one SMTP (RFC 5321) or LMTP (RFC 2033) session as an object: bytes go in, replies come out. It does no I/O
 * and knows no clock and no log. Its owner asks what is next and does it:
 *
 *     session_greet(session);
 *     for (;;) {
 *         write session_output() to the peer, and say so by session_sent();
 *         do what session_next() asks for (session_event.h);
 *     }
 *
 * The reply to a message is made after its commit; commands that were pipelined behind it wait in the owner's buffer.
 * A session's memory is bounded: a command line, the output, and one message of settings->message_size.
 *
 * Only CRLF.CRLF ends the data. Only CRLF ends a line, or, where the link says so, a lone LF too. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "cmd/bounced/smtp/session_event.h"
#include "cmd/bounced/smtp/session_settings.h"
#include "cmd/bounced/smtp/transaction.h"

struct session;

/* The longest command line, CRLF included: RFC 5321 section 4.5.3.1.4 gives 512, the extensions' parameters (RFC 3461,
 * RFC 6531) need more. */
enum { SESSION_LINE_MAX = 2048 };

struct session *session_new(const struct session_settings *settings, const struct session_link *link);
void session_free(struct session *session);

/* The 220 line. */
void session_greet(struct session *session);
/* The client that the peer speaks for: the host of its link, or the one that XCLIENT named. */
const struct network_host *session_client(const struct session *session);

enum session_event session_next(const struct session *session);

/* Takes bytes; returns how many. It took less than `length` when session_next() is not SESSION_EVENT_READ any more; the
 * rest is given again later. */
size_t session_feed(struct session *session, const char *bytes, size_t length);

/* Replies that the peer has not got yet; valid until the next call that is not const. */
const GString *session_output(const struct session *session);
void session_sent(struct session *session, size_t length);

/* True while the peer may send nothing: the output that it has not read ends with the reply to a command that nothing
 * may be pipelined behind (RFC 2920 section 3.1). session_next() is SESSION_EVENT_WRITE then. */
bool session_expects_silence(const struct session *session);

/* Answers SESSION_EVENT_SENDER: 250; or 450, since the peer has sent too many messages. */
void session_permit(struct session *session);
void session_defer(struct session *session);

/* The message of SESSION_EVENT_MESSAGE: the caller's. */
struct transaction *session_take_message(struct session *session);
void session_conclude(struct session *session, enum session_outcome outcome);

/* TLS is on: the session forgets all that was said before (RFC 3207 section 4.2). */
void session_encrypted(struct session *session);

/* Says 421 or 554, and is closed. */
void session_end(struct session *session, enum session_end why);

/* True from DATA or BDAT to the reply to the message: a stop waits for it. */
bool session_in_message(const struct session *session);

/* The memory that its message takes until session_take_message(), octets. */
size_t session_held(const struct session *session);
/* Gives up a message that is not complete yet and holds memory: it gets 452 in the end. */
void session_shed(struct session *session);

/* For the log: how many replies were 4xx or 5xx, and the last of them (NULL: none). */
size_t session_errors(const struct session *session);
const char *session_last_error(const struct session *session);

typedef struct session Session;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_free)
