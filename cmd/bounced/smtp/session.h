/* session.h: one SMTP (RFC 5321) or LMTP (RFC 2033) session as an object: bytes go in, replies come out. It does no I/O
 * and knows no clock and no log. Its owner asks what is next and does it:
 *
 *     session_greet(session);
 *     for (;;) {
 *         write session_output() to the peer, and say so by session_sent();
 *         switch (session_next(session)) {
 *         case SESSION_READ:    read some bytes, session_feed() them, keep those that it did not take; break;
 *         case SESSION_WRITE:   break;
 *         case SESSION_SENDER:  session_permit(): may the peer send a message now? break;
 *         case SESSION_MESSAGE: give session_take_message() to the store; break;
 *         case SESSION_WAIT:    when the store has it, or has failed: session_answer(); break;
 *         case SESSION_XCLIENT: the peer speaks for session_client(): session_greet() again, or session_end(); break;
 *         case SESSION_STARTTLS: begin TLS, then session_encrypted(); break;
 *         case SESSION_CLOSE:   close the connection; return;
 *         }
 *     }
 *
 * So the reply to a message is made after its commit, and commands that were pipelined behind it wait in the owner's
 * buffer. What the session holds is bounded: a command line, the output, and one message of settings->message_size.
 *
 * Only CRLF ends a line, only CRLF.CRLF ends the data. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#include "cmd/bounced/log/counters.h"
#include "cmd/bounced/smtp/transaction.h"
#include "cmd/config/config.h"
#include "cmd/config/network.h"

struct session;

/* Borrowed for the session's life; the owner may change what it holds between two calls. */
struct session_settings {
    const char *hostname;
    const GPtrArray *return_paths; /* of struct return_path *: whom mail is accepted for, beside postmaster */
    size_t message_size;           /* octets */
    size_t recipients;             /* of one transaction */
    size_t errors;                 /* 5xx replies since the last message; one more is a 421 */
    size_t commands;               /* since the last message; likewise */
    struct counters *counters;     /* replies and limits are added to these */
};

/* How the peer came here. */
struct session_link {
    enum listen_protocol protocol;
    enum listen_tls tls; /* LISTEN_TLS_NONE also when the owner has no certificate */
    struct network_host host;
    bool xclient; /* it may say for whom it speaks */
};

/* The longest command line, CRLF included: RFC 5321 section 4.5.3.1.4 gives 512, the extensions' parameters (RFC 3461,
 * RFC 6531) need more. */
enum { SESSION_LINE_MAX = 2048 };

enum session_event {
    SESSION_READ,     /* session_feed() it */
    SESSION_WRITE,    /* it takes nothing before the peer has read its replies: write the output, session_sent() */
    SESSION_SENDER,   /* a MAIL that is good: session_permit() */
    SESSION_MESSAGE,  /* session_take_message() */
    SESSION_WAIT,     /* session_answer() when the outcome is known */
    SESSION_STARTTLS, /* write the output; begin TLS as the server; session_encrypted(). What the peer sent before that
                       * must not be fed: it came in the clear (CVE-2011-0411) */
    SESSION_XCLIENT,  /* session_greet() or session_end() */
    SESSION_CLOSE,    /* write the output, close the connection */
};

/* What became of the message. */
enum session_answer {
    SESSION_STORED, /* or is there already */
    SESSION_FAILED, /* nothing is kept: the peer must try again */
};

/* Why the owner ends a session. */
enum session_end {
    SESSION_IDLE,     /* the peer said nothing for too long */
    SESSION_SLOW,     /* no message was complete for too long */
    SESSION_BUSY,     /* too many connections; instead of session_greet(), as the next three */
    SESSION_FULL,     /* no memory for one more */
    SESSION_CROWDED,  /* too many from one address */
    SESSION_RATE,     /* too many in too little time */
    SESSION_EARLY,    /* the peer did not wait for the greeting, or for a reply */
    SESSION_STOPPING, /* the daemon stops */
};

struct session *session_new(const struct session_settings *settings, const struct session_link *link);
void session_free(struct session *session);

/* The 220 line. */
void session_greet(struct session *session);
/* For whom the peer speaks: the host of its link, or who XCLIENT said. */
const struct network_host *session_client(const struct session *session);

enum session_event session_next(const struct session *session);

/* Takes bytes; returns how many. It took less than `length` when session_next() is not SESSION_READ any more; the rest
 * is given again later. */
size_t session_feed(struct session *session, const char *bytes, size_t length);

/* Replies that the peer has not got yet; valid until the next call that is not const. */
const GString *session_output(const struct session *session);
void session_sent(struct session *session, size_t length);

/* True when the peer has no business to have said more before it has read the output: it ends with a command that
 * others may not be pipelined behind (RFC 2920 section 3.1). session_next() is SESSION_WRITE then. */
bool session_expects_silence(const struct session *session);

/* Answers SESSION_SENDER: 250 or 450. */
void session_permit(struct session *session, bool permitted);

/* The message of SESSION_MESSAGE: the caller's. */
struct transaction *session_take_message(struct session *session);
void session_answer(struct session *session, enum session_answer answer);

/* TLS is on: the session forgets what was said before (RFC 3207 section 4.2). */
void session_encrypted(struct session *session);

/* Says 421 and is closed. */
void session_end(struct session *session, enum session_end why);

/* True from DATA or BDAT to the answer to the message: a stop waits for it. */
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
