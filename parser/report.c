#include "parser/report.h"

#include <string.h>

#include "parser/text/mentions.h"
#include "parser/text/reply.h"
#include "parser/text/subject.h"
#include "parser/text/verb.h"

const char *const report_kind_names[] = {
    [REPORT_KIND_OTHER] = "other",
    [REPORT_KIND_BOUNCE] = "bounce",
    [REPORT_KIND_DELAY] = "delay",
    [REPORT_KIND_DELIVERED] = "delivered",
    [REPORT_KIND_FEEDBACK] = "feedback",
    [REPORT_KIND_AUTO_REPLY] = "auto_reply",
    [REPORT_KIND_UNSUBSCRIBE] = "unsubscribe",
    NULL,
};

const char *const report_commands[] = {
    "CONN", "EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BDAT", "QUIT", NULL,
};

const char *const report_action_names[] = {
    [REPORT_ACTION_ABSENT] = "",
    [REPORT_ACTION_FAILED] = "failed",
    [REPORT_ACTION_DELAYED] = "delayed",
    [REPORT_ACTION_DELIVERED] = "delivered",
    [REPORT_ACTION_RELAYED] = "relayed",
    [REPORT_ACTION_EXPANDED] = "expanded",
    NULL,
};

const char *const report_from_names[] = {
    [REPORT_FROM_ABSENT] = "",
    [REPORT_FROM_SIGNED] = "signed",
    [REPORT_FROM_VERP] = "verp",
    [REPORT_FROM_TOKEN] = "token",
    [REPORT_FROM_MESSAGE_ID] = "message_id",
    [REPORT_FROM_LIST_UNSUBSCRIBE] = "list_unsubscribe",
    [REPORT_FROM_ENVELOPE_ID] = "envelope_id",
    [REPORT_FROM_ORIGINAL_RECIPIENT] = "original_recipient",
    [REPORT_FROM_FINAL_RECIPIENT] = "final_recipient",
    [REPORT_FROM_X_HEADER] = "x_header",
    [REPORT_FROM_BODY] = "body",
    [REPORT_FROM_RETURNED_RECEIVED] = "returned_received",
    [REPORT_FROM_RETURNED_TO] = "returned_to",
    [REPORT_FROM_SENDER] = "sender",
    NULL,
};

const char *const report_evidence_names[] = {
    [REPORT_EVIDENCE_UNPROVEN] = "unproven",
    [REPORT_EVIDENCE_AUTHENTICATED] = "authenticated",
    [REPORT_EVIDENCE_SIGNED] = "signed",
    NULL,
};

char *report_cut_names(unsigned cut)
{
    static const char *const names[] = {"parts", "depth", "recipients", "headers", "text"};
    GString *text = g_string_new(NULL);

    for (size_t bit = 0; bit < G_N_ELEMENTS(names); bit++) {
        if ((cut & (1U << bit)) != 0)
            g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ",", names[bit]);
    }
    return g_string_free(text, text->len == 0);
}

/* Bad sender's mailbox address, bad sender's system address (RFC 3463 section 3.2). */
static bool is_senders(const char *status)
{
    struct reply_status numbers;

    return status != NULL && reply_read_status(status, &numbers) && numbers.subject == 1 &&
           (numbers.detail == 7 || numbers.detail == 8);
}

static bool is_named(struct span text, const char *address)
{
    return address != NULL && mentions_has(text, span_of(address));
}

/* "550 <news@example.com>: undeliverable address: host mx.example.com said: 550 no": a reply that quotes another one,
 * about an address that is not the recipient's. */
static bool quotes_about_another(const struct report_recipient *recipient)
{
    const char *text = recipient->diagnostic != NULL ? recipient->diagnostic : "";
    const char *quoted = recipient->recipient != NULL ? reply_quoted(text) : NULL;
    struct span outer = {text, quoted != NULL ? (size_t)(quoted - text) : 0}, address;
    size_t from = 0;

    return span_ends(outer, " said: ") && mentions_next(outer, &from, &address) &&
           !is_named(outer, recipient->recipient) && !is_named(outer, recipient->final_recipient);
}

bool report_is_status(const char *text)
{
    return reply_is_status(span_of(text));
}

void report_settle(struct report_recipient *recipient)
{
    if (recipient->command == NULL && recipient->diagnostic != NULL)
        recipient->command = verb_command(verb_answered(span_of(recipient->diagnostic)));
    recipient->about_sender = verb_precedes_recipient(recipient->command) || is_senders(recipient->status) ||
                              subject_is_sender(span_of(recipient->diagnostic)) || quotes_about_another(recipient);
}

void report_settings_defaults(struct report_settings *settings)
{
    *settings = (struct report_settings){
        .max_parts = 1000,
        .max_depth = 32,
        .max_recipients = 10000,
        .max_header_bytes = 1 << 20,
        .max_text_bytes = 1 << 20,
    };
}

void report_free(struct report *report)
{
    if (report == NULL)
        return;
    g_ptr_array_unref(report->recipients);
    g_clear_pointer(&report->delivered_to, g_ptr_array_unref);
    g_string_chunk_free(report->strings);
    g_free(report);
}

/* A string that the recipient before has, too, is counted there. */
static size_t text_octets(const char *text, const char *before)
{
    return text != NULL && text != before ? strlen(text) + 1 : 0;
}

size_t report_octets(const struct report *report)
{
    static const struct report_recipient none = {0};
    const struct report_recipient *before = &none;
    size_t octets = sizeof *report;

    for (guint i = 0; i < report->recipients->len; i++) {
        const struct report_recipient *one = report->recipients->pdata[i];

        octets += sizeof *one + sizeof one;
        octets += text_octets(one->recipient, before->recipient);
        octets += text_octets(one->final_recipient, before->final_recipient);
        octets += text_octets(one->status, before->status);
        octets += text_octets(one->diagnostic, before->diagnostic);
        octets += text_octets(one->remote_mta, before->remote_mta);
        before = one;
    }
    return octets;
}
