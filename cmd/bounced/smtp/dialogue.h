/* dialogue.h: what a session is made of. For session.c, which moves the bytes, and command.c, which knows the commands;
 * all others see session.h alone. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/smtp/data.h"
#include "cmd/bounced/smtp/session.h"

enum dialogue_state {
    STATE_NEW,     /* not greeted */
    STATE_GREETED, /* no HELO, EHLO or LHLO yet */
    STATE_READY,   /* no transaction */
    STATE_MAIL,    /* a sender, no recipient */
    STATE_RCPT,    /* a recipient at least */
    STATE_BDAT,    /* between two chunks of the mail data */
    STATE_CHUNK,   /* inside one */
    STATE_DATA,    /* inside the mail data */
    STATE_MESSAGE, /* a message waits to be taken */
    STATE_ANSWER,  /* it was taken, its outcome is not known */
    STATE_CLOSED,
    STATE_STARTTLS, /* TLS is to begin */
    STATE_XCLIENT,  /* the peer has become another's */
    STATE_SENDER,   /* whether the peer may send a message is being asked */
};

/* The octets that follow BDAT. */
struct chunk {
    guint64 size;
    guint64 left;
    bool last;
    const char *refusal;        /* what they get in the end; NULL: they are part of the message */
    enum dialogue_state before; /* STATE_CHUNK */
};

struct session {
    const struct session_settings *settings;
    struct session_link link;
    bool encrypted;
    enum dialogue_state state;
    GString *line;      /* the command line that is being read */
    bool line_too_long; /* what is over SESSION_LINE_MAX was dropped */
    GString *output;
    struct data data;
    struct chunk chunk;
    struct transaction *transaction; /* from MAIL on; NULL when it was taken or there is none */
    size_t answers;                  /* how many replies the message gets: one a recipient in LMTP */
    size_t refused;                  /* 5xx replies since the last message */
    size_t commands;                 /* likewise */
    bool silence;                    /* nothing may be said before the output is read */
    size_t errors;
    char *last_error;
};

/* One reply line, "250 2.0.0 ok", without CRLF. One 5xx too many becomes a 421. */
void dialogue_reply(struct session *session, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A line of a reply that others follow: "250-SIZE". */
void dialogue_reply_part(struct session *session, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Counts that a limit was hit. */
void dialogue_hit(const struct session *session, enum limit limit);

/* The mail data is complete, or, when it is not the last of it that came, good for nothing: says so, or hands the
 * message out. */
void dialogue_end_data(struct session *session, bool last);

/* Ends the transaction, if there is one: RSET, and what implies it. */
void dialogue_reset(struct session *session);
