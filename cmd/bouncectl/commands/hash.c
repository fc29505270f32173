#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "reports/json.h"
#include "reports/pseudonym.h"
#include "store/privacy.h"

static void print(const struct output *output, const char *address, const char *hash)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (output->json) {
        g_string_append(line, "{\"address\":");
        json_text(line, address);
        g_string_append_printf(line, ",\"hash\":\"%s\"}", hash);
    } else {
        g_string_append_printf(line, "%s\t%s", address, hash);
    }
    output_line(output, line);
}

/* The secret may still have to be made, so the store is opened for writing. */
static int run(struct context *context, G_GNUC_UNUSED const void *options, char **arguments, GError **error)
{
    struct store *store = context_store(context, STORE_MODE_WRITE, error);
    guint8 key[NAME_KEY_SIZE];

    if (store == NULL || !store_name_key(store, key, error))
        return EX_IOERR;
    for (char **address = arguments; *address != NULL; address++) {
        g_autofree char *hash = pseudonym_of(key, *address);
        print(&context->output, *address, hash);
    }
    return EX_OK;
}

const struct subcommand subcommand_hash = {
    .name = "hash",
    .arguments = "ADDRESS...",
    .summary = "Say by which hash the daemon's log names an address",
    .details = "With [log] addresses = hash the log has hashes in place of addresses (bounced.conf(5)). The key is in\n"
               "the database.\n",
    .examples = "  bouncectl hash user@example.org\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .addresses = true,
    .run = run,
};
