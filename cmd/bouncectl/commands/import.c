#include "store/import.h"

#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/bulk.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/commands/import_sums.h"
#include "cmd/bouncectl/files/rejects.h"
#include "cmd/bouncectl/files/spool.h"
#include "cmd/bouncectl/selection.h"
#include "cmd/config/rule_files.h"
#include "cmd/lists/pile.h"
#include "cmd/lists/roster.h"
#include "store/entry_key.h"

enum { AT_ONCE = 1000 }; /* entries in one transaction */

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
struct haul {
    struct context *context;
    const struct import_options *options;
    struct roster_settings settings;
    struct grounds reason, kind;
    char *scope; /* of all entries; NULL: as the file says */
    struct pile *pile;
    struct rejects *rejects;
    GHashTable *streams; /* those that the config names, to the scope of each */
    GHashTable *tenants; /* likewise */
    struct import_sums sums;
};

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Puts the whole file on the pile. */
static bool read_list(struct haul *haul, GError **error)
{
    g_autoptr(Roster) roster = roster_open(&haul->settings, error);
    enum roster_result result = ROSTER_RESULT_FAILED;
    struct entry entry;
    bool good = true;

    while (good && roster != NULL && (result = roster_next(roster, &entry, error)) <= ROSTER_RESULT_REJECTED) {
        if (result == ROSTER_RESULT_ENTRY) {
            haul->sums.unknown += entry.unplaced;
            good = pile_add(haul->pile, &entry.row, error);
        } else {
            rejects_add(haul->rejects, roster_line(roster), roster_fault(roster), roster_text(roster));
        }
    }
    if (!good || result != ROSTER_RESULT_END)
        return false;
    g_autofree char *form = roster_form(roster);
    fprintf(stderr, "bouncectl: import: %s is read as %s\n", haul->settings.name, form);
    return true;
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

static void count(struct haul *haul, const struct pile_entries *taken, const enum import_outcome *outcomes)
{
    for (guint i = 0; i < taken->n; i++) {
        bool changed = !haul->options->dry_run && (outcomes[i] == IMPORT_ADDED || outcomes[i] == IMPORT_CHANGED);

        if (taken->again[i] && !changed)
            haul->sums.duplicates++;
        else
            haul->sums.outcomes[outcomes[i]]++;
    }
}

static bool take_some(struct haul *haul, struct import *import, guint n, GError **error)
{
    enum import_outcome outcomes[AT_ONCE];
    struct pile_entries taken;

    if (!pile_take(haul->pile, n, &taken, error) || !import_take(import, taken.entries, taken.n, outcomes, error))
        return false;
    count(haul, &taken, outcomes);
    return true;
}

static int take_all(struct haul *haul, struct store *store, const struct import_settings *settings, GError **error)
{
    g_autoptr(Import) import = import_new(store, settings);
    struct bulk *bulk = bulk_new_counted(haul->context, "importing", pile_count(haul->pile));
    bool good = true;

    for (guint n = bulk_begin(bulk, AT_ONCE); good && n > 0; n = good ? bulk_begin(bulk, AT_ONCE) : 0)
        good = take_some(haul, import, n, error) && bulk_rest(bulk, error);
    return bulk_end(bulk, good ? EX_OK : EX_IOERR, error);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

/* An entry for a stream or a tenant that nobody knows would never apply. */
static bool check_scope(const struct haul *haul, GError **error)
{
    struct entry_scope scope;

    if (haul->options->force || !entry_scope_parse(haul->scope, &scope) || scope.kind == ENTRY_SCOPE_ALL)
        return true;
    if (scope.kind == ENTRY_SCOPE_STREAM)
        return selection_check_stream(haul->context, scope.name, error);
    if (g_hash_table_contains(haul->tenants, scope.name))
        return true;
    subcommand_usage_error(error, "import: --tenant: the config does not name the tenant '%s'; --force overrules that",
                           scope.name);
    return false;
}

static int carry_out(struct haul *haul, const struct import_settings *settings, GError **error)
{
    struct store *store = NULL;
    bool dry = haul->options->dry_run;
    GError *bad = NULL;

    if (!read_list(haul, error) || !rejects_commit(haul->rejects, error))
        return EX_DATAERR;
    store = context_store(haul->context, dry ? STORE_MODE_READ : STORE_MODE_WRITE, &bad);
    /* It is a fair question before there is a database. */
    if (dry && g_error_matches(bad, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_clear_error(&bad);
    if (bad != NULL) {
        g_propagate_error(error, bad);
        return EX_IOERR;
    }
    if (!check_scope(haul, error))
        return EX_USAGE;
    int status = take_all(haul, store, settings, error);
    if (*error != NULL)
        return status;
    haul->sums.rejected = rejects_count(haul->rejects);
    import_sums_print(&haul->sums, &haul->context->output, settings->batch);
    return status == EX_OK && haul->sums.rejected > 0 ? EX_DATAERR : status;
}

static bool set_scope(struct haul *haul, GError **error)
{
    const struct import_options *options = haul->options;
    struct entry_scope scope;

    if ((options->scope != NULL) + (options->stream != NULL) + (options->tenant != NULL) > 1) {
        subcommand_usage_error(error, "import: expected one of --scope, --stream and --tenant");
        return false;
    }
    if (options->stream != NULL)
        haul->scope = g_strconcat("stream=", options->stream, NULL);
    else if (options->tenant != NULL)
        haul->scope = g_strconcat("tenant=", options->tenant, NULL);
    else
        haul->scope = g_strdup(options->scope);
    if (!entry_scope_parse(haul->scope, &scope)) {
        subcommand_usage_error(error, "import: '%s' is no scope; expected all, tenant=NAME or stream=NAME",
                               haul->scope);
        return false;
    }
    return true;
}

/* A batch is named in commands and messages. */
static bool check_batch(const char *batch, GError **error)
{
    size_t length = batch != NULL ? strspn(batch, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "-_.") : 1;

    if (length > 0 && length <= 64 && (batch == NULL || batch[length] == '\0'))
        return true;
    subcommand_usage_error(error, "import: --batch: expected 1 to 64 letters, digits, '-', '_' and '.'");
    return false;
}

static bool set_reason(struct haul *haul, GError **error)
{
    enum reason reason = haul->options->reason - 1;

    if (haul->options->reason == 0)
        return true;
    if (!reason_may_suppress(reason) && reason != REASON_PROVIDER_SUPPRESSED) {
        subcommand_usage_error(error, "import: --reason: %s says nothing about an address", reason_names[reason]);
        return false;
    }
    haul->reason = (struct grounds){reason, reason_row(reason)->verdict, false};
    haul->settings.rules.reason = &haul->reason;
    return true;
}

static bool set_up(struct haul *haul, GError **error)
{
    const struct import_options *options = haul->options;
    struct entry_rules *rules = &haul->settings.rules;
    gint64 now = haul->context->now;

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
    return set_reason(haul, error) && set_scope(haul, error) && check_batch(options->batch, error);
}

static void add_scope(GHashTable *scopes, enum entry_scope_kind kind, const char *name)
{
    const struct entry_scope scope = {kind, name};

    if (name != NULL)
        g_hash_table_insert(scopes, g_strdup(name), entry_scope_format(&scope));
}

static void find_scopes(struct haul *haul, const struct config *config)
{
    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];

        add_scope(haul->streams, ENTRY_SCOPE_STREAM, path->stream);
        add_scope(haul->tenants, ENTRY_SCOPE_TENANT, path->tenant);
    }
}

static int import_file(struct haul *haul, const char *path, GError **error)
{
    const struct import_options *options = haul->options;
    const struct config *config = context_config(haul->context, error);
    g_autoptr(Classifier) classifier = config != NULL ? rule_files_classifier(config, error) : NULL;
    g_autoptr(Spool) spool = classifier != NULL ? spool_new(path, error) : NULL;
    g_autofree char *who = context_who(options->who);
    g_autofree char *batch = options->batch != NULL ? g_strdup(options->batch) : bulk_name(haul->context->now);
    g_autofree char *name = g_path_get_basename(path);

    if (spool == NULL)
        return EX_IOERR;
    haul->settings.path = spool_path(spool);
    haul->settings.name = strcmp(path, "-") == 0 ? "standard input" : path;
    haul->settings.format = options->format;
    haul->settings.rules.classifier = classifier;
    haul->settings.rules.policies = config->policies;
    haul->settings.rules.streams = haul->streams;
    haul->settings.rules.tenants = haul->tenants;
    haul->settings.rules.any_scope = options->force;
    haul->settings.rules.known = spool_written(spool, haul->context->now);
    haul->settings.rules.kind = grounds_of_name(name, &haul->kind) ? &haul->kind : NULL;
    haul->settings.rules.scope = haul->scope;
    haul->settings.rules.who = who;
    find_scopes(haul, config);
    haul->rejects = rejects_new(haul->settings.name, options->rejects, error);
    if (haul->rejects == NULL)
        return EX_CANTCREAT;
    const struct import_settings settings = {.who = who,
                                             .note = options->note,
                                             .batch = options->dry_run ? NULL : batch,
                                             .now = haul->context->now,
                                             .known = haul->settings.rules.known};
    return carry_out(haul, &settings, error);
}

static int run(struct context *context, const void *data, char **arguments, GError **error)
{
    struct haul haul = {.context = context, .options = data};
    int status = EX_USAGE;

    if (set_up(&haul, error)) {
        haul.pile = pile_new();
        haul.streams = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        haul.tenants = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        status = import_file(&haul, arguments[0], error);
        pile_free(haul.pile);
        rejects_free(haul.rejects);
        g_hash_table_unref(haul.streams);
        g_hash_table_unref(haul.tenants);
    }
    g_free(haul.scope);
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
