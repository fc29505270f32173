#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/effect.h"
#include "cmd/bouncectl/display/listing.h"
#include "cmd/bouncectl/display/moment.h"
#include "reports/json.h"
#include "reports/readable.h"

/* Without --all: of an address that was reported a million times these tell enough. */
enum { NEWEST = 50 };

struct explain_options {
    bool all;
};

/* The subject of the story. */
struct story {
    const struct output *output;
    struct store *store;
    const char *address;
    gint64 now;
    bool all;
    GString *text;
};

/* The events to be told. */
static struct store_filter events_of(const struct story *story)
{
    return (struct store_filter){.recipient = story->address, .limit = story->all ? 0 : NEWEST};
}

static bool finish(GError *bad, GError **error)
{
    if (bad == NULL)
        return true;
    g_propagate_error(error, bad);
    return false;
}

static void append_field(const struct story *story, const char *name, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    g_autofree char *line = readable_dup(value);
    g_string_append_printf(story->text, "  %s%-11s%s %s\n", output_style(story->output, OUTPUT_FAINT), name,
                           output_style(story->output, OUTPUT_PLAIN), line);
}

static void append_heading(const struct story *story, const char *heading)
{
    g_string_append_printf(story->text, "\n%s%s%s\n", output_style(story->output, OUTPUT_BOLD), heading,
                           output_style(story->output, OUTPUT_PLAIN));
}

/* --- for people --------------------------------------------------------------------------------------------------- */

static bool tell_entry(const struct story *story, GError **error)
{
    struct suppression entry;
    bool suppressed;

    if (!store_check(story->store, story->address, story->now, &entry, &suppressed, error))
        return false;
    g_autofree char *address = readable_dup(suppressed ? entry.recipient : story->address);
    g_string_append_printf(story->text, "%s is %s%s%s", address,
                           output_style(story->output, suppressed ? OUTPUT_RED : OUTPUT_GREEN),
                           suppressed ? "suppressed" : "not suppressed", output_style(story->output, OUTPUT_PLAIN));
    if (!suppressed) {
        g_string_append(story->text, "\n");
        return true;
    }
    g_autofree char *sentence = listing_sentence(&entry);
    g_string_append_printf(story->text, " %s\n", sentence);
    append_field(story, "by", entry.who);
    append_field(story, "note", entry.note);
    g_autofree char *policy = effect_policy(entry.policy);
    append_field(story, "policy", policy);
    append_field(story, "rule", entry.rule);
    append_field(story, "stream", entry.stream);
    append_field(story, "diagnostic", entry.diagnostic);
    return true;
}

static void append_revision(const struct story *story, const struct stored_event *row)
{
    if (row->revised == 0)
        return;
    g_autofree char *revised = moment_text(row->revised);
    g_autofree char *text = g_strdup_printf("%s by %s; before: %s", revised, row->revised_by, row->revised_from);
    append_field(story, "judged", text);
}

static void append_evidence(const struct story *story, const struct event *event)
{
    const char *evidence = report_evidence_names[event->evidence];
    g_autofree char *text = event->proof != NULL ? g_strdup_printf("%s by %s", evidence, event->proof) : NULL;

    append_field(story, "evidence", text != NULL ? text : evidence);
}

/* The remote host said it, where there was one; an MTA that only passes it on may be the operator's own. */
static void append_speakers(const struct story *story, const struct event *event)
{
    append_field(story, "said by", event->remote_mta != NULL ? event->remote_mta : event->reporting_mta);
    if (event->remote_mta != NULL && g_strcmp0(event->remote_mta, event->reporting_mta) != 0)
        append_field(story, "reported by", event->reporting_mta);
}

static void tell_event(const struct story *story, const struct stored_event *row)
{
    const struct event *event = &row->event;
    g_autofree char *received = moment_text(row->received);
    g_autofree char *effect = effect_text(row);
    g_autofree char *policy = effect_policy(row->policy);
    const char *reason = reason_names[event->reason];

    g_string_append_printf(story->text, "%s  %s: %s%s%s\n", received, report_kind_names[event->kind],
                           verdict_names[event->verdict], *verdict_names[event->verdict] != '\0' ? " " : "", reason);
    append_field(story, "effect", effect);
    append_field(story, "party", party_names[event->party]);
    append_field(story, "rule", event->rule);
    append_revision(story, row);
    append_field(story, "policy", policy);
    append_field(story, "stream", event->stream);
    append_evidence(story, event);
    append_field(story, "status", event->status);
    append_field(story, "diagnostic", event->diagnostic);
    append_speakers(story, event);
    append_field(story, "source", event->source);
    append_field(story, "mail from", row->mail_from != NULL && *row->mail_from == '\0' ? "<>" : row->mail_from);
    append_field(story, "rcpt to", row->rcpt_to);
    append_field(story, "message", row->digest);
    if (row->left_out != 0) {
        g_autofree char *text =
            g_strdup_printf("counted %u more addresses of the same report, and kept none", row->left_out);
        append_field(story, "left out", text);
    }
}

