/* transcript.h: SMTP sessions as mail systems print them: which lines were sent, which received, and what a command and
 * its reply make together. Sendmail and Courier print
 *
 *   >>> RCPT To:<user@example.com>
 *   <<< 550 5.1.1 <user@example.com>... User unknown
 *
 * and others mark the lines in another way. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/text/span.h"

enum transcript_line {
    TRANSCRIPT_LINE_OTHER, /* of no session */
    TRANSCRIPT_LINE_SENT,
    TRANSCRIPT_LINE_RECEIVED,
    TRANSCRIPT_LINE_REPLIED, /* by who prints it: Postfix's smtpd ("Out: 550 ...") */
    TRANSCRIPT_LINE_ASKED,   /* what it replies to ("In: RCPT TO:<...>") */
};

/* The kind of the line, and the `text` behind its mark, which stays as it was in a line of no session. */
enum transcript_line transcript_line(struct span line, struct span *text);

/* A command and what was received since it was sent. */
struct exchange {
    struct span sent;    /* the command's line; empty before the first */
    const char *command; /* verb.h; NULL if it is none that is known */
    GString *reply;      /* the lines of the reply, without marks, with a blank between them */
    bool refused;        /* the last of them is a 4xx or 5xx */
};

void exchange_init(struct exchange *exchange);
void exchange_clear(struct exchange *exchange);

/* Starts a new exchange. */
void exchange_send(struct exchange *exchange, struct span text);
void exchange_receive(struct exchange *exchange, struct span text);
/* Forgets the reply, as one that was received before the next line of the same exchange. */
void exchange_forget(struct exchange *exchange);

/* The last refusal in the sessions that `text` prints, and the command that it answered (NULL if that is not known).
 * The caller frees the refusal; NULL if there is none. */
GString *transcript_refusal(struct span text, const char **command);
