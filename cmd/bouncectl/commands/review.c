#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/selection.h"
#include "store/review.h"

#define WINDOW G_GINT64_CONSTANT(90 * 86400)
enum { FAILURES = 10 };

struct review_options {
    struct selection selection;
    gint64 failures;
    bool addresses;
};

static const struct table_column columns[] = {
    {.heading = "ADDRESS", .cut = CELL_ADDRESS, .least = 26},
    {.heading = "FAILURES", .right = true},
    {.heading = "FIRST", .rank = 2},
    {.heading = "LAST", .rank = 1},
    {.heading = "REASONS", .rank = 3, .cut = CELL_END, .least = 20},
    {0},
};

static void print_json(const struct output *output, const struct review_row *row)
{
    g_autofree char *first = event_time_format(row->first), *last = event_time_format(row->last);
    g_autoptr(GString) line = g_string_new("{");

    output_json_member(line, "recipient", row->recipient);
    g_string_append_printf(line, ",\"failures\":%u", row->failures);
    output_json_member(line, "first", first);
    output_json_member(line, "last", last);
    output_json_member(line, "reasons", row->reasons);
    g_string_append_c(line, '}');
    output_line(output, line);
}

static void print(const struct output *output, struct table *table, const struct review_row *row)
{
    g_autoptr(GString) line = NULL;

    if (table != NULL) {
        g_autofree char *failures = g_strdup_printf("%u", row->failures);
        g_autofree char *first = table_day(table, row->first), *last = table_day(table, row->last);
        const char *cells[] = {row->recipient, failures, first, last, row->reasons};
        table_add(table, cells);
    } else if (output->json) {
        print_json(output, row);
    } else {
        line = g_string_new(row->recipient);
        output_line(output, line);
    }
}

static int review(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct review_options *options = data;
    struct store_filter filter = selection_filter(&options->selection);
    struct review_row row;

    (void)arguments;
    if (filter.reason != NULL && !review_has_reason(reason_from_name(filter.reason))) {
        subcommand_usage_error(error, "review: --reason: %s is not looked at, see bouncectl(1)", filter.reason);
        return EX_USAGE;
    }
    if (filter.since == 0)
        filter.since = context->now - WINDOW;
    struct store *store = selection_store(context, STORE_MODE_READ, &options->selection, error);
    if (store == NULL)
        return EX_IOERR;
    guint least = (guint)(options->failures > 0 ? MIN(options->failures, G_MAXINT32) : FAILURES);
    g_autoptr(Review) listing = review_new(store, &filter, least, error);
    g_autoptr(Table) table = listing == NULL || context->output.json || options->addresses
                                 ? NULL
                                 : table_new(&context->output, columns, "no addresses to review");
    while (listing != NULL && review_next(listing, &row, error))
        print(&context->output, table, &row);
    return EX_OK;
}

static const struct option_row rows[] = {
    {"failures", 0, OPTION_NUMBER, offsetof(struct review_options, failures), "N",
     "with so many failures at least; default: 10", NULL},
    {"addresses", 0, OPTION_FLAG, offsetof(struct review_options, addresses), NULL,
     "print the addresses alone, one a line", NULL},
    {"since", 0, OPTION_MOMENT, offsetof(struct selection, since), "TIME",
     "from then on: 2026-11-22, RFC 3339, today, or 7d (ago); default: 90d", NULL},
    SELECTION_UNTIL,
    SELECTION_DOMAIN,
    SELECTION_REASON,
    SELECTION_STREAM,
    SELECTION_LIMIT,
    {0},
};

const struct subcommand subcommand_review = {
    .name = "review",
    .arguments = "",
    .summary = "Show addresses that only ever fail in ways that suppress nobody",
    .details = "Mail to them expires, or fails for what is the network's, the remote host's or nobody's known fault,\n"
               "and went through not once in that time; they have no entry. A person decides.\n",
    .examples = "  bouncectl review --failures 20 --since 180d\n"
                "  bouncectl review --addresses | bouncectl add --file - --for 90d --note 'nothing ever arrives'\n",
    .options = rows,
    .options_size = sizeof(struct review_options),
    .columns = columns,
    .paged = true,
    .run = review,
};
