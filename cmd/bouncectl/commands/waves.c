#include "store/wave.h"

#include <string.h>
#include <sysexits.h>

#include "cmd/batches/batch.h"
#include "cmd/bouncectl/bulk.h"
#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "reports/json.h"
#include "reports/moment.h"
#include "reports/readable.h"

enum {
    ENTRIES_AT_ONCE = 500, /* in one transaction: the daemon waits a few milliseconds for it */
    WAVES_AT_ONCE = 100,
    SHOWN = 100, /* addresses, without --limit */
};

struct waves_options {
    char *note;
    char *who;
    gint64 limit;
    bool apply;
};

static const struct table_column columns[] = {
    {.heading = "WAVE", .right = true},
    {.heading = "RECEIVER", .cut = CELL_END, .least = 12},
    {.heading = "RULE", .rank = 1, .cut = CELL_END, .least = 12},
    {.heading = "BEGAN", .rank = 2},
    {.heading = "ENDED", .rank = 3},
    {.heading = "FAILURES", .rank = 4, .right = true},
    {.heading = "BASELINE", .rank = 7, .right = true},
    {.heading = "HELD", .right = true},
    {.heading = "CONFIRMED", .rank = 5, .right = true},
    {.heading = "DROPPED", .rank = 6, .right = true},
    {0},
};

/* --- the list ----------------------------------------------------------------------------------------------------- */

static void add_row(struct table *table, const struct wave *wave)
{
    const gint64 numbers[] = {wave->failures, wave->baseline, wave->held, wave->confirmed, wave->dropped};
    char *texts[G_N_ELEMENTS(numbers)];
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, wave->id);
    g_autofree char *began = table_time(table, wave->began), *ended = table_time(table, wave->ended);

    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        texts[i] = g_strdup_printf("%" G_GINT64_FORMAT, numbers[i]);
    const char *cells[] = {id,       wave->receiver, wave->rule, began,    ended,
                           texts[0], texts[1],       texts[2],   texts[3], texts[4]};
    table_add(table, cells);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        g_free(texts[i]);
}

static void print_wave(const struct output *output, struct table *table, const struct wave *wave)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (table != NULL) {
        add_row(table, wave);
        return;
    }
    json_wave(line, wave);
    output_line(output, line);
}

static int list(struct context *context, const struct waves_options *options, GError **error)
{
    struct store *store = context_store(context, STORE_MODE_READ, error);
    gint64 left = options->limit > 0 ? options->limit : G_MAXINT64, before = 0;

    if (store == NULL)
        return EX_IOERR;
    g_autoptr(Table) table = context->output.json ? NULL : table_new(&context->output, columns, "there was no wave");
    for (bool more = true; more;) {
        unsigned limit = (unsigned)MIN(left, WAVES_AT_ONCE);
        g_autoptr(GPtrArray) waves = wave_list(store, before, limit, error);

        if (waves == NULL)
            return EX_IOERR;
        for (guint i = 0; i < waves->len; i++) {
            const struct wave *wave = waves->pdata[i];
            print_wave(&context->output, table, wave);
            before = wave->id;
        }
        left -= waves->len;
        more = left > 0 && waves->len == limit;
    }
    return EX_OK;
}

/* --- one ---------------------------------------------------------------------------------------------------------- */

static void append_fact(GString *text, const char *name, char *value)
{
    g_string_append_printf(text, "  %-10s %s\n", name, value);
    g_free(value);
}

static char *time_text(gint64 seconds, const char *none)
{
    return seconds != 0 ? moment_text(seconds) : g_strdup(none);
}