static bool tell_events(const struct story *story, GError **error)
{
    const struct store_filter filter = events_of(story);
    g_autoptr(StoreCursor) cursor = store_events(story->store, &filter, error);
    struct stored_event row;
    GError *bad = NULL;
    gint64 n;

    if (cursor == NULL || !store_count_events(story->store, story->address, &n, error))
        return false;
    append_heading(story, "What was reported");
    if (!story->all && n > NEWEST)
        g_string_append_printf(story->text, "(%" G_GINT64_FORMAT " reports; the newest %d, --all tells the others)\n",
                               n, NEWEST);
    bool some = false;
    while (store_next_event(cursor, &row, &bad)) {
        tell_event(story, &row);
        some = true;
    }
    if (!some)
        g_string_append(story->text, "nothing\n");
    return finish(bad, error);
}

static bool tell_changes(const struct story *story, GError **error)
{
    const struct store_filter filter = {.recipient = story->address};
    g_autoptr(StoreCursor) cursor = store_changes(story->store, &filter, error);
    struct change row;
    GError *bad = NULL;

    if (cursor == NULL)
        return false;
    append_heading(story, "What was done");
    bool some = false;
    while (store_next_change(cursor, &row, &bad)) {
        g_autofree char *at = moment_text(row.at);
        g_autofree char *who = readable_dup(row.who);
        const char *reason = reason_names[row.reason];
        g_string_append_printf(story->text, "%s  %s%s%s, by %s\n", at, row.change, *reason != '\0' ? ": " : "", reason,
                               who);
        append_field(story, "note", row.note);
        append_field(story, "message", row.digest);
        some = true;
    }
    if (!some)
        g_string_append(story->text, "nothing\n");
    return finish(bad, error);
}

/* --- as JSON: one object with all of it --------------------------------------------------------------------------- */

static bool list_entry(const struct story *story, GError **error)
{
    struct suppression entry;
    bool suppressed;

    if (!store_check(story->store, story->address, story->now, &entry, &suppressed, error))
        return false;
    g_string_append(story->text, "{\"recipient\":");
    output_json_text(story->text, suppressed ? entry.recipient : story->address);
    g_string_append_printf(story->text, ",\"suppressed\":%s", suppressed ? "true" : "false");
    if (suppressed) {
        g_string_append(story->text, ",\"suppression\":");
        json_suppression(story->text, &entry);
    }
    return true;
}

static bool list_events(const struct story *story, GError **error)
{
    const struct store_filter filter = events_of(story);
    g_autoptr(StoreCursor) cursor = store_events(story->store, &filter, error);
    struct stored_event row;
    GError *bad = NULL;
    gint64 n;

    if (cursor == NULL || !store_count_events(story->store, story->address, &n, error))
        return false;
    g_string_append_printf(story->text, ",\"event_count\":%" G_GINT64_FORMAT ",\"events\":[", n);
    for (bool first = true; store_next_event(cursor, &row, &bad); first = false) {
        g_string_append(story->text, first ? "" : ",");
        json_stored_event(story->text, &row);
    }
    g_string_append_c(story->text, ']');
    return finish(bad, error);
}

static bool list_changes(const struct story *story, GError **error)
{
    const struct store_filter filter = {.recipient = story->address};
    g_autoptr(StoreCursor) cursor = store_changes(story->store, &filter, error);
    struct change row;
    GError *bad = NULL;

    if (cursor == NULL)
        return false;
    g_string_append(story->text, ",\"changes\":[");
    for (bool first = true; store_next_change(cursor, &row, &bad); first = false) {
        g_string_append(story->text, first ? "" : ",");
        json_change(story->text, &row);
    }
    g_string_append(story->text, "]}\n");
    return finish(bad, error);
}

static int explain(struct context *context, const void *options, char **arguments, GError **error)
{
    struct store *store = context_store(context, STORE_MODE_READ, error);
    g_autoptr(GString) text = g_string_new(NULL);
    const struct explain_options *explain_options = options;
    const struct story story = {&context->output, store, arguments[0], context->now, explain_options->all, text};
    bool good;

    if (store == NULL)
        return EX_IOERR;
    if (context->output.json)
        good = list_entry(&story, error) && list_events(&story, error) && list_changes(&story, error);
    else
        good = tell_entry(&story, error) && tell_events(&story, error) && tell_changes(&story, error);
    if (good)
        fwrite(text->str, 1, text->len, context->output.stream);
    return good ? EX_OK : EX_IOERR;
}

static const struct option_row rows[] = {
    {"all", 'a', OPTION_FLAG, offsetof(struct explain_options, all), NULL, "tell all reports, not the newest 50 alone",
     NULL},
    {0},
};

const struct subcommand subcommand_explain = {
    .name = "explain",
    .arguments = "ADDRESS",
    .summary = "Tell why an address is on the suppression list, or is not",
    .details = "What was reported about it, by which rule and policy it was judged, and who changed what. The digest\n"
               "of a message is what `bouncectl message` takes. With --json it is one object.\n",
    .examples = "  bouncectl explain user@example.org\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .addresses = true,
    .options = rows,
    .options_size = sizeof(struct explain_options),
    .paged = true,
    .run = explain,
};
