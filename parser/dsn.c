/* Delivery status notifications: RFC 3464 in a multipart/report (RFC 6522), RFC 6533 for international mail. */
#include <string.h>

#include "parser/answer.h"
#include "parser/dialect.h"
#include "parser/notice.h"
#include "parser/reader.h"
#include "parser/transcript.h"

static const char *const status_types[] = {"message/delivery-status", "message/global-delivery-status", NULL};

/* What a status part begins with. */
static const char *const field_names[] = {
    "Reporting-MTA:", "Final-Recipient:", "Original-Recipient:", "Original-Envelope-Id:"};

/* "deliverable" is what Postfix says of a probe (sendmail -bv). */
static const struct {
    const char *name;
    enum report_action action;
    enum report_kind kind;
} actions[] = {
    {"fail", REPORT_ACTION_FAILED, REPORT_BOUNCE},        {"undeliverable", REPORT_ACTION_FAILED, REPORT_BOUNCE},
    {"delay", REPORT_ACTION_DELAYED, REPORT_DELAY},       {"deliver", REPORT_ACTION_DELIVERED, REPORT_DELIVERED},
    {"defer", REPORT_ACTION_DELAYED, REPORT_DELAY},       {"relay", REPORT_ACTION_RELAYED, REPORT_DELIVERED},
    {"expand", REPORT_ACTION_EXPANDED, REPORT_DELIVERED},
};

/* The fields of one recipient (RFC 3464 section 2.3), as they came. */
struct group {
    struct span original_recipient;
    struct span final_recipient;
    struct span actual_recipient;
    struct span action;
    struct span status;
    struct span diagnostic_code;
    struct span remote_mta;
    struct span last_attempt;
    struct span bounce_category;
};

#define FIELD(name, member)                                                                                            \
    {                                                                                                                  \
        name, offsetof(struct group, member)                                                                           \
    }

static const struct {
    const char *name;
    size_t offset;
} group_fields[] = {
    FIELD("Original-Recipient", original_recipient),
    FIELD("Final-Recipient", final_recipient),
    FIELD("X-Actual-Recipient", actual_recipient), /* Sendmail: after aliases and .forward */
    FIELD("Action", action),
    FIELD("Status", status),
    FIELD("Diagnostic-Code", diagnostic_code),
    FIELD("Remote-MTA", remote_mta),
    FIELD("Last-Attempt-Date", last_attempt),
    FIELD("X-PowerMTA-BounceCategory", bounce_category),
};

/* The code alone: "5.1.1 (bad destination mailbox address)", "5.1.1." */
static struct span status_code(struct span value)
{
    struct span word;

    if (!span_word(&value, &word))
        return word;
    while (word.length > 0 && !g_ascii_isdigit(word.at[word.length - 1]))
        word.length--;
    return answer_is_status(word) ? word : span_head(word, 0);
}

/* "type; text" (RFC 3464 section 2.3.6); a semicolon after a blank belongs to the text. */
static struct span diagnostic_type(struct span value)
{
    const char *semicolon = span_find_char(span_head(value, 32), ';');
    struct span type = span_head(value, 0);

    if (semicolon != NULL)
        type = span_trim(span_head(value, (size_t)(semicolon - value.at)));
    return span_find_char(type, ' ') == NULL ? type : span_head(value, 0);
}

/* Without a Diagnostic-Code the comment in Status may tell: "4.4.3 (example.com: host name lookup failure)"; others
 * only put the code into words: "5.0.0 (permanent failure)". */
static struct span status_comment(struct span value)
{
    const char *open = span_find_char(value, '(');

    if (open == NULL || !span_ends(value, ")"))
        return span_head(value, 0);
    value = span_skip(span_from(value, open), 1);
    return span_find_char(value, ':') == NULL ? span_head(value, 0) : span_trim(span_head(value, value.length - 1));
}

static void set_diagnostic(struct draft *draft, struct report_recipient *recipient, struct span value)
{
    struct span type = diagnostic_type(value);

    /* a program's exit status, "X-Unix; 77", or what it wrote: the type tells that it was no SMTP server */
    if (span_is(type, "x-unix")) {
        recipient->diagnostic = draft_text(draft, value);
        return;
    }
    if (type.length > 0)
        value = span_trim(span_skip(span_from(value, span_find_char(value, ';')), 1));
    draft_set_diagnostic(draft, recipient, value);
}

