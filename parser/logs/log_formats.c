#include "parser/logs/log_formats.h"

#include <string.h>

#include "parser/logs/exim_line.h"
#include "parser/logs/log_items.h"

/* --- Postfix ------------------------------------------------------------------------------------------------------ */

/* global/log_adhoc.c of it writes how deliveries went, for these; the last four tell of messages. */
static const char *const postfix_programs[] = {"smtp",    "lmtp",   "local", "virtual", "pipe",  "error",
                                               "discard", "bounce", "qmgr",  "cleanup", "nqmgr", NULL};

static const struct log_head postfix_heads[] = {{"QUEUE:", ','}, {0}};

/* A Message-ID is a stranger's, and logged as it is. */
static const struct log_key postfix_keys[] = {
    {"to", LOG_FIELD_RECIPIENT, false},  {"orig_to", LOG_FIELD_ORIGINAL, false},
    {"from", LOG_FIELD_SENDER, false},   {"relay", LOG_FIELD_HOST, false},
    {"dsn", LOG_FIELD_STATUS, false},    {"message-id", LOG_FIELD_MESSAGE_ID, true},
    {"status", LOG_FIELD_OUTCOME, true}, {0},
};

/* "deliverable" and "undeliverable" are answers to probes (verify(8)). */
static const struct log_word postfix_words[] = {
    {"sent", LOG_END_DELIVERED},
    {"deferred", LOG_END_DELAYED},
    {"bounced", LOG_END_FAILED},
    {"SOFTBOUNCE", LOG_END_DELAYED},
    {"expired", LOG_END_EXPIRED},
    {"force-expired", LOG_END_EXPIRED},
    {0},
};

static const struct log_word postfix_notes[] = {
    {"QUEUE: removed", LOG_END_DONE},
    {"QUEUE: sender non-delivery notification: REPORT", LOG_END_NONE},
    {"QUEUE: sender delay notification: REPORT", LOG_END_NONE},
    {"QUEUE: sender delivery status notification: REPORT", LOG_END_NONE},
    {"QUEUE: postmaster non-delivery notification: REPORT", LOG_END_NONE},
    {0},
};

/* --- Exim --------------------------------------------------------------------------------------------------------- */

static const char *const exim_programs[] = {"exim", "exim4", NULL};

static const struct log_key exim_keys[] = {
    {"F", LOG_FIELD_SENDER, false},
    {"H", LOG_FIELD_HOST, false},
    {"C", LOG_FIELD_TEXT, false},
    {"id", LOG_FIELD_MESSAGE_ID, false},
    {0},
};

/* ">" is an automatic reply, and "*>" what -N kept from being delivered. */
static const struct log_word exim_words[] = {
    {"=>", LOG_END_DELIVERED}, {"->", LOG_END_DELIVERED}, {">>", LOG_END_DELIVERED},
    {"**", LOG_END_FAILED},    {"==", LOG_END_DELAYED},   {0},
};

/* Nobody was asked to take the mail. */
static const struct log_word exim_not_tried[] = {
    {"retry time not reached", LOG_END_NONE},
    {"SMTP delivery explicitly queued", LOG_END_NONE},
    {"retry time not yet reached", LOG_END_NONE},
    {"some host address lookups failed and retry time not reached", LOG_END_NONE},
    {"first-pass only routing", LOG_END_NONE},
    {"hold_domains lookup deferred", LOG_END_NONE},
    {"domain is in queue_domains", LOG_END_NONE},
    {"domain matches queue_smtp_domains", LOG_END_NONE},
    {"concurrency limit reached", LOG_END_NONE},
    {"reusing SMTP connection skips", LOG_END_NONE},
    {0},
};

static const struct log_word exim_notes[] = {{"Completed", LOG_END_DONE}, {0}};

/* --- Sendmail ----------------------------------------------------------------------------------------------------- */

static const char *const sendmail_programs[] = {"sendmail", "sm-mta", "sm-msp-queue", NULL};

static const struct log_head sendmail_heads[] = {{"QUEUE:", ','}, {0}};

static const struct log_key sendmail_keys[] = {
    {"to", LOG_FIELD_RECIPIENT, false},
    {"from", LOG_FIELD_SENDER, false},
    {"relay", LOG_FIELD_HOST, false},
    {"dsn", LOG_FIELD_STATUS, false},
    {"stat", LOG_FIELD_OUTCOME, true},
    {"msgid", LOG_FIELD_MESSAGE_ID, true},
    {0},
};

/* All others are what went wrong: "User unknown". */
static const struct log_word sendmail_words[] = {
    {"Sent", LOG_END_DELIVERED},
    {"Deferred", LOG_END_DELAYED},
    {"queued", LOG_END_NONE},
    {0},
};

/* "Warning: could not send message for past 4 hours" is no end. */
static const struct log_word sendmail_notes[] = {
    {"QUEUE: REPORT: sender notify: Cannot send message for", LOG_END_EXPIRED},
    {"QUEUE: REPORT: return to sender: Cannot send message for", LOG_END_EXPIRED},
    {"QUEUE: REPORT: sender notify:", LOG_END_NONE},
    {"QUEUE: REPORT: return to sender:", LOG_END_NONE},
    {"QUEUE: REPORT: postmaster notify:", LOG_END_NONE},
    {"QUEUE: REPORT: DSN:", LOG_END_NONE},
    {"QUEUE: REPORT: return receipt", LOG_END_NONE},
    {0},
};

