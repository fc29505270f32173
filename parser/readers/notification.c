#include "parser/readers/notification.h"

#include <string.h>

#include "parser/text/json_scan.h"

/* The lists of {"notificationType":"Bounce","bounce":{...},"mail":{...}} that recipients stand in. */
static const struct {
    const char *list;
    const char *parent;
    enum report_kind kind;
    enum report_action action;
} lists[] = {
    {"bouncedRecipients", "bounce", REPORT_KIND_BOUNCE, REPORT_ACTION_FAILED},
    {"delayedRecipients", "deliveryDelay", REPORT_KIND_DELAY, REPORT_ACTION_DELAYED},
    {"complainedRecipients", "complaint", REPORT_KIND_FEEDBACK, REPORT_ACTION_ABSENT},
    {"recipients", "delivery", REPORT_KIND_DELIVERED, REPORT_ACTION_DELIVERED},
};

/* Where the report's fields stand. */
static const struct {
    const char *key;
    const char *parent;
    size_t offset; /* in struct report */
} strings[] = {
    {"reportingMTA", "bounce", offsetof(struct report, reporting_mta)},
    {"reportingMTA", "delivery", offsetof(struct report, reporting_mta)},
    {"complaintFeedbackType", "complaint", offsetof(struct report, feedback_type)},
    {"userAgent", "complaint", offsetof(struct report, user_agent)},
};

/* The members of commonHeaders, of the message that was sent, by the names of its fields. */
static const struct {
    const char *key;
    const char *name;
} headers[] = {{"from", "From"}, {"to", "To"}, {"subject", "Subject"}, {"messageId", "Message-ID"}};

struct notification {
    struct draft *draft;
    GString *header;                    /* of the message that was sent */
    GString *wrapped;                   /* the notification, when it stands in a string */
    struct report_recipient *recipient; /* the one that is read */
    size_t list;                        /* where it stands, and as which item */
    size_t item;
};

static struct span value_of(const struct json_scan *scan)
{
    return (struct span){scan->value->str, scan->value->len};
}

/* The recipient that the scalar is about, a new one when the item of the list is new. */
static bool find_recipient(struct notification *notification, size_t list, size_t item)
{
    if (notification->recipient == NULL || notification->list != list || notification->item != item) {
        notification->recipient = draft_recipient(notification->draft, lists[list].kind);
        notification->list = list;
        notification->item = item;
        if (notification->recipient != NULL)
            notification->recipient->action = lists[list].action;
    }
    return notification->recipient != NULL;
}

/* "smtp; 550 5.1.1 user unknown" */
static struct span without_type(struct span text)
{
    return span_starts(text, "smtp;") ? span_trim(span_skip(text, strlen("smtp;"))) : text;
}

static void take_recipient_field(struct notification *notification, struct span key, struct span value)
{
    struct report_recipient *recipient = notification->recipient;

    if (key.length == 0 || span_is(key, "emailAddress"))
        draft_set_recipient(notification->draft, recipient, value, REPORT_FROM_FINAL_RECIPIENT);
    else if (span_is(key, "status"))
        recipient->status = draft_text(notification->draft, value);
    else if (span_is(key, "diagnosticCode"))
        draft_set_diagnostic(notification->draft, recipient, without_type(value));
}

/* True when the scalar stands in a list of recipients. */
static bool take_listed(struct notification *notification, const struct json_scan *scan)
{
    /* an item is a string, or an object with fields */
    size_t array = scan->levels[scan->depth - 1].array ? 0 : 1;

    if (scan->depth < array + 2 || !scan->levels[scan->depth - 1 - array].array)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (!span_is(json_scan_key(scan, array + 1), lists[i].list) ||
            !span_is(json_scan_key(scan, array + 2), lists[i].parent))
            continue;
        if (find_recipient(notification, i, scan->levels[scan->depth - 1 - array].item))
            take_recipient_field(notification, json_scan_key(scan, 0), value_of(scan));
        return true;
    }
    return false;
}

