#include <sysexits.h>

#include "cmd/batches/batch.h"
#include "cmd/bouncectl/bulk.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/listing.h"
#include "cmd/bouncectl/files/addresses.h"
#include "cmd/bouncectl/selection.h"
#include "reports/json.h"
#include "reports/readable.h"
#include "reports/story/remedy.h"
#include "store/entry_key.h"

enum { PAGE = 1000 };    /* entries that are read at once */
enum { NOT_LISTED = 1 }; /* exit status, also when nothing is selected */

struct remove_options {
    struct selection selection;
    char *tenant;
    char *like;
    char *note;
    char *who;
    char *file;
    bool dry_run;
};

struct removal {
    struct context *context;
    struct store *store;
    const struct remove_options *options;
    char *who;
    char *batch;     /* NULL: a single entry goes */
    bool lines;      /* a line each */
    guint64 removed; /* or with --dry-run: shown */
    guint64 missing; /* that were not on the list */
    guint64 covered; /* addresses whose mail another entry stops yet */
};

static bool names_addresses(const struct remove_options *options, char *const *arguments)
{
    return *arguments != NULL || options->file != NULL;
}

/* With addresses, the stream is that of their entries. */
static bool selects(const struct remove_options *options, char *const *arguments)
{
    struct selection selection = options->selection;

    if (names_addresses(options, arguments))
        selection.stream = NULL;
    return options->like != NULL || selection_given(&selection);
}

/* On standard error, how to lift what holds yet. */
static void say_rest(const char *address, const struct store_answer *rest)
{
    g_autofree char *shown = readable_dup(address);

    for (guint i = 0; i < rest->n; i++) {
        if (rest->entries[i].wave != 0)
            continue;
        g_autofree char *subject = readable_dup(rest->entries[i].subject);
        g_autofree char *remedy = remedy_of_entry(&rest->entries[i]);
        fprintf(stderr, "bouncectl: %s is still suppressed by the entry of %s for %s: %s\n", shown, subject,
                rest->entries[i].scope, remedy);
    }
    for (guint i = 0; i < rest->n_closed; i++)
        fprintf(stderr, "bouncectl: %s is still suppressed for %s; bouncectl explain tells why\n", shown,
                rest->closed[i]);
}

static void append_rest(GString *line, const struct store_answer *rest)
{
    g_string_append_printf(line, ",\"suppressed\":%s,\"entries\":[", rest->suppressed ? "true" : "false");
    for (guint i = 0; i < rest->n; i++) {
        g_string_append(line, i > 0 ? "," : "");
        json_suppression(line, &rest->entries[i]);
    }
    g_string_append(line, "],\"closed\":[");
    for (guint i = 0; i < rest->n_closed; i++) {
        g_string_append(line, i > 0 ? "," : "");
        json_text(line, rest->closed[i]);
    }
    g_string_append_c(line, ']');
}

/* `rest` is what holds yet. */
static void say(const struct context *context, const char *subject, bool removed, const struct store_answer *rest)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (context->output.json) {
        g_string_append(line, "{\"recipient\":");
        json_text(line, subject);
        g_string_append_printf(line, ",\"removed\":%s", removed ? "true" : "false");
        append_rest(line, rest);
        g_string_append_c(line, '}');
    } else {
        g_string_append_printf(line, "%s: %s", subject, removed ? "removed" : "was not on the list");
    }
    output_line(&context->output, line);
    if (!context->output.json)
        say_rest(subject, rest);
}

/* The entries that stop mail to an address yet of that which the entry stopped; nothing is asked of a domain. */
static bool find_rest(struct removal *removal, const char *subject, const char *scope, struct store_answer *rest,
                      GError **error)
{
    struct entry_scope parsed;

    *rest = (struct store_answer){0};
    if (entry_subject_kind(subject) != ENTRY_SUBJECT_ADDRESS || !entry_scope_parse(scope, &parsed))
        return true;
    const struct store_asker asker = {
        .stream = parsed.kind == ENTRY_SCOPE_STREAM ? parsed.name : NULL,
        .tenant = parsed.kind == ENTRY_SCOPE_TENANT ? parsed.name : NULL,
    };
    return store_look_up(removal->store, subject, &asker, removal->context->now, rest, error);
}

/* In the batch, those that were on the list. */
static bool tell(struct removal *removal, const struct store_batch *batch, GError **error)
{
    struct store_answer rest;
    bool good = store_freeze(removal->store, error);

    for (guint i = 0; good && i < batch->n; i++) {
        removal->removed += batch->changed[i];
        removal->missing += !batch->changed[i];
        good = find_rest(removal, batch->subjects[i], batch->order.scope, &rest, error);
        removal->covered += good && rest.suppressed;
        if (good && removal->lines)
            say(removal->context, batch->subjects[i], batch->changed[i], &rest);
    }
    store_thaw(removal->store);
    return good;
}

