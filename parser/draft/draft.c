#include "parser/draft/draft.h"

#include <string.h>

#include "parser/address.h"
#include "parser/mail/auto_submitted.h"
#include "parser/return_path.h"
#include "parser/text/reply.h"
#include "parser/text/text.h"

/* A value longer than this is cut: nobody reads it, and 10,000 recipients may each have one. */
enum { MAX_TEXT = 8192, MAX_DATE = 100 };

struct draft *draft_new(const struct report_settings *settings, struct origin *origin)
{
    struct draft *draft = g_new0(struct draft, 1);

    draft->settings = settings;
    draft->origin = origin;
    draft->scratch = g_string_sized_new(256);
    draft->report = g_new0(struct report, 1);
    draft->report->recipients = g_ptr_array_new_with_free_func(g_free);
    draft->report->strings = g_string_chunk_new(1024);
    return draft;
}

void draft_free(struct draft *draft)
{
    if (draft == NULL)
        return;
    g_string_free(draft->scratch, TRUE);
    report_free(draft->report);
    g_free(draft);
}

struct report_recipient *draft_recipient(struct draft *draft, enum report_kind kind)
{
    struct report *report = draft->report;
    struct report_recipient *recipient;

    if (report->recipients->len >= draft->settings->max_recipients) {
        report->cut |= REPORT_CUT_RECIPIENTS;
        return NULL;
    }
    recipient = g_new0(struct report_recipient, 1);
    recipient->kind = kind;
    g_ptr_array_add(report->recipients, recipient);
    return recipient;
}

static const char *keep(struct draft *draft)
{
    if (draft->scratch->len == 0)
        return NULL;
    return g_string_chunk_insert_len(draft->report->strings, draft->scratch->str, (gssize)draft->scratch->len);
}

/* The cleaned value in the scratch buffer. */
static void clean(struct draft *draft, struct span value)
{
    g_string_truncate(draft->scratch, 0);
    text_append_clean(draft->scratch, value, MAX_TEXT);
}

const char *draft_text(struct draft *draft, struct span value)
{
    clean(draft, value);
    return keep(draft);
}

const char *draft_line(struct draft *draft, struct span value)
{
    clean(draft, value);
    return draft->scratch->len == 0 ? NULL : draft->scratch->str;
}

const char *draft_lower(struct draft *draft, struct span value)
{
    clean(draft, value);
    g_string_ascii_down(draft->scratch);
    return keep(draft);
}

const char *draft_words(struct draft *draft, struct span value)
{
    g_string_truncate(draft->scratch, 0);
    text_append_words(draft->scratch, value, MAX_TEXT);
    return keep(draft);
}

const char *draft_address(struct draft *draft, struct span value)
{
    return address_read_next(value, ADDRESS_PLAIN, &draft->domain, draft->scratch) ? keep(draft) : NULL;
}

const char *draft_mta(struct draft *draft, struct span value)
{
    const char *semicolon = span_find_char(span_head(value, 32), ';');
    struct span name;

    if (semicolon != NULL)
        value = span_skip(value, (size_t)(semicolon - value.at) + 1);
    if (!span_word(&value, &name))
        return NULL;
    while (name.length > 0 && name.at[name.length - 1] == '.') /* the root's dot, as in "mx.example.com." */
        name.length--;
    return draft_lower(draft, name);
}

gint64 draft_date(struct draft *draft, struct span value)
{
    g_autoptr(GDateTime) time = NULL;

    clean(draft, span_head(value, MAX_DATE));
    if (draft->scratch->len == 0)
        return 0;
    time = g_mime_utils_header_decode_date(draft->scratch->str);
    return time == NULL ? 0 : MAX(g_date_time_to_unix(time), 0);
}

const char *draft_recipient_address(struct draft *draft, struct span value, enum report_from from)
{
    enum address_form form = from == REPORT_FROM_ORIGINAL_RECIPIENT ? ADDRESS_XTEXT : ADDRESS_PLAIN;

    if (value.length == 0 || !address_read_next(value, form, &draft->domain, draft->scratch) ||
        address_redacted(draft->scratch->str) ||
        return_path_find(draft->settings->return_paths, draft->scratch->str) != NULL)
        return NULL;
    /* only complaints hide people behind hashes; an MTA may serve mailboxes that look like one */
    if (draft->report->feedback_type != NULL && address_hashed(draft->scratch->str))
        return NULL;
    return keep(draft);
}

bool draft_set_recipient(struct draft *draft, struct report_recipient *recipient, struct span value,
                         enum report_from from)
{
    const char *address;

    if (recipient->recipient != NULL && recipient->recipient_from <= from)
        return false;
    address = draft_recipient_address(draft, value, from);
    if (address == NULL)
        return false;
    recipient->recipient = address;
    recipient->recipient_from = from;
    return true;
}

