#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/listing.h"
#include "reports/json.h"

struct add_options {
    char *note;
    gint64 lasting;
    char *who;
};

/* Says what the list has now, as the store wrote the address. */
static bool print(struct context *context, struct store *store, const char *address, GError **error)
{
    g_autoptr(GString) line = g_string_new(NULL);
    struct suppression entry;
    bool suppressed;

    if (!store_check(store, address, context->now, &entry, &suppressed, error))
        return false;
    g_assert(suppressed);
    if (context->output.json) {
        json_suppression(line, &entry);
    } else {
        g_autofree char *sentence = listing_sentence(&entry);
        g_string_append_printf(line, "%s: suppressed %s", entry.recipient, sentence);
    }
    output_line(&context->output, line);
    return true;
}

static int add(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct add_options *options = data;
    struct store *store = context_store(context, STORE_MODE_WRITE, error);
    g_autofree char *who = context_who(options->who);
    gint64 until = options->lasting > 0 ? context->now + options->lasting : 0;

    for (char **address = arguments; store != NULL && *address != NULL; address++) {
        const struct store_order order = {*address, who, options->note, context->now, until};

        if (!store_suppress(store, &order, error) || !print(context, store, *address, error))
            return EX_IOERR;
    }
    return EX_OK;
}

static const struct option_row rows[] = {
    {"note", 0, OPTION_LINE, offsetof(struct add_options, note), "TEXT", "why, for those who look later", NULL},
    {"for", 0, OPTION_SPAN, offsetof(struct add_options, lasting), "SPAN", "for so long, as in 90d; default: for good",
     NULL},
    {"who", 0, OPTION_LINE, offsetof(struct add_options, who), "NAME", "who does it; default: the login name", NULL},
    {0},
};

const struct subcommand subcommand_add = {
    .name = "add",
    .arguments = "ADDRESS...",
    .summary = "Put addresses on the suppression list",
    .details = "An entry that is there already is replaced. The change is kept with your name and the note.\n",
    .examples = "  bouncectl add user@example.org --note 'asked by phone'\n"
                "  bouncectl add user@example.org --for 90d\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .addresses = true,
    .options = rows,
    .options_size = sizeof(struct add_options),
    .run = add,
};
