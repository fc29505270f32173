/* forward.h: a forward is a message that goes on to a person: whether one that reports nothing does, and to whom; else
 * why not.
 *
 * A forward has the null sender, so that nothing is ever returned for it, and it is not sent here again: its
 * Delivered-To and its hops tell, and no address whose mail comes here can be the person's (config_check.h). So mail
 * with a null sender goes on like any other: it may be a bounce that nobody could read. Auto-Submitted: auto-generated
 * goes on, too: such is the mail by which feedback loops are confirmed; a reply by a program does not (RFC 3834). */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "cmd/config/config.h"
#include "parser/report.h"
#include "store/store.h"

extern const char *const forward_outcome_names[]; /* NULL for FORWARD_NOBODY */
enum forward_outcome {
    FORWARD_NOBODY, /* nobody wants it */
    FORWARD_GOES_ON,
    FORWARD_LOOP,       /* it has been here: its Delivered-To says so */
    FORWARD_HOPS,       /* it has more Received fields than the config allows */
    FORWARD_AUTO_REPLY, /* a program answered (RFC 3834), or it is a read receipt (RFC 8098) */
    FORWARD_OWN,        /* the person sent it */
    FORWARD_TOO_MANY,   /* as many went on within the hour; forward_store() finds that out */
    FORWARD_OUTCOMES
};

/* Plain data. */
struct forward {
    char *recipient; /* the person */
    char *came_to;   /* the envelope recipient that it came for, with a domain */
    enum forward_outcome outcome;
};

/* By the config, the report and the envelope alone. Of struct forward *, one for each person; `rcpt_to`: of
 * char *, the envelope recipients. */
GPtrArray *forward_plan(const struct config *config, const struct report *report, const char *mail_from,
                        const GPtrArray *rcpt_to);
/* Puts what is planned for the message that was just added into the outbox, in the same transaction. `*outcome` is
 * the best of all persons'. */
bool forward_store(const GPtrArray *plan, const struct config *config, struct store *store,
                   const struct store_message *message, enum forward_outcome *outcome, GError **error);
