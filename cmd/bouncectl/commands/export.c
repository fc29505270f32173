#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/selection.h"
#include "reports/export.h"

struct export_options {
    struct selection selection;
    struct store_asker asker;
    bool all_scopes;
    unsigned format;
    char *output;
};

static bool to_file(const struct export_options *options)
{
    return options->output != NULL && strcmp(options->output, "-") != 0;
}

static bool usable(const struct export_options *options, enum export_format format, bool json, GError **error)
{
    if (json && options->format > 0 && format != EXPORT_JSON)
        subcommand_usage_error(error, "export: --json and --format %s exclude each other", export_format_names[format]);
    else if (options->all_scopes && (options->asker.stream != NULL || options->asker.tenant != NULL))
        subcommand_usage_error(error, "export: --all-scopes goes without --stream and --tenant");
    else if (!export_streams(json ? EXPORT_JSON : format) && !to_file(options))
        subcommand_usage_error(error, "export: --format %s needs --output FILE", export_format_names[format]);
    else
        return true;
    return false;
}

/* Without --all-scopes only what is in force is written, and only for those whom the options name. */
static struct store_filter filter_of(const struct export_options *options)
{
    struct store_filter filter = selection_filter(&options->selection);

    filter.asker = options->all_scopes ? NULL : &options->asker;
    if (!options->all_scopes && filter.state == STORE_STATE_ANY)
        filter.state = STORE_STATE_ACTIVE;
    return filter;
}

/* The file is without what the format has no form for: whoever made it is told. */
static void tell_left_out(const struct export_settings *settings, const struct export_count *count)
{
    if (count->left_out > 0)
        fprintf(stderr, "bouncectl: export: %" G_GUINT64_FORMAT " left out, for which %s has no form\n",
                count->left_out, export_format_names[settings->format]);
}

static bool write_list(struct context *context, const struct export_options *options,
                       const struct export_settings *settings, GError **error)
{
    const struct store_filter filter = filter_of(options);
    struct store *store = selection_store(context, STORE_MODE_READ, &options->selection, error);
    g_autoptr(StorePages) pages = store != NULL ? store_pages(store, &filter, context->now) : NULL;
    struct export_count count;

    if (pages == NULL)
        return false;
    bool good = to_file(options) ? export_file(pages, settings, options->output, &count, error)
                                 : export_suppressions(pages, settings, context->output.stream, &count, error);
    if (good)
        tell_left_out(settings, &count);
    return good;
}

static int run(struct context *context, const void *data, char **arguments G_GNUC_UNUSED, GError **error)
{
    const struct export_options *options = data;
    enum export_format format = options->format > 0 ? options->format - 1 : EXPORT_CSV;

    if (!usable(options, format, context->output.json, error))
        return EX_USAGE;
    if (selection_asking(context, STORE_MODE_READ, &options->asker, error) == NULL)
        return EX_IOERR;
    const struct config *config = context_config(context, error);
    if (config == NULL)
        return EX_CONFIG;
    const struct export_settings settings = {
        .format = context->output.json ? EXPORT_JSON : format,
        .wording = config->lookup_text,
    };
    return write_list(context, options, &settings, error) ? EX_OK : EX_IOERR;
}

static const struct option_row rows[] = {
    {"format", 'f', OPTION_CHOICE, offsetof(struct export_options, format), "FORMAT", "the format",
     export_format_names},
    {"output", 'o', OPTION_TEXT, offsetof(struct export_options, output), "FILE",
     "replace FILE, all at once; - is standard output", NULL},
    SELECTION_BY_REPORT,
    SELECTION_FOR_STREAM(offsetof(struct export_options, asker.stream)),
    SELECTION_FOR_TENANT(offsetof(struct export_options, asker.tenant)),
    {"all-scopes", 0, OPTION_FLAG, offsetof(struct export_options, all_scopes), NULL,
     "every entry, held ones too, whatever its scope", NULL},
    SELECTION_STATE,
    SELECTION_DOOR,
    SELECTION_BATCH,
    SELECTION_SINCE,
    SELECTION_UNTIL,
    SELECTION_LIMIT,
    {0},
};

const struct subcommand subcommand_export = {
    .name = "export",
    .arguments = "",
    .summary = "Write the suppression list for a sender, or as a map for its mail server",
    .details =
        "csv (the default) is RFC 4180 with a header line, json an object a line, text an address a line.\n"
        "cdb and lmdb are read by Postfix and Exim as they are, texthash by Postfix; opensmtpd is a table of that,\n"
        "rspamd a map of multimap, sqlite a database of one table. See bouncectl(1) for what each has of domains.\n"
        "Without --stream, --tenant and --all-scopes it has what is in force for all mail.\n"
        "With --output a reader of FILE sees the old list or the new one, never a part.\n",
    .examples = "  bouncectl export --format text --output /srv/mailer/suppressed.txt\n"
                "  bouncectl export --format lmdb --output /etc/postfix/suppressed.lmdb\n"
                "  bouncectl export --stream newsletter --format text > newsletter.txt\n"
                "  bouncectl export --format csv --since 7d > new.csv\n",
    .options = rows,
    .options_size = sizeof(struct export_options),
    .run = run,
};
