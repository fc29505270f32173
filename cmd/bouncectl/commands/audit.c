#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/bouncectl/selection.h"
#include "reports/json.h"

struct audit_options {
    struct selection selection;
    gint64 after;
};

static const struct table_column columns[] = {
    {.heading = "AT", .rank = 2},
    {.heading = "CHANGE", .coloured = true},
    {.heading = "RECIPIENT", .cut = CELL_ADDRESS, .least = 26},
    {.heading = "REASON", .rank = 3},
    {.heading = "UNTIL", .rank = 4},
    {.heading = "WHO", .rank = 1, .cut = CELL_END, .least = 6},
    {.heading = "NOTE", .rank = 5, .cut = CELL_END, .least = 16},
    {.heading = "MESSAGE", .rank = 6, .most = 12},
    {.heading = "SEQUENCE", .rank = 7, .right = true},
    {.heading = "SCOPE", .rank = 8},
    {.heading = "DOOR", .rank = 9},
    {.heading = "BATCH", .rank = 10},
    {0},
};

static void add_row(struct table *table, const struct change *row)
{
    g_autofree char *at = table_time(table, row->at);
    g_autofree char *until = table_day(table, row->until);
    g_autofree char *sequence = g_strdup_printf("%" G_GINT64_FORMAT, row->sequence);
    const char *reason = row->reason != REASON_NONE ? reason_names[row->reason] : NULL;
    const char *cells[] = {at,
                           row->change,
                           row->subject,
                           reason,
                           until,
                           row->who,
                           row->note,
                           row->digest,
                           sequence,
                           row->scope,
                           store_door_names[row->door],
                           row->batch};

    table_add(table, cells);
}

static int audit(struct context *context, const void *data, char **arguments G_GNUC_UNUSED, GError **error)
{
    const struct audit_options *options = data;
    struct store_filter filter = selection_filter(&options->selection);
    struct store *store = selection_store(context, STORE_MODE_READ, &options->selection, error);

    filter.after = options->after;
    g_autoptr(StoreCursor) cursor = store != NULL ? store_changes(store, &filter, error) : NULL;
    g_autoptr(Table) table =
        cursor == NULL || context->output.json ? NULL : table_new(&context->output, columns, "no changes");
    g_autoptr(GString) line = g_string_new(NULL);
    struct change row;

    while (cursor != NULL && store_next_change(cursor, &row, error)) {
        if (table != NULL) {
            add_row(table, &row);
        } else {
            json_change(line, &row);
            output_line(&context->output, line);
        }
    }
    return EX_OK;
}

static const struct option_row rows[] = {
    SELECTION_RECIPIENT,
    SELECTION_BY_REPORT,
    SELECTION_STREAM,
    SELECTION_SCOPE,
    SELECTION_STATE,
    SELECTION_DOOR,
    SELECTION_BATCH,
    SELECTION_SINCE,
    SELECTION_UNTIL,
    {"after", 0, OPTION_NUMBER, offsetof(struct audit_options, after), "SEQUENCE", "behind the change of this number",
     NULL},
    SELECTION_LIMIT,
    {0},
};

const struct subcommand subcommand_audit = {
    .name = "audit",
    .arguments = "",
    .summary = "Show every change of the suppression list: who made it, when and why",
    .details =
        "The oldest is first. WHO is the operator, or `policy`, whose change MESSAGE caused. A program that copies\n"
        "the list asks with --after for what is new, by the number of the last change that it has.\n",
    .examples = "  bouncectl audit --since today\n"
                "  bouncectl audit --recipient user@example.org\n"
                "  bouncectl audit --json --after 4711\n",
    .options = rows,
    .options_size = sizeof(struct audit_options),
    .columns = columns,
    .paged = true,
    .run = audit,
};
