#include <sysexits.h>

#include "cmd/bouncectl/bulk.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/files/addresses.h"
#include "cmd/bouncectl/selection.h"
#include "store/delivery.h"

struct delivered_options {
    char *file;
    char *stream;
    char *who;
};

static int deliver(struct context *context, struct store *store, struct store_batch *batch, const char *stream,
                   const GPtrArray *addresses, GError **error)
{
    const struct store_delivery delivery = {.stream = stream};
    struct bulk *bulk = bulk_new(context, "clearing", addresses);
    g_autofree bool *changed = g_new0(bool, addresses->len);
    guint64 all = 0, cleared = 0;
    bool good = true;

    batch->changed = changed;
    while (good && (batch->subjects = bulk_next(bulk, &batch->n)) != NULL) {
        good = store_deliver(store, batch, &delivery, error) && bulk_rest(bulk, error);
        all += batch->n;
        for (guint i = 0; i < batch->n; i++)
            cleared += changed[i];
    }
    int status = bulk_end(bulk, EX_OK, error);
    if (!good)
        return status;
    if (context->output.json)
        fprintf(context->output.stream, "{\"addresses\":%" G_GUINT64_FORMAT ",\"recorded\":%" G_GUINT64_FORMAT "}\n",
                all, cleared);
    else
        fprintf(context->output.stream,
                "%" G_GUINT64_FORMAT " %s, of %" G_GUINT64_FORMAT
                " of which there were failures or entries: recorded\n",
                all, all == 1 ? "address" : "addresses", cleared);
    return status;
}

static int delivered(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct delivered_options *options = data;
    g_autoptr(Addresses) given = addresses_new(arguments, options->file, ADDRESSES_USE_ASK);
    g_autoptr(GPtrArray) addresses = addresses_all(given, "delivered", error);
    g_autofree char *who = context_who(options->who);
    struct store_batch batch = {.order = {.who = who, .now = context->now, .door = STORE_DOOR_CLI}};

    if (addresses == NULL)
        return EX_DATAERR;
    if (addresses->len == 0 && !addresses_listed(arguments, options->file)) {
        subcommand_usage_error(error, "delivered: expected addresses, - or --file FILE");
        return EX_USAGE;
    }
    const struct store_asker asker = {.stream = options->stream};
    struct store *store = selection_asking(context, STORE_MODE_WRITE, &asker, error);
    return store != NULL ? deliver(context, store, &batch, options->stream, addresses, error) : EX_IOERR;
}

static const struct option_row rows[] = {
    {"file", 0, OPTION_TEXT, offsetof(struct delivered_options, file), "FILE",
     "read addresses from FILE, one a line; -: from standard input", NULL},
    {"stream", 's', OPTION_TEXT, offsetof(struct delivered_options, stream), "NAME",
     "mail of this sending stream went through", NULL},
    {"who", 0, OPTION_LINE, offsetof(struct delivered_options, who), "NAME", "who says it; default: the login name",
     NULL},
    {0},
};

const struct subcommand subcommand_delivered = {
    .name = "delivered",
    .arguments = "[ADDRESS|-]...",
    .summary = "Say that mail went through to addresses",
    .details = "It is as good as a success report that is proven: failures before it count no more, and where the\n"
               "policy says success-lifts = yes, a soft entry that would end by itself ends.\n"
               "Addresses without failures and entries leave no trace.\n",
    .examples = "  bouncectl delivered user@example.org\n"
                "  bouncectl delivered --file delivered.txt --stream newsletter --who shop\n",
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct delivered_options),
    .run = delivered,
};
