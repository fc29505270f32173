#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"

static const struct table_column columns[] = {
    {.heading = "SECTION"},
    {.heading = "KEY"},
    {.heading = "VALUE", .cut = CELL_END, .least = 16},
    {.heading = "FROM", .rank = 1, .cut = CELL_START, .least = 12},
    {0},
};

static void print_json(const struct output *output, const struct config *config, const struct setting *setting)
{
    g_autoptr(GString) line = g_string_new("{");

    output_json_member(line, "section", setting->section);
    output_json_member(line, "key", setting->key);
    output_json_member(line, "value", setting->value);
    if (setting->line > 0) {
        output_json_member(line, "file", config->file);
        g_string_append_printf(line, ",\"line\":%u", setting->line);
    }
    g_string_append_c(line, '}');
    output_line(output, line);
}

static int show(struct context *context, GError **error)
{
    const struct config *config = context_config(context, error);
    g_autoptr(Table) table = NULL;

    if (config == NULL)
        return EX_CONFIG;
    table = context->output.json ? NULL : table_new(&context->output, columns, NULL);
    const GPtrArray *all = settings_all(config->settings);
    for (guint i = 0; i < all->len; i++) {
        const struct setting *setting = all->pdata[i];
        g_autofree char *from =
            setting->line > 0 ? g_strdup_printf("%s:%u", config->file, setting->line) : g_strdup("default");
        const char *cells[] = {setting->section, setting->key, setting->value, from};
        if (setting->value == NULL)
            continue;
        if (table != NULL)
            table_add(table, cells);
        else
            print_json(&context->output, config, setting);
    }
    return EX_OK;
}

static int config(struct context *context, G_GNUC_UNUSED const void *options, char **arguments, GError **error)
{
    if (strcmp(arguments[0], "show") == 0)
        return show(context, error);
    subcommand_usage_error(error, "config: expected show, not '%s'", arguments[0]);
    return EX_USAGE;
}

const struct subcommand subcommand_config = {
    .name = "config",
    .arguments = "show",
    .summary = "Print what the config says, and what holds where it says nothing",
    .details =
        "FROM is the file and the line of a setting, or default. Of a file of keys or of a password it is the name\n"
        "that is shown.\n",
    .examples = "  bouncectl config show\n"
                "  bouncectl --config new.conf config show | grep -v 'default$'\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .columns = columns,
    .paged = true,
    .run = config,
};
