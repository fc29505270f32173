#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/selection.h"
#include "reports/clusters.h"
#include "reports/moment.h"
#include "reports/readable.h"

enum {
    KEPT = 20000, /* clusters: a bound on memory, whatever texts are sent to us */
    SHOWN = 20,   /* by default */
};

static bool add_events(struct store *store, struct store_filter filter, enum reason reason, struct clusters *clusters,
                       GError **error)
{
    struct stored_event row;
    GError *bad = NULL;

    filter.reason = reason_names[reason];
    filter.limit = 0;
    g_autoptr(StoreCursor) cursor = store_events(store, &filter, error);
    if (cursor == NULL)
        return false;
    while (store_next_event(cursor, &row, &bad))
        clusters_add(clusters, &row);
    if (bad == NULL)
        return true;
    g_propagate_error(error, bad);
    return false;
}

static void print_json(const struct output *output, const struct cluster *cluster, const char *rule)
{
    g_autofree char *last = event_time_format(cluster->last);
    g_autoptr(GString) line = g_string_new(NULL);

    g_string_append_printf(line, "{\"events\":%" G_GUINT64_FORMAT, cluster->count);
    output_json_member(line, "last", last);
    output_json_member(line, "text", cluster->text);
    output_json_member(line, "example", cluster->example);
    output_json_member(line, "host", cluster->host);
    output_json_member(line, "status", cluster->status);
    output_json_member(line, "dialect", cluster->dialect);
    output_json_member(line, "rule", rule);
    g_string_append_c(line, '}');
    output_line(output, line);
}

/* A file of rules: what is not a rule is a comment. */
static void print_text(const struct output *output, const struct cluster *cluster, const char *rule)
{
    g_autofree char *last = moment_text(cluster->last);
    g_autofree char *host = readable_dup(cluster->host);
    g_autofree char *text = readable_dup(*cluster->text != '\0' ? cluster->text : "(no diagnostic)");

    fprintf(output->stream, "# %s%" G_GUINT64_FORMAT "%s, last %s%s%s\n# %s\n", output_style(output, OUTPUT_BOLD),
            cluster->count, output_style(output, OUTPUT_PLAIN), last, host != NULL ? ", said by " : "",
            host != NULL ? host : "", text);
    fprintf(output->stream, "%s\n", rule != NULL ? rule : "# no draft: neither words nor a status\n");
}

static void print(const struct output *output, struct clusters *clusters, gint64 limit)
{
    guint64 left = clusters_others(clusters);
    const struct cluster *cluster;

    for (guint n = 0; (cluster = clusters_at(clusters, n)) != NULL; n++) {
        if (n >= limit) {
            left += cluster->count;
            continue;
        }
        g_autofree char *rule = cluster_rule(cluster, n + 1);
        if (output->json)
            print_json(output, cluster, rule);
        else
            print_text(output, cluster, rule);
    }
    if (left > 0 && !output->json)
        fprintf(output->stream, "# and %" G_GUINT64_FORMAT " events with other texts (see --limit)\n", left);
}

static int unclassified(struct context *context, const void *data, G_GNUC_UNUSED char **arguments, GError **error)
{
    const struct selection *selection = data;
    g_autoptr(Clusters) clusters = clusters_new(KEPT);

    const struct store_filter filter = selection_recent(selection, context->now);
    struct store *store = selection_store(context, STORE_MODE_READ, selection, error);
    if (store == NULL || !add_events(store, filter, REASON_ON_HOLD, clusters, error) ||
        !add_events(store, filter, REASON_UNDEFINED, clusters, error))
        return EX_IOERR;
    print(&context->output, clusters, selection->limit != 0 ? selection->limit : SHOWN);
    return EX_OK;
}

static const struct option_row rows[] = {
    SELECTION_RECENT,
    SELECTION_UNTIL,
    SELECTION_RECIPIENT,
    SELECTION_DOMAIN,
    SELECTION_RECEIVER,
    SELECTION_DIAGNOSTIC,
    SELECTION_EVIDENCE,
    SELECTION_STREAM,
    SELECTION_BATCH,
    SELECTION_LIMIT,
    {0},
};

const struct subcommand subcommand_unclassified = {
    .name = "unclassified",
    .arguments = "",
    .summary = "Show what no rule knows, most frequent first, with drafts of rules",
    .details =
        "Diagnostics that ended in on_hold or undefined, put together when they differ in addresses, hosts, numbers\n"
        "and ids only. The output is a file of rules: give each a reason, see to its pattern, then try it with\n"
        "`bouncectl rules check` and `bouncectl reclassify`. Without --limit it is the first 20.\n",
    .examples = "  bouncectl unclassified --since 30d > drafts.rules\n",
    .options = rows,
    .options_size = sizeof(struct selection),
    .paged = true,
    .run = unclassified,
};