void draft_set_tried(struct draft *draft, struct report_recipient *recipient, struct span value)
{
    if (value.length == 0 || !address_read(value, ADDRESS_TRIED, draft->scratch) ||
        address_redacted(draft->scratch->str) ||
        return_path_find(draft->settings->return_paths, draft->scratch->str) != NULL)
        return;
    recipient->recipient = keep(draft);
    recipient->recipient_from = REPORT_FROM_FINAL_RECIPIENT;
}

void draft_set_diagnostic(struct draft *draft, struct report_recipient *recipient, struct span value)
{
    struct reply found;

    recipient->diagnostic = draft_text(draft, value);
    if (recipient->diagnostic == NULL)
        return;
    reply_find(span_of(recipient->diagnostic), &found);
    if (found.status.length > 0 && (recipient->status == NULL || !reply_is_vague(found.status)))
        recipient->status = draft_text(draft, found.status);
    if (recipient->reply == 0)
        recipient->reply = found.code;
    report_settle(recipient);
}

/* CFBL-Address = address [ ";" parameters ], RFC 9477 section 4.1 */
static struct span before_parameters(struct span value)
{
    struct span address = value;

    return span_cut(&value, ';', &address) ? address : value;
}

/* List-Id and Feedback-ID as they are; the address alone of From. */
static void read_returned(struct draft *draft, struct message *message)
{
    struct report *report = draft->report;
    const struct fields *returned = message_returned(message);

    report->sender = draft_address(draft, fields_get(returned, "from"));
    report->message_id = draft_text(draft, fields_get(returned, "message-id"));
    report->mailed = draft_date(draft, fields_get(returned, "date"));
    if (report->mailed == 0)
        report->mailed = draft->arrived;
    report->subject = draft_words(draft, fields_get(returned, "subject"));
    report->list_id = draft_words(draft, fields_get(returned, "list-id"));
    report->feedback_id = draft_text(draft, fields_get(returned, "feedback-id"));
    report->returned_automatic = auto_submitted_in(returned);
    report->cfbl_address = draft_address(draft, before_parameters(fields_get(returned, "cfbl-address")));
}

/* Of a message that reports nothing: who wrote it, and where it has been. */
static void read_way(struct draft *draft, const struct message *message)
{
    struct report *report = draft->report;
    const struct field *field = fields_find(&message->header, "Delivered-To");

    report->author = draft_address(draft, message_field(message, "From"));
    report->delivered_to = g_ptr_array_new();
    for (; field != NULL; field = fields_next(&message->header, field)) {
        const char *address = draft_address(draft, field->value);
        if (address != NULL)
            g_ptr_array_add(report->delivered_to, (char *)address);
    }
    field = fields_find(&message->header, "Received");
    for (; field != NULL; field = fields_next(&message->header, field))
        report->hops++;
}

static guint hash_of(gconstpointer key)
{
    const struct report_recipient *recipient = key;

    return g_str_hash(recipient->recipient) * 31 +
           g_str_hash(recipient->diagnostic != NULL ? recipient->diagnostic : "");
}

static gboolean says_same(gconstpointer a, gconstpointer b)
{
    const struct report_recipient *one = a, *other = b;

    return one->kind == other->kind && one->reply == other->reply && strcmp(one->recipient, other->recipient) == 0 &&
           g_strcmp0(one->final_recipient, other->final_recipient) == 0 && g_strcmp0(one->status, other->status) == 0 &&
           g_strcmp0(one->remote_mta, other->remote_mta) == 0 && g_strcmp0(one->diagnostic, other->diagnostic) == 0;
}

/* The same said twice of the same recipient is one thing. */
static void drop_repeated(GPtrArray *recipients)
{
    g_autoptr(GHashTable) keys = g_hash_table_new(hash_of, says_same);
    guint kept = 0;

    for (guint i = 0; i < recipients->len; i++) {
        struct report_recipient *recipient = g_ptr_array_index(recipients, i);
        if (recipient->recipient != NULL && !g_hash_table_add(keys, recipient))
            continue;
        recipients->pdata[i] = recipients->pdata[kept];
        recipients->pdata[kept++] = recipient;
    }
    g_ptr_array_set_size(recipients, (int)kept);
}

struct report *draft_finish(struct draft *draft, struct message *message)
{
    struct report *report = draft->report;

    if (report->recipients->len == 0)
        report->dialect = NULL;
    else
        read_returned(draft, message);
    if (report->recipients->len == 0) {
        draft_recipient(draft, REPORT_KIND_OTHER);
        read_way(draft, message);
    }
    if (report->recipients->len > 1)
        drop_repeated(report->recipients);
    for (guint i = 0; i < report->recipients->len; i++)
        report_settle(report->recipients->pdata[i]);
    if (report->occurred == 0)
        report->occurred = draft_date(draft, message_field(message, "date"));
    if (report->occurred == 0)
        report->occurred = draft->arrived;
    report->cut |= message->cut;
    return g_steal_pointer(&draft->report);
}
