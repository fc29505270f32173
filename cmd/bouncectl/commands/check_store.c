#include <glib.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "reports/json.h"
#include "reports/readable.h"
#include "store/verification.h"

static void say_fault(const struct context *context, const char *fault)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (context->output.json) {
        g_string_append(line, "{\"fault\":");
        json_text(line, fault);
        g_string_append_c(line, '}');
    } else {
        g_autofree char *readable = readable_dup(fault);
        g_string_append(line, readable);
    }
    output_line(&context->output, line);
}

static int run(struct context *context, G_GNUC_UNUSED const void *options, G_GNUC_UNUSED char **arguments,
               GError **error)
{
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
    struct store *store = context_store(context, STORE_MODE_READ, error);

    if (store == NULL || !store_verify(store, faults, error))
        return EX_IOERR;
    for (guint i = 0; i < faults->len; i++)
        say_fault(context, faults->pdata[i]);
    if (faults->len == 0 && !context->output.json)
        fprintf(context->output.stream, "%s is whole, and the list is what its log gives\n",
                context->config->store_path);
    return faults->len == 0 ? EX_OK : EX_DATAERR;
}

const struct subcommand subcommand_check_store = {
    .name = "check-store",
    .arguments = "",
    .summary = "Read the whole database and say what is wrong with it",
    .details =
        "The file is whole, its references lead somewhere, its tables and indexes are those of a new database,\n"
        "and the list is what replaying its log gives. The daemon may run meanwhile. The exit status is 65 when\n"
        "something is wrong.\n",
    .examples = "  bouncectl check-store\n",
    .run = run,
};
