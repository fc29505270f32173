#include "parser/readers/status.h"

#include <string.h>

#include "parser/text/reply.h"
#include "parser/text/verb.h"

const char *const status_types[] = {"message/delivery-status", "message/global-delivery-status",
                                    "message/xdelivery-status", "message/x-delivery-status", NULL};

/* "deliverable" is what Postfix says of a probe (sendmail -bv). */
static const struct {
    const char *name;
    enum report_action action;
    enum report_kind kind;
} actions[] = {
    {"fail", REPORT_ACTION_FAILED, REPORT_KIND_BOUNCE},
    {"undeliverable", REPORT_ACTION_FAILED, REPORT_KIND_BOUNCE},
    {"delay", REPORT_ACTION_DELAYED, REPORT_KIND_DELAY},
    {"deliver", REPORT_ACTION_DELIVERED, REPORT_KIND_DELIVERED},
    {"defer", REPORT_ACTION_DELAYED, REPORT_KIND_DELAY},
    {"relay", REPORT_ACTION_RELAYED, REPORT_KIND_DELIVERED},
    {"expand", REPORT_ACTION_EXPANDED, REPORT_KIND_DELIVERED},
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
    struct span supplementary;
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
    FIELD("X-Supplementary-Info", supplementary), /* Sun's and Netscape's messaging servers */
};

/* The code alone: "5.1.1 (bad destination mailbox address)", "5.1.1." */
static struct span status_code(struct span value)
{
    struct span word;

    if (!span_word(&value, &word))
        return word;
    while (word.length > 0 && !g_ascii_isdigit(word.at[word.length - 1]))
        word.length--;
    return reply_is_status(word) ? word : span_head(word, 0);
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

static bool is_number(struct span text)
{
    while (text.length > 0 && g_ascii_isdigit(text.at[0]))
        text = span_skip(text, 1);
    return text.length == 0;
}

/* The remote side's words in <192.0.2.25 #5.0.0 smtp; 550 "Unknown User">. */
static struct span supplementary_reply(struct span value)
{
    const char *type = span_find(value, "smtp;");

