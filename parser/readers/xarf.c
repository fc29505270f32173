#include "parser/readers/xarf.h"

#include <glib.h>
#include <string.h>

#include "parser/text/json_scan.h"

static const char *const json_types[] = {"application/json", "text/json", "application/xarf+json", NULL};

struct xarf {
    const char *type;
    const char *source;
    const char *mail_from;
    const char *recipient;
    const char *date;
    const char *encoded; /* is the sample in base64? */
    GString *sample;     /* the mail that it is about */
    bool marked;         /* it says that it is X-ARF */
};

/* Where each stands: the names of all versions. `parent` is the object around it, NULL in YAML, "" when there is none.
 */
static const struct {
    const char *key;
    const char *parent;
    size_t offset;
} places[] = {
    {"Report-Type", NULL, offsetof(struct xarf, type)},
    {"Source", NULL, offsetof(struct xarf, source)},
    {"Date", NULL, offsetof(struct xarf, date)},
    {"ReportType", "Report", offsetof(struct xarf, type)},
    {"SourceIp", "Report", offsetof(struct xarf, source)},
    {"SmtpMailFromAddress", "Report", offsetof(struct xarf, mail_from)},
    {"SmtpRcptToAddress", "Report", offsetof(struct xarf, recipient)},
    {"Date", "Report", offsetof(struct xarf, date)},
    {"type", "", offsetof(struct xarf, type)},
    {"source_identifier", "", offsetof(struct xarf, source)},
    {"smtp_from", "", offsetof(struct xarf, mail_from)},
    {"smtp_to", "", offsetof(struct xarf, recipient)},
    {"timestamp", "", offsetof(struct xarf, date)},
    {"Base64Encoded", "", offsetof(struct xarf, encoded)}, /* in an item of the list of samples */
};

static void take_value(struct xarf *xarf, struct draft *draft, const struct json_scan *scan)
{
    struct span key = json_scan_key(scan, 0);
    struct span parent = json_scan_key(scan, 1);
    struct span value = {scan->value->str, scan->value->len};

    xarf->marked = xarf->marked || span_is(key, "xarf_version") || span_is(parent, "ReporterInfo");
    if (span_is(key, "payload") && xarf->sample->len == 0)
        g_string_assign(xarf->sample, scan->value->str);
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        const char **string = G_STRUCT_MEMBER_P(xarf, places[i].offset);
        if (*string == NULL && places[i].parent != NULL && span_is(key, places[i].key) &&
            span_is(parent, places[i].parent))
            *string = draft_text(draft, value);
    }
}

/* False when it is not JSON to its end, or no X-ARF. */
static bool read_json(struct xarf *xarf, struct draft *draft, struct span text)
{
    struct json_scan scan;
    bool whole;

    if (!span_starts(text, "{"))
        return false;
    json_scan_init(&scan, text);
    while (json_scan_next(&scan))
        take_value(xarf, draft, &scan);
    whole = scan.depth == 0 && span_trim(scan.rest).length == 0;
    json_scan_clear(&scan);
    return whole && xarf->marked;
}

static bool read_yaml(struct xarf *xarf, struct draft *draft, struct span text)
{
    struct fields fields;
    struct span line;

    if (!span_starts(text, "---"))
        return false;
    span_line(&text, &line);
    fields_init(&fields);
    fields_read(&fields, &text, draft->settings->max_header_bytes);
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        const char **string = G_STRUCT_MEMBER_P(xarf, places[i].offset);
        if (places[i].parent == NULL)
            *string = draft_text(draft, fields_get(&fields, places[i].key));
    }
    fields_clear(&fields);
    return true;
}

/* ISO 8601 (JSON), or as in mail (YAML) */
static gint64 read_date(struct draft *draft, const char *text)
{
    g_autoptr(GDateTime) time = text == NULL ? NULL : g_date_time_new_from_iso8601(text, NULL);

    return time != NULL ? MAX(g_date_time_to_unix(time), 0) : draft_date(draft, span_of(text));
}

/* Version 4 has samples in base64 alone, version 3 says whether they are. */
static void set_sample(struct xarf *xarf, struct message *message)
{
    size_t length = xarf->sample->len;
    g_autofree char *bytes = g_strdup(xarf->sample->str);

    if (length == 0 || message_returned(message)->items->len > 0)
        return;
    if (g_strcmp0(xarf->encoded, "false") != 0)
        g_base64_decode_inplace(bytes, &length);
    message_set_returned(message, (struct span){bytes, length});
    g_ptr_array_add(message->buffers, g_steal_pointer(&bytes));
}

static void make_report(struct xarf *xarf, struct message *message, struct draft *draft)
{
    struct report_recipient *recipient = draft_recipient(draft, REPORT_KIND_FEEDBACK);

    draft->report->dialect = "x-arf";
    draft->report->feedback_type = "abuse";
    if (g_hostname_is_ip_address(xarf->source))
        draft->report->source_ip = draft_lower(draft, span_of(xarf->source));
    draft->report->original_mail_from = draft_address(draft, span_of(xarf->mail_from));
    draft->arrived = read_date(draft, xarf->date);
    draft_set_recipient(draft, recipient, span_of(xarf->recipient), REPORT_FROM_ORIGINAL_RECIPIENT);
    set_sample(xarf, message);
}

bool xarf_read(struct message *message, struct draft *draft)
{
    bool yaml = message_field(message, "X-XARF").at != NULL || message_field(message, "X-ARF").at != NULL;
    bool found = false;

    for (size_t i = 0; i < message_n_parts(message) && !found; i++) {
        struct part *part = message_part(message, i);
        bool json = g_strv_contains(json_types, part->type);
        struct xarf xarf = {0};
        struct span text;
        if (!json && !(yaml && strcmp(part->type, "text/plain") == 0))
            continue;
        text = span_trim(message_part_text(message, part));
        xarf.sample = g_string_new(NULL);
        found = (json ? read_json(&xarf, draft, text) : read_yaml(&xarf, draft, text)) && xarf.source != NULL &&
                xarf.type != NULL && g_ascii_strcasecmp(xarf.type, "spam") == 0;
        if (found)
            make_report(&xarf, message, draft);
        g_string_free(xarf.sample, TRUE);
    }
    return found;
}
