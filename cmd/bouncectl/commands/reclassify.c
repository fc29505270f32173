#include <sysexits.h>
#include <unistd.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "cmd/bouncectl/selection.h"
#include "cmd/config/rule_files.h"
#include "reports/json.h"
#include "store/revision.h"

enum { EVENTS_AT_ONCE = 200 }; /* in one transaction: the daemon waits a few milliseconds for it */
#define PROGRESS_EVERY (G_USEC_PER_SEC / 5)
enum { ADDRESSES_SHOWN = 50 }; /* on a terminal */

struct reclassify_options {
    struct selection selection;
    char *who;
    bool apply;
    bool dry_run;
};

/* Events that were one thing and are another now. */
struct change_row {
    enum reason from, to;
    enum verdict_kind verdict_from, verdict_to;
    guint64 events;
    const char *rule; /* of the example; the classifier's */
    char *example;
};

struct run {
    const struct context *context;
    const struct reclassify_options *options;
    const struct classifier *classifier;
    struct revision *revision;
    GArray *changes; /* of struct change_row */
    guint64 events;  /* that were judged */
    gint64 shown;
};

/* --- progress ----------------------------------------------------------------------------------------------------- */

static void show_progress(struct run *run, const char *what, guint64 number)
{
    gint64 now = g_get_monotonic_time();

    if (isatty(STDERR_FILENO) != 1 || now - run->shown < PROGRESS_EVERY)
        return;
    run->shown = now;
    fprintf(stderr, "\r\033[K%" G_GUINT64_FORMAT " %s", number, what);
}

static void end_progress(const struct run *run)
{
    if (run->shown != 0)
        fprintf(stderr, "\r\033[K");
}

/* --- judging ------------------------------------------------------------------------------------------------------ */

static void count_change(struct run *run, const struct event *event, const struct verdict *verdict)
{
    const struct change_row added = {event->reason, verdict->reason, event->verdict, verdict->verdict, 0, verdict->rule,
                                     NULL};
    struct change_row *row = NULL;

    for (guint i = 0; i < run->changes->len && row == NULL; i++) {
        struct change_row *at = &g_array_index(run->changes, struct change_row, i);
        if (at->from == added.from && at->to == added.to && at->verdict_from == added.verdict_from &&
            at->verdict_to == added.verdict_to)
            row = at;
    }
    if (row == NULL) {
        g_array_append_val(run->changes, added);
        row = &g_array_index(run->changes, struct change_row, run->changes->len - 1);
        row->example = g_strdup(event->diagnostic);
    }
    row->events++;
}

/* Rules judge bounces and delays; what other kinds are does not depend on them. */
static void judge(struct run *run, const struct stored_event *row)
{
    struct report_recipient recipient;
    struct report report;
    struct verdict verdict;

    if (row->event.kind != REPORT_KIND_BOUNCE && row->event.kind != REPORT_KIND_DELAY)
        return;
    event_to_report(&row->event, &report, &recipient);
    classifier_judge(run->classifier, &report, &recipient, &verdict);
    run->events++;
    if (verdict.reason == row->event.reason && verdict.verdict == row->event.verdict)
        return;
    revision_judge(run->revision, &verdict);
    count_change(run, &row->event, &verdict);
}

static bool judge_all(struct run *run, GError **error)
{
    struct stored_event row;
    GError *bad = NULL;

    while (revision_next(run->revision, &row, &bad)) {
        judge(run, &row);
        show_progress(run, "events judged", run->events);
    }
    if (bad == NULL)
        return true;
    g_propagate_error(error, bad);
    return false;
}

static bool go_through(struct run *run, GError **error)
{
    const struct context *context = run->context;
    g_autofree char *who = context_who(run->options->who);
    const struct revision_order order = {
        .who = who, .rule_version = classifier_version(run->classifier), .now = context->now};
    guint all = revision_left(run->revision);
    bool good = true;

    while (good && revision_left(run->revision) > 0) {
        if (run->options->apply)
            good = revision_apply(run->revision, &order, EVENTS_AT_ONCE, error);
        else
            good = revision_preview(run->revision, context->now, EVENTS_AT_ONCE, error);
        show_progress(run, "changed events to go through", revision_left(run->revision));
    }
    if (!good && run->options->apply)
        g_prefix_error(error,
                       "after %u of %u changes (run it again for the rest): ", all - revision_left(run->revision), all);
    return good;
}

