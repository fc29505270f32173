#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/listing.h"
#include "cmd/bouncectl/selection.h"

enum { AT_ONCE = 200 };  /* entries in one transaction */
enum { NOT_LISTED = 1 }; /* exit status, also when nothing is selected */

struct remove_options {
    struct selection selection;
    char *like;
    char *note;
    char *who;
    bool dry_run;
};

struct removal {
    struct context *context;
    struct store *store;
    const struct remove_options *options;
    char *who;
    guint64 removed; /* or with --dry-run: shown */
};

static bool selects(const struct remove_options *options)
{
    const struct selection *selection = &options->selection;

    return options->like != NULL || selection->domain != NULL || selection->stream != NULL || selection->reason > 0 ||
           selection->since != 0 || selection->until != 0;
}

static void say(const struct context *context, const char *address, bool removed)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (context->output.json) {
        g_string_append(line, "{\"recipient\":");
        output_json_text(line, address);
        g_string_append_printf(line, ",\"removed\":%s}", removed ? "true" : "false");
    } else {
        g_string_append_printf(line, "%s: %s", address, removed ? "removed" : "was not on the list");
    }
    output_line(&context->output, line);
}

static bool remove_one(struct removal *removal, const char *address, bool *removed, GError **error)
{
    const struct context *context = removal->context;
    const struct store_order order = {address, removal->who, removal->options->note, context->now, 0};

    if (!store_unsuppress(removal->store, &order, removed, error))
        return false;
    removal->removed += *removed;
    say(context, address, *removed);
    return true;
}

static int remove_addresses(struct removal *removal, char **addresses, GError **error)
{
    int status = EX_OK;

    for (; *addresses != NULL; addresses++) {
        bool removed;
        if (!remove_one(removal, *addresses, &removed, error))
            return EX_IOERR;
        if (!removed)
            status = NOT_LISTED;
    }
    return status;
}

/* Those of a page that match, in one transaction. Then the daemon, and whoever else writes, gets as much time as that
 * took: they try again after a while when the database is locked, and would hardly ever find it free. */
static bool remove_page(struct removal *removal, const struct suppression *page, guint n, const GPatternSpec *pattern,
                        GError **error)
{
    const struct context *context = removal->context;
    const struct store_order order = {NULL, removal->who, removal->options->note, context->now, 0};
    g_autoptr(GArray) matching = g_array_new(FALSE, FALSE, sizeof(struct suppression));
    gint64 start = g_get_monotonic_time();
    guint removed;

    for (guint i = 0; i < n; i++) {
        if (pattern == NULL || listing_matches(pattern, page[i].recipient))
            g_array_append_val(matching, page[i]);
    }
    if (matching->len == 0)
        return true;
    const struct suppression *entries = (const struct suppression *)(const void *)matching->data;
    if (!store_unsuppress_page(removal->store, &order, entries, matching->len, &removed, error))
        return false;
    removal->removed += removed;
    g_usleep((gulong)(g_get_monotonic_time() - start));
    for (guint i = 0; i < matching->len; i++)
        say(context, entries[i].recipient, true);
    return true;
}

static bool remove_all(struct removal *removal, struct store_pages *pages, const GPatternSpec *pattern, GError **error)
{
    const struct suppression *page;
    guint n;

    while ((page = store_next_page(pages, AT_ONCE, &n, error)) != NULL && n > 0) {
        if (!remove_page(removal, page, n, pattern, error))
            break;
    }
    if (page != NULL && n == 0)
        return true;
    g_prefix_error(error, "after %" G_GUINT64_FORMAT " removals (run it again for the rest): ", removal->removed);
    return false;
}

/* On standard error, since standard output has the entries. */
static int say_count(const struct removal *removal, guint64 count)
{
    if (count == 0)
        fprintf(stderr, "bouncectl: no entry matches\n");
    else
        fprintf(stderr, "bouncectl: %" G_GUINT64_FORMAT " %s %s\n", count, count == 1 ? "entry" : "entries",
                removal->options->dry_run ? "would be removed" : "removed");
    return count == 0 ? NOT_LISTED : EX_OK;
}

static int remove_selected(struct removal *removal, GError **error)
{
    const struct remove_options *options = removal->options;
    const struct store_filter filter = selection_filter(&options->selection);
    g_autoptr(GPatternSpec) pattern = options->like != NULL ? listing_pattern(options->like) : NULL;
    g_autoptr(StorePages) pages = store_pages(removal->store, &filter, removal->context->now);
    bool good = options->dry_run ? listing_print(&removal->context->output, pages, pattern, &removal->removed, error)
                                 : remove_all(removal, pages, pattern, error);
    return good ? say_count(removal, removal->removed) : EX_IOERR;
}

static bool usable(const struct remove_options *options, char **arguments, GError **error)
{
    bool bulk = selects(options);

    if (bulk == (*arguments != NULL))
        subcommand_usage_error(error, "remove: expected either addresses, or options that select entries");
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
    removal.store = context_store(context, options->dry_run ? STORE_MODE_READ : STORE_MODE_WRITE, error);
    if (removal.store == NULL)
        return EX_IOERR;
    removal.who = context_who(options->who);
    if (*arguments != NULL)
        status = remove_addresses(&removal, arguments, error);
    else
        status = remove_selected(&removal, error);
    g_free(removal.who);
    return status;
}

static const struct option_row rows[] = {
    {"note", 0, OPTION_LINE, offsetof(struct remove_options, note), "TEXT", "why; it must be given", NULL},
    {"who", 0, OPTION_LINE, offsetof(struct remove_options, who), "NAME", "who does it; default: the login name", NULL},
    {"like", 0, OPTION_TEXT, offsetof(struct remove_options, like), "PATTERN", "all addresses that match, with * and ?",
     NULL},
    SELECTION_DOMAIN,
    SELECTION_REASON,
    SELECTION_STREAM,
    SELECTION_SINCE,
    SELECTION_UNTIL,
    {"dry-run", 0, OPTION_FLAG, offsetof(struct remove_options, dry_run), NULL, "show what would go, as `list` does",
     NULL},
    {0},
};

const struct subcommand subcommand_remove = {
    .name = "remove",
    .arguments = "ADDRESS...",
    .summary = "Take addresses off the suppression list, one by one or in bulk",
    .details = "Failures from before the removal count no more. The change is kept with your name and the note.\n"
               "Instead of addresses, options select entries; all those given must hold.\n"
               "The exit status is 1 when one of the addresses was not on the list, or no entry was selected.\n",
    .examples = "  bouncectl remove user@example.org --note 'has a new mailbox'\n"
                "  bouncectl remove --domain example.org --reason user_unknown --since 2026-11-20 --dry-run\n"
                "  bouncectl remove --like '*@*.example.org' --note 'their directory was broken'\n",
    .max_arguments = G_MAXUINT,
    .addresses = true,
    .options = rows,
    .options_size = sizeof(struct remove_options),
    .columns = listing_columns,
    .run = run,
};