static int remove_all(struct removal *removal, const char *scope, const GPtrArray *addresses, GError **error)
{
    struct bulk *bulk = bulk_new(removal->context, "removing", addresses);
    g_autofree bool *changed = g_new0(bool, addresses->len);
    struct store_batch batch = {
        .order = {.who = removal->who,
                  .note = removal->options->note,
                  .now = removal->context->now,
                  .scope = scope,
                  .batch = removal->batch},
        .changed = changed,
    };
    bool good = true;

    while (good && (batch.subjects = bulk_next(bulk, &batch.n)) != NULL) {
        good = store_unsuppress_all(removal->store, &batch, error) && tell(removal, &batch, error) &&
               bulk_rest(bulk, error);
    }
    int status = bulk_end(bulk, EX_OK, error);
    return status;
}

/* On standard error, since standard output has the entries. */
static void say_count(const struct removal *removal)
{
    guint64 count = removal->removed;

    if (count == 0 && removal->missing == 0)
        fprintf(stderr, "bouncectl: no entry matches\n");
    else
        fprintf(stderr, "bouncectl: %" G_GUINT64_FORMAT " %s %s\n", count, count == 1 ? "entry" : "entries",
                removal->options->dry_run ? "would be removed" : "removed");
    if (removal->missing > 0)
        fprintf(stderr, "bouncectl: %" G_GUINT64_FORMAT " %s not on the list\n", removal->missing,
                removal->missing == 1 ? "address was" : "addresses were");
    if (removal->covered > 0)
        fprintf(stderr,
                "bouncectl: %" G_GUINT64_FORMAT " of the addresses %s still suppressed by other entries, which"
                " bouncectl explain tells\n",
                removal->covered, removal->covered == 1 ? "is" : "are");
}

static void say_batch(const struct removal *removal)
{
    if (removal->batch != NULL && removal->removed > 0)
        bulk_say_name(removal->batch);
}

static int remove_addresses(struct removal *removal, char **arguments, GError **error)
{
    const char *file = removal->options->file;
    bool listed = addresses_listed(arguments, file);
    g_autoptr(Addresses) given = addresses_new(arguments, file, ADDRESSES_USE_LISTED);
    g_autoptr(GPtrArray) addresses = addresses_all(given, "remove", error);
    const struct store_asker asker = {removal->options->selection.stream, removal->options->tenant};
    g_autofree char *scope = selection_scope(&asker, error);
    int status;

    if (scope == NULL)
        return EX_USAGE;
    if (addresses == NULL)
        return EX_DATAERR;
    removal->store = selection_asking(removal->context, STORE_MODE_WRITE, &asker, error);
    if (removal->store == NULL)
        return EX_IOERR;
    removal->lines = !listed || removal->context->output.json;
    removal->batch = addresses->len > 1 ? batch_name(removal->context->now) : NULL;
    status = remove_all(removal, scope, addresses, error);
    say_batch(removal);
    if (listed)
        say_count(removal);
    return status == EX_OK && removal->missing > 0 ? NOT_LISTED : status;
}

/* The subjects of the entries that are selected, by their scopes; NULL when the store fails. */
static GHashTable *select_entries(struct store_pages *pages, const GPatternSpec *pattern, GError **error)
{
    g_autoptr(GHashTable) scopes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    const struct suppression *page;
    guint n;

    while ((page = store_next_page(pages, PAGE, &n, error)) != NULL && n > 0) {
        for (guint i = 0; i < n; i++) {
            if (pattern != NULL && !listing_matches(pattern, page[i].subject))
                continue;
            GPtrArray *selected = g_hash_table_lookup(scopes, page[i].scope);
            if (selected == NULL) {
                selected = g_ptr_array_new_with_free_func(g_free);
                g_hash_table_insert(scopes, g_strdup(page[i].scope), selected);
            }
            g_ptr_array_add(selected, g_strdup(page[i].subject));
        }
    }
    return page != NULL ? g_steal_pointer(&scopes) : NULL;
}

/* One batch, whatever their scopes. */
static int remove_scopes(struct removal *removal, GHashTable *scopes, GError **error)
{
    GHashTableIter iter;
    gpointer scope, selected;
    int status = EX_OK;
    guint n = 0;

    g_hash_table_iter_init(&iter, scopes);
    while (g_hash_table_iter_next(&iter, NULL, &selected))
        n += ((GPtrArray *)selected)->len;
    removal->batch = n > 1 ? batch_name(removal->context->now) : NULL;
    g_hash_table_iter_init(&iter, scopes);
    while (status == EX_OK && g_hash_table_iter_next(&iter, &scope, &selected))
        status = remove_all(removal, scope, selected, error);
    say_batch(removal);
    return status;
}

