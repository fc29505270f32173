/* log_attempt.h: one attempt of a mail server to deliver mail to one recipient, as its log tells of it (log_reader.h).
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "parser/report.h"
#include "parser/text/span.h"

/* The software whose log it is: each has its format. */
extern const char *const log_software_names[];
enum log_software {
    LOG_SOFTWARE_AUTO, /* each line tells */
    LOG_SOFTWARE_POSTFIX,
    LOG_SOFTWARE_EXIM,
    LOG_SOFTWARE_SENDMAIL,
    LOG_SOFTWARE_OPENSMTPD,
    LOG_SOFTWARE_POWERMTA,
};

/* Plain data. Texts that are not said are empty; they live until the next line. */
struct log_attempt {
    enum log_software software;
    enum report_action action;   /* failed, delayed or delivered */
    bool expired;                /* it failed since its server had tried for long enough */
    gint64 time;                 /* seconds since 1970 UTC; 0: not said */
    struct span server;          /* whose log it is, as syslog names it; and the instance of the software */
    struct span queue_id;        /* of the message there */
    struct span sender;          /* of the envelope; never the null sender: of reports nothing is told */
    struct span recipient;       /* whom the mail was sent to, ... */
    struct span final_recipient; /* ... and where it went, if that is another: an alias, a list, a forwarding */
    struct span host;            /* that gave the answer */
    struct span status;          /* enhanced status code that the server made of it, "5.1.1" */
    struct span diagnostic;      /* the answer, or what went wrong without one */
    struct span message_id;      /* without its angle brackets, perhaps */
};