/* --- what is printed ---------------------------------------------------------------------------------------------- */

static int compare_changes(gconstpointer a, gconstpointer b)
{
    const struct change_row *one = a, *other = b;

    return (one->events < other->events) - (one->events > other->events);
}

static char *name_verdict(enum reason reason, enum verdict_kind verdict)
{
    return g_strdup_printf("%s %s", reason_names[reason], verdict_names[verdict]);
}

static void print_changes(const struct run *run)
{
    static const struct table_column columns[] = {{.heading = "FROM"},
                                                  {.heading = "TO"},
                                                  {.heading = "EVENTS", .right = true},
                                                  {.heading = "RULE", .rank = 1, .cut = CELL_END, .least = 12},
                                                  {.heading = "EXAMPLE", .rank = 2, .cut = CELL_END, .least = 16},
                                                  {0}};
    g_autoptr(Table) table = table_new(&run->context->output, columns, NULL);

    for (guint i = 0; i < run->changes->len; i++) {
        const struct change_row *row = &g_array_index(run->changes, struct change_row, i);
        g_autofree char *from = name_verdict(row->from, row->verdict_from);
        g_autofree char *to = name_verdict(row->to, row->verdict_to);
        g_autofree char *events = g_strdup_printf("%" G_GUINT64_FORMAT, row->events);
        const char *cells[] = {from, to, events, row->rule, row->example};
        table_add(table, cells);
    }
}

static void print_listings(const struct run *run)
{
    static const struct table_column columns[] = {{.heading = "ADDRESS", .cut = CELL_ADDRESS, .least = 26},
                                                  {.heading = "LIST", .coloured = true},
                                                  {.heading = "FROM", .rank = 2},
                                                  {.heading = "TO", .rank = 1},
                                                  {.heading = "RULE", .rank = 3},
                                                  {0}};
    const struct output *output = &run->context->output;
    guint n;
    const struct revision_listing *listings = revision_listings(run->revision, &n);
    guint most = output->terminal ? MIN(n, ADDRESSES_SHOWN) : n;
    struct table *table = table_new(output, columns, NULL);

    for (guint i = 0; i < most; i++) {
        const char *cells[] = {listings[i].recipient, revision_effect_names[listings[i].effect],
                               reason_names[listings[i].from], reason_names[listings[i].to], listings[i].rule};
        table_add(table, cells);
    }
    table_free(table);
    if (most < n)
        fprintf(output->stream, "and %u more addresses, which a pipe gets\n", n - most);
}

static void add_text(GString *line, const char *name, const char *text)
{
    if (text != NULL && *text != '\0')
        output_json_member(line, name, text);
}

static void print_json(const struct run *run)
{
    const struct output *output = &run->context->output;
    g_autoptr(GString) line = g_string_new(NULL);
    guint n;
    const struct revision_listing *listings = revision_listings(run->revision, &n);

    for (guint i = 0; i < run->changes->len; i++) {
        const struct change_row *row = &g_array_index(run->changes, struct change_row, i);
        g_string_append_c(line, '{');
        add_text(line, "reason_from", reason_names[row->from]);
        add_text(line, "verdict_from", verdict_names[row->verdict_from]);
        add_text(line, "reason_to", reason_names[row->to]);
        add_text(line, "verdict_to", verdict_names[row->verdict_to]);
        add_text(line, "rule", row->rule);
        add_text(line, "example", row->example);
        g_string_append_printf(line, ",\"events\":%" G_GUINT64_FORMAT "}", row->events);
        output_line(output, line);
    }
    for (guint i = 0; i < n; i++) {
        g_string_append_c(line, '{');
        add_text(line, "recipient", listings[i].recipient);
        add_text(line, "suppression", revision_effect_names[listings[i].effect]);
        add_text(line, "reason_from", reason_names[listings[i].from]);
        add_text(line, "reason_to", reason_names[listings[i].to]);
        add_text(line, "rule", listings[i].rule);
        g_string_append_c(line, '}');
        output_line(output, line);
    }
}

