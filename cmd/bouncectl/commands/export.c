#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/selection.h"
#include "reports/change_export.h"
#include "reports/export.h"
#include "reports/formats/replacement.h"
#include "reports/moment.h"

struct export_options {
    struct selection selection;
    struct store_asker asker;
    bool all_scopes;
    unsigned format;
    char *output;
    char *since;
    char *cursor;
};

/* An export under way. */
struct work {
    const struct export_options *options;
    struct context *context;
    struct export_settings settings;
    struct store_filter filter;
    bool follows;                 /* changes since a cursor are written, and not the list */
    struct store_position since;  /* of that */
    struct store_position cursor; /* to go on from */
};

static bool to_file(const struct export_options *options)
{
    return options->output != NULL && strcmp(options->output, "-") != 0;
}

/* Nobody would get any more what is left out by these. */
static bool usable_cursor(const struct work *work, GError **error)
{
    const struct export_options *options = work->options;
    enum export_format format = work->settings.format;

    if (options->cursor != NULL && options->selection.limit != 0)
        subcommand_usage_error(error, "export: --cursor goes without --limit");
    else if (work->follows && (options->selection.limit != 0 || options->selection.state != 0))
        subcommand_usage_error(error, "export: --since CURSOR goes without --state and --limit");
    else if (work->follows && format != EXPORT_CSV && format != EXPORT_JSON)
        subcommand_usage_error(error, "export: --since CURSOR goes without --format %s", export_format_names[format]);
    else
        return true;
    return false;
}

static bool usable(const struct work *work, GError **error)
{
    const struct export_options *options = work->options;
    enum export_format format = options->format > 0 ? options->format - 1 : EXPORT_CSV;
    bool json = work->context->output.json;

    if (json && options->format > 0 && format != EXPORT_JSON)
        subcommand_usage_error(error, "export: --json and --format %s exclude each other", export_format_names[format]);
    else if (options->all_scopes && (options->asker.stream != NULL || options->asker.tenant != NULL))
        subcommand_usage_error(error, "export: --all-scopes goes without --stream and --tenant");
    else if (!export_streams(work->settings.format) && !to_file(options))
        subcommand_usage_error(error, "export: --format %s needs --output FILE", export_format_names[format]);
    else
        return usable_cursor(work, error);
    return false;
}

/* It is a cursor, or a time. */
static bool read_since(struct work *work, GError **error)
{
    const char *since = work->options->since;
    g_autoptr(GError) bad = NULL;

    if (since == NULL)
        return true;
    work->follows = store_position_parse(since, &work->since);
    if (work->follows || moment_parse(since, work->context->now, &work->filter.since, &bad))
        return true;
    subcommand_usage_error(error, "export: --since: %s", bad->message);
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

/* One that goes to a file, or is gone on from, is of one moment. To a pipe it would hold the write-ahead log up for as
 * long as that stands still. */
static bool write_list(struct work *work, GError **error)
{
    const struct export_options *options = work->options;
    g_autoptr(StorePages) pages = store_pages(work->context->store, &work->filter, work->context->now);
    struct export_count count;

    if ((to_file(options) || options->cursor != NULL) && !store_hold_pages(pages, &work->cursor, error))
        return false;
    bool good = to_file(options)
                    ? export_file(pages, &work->settings, options->output, &count, error)
                    : export_suppressions(pages, &work->settings, work->context->output.stream, &count, error);
    if (good)
        tell_left_out(&work->settings, &count);
    return good;
}

/* The tenant of the asker's stream is that of the config. */
static bool put_changes(struct work *work, FILE *out, GError **error)
{
    const struct store_tail_settings settings = {.filter = &work->filter, .changes = true, .position = &work->since};
    bool json = work->settings.format == EXPORT_JSON;
    struct store_asker asker = work->options->asker;
    struct store_position end;

    if (asker.stream != NULL && asker.tenant == NULL)
        asker.tenant = g_hash_table_lookup(work->context->config->tenants, asker.stream);
    if (!store_position_end(work->context->store, &end, error))
        return false;
    g_autoptr(StoreTail) tail = store_tail_new(work->context->store, &settings, error);
    if (tail == NULL || !change_export(tail, &end, work->options->all_scopes ? NULL : &asker,
                                       json ? CHANGE_EXPORT_JSON : CHANGE_EXPORT_CSV, out, error))
        return false;
    store_tail_position(tail, &work->cursor);
    return true;
}

static bool write_changes(struct work *work, GError **error)
{
    if (!to_file(work->options))
        return put_changes(work, work->context->output.stream, error);
    g_autoptr(Replacement) file = replacement_new(work->options->output, 0, 0, error);
    return file != NULL && put_changes(work, replacement_stream(file), error) && replacement_commit(file, error);
}

/* Last of all, so that nothing is missed when it fails before. */
static bool write_cursor(const struct work *work, GError **error)
{
    g_autoptr(Replacement) file = replacement_new(work->options->cursor, 0, 0, error);
    g_autofree char *text = store_position_format(&work->cursor);

    if (file == NULL)
        return false;
    fprintf(replacement_stream(file), "%s\n", text);
    return replacement_commit(file, error);
}

static int run(struct context *context, const void *data, char **arguments G_GNUC_UNUSED, GError **error)
{
    const struct export_options *options = data;
    struct work work = {.options = options, .context = context, .filter = filter_of(options)};

    work.settings.format = context->output.json ? EXPORT_JSON : options->format > 0 ? options->format - 1 : EXPORT_CSV;
    if (!read_since(&work, error) || !usable(&work, error))
        return EX_USAGE;
    struct selection selection = options->selection;
    selection.since = work.filter.since;
    if (selection_asking(context, STORE_MODE_READ, &options->asker, error) == NULL ||
        selection_store(context, STORE_MODE_READ, &selection, error) == NULL)
        return EX_IOERR;
    const struct config *config = context_config(context, error);
    if (config == NULL)
        return EX_CONFIG;
    work.settings.wording = config->lookup_text;
    bool good = work.follows ? write_changes(&work, error) : write_list(&work, error);
    return good && (options->cursor == NULL || write_cursor(&work, error)) ? EX_OK : EX_IOERR;
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
    {"since", 0, OPTION_TEXT, offsetof(struct export_options, since), "WHEN",
     "from then on: 2026-11-22, RFC 3339, today, or 7d (ago); or what changed since a cursor", NULL},
    SELECTION_UNTIL,
    SELECTION_LIMIT,
    {"cursor", 0, OPTION_TEXT, offsetof(struct export_options, cursor), "FILE",
     "write the cursor to go on from to FILE, once all is written", NULL},
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
        "With --output a reader of FILE sees the old list or the new one, never a part.\n"
        "With --cursor the list is that of one moment, and --since with what FILE holds gives the changes after it,\n"
        "in csv or json, in their order; each a row: what changed, and the entry as it is then.\n",
    .examples = "  bouncectl export --format text --output /srv/mailer/suppressed.txt\n"
                "  bouncectl export --format lmdb --output /etc/postfix/suppressed.lmdb\n"
                "  bouncectl export --stream newsletter --format text > newsletter.txt\n"
                "  bouncectl export --format csv --since 7d > new.csv\n"
                "  bouncectl export --output list.csv --cursor cursor\n"
                "  bouncectl export --since \"$(cat cursor)\" --output changes.csv --cursor cursor\n",
    .options = rows,
    .options_size = sizeof(struct export_options),
    .run = run,
};
