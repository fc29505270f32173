#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/bouncectl/selection.h"
#include "reports/json.h"

static const struct table_column columns[] = {
    {.heading = "RECEIVED", .rank = 3},
    {.heading = "KIND", .rank = 5},
    {.heading = "RECIPIENT", .cut = CELL_ADDRESS, .least = 26},
    {.heading = "VERDICT", .rank = 1, .coloured = true},
    {.heading = "REASON", .rank = 2},
    {.heading = "EFFECT", .rank = 4, .coloured = true},
    {.heading = "SOURCE", .rank = 8, .cut = CELL_START, .least = 12},
    {.heading = "DIAGNOSTIC", .rank = 7, .cut = CELL_END, .least = 20},
    {.heading = "MESSAGE", .rank = 6, .most = 12},
    {0},
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
    struct store *store = selection_store(context, STORE_MODE_READ, options, error);
    g_autoptr(StoreCursor) cursor = store != NULL ? store_events(store, &filter, error) : NULL;
    g_autoptr(Table) table =
        cursor == NULL || context->output.json ? NULL : table_new(&context->output, columns, "no reports");
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
    SELECTION_KIND,   SELECTION_RECIPIENT, SELECTION_DOMAIN,     SELECTION_REASON,
    SELECTION_RULE,   SELECTION_RECEIVER,  SELECTION_DIAGNOSTIC, SELECTION_EVIDENCE,
    SELECTION_STREAM, SELECTION_SCOPE,     SELECTION_STATE,      SELECTION_BATCH,
    SELECTION_SINCE,  SELECTION_UNTIL,     SELECTION_LIMIT,      {0},
};

const struct subcommand subcommand_events = {
    .name = "events",
    .arguments = "",
    .summary = "Show what was reported",
    .details = "MESSAGE is the digest that `bouncectl message` takes. --kind other lists the quarantine: mail that\n"
               "reports nothing. --since and --until are about when a report was received.\n"
               "--limit keeps the newest; the oldest of them is printed first.\n",
    .examples = "  bouncectl events --since today --kind feedback\n"
                "  bouncectl events --kind other\n"
                "  bouncectl events --recipient user@example.org --json\n",
    .options = rows,
    .options_size = sizeof(struct selection),
    .columns = columns,
    .paged = true,
    .run = events,
};
