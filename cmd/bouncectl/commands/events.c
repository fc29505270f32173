#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/bouncectl/selection.h"
#include "reports/json.h"

static const struct table_column columns[] = {
    {"RECEIVED", false, false, 0, 0}, {"KIND", false, false, 0, 0},       {"RECIPIENT", false, false, 0, 0},
    {"VERDICT", false, false, 0, 0},  {"REASON", false, false, 0, 0},     {"EFFECT", false, false, 0, 0},
    {"SOURCE", false, true, 0, 0},    {"DIAGNOSTIC", false, true, 20, 0}, {"MESSAGE", false, false, 0, 12},
    {NULL, false, false, 0, 0},
};

static void add_row(struct table *table, const struct stored_event *row)
{
    const struct event *event = &row->event;
    g_autofree char *received = table_time(table, row->received);
    const char *cells[] = {received,
                           report_kind_names[event->kind],
                           event->recipient,
                           verdict_names[event->verdict],
                           reason_names[event->reason],
                           policy_effect_names[row->effect],
                           event->source,
                           event->diagnostic,
                           row->digest};

    table_add(table, cells);
}

static int events(struct context *context, const void *options, char **arguments, GError **error)
{
    const struct store_filter filter = selection_filter(options);
    struct store *store = context_store(context, STORE_MODE_READ, error);
    g_autoptr(StoreCursor) cursor = store != NULL ? store_events(store, &filter, error) : NULL;
    g_autoptr(Table) table = cursor == NULL || context->output.json ? NULL : table_new(&context->output, columns);
    g_autoptr(GString) line = g_string_new(NULL);
    struct stored_event row;

    (void)arguments;
    while (cursor != NULL && store_next_event(cursor, &row, error)) {
        if (table != NULL) {
            add_row(table, &row);
        } else {
            json_stored_event(line, &row);
            output_line(&context->output, line);
        }
    }
    return EX_OK;
}

static const struct option_row rows[] = {
    SELECTION_KIND,   SELECTION_RECIPIENT, SELECTION_DOMAIN,
    SELECTION_REASON, SELECTION_STREAM,    SELECTION_SINCE,
    SELECTION_UNTIL,  SELECTION_LIMIT,     {0},
};

const struct subcommand subcommand_events = {
    .name = "events",
    .arguments = "",
    .summary = "Show what was reported",
    .details = "In a pipe the columns are: received, kind, recipient, verdict, reason, effect, source, diagnostic,\n"
               "message. The last is the digest that `bouncectl message` takes. --kind other lists the quarantine:\n"
               "mail that reports nothing. --since and --until are about when a report was received.\n"
               "--limit keeps the newest; the oldest of them is printed first.\n",
    .examples = "  bouncectl events --since today --kind feedback\n"
                "  bouncectl events --kind other\n"
                "  bouncectl events --recipient user@example.org --json\n",
    .options = rows,
    .options_size = sizeof(struct selection),
    .run = events,
};
