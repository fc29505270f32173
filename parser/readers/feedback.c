#include "parser/readers/feedback.h"

#include <string.h>

static const char *const feedback_types[] = {"message/feedback-report", NULL};

/* Fields that name whom the mail was sent to. All of them may be repeated. */
static const char *const recipient_fields[] = {"Original-Rcpt-To", "Removal-Recipient"};

/* Complaints without a feedback-report part: the subject tells our IP address. The sender proves them, or a field of
 * the header, or one of the message that comes back. That is a part, or stands in the text behind a mark (NULL: it is
 * the text). */
static const struct {
    const char *dialect;
    const char *subject;
    const char *from;
    const char *field;
    const char *returned; /* a field that names the recipient */
    const char *mark;
} older_forms[] = {
    /* Microsoft, to 2026 */
    {"jmrp", "complaint about message from ", "staff@hotmail.com", "X-HmXmrOriginalRecipient",
     "X-HmXmrOriginalRecipient", NULL},
    {"spamcop", "[SpamCop (", "@reports.spamcop.net", "X-SpamCop-sourceip", NULL, "[ Offending message ]"},
};

/* How a feedback report may begin when its part has another type. */
static bool looks_like_feedback(struct message *message, struct part *part)
{
    static const char *const names[] = {"Feedback-Type:", "User-Agent:", "Version:", "Source-IP:"};
    struct span text;

    if (strcmp(part->type, "text/plain") != 0 && strcmp(part->type, "application/octet-stream") != 0)
        return false;
    text = span_trim(message_part_bytes(message, part));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (span_starts(text, names[i]))
            return span_find(span_head(text, 2048), "Feedback-Type:") != NULL;
    }
    return false;
}

/* Decoding the parts of ordinary mail to see whether they are reports is not worth it. */
static bool may_be_feedback(const struct message *message, const struct part *part)
{
    if (strcmp(message->type, "multipart/report") == 0 || message_field(message, "X-Rp-Fbl").at != NULL)
        return true;
    return g_str_has_prefix(message->type, "multipart/") && part->encoding != GMIME_CONTENT_ENCODING_BASE64;
}

static struct part *find_part(struct message *message)
{
    struct part *part = message_part_of(message, feedback_types);

    for (size_t i = 0; part == NULL && i < message_n_parts(message); i++) {
        struct part *other = message_part(message, i);
        if (may_be_feedback(message, other) && looks_like_feedback(message, other))
            part = other;
    }
    return part;
}

/* "[192.0.2.1]", "IPv6:2001:db8::1", "192.0.2.1 (host)" */
static const char *ip_address(struct draft *draft, struct span value)
{
    struct span word;
    size_t i;

    if (!span_word(&value, &word))
        return NULL;
    if (span_starts(word, "["))
        word = span_skip(word, 1);
    if (span_starts(word, "ipv6:"))
        word = span_skip(word, 5);
    for (i = 0; i < word.length && (g_ascii_isxdigit(word.at[i]) || word.at[i] == '.' || word.at[i] == ':'); i++)
        ;
    return draft_lower(draft, span_head(word, i));
}

static unsigned small_number(struct span value)
{
    unsigned number = 0;

    for (size_t i = 0; i < value.length && i < 9 && g_ascii_isdigit(value.at[i]); i++)
        number = number * 10 + (unsigned)(value.at[i] - '0');
    return number;
}

static struct span first_word(struct span value)
{
    struct span word = value;

    return span_word(&value, &word) ? word : span_head(value, 0);
}

