/* observation.h: what a mail server or an application saw itself, and tells in place of a mail that reports it: the
 * answer to its mail to one recipient. The other way to a report (report.h); as pure as parser.h. */
#pragma once

#include <glib.h>

#include "parser/report.h"

/* Plain data. Texts that are not said are NULL. */
struct observation {
    char *recipient;           /* the address that the mail was sent to */
    char *final_recipient;     /* where it went, if that is another */
    char *sender;              /* of the mail */
    char *status;              /* enhanced status code, "5.1.1" */
    char *diagnostic;          /* the answer's text; may have several lines */
    char *host;                /* that gave it */
    char *stream;              /* of the mail */
    char *message_id;          /* likewise, with its angle brackets or without */
    unsigned reply;            /* SMTP reply code; 0: not said */
    enum report_action action; /* what became of the mail; REPORT_ACTION_ABSENT: as the codes say */
    gint64 time;               /* of the answer, seconds since 1970 UTC; 0: now */
};

/* Frees the texts. */
void observation_clear(struct observation *observation);

/* The end that the mail took: as is said, or else as the reply, the status or the text tells, in this order. */
enum report_action observation_action(const struct observation *observation);

/* Why there can be no report of it. */
extern const char *const observation_fault_texts[]; /* NULL for OBSERVATION_FAULT_NONE */
enum observation_fault {
    OBSERVATION_FAULT_NONE,
    OBSERVATION_FAULT_RECIPIENT, /* it is no address, or a redaction of one */
    OBSERVATION_FAULT_REPLY,
    OBSERVATION_FAULT_STATUS,
    OBSERVATION_FAULT_ACTION, /* nothing tells how it went */
};
enum observation_fault observation_fault(const struct observation *observation);

/* Of one recipient, which is not known if it is one of our own addresses. The observation has no fault.
 * The caller frees it. */
struct report *observation_report(const struct report_settings *settings, const struct observation *observation);
