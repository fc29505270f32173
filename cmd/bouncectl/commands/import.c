#include "store/import.h"

#include <string.h>
#include <sysexits.h>

#include "cmd/batches/batch.h"
#include "cmd/batches/haul.h"
#include "cmd/bouncectl/bulk.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/commands/import_sums.h"
#include "cmd/bouncectl/files/rejects.h"
#include "cmd/bouncectl/selection.h"
#include "cmd/config/rule_files.h"
#include "cmd/files/spool.h"
#include "store/entry_key.h"
#include "store/reversal.h"

struct import_options {
    unsigned format;
    char *scope, *stream, *tenant;
    unsigned reason;
    gint64 until, lasting;
    char *note, *who, *batch, *rejects;
    bool dry_run;
    bool force;
};

/* One run. */
struct work {
    struct context *context;
    const struct import_options *options;
    struct haul_settings settings;
    struct grounds reason, kind;
    char *scope; /* of all entries; NULL: as the file says */
    struct haul *haul;
    struct rejects *rejects;
    GHashTable *streams, *tenants; /* those that the config names, to the scope of each */
};

/* --- reading and taking ------------------------------------------------------------------------------------------- */

static bool read_list(struct work *work, GError **error)
{
    enum roster_result result = ROSTER_RESULT_FAILED;

    work->haul = haul_new(&work->settings, error);
    while (work->haul != NULL && (result = haul_read(work->haul, error)) <= ROSTER_RESULT_REJECTED) {
        if (result == ROSTER_RESULT_REJECTED)
            rejects_add(work->rejects, haul_line(work->haul), haul_fault(work->haul), haul_text(work->haul));
    }
    if (result != ROSTER_RESULT_END)
        return false;
    g_autofree char *form = haul_form(work->haul);
    fprintf(stderr, "bouncectl: import: %s is read as %s\n", work->settings.list.name, form);
    return true;
}

