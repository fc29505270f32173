#include "store/outbox.h"

#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/bouncectl/selection.h"
#include "reports/json.h"

struct outbox_options {
    struct selection selection;
    unsigned state;
    bool retry;
};

static const struct table_column columns[] = {
    {.heading = "QUEUED", .rank = 5},
    {.heading = "STATE", .coloured = true},
    {.heading = "CAME TO", .rank = 3, .cut = CELL_ADDRESS, .least = 20},
    {.heading = "GOES TO", .cut = CELL_ADDRESS, .least = 20},
    {.heading = "TRIES", .rank = 6, .right = true},
    {.heading = "TRIED", .rank = 7},
    {.heading = "NEXT", .rank = 4},
    {.heading = "SAID", .rank = 2, .cut = CELL_END, .least = 12},
    {.heading = "MESSAGE", .rank = 1, .most = 12},
    {0},
};

/* When it is tried next; a time only of what waits. */
static gint64 next_of(const struct outgoing *row)
{
    return row->state == OUTGOING_WAITING ? row->next : 0;
}

static void add_row(struct table *table, const struct outgoing *row)
{
    g_autofree char *queued = table_time(table, row->queued);
    g_autofree char *tried = table_time(table, row->tried);
    g_autofree char *next = table_time(table, next_of(row));
    g_autofree char *attempts = g_strdup_printf("%u", row->attempts);
    const char *cells[] = {
        queued,     outgoing_state_names[row->state], row->came_to, row->recipient, attempts, tried, next, row->said,
        row->digest};

    table_add(table, cells);
}

static void add_time(GString *line, const char *name, gint64 seconds)
{
    g_autofree char *text = event_time_format(seconds);

    if (seconds != 0)
        g_string_append_printf(line, ",\"%s\":\"%s\"", name, text);
}

static void print_json(const struct output *output, GString *line, const struct outgoing *row)
{
    g_string_append_printf(line, "{\"digest\":\"%s\",\"state\":\"%s\",\"came_to\":", row->digest,
                           outgoing_state_names[row->state]);
    json_text(line, row->came_to);
    g_string_append(line, ",\"goes_to\":");
    json_text(line, row->recipient);
    g_string_append_printf(line, ",\"attempts\":%u", row->attempts);
    add_time(line, "queued", row->queued);
    add_time(line, "tried", row->tried);
    add_time(line, "next", next_of(row));
    if (row->said != NULL) {
        g_string_append(line, ",\"said\":");
        json_text(line, row->said);
    }
    g_string_append_c(line, '}');
    output_line(output, line);
}

static int print(struct context *context, const struct outbox_options *options, GError **error)
{
    struct store_filter filter = selection_filter(&options->selection);
    struct store *store = selection_store(context, STORE_MODE_READ, &options->selection, error);
    g_autoptr(StoreCursor) cursor = NULL;
    g_autoptr(Table) table = NULL;
    g_autoptr(GString) line = g_string_new(NULL);
    struct outgoing row;

    filter.kind = options->state > 0 ? outgoing_state_names[options->state - 1] : NULL;
    if (store == NULL || (cursor = store_outbox(store, &filter, error)) == NULL)
        return EX_IOERR;
    table = context->output.json ? NULL : table_new(&context->output, columns, "nothing goes on");
    while (store_next_outgoing(cursor, &row, error)) {
        if (table != NULL)
            add_row(table, &row);
        else
            print_json(&context->output, line, &row);
    }
    return EX_OK;
}

static int retry(struct context *context, char **digests, GError **error)
{
    struct store *store = context_store(context, STORE_MODE_WRITE, error);
    unsigned n, all = 0;

    if (store == NULL)
        return EX_IOERR;
    for (char **prefix = digests; *prefix != NULL; prefix++) {
        GError *bad = NULL;
        g_autofree char *digest = store_digest(store, *prefix, &bad);

        if (digest == NULL && bad == NULL)
            g_set_error(&bad, SUBCOMMAND_ERROR, EX_NOINPUT, "there is no message %s", *prefix);
        if (bad != NULL || !store_outbox_retry(store, digest, context->now, &n, &bad)) {
            g_propagate_error(error, bad);
            return EX_IOERR;
        }
        if (n == 0)
            fprintf(stderr, "bouncectl: message %s has nothing left to send\n", *prefix);
        all += n;
    }
    return all > 0 ? EX_OK : 1;
}

static int outbox(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct outbox_options *options = data;

    if (options->retry != (arguments[0] != NULL)) {
        subcommand_usage_error(error, "outbox: --retry takes DIGEST..., and nothing else does");
        return EX_USAGE;
    }
    return options->retry ? retry(context, arguments, error) : print(context, options, error);
}

static const struct option_row rows[] = {
    {"state", 0, OPTION_CHOICE, offsetof(struct outbox_options, state), "STATE", "in this state only",
     outgoing_state_names},
    SELECTION_SINCE,
    SELECTION_UNTIL,
    SELECTION_LIMIT,
    {"retry", 0, OPTION_FLAG, offsetof(struct outbox_options, retry), NULL, "send these messages now", NULL},
    {0},
};

const struct subcommand subcommand_outbox = {
    .name = "outbox",
    .arguments = "[DIGEST...]",
    .summary = "Show which mail goes on to a person, and what became of it",
    .details =
        "All that was not delivered is shown: it is waiting, has failed for good, or was withheld for the\n"
        "reason that SAID gives. --state delivered shows the rest. With --retry the messages go on now, whatever\n"
        "their state; the daemon sees it within seconds.\n",
    .examples = "  bouncectl outbox\n"
                "  bouncectl outbox --state failed\n"
                "  bouncectl outbox --retry 0a3f91c2\n",
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct outbox_options),
    .columns = columns,
    .paged = true,
    .run = outbox,
};
