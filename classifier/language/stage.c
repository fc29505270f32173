#include "classifier/language/stage.h"

#include <glib.h>

/* Later stages first: a text that tells of two has come so far. */
const struct stage_row stage_rows[] = {
    {"failed after i sent the message", "DATA"}, /* qmail */
    {"like our final data", "DATA"},             /* dma */
    {"like our data", "DATA"},
    {"reply to end of data", "DATA"}, /* Postfix */
    {"reply to data command", "DATA"},
    {"after end of data", "DATA"}, /* Exim */
    {"after pipelined end of data", "DATA"},
    {"after data", "DATA"},
    {"accept your message (data)", "DATA"},
    {"step: data", "DATA"},
    {"command data", "DATA"}, /* m-FILTER */
    {"(state 18)", "DATA"},   /* Gmail, until 2013 */
    {"like our rcpt to", "RCPT"},
    {"reply to rcpt to", "RCPT"},
    {"after rcpt to", "RCPT"},
    {"after pipelined rcpt", "RCPT"},
    {"does not like recipient", "RCPT"}, /* qmail */
    {"was rcpt to response", "RCPT"},
    {"[rcpt_to]", "RCPT"}, /* Yahoo */
    {"smtp:rcpt ", "RCPT"},
    {">>> rcpt to", "RCPT"},
    {"(state 14)", "RCPT"},
    {"like our mail from", "MAIL"},
    {"reply to mail from", "MAIL"},
    {"after mail from", "MAIL"},
    {"after pipelined mail", "MAIL"},
    {"but sender was rejected", "MAIL"},
    {">>> mail from", "MAIL"},
    {"like our helo", "HELO"},
    {"reply to helo", "HELO"},
    {"after helo", "HELO"},
    {"reply to ehlo", "EHLO"},
    {"after ehlo", "EHLO"},
    {"after initial connection", "CONN"},
    {"refused to talk to me", "CONN"}, /* Postfix */
};

const size_t stage_count = G_N_ELEMENTS(stage_rows);