static void print_sums(const struct run *run)
{
    guint64 changed = 0;
    guint n, counts[REVISION_CHANGES + 1] = {0};
    const struct revision_listing *listings = revision_listings(run->revision, &n);

    for (guint i = 0; i < run->changes->len; i++)
        changed += g_array_index(run->changes, struct change_row, i).events;
    for (guint i = 0; i < n; i++)
        counts[listings[i].effect]++;
    fprintf(run->context->output.stream,
            run->context->output.json ? "{\"judged\":%" G_GUINT64_FORMAT ",\"changed\":%" G_GUINT64_FORMAT
                                        ",\"appears\":%u,\"goes\":%u,\"changes\":%u,\"applied\":%s}\n"
                                      : "%" G_GUINT64_FORMAT " events judged, %" G_GUINT64_FORMAT
                                        " changed; suppressions: %u appear, %u go, %u change; %s\n",
            run->events, changed, counts[REVISION_APPEARS], counts[REVISION_GOES], counts[REVISION_CHANGES],
            run->context->output.json ? (run->options->apply ? "true" : "false")
            : run->options->apply     ? "applied"
                                      : "nothing was changed, --apply does it");
}

static void print(const struct run *run)
{
    g_array_sort(run->changes, compare_changes);
    if (run->context->output.json) {
        print_json(run);
    } else {
        print_changes(run);
        print_listings(run);
    }
    print_sums(run);
}

/* --- the command -------------------------------------------------------------------------------------------------- */

static void clear_change(void *data)
{
    struct change_row *row = data;

    g_free(row->example);
}

static bool usable(const struct reclassify_options *options, GError **error)
{
    if (!options->apply || !options->dry_run)
        return true;
    subcommand_usage_error(error, "reclassify: --apply and --dry-run exclude each other");
    return false;
}

static int reclassify(struct context *context, const void *data, G_GNUC_UNUSED char **arguments, GError **error)
{
    const struct reclassify_options *options = data;
    const struct store_filter filter = selection_recent(&options->selection, context->now);

    if (!usable(options, error))
        return EX_USAGE;
    const struct config *config = context_config(context, error);
    g_autoptr(Classifier) classifier = config != NULL ? rule_files_classifier(config, error) : NULL;
    struct store *store =
        classifier != NULL
            ? selection_store(context, options->apply ? STORE_MODE_WRITE : STORE_MODE_READ, &options->selection, error)
            : NULL;
    g_autoptr(Revision) revision = store != NULL ? revision_new(store, &filter, error) : NULL;
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(struct change_row));
    struct run run = {context, options, classifier, revision, changes, 0, 0};

    g_array_set_clear_func(changes, clear_change);
    if (revision == NULL)
        return EX_IOERR;
    bool good = judge_all(&run, error) && go_through(&run, error);
    end_progress(&run);
    if (good)
        print(&run);
    return good ? EX_OK : EX_IOERR;
}

static const struct option_row rows[] = {
    SELECTION_RECENT,
    SELECTION_UNTIL,
    SELECTION_RECIPIENT,
    SELECTION_BY_REPORT,
    SELECTION_STREAM,
    SELECTION_BATCH,
    {"apply", 0, OPTION_FLAG, offsetof(struct reclassify_options, apply), NULL, "do it; without, it is only shown",
     NULL},
    {"dry-run", 0, OPTION_FLAG, offsetof(struct reclassify_options, dry_run), NULL, "only show it: the default", NULL},
    {"who", 0, OPTION_LINE, offsetof(struct reclassify_options, who), "NAME", "who does it; default: the login name",
     NULL},
    {0},
};

const struct subcommand subcommand_reclassify = {
    .name = "reclassify",
    .arguments = "",
    .summary = "Judge stored events by the present rules",
    .details = "Shows what would be another reason or verdict, and what would come on the suppression list or go off\n"
               "it. --apply does it, while the daemon runs if need be; a run that was broken off can be repeated.\n",
    .examples = "  bouncectl reclassify --since 30d\n"
                "  bouncectl reclassify --since 2026-11-20 --reason undefined --apply\n",
    .options = rows,
    .options_size = sizeof(struct reclassify_options),
    .run = reclassify,
};
