#include <sysexits.h>

#include "cmd/batches/batch.h"
#include "cmd/bouncectl/bulk.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/listing.h"
#include "cmd/bouncectl/files/addresses.h"
#include "cmd/bouncectl/selection.h"
#include "reports/json.h"

enum { LEFT = 1 }; /* exit status: an entry lasts longer */

struct add_options {
    struct store_asker asker;
    char *note;
    gint64 lasting;
    char *who;
    char *file;
    bool replace;
    bool force;
};

struct addition {
    struct context *context;
    struct store *store;
    const char *scope;
    bool lines; /* a line each */
    guint64 put, left;
};

/* The entry that is there now; false with no error if somebody took it off meanwhile. */
static bool find(const struct addition *addition, const char *subject, char **shown, char **sentence, GString *json,
                 GError **error)
{
    const struct store_filter filter = {.recipient = subject, .scope = addition->scope};
    g_autoptr(StoreCursor) cursor = store_suppressions(addition->store, &filter, addition->context->now, error);
    struct suppression entry;

    if (cursor == NULL || !store_next_suppression(cursor, &entry, error))
        return false;
    *shown = g_strdup(entry.subject);
    *sentence = listing_sentence(&entry);
    if (json != NULL)
        json_suppression(json, &entry);
    return true;
}

/* Says what the list has now, as the store wrote the address. */
static bool print(const struct addition *addition, const char *subject, GError **error)
{
    const struct output *output = &addition->context->output;
    g_autofree char *shown = NULL, *sentence = NULL;
    g_autoptr(GString) line = g_string_new(NULL);
    GError *bad = NULL;

    if (find(addition, subject, &shown, &sentence, line, &bad)) {
        if (!output->json)
            g_string_printf(line, "%s: suppressed %s", shown, sentence);
        output_line(output, line);
    }
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

enum { LEFT_TOLD = 20 };

static bool tell_left(const struct addition *addition, const char *subject, GError **error)
{
    g_autofree char *shown = NULL, *sentence = NULL;
    GError *bad = NULL;

    if (addition->left > LEFT_TOLD)
        return true;
    bool found = find(addition, subject, &shown, &sentence, NULL, &bad);
    if (bad == NULL)
        fprintf(stderr, "bouncectl: add: %s: left as it is, suppressed %s; --replace makes it shorter\n", subject,
                found ? sentence : "no more");
    else
        g_propagate_error(error, bad);
    return bad == NULL;
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
    g_autoptr(Addresses) given =
        addresses_new(arguments, options->file, options->force ? ADDRESSES_USE_WIDE : ADDRESSES_USE_NEW);
    g_autoptr(GPtrArray) addresses = addresses_all(given, "add", error);
    g_autofree char *who = context_who(options->who);
    g_autofree char *scope = selection_scope(&options->asker, error);
    struct store_batch batch = {
        .order = {.who = who,
                  .note = options->note,
                  .now = context->now,
                  .scope = scope,
                  .until = options->lasting > 0 ? context->now + options->lasting : 0},
        .replace = options->replace,
    };

    if (scope == NULL)
        return EX_USAGE;
    if (addresses == NULL)
        return EX_DATAERR;
    if (addresses->len == 0 && !listed) {
        subcommand_usage_error(error, "add: expected addresses, - or --file FILE");
        return EX_USAGE;
    }
    addition.scope = scope;
    addition.store = selection_asking(context, STORE_MODE_WRITE, &options->asker, error);
    addition.lines = !listed || context->output.json;
    if (addition.store == NULL)
        return EX_IOERR;
    g_autofree char *name = addresses->len > 1 ? batch_name(context->now) : NULL;
    batch.order.batch = name;
    int status = add_all(&addition, &batch, addresses, error);
    if (listed)
        say_sums(&addition);
    if (name != NULL && addition.put > 0)
        bulk_say_name(name);
    return status;
}

static const struct option_row rows[] = {
    SELECTION_ON_STREAM(offsetof(struct add_options, asker.stream)),
    SELECTION_ON_TENANT(offsetof(struct add_options, asker.tenant)),
    {"note", 0, OPTION_LINE, offsetof(struct add_options, note), "TEXT", "why, for those who look later", NULL},
    {"for", 0, OPTION_SPAN, offsetof(struct add_options, lasting), "SPAN", "for so long, as in 90d; default: for good",
     NULL},
    {"replace", 0, OPTION_FLAG, offsetof(struct add_options, replace), NULL,
     "with --for: make entries shorter that last longer", NULL},
    {"force", 0, OPTION_FLAG, offsetof(struct add_options, force), NULL,
     "take a public suffix, such as @com: all addresses below it", NULL},
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
        "@example.org stands for all addresses of the domain, .example.org for those of its sub-domains.\n"
        "Lists of addresses go in by batches of 1000; a run that was broken off may be repeated.\n",
    .examples = "  bouncectl add user@example.org --note 'asked by phone'\n"
                "  bouncectl add user@example.org --for 90d\n"
                "  bouncectl add @example.org --stream newsletter\n"
                "  bouncectl add --file bounced.txt --note 'from our old provider'\n",
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct add_options),
    .run = add,
};
