#include "store/policy.h"

#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/commands/policy_backtest.h"
#include "cmd/bouncectl/commands/policy_try.h"
#include "cmd/bouncectl/selection.h"
#include "reports/story/effect.h"

struct policy_options {
    struct selection selection;
    bool all;
};

static const struct table_column columns[] = {
    {.heading = "REASON"},
    {.heading = "POLICY"},
    {.heading = "MEANING", .rank = 2, .cut = CELL_END, .least = 20},
    {.heading = "PARTY", .rank = 3},
    {.heading = "FROM", .rank = 1, .cut = CELL_START, .least = 12},
    {.heading = "SCOPE", .rank = 1},
    {0},
};

/* One reason: what decides about it, and who says so. */
static void print_row(const struct output *output, struct table *table, const char *const *cells)
{
    static const char *const names[] = {"reason", "policy", "meaning", "party", "from", "scope"};
    g_autoptr(GString) line = g_string_new("{");

    if (table != NULL) {
        table_add(table, cells);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        output_json_member(line, names[i], cells[i]);
    g_string_append_c(line, '}');
    output_line(output, line);
}

/* The file and the line that say so, the preset that does, or "default". */
static char *name_source(const struct config *config, const struct policy *policy, enum reason reason)
{
    g_autofree char *section = policy->stream != NULL ? g_strdup_printf("policy %s", policy->stream) : NULL;
    const char *header = section != NULL ? section : "policy";
    const struct setting *own = settings_find(config->settings, header, reason_names[reason]);
    const struct setting *preset = settings_find(config->settings, header, "preset");

    if (own != NULL && own->line > 0)
        return g_strdup_printf("%s:%u", config->file, own->line);
    if (preset != NULL && preset->line > 0)
        return g_strdup_printf("%s:%u: %s", config->file, preset->line, preset_names[policy->preset]);
    return g_strdup("default");
}

static void show_reason(const struct config *config, const struct policy *policy, enum reason reason,
                        const struct output *output, struct table *table)
{
    const struct policy_row *what = policy_row_of(policy, reason);
    g_autofree char *row = policy_row_format(what);
    g_autofree char *meaning = what->count > 0 ? effect_policy(row) : g_strdup("");
    g_autofree char *from = name_source(config, policy, reason);
    const char *words = strstr(meaning, ": ");
    enum entry_scope_kind kind = policy_scope_kind(policy, reason_row(reason)->verdict);
    const char *scope = what->count > 0 ? entry_scope_kind_names[kind] : "";
    const char *cells[] = {
        reason_names[reason], row, words != NULL ? words + 2 : "", party_names[reason_row(reason)->party], from, scope};

    print_row(output, table, cells);
}

static int show(struct context *context, const struct policy_options *options)
{
    const struct config *config = context->config;
    const struct policy *policy = policy_for(config->policies, options->selection.stream);
    g_autoptr(Table) table = context->output.json ? NULL : table_new(&context->output, columns, NULL);

    for (enum reason reason = REASON_NONE + 1; reason < REASON_COUNT; reason++) {
        if (reason != REASON_DELIVERED && reason != REASON_AUTO_REPLY)
            show_reason(config, policy, reason, &context->output, table);
    }
    return EX_OK;
}

/* backtest without --since would be about events from before there was a policy to compare with. */
static int backtest(struct context *context, const struct policy_options *options, GError **error)
{
    const struct store_filter filter = selection_filter(&options->selection);

    if (filter.since == 0 || filter.stream != NULL) {
        subcommand_usage_error(error, "policy: backtest: expected --since TIME, and no --stream");
        return EX_USAGE;
    }
    if (selection_store(context, STORE_MODE_READ, &options->selection, error) == NULL)
        return EX_IOERR;
    return policy_backtest(context, &filter, options->all, error);
}

static int run(struct context *context, const struct policy_options *options, char **arguments, GError **error)
{
    bool alone = arguments[1] == NULL;

    if (strcmp(arguments[0], "show") == 0 && alone)
        return show(context, options);
    if (strcmp(arguments[0], "try") == 0 && !alone)
        return policy_try(context, arguments[1], options->selection.stream, error);
    if (strcmp(arguments[0], "backtest") == 0 && alone)
        return backtest(context, options, error);
    subcommand_usage_error(error, "policy: expected show, try FILE or backtest, not '%s'", arguments[0]);
    return EX_USAGE;
}

static int policy(struct context *context, const void *given, char **arguments, GError **error)
{
    const struct policy_options *options = given;
    const struct config *config = context_config(context, error);

    if (config == NULL)
        return EX_CONFIG;
    if (options->selection.stream != NULL && !selection_names_stream(config, options->selection.stream)) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_USAGE,
                    "policy: --stream: no [return-path] and no [feedback] of the config has the stream '%s'",
                    options->selection.stream);
        return EX_USAGE;
    }
    return run(context, options, arguments, error);
}

static const struct option_row rows[] = {
    {"stream", 's', OPTION_TEXT, offsetof(struct selection, stream), "NAME",
     "of this sending stream; default: of those without a policy of their own. Of try: that of events that name none",
     NULL},
    {"since", 0, OPTION_MOMENT, offsetof(struct selection, since), "TIME",
     "of backtest: events from then on: 2026-11-22, RFC 3339, today, or 7d (ago)", NULL},
    {"until", 0, OPTION_MOMENT, offsetof(struct selection, until), "TIME", "of backtest: events before then", NULL},
    {"all", 'a', OPTION_FLAG, offsetof(struct policy_options, all), NULL,
     "of backtest: every address, and not only how many for each reason", NULL},
    {0},
};

const struct subcommand subcommand_policy = {
    .name = "policy",
    .arguments = "show | try FILE | backtest",
    .summary = "Print which failures suppress an address, and what would come of events",
    .details =
        "try reads events from FILE, - for standard input: a JSON object a line, as `events --json` prints them,\n"
        "of which occurred, recipient, kind and reason suffice. It changes nothing.\n"
        "A hard reason with a 4.x.x status counts as \"5 in 30d, for 90d\" where its row is 1, and so does a\n"
        "failure where mail was forwarded to. FROM is the file and the line of the config, or default.\n",
    .examples = "  bouncectl policy show\n"
                "  bouncectl policy show --stream newsletter\n"
                "  bouncectl events --recipient user@example.org --json | bouncectl policy try -\n"
                "  bouncectl policy backtest --since 90d\n",
    .min_arguments = 1,
    .max_arguments = 2,
    .options = rows,
    .options_size = sizeof(struct policy_options),
    .columns = columns,
    .paged = true,
    .run = policy,
};