static int remove_selected(struct removal *removal, GError **error)
{
    const struct remove_options *options = removal->options;
    const struct store_filter filter = selection_filter(&options->selection);
    g_autoptr(GPatternSpec) pattern = options->like != NULL ? listing_pattern(options->like) : NULL;
    int status = EX_OK;

    removal->store = selection_store(removal->context, options->dry_run ? STORE_MODE_READ : STORE_MODE_WRITE,
                                     &options->selection, error);
    if (removal->store == NULL)
        return EX_IOERR;
    removal->lines = !removal->context->output.terminal || removal->context->output.json;
    g_autoptr(StorePages) pages = store_pages(removal->store, &filter, removal->context->now);
    if (options->dry_run) {
        if (!listing_print(&removal->context->output, pages, pattern, &removal->removed, error))
            return EX_IOERR;
    } else {
        g_autoptr(GHashTable) scopes = select_entries(pages, pattern, error);
        if (scopes == NULL)
            return EX_IOERR;
        status = remove_scopes(removal, scopes, error);
    }
    say_count(removal);
    return status == EX_OK && removal->removed == 0 ? NOT_LISTED : status;
}

static bool usable(const struct remove_options *options, char **arguments, GError **error)
{
    bool bulk = selects(options, arguments);

    if (bulk == names_addresses(options, arguments))
        subcommand_usage_error(error, "remove: expected either addresses, or options that select entries");
    else if (bulk && options->tenant != NULL)
        subcommand_usage_error(error, "remove: --tenant goes with addresses; expected --scope tenant=NAME");
    else if (!bulk && options->dry_run)
        subcommand_usage_error(error, "remove: --dry-run goes with options that select entries");
    else if (!options->dry_run && options->note == NULL)
        subcommand_usage_error(error, "remove: expected --note TEXT, the reason, which is kept");
    else
        return true;
    return false;
}

static int run(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct remove_options *options = data;
    struct removal removal = {.context = context, .options = options};
    int status;

    if (!usable(options, arguments, error))
        return EX_USAGE;
    removal.who = context_who(options->who);
    if (!selects(options, arguments))
        status = remove_addresses(&removal, arguments, error);
    else
        status = remove_selected(&removal, error);
    g_free(removal.who);
    g_free(removal.batch);
    return status;
}

static const struct option_row rows[] = {
    {"note", 0, OPTION_LINE, offsetof(struct remove_options, note), "TEXT", "why; it must be given", NULL},
    {"who", 0, OPTION_LINE, offsetof(struct remove_options, who), "NAME", "who does it; default: the login name", NULL},
    {"like", 0, OPTION_TEXT, offsetof(struct remove_options, like), "PATTERN", "all addresses that match, with * and ?",
     NULL},
    SELECTION_BY_REPORT,
    {"stream", 's', OPTION_TEXT, offsetof(struct remove_options, selection.stream), "NAME",
     "with addresses: their entries for the mail of this stream; else: entries by reports of it", NULL},
    {"tenant", 't', OPTION_TEXT, offsetof(struct remove_options, tenant), "NAME",
     "with addresses: their entries for the mail of this tenant", NULL},
    SELECTION_SCOPE,
    SELECTION_STATE,
    SELECTION_DOOR,
    SELECTION_BATCH,
    SELECTION_SINCE,
    SELECTION_UNTIL,
    {"file", 0, OPTION_TEXT, offsetof(struct remove_options, file), "FILE",
     "read addresses from FILE, one a line; -: from standard input", NULL},
    {"dry-run", 0, OPTION_FLAG, offsetof(struct remove_options, dry_run), NULL, "show what would go, as `list` does",
     NULL},
    {0},
};

const struct subcommand subcommand_remove = {
    .name = "remove",
    .arguments = "[ADDRESS|-]...",
    .summary = "Take addresses off the suppression list, one by one or in bulk",
    .details = "Failures from before the removal count no more. The change is kept with your name and the note.\n"
               "Without --stream and --tenant the entry goes that holds for all mail.\n"
               "Instead of addresses, options select entries; all those given must hold.\n"
               "If another entry stops mail to an address yet, that of its domain, say, it is named.\n"
               "The exit status is 1 when one of the addresses was not on the list, or no entry was selected.\n",
    .examples = "  bouncectl remove user@example.org --note 'has a new mailbox'\n"
                "  bouncectl remove --domain example.org --reason user_unknown --since 2026-11-20 --dry-run\n"
                "  bouncectl remove --like '*@*.example.org' --note 'their directory was broken'\n"
                "  bouncectl remove --file back.txt --note 'a wave of false bounces'\n",
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct remove_options),
    .columns = listing_columns,
    .run = run,
};
