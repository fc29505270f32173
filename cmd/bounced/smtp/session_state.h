/* session_state.h: the states of a session: one table says what holds in each. */
#pragma once

#include <stdbool.h>

#include "cmd/bounced/smtp/session_event.h"

enum session_state {
    SESSION_STATE_NEW,      /* not greeted */
    SESSION_STATE_GREETED,  /* no HELO, EHLO or LHLO yet */
    SESSION_STATE_READY,    /* no transaction */
    SESSION_STATE_SENDER,   /* whether the peer may send a message is being asked */
    SESSION_STATE_MAIL,     /* a sender, no recipient */
    SESSION_STATE_RCPT,     /* a recipient at least */
    SESSION_STATE_BDAT,     /* between two chunks of the message */
    SESSION_STATE_CHUNK,    /* inside one */
    SESSION_STATE_DATA,     /* inside the mail data */
    SESSION_STATE_MESSAGE,  /* a message waits to be taken */
    SESSION_STATE_TAKEN,    /* it was taken, its outcome is not known */
    SESSION_STATE_STARTTLS, /* TLS is to begin */
    SESSION_STATE_XCLIENT,  /* the peer speaks for another client, which has to be greeted */
    SESSION_STATE_CLOSED,
    SESSION_STATE_COUNT /* of the values above */
};

struct session_state_row {
    const char *name;
    enum session_event event;    /* the owner's next step; SESSION_EVENT_READ also stands for SESSION_EVENT_WRITE */
    bool in_transaction;         /* RSET, and commands that imply it, lead to SESSION_STATE_READY */
    bool in_message;             /* a stop waits for the outcome */
    const char *out_of_sequence; /* the reply to a command that may not come now; NULL: none is read */
};

/* By enum session_state. */
extern const struct session_state_row session_states[];
