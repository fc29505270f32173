#include <sysexits.h>

#include "cmd/bouncectl/bulk.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/listing.h"
#include "cmd/bouncectl/files/addresses.h"
#include "reports/json.h"

enum { LEFT = 1 }; /* exit status: an entry lasts longer */

struct add_options {
    char *note;
    gint64 lasting;
    char *who;
    char *file;
    bool replace;
};

struct addition {
    struct context *context;
    struct store *store;
    bool lines; /* a line each */
    guint64 put, left;
};

/* Says what the list has now, as the store wrote the address. */
static bool print(const struct addition *addition, const char *address, GError **error)
{
    const struct context *context = addition->context;
    g_autoptr(GString) line = g_string_new(NULL);
    struct suppression entry;
    bool suppressed;

    if (!store_check(addition->store, address, context->now, &entry, &suppressed, error))
        return false;
    if (!suppressed)
        return true; /* somebody else took it off meanwhile */
    if (context->output.json) {
        json_suppression(line, &entry);
    } else {
        g_autofree char *sentence = listing_sentence(&entry);
        g_string_append_printf(line, "%s: suppressed %s", entry.subject, sentence);
    }
    output_line(&context->output, line);
    return true;
}

enum { LEFT_TOLD = 20 };

static bool tell_left(const struct addition *addition, const char *address, GError **error)
{
    struct suppression entry;
    bool suppressed;

    if (addition->left > LEFT_TOLD)
        return true;
    if (!store_check(addition->store, address, addition->context->now, &entry, &suppressed, error))
        return false;
    g_autofree char *sentence = suppressed ? listing_sentence(&entry) : g_strdup("no more");
    fprintf(stderr, "bouncectl: add: %s: left as it is, suppressed %s; --replace makes it shorter\n", address,
            sentence);
    return true;
}

static bool tell(struct addition *addition, const struct store_batch *batch, GError **error)
{
    for (guint i = 0; i < batch->n; i++) {
        const char *address = batch->subjects[i];
        bool good = true;

        if (!batch->changed[i]) {
            addition->left++;
            good = tell_left(addition, address, error);
        } else {
            addition->put++;
            good = !addition->lines || print(addition, address, error);
        }
        if (!good)
            return false;
    }
    return true;
}

static int add_all(struct addition *addition, struct store_batch *batch, const GPtrArray *addresses, GError **error)
{
    struct bulk *bulk = bulk_new(addition->context, "adding", addresses);
    g_autofree bool *changed = g_new0(bool, addresses->len);
    bool good = true;

    batch->changed = changed;
    while (good && (batch->subjects = bulk_next(bulk, &batch->n)) != NULL)
        good =
            store_suppress_all(addition->store, batch, error) && tell(addition, batch, error) && bulk_rest(bulk, error);
    return bulk_end(bulk, addition->left > 0 ? LEFT : EX_OK, error);
}

static void say_sums(const struct addition *addition)
{
    fprintf(stderr, "bouncectl: %" G_GUINT64_FORMAT " %s put on the list", addition->put,
            addition->put == 1 ? "address" : "addresses");
    if (addition->left > 0)
        fprintf(stderr, ", %" G_GUINT64_FORMAT " left as %s", addition->left,
                addition->left == 1 ? "it was" : "they were");
    fputs("\n", stderr);
}

static int add(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct add_options *options = data;
    struct addition addition = {.context = context};
    bool listed = addresses_listed(arguments, options->file);
    g_autoptr(Addresses) given = addresses_new(arguments, options->file, ADDRESSES_USE_NEW);
    g_autoptr(GPtrArray) addresses = addresses_all(given, "add", error);
    g_autofree char *who = context_who(options->who);
    struct store_batch batch = {
        .order = {.who = who,
                  .note = options->note,
                  .now = context->now,
                  .until = options->lasting > 0 ? context->now + options->lasting : 0},
        .replace = options->replace,
    };

    if (addresses == NULL)
        return EX_DATAERR;
    if (addresses->len == 0 && !listed) {
        subcommand_usage_error(error, "add: expected addresses, - or --file FILE");
        return EX_USAGE;
    }
    addition.store = context_store(context, STORE_MODE_WRITE, error);
    addition.lines = !listed || context->output.json;
    if (addition.store == NULL)
        return EX_IOERR;
    g_autofree char *name = addresses->len > 1 ? bulk_name(context->now) : NULL;
    batch.order.batch = name;
    int status = add_all(&addition, &batch, addresses, error);
    if (listed)
        say_sums(&addition);
    if (name != NULL && addition.put > 0)
        bulk_say_name(name);
    return status;
}

static const struct option_row rows[] = {
    {"note", 0, OPTION_LINE, offsetof(struct add_options, note), "TEXT", "why, for those who look later", NULL},
    {"for", 0, OPTION_SPAN, offsetof(struct add_options, lasting), "SPAN", "for so long, as in 90d; default: for good",
     NULL},
    {"replace", 0, OPTION_FLAG, offsetof(struct add_options, replace), NULL,
     "with --for: make entries shorter that last longer", NULL},
    {"file", 0, OPTION_TEXT, offsetof(struct add_options, file), "FILE",
     "read addresses from FILE, one a line; -: from standard input", NULL},
    {"who", 0, OPTION_LINE, offsetof(struct add_options, who), "NAME", "who does it; default: the login name", NULL},
    {0},
};

const struct subcommand subcommand_add = {
    .name = "add",
    .arguments = "[ADDRESS|-]...",
    .summary = "Put addresses on the suppression list",
    .details =
        "An entry that is there already is replaced, but for one that lasts longer: that takes --replace, and the\n"
        "exit status is 1 without. The change is kept with your name and the note.\n"
        "Lists of addresses go in by batches of 1000; a run that was broken off may be repeated.\n",
    .examples = "  bouncectl add user@example.org --note 'asked by phone'\n"
                "  bouncectl add user@example.org --for 90d\n"
                "  bouncectl add --file bounced.txt --note 'from our old provider'\n",
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct add_options),
    .run = add,
};
