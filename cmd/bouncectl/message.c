#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/command.h"

#define DIGEST_LENGTH 64

static int message(struct context *context, const void *options, char **arguments, GError **error)
{
    const char *digest = arguments[0];
    struct store *store;
    GError *bad = NULL;

    (void)options;
    if (context->output.json) {
        command_usage_error(error, "message: a raw message is no JSON");
        return EX_USAGE;
    }
    if (strlen(digest) != DIGEST_LENGTH || strspn(digest, "0123456789abcdef") != DIGEST_LENGTH) {
        command_usage_error(error, "message: '%s' is no digest; expected 64 hex digits, as `bouncectl events` prints",
                            digest);
        return EX_USAGE;
    }
    store = context_store(context, STORE_READ, error);
    if (store == NULL)
        return EX_IOERR;
    g_autoptr(GBytes) raw = store_message_raw(store, digest, &bad);
    if (raw == NULL) {
        if (bad == NULL)
            bad = g_error_new(COMMAND_ERROR, EX_NOINPUT, "message %s is not kept (see retention in bounced.conf(5))",
                              digest);
        g_propagate_error(error, bad);
        return EX_NOINPUT;
    }
    gsize length;
    const void *data = g_bytes_get_data(raw, &length);
    fwrite(data, 1, length, context->output.stream);
    return EX_OK;
}

const struct command command_message = {
    .name = "message",
    .arguments = "DIGEST",
    .summary = "Print a message as it arrived",
    .details = "DIGEST is its whole name, which `bouncectl explain` prints, and `bouncectl events` in a pipe.\n",
    .examples = "  bouncectl message 0a3f...9e > report.eml\n"
                "  bouncectl events --kind other | cut -f9 | xargs -n1 bouncectl message\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = message,
};
