#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "reports/json.h"
#include "reports/readable.h"
#include "store/outbox.h"
#include "store/privacy.h"

/* One JSON document, or the same for people: a heading a part, and each object a line below it. */
struct document {
    struct context *context;
    struct store *store;
    const char *address;
    GString *line; /* the object that is written */
    bool first;    /* of its part */
};

static void begin_part(struct document *document, const char *name)
{
    const struct output *output = &document->context->output;

    fprintf(output->stream, output->json ? ",\n\"%s\":[" : "\n%s\n", name);
    document->first = true;
}

/* The object that is in the line. */
static void put_object(struct document *document)
{
    const struct output *output = &document->context->output;
    const char *before = output->json ? (document->first ? "\n" : ",\n") : "  ";

    fprintf(output->stream, "%s%s%s", before, document->line->str, output->json ? "" : "\n");
    g_string_truncate(document->line, 0);
    document->first = false;
}

static void end_part(struct document *document)
{
    const struct output *output = &document->context->output;

    if (output->json)
        fputs("]", output->stream);
    else if (document->first)
        fputs("  none\n", output->stream);
}

/* By these the address is suppressed yet, if it was forgotten. */
static bool put_forgotten(struct document *document, GError **error)
{
    struct store_answer answer;

    if (!store_forgotten(document->store, document->address, NULL, document->context->now, &answer, error))
        return false;
    for (guint i = 0; i < answer.n; i++) {
        json_suppression(document->line, &answer.entries[i]);
        put_object(document);
    }
    return true;
}

static bool put_entries(struct document *document, GError **error)
{
    const struct store_filter filter = {.recipient = document->address};
    g_autoptr(StoreCursor) cursor = store_suppressions(document->store, &filter, document->context->now, error);
    struct suppression entry;
    GError *bad = NULL;

    begin_part(document, "entries");
    while (cursor != NULL && store_next_suppression(cursor, &entry, &bad)) {
        json_suppression(document->line, &entry);
        put_object(document);
    }
    bool good = cursor != NULL && bad == NULL && put_forgotten(document, &bad);
    end_part(document);
    if (bad != NULL)
        g_propagate_error(error, bad);
    return good;
}

static bool put_changes(struct document *document, GError **error)
{
    const struct store_filter filter = {.recipient = document->address};
    g_autoptr(StoreCursor) cursor = store_changes(document->store, &filter, error);
    struct change row;
    GError *bad = NULL;

    begin_part(document, "changes");
    while (cursor != NULL && store_next_change(cursor, &row, &bad)) {
        json_change(document->line, &row);
        put_object(document);
    }
    end_part(document);
    if (bad != NULL)
        g_propagate_error(error, bad);
    return cursor != NULL && bad == NULL;
}

static bool put_events(struct document *document, GError **error)
{
    const struct store_filter filter = {.recipient = document->address};
    g_autoptr(StoreCursor) cursor = store_events(document->store, &filter, error);
    struct stored_event row;
    GError *bad = NULL;

    begin_part(document, "events");
    while (cursor != NULL && store_next_event(cursor, &row, &bad)) {
        json_stored_event(document->line, &row);
        put_object(document);
    }
    end_part(document);
    if (bad != NULL)
        g_propagate_error(error, bad);
    return cursor != NULL && bad == NULL;
}

/* Rows of the outbox in this state, of the messages. */
static bool put_outgoing(struct document *document, const GPtrArray *digests, const char *state, GError **error)
{
    const struct store_filter filter = {.kind = state};
    g_autoptr(StoreCursor) cursor = store_outbox(document->store, &filter, error);
    struct outgoing row;
    GError *bad = NULL;

    while (cursor != NULL && store_next_outgoing(cursor, &row, &bad)) {
        if (!g_ptr_array_find_with_equal_func((GPtrArray *)digests, row.digest, g_str_equal, NULL))
            continue;
        g_autofree char *queued = event_time_format(row.queued);
        g_string_append_printf(document->line,
                               "{\"digest\":\"%s\",\"state\":\"%s\",\"queued\":\"%s\",\"goes_to\":", row.digest,
                               outgoing_state_names[row.state], queued);
        json_text(document->line, row.recipient);
        g_string_append_c(document->line, '}');
        put_object(document);
    }
    if (bad != NULL)
        g_propagate_error(error, bad);
    return cursor != NULL && bad == NULL;
}