static void tell_wave(struct context *context, const struct wave *wave, const GPtrArray *subjects)
{
    g_autofree char *receiver = readable_dup(wave->receiver), *rule = readable_dup(wave->rule);
    g_autoptr(GString) text = g_string_new(NULL);

    g_string_append_printf(text, "Wave %" G_GINT64_FORMAT ": %s, by the rule %s\n", wave->id, receiver, rule);
    append_fact(text, "began", time_text(wave->began, ""));
    append_fact(text, "alarm", time_text(wave->raised, ""));
    append_fact(text, "ended", time_text(wave->ended, "it is on"));
    if (wave->closed != 0)
        append_fact(text, "closed", time_text(wave->closed, ""));
    append_fact(text, "failures",
                g_strdup_printf("%" G_GINT64_FORMAT "; the alarm came at %" G_GINT64_FORMAT
                                " in an hour, the baseline was %" G_GINT64_FORMAT,
                                wave->failures, wave->level, wave->baseline));
    append_fact(text, "entries",
                g_strdup_printf("%" G_GINT64_FORMAT " held, %" G_GINT64_FORMAT " took effect, %" G_GINT64_FORMAT
                                " dropped",
                                wave->held, wave->confirmed, wave->dropped));
    if (subjects->len > 0)
        g_string_append_printf(text, "\nHeld%s\n", wave->held > subjects->len ? " (the first, see --limit)" : "");
    for (guint i = 0; i < subjects->len; i++) {
        g_autofree char *subject = readable_dup(subjects->pdata[i]);
        g_string_append_printf(text, "  %s\n", subject);
    }
    g_string_truncate(text, text->len - 1);
    output_line(&context->output, text);
}

static void print_one(struct context *context, const struct wave *wave, const GPtrArray *subjects)
{
    g_autoptr(GString) line = g_string_new(NULL);

    json_wave(line, wave);
    g_string_truncate(line, line->len - 1);
    g_string_append(line, ",\"addresses\":[");
    for (guint i = 0; i < subjects->len; i++) {
        g_string_append(line, i > 0 ? "," : "");
        json_text(line, subjects->pdata[i]);
    }
    g_string_append(line, "]}");
    output_line(&context->output, line);
}

static int show(struct context *context, struct store *store, const struct waves_options *options,
                const struct wave *wave, GError **error)
{
    gint64 limit = options->limit > 0 ? options->limit : SHOWN;
    g_autoptr(GPtrArray) subjects = wave_subjects(store, wave->id, (unsigned)MIN(limit, G_MAXINT), error);

    if (subjects == NULL)
        return EX_IOERR;
    if (context->output.json)
        print_one(context, wave, subjects);
    else
        tell_wave(context, wave, subjects);
    return EX_OK;
}

typedef bool settle(struct store *store, gint64 id, const struct store_order *order, unsigned limit, unsigned *n,
                    GError **error);

/* An entry that comes meanwhile stays held; `*done` is how many were decided about. */
static int settle_all(struct context *context, const struct wave *wave, const struct store_order *order,
                      settle *settle_some, guint64 *done, GError **error)
{
    struct bulk *bulk =
        bulk_new_counted(context, settle_some == wave_confirm ? "confirming" : "dropping", (guint64)wave->held);
    bool good = true;

    for (guint most = bulk_begin(bulk, ENTRIES_AT_ONCE); good && most > 0;
         most = good ? bulk_begin(bulk, ENTRIES_AT_ONCE) : 0) {
        unsigned n = 0;

        good = settle_some(context->store, wave->id, order, most, &n, error);
        *done += good ? n : 0;
        good = good && bulk_rest(bulk, error);
    }
    return bulk_end(bulk, good ? EX_OK : EX_IOERR, error);
}

static int decide(struct context *context, const struct waves_options *options, const struct wave *wave,
                  settle *settle_some, GError **error)
{
    g_autofree char *who = context_who(options->who);
    g_autofree char *note =
        g_strdup_printf("wave %" G_GINT64_FORMAT ": %s", wave->id, options->note != NULL ? options->note : "");
    g_autofree char *batch = batch_name(context->now);
    const struct store_order order = {
        .who = who, .note = note, .batch = batch, .now = context->now, .door = STORE_DOOR_CLI};
    bool confirms = settle_some == wave_confirm;
    guint64 n = options->apply ? 0 : (guint64)wave->held;
    int status = options->apply ? settle_all(context, wave, &order, settle_some, &n, error) : EX_OK;

    fprintf(stderr, "bouncectl: %" G_GUINT64_FORMAT " held %s %s%s\n", n, n == 1 ? "entry" : "entries",
            options->apply ? "" : "would ",
            confirms ? (options->apply ? "took effect" : "take effect") : (options->apply ? "dropped" : "be dropped"));
    if (!options->apply)
        fputs("bouncectl: --apply --note TEXT does it\n", stderr);
    else if (n > 0)
        bulk_say_name(batch);
    return status;
}

