#include <sysexits.h>

#include "cmd/batches/batch.h"
#include "cmd/batches/batch_json.h"
#include "cmd/batches/retraction.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/commands/rollback_undo.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/bouncectl/selection.h"
#include "reports/json.h"
#include "store/revision.h"

enum {
    SELECTED_AT_ONCE = 1000,
    SHOWN = 10, /* entries, on a terminal */
};

struct rollback_options {
    struct selection selection;
    char *undo;
    char *note;
    char *who;
    bool apply;
    bool all;
    bool include_complaints;
};

struct rollback {
    struct context *context;
    const struct rollback_options *options;
    const char *run; /* of ingest, that is undone as a whole; NULL: what is selected */
    struct retraction *retraction;
    guint events; /* that were selected */
    char *batch;
};

/* --- the events --------------------------------------------------------------------------------------------------- */

static bool select_all(struct rollback *rollback, GError **error)
{
    bool left = true;

    while (left) {
        if (!retraction_select(rollback->retraction, SELECTED_AT_ONCE, &left, error))
            return false;
    }
    rollback->events = retraction_left(rollback->retraction);
    return true;
}

static bool go_through(struct rollback *rollback, GError **error)
{
    const char *given = rollback->options->note != NULL ? rollback->options->note : "";
    g_autofree char *who = context_who(rollback->options->who);
    g_autofree char *note = batch_note_of_rollback(rollback->run, given);
    struct context *context = rollback->context;
    const struct revision_order order = {.who = who, .now = context->now, .note = note, .batch = rollback->batch};
    struct retraction *retraction = rollback->retraction;
    bool apply = rollback->options->apply, good = true;

    while (good && retraction_left(retraction) > 0) {
        gint64 began = g_get_monotonic_time();

        good = retraction_take(retraction, apply ? &order : NULL, context->now, error);
        good = good && (!apply || retraction_left(retraction) == 0 || context_give_way(context, began, error));
    }
    if (!good && apply)
        g_prefix_error(error, "after %u of %u events, which are batch %s (run it again for the rest): ",
                       rollback->events - retraction_left(retraction), rollback->events, rollback->batch);
    return good;
}

/* --- what is printed ---------------------------------------------------------------------------------------------- */

static void print_sorts(const struct rollback *rollback)
{
    static const struct table_column columns[] = {
        {.heading = "REASON"}, {.heading = "RULE", .rank = 1}, {.heading = "EVENTS", .right = true}, {0}};
    const struct output *output = &rollback->context->output;
    g_autoptr(Table) table = output->json ? NULL : table_new(output, columns, NULL);
    const GPtrArray *sorts = retraction_sorts(rollback->retraction);

    for (guint i = 0; i < sorts->len; i++) {
        const struct retraction_sort *sort = sorts->pdata[i];
        g_autofree char *events = g_strdup_printf("%u", sort->events);
        const char *cells[] = {reason_names[sort->reason], sort->rule, events};
        if (table != NULL) {
            table_add(table, cells);
            continue;
        }
        g_autoptr(GString) line = g_string_new(NULL);
        batch_json_sort(line, sort);
        output_line(output, line);
    }
}

static void print_json(const struct output *output, const struct revision_listing *row)
{
    g_autoptr(GString) line = g_string_new(NULL);

    batch_json_revised(line, row);
    output_line(output, line);
}

static void print_entries(const struct rollback *rollback)
{
    static const struct table_column columns[] = {{.heading = "EFFECT", .coloured = true},
                                                  {.heading = "RECIPIENT", .cut = CELL_ADDRESS, .least = 26},
                                                  {.heading = "FROM", .rank = 1},
                                                  {.heading = "TO", .rank = 2},
                                                  {0}};
    const struct output *output = &rollback->context->output;
    guint n;
    const struct revision_listing *listings = revision_listings(retraction_revision(rollback->retraction), &n);
    guint shown = output->terminal && !output->json && !rollback->options->all ? MIN(n, SHOWN) : n;
    struct table *table = output->json ? NULL : table_new(output, columns, NULL);

    for (guint i = 0; i < shown; i++) {
        const char *cells[] = {revision_effect_names[listings[i].effect], listings[i].recipient,
                               reason_names[listings[i].from], reason_names[listings[i].to]};
        if (table != NULL)
            table_add(table, cells);
        else
            print_json(output, &listings[i]);
    }
    if (table != NULL)
        table_free(table);
    if (shown < n)
        fprintf(output->stream, "and %u more, which --all shows\n", n - shown);
}

