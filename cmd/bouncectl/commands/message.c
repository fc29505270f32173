#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"

/* NULL and an error when it is not there, or not any more. */
static GBytes *find(struct store *store, const char *prefix, GError **error)
{
    GError *bad = NULL;
    g_autofree char *digest = store_digest(store, prefix, &bad);
    GBytes *raw = digest != NULL ? store_message_raw(store, digest, &bad) : NULL;

    if (bad != NULL)
        g_propagate_error(error, bad);
    else if (digest == NULL)
        g_set_error(error, SUBCOMMAND_ERROR, EX_NOINPUT, "there is no message %s", prefix);
    else if (raw == NULL)
        g_set_error(error, SUBCOMMAND_ERROR, EX_NOINPUT,
                    "message %s is not kept, or not any more (keep-raw and retention, bounced.conf(5))", digest);
    return raw;
}

static int message(struct context *context, const void *options, char **arguments, GError **error)
{
    (void)options;
    if (context->output.json) {
        subcommand_usage_error(error, "message: a raw message is no JSON");
        return EX_USAGE;
    }
    struct store *store = context_store(context, STORE_MODE_READ, error);
    g_autoptr(GBytes) raw = store != NULL ? find(store, arguments[0], error) : NULL;
    if (raw == NULL)
        return EX_NOINPUT;
    size_t length;
    const void *data = g_bytes_get_data(raw, &length);
    if (context->output.terminal)
        output_message(&context->output, "", data, length);
    else
        fwrite(data, 1, length, context->output.stream);
    return EX_OK;
}

const struct subcommand subcommand_message = {
    .name = "message",
    .arguments = "DIGEST",
    .summary = "Print a message as it arrived",
    .details = "DIGEST is its name, which `bouncectl explain` and `bouncectl events` print; the first eight digits or\n"
               "more will do, when no other message begins so. On a terminal control characters are shown as ?.\n",
    .examples = "  bouncectl message 0a3f91c2 > report.eml\n"
                "  bouncectl events --kind other | cut -f9 | xargs -n1 bouncectl message\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = message,
};
