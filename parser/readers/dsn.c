#include "parser/readers/dsn.h"

#include <string.h>

#include "parser/prose/dialect_reader.h"
#include "parser/prose/remarks.h"
#include "parser/readers/status.h"

/* Fields that a status part begins with. */
static const char *const field_names[] = {
    "Reporting-MTA:", "Final-Recipient:", "Original-Recipient:", "Original-Envelope-Id:"};

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
        if (recipient->kind == REPORT_KIND_DELIVERED || (recipient->reply != 0 && recipient->command != NULL))
            continue;
        if (!dialect_explain(message, draft, message_part_text(message, part)))
            remarks_read(draft, message_part_text(message, part));
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
            status_read(message, draft, message_part_bytes(message, part));
    }
    if (draft->report->recipients->len == 0)
        return false;
    set_dialect(draft);
    message_find_returned(message, (struct span){NULL, 0});
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

    if (!g_str_has_prefix(part->type, "text/plain") || origin_signs(draft->origin) == 0)
        return false;
    text = fields_in_text(message_part_bytes(message, part));
    status_read(message, draft, text);
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
    enum report_kind kind = span_find(subject, "delay") != NULL ? REPORT_KIND_DELAY : REPORT_KIND_BOUNCE;
    struct span name;

    if (strcmp(message->type, "multipart/report") != 0 || !origin_is_system(draft->origin))
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
