#include "cmd/bouncectl/commands/rollback_undo.h"

#include <sysexits.h>

#include "cmd/batches/batch.h"
#include "cmd/batches/batch_json.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/bouncectl/subcommand.h"
#include "reports/json.h"
#include "store/reversal.h"
#include "store/revision.h"

enum {
    SHOWN = 10, /* entries of each effect, on a terminal */
};

static void print_json(const struct output *output, const struct reversal_listing *row)
{
    g_autoptr(GString) line = g_string_new(NULL);

    batch_json_reversed(line, row);
    output_line(output, line);
}

/* Counts them by their effects, and prints as many as there is room for. */
static void print_entries(const struct output *output, const struct reversal *reversal, bool all,
                          struct batch_undone *undone)
{
    static const struct table_column columns[] = {{.heading = "EFFECT", .coloured = true},
                                                  {.heading = "RECIPIENT", .cut = CELL_ADDRESS, .least = 26},
                                                  {.heading = "SCOPE", .rank = 2},
                                                  {.heading = "REASON", .rank = 1},
                                                  {0}};
    g_autoptr(Table) table = output->json ? NULL : table_new(output, columns, NULL);
    guint n;
    const struct reversal_listing *listings = reversal_listings(reversal, &n);

    for (guint i = 0; i < n; i++) {
        const struct reversal_listing *row = &listings[i];
        const char *cells[] = {reversal_effect_names[row->effect], row->subject, row->scope,
                               row->reason != REASON_NONE ? reason_names[row->reason] : NULL};

        undone->effects[row->effect]++;
        if (table == NULL)
            print_json(output, row);
        else if (all || !output->terminal || undone->effects[row->effect] <= SHOWN)
            table_add(table, cells);
    }
}

static void print_sums(const struct context *context, const struct rollback_undo *undo, const char *batch,
                       const struct batch_undone *undone)
{
    if (!context->output.json) {
        fprintf(context->output.stream,
                "entries: %u return, %u go, %u change; %u stay, since something changed them meanwhile\n"
                "events: %" G_GINT64_FORMAT " believed again\n",
                undone->effects[REVERSAL_RETURNS], undone->effects[REVERSAL_GOES], undone->effects[REVERSAL_CHANGES],
                undone->effects[REVERSAL_STAYS], undone->events);
        if (!undo->apply)
            fprintf(stderr, "bouncectl: nothing was changed; --apply --note TEXT does it\n");
        return;
    }
    g_autoptr(GString) line = g_string_new("{");
    batch_json_undoing(line, undone, undo->apply, undo->apply ? batch : NULL);
    g_string_append_c(line, '}');
    output_line(&context->output, line);
}

static bool go_through(struct context *context, struct reversal *reversal, const struct rollback_undo *undo,
                       const char *batch, GError **error)
{
    g_autofree char *who = context_who(undo->who);
    g_autofree char *note = batch_note_of_undoing(undo->batch, undo->note != NULL ? undo->note : "");
    const struct revision_order order = {.who = who, .now = context->now, .note = note, .batch = batch};
    bool left = true, good = true;

    while (good && left) {
        gint64 began = g_get_monotonic_time();

        good = undo->apply ? reversal_apply(reversal, &order, UNDOING_AT_ONCE, &left, error)
                           : reversal_preview(reversal, context->now, UNDOING_AT_ONCE, &left, error);
        good = good && (!undo->apply || !left || context_give_way(context, began, error));
    }
    if (!good && undo->apply)
        g_prefix_error(error, "not all was undone (the same command does the rest): ");
    return good;
}

/* Says why that batch cannot be undone. */
static int refuse(struct context *context, const char *batch, enum undoable undoable, GError **error)
{
    bool ingested = false;

    if (undoable == UNDOABLE_UNDOES) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR,
                    "'%s' undid another batch; what that did is to be done anew (see `bouncectl audit --batch %s`)",
                    batch, batch);
        return EX_DATAERR;
    }
    if (!revision_has_batch(context->store, batch, &ingested, error))
        return EX_IOERR;
    g_set_error(error, SUBCOMMAND_ERROR, EX_NOINPUT,
                ingested ? "'%s' is a run of ingest: `bouncectl rollback %s` undoes it" : "there is no batch '%s'",
                batch, batch);
    return EX_NOINPUT;
}

int rollback_undo(struct context *context, const struct rollback_undo *undo, GError **error)
{
    struct store *store = context_store(context, undo->apply ? STORE_MODE_WRITE : STORE_MODE_READ, error);
    enum undoable undoable;
    struct batch_undone undone = {.events = 0};
    g_autoptr(Reversal) reversal = store != NULL ? reversal_new(store, undo->batch, &undoable, error) : NULL;

    if (reversal == NULL)
        return EX_IOERR;
    if (undoable != UNDOABLE_YES)
        return refuse(context, undo->batch, undoable, error);
    g_autofree char *batch =
        reversal_begun(reversal) != NULL ? g_strdup(reversal_begun(reversal)) : batch_name(context->now);
    if (undo->apply && !context->output.json) {
        fprintf(context->output.stream, "batch: %s\n", batch);
        fflush(context->output.stream);
    }
    if (!go_through(context, reversal, undo, batch, error))
        return EX_IOERR;
    undone.events = reversal_events(reversal);
    print_entries(&context->output, reversal, undo->all, &undone);
    print_sums(context, undo, batch, &undone);
    return EX_OK;
}
