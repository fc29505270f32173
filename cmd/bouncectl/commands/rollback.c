#include <sysexits.h>

#include "cmd/bouncectl/bulk.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/commands/rollback_undo.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/bouncectl/selection.h"
#include "reports/json.h"
#include "store/revision.h"

enum {
    EVENTS_AT_ONCE = 200, /* in one transaction: the daemon waits a few milliseconds for it */
    SHOWN = 10,           /* entries, on a terminal */
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

/* Events of one reason, judged by one rule. */
struct sort {
    enum reason reason;
    char *rule;
    guint events;
};

struct rollback {
    struct context *context;
    const struct rollback_options *options;
    const char *run; /* of ingest, that is undone as a whole; NULL: what is selected */
    struct revision *revision;
    GPtrArray *sorts; /* of struct sort * */
    GHashTable *addresses;
    guint events;
    guint spared; /* complaints and opt-outs that would have been selected */
    char *batch;
};

static void free_sort(void *data)
{
    struct sort *sort = data;

    g_free(sort->rule);
    g_free(sort);
}

/* --- the events --------------------------------------------------------------------------------------------------- */

static bool is_wish(const struct event *event)
{
    return event->verdict == VERDICT_COMPLAINT || event->verdict == VERDICT_UNSUBSCRIBE;
}

/* Does the filter say that it is not about failures? */
static bool names_others(const struct selection *selection)
{
    enum reason reason = selection->reason > 0 ? selection->reason - 1 : REASON_NONE;

    return selection->kind > 0 || reason == REASON_FEEDBACK || reason == REASON_UNSUBSCRIBE ||
           reason == REASON_DELIVERED;
}

/* A filter that a wave of false bounces calls for must not have persons mailed again who complained, nor failures count
 * again that mail which went through has cleared. */
static bool takes(struct rollback *rollback, const struct event *event)
{
    if (!event->may_suppress)
        return false;
    if (rollback->run != NULL || names_others(&rollback->options->selection))
        return true;
    if (!is_wish(event))
        return event->kind == REPORT_KIND_BOUNCE;
    rollback->spared += !rollback->options->include_complaints;
    return rollback->options->include_complaints;
}

static void count(struct rollback *rollback, const struct event *event)
{
    struct sort *sort = NULL;

    for (guint i = 0; i < rollback->sorts->len && sort == NULL; i++) {
        struct sort *known = rollback->sorts->pdata[i];
        if (known->reason == event->reason && g_strcmp0(known->rule, event->rule) == 0)
            sort = known;
    }
    if (sort == NULL) {
        sort = g_new0(struct sort, 1);
        sort->reason = event->reason;
        sort->rule = g_strdup(event->rule);
        g_ptr_array_add(rollback->sorts, sort);
    }
    sort->events++;
    rollback->events++;
    if (event->recipient != NULL)
        g_hash_table_add(rollback->addresses, g_ascii_strdown(event->recipient, -1));
}

static bool doubt_all(struct rollback *rollback, GError **error)
{
    struct stored_event row;
    GError *bad = NULL;

    while (revision_next(rollback->revision, &row, &bad)) {
        if (!takes(rollback, &row.event))
            continue;
        revision_doubt(rollback->revision);
        count(rollback, &row.event);
    }
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

static char *write_note(const struct rollback *rollback)
{
    const char *note = rollback->options->note != NULL ? rollback->options->note : "";

    return rollback->run != NULL ? g_strdup_printf("rollback of %s: %s", rollback->run, note)
                                 : g_strdup_printf("rollback: %s", note);
}

static bool go_through(struct rollback *rollback, GError **error)
{
    g_autofree char *who = context_who(rollback->options->who);
    g_autofree char *note = write_note(rollback);
    struct context *context = rollback->context;
    const struct revision_order order = {.who = who, .now = context->now, .note = note, .batch = rollback->batch};
    struct revision *revision = rollback->revision;
    bool apply = rollback->options->apply, good = true;

    while (good && revision_left(revision) > 0) {
        gint64 began = g_get_monotonic_time();

        good = apply ? revision_apply(revision, &order, EVENTS_AT_ONCE, error)
                     : revision_preview(revision, context->now, EVENTS_AT_ONCE, error);
        good = good && (!apply || revision_left(revision) == 0 || context_give_way(context, began, error));
    }
    if (!good && apply)
        g_prefix_error(error, "after %u of %u events, which are batch %s (run it again for the rest): ",
                       rollback->events - revision_left(revision), rollback->events, rollback->batch);
    return good;
}

/* --- what is printed ---------------------------------------------------------------------------------------------- */

static int compare_sorts(gconstpointer a, gconstpointer b)
{
    const struct sort *one = *(const struct sort *const *)a, *other = *(const struct sort *const *)b;

    return (one->events < other->events) - (one->events > other->events);
}

static void print_sorts(const struct rollback *rollback)
{
    static const struct table_column columns[] = {
        {.heading = "REASON"}, {.heading = "RULE", .rank = 1}, {.heading = "EVENTS", .right = true}, {0}};
    const struct output *output = &rollback->context->output;
    g_autoptr(Table) table = output->json ? NULL : table_new(output, columns, NULL);

    g_ptr_array_sort(rollback->sorts, compare_sorts);
    for (guint i = 0; i < rollback->sorts->len; i++) {
        const struct sort *sort = rollback->sorts->pdata[i];
        g_autofree char *events = g_strdup_printf("%u", sort->events);
        const char *cells[] = {reason_names[sort->reason], sort->rule, events};
        if (table != NULL) {
            table_add(table, cells);
            continue;
        }
        g_autoptr(GString) line = g_string_new(NULL);
        g_string_append_printf(line, "{\"reason\":\"%s\",\"rule\":", reason_names[sort->reason]);
        json_text(line, sort->rule != NULL ? sort->rule : "");
        g_string_append_printf(line, ",\"events\":%u}", sort->events);
        output_line(output, line);
    }
}

static void print_json(const struct output *output, const struct revision_listing *row)
{
    g_autoptr(GString) line = g_string_new("{\"recipient\":");

    json_text(line, row->recipient);
    g_string_append_printf(line, ",\"effect\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}",
                           revision_effect_names[row->effect], reason_names[row->from], reason_names[row->to]);
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
    const struct revision_listing *listings = revision_listings(rollback->revision, &n);
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
    guint n, counts[REVISION_CHANGES + 1] = {0};
    const struct revision_listing *listings = revision_listings(rollback->revision, &n);
    guint addresses = g_hash_table_size(rollback->addresses);
    bool apply = rollback->options->apply;

    for (guint i = 0; i < n; i++)
        counts[listings[i].effect]++;
    guint stay = addresses > n ? addresses - n : 0;
    if (!output->json) {
        fprintf(output->stream, "events: %u of %u addresses\nentries: %u go, %u change, %u appear; %u addresses stay\n",
                rollback->events, addresses, counts[REVISION_GOES], counts[REVISION_CHANGES], counts[REVISION_APPEARS],
                stay);
        if (rollback->spared > 0)
            fprintf(stderr, "bouncectl: %u complaints and opt-outs stay; --include-complaints takes them, too\n",
                    rollback->spared);
        if (!apply)
            fprintf(stderr, "bouncectl: nothing was changed; --apply --note TEXT does it\n");
        return;
    }
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line,
                           "{\"events\":%u,\"addresses\":%u,\"goes\":%u,\"changes\":%u,\"appears\":%u,\"stays\":%u,"
                           "\"spared\":%u,\"applied\":%s",
                           rollback->events, addresses, counts[REVISION_GOES], counts[REVISION_CHANGES],
                           counts[REVISION_APPEARS], stay, rollback->spared, apply ? "true" : "false");
    if (rollback->batch != NULL)
        g_string_append_printf(line, ",\"batch\":\"%s\"", rollback->batch);
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
    rollback->batch = bulk_name(rollback->context->now);
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
    const struct store_filter filter = selection_filter(&selection);
    struct store *store =
        selection_store(context, rollback->options->apply ? STORE_MODE_WRITE : STORE_MODE_READ, &selection, error);
    if (store == NULL || !find_run(rollback, selection.batch, error))
        return EX_IOERR;
    rollback->revision = revision_new(store, &filter, error);
    if (rollback->revision == NULL || !doubt_all(rollback, error))
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
    rollback.sorts = g_ptr_array_new_with_free_func(free_sort);
    rollback.addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    status = roll_back(&rollback, arguments[0], error);
    g_clear_pointer(&rollback.revision, revision_free);
    g_ptr_array_unref(rollback.sorts);
    g_hash_table_unref(rollback.addresses);
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