static void set_action(struct report_recipient *recipient, const struct group *group)
{
    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (!span_starts(group->action, actions[i].name))
            continue;
        recipient->action = actions[i].action;
        recipient->kind = actions[i].kind;
        return;
    }
    /* no action that we know: the class of the status tells, as far as it can */
    if (span_starts(group->status, "2"))
        recipient->kind = REPORT_DELIVERED;
    else if (span_starts(group->status, "4"))
        recipient->kind = REPORT_DELAY;
}

/* Where it failed, when that is not whom we sent to. */
static void set_final(struct draft *draft, struct report_recipient *recipient, const struct group *group)
{
    const char *last = draft_address(draft, group->actual_recipient);

    if (last == NULL)
        last = draft_address(draft, group->final_recipient);
    if (last != NULL && recipient->recipient != NULL && g_ascii_strcasecmp(last, recipient->recipient) != 0)
        recipient->final_recipient = last;
}

/* False when the report is full. */
static bool add_group(struct draft *draft, const struct group *group)
{
    struct report_recipient *recipient;
    struct span status = status_code(group->status);

    if (group->final_recipient.at == NULL && group->original_recipient.at == NULL)
        return true;
    if (group->action.at == NULL && group->status.at == NULL)
        return true;
    recipient = draft_recipient(draft, REPORT_BOUNCE);
    if (recipient == NULL)
        return false;
    set_action(recipient, group);
    draft_set_recipient(draft, recipient, group->original_recipient, REPORT_FROM_ORIGINAL_RECIPIENT);
    draft_set_recipient(draft, recipient, group->final_recipient, REPORT_FROM_FINAL_RECIPIENT);
    set_final(draft, recipient, group);
    recipient->status = draft_text(draft, status);
    recipient->remote_mta = draft_mta(draft, group->remote_mta);
    recipient->occurred = draft_date(draft, group->last_attempt);
    set_diagnostic(draft, recipient, group->diagnostic_code);
    if (recipient->diagnostic == NULL)
        recipient->diagnostic = draft_lower(draft, group->bounce_category);
    if (recipient->diagnostic == NULL)
        recipient->diagnostic = draft_text(draft, status_comment(group->status));
    return true;
}

/* A field comes again: is it of the next recipient? */
static bool ends_group(const struct group *group, const struct span *value)
{
    bool told = group->action.at != NULL || group->status.at != NULL;

    return value == &group->final_recipient || (value == &group->original_recipient && told);
}

/* A block may hold several recipients: some MTAs leave the empty line between them out. */
static bool read_block(struct draft *draft, const struct fields *fields)
{
    struct group group = {0};

    for (guint i = 0; i < fields->items->len; i++) {
        const struct field *field = &g_array_index(fields->items, struct field, i);
        for (size_t k = 0; k < G_N_ELEMENTS(group_fields); k++) {
            struct span *value = G_STRUCT_MEMBER_P(&group, group_fields[k].offset);
            if (!span_is(field->name, group_fields[k].name))
                continue;
            if (value->at != NULL && ends_group(&group, value)) {
                if (!add_group(draft, &group))
                    return false;
                group = (struct group){0};
            }
            if (value->at == NULL)
                *value = field->value;
            break;
        }
    }
    return add_group(draft, &group);
}

static void read_message_fields(struct draft *draft, const struct fields *fields)
{
    struct report *report = draft->report;

    if (fields_find(fields, "X-PowerMTA-VirtualMTA") != NULL)
        report->dialect = "powermta";
    if (report->reporting_mta == NULL)
        report->reporting_mta = draft_mta(draft, fields_get(fields, "Reporting-MTA"));
    if (draft->arrived == 0)
        draft->arrived = draft_date(draft, fields_get(fields, "Arrival-Date"));
}

static void read_status(struct message *message, struct draft *draft, struct span rest)
{
    struct fields fields;
    struct span line;
    bool more = true;

    fields_init(&fields);
    while (more && rest.length > 0) {
        if (fields_read(&fields, &rest, message->settings->max_header_bytes)) {
            read_message_fields(draft, &fields);
            more = read_block(draft, &fields);
        } else if (span_starts(rest, "--")) {
            span_line(&rest, &line);
        }
        if (fields.cut)
            draft->report->cut |= REPORT_CUT_HEADERS;
    }
    fields_clear(&fields);
}

/* Some gateways give the status part another type, or none. */
static bool looks_like_status(struct message *message, struct part *part)
{
    static const char *const types[] = {"text/plain", "text/rfc822-headers", "application/octet-stream", NULL};
    struct span text;

    if (!g_strv_contains(types, part->type))
        return false;
    text = span_trim(message_part_bytes(message, part));
    for (size_t i = 0; i < G_N_ELEMENTS(field_names); i++) {
        if (span_starts(text, field_names[i]))
            return true;
    }
    return false;
}

