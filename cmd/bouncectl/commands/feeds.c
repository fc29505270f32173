#include "store/feed.h"

#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/table.h"
#include "reports/json.h"
#include "reports/moment.h"
#include "store/store.h"

struct feeds_options {
    char *since;
};

static const struct table_column columns[] = {
    {.heading = "FEED", .cut = CELL_END, .least = 8},
    {.heading = "STATE"},
    {.heading = "CHANGES", .right = true},
    {.heading = "EVENTS", .right = true},
    {.heading = "OLDEST", .rank = 3},
    {.heading = "DELIVERED", .rank = 5},
    {.heading = "TRIES", .rank = 4, .right = true},
    {.heading = "NEXT", .rank = 2},
    {.heading = "ERROR", .rank = 1, .cut = CELL_END, .least = 12},
    {0},
};

/* A feed, and how far it is behind. */
struct standing {
    const struct feed_state *state;
    bool configured; /* the config has it */
    struct feed_lag lag;
};

static bool has_feed(const struct config *config, const char *name)
{
    for (guint i = 0; i < config->feeds->len; i++) {
        if (strcmp(((const struct feed_config *)config->feeds->pdata[i])->name, name) == 0)
            return true;
    }
    return false;
}

static const char *state_word(const struct standing *standing)
{
    const struct feed_state *state = standing->state;

    if (!standing->configured)
        return "unused";
    if (state->paused)
        return "paused";
    if (state->dead)
        return "dead";
    return state->failing_since != 0 ? "failing" : "good";
}

/* --- printing ----------------------------------------------------------------------------------------------------- */

static void add_row(struct table *table, const struct standing *standing)
{
    const struct feed_state *state = standing->state;
    g_autofree char *changes = g_strdup_printf("%" G_GINT64_FORMAT, standing->lag.changes);
    g_autofree char *events = g_strdup_printf("%" G_GINT64_FORMAT, standing->lag.events);
    g_autofree char *oldest = table_time(table, standing->lag.oldest);
    g_autofree char *delivered = table_time(table, state->delivered);
    g_autofree char *attempts = g_strdup_printf("%u", state->attempts);
    g_autofree char *next = table_time(table, state->next);
    const char *cells[] = {state->name, state_word(standing), changes, events, oldest, delivered, attempts,
                           next,        state->error};

    table_add(table, cells);
}

static void add_time(GString *line, const char *name, gint64 seconds)
{
    g_autofree char *text = event_time_format(seconds);

    if (seconds != 0)
        g_string_append_printf(line, ",\"%s\":\"%s\"", name, text);
}

static void print_json(const struct output *output, const struct standing *standing)
{
    const struct feed_state *state = standing->state;
    g_autofree char *cursor = store_position_format(&state->position);
    g_autoptr(GString) line = g_string_new("{\"feed\":");

    json_text(line, state->name);
    g_string_append_printf(line, ",\"state\":\"%s\",\"changes\":%" G_GINT64_FORMAT ",\"events\":%" G_GINT64_FORMAT,
                           state_word(standing), standing->lag.changes, standing->lag.events);
    add_time(line, "oldest", standing->lag.oldest);
    add_time(line, "delivered", state->delivered);
    add_time(line, "failing_since", state->failing_since);
    g_string_append_printf(line, ",\"attempts\":%u", state->attempts);
    add_time(line, "tried", state->tried);
    add_time(line, "next", state->next);
    if (state->error != NULL) {
        g_string_append(line, ",\"error\":");
        json_text(line, state->error);
    }
    g_string_append_printf(line, ",\"test_pending\":%s,\"cursor\":\"%s\"}",
                           state->asked != state->tested ? "true" : "false", cursor);
    output_line(output, line);
}

static int print(struct context *context, const GPtrArray *states, GError **error)
{
    const struct config *config = context_config(context, error);
    g_autoptr(Table) table = context->output.json ? NULL : table_new(&context->output, columns, "there are no feeds");

    for (guint i = 0; config != NULL && i < states->len; i++) {
        const struct feed_state *state = g_ptr_array_index(states, i);
        struct standing standing = {.state = state, .configured = has_feed(config, state->name)};

        if (!store_feed_lag(context->store, &standing.state->position, &standing.lag, error))
            return EX_IOERR;
        if (table != NULL)
            add_row(table, &standing);
        else
            print_json(&context->output, &standing);
    }
    return config != NULL ? EX_OK : EX_CONFIG;
}

/* --- orders ------------------------------------------------------------------------------------------------------- */

/* A feed cannot go on from one that is beyond the end. That one is of another database, the store tells itself. */
static bool check_cursor(struct context *context, const struct store_position *position, GError **error)
{
    struct store_position end;

    if (!store_position_end(context->store, &end, error))
        return false;
    if (position->timeline != end.timeline || (position->event <= end.event && position->change <= end.change))
        return true;
    g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR, "--since: that cursor is still to come");
    return false;
}

/* A cursor, or a time. */
static bool read_place(struct context *context, const char *text, struct store_position *position, GError **error)
{
    gint64 moment;

    if (store_position_parse(text, position))
        return check_cursor(context, position, error);
    if (!moment_parse(text, context->now, &moment, error))
        return false;
    if (moment <= context->now)
        return store_position_since(context->store, moment, position, error);
    subcommand_usage_error(error, "feeds: --since: that time is still to come");
    return false;
}

