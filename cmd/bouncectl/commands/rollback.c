#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "store/revision.h"

enum { EVENTS_AT_ONCE = 200 }; /* in one transaction: the daemon waits a few milliseconds for it */

struct rollback_options {
    char *note;
    char *who;
    bool apply;
};

static const struct table_column columns[] = {
    {.heading = "EFFECT", .coloured = true},
    {.heading = "RECIPIENT", .cut = CELL_ADDRESS, .least = 26},
    {.heading = "FROM", .rank = 1},
    {.heading = "TO", .rank = 2},
    {0},
};

static void print_json(const struct output *output, const struct revision_listing *row)
{
    g_autoptr(GString) line = g_string_new("{\"recipient\":");

    output_json_text(line, row->recipient);
    g_string_append_printf(line, ",\"effect\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}",
                           revision_effect_names[row->effect], reason_names[row->from], reason_names[row->to]);
    output_line(output, line);
}

static guint print(const struct output *output, const struct revision *revision)
{
    guint n;
    const struct revision_listing *listings = revision_listings(revision, &n);
    g_autoptr(Table) table = output->json ? NULL : table_new(output, columns, "no entry of the list is of this batch");

    for (guint i = 0; i < n; i++) {
        const char *cells[] = {revision_effect_names[listings[i].effect], listings[i].recipient,
                               reason_names[listings[i].from], reason_names[listings[i].to]};
        if (table != NULL)
            table_add(table, cells);
        else
            print_json(output, &listings[i]);
    }
    return n;
}

static bool doubt_all(struct revision *revision, GError **error)
{
    struct stored_event row;
    GError *bad = NULL;

    while (revision_next(revision, &row, &bad)) {
        if (row.event.may_suppress)
            revision_doubt(revision);
    }
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

static bool go_through(struct context *context, struct revision *revision, const struct rollback_options *options,
                       const char *batch, GError **error)
{
    g_autofree char *who = context_who(options->who);
    g_autofree char *note = g_strdup_printf("rollback of %s: %s", batch, options->note != NULL ? options->note : "");
    const struct revision_order order = {.who = who, .now = context->now, .note = note};
    bool good = true;

    while (good && revision_left(revision) > 0)
        good = options->apply ? revision_apply(revision, &order, EVENTS_AT_ONCE, error)
                              : revision_preview(revision, context->now, EVENTS_AT_ONCE, error);
    return good;
}

static int run(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct rollback_options *options = data;
    const struct store_filter filter = {.batch = arguments[0]};
    bool found;

    if (options->apply && options->note == NULL) {
        subcommand_usage_error(error, "rollback: expected --note TEXT, the reason, which is kept");
        return EX_USAGE;
    }
    struct store *store = context_store(context, options->apply ? STORE_MODE_WRITE : STORE_MODE_READ, error);
    if (store == NULL || !revision_has_batch(store, arguments[0], &found, error))
        return EX_IOERR;
    if (!found) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_NOINPUT, "there is no batch '%s'", arguments[0]);
        return EX_NOINPUT;
    }
    g_autoptr(Revision) revision = revision_new(store, &filter, error);
    if (revision == NULL || !doubt_all(revision, error) || !go_through(context, revision, options, arguments[0], error))
        return EX_IOERR;
    guint n = print(&context->output, revision);
    fprintf(stderr, "bouncectl: %u %s of the list %s\n", n, n == 1 ? "entry" : "entries",
            options->apply ? "changed" : "would change; --apply --note TEXT does it");
    return EX_OK;
}

static const struct option_row rows[] = {
    {"apply", 0, OPTION_FLAG, offsetof(struct rollback_options, apply), NULL, "do it; without, it is shown", NULL},
    {"note", 0, OPTION_LINE, offsetof(struct rollback_options, note), "TEXT", "why; it must be given with --apply",
     NULL},
    {"who", 0, OPTION_LINE, offsetof(struct rollback_options, who), "NAME", "who does it; default: the login name",
     NULL},
    {0},
};

const struct subcommand subcommand_rollback = {
    .name = "rollback",
    .arguments = "BATCH",
    .summary = "Undo a run of ingest: nothing that it read is believed any more",
    .details =
        "The list becomes what it would be, had nothing in the batch been believed. BATCH is what `bouncectl ingest`\n"
        "printed. Its messages stay, as events that say nothing of anybody, and in the figures; read again, they are\n"
        "duplicates. Entries that operators made stay.\n",
    .examples = "  bouncectl rollback 20261128T221501Z-5f3a\n"
                "  bouncectl rollback 20261128T221501Z-5f3a --apply --note 'the wrong directory'\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = rows,
    .options_size = sizeof(struct rollback_options),
    .columns = columns,
    .run = run,
};
