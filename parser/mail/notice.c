#include "parser/mail/notice.h"

#include <string.h>

#include "parser/readers/auto_reply.h"
#include "parser/text/mentions.h"
#include "parser/text/phrase.h"

enum { MAX_FAILED_FIELDS = 1000, MAX_TO = 1000 };

static const char *const daemons[] = {
    "mailer-daemon",
    "maildaemon",
    "mail-daemon",
    "mailerdaemon",
    "mail delivery s", /* system, subsystem, service, software */
    "mail.delivery",
    "mailsystem",
    "delivery sub",
    "mail system",
    "mail deliverer",
    "delivery notification",
    "delivery status",
    "bounce notif",
    "daemon@",
    "mail server at",
    "mmdf",
    "bounce-notification",
    "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@",
};

static const char *const postmasters[] = {
    "postmaster", "ndr ",        "mail router",    "interscan",        "administrator", "mail-gateway",
    "mailadmin",  "post_master", "email security", "message delivery", "mail deliver"};

/* Subjects of other mail that a mail system sends, with addresses beside words of failure in it. */
static const char *const other_subjects[] = {"quarantine", "digest", "summary", "spam report", "held message"};

/* What is delivered, or not, and is no mail. */
static const char *const goods[] = {"parcel", "package", "shipment", "order",     "paket", "sendung",
                                    "colis",  "paquete", "pacco",    "encomenda", "pakket"};

static const char *const failed_fields[] = {"X-Failed-Recipients", "X-Failed-Recipient", "X-Mailer-Daemon-Recipients",
                                            "X-Bounced-Address", "X-Actual-Recipient"};

/* A person who passes a report on, or answers one. */
static const char *const answers[] = {"re:", "fw:", "fwd:", "aw:", "wg:", "tr:", "rv:", "sv:", "vs:", "antw:"};

static bool holds_any(struct span text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (span_find(text, words[i]) != NULL)
            return true;
    }
    return false;
}

static bool is_null_sender(const struct message *message)
{
    struct span path;

    if (message->envelope->mail_from != NULL)
        return message->envelope->mail_from[0] == '\0';
    path = message_field(message, "Return-Path");
    return path.at != NULL && (span_is(path, "<>") || span_find(path, "MAILER-DAEMON") != NULL);
}

static bool is_answer(struct span subject)
{
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        if (span_starts(subject, answers[i]))
            return true;
    }
    return false;
}

static bool is_listed(const struct message *message)
{
    return message_field(message, "List-Id").at != NULL || message_field(message, "List-Unsubscribe").at != NULL;
}

/* Did a person or a list send it? They may quote a report. */
static bool is_quoting(const struct message *message)
{
    return is_answer(message_field(message, "Subject")) || is_listed(message);
}

static bool is_subject_of_failure(struct message *message)
{
    struct span subject = span_of(message_subject(message));

    return (phrase_find(subject) & (PHRASE_FAILURE | PHRASE_DELAY)) != 0 ||
           span_find(subject, "delivery status") != NULL;
}

/* Does it return a message that whom it is addressed to sent? KDDI's reports have no other mark in the header. */
static bool returns_message(struct message *message)
{
    static const char *const senders[] = {"Return-Path", "From"};
    struct span to = span_head(message_field(message, "To"), MAX_TO);

    for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
        struct span sender = span_head(fields_get(message_returned(message), senders[i]), MAX_TO);
        struct span address;
        size_t from = 0;
        if (mentions_next(sender, &from, &address) && mentions_has(to, address))
            return true;
    }
    return false;
}

unsigned notice_signs(struct message *message)
{
    struct span from = span_head(message_field(message, "From"), 300);
    struct span type = span_head(message_field(message, "Content-Type"), 300);
    unsigned signs = 0;

    if (is_null_sender(message))
        signs |= NOTICE_NULL_SENDER;
    if (span_is(from, "<>") || (from.length == 0 && (signs & NOTICE_NULL_SENDER) != 0) ||
        holds_any(from, daemons, G_N_ELEMENTS(daemons)))
        signs |= NOTICE_DAEMON;
    else if (holds_any(from, postmasters, G_N_ELEMENTS(postmasters)) && !is_quoting(message))
        signs |= NOTICE_POSTMASTER;
    for (size_t i = 0; i < G_N_ELEMENTS(failed_fields); i++) {
        if (message_field(message, failed_fields[i]).length > 0)
            signs |= NOTICE_FAILED;
    }
    if (span_starts(type, "multipart/report") && span_find(type, "disposition-notification") == NULL)
        signs |= NOTICE_REPORT;
    if (signs != NOTICE_NULL_SENDER)
        return signs;
    if (is_listed(message) || auto_reply_claimed(message)) /* RFC 3834 */
        return 0;
    if (is_answer(message_field(message, "Subject"))) /* Apache James, too, answers with "Re:" */
        return signs;
    if (is_subject_of_failure(message))
        return signs | NOTICE_SUBJECT;
    return returns_message(message) ? signs | NOTICE_RETURNS : signs;
}

bool notice_is_of_goods(struct span subject)
{
    return holds_any(subject, goods, G_N_ELEMENTS(goods));
}

bool notice_is_other(struct span subject)
{
    return holds_any(subject, other_subjects, G_N_ELEMENTS(other_subjects));
}

void notice_read_failed(const struct message *message, struct findings *findings)
{
    int left = MAX_FAILED_FIELDS;

    for (size_t i = 0; i < G_N_ELEMENTS(failed_fields); i++) {
        const struct field *field = fields_find(&message->header, failed_fields[i]);
        for (; field != NULL && left > 0; field = fields_next(&message->header, field), left--) {
            struct span address;
            size_t from = 0;
            while (mentions_next(field->value, &from, &address)) {
                struct finding *finding = findings_add(findings, address, REPORT_KIND_BOUNCE);
                if (finding == NULL)
                    return;
                finding->from = REPORT_FROM_X_HEADER;
            }
        }
    }
}