static bool pause_it(struct context *context, const char *name, const char *since G_GNUC_UNUSED, bool *found,
                     GError **error)
{
    return store_feed_pause(context->store, name, found, error);
}

static bool resume_it(struct context *context, const char *name, const char *since G_GNUC_UNUSED, bool *found,
                      GError **error)
{
    return store_feed_resume(context->store, name, found, error);
}

static bool test_it(struct context *context, const char *name, const char *since G_GNUC_UNUSED, bool *found,
                    GError **error)
{
    return store_feed_test(context->store, name, context->now, found, error);
}

static bool replay_it(struct context *context, const char *name, const char *since, bool *found, GError **error)
{
    struct store_position position;

    return read_place(context, since, &position, error) &&
           store_feed_replay(context->store, name, &position, found, error);
}

/* The daemon would go on with one that the config has. */
static bool drop_it(struct context *context, const char *name, const char *since G_GNUC_UNUSED, bool *found,
                    GError **error)
{
    const struct config *config = context_config(context, error);

    if (config == NULL)
        return false;
    if (!has_feed(config, name))
        return store_feed_drop(context->store, name, found, error);
    g_set_error(error, SUBCOMMAND_ERROR, EX_DATAERR, "the config has [feed %s]: take it out, and reload, before", name);
    return false;
}

static const struct order {
    const char *verb;
    bool (*give)(struct context *context, const char *name, const char *since, bool *found, GError **error);
    const char *said;
} orders[] = {
    {"pause", pause_it, "is paused; what comes meanwhile waits"},
    {"resume", resume_it, "goes on"},
    {"test", test_it, "is to send a test; `feeds show` tells what became of it"},
    {"replay", replay_it, "goes on from there"},
    {"drop", drop_it, "is forgotten"},
};

static int no_such_feed(const char *name, GError **error)
{
    g_set_error(error, SUBCOMMAND_ERROR, EX_NOINPUT, "there is no feed \"%s\"", name);
    return EX_NOINPUT;
}

static int give(struct context *context, const struct order *order, const char *name, const char *since, GError **error)
{
    bool found = false;

    if (context_store(context, STORE_MODE_WRITE, error) == NULL || !order->give(context, name, since, &found, error))
        return EX_IOERR; /* but for an error that says otherwise */
    if (!found)
        return no_such_feed(name, error);
    fprintf(stderr, "bouncectl: the feed %s %s\n", name, order->said);
    return EX_OK;
}

static int show(struct context *context, const char *name, GError **error)
{
    struct store *store = context_store(context, STORE_MODE_READ, error);
    g_autoptr(GPtrArray) states = store != NULL ? store_feeds(store, error) : NULL;

    if (states == NULL)
        return EX_IOERR;
    for (guint i = states->len; name != NULL && i > 0; i--) {
        const struct feed_state *state = g_ptr_array_index(states, i - 1);
        if (strcmp(state->name, name) != 0)
            g_ptr_array_remove_index(states, i - 1);
    }
    return name != NULL && states->len == 0 ? no_such_feed(name, error) : print(context, states, error);
}

static int feeds(struct context *context, const void *data, char **arguments, GError **error)
{
    const struct feeds_options *options = data;
    const char *verb = arguments[0], *name = verb != NULL ? arguments[1] : NULL;
    bool replays = g_strcmp0(verb, "replay") == 0;

    if ((options->since != NULL) != replays || (verb != NULL && name == NULL)) {
        subcommand_usage_error(error,
                               "feeds: expected nothing, or show, pause, resume, test, replay or drop and the name of"
                               " a feed; replay takes --since, and nothing else does");
        return EX_USAGE;
    }
    if (verb == NULL || strcmp(verb, "show") == 0)
        return show(context, name, error);
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        if (strcmp(orders[i].verb, verb) == 0)
            return give(context, &orders[i], name, options->since, error);
    }
    subcommand_usage_error(error, "feeds: \"%s\" is none of show, pause, resume, test, replay and drop", verb);
    return EX_USAGE;
}

static const struct option_row rows[] = {
    {"since", 0, OPTION_TEXT, offsetof(struct feeds_options, since), "WHEN",
     "of `replay`: go on from then, 2026-11-22, RFC 3339, today, 7d (ago) or now, or from a cursor", NULL},
    {0},
};

const struct subcommand subcommand_feeds = {
    .name = "feeds",
    .arguments = "[show|pause|resume|test|replay|drop FEED]",
    .summary = "Show how far those who are told of changes are, and what went wrong",
    .details =
        "CHANGES and EVENTS have come and were not delivered yet, the first at OLDEST; some of them the feed's filter\n"
        "may leave out. A feed that is dead gave up, or was told to: `resume` brings it back. `replay` sends again "
        "all\n"
        "that is kept since then, with the ids that it had. The daemon sees an order within a second.\n"
        "One that is unused is in the config no more; `drop` forgets it.\n",
    .examples = "  bouncectl feeds\n"
                "  bouncectl feeds test crm\n"
                "  bouncectl feeds replay crm --since 2h\n",
    .max_arguments = 2,
    .options = rows,
    .options_size = sizeof(struct feeds_options),
    .columns = columns,
    .run = feeds,
};