/* Does the notification tell what happened under this key? */
static bool is_event(struct span key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (span_is(key, lists[i].parent))
            return true;
    }
    return false;
}

/* "2026-03-03T08:15:03.000Z" */
static gint64 read_time(const char *text)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);

    return time == NULL ? 0 : MAX(g_date_time_to_unix(time), 0);
}

static void take_field(struct notification *notification, const struct json_scan *scan)
{
    struct report *report = notification->draft->report;
    struct span key = json_scan_key(scan, 0);
    struct span parent = json_scan_key(scan, 1);

    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++) {
        const char **string = G_STRUCT_MEMBER_P(report, strings[i].offset);
        if (*string == NULL && span_is(key, strings[i].key) && span_is(parent, strings[i].parent))
            *string = draft_text(notification->draft, value_of(scan));
    }
    if (span_is(key, "timestamp") && is_event(parent))
        report->occurred = read_time(scan->value->str);
    if (span_is(key, "smtpResponse")) {
        for (guint i = 0; i < report->recipients->len; i++)
            draft_set_diagnostic(notification->draft, g_ptr_array_index(report->recipients, i), value_of(scan));
    }
}

/* A header field as one line of the header, the first of a list alone. */
static void take_header(struct notification *notification, const struct json_scan *scan)
{
    size_t array = scan->levels[scan->depth - 1].array ? 1 : 0;

    if (!span_is(json_scan_key(scan, array + 1), "commonHeaders") || scan->levels[scan->depth - 1].item * array > 0)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
        if (span_is(json_scan_key(scan, array), headers[i].key))
            g_string_append_printf(notification->header, "%s: %s\n", headers[i].name,
                                   g_strdelimit(scan->value->str, "\r\n", ' '));
    }
}

static void finish(struct draft *draft)
{
    struct report *report = draft->report;
    bool complaint =
        ((struct report_recipient *)g_ptr_array_index(report->recipients, 0))->kind == REPORT_KIND_FEEDBACK;

    report->dialect = "amazonses";
    if (complaint && report->feedback_type == NULL)
        report->feedback_type = "abuse"; /* not every provider tells it */
    if (report->reporting_mta != NULL)
        report->reporting_mta = draft_mta(draft, span_of(report->reporting_mta));
}

static void read_json(struct notification *notification, struct span text)
{
    struct json_scan scan;

    json_scan_init(&scan, text);
    while (json_scan_next(&scan)) {
        if (scan.depth == 1 && span_is(json_scan_key(&scan, 0), "Message") && span_starts(value_of(&scan), "{")) {
            /* SNS's own envelope (protocol email-json) holds the notification as a string */
            g_string_assign(notification->wrapped, scan.value->str);
            continue;
        }
        if (take_listed(notification, &scan))
            continue;
        take_field(notification, &scan);
        take_header(notification, &scan);
    }
    json_scan_clear(&scan);
}

bool notification_read(struct message *message, struct draft *draft)
{
    struct notification notification = {.draft = draft};
    struct span text;

    if (message_field(message, "x-amz-sns-message-id").length == 0)
        return false;
    text = span_trim(message_part_text(message, message_part(message, 0)));
    if (!span_starts(text, "{"))
        return false;
    notification.header = g_string_new(NULL);
    notification.wrapped = g_string_new(NULL);
    read_json(&notification, text);
    if (notification.wrapped->len > 0) {
        g_autofree char *inner = g_strdup(notification.wrapped->str);
        read_json(&notification, span_of(inner));
    }
    g_string_free(notification.wrapped, TRUE);
    message_set_returned(message, (struct span){notification.header->str, notification.header->len});
    g_ptr_array_add(message->buffers, g_string_free(notification.header, FALSE));
    if (draft->report->recipients->len == 0)
        return false;
    finish(draft);
    return true;
}
