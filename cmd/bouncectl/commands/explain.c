#include <string.h>
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

/* --- the end of the entry ----------------------------------------------------------------------------------------- */

/* Until when an address was on the list after a change. */
struct change_end {
    bool listed;
    gint64 until; /* 0: for good */
};

static struct change_end end_after(const struct change *change)
{
    bool gone = strcmp(change->change, "remove") == 0 || strcmp(change->change, "expire") == 0;

    return (struct change_end){!gone, change->until};
}

static bool has_expired(const struct story *story, const struct change_end *last)
{
    return last->listed && last->until != 0 && last->until <= story->now;
}

static char *end_text(gint64 until)
{
    g_autofree char *text = until != 0 ? moment_text(until) : NULL;

    return until != 0 ? g_strconcat("until ", text, NULL) : g_strdup("for good");
}

/* When the entry that it had last came to its end by itself; 0: it has none that did. */
static bool read_expired(const struct story *story, gint64 *expired, GError **error)
{
    const struct store_filter filter = {.recipient = story->address};
    g_autoptr(StoreCursor) cursor = store_changes(story->store, &filter, error);
    struct change_end last = {false, 0};
    struct change row;
    GError *bad = NULL;

    *expired = 0;
    if (cursor == NULL)
        return false;
    while (store_next_change(cursor, &row, &bad)) {
        last = end_after(&row);
        *expired = strcmp(row.change, "expire") == 0 ? row.until : 0;
    }
    if (has_expired(story, &last))
        *expired = last.until;
    return finish(bad, error);
}

/* --- for people --------------------------------------------------------------------------------------------------- */

static bool tell_no_entry(const struct story *story, GError **error)
{
    gint64 expired;

    if (!read_expired(story, &expired, error))
        return false;
    g_autofree char *at = expired != 0 ? moment_text(expired) : NULL;
    g_string_append_printf(story->text, "%s%s\n", at != NULL ? "; its entry expired on " : "", at != NULL ? at : "");
    return true;
}

static bool tell_entry(const struct story *story, GError **error)
{
    struct suppression entry;
    bool suppressed;

    if (!store_check(story->store, story->address, story->now, &entry, &suppressed, error))
        return false;
    g_autofree char *address = readable_dup(suppressed ? entry.subject : story->address);
    g_string_append_printf(story->text, "%s is %s%s%s", address,
                           output_style(story->output, suppressed ? OUTPUT_RED : OUTPUT_GREEN),
                           suppressed ? "suppressed" : "not suppressed", output_style(story->output, OUTPUT_PLAIN));
    if (!suppressed)
        return tell_no_entry(story, error);
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
    append_field(story, "mail from", row->mail_from); /* reports have the null sender: it goes without saying */
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

/* "add: user_unknown, by policy, until 2026-11-30 09:30 (for 2d)". */
static void tell_change(const struct story *story, const struct change *row, const struct change_end *before)
{
    g_autofree char *at = moment_text(row->at);
    g_autofree char *who = readable_dup(row->who);
    g_autofree char *end = end_text(row->until);
    const char *reason = reason_names[row->reason];
    bool lasts = strcmp(row->change, "add") == 0 || strcmp(row->change, "update") == 0;

    g_string_append_printf(story->text, "%s  %s%s%s, by %s", at, row->change, *reason != '\0' ? ": " : "", reason, who);
    if (lasts)
        g_string_append_printf(story->text, ", %s", end);
    if (lasts && row->until > row->at) {
        g_autofree char *span = moment_span(row->until - row->at);
        g_string_append_printf(story->text, " (for %s)", span);
    }
    if (before->listed && (!lasts || before->until != row->until)) {
        g_autofree char *old = end_text(before->until);
        g_string_append_printf(story->text, "; it was %s", old);
    }
    g_string_append_c(story->text, '\n');
    append_field(story, "note", row->note);
    append_field(story, "message", row->digest);
}

/* The daemon takes it off the list, and logs that, when it comes to it. */
static void tell_expired(const struct story *story, const struct change_end *last)
{
    if (!has_expired(story, last))
        return;
    g_autofree char *at = moment_text(last->until);
    g_string_append_printf(story->text, "%s  expired\n", at);
}

static bool tell_changes(const struct story *story, GError **error)
{
    const struct store_filter filter = {.recipient = story->address};
    g_autoptr(StoreCursor) cursor = store_changes(story->store, &filter, error);
    struct change_end before = {false, 0};
    struct change row;
    GError *bad = NULL;

    if (cursor == NULL)
        return false;
    append_heading(story, "What was done");
    bool some = false;
    while (store_next_change(cursor, &row, &bad)) {
        tell_change(story, &row, &before);
        before = end_after(&row);
        some = true;
    }
    tell_expired(story, &before);
    if (!some)
        g_string_append(story->text, "nothing\n");
    return finish(bad, error);
}

/* --- as JSON: one object with all of it --------------------------------------------------------------------------- */

static bool list_expired(const struct story *story, GError **error)
{
    gint64 expired;

    if (!read_expired(story, &expired, error))
        return false;
    if (expired != 0) {
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(expired);
        g_autofree char *text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
        g_string_append_printf(story->text, ",\"expired\":\"%s\"", text);
    }
    return true;
}

static bool list_entry(const struct story *story, GError **error)
{
    struct suppression entry;
    bool suppressed;

    if (!store_check(story->store, story->address, story->now, &entry, &suppressed, error))
        return false;
    g_string_append(story->text, "{\"recipient\":");
    output_json_text(story->text, suppressed ? entry.subject : story->address);
    g_string_append_printf(story->text, ",\"suppressed\":%s", suppressed ? "true" : "false");
    if (suppressed) {
        g_string_append(story->text, ",\"suppression\":");
        json_suppression(story->text, &entry);
    } else {
        return list_expired(story, error);
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