/* --- OpenSMTPD ---------------------------------------------------------------------------------------------------- */

/* "transfer" is the process of 5.3. */
static const char *const opensmtpd_programs[] = {"smtpd", "transfer", NULL};

static const struct log_head opensmtpd_heads[] = {
    {"* mta delivery", ' '},
    {"* mda delivery", ' '},
    {"* mta event=delivery", ' '},
    {"* mda event=delivery", ' '},
    {"relay: OUTCOME for QUEUE:", ','},
    {"mda: OUTCOME for QUEUE:", ','},
    {0},
};

static const struct log_key opensmtpd_keys[] = {
    {"evpid", LOG_FIELD_QUEUE, false},    {"from", LOG_FIELD_SENDER, false},
    {"to", LOG_FIELD_RECIPIENT, false},   {"rcpt", LOG_FIELD_ORIGINAL, false},
    {"relay", LOG_FIELD_HOST, false},     {"stat", LOG_FIELD_TEXT, true},
    {"result", LOG_FIELD_OUTCOME, false}, {0},
};

static const struct log_word opensmtpd_words[] = {
    {"Ok", LOG_END_DELIVERED},    {"TempFail", LOG_END_DELAYED}, {"PermFail", LOG_END_FAILED},
    {"LoopFail", LOG_END_FAILED}, {"Expire", LOG_END_EXPIRED},   {0},
};

static const struct log_word no_notes[] = {{0}};

/* --- PowerMTA ----------------------------------------------------------------------------------------------------- */

/* Of its accounting file. An answer tells more than the category that was made of it. */
static const struct log_key powermta_keys[] = {
    {"type", LOG_FIELD_OUTCOME, false},
    {"rcpt", LOG_FIELD_RECIPIENT, false},
    {"orig", LOG_FIELD_SENDER, false},
    {"timeLogged", LOG_FIELD_TIME, false},
    {"timeQueued", LOG_FIELD_TIME, false},
    {"dsnStatus", LOG_FIELD_STATUS, false},
    {"dsnDiag", LOG_FIELD_TEXT, false},
    {"bounceCat", LOG_FIELD_TEXT, false},
    {"dsnMta", LOG_FIELD_HOST, false},
    {"header_Message-Id", LOG_FIELD_MESSAGE_ID, false},
    {0},
};

/* "rb" is a bounce that came later, by mail. */
static const struct log_word powermta_words[] = {
    {"d", LOG_END_DELIVERED},       {"delivery", LOG_END_DELIVERED},
    {"b", LOG_END_FAILED},          {"bounce", LOG_END_FAILED},
    {"rb", LOG_END_FAILED},         {"t", LOG_END_DELAYED},
    {"transient", LOG_END_DELAYED}, {0},
};

/* --- the table ---------------------------------------------------------------------------------------------------- */

const struct log_format log_formats[LOG_FORMATS] = {
    [LOG_SOFTWARE_POSTFIX] = {.software = LOG_SOFTWARE_POSTFIX,
                              .read = log_items_read,
                              .programs = postfix_programs,
                              .heads = postfix_heads,
                              .keys = postfix_keys,
                              .words = postfix_words,
                              .notes = postfix_notes,
                              .instances = true,
                              .recipient_first = true,
                              .hops = true},
    [LOG_SOFTWARE_EXIM] = {.software = LOG_SOFTWARE_EXIM,
                           .read = exim_line_read,
                           .programs = exim_programs,
                           .keys = exim_keys,
                           .words = exim_words,
                           .not_tried = exim_not_tried,
                           .notes = exim_notes,
                           .stamped = true},
    [LOG_SOFTWARE_SENDMAIL] = {.software = LOG_SOFTWARE_SENDMAIL,
                               .read = log_items_read,
                               .programs = sendmail_programs,
                               .heads = sendmail_heads,
                               .keys = sendmail_keys,
                               .words = sendmail_words,
                               .notes = sendmail_notes,
                               .otherwise = LOG_END_BY_STATUS,
                               .recipient_first = true,
                               .hops = true},
    [LOG_SOFTWARE_OPENSMTPD] = {.software = LOG_SOFTWARE_OPENSMTPD,
                                .read = log_items_read,
                                .programs = opensmtpd_programs,
                                .heads = opensmtpd_heads,
                                .keys = opensmtpd_keys,
                                .words = opensmtpd_words,
                                .notes = no_notes,
                                .hops = true},
    [LOG_SOFTWARE_POWERMTA] = {.software = LOG_SOFTWARE_POWERMTA, .keys = powermta_keys, .words = powermta_words},
};

bool log_format_knows(const struct log_format *format, struct span program)
{
    const char *slash = memrchr(program.at, '/', program.length);

    if (format->programs == NULL || (slash != NULL) != format->instances)
        return false;
    if (slash != NULL)
        program = span_from(program, slash + 1);
    for (const char *const *name = format->programs; *name != NULL; name++) {
        if (span_is(program, *name))
            return true;
    }
    return false;
}