static bool put_outbox(struct document *document, const GPtrArray *digests, GError **error)
{
    begin_part(document, "outbox");
    bool good = put_outgoing(document, digests, NULL, error) &&
                put_outgoing(document, digests, outgoing_state_names[OUTGOING_DELIVERED], error);
    end_part(document);
    return good;
}

/* In rows that are not about the address. */
static bool put_texts(struct document *document, GError **error)
{
    g_autoptr(GPtrArray) mentions = g_ptr_array_new_with_free_func((GDestroyNotify)privacy_mention_free);

    begin_part(document, "texts");
    bool good = store_mentions(document->store, document->address, mentions, error);
    for (guint i = 0; i < mentions->len; i++) {
        const struct privacy_mention *mention = mentions->pdata[i];

        g_string_append_printf(document->line, "{\"of\":\"%s\",\"field\":\"%s\",\"text\":", mention->of,
                               mention->field);
        json_text(document->line, mention->text);
        g_string_append_c(document->line, '}');
        put_object(document);
    }
    end_part(document);
    return good;
}

/* As text where it is UTF-8, else as base64. */
static void append_raw(GString *line, const char *bytes, size_t length)
{
    g_autofree char *text = g_utf8_validate_len(bytes, length, NULL) ? g_strndup(bytes, length) : NULL;
    g_autofree char *base64 = text == NULL ? g_base64_encode((const guchar *)bytes, length) : NULL;

    g_string_append(line, text != NULL ? ",\"raw\":" : ",\"raw_base64\":");
    json_text(line, text != NULL ? text : base64);
}

static bool put_messages(struct document *document, const GPtrArray *digests, GError **error)
{
    begin_part(document, "messages");
    for (guint i = 0; i < digests->len; i++) {
        GError *bad = NULL;
        g_autoptr(GBytes) raw = store_message_raw(document->store, digests->pdata[i], &bad);
        if (bad != NULL) {
            g_propagate_error(error, bad);
            return false;
        }
        size_t length = 0;
        const char *bytes = raw != NULL ? g_bytes_get_data(raw, &length) : NULL;
        g_string_append_printf(document->line, "{\"digest\":\"%s\"", (const char *)digests->pdata[i]);
        if (bytes != NULL && document->context->output.json)
            append_raw(document->line, bytes, length);
        g_string_append_c(document->line, '}');
        put_object(document);
        if (bytes != NULL && !document->context->output.json)
            output_message(&document->context->output, "    ", bytes, length);
    }
    end_part(document);
    return true;
}

static bool put_all(struct document *document, GError **error)
{
    g_autoptr(GPtrArray) digests = g_ptr_array_new_with_free_func(g_free);
    const struct output *output = &document->context->output;
    g_autofree char *shown = readable_dup(document->address), *at = event_time_format(document->context->now);

    if (!store_messages_about(document->store, document->address, digests, error))
        return false;
    if (output->json) {
        g_string_append(document->line, "{\"address\":");
        json_text(document->line, document->address);
        fprintf(output->stream, "%s,\"at\":\"%s\"", document->line->str, at);
        g_string_truncate(document->line, 0);
    } else {
        fprintf(output->stream, "all that is kept about %s, %s\n", shown, at);
    }
    bool good = put_entries(document, error) && put_changes(document, error) && put_events(document, error) &&
                put_outbox(document, digests, error) && put_texts(document, error) &&
                put_messages(document, digests, error);
    fputs(output->json ? "}\n" : "", output->stream);
    return good;
}

static int run(struct context *context, G_GNUC_UNUSED const void *options, char **arguments, GError **error)
{
    g_autoptr(GString) line = g_string_new(NULL);
    struct document document = {.context = context, .address = arguments[0], .line = line};

    document.store = context_store(context, STORE_MODE_READ, error);
    return document.store != NULL && put_all(&document, error) ? EX_OK : EX_IOERR;
}

const struct subcommand subcommand_export_subject = {
    .name = "export-subject",
    .arguments = "ADDRESS",
    .summary = "Write all that is kept about an address, for the person who asks",
    .details =
        "Entries, changes, events, the outbox, texts about others that name the address, and the messages that report\n"
        "on it or in which it stands.\n"
        "With --json it is one document. Others may stand in a message, too: look through it before you give it\n"
        "away.\n",
    .examples = "  bouncectl export-subject user@example.org --json > answer.json\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .addresses = true,
    .run = run,
};