    if (type == NULL || !span_ends(value, ">"))
        return span_head(value, 0);
    value.length--;
    return span_trim(span_skip(span_from(value, type), strlen("smtp;")));
}

static void set_diagnostic(struct draft *draft, struct report_recipient *recipient, struct span value)
{
    struct span type = diagnostic_type(value);
    struct span text = value;

    if (type.length > 0)
        text = span_trim(span_skip(span_from(value, span_find_char(value, ';')), 1));
    /* no SMTP server said it, but a program that the mail was piped to: in words, or by its exit status, "X-Unix; 77"
     */
    if (span_is(type, "x-unix")) {
        recipient->command = verb_pipe;
        if (is_number(text)) {
            recipient->diagnostic = draft_text(draft, value);
            return;
        }
    }
    draft_set_diagnostic(draft, recipient, text);
}

/* The first digit of the group's own status, or else of what was answered. */
static char class_of(const struct report_recipient *recipient, const struct group *group)
{
    if (group->status.length > 0)
        return group->status.at[0];
    return recipient->status != NULL ? recipient->status[0] : (char)('0' + recipient->reply / 100);
}

/* `recipient` has its status and reply. */
static void set_action(struct report_recipient *recipient, const struct group *group)
{
    char class = class_of(recipient, group);

    for (size_t i = 0; i < G_N_ELEMENTS(actions); i++) {
        if (!span_starts(group->action, actions[i].name))
            continue;
        recipient->action = actions[i].action;
        recipient->kind = actions[i].kind;
        return;
    }
    /* no action that we know: the class of the status tells, as far as it can */
    if (class == '2')
        recipient->kind = REPORT_KIND_DELIVERED;
    else if (class == '4')
        recipient->kind = REPORT_KIND_DELAY;
}

/* Where it failed, when that is not whom we sent to. */
static void set_final(struct draft *draft, struct report_recipient *recipient, const struct group *group)
{
    const char *last = draft_address(draft, group->actual_recipient);

    if (last == NULL)
        last = draft_address(draft, group->final_recipient);
    if (last != NULL && recipient->recipient != NULL && g_ascii_strcasecmp(last, recipient->recipient) != 0)
        recipient->final_recipient = last;
    if (last == NULL || recipient->final_recipient != NULL)
        draft->tried = DRAFT_TRIED_OTHERS;
    else if (draft->tried == DRAFT_TRIED_UNKNOWN)
        draft->tried = DRAFT_TRIED_SAME;
}

/* AOL: "Action: failed", "Diagnostic-Code: SMTP; 250 OK". The text for people may tell. */
static void forget_success(struct report_recipient *recipient, const char *status)
{
    if (recipient->kind != REPORT_KIND_BOUNCE || recipient->reply / 100 != 2 || recipient->diagnostic[0] != '2')
        return;
    recipient->reply = 0;
    recipient->diagnostic = NULL;
    recipient->status = status != NULL && status[0] != '2' ? status : NULL;
}

static bool is_told(const struct group *group)
{
    return group->action.at != NULL || group->status.at != NULL;
}

/* Does the diagnostic tell what the fields that must be there (RFC 3464 section 2.3) do not? */
static bool is_answered(const struct group *group)
{
    struct reply found;

    reply_find(group->diagnostic_code, &found);
    return found.code != 0 || found.status.length > 0;
}

/* False when the report is full. */
static bool add_group(struct draft *draft, const struct group *group)
{
    struct report_recipient *recipient;
    struct span status = status_code(group->status);
    const char *own;

    if (group->final_recipient.at == NULL && group->original_recipient.at == NULL)
        return true;
    if (!is_told(group) && !is_answered(group))
        return true;
    recipient = draft_recipient(draft, REPORT_KIND_BOUNCE);
    if (recipient == NULL)
        return false;
    draft_set_recipient(draft, recipient, group->original_recipient, REPORT_FROM_ORIGINAL_RECIPIENT);
    if (!draft_set_recipient(draft, recipient, group->final_recipient, REPORT_FROM_FINAL_RECIPIENT) &&
        recipient->recipient == NULL)
        draft_set_tried(draft, recipient, group->final_recipient);
    set_final(draft, recipient, group);
    own = draft_text(draft, status);
    recipient->status = own;
    recipient->remote_mta = draft_mta(draft, group->remote_mta);
    recipient->occurred = draft_date(draft, group->last_attempt);
    set_diagnostic(draft, recipient, group->diagnostic_code);
    if (recipient->diagnostic == NULL)
        draft_set_diagnostic(draft, recipient, supplementary_reply(group->supplementary));
    set_action(recipient, group);
    forget_success(recipient, own);
    if (recipient->diagnostic == NULL)
        recipient->diagnostic = draft_lower(draft, group->bounce_category);
    if (recipient->diagnostic == NULL)
        recipient->diagnostic = draft_text(draft, status_comment(group->status));
    return true;
}

/* A field comes again: is it of the next recipient? */
static bool ends_group(const struct group *group, const struct span *value)
{
    return value == &group->final_recipient || (value == &group->original_recipient && is_told(group));
}

/* A block may hold several recipients: some MTAs leave the empty line between them out. Others put one between the
 * fields of the same recipient: `open` is what the blocks before left open. */
static bool read_block(struct draft *draft, const struct fields *fields, struct group *open)
{
    struct group group = *open;

    if (is_told(&group) &&
        (fields_find(fields, "Final-Recipient") != NULL || fields_find(fields, "Original-Recipient") != NULL)) {
        if (!add_group(draft, &group))
            return false;
        group = (struct group){0};
    }
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
    *open = group;
    return true;
}

static void read_message_fields(struct draft *draft, const struct fields *fields)
{
    struct report *report = draft->report;

    if (fields_find(fields, "X-PowerMTA-VirtualMTA") != NULL)
        report->dialect = "powermta";
    if (report->reporting_mta == NULL)
        report->reporting_mta = draft_mta(draft, fields_get(fields, "Reporting-MTA"));
    if (draft->envelope_id == NULL)
        draft->envelope_id = draft_text(draft, fields_get(fields, "Original-Envelope-Id"));
    if (draft->arrived == 0)
        draft->arrived = draft_date(draft, fields_get(fields, "Arrival-Date"));
}

/* Where MIME was lost, the returned message follows. */
static bool is_header(const struct fields *fields)
{
    return fields_find(fields, "From") != NULL || fields_find(fields, "Received") != NULL;
}

void status_read(struct message *message, struct draft *draft, struct span rest)
{
    struct group group = {0};
    struct fields fields;
    struct span line;
    bool more = true;

    fields_init(&fields);
    fields.unfolded = true;
    while (more && rest.length > 0) {
        if (fields_read(&fields, &rest, message->settings->max_header_bytes)) {
            if (is_header(&fields))
                break;
            read_message_fields(draft, &fields);
            more = read_block(draft, &fields, &group);
        } else if (span_starts(rest, "--")) {
            span_line(&rest, &line);
        }
        if (fields.cut)
            draft->report->cut |= REPORT_CUT_HEADERS;
    }
    if (more)
        add_group(draft, &group);
    fields_clear(&fields);
}