static void read_fields(struct draft *draft, const struct fields *fields)
{
    struct report *report = draft->report;
    struct span arrival = fields_get(fields, "Arrival-Date");

    report->feedback_type = draft_lower(draft, first_word(fields_get(fields, "Feedback-Type")));
    if (report->feedback_type == NULL) /* required, yet some leave it out; "other" is RFC 5965's word for it */
        report->feedback_type = "other";
    report->user_agent = draft_text(draft, fields_get(fields, "User-Agent"));
    report->source_ip = ip_address(draft, fields_get(fields, "Source-IP"));
    report->original_mail_from = draft_address(draft, fields_get(fields, "Original-Mail-From"));
    report->reported_domain = draft_lower(draft, first_word(fields_get(fields, "Reported-Domain")));
    report->auth_failure = draft_lower(draft, first_word(fields_get(fields, "Auth-Failure")));
    report->incidents = small_number(fields_get(fields, "Incidents"));
    report->reporting_mta = draft_mta(draft, fields_get(fields, "Reporting-MTA"));
    draft->arrived = draft_date(draft, arrival.at != NULL ? arrival : fields_get(fields, "Received-Date"));
}

static enum report_kind kind_of(const struct report *report)
{
    return g_str_has_prefix(report->feedback_type, "opt-out") ? REPORT_KIND_UNSUBSCRIBE : REPORT_KIND_FEEDBACK;
}

/* One recipient for each address that the report names, one without an address when it names none. */
static void add_recipients(struct draft *draft, const struct fields *fields)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    struct report_recipient *recipient = draft_recipient(draft, kind_of(draft->report));

    for (size_t i = 0; i < G_N_ELEMENTS(recipient_fields); i++) {
        const struct field *field = fields_find(fields, recipient_fields[i]);
        for (; field != NULL; field = fields_next(fields, field)) {
            const char *address = draft_recipient_address(draft, field->value, REPORT_FROM_ORIGINAL_RECIPIENT);
            if (address == NULL || !g_hash_table_add(seen, (char *)address))
                continue;
            if (g_hash_table_size(seen) > 1)
                recipient = draft_recipient(draft, kind_of(draft->report));
            if (recipient == NULL)
                return;
            recipient->recipient = address;
            recipient->recipient_from = REPORT_FROM_ORIGINAL_RECIPIENT;
        }
    }
}

static void find_in_text(struct message *message, const char *mark)
{
    struct span text = message_part_shown(message, message_part(message, 0));
    const char *at = mark == NULL ? NULL : span_find(text, mark);

    if (mark == NULL)
        message_find_returned(message, text);
    else if (at != NULL)
        message_find_returned(message, span_skip(span_from(text, at), strlen(mark)));
}

static bool read_older_form(struct message *message, struct draft *draft)
{
    struct span subject = message_field(message, "Subject");

    for (size_t i = 0; i < G_N_ELEMENTS(older_forms); i++) {
        struct report_recipient *recipient;
        struct span named = {NULL, 0};
        if (!span_starts(subject, older_forms[i].subject))
            continue;
        find_in_text(message, older_forms[i].mark);
        if (older_forms[i].returned != NULL)
            named = fields_get(message_returned(message), older_forms[i].returned);
        if (named.length == 0 && message_field(message, older_forms[i].field).length == 0 &&
            span_find(message_field(message, "From"), older_forms[i].from) == NULL)
            continue;
        draft->report->dialect = older_forms[i].dialect;
        draft->report->feedback_type = "abuse";
        draft->report->source_ip = ip_address(draft, span_skip(subject, strlen(older_forms[i].subject)));
        recipient = draft_recipient(draft, REPORT_KIND_FEEDBACK);
        draft_set_recipient(draft, recipient, named, REPORT_FROM_X_HEADER);
        return true;
    }
    return false;
}

bool feedback_read(struct message *message, struct draft *draft)
{
    struct part *part = find_part(message);
    struct fields fields;
    struct span rest;

    if (part == NULL)
        return read_older_form(message, draft);
    rest = span_trim(message_part_bytes(message, part));
    fields_init(&fields);
    fields_read(&fields, &rest, message->settings->max_header_bytes);
    if (fields.cut)
        draft->report->cut |= REPORT_CUT_HEADERS;
    draft->report->dialect = "rfc5965";
    read_fields(draft, &fields);
    add_recipients(draft, &fields);
    fields_clear(&fields);
    return true;
}