/* --- which -------------------------------------------------------------------------------------------------------- */

static int usage(GError **error)
{
    subcommand_usage_error(error, "waves: expected nothing, or show, confirm or drop and the number of a wave");
    return EX_USAGE;
}

static int act(struct context *context, const struct waves_options *options, const char *verb, gint64 id,
               GError **error)
{
    bool shows = strcmp(verb, "show") == 0;
    enum store_mode mode = options->apply && !shows ? STORE_MODE_WRITE : STORE_MODE_READ;
    struct store *store = context_store(context, mode, error);
    GError *bad = NULL;

    if (store == NULL)
        return EX_IOERR;
    g_autoptr(Wave) wave = wave_find(store, id, &bad);
    if (bad != NULL) {
        g_propagate_error(error, bad);
        return EX_IOERR;
    }
    if (wave == NULL) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_NOINPUT, "there is no wave %" G_GINT64_FORMAT, id);
        return EX_NOINPUT;
    }
    if (shows)
        return show(context, store, options, wave, error);
    return decide(context, options, wave, strcmp(verb, "confirm") == 0 ? wave_confirm : wave_drop, error);
}

static int run(struct context *context, const void *data, char **arguments, GError **error)
{
    static const char *const verbs[] = {"show", "confirm", "drop", NULL};
    const struct waves_options *options = data;
    guint64 id;

    if (arguments[0] == NULL)
        return list(context, options, error);
    if (!g_strv_contains(verbs, arguments[0]) || arguments[1] == NULL ||
        !g_ascii_string_to_unsigned(arguments[1], 10, 1, G_MAXINT64, &id, NULL))
        return usage(error);
    if (options->apply && options->note == NULL) {
        subcommand_usage_error(error, "waves: expected --note TEXT, the reason, which is kept");
        return EX_USAGE;
    }
    return act(context, options, arguments[0], (gint64)id, error);
}

static const struct option_row rows[] = {
    {"apply", 0, OPTION_FLAG, offsetof(struct waves_options, apply), NULL, "do it; without, it is shown", NULL},
    {"note", 0, OPTION_LINE, offsetof(struct waves_options, note), "TEXT", "why; it must be given with --apply", NULL},
    {"who", 0, OPTION_LINE, offsetof(struct waves_options, who), "NAME", "who does it; default: the login name", NULL},
    {"limit", 'n', OPTION_NUMBER, offsetof(struct waves_options, limit), "N",
     "at most N waves; of `show`, addresses; default: all, and 100", NULL},
    {0},
};

const struct subcommand subcommand_waves = {
    .name = "waves",
    .arguments = "[show|confirm|drop WAVE]",
    .summary = "Show receivers that failed far more mail than usual, and decide what is held",
    .details =
        "A receiver that suddenly says of many mailboxes that they do not exist may be at fault itself. Its word by\n"
        "that rule is held: the entries are there, and not in force. One takes effect when its address fails hard\n"
        "again a day after the wave or later, and goes when mail goes through, or after `hold` of [wave]. `confirm`\n"
        "puts all that a wave holds in force now; `drop` takes it off the list, and what failed counts no more.\n",
    .examples = "  bouncectl waves\n"
                "  bouncectl waves show 7\n"
                "  bouncectl waves drop 7 --apply --note 'their status page says so'\n",
    .max_arguments = 2,
    .options = rows,
    .options_size = sizeof(struct waves_options),
    .columns = columns,
    .paged = true,
    .run = run,
};