static void print_sums(const struct rollback *rollback)
{
    const struct output *output = &rollback->context->output;
    bool apply = rollback->options->apply;
    struct retraction_sums sums;

    retraction_read_sums(rollback->retraction, &sums);
    if (!output->json) {
        fprintf(output->stream, "events: %u of %u addresses\nentries: %u go, %u change, %u appear; %u addresses stay\n",
                sums.events, sums.addresses, sums.effects[REVISION_GOES], sums.effects[REVISION_CHANGES],
                sums.effects[REVISION_APPEARS], sums.stays);
        if (sums.spared > 0)
            fprintf(stderr, "bouncectl: %u complaints and opt-outs stay; --include-complaints takes them, too\n",
                    sums.spared);
        if (!apply)
            fprintf(stderr, "bouncectl: nothing was changed; --apply --note TEXT does it\n");
        return;
    }
    g_autoptr(GString) line = g_string_new("{");
    batch_json_rollback(line, &sums, apply, rollback->batch);
    g_string_append_c(line, '}');
    output_line(output, line);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

/* At once, so that it is known when the work is broken off. */
static void name_batch(struct rollback *rollback)
{
    const struct output *output = &rollback->context->output;

    if (!rollback->options->apply || rollback->events == 0)
        return;
    rollback->batch = batch_name(rollback->context->now);
    if (output->json)
        return;
    fprintf(output->stream, "batch: %s\n", rollback->batch);
    fflush(output->stream);
}

static bool find_run(const struct rollback *rollback, const char *batch, GError **error)
{
    bool found;

    if (batch == NULL)
        return true;
    if (!revision_has_batch(rollback->context->store, batch, &found, error))
        return false;
    if (!found)
        g_set_error(error, SUBCOMMAND_ERROR, EX_NOINPUT,
                    "no run of ingest has the batch '%s'; `bouncectl rollback --undo %s` undoes one of another kind",
                    batch, batch);
    return found;
}

static int roll_back(struct rollback *rollback, char *batch, GError **error)
{
    struct context *context = rollback->context;
    struct selection selection = rollback->options->selection;

    if (batch != NULL)
        selection.batch = batch;
    const struct retraction_settings settings = {.filter = selection_filter(&selection),
                                                 .whole = rollback->run != NULL,
                                                 .include_complaints = rollback->options->include_complaints};
    struct store *store =
        selection_store(context, rollback->options->apply ? STORE_MODE_WRITE : STORE_MODE_READ, &selection, error);
    if (store == NULL || !find_run(rollback, selection.batch, error))
        return EX_IOERR;
    rollback->retraction = retraction_new(store, &settings, error);
    if (rollback->retraction == NULL || !select_all(rollback, error))
        return EX_IOERR;
    name_batch(rollback);
    if (!go_through(rollback, error))
        return EX_IOERR;
    print_sorts(rollback);
    print_entries(rollback);
    print_sums(rollback);
    return EX_OK;
}

static bool usable(const struct rollback_options *options, char **arguments, GError **error)
{
    bool selects = selection_given(&options->selection);

    if (options->apply && options->note == NULL)
        subcommand_usage_error(error, "rollback: expected --note TEXT, the reason, which is kept");
    else if (options->undo != NULL && (*arguments != NULL || selects || options->include_complaints))
        subcommand_usage_error(error, "rollback: --undo takes no options that select");
    else if (options->undo == NULL && *arguments == NULL && !selects)
        subcommand_usage_error(error, "rollback: expected a BATCH, options that select reports, or --undo ID");
    else if (*arguments != NULL && options->selection.batch != NULL)
        subcommand_usage_error(error, "rollback: BATCH and --batch exclude each other");
    else
        return true;
    return false;
}

static int run(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct rollback_options *options = data;
    const struct rollback_undo undo = {options->undo, options->note, options->who, options->apply, options->all};
    struct rollback rollback = {.context = context, .options = options};
    int status;

    if (!usable(options, arguments, error))
        return EX_USAGE;
    if (options->undo != NULL)
        return rollback_undo(context, &undo, error);
    rollback.run = selection_given(&options->selection) ? NULL : arguments[0];
    status = roll_back(&rollback, arguments[0], error);
    retraction_free(rollback.retraction);
    g_free(rollback.batch);
    return status;
}

static const struct option_row rows[] = {
    SELECTION_SINCE,
    SELECTION_UNTIL,
    SELECTION_RECIPIENT,
    SELECTION_BY_REPORT,
    SELECTION_STREAM,
    SELECTION_SCOPE,
    SELECTION_STATE,
    SELECTION_BATCH,
    {"include-complaints", 0, OPTION_FLAG, offsetof(struct rollback_options, include_complaints), NULL,
     "complaints and opt-outs, too", NULL},
    {"undo", 0, OPTION_TEXT, offsetof(struct rollback_options, undo), "ID",
     "take back what this batch did: of rollback, import, waves, add or remove", NULL},
    {"all", 'a', OPTION_FLAG, offsetof(struct rollback_options, all), NULL, "show all entries, also on a terminal",
     NULL},
    {"apply", 0, OPTION_FLAG, offsetof(struct rollback_options, apply), NULL, "do it; without, it is shown", NULL},
    {"note", 0, OPTION_LINE, offsetof(struct rollback_options, note), "TEXT", "why; it must be given with --apply",
     NULL},
    {"who", 0, OPTION_LINE, offsetof(struct rollback_options, who), "NAME", "who does it; default: the login name",
     NULL},
    {0},
};

const struct subcommand subcommand_rollback = {
    .name = "rollback",
    .arguments = "[BATCH]",
    .summary = "Undo a mistake in bulk: wrong reports, a run of ingest, another batch",
    .details =
        "The list becomes what it would be, had the reports that are selected not been believed. They stay, as events\n"
        "that say nothing of anybody, and in the figures. Without --apply it is shown: how many by reason and rule,\n"
        "and what becomes of the entries. Options select failures; complaints, opt-outs and deliveries are only taken\n"
        "when --kind or --reason names them. BATCH is a run of `bouncectl ingest`, and all that it read is taken.\n"
        "Entries that operators made stay. --apply prints a batch, which --undo takes back, row for row: an entry\n"
        "that something changed since stays.\n",
    .examples =
        "  bouncectl rollback --since 2026-12-15T20:00Z --until 2026-12-16 --receiver google --reason user_unknown\n"
        "  bouncectl rollback 20261128T221501Z-5f3a --apply --note 'the wrong directory'\n"
        "  bouncectl rollback --undo 20261128T224512Z-03c9 --apply --note 'it was right after all'\n",
    .max_arguments = 1,
    .options = rows,
    .options_size = sizeof(struct rollback_options),
    .run = run,
};
