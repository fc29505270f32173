/* dialogue.h: the parts of a session, for the files that work on it: replies, content, command and session. All others
 * see session.h alone. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/smtp/data.h"
#include "cmd/bounced/smtp/session_settings.h"
#include "cmd/bounced/smtp/session_state.h"
#include "cmd/bounced/smtp/transaction.h"

/* The octets that follow BDAT. */
struct chunk {
    guint64 size;
    guint64 left;
    bool last;
    const char *refusal;       /* the reply that they get in the end; NULL: they are part of the message */
    enum session_state before; /* SESSION_STATE_CHUNK */
};

struct session {
    const struct session_settings *settings;
    struct session_link link;
    bool encrypted;
    enum session_state state;
    GString *line;      /* the command line that is being read */
    bool line_too_long; /* octets over SESSION_LINE_MAX were dropped */
    bool lone;          /* it ended by a lone LF */
    bool has_octets;    /* of such a line: octets follow that are no commands */
    GString *output;
    struct data data;
    struct chunk chunk;
    struct transaction *transaction; /* from MAIL on; NULL when it was taken or there is none */
    size_t replies_due;              /* how many replies the message gets: one a recipient in LMTP */
    size_t refused;                  /* 5xx replies since the last message */
    size_t commands;                 /* likewise */
    bool silence;                    /* the peer may say nothing before it has read the output */
    size_t errors;                   /* 4xx and 5xx replies */
    char *last_error;
};

/* Counts that a limit was hit. */
void dialogue_hit(const struct session *session, enum limit limit);

/* Ends the transaction, if there is one: for RSET, and for commands that imply it. */
void dialogue_reset(struct session *session);
