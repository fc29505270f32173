/* nondelivery.h: tells the author of a message that a recipient did not get it: whether that is to be done, and the
 * message.
 *
 * A report is a stranger's, so nothing makes us mail anybody but a mailbox at a domain of the config, and then only by
 * a proven failure; and nothing of the report's words goes into the notice but the recipient, in a sentence of ours.
 *
 * RFC 3834: the envelope sender is null, so that nothing answers it; Auto-Submitted is auto-replied, since the notice
 * answers the author's own message, as a delivery report does (section 5: auto-generated is for what answers none);
 * In-Reply-To names that message. Neither lists nor programs get one (section 2). */
#pragma once

#include <glib.h>

#include "store/event.h"

extern const char *const nondelivery_outcome_names[];
enum nondelivery_outcome {
    NONDELIVERY_GOES,
    NONDELIVERY_NO_FAILURE,    /* not a failure for good */
    NONDELIVERY_UNPROVEN,      /* the report may be forged */
    NONDELIVERY_NO_AUTHOR,     /* not known, or no address of ASCII */
    NONDELIVERY_OTHER_DOMAIN,  /* the author is nobody of ours */
    NONDELIVERY_BULK,          /* the message went to a list: List-Id or Feedback-ID */
    NONDELIVERY_PROGRAM,       /* the author is no person, by the name */
    NONDELIVERY_OWN_RECIPIENT, /* the author is the recipient */
    NONDELIVERY_OUTCOMES
};

/* `domains`: those whose mailboxes may get notices, in lower case; the domains of our own return paths are none. */
enum nondelivery_outcome nondelivery_decide(const struct event *event, const char *const *domains);

struct nondelivery {
    const char *id;       /* of the item of the feed: the same notice has the same Message-ID */
    const char *from;     /* an address */
    const char *hostname; /* ours */
    gint64 now;
};

/* The message, with CRLF at the ends of lines. The caller frees. */
char *nondelivery_write(const struct nondelivery *notice, const struct event *event);
