#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "reports/json.h"
#include "store/token.h"

enum { NOT_THERE = 1 }; /* exit status */

struct token_options {
    char *scope;
    char *tenant;
    gint64 expires;
};

static const struct table_column columns[] = {
    {.heading = "NAME"},
    {.heading = "SCOPE"},
    {.heading = "TENANT", .rank = 3},
    {.heading = "MADE"},
    {.heading = "EXPIRES"},
    {.heading = "USED", .rank = 1},
    {0},
};

static bool refuse(GError **error, const char *expected)
{
    subcommand_usage_error(error, "token: expected %s", expected);
    return false;
}

/* --- add ---------------------------------------------------------------------------------------------------------- */

static bool take_options(const struct context *context, const struct token_options *options, char *name,
                         struct token *token, GError **error)
{
    if (!token_name_is_good(name))
        return refuse(error, "a name of letters, digits, \".\", \"_\" and \"-\"");
    if (options->scope == NULL || !token_rights_read(options->scope, &token->rights))
        return refuse(error, "--scope with one or more of read, write, ingest and admin, commas between them");
    token->name = name;
    token->tenant = options->tenant;
    token->made = context->now;
    token->expires = options->expires > 0 ? context->now + options->expires : 0;
    return true;
}

/* The secret is the last word, and by itself in a pipe. */
static void show_secret(const struct context *context, const struct token *token, const char *secret)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (context->output.json) {
        g_string_append(line, "{\"name\":");
        json_text(line, token->name);
        g_string_append_printf(line, ",\"token\":\"%s\"}", secret);
    } else {
        g_string_append(line, secret);
    }
    output_line(&context->output, line);
    fputs("bouncectl: this is shown once: keep it where programs read it, as in \"Authorization: Bearer TOKEN\"\n",
          stderr);
}

static int add(struct context *context, const struct token_options *options, char *name, GError **error)
{
    struct token token = {.name = NULL};
    g_autofree char *secret = NULL;
    struct store *store;

    if (!take_options(context, options, name, &token, error))
        return EX_USAGE;
    store = context_store(context, STORE_MODE_WRITE, error);
    if (store == NULL || !store_token_add(store, &token, &secret, error))
        return EX_IOERR;
    if (secret == NULL) {
        g_set_error(error, SUBCOMMAND_ERROR, NOT_THERE, "there is a token \"%s\" already", name);
        return NOT_THERE;
    }
    show_secret(context, &token, secret);
    return EX_OK;
}

/* --- revoke ------------------------------------------------------------------------------------------------------- */

static int revoke_token(struct context *context, const struct token_options *options G_GNUC_UNUSED, char *name,
                        GError **error)
{
    struct store *store = context_store(context, STORE_MODE_WRITE, error);
    g_autoptr(GString) line = g_string_new(NULL);
    bool found;

    if (store == NULL || !store_token_revoke(store, name, &found, error))
        return EX_IOERR;
    if (!found) {
        g_set_error(error, SUBCOMMAND_ERROR, NOT_THERE, "there is no token \"%s\"", name);
        return NOT_THERE;
    }
    if (context->output.json) {
        g_string_append(line, "{\"name\":");
        json_text(line, name);
        g_string_append(line, ",\"revoked\":true}");
    } else {
        g_string_printf(line, "%s: revoked; requests with it are refused from now on", name);
    }
    output_line(&context->output, line);
    return EX_OK;
}

/* --- list --------------------------------------------------------------------------------------------------------- */

static void add_time(GString *line, const char *name, gint64 seconds)
{
    g_autofree char *text = event_time_format(seconds);

    if (seconds != 0)
        g_string_append_printf(line, ",\"%s\":\"%s\"", name, text);
}

static void print_json(const struct output *output, const struct token *token)
{
    g_autoptr(GString) line = g_string_new("{");
    g_autofree char *rights = token_rights_write(token->rights);

    output_json_member(line, "name", token->name);
    output_json_member(line, "scope", rights);
    output_json_member(line, "tenant", token->tenant);
    add_time(line, "made", token->made);
    add_time(line, "expires", token->expires);
    add_time(line, "used", token->used);
    g_string_append_c(line, '}');
    output_line(output, line);
}

static int list(struct context *context, GError **error)
{
    struct store *store = context_store(context, STORE_MODE_READ, error);
    g_autoptr(GPtrArray) tokens = store != NULL ? store_tokens(store, error) : NULL;

    if (tokens == NULL)
        return EX_IOERR;
    g_autoptr(Table) table = context->output.json ? NULL : table_new(&context->output, columns, "there is no token");
    for (guint i = 0; i < tokens->len; i++) {
        const struct token *token = tokens->pdata[i];

        if (table == NULL) {
            print_json(&context->output, token);
            continue;
        }
        g_autofree char *rights = token_rights_write(token->rights), *made = table_day(table, token->made);
        g_autofree char *expires = table_day(table, token->expires), *used = table_day(table, token->used);
        const char *cells[] = {token->name, rights, token->tenant, made, expires, used};
        table_add(table, cells);
    }
    return EX_OK;
}

/* --- which -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int (*run)(struct context *context, const struct token_options *options, char *name, GError **error);
} verbs[] = {{"add", add}, {"revoke", revoke_token}};

static int run(struct context *context, const void *options, char **arguments, GError **error)
{
    if (g_strcmp0(arguments[0], "list") == 0 && arguments[1] == NULL)
        return list(context, error);
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (g_strcmp0(arguments[0], verbs[i].name) == 0 && arguments[1] != NULL)
            return verbs[i].run(context, options, arguments[1], error);
    }
    refuse(error, "add NAME, list, or revoke NAME");
    return EX_USAGE;
}

static const struct option_row rows[] = {
    {"scope", 0, OPTION_TEXT, offsetof(struct token_options, scope), "LIST",
     "what it may do: read, write, ingest, admin, with commas between them", NULL},
    {"tenant", 0, OPTION_LINE, offsetof(struct token_options, tenant), "NAME",
     "it sees and changes what is this tenant's alone", NULL},
    {"expires", 0, OPTION_SPAN, offsetof(struct token_options, expires), "SPAN",
     "it is good for so long, as in 90d; default: until it is revoked", NULL},
    {0},
};

const struct subcommand subcommand_token = {
    .name = "token",
    .arguments = "add NAME|list|revoke NAME",
    .summary = "Make, show and revoke the tokens of programs that use the API",
    .details =
        "A token is a secret for one program, in the field Authorization of its requests: \"Bearer TOKEN\". It is "
        "shown\n"
        "once, when it is made; the database has its SHA-256. Changes by it are made in its name. A token that was\n"
        "revoked is refused at once.\n"
        "The exit status is 1 when there is a token of that name already, or none to revoke.\n",
    .examples = "  bouncectl token add crm --scope read,write\n"
                "  bouncectl token add shop --scope read --tenant shop --expires 90d\n"
                "  bouncectl token revoke crm\n",
    .max_arguments = 2,
    .options = rows,
    .options_size = sizeof(struct token_options),
    .columns = columns,
    .run = run,
};
