#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/listing.h"
#include "cmd/bouncectl/selection.h"

static int list(struct context *context, const void *options, char **arguments, GError **error)
{
    const struct store_filter filter = selection_filter(options);
    struct store *store = selection_store(context, STORE_MODE_READ, options, error);
    g_autoptr(StorePages) pages = store != NULL ? store_pages(store, &filter, context->now) : NULL;
    guint64 printed;

    (void)arguments;
    if (pages == NULL)
        return EX_IOERR;
    return listing_print(&context->output, pages, NULL, &printed, error) ? EX_OK : EX_IOERR;
}

static const struct option_row rows[] = {
    SELECTION_BY_REPORT, SELECTION_STREAM, SELECTION_SCOPE, SELECTION_STATE, SELECTION_DOOR,
    SELECTION_BATCH,     SELECTION_SINCE,  SELECTION_UNTIL, SELECTION_LIMIT, {0},
};

const struct subcommand subcommand_list = {
    .name = "list",
    .arguments = "",
    .summary = "Show the suppression list",
    .details = "WHY is the note, else the diagnostic.\n"
               "--since and --until are about when an entry began.\n",
    .examples = "  bouncectl list --domain example.org --reason user_unknown\n"
                "  bouncectl list | cut -f1\n",
    .options = rows,
    .options_size = sizeof(struct selection),
    .columns = listing_columns,
    .paged = true,
    .run = list,
};
