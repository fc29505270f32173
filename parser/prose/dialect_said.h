/* dialect_said.h: where the walk over a report's text stands (dialect_walk.h), and the diagnostic that it gathers. */
#pragma once

#include "parser/prose/dialect.h"
#include "parser/prose/finding.h"

struct walk {
    const struct dialect *dialect;
    struct findings *findings;
    struct span rest;
    enum report_kind kind;
    bool listing;      /* recipients stand on lines of their own here */
    bool nameless;     /* the item of the list is no address */
    size_t indent;     /* of the list's first item */
    guint first;       /* the findings from here to `last` are those that the diagnostic is about */
    guint last;        /* behind them */
    const char *start; /* of the diagnostic; NULL when there is none yet */
    const char *end;
    bool closed;            /* it has ended */
    bool footer;            /* the line is of one */
    bool spaced;            /* an empty line follows each other */
    bool introduced;        /* it stands behind one of the row's words */
    bool printed;           /* what follows is what a program printed: it names nobody */
    bool opened;            /* one of the row's openings was read */
    struct span before;     /* what stands before the first recipient */
    const char *sent;       /* the last command of a session that is printed, ">>> RCPT TO:<...>" */
    struct span transcript; /* what stands behind the line that announces it; at == NULL before */
};

/* Starts the diagnostic of the last recipients anew; `bare` is its line, `text` what follows the row's word. */
void said_open(struct walk *walk, struct span bare, struct span text);
/* Starts it anew where a line says that what a program printed follows. False when the line does not. */
bool said_take_outputs(struct walk *walk, struct span bare);
void said_extend(struct walk *walk, struct span text);
/* Gives it to those it is about; what the remote side answered is not given up for the MTA's words. */
void said_close(struct walk *walk);