/* The text for people comes first; it is read when the fields leave open what was answered, or to what. */
static void read_transcript(struct message *message, struct draft *draft)
{
    const GPtrArray *recipients = draft->report->recipients;
    struct part *part = message_part(message, 0);

    if (strcmp(part->type, "text/plain") != 0)
        return;
    for (guint i = 0; i < recipients->len; i++) {
        const struct report_recipient *recipient = g_ptr_array_index(recipients, i);
        if (recipient->kind == REPORT_DELIVERED || (recipient->reply != 0 && recipient->command != NULL))
            continue;
        if (!dialect_explain(message, draft, message_part_text(message, part)))
            transcript_read(draft, message_part_text(message, part));
        return;
    }
}

/* A status part may show the MTA that wrote it. */
static void set_dialect(struct draft *draft)
{
    if (draft->report->dialect == NULL)
        draft->report->dialect = "rfc3464";
}

/* Without recipients, what the part says of its MTA stays in the draft: another reader may find whom it is about. */
bool dsn_read(struct message *message, struct draft *draft)
{
    bool typed = message_part_of(message, status_types) != NULL;
    bool guess = !typed && strcmp(message->type, "multipart/report") == 0;

    for (size_t i = 0; (typed || guess) && i < message_n_parts(message); i++) {
        struct part *part = message_part(message, i);
        if (typed ? g_strv_contains(status_types, part->type) : looks_like_status(message, part))
            read_status(message, draft, message_part_bytes(message, part));
    }
    if (draft->report->recipients->len == 0)
        return false;
    set_dialect(draft);
    read_transcript(message, draft);
    return true;
}

/* Where the fields begin in a text: at a line that starts with one of their names. */
static struct span fields_in_text(struct span text)
{
    struct span rest = text;
    struct span line;

    while (span_line(&rest, &line)) {
        for (size_t i = 0; i < G_N_ELEMENTS(field_names); i++) {
            if (span_starts(line, field_names[i]))
                return span_from(text, line.at);
        }
    }
    return rest;
}

/* The header of the returned message, when its part's header came along as text. */
static void find_returned(struct message *message, struct span text)
{
    static const char *const types[] = {"\nContent-Type: message/rfc822", "\nContent-Type: text/rfc822-headers"};
    struct fields fields;

    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        const char *at = span_find(text, types[i]);
        if (at == NULL)
            continue;
        text = span_skip(span_from(text, at), 1);
        fields_init(&fields);
        fields_read(&fields, &text, message->settings->max_header_bytes);
        fields_clear(&fields);
        message_set_returned(message, text);
        return;
    }
}

bool dsn_text_read(struct message *message, struct draft *draft)
{
    struct part *part = message_part(message, 0);
    struct span text;

    if (!g_str_has_prefix(part->type, "text/plain") || notice_signs(message, draft) == 0)
        return false;
    text = fields_in_text(message_part_bytes(message, part));
    read_status(message, draft, text);
    if (draft->report->recipients->len == 0)
        return false;
    set_dialect(draft);
    if (message_returned(message)->items->len == 0)
        find_returned(message, text);
    read_transcript(message, draft);
    return true;
}

/* X-Failed-Recipients (Exim, Gmail) names them, or nothing does and the returned message must tell. */
bool dsn_unnamed_read(struct message *message, struct draft *draft)
{
    struct span subject = message_field(message, "Subject");
    struct span failed = message_field(message, "X-Failed-Recipients");
    enum report_kind kind = span_find(subject, "delay") != NULL ? REPORT_DELAY : REPORT_BOUNCE;
    struct span name;

    if (strcmp(message->type, "multipart/report") != 0 || !message_is_from_system(message))
        return false;
    if (message_part_of(message, status_types) == NULL && failed.length == 0)
        return false;
    set_dialect(draft);
    while (span_cut(&failed, ',', &name)) {
        const char *address = draft_recipient_address(draft, name, REPORT_FROM_X_HEADER);
        struct report_recipient *recipient = address == NULL ? NULL : draft_recipient(draft, kind);
        if (recipient == NULL)
            continue;
        recipient->recipient = address;
        recipient->recipient_from = REPORT_FROM_X_HEADER;
    }
    if (draft->report->recipients->len == 0)
        draft_recipient(draft, kind);
    read_transcript(message, draft);
    return true;
}