static int take_all(struct work *work, struct store *store, const struct import_settings *settings, GError **error)
{
    g_autoptr(Import) import = import_new(store, settings);
    struct bulk *bulk = bulk_new_counted(work->context, "importing", haul_count(work->haul));
    bool good = true;

    while (good && bulk_begin(bulk, HAUL_AT_ONCE) > 0) {
        guint n;
        good = haul_take(work->haul, &n, error) && haul_put(work->haul, import, error) && bulk_rest(bulk, error);
    }
    return bulk_end(bulk, good ? EX_OK : EX_IOERR, error);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

/* An entry for a stream or a tenant that nobody knows would never apply. */
static bool check_scope(const struct work *work, GError **error)
{
    struct entry_scope scope;

    if (work->options->force || !entry_scope_parse(work->scope, &scope) || scope.kind == ENTRY_SCOPE_ALL)
        return true;
    if (scope.kind == ENTRY_SCOPE_STREAM)
        return selection_check_stream(work->context, scope.name, error);
    if (g_hash_table_contains(work->tenants, scope.name))
        return true;
    subcommand_usage_error(error, "import: --tenant: the config does not name the tenant '%s'; --force overrules that",
                           scope.name);
    return false;
}

/* A name that is taken would have two works undone as one. */
static bool check_name(const struct work *work, struct store *store, GError **error)
{
    const char *batch = work->options->batch;
    bool named = false;

    if (batch == NULL || work->options->dry_run)
        return true;
    if (!reversal_named(store, batch, &named, error))
        return false;
    if (named)
        subcommand_usage_error(
            error,
            "import: --batch: there is a batch '%s' already; expected another name, or none, also for"
            " the rest of a run that was broken off",
            batch);
    return !named;
}

static int carry_out(struct work *work, const struct import_settings *settings, GError **error)
{
    struct store *store = NULL;
    bool dry = work->options->dry_run;
    GError *bad = NULL;

    if (!read_list(work, error) || !rejects_commit(work->rejects, error))
        return EX_DATAERR;
    store = context_store(work->context, dry ? STORE_MODE_READ : STORE_MODE_WRITE, &bad);
    /* It is a fair question before there is a database. */
    if (dry && g_error_matches(bad, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_clear_error(&bad);
    if (bad != NULL) {
        g_propagate_error(error, bad);
        return EX_IOERR;
    }
    if (!check_scope(work, error) || !check_name(work, store, error))
        return EX_USAGE;
    int status = take_all(work, store, settings, error);
    if (*error != NULL)
        return status;
    const struct haul_sums *sums = haul_sums(work->haul);
    import_sums_print(sums, &work->context->output, settings->batch);
    return status == EX_OK && sums->rejected > 0 ? EX_DATAERR : status;
}

static bool set_scope(struct work *work, GError **error)
{
    const struct import_options *options = work->options;
    struct entry_scope scope;

    if ((options->scope != NULL) + (options->stream != NULL) + (options->tenant != NULL) > 1) {
        subcommand_usage_error(error, "import: expected one of --scope, --stream and --tenant");
        return false;
    }
    if (options->stream != NULL)
        work->scope = g_strconcat("stream=", options->stream, NULL);
    else if (options->tenant != NULL)
        work->scope = g_strconcat("tenant=", options->tenant, NULL);
    else
        work->scope = g_strdup(options->scope);
    if (!entry_scope_parse(work->scope, &scope)) {
        subcommand_usage_error(error, "import: '%s' is no scope; expected all, tenant=NAME or stream=NAME",
                               work->scope);
        return false;
    }
    return true;
}

static bool check_batch(const char *batch, GError **error)
{
    if (batch == NULL || batch_name_is_good(batch))
        return true;
    subcommand_usage_error(error, "import: --batch: expected 1 to 64 letters, digits, '-', '_' and '.'");
    return false;
}

static bool set_reason(struct work *work, GError **error)
{
    enum reason reason = work->options->reason - 1;

    if (work->options->reason == 0)
        return true;
    if (!grounds_of_reason(reason, &work->reason)) {
        subcommand_usage_error(error, "import: --reason: %s says nothing about an address", reason_names[reason]);
        return false;
    }
    work->settings.list.rules.reason = &work->reason;
    return true;
}

static bool set_up(struct work *work, GError **error)
{
    const struct import_options *options = work->options;
    struct entry_rules *rules = &work->settings.list.rules;
    gint64 now = work->context->now;

    if (options->until != 0 && options->lasting != 0) {
        subcommand_usage_error(error, "import: expected one of --until and --for");
        return false;
    }
    if (options->until != 0 && options->until <= now) {
        subcommand_usage_error(error, "import: --until: expected a time to come");
        return false;
    }
    rules->now = now;
    rules->until = options->lasting != 0 ? now + options->lasting : options->until;
    rules->note = options->note;
    return set_reason(work, error) && set_scope(work, error) && check_batch(options->batch, error);
}

static int import_file(struct work *work, const char *path, GError **error)
{
    const struct import_options *options = work->options;
    const struct config *config = context_config(work->context, error);
    g_autoptr(Classifier) classifier = config != NULL ? rule_files_classifier(config, error) : NULL;
    g_autoptr(Spool) spool = classifier != NULL ? spool_new(path, error) : NULL;
    g_autofree char *who = context_who(options->who);
    g_autofree char *batch = options->batch != NULL ? g_strdup(options->batch) : batch_name(work->context->now);
    g_autofree char *name = g_path_get_basename(path);

    if (spool == NULL)
        return EX_IOERR;
    work->settings.list.path = spool_path(spool);
    work->settings.list.name = strcmp(path, "-") == 0 ? "standard input" : path;
    work->settings.list.format = options->format;
    work->settings.list.rules.classifier = classifier;
    work->settings.list.rules.policies = config->policies;
    work->settings.list.rules.known = spool_written(spool, work->context->now);
    work->settings.list.rules.kind = grounds_of_name(name, &work->kind) ? &work->kind : NULL;
    work->settings.list.rules.scope = work->scope;
    work->settings.list.rules.who = who;
    work->settings.list.rules.door = STORE_DOOR_IMPORT;
    work->streams = haul_streams(config->return_paths);
    work->tenants = haul_tenants(config->return_paths);
    work->settings.list.rules.streams = work->streams;
    work->settings.list.rules.tenants = work->tenants;
    work->settings.list.rules.any_scope = options->force;
    work->settings.dry_run = options->dry_run;
    work->rejects = rejects_new(work->settings.list.name, options->rejects, error);
    if (work->rejects == NULL)
        return EX_CANTCREAT;
    const struct import_settings settings = {.who = who,
                                             .door = STORE_DOOR_IMPORT,
                                             .note = options->note,
                                             .batch = options->dry_run ? NULL : batch,
                                             .now = work->context->now,
                                             .known = work->settings.list.rules.known};
    return carry_out(work, &settings, error);
}

static int run(struct context *context, const void *data, char **arguments, GError **error)
{
    struct work work = {.context = context, .options = data};
    int status = set_up(&work, error) ? import_file(&work, arguments[0], error) : EX_USAGE;

    haul_free(work.haul);
    rejects_free(work.rejects);
    g_clear_pointer(&work.streams, g_hash_table_unref);
    g_clear_pointer(&work.tenants, g_hash_table_unref);
    g_free(work.scope);
    return status;
}

static const struct option_row rows[] = {
    {"format", 'f', OPTION_CHOICE, offsetof(struct import_options, format), "FORMAT",
     "the format of FILE; default: as it looks", export_format_names},
    {"dry-run", 0, OPTION_FLAG, offsetof(struct import_options, dry_run), NULL, "tell what would come of it", NULL},
    {"rejects", 0, OPTION_TEXT, offsetof(struct import_options, rejects), "FILE",
     "keep the rows that are not taken in FILE, with the reason of each", NULL},
    {"scope", 0, OPTION_TEXT, offsetof(struct import_options, scope), "SCOPE",
     "for which mail all of them hold: all, tenant=NAME or stream=NAME", NULL},
    {"stream", 's', OPTION_TEXT, offsetof(struct import_options, stream), "NAME", "for that of this stream alone",
     NULL},
    {"tenant", 0, OPTION_TEXT, offsetof(struct import_options, tenant), "NAME", "for that of this tenant alone", NULL},
    {"reason", 'r', OPTION_CHOICE, offsetof(struct import_options, reason), "REASON",
     "the reason of all of them, whatever FILE says", reason_names},
    {"until", 0, OPTION_MOMENT, offsetof(struct import_options, until), "TIME",
     "until then; default: as FILE says, or for good", NULL},
    {"for", 0, OPTION_SPAN, offsetof(struct import_options, lasting), "SPAN", "for so long, as in 90d", NULL},
    {"force", 0, OPTION_FLAG, offsetof(struct import_options, force), NULL,
     "for streams and tenants that the config does not name, too", NULL},
    {"note", 0, OPTION_LINE, offsetof(struct import_options, note), "TEXT", "why, for those who look later", NULL},
    {"who", 0, OPTION_LINE, offsetof(struct import_options, who), "NAME", "who does it; default: the login name", NULL},
    {"batch", 0, OPTION_TEXT, offsetof(struct import_options, batch), "NAME",
     "the name of the work in the log; default: one is made and printed", NULL},
    {0},
};

const struct subcommand subcommand_import = {
    .name = "import",
    .arguments = "FILE|-",
    .summary = "Put the list of another sender, or of a provider, on the suppression list",
    .details = "FILE is CSV, JSON or text, perhaps compressed: the export of a provider, or `bouncectl export`. Rows "
               "that are not\n"
               "understood, or whose failure was not the address's fault, are rejected and told; the exit status is "
               "then 65, and\n"
               "all others are taken. A file whose structure is broken changes nothing. No entry becomes shorter or "
               "weaker, and\n"
               "none comes back that somebody removed since. A run that was broken off may be repeated.\n",
    .examples = "  bouncectl import bounces.csv --dry-run\n"
                "  bouncectl import suppressions.json --rejects rejected.csv --note 'from our old provider'\n"
                "  bouncectl import unsubscribes.csv --reason unsubscribe --stream newsletter\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .options = rows,
    .options_size = sizeof(struct import_options),
    .run = run,
};
