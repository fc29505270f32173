#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/listing.h"
#include "cmd/bouncectl/files/addresses.h"
#include "cmd/bouncectl/selection.h"
#include "reports/json.h"
#include "reports/readable.h"
#include "store/entry_key.h"

enum { SUPPRESSED = 1 }; /* exit status */

struct check_options {
    struct store_asker asker;
    char *file;
    bool quiet;
};

static void print_json(const struct output *output, const char *address, const struct store_answer *answer)
{
    g_autoptr(GString) line = g_string_new("{\"recipient\":");

    json_text(line, address);
    g_string_append_printf(line, ",\"suppressed\":%s", answer->suppressed ? "true" : "false");
    if (answer->suppressed) {
        g_string_append(line, ",\"suppression\":");
        json_suppression(line, answer->entries);
    }
    g_string_append(line, ",\"entries\":[");
    for (guint i = 0; i < answer->n; i++) {
        g_string_append(line, i > 0 ? "," : "");
        json_suppression(line, &answer->entries[i]);
    }
    g_string_append(line, "],\"closed\":[");
    for (guint i = 0; i < answer->n_closed; i++) {
        g_string_append(line, i > 0 ? "," : "");
        json_text(line, answer->closed[i]);
    }
    g_string_append(line, "]}");
    output_line(output, line);
}

/* " (for stream=news)", of an entry that does not hold for all; and the domain, of one that is not of the address. */
static void append_place(GString *out, const struct suppression *entry)
{
    struct entry_scope scope;

    if (entry_subject_kind(entry->subject) != ENTRY_SUBJECT_ADDRESS) {
        g_string_append(out, ", by ");
        readable_append(out, entry->subject);
    }
    if (entry_scope_parse(entry->scope, &scope) && scope.kind != ENTRY_SCOPE_ALL) {
        g_string_append_printf(out, ", for the %s ", entry_scope_kind_names[scope.kind]);
        readable_append(out, scope.name);
    }
}

static void append_closed(GString *out, const struct store_answer *answer)
{
    for (guint i = 0; i < answer->n_closed; i++) {
        g_string_append(out, i > 0 ? ", " : "; closed: ");
        readable_append(out, answer->closed[i]);
    }
}

static void print_text(const struct output *output, const char *address, const struct store_answer *answer)
{
    g_autofree char *sentence = answer->suppressed ? listing_sentence(answer->entries) : NULL;
    g_autofree char *shown = readable_dup(address);
    g_autoptr(GString) more = g_string_new(NULL);

    if (answer->suppressed)
        append_place(more, answer->entries);
    append_closed(more, answer);
    fprintf(output->stream, "%s: %s%s%s%s%s%s\n", shown,
            output_style(output, answer->suppressed ? OUTPUT_RED : OUTPUT_GREEN),
            answer->suppressed ? "suppressed" : "not suppressed", output_style(output, OUTPUT_PLAIN),
            answer->suppressed ? " " : "", answer->suppressed ? sentence : "", more->str);
}

static bool check_one(struct context *context, const struct check_options *options, const char *address,
                      bool *suppressed, GError **error)
{
    struct store_answer answer;

    if (!store_look_up(context->store, address, &options->asker, context->now, &answer, error))
        return false;
    *suppressed = answer.suppressed;
    if (options->quiet)
        return true;
    if (context->output.json)
        print_json(&context->output, address, &answer);
    else
        print_text(&context->output, address, &answer);
    return true;
}

/* One after the other, in no more memory for a million of them. */
static int check_listed(struct context *context, const struct check_options *options, struct addresses *addresses,
                        GError **error)
{
    const char *address;
    GError *bad = NULL;
    int status = EX_OK;
    bool suppressed;

    while ((address = addresses_next(addresses, &bad)) != NULL ||
           g_error_matches(bad, ADDRESSES_ERROR, ADDRESSES_ERROR_BAD)) {
        if (address == NULL) {
            g_prefix_error(&bad, "check: ");
            status = subcommand_warn(g_steal_pointer(&bad));
        } else if (!check_one(context, options, address, &suppressed, error)) {
            return EX_IOERR;
        } else if (suppressed && status == EX_OK) {
            status = SUPPRESSED;
        }
    }
    if (bad != NULL)
        g_propagate_error(error, bad);
    return status;
}

static int check_given(struct context *context, const struct check_options *options, const GPtrArray *addresses,
                       GError **error)
{
    int status = EX_OK;
    bool suppressed;

    for (guint i = 0; i < addresses->len; i++) {
        if (!check_one(context, options, addresses->pdata[i], &suppressed, error))
            return EX_IOERR;
        status = suppressed ? SUPPRESSED : status;
    }
    return status;
}

static int check(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct check_options *options = data;
    bool listed = addresses_listed(arguments, options->file);
    g_autoptr(Addresses) addresses = addresses_new(arguments, options->file, ADDRESSES_USE_ASK);
    g_autoptr(GPtrArray) given = listed ? NULL : addresses_all(addresses, "check", error);

    if (!listed && given == NULL)
        return EX_DATAERR;
    if (!listed && given->len == 0) {
        subcommand_usage_error(error, "check: expected addresses, - or --file FILE");
        return EX_USAGE;
    }
    if (selection_asking(context, STORE_MODE_READ, &options->asker, error) == NULL)
        return EX_IOERR;
    return listed ? check_listed(context, options, addresses, error) : check_given(context, options, given, error);
}

static const struct option_row rows[] = {
    SELECTION_FOR_STREAM(offsetof(struct check_options, asker.stream)),
    SELECTION_FOR_TENANT(offsetof(struct check_options, asker.tenant)),
    {"file", 0, OPTION_TEXT, offsetof(struct check_options, file), "FILE",
     "read addresses from FILE, one a line; -: from standard input", NULL},
    {"quiet", 'q', OPTION_FLAG, offsetof(struct check_options, quiet), NULL, "say it by the exit status alone", NULL},
    {0},
};

const struct subcommand subcommand_check = {
    .name = "check",
    .arguments = "[ADDRESS|-]...",
    .summary = "Say whether addresses are suppressed, also by the exit status",
    .details = "The exit status is 0 when none of the addresses is suppressed, 1 when one is. A line of a\n"
               "list that is no address is told on standard error, the others are checked, and the status is 65.\n"
               "Without --stream or --tenant only what holds for all mail counts; what is closed besides is named.\n",
    .examples = "  bouncectl check user@example.org\n"
                "  bouncectl check -q user@example.org && send-the-mail\n"
                "  bouncectl check --stream newsletter user@example.org\n"
                "  bouncectl check --json - <addresses.txt\n",
    .max_arguments = G_MAXUINT,
    .options = rows,
    .options_size = sizeof(struct check_options),
    .run = check,
};
