#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "reports/json.h"
#include "reports/readable.h"
#include "store/privacy.h"

struct forget_options {
    char *note;
    char *who;
    bool apply;
};

static const struct {
    size_t offset;
    const char *name, *one, *many;
} kinds[] = {
#define KIND(member, one, many)                                                                                        \
    {                                                                                                                  \
        offsetof(struct privacy_traces, member), #member, one, many                                                    \
    }
    KIND(entries, "entry", "entries"),
    KIND(changes, "change", "changes"),
    KIND(events, "event", "events"),
    KIND(messages, "raw message", "raw messages"),
    KIND(outbox, "message in the outbox", "messages in the outbox"),
    KIND(texts, "row about others that names it", "rows about others that name it"),
    KIND(notes, "note or name in the log", "notes or names in the log"),
    KIND(forgiven, "mark of a removal or success", "marks of removals or successes"),
#undef KIND
};

static gint64 count_of(const struct privacy_traces *traces, size_t kind)
{
    return G_STRUCT_MEMBER(gint64, traces, kinds[kind].offset);
}

static void print_json(GString *line, const char *address, const struct privacy_traces *traces, bool applied)
{
    g_string_append(line, "{\"recipient\":");
    json_text(line, address);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        g_string_append_printf(line, ",\"%s\":%" G_GINT64_FORMAT, kinds[i].name, count_of(traces, i));
    g_string_append_printf(line, ",\"applied\":%s}", applied ? "true" : "false");
}

/* "a@example.org: 1 entry, 3 changes" */
static void print_text(GString *line, const char *address, const struct privacy_traces *traces)
{
    g_autofree char *shown = readable_dup(address);
    size_t start;

    g_string_append_printf(line, "%s: ", shown);
    start = line->len;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        gint64 count = count_of(traces, i);
        if (count > 0)
            g_string_append_printf(line, "%s%" G_GINT64_FORMAT " %s", line->len > start ? ", " : "", count,
                                   count == 1 ? kinds[i].one : kinds[i].many);
    }
    if (line->len == start)
        g_string_append(line, "nothing is kept");
}

static void print(const struct output *output, const char *address, const struct privacy_traces *traces, bool applied)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (output->json)
        print_json(line, address, traces, applied);
    else
        print_text(line, address, traces);
    output_line(output, line);
}

static bool forget_all(struct context *context, const struct forget_options *options, char **addresses, GError **error)
{
    g_autofree char *who = context_who(options->who);
    struct privacy_traces traces;

    for (char **address = addresses; *address != NULL; address++) {
        const struct store_order order = {.subject = *address, .who = who, .note = options->note, .now = context->now};
        enum privacy_extent extent = options->apply ? PRIVACY_ERASE : PRIVACY_PREVIEW;

        if (!store_forget(context->store, &order, extent, &traces, error))
            return false;
        print(&context->output, *address, &traces, options->apply);
    }
    return true;
}

/* The octets go from the file once for all of them, also if the last one failed. */
static int wipe(struct context *context, GError **error)
{
    if (store_wipe(context->store, error))
        return EX_OK;
    g_prefix_error(error, "forgotten, but what was erased is still in the files; give the command again: ");
    return EX_TEMPFAIL;
}

static void say_copies(const struct context *context)
{
    g_autofree char *before = g_strconcat(context->config->store_path, ".before", NULL);

    if (g_file_test(before, G_FILE_TEST_EXISTS))
        fprintf(stderr, "bouncectl: %s, which restore kept, still has what it had\n", before);
}

static int run(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct forget_options *options = data;

    if (options->apply && options->note == NULL) {
        subcommand_usage_error(error, "forget: expected --note TEXT, the reason, which is kept");
        return EX_USAGE;
    }
    if (context_store(context, STORE_MODE_WRITE, error) == NULL)
        return EX_IOERR;
    if (!forget_all(context, options, arguments, error))
        return EX_IOERR;
    if (options->apply) {
        say_copies(context);
        return wipe(context, error);
    }
    fputs("bouncectl: nothing was changed; --apply --note TEXT erases it\n", stderr);
    return EX_OK;
}

static const struct option_row rows[] = {
    {"apply", 0, OPTION_FLAG, offsetof(struct forget_options, apply), NULL, "do it; without, it is shown", NULL},
    {"note", 0, OPTION_LINE, offsetof(struct forget_options, note), "TEXT",
     "why; it must be given with --apply, and not name the address", NULL},
    {"who", 0, OPTION_LINE, offsetof(struct forget_options, who), "NAME", "who does it; default: the login name", NULL},
    {0},
};

const struct subcommand subcommand_forget = {
    .name = "forget",
    .arguments = "ADDRESS...",
    .summary = "Erase all that is kept about addresses, but for their suppression",
    .details = "Entries, changes, events, raw messages and texts that name an address go, also from the octets of the\n"
               "file. An entry that is in force holds on by a keyed hash; `remove ADDRESS` lifts it. Nothing brings\n"
               "back what was erased.\n",
    .examples = "  bouncectl forget user@example.org\n"
                "  bouncectl forget user@example.org --apply --note 'request 2026-114'\n",
    .min_arguments = 1,
    .max_arguments = G_MAXUINT,
    .addresses = true,
    .options = rows,
    .options_size = sizeof(struct forget_options),
    .run = run,
};
