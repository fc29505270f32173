#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/display/cell.h"
#include "cmd/bouncectl/pause.h"
#include "cmd/bouncectl/selection.h"
#include "reports/announcement.h"
#include "reports/moment.h"
#include "reports/readable.h"
#include "store/tail.h"

enum {
    LOOK_EVERY = 200,   /* milliseconds */
    RETURN_EVERY = 500, /* while the database is not there */
    CELLS = 7,
};

static const char *const sides[] = {"events", "changes", NULL};

struct watch_options {
    struct selection selection;
    gint64 lines;
    unsigned only; /* 1 + index in `sides` */
};

struct watch {
    struct context *context;
    const struct output *output;
    const struct watch_options *options;
    struct store_tail *tail;
    struct pause pause;
    GString *lines; /* of a batch: written when nothing of the database is held any more */
};

/* --- lines -------------------------------------------------------------------------------------------------------- */

/* In a pipe cells between tabs, as in every table; on a terminal a line of its width. */
static void append_cells(const struct watch *watch, const char *const cells[CELLS])
{
    g_autoptr(GString) line = g_string_new(NULL);

    for (size_t i = 0; i < CELLS; i++) {
        g_string_append(line, i > 0 ? watch->output->terminal ? "  " : "\t" : "");
        readable_append(line, cells[i] != NULL && *cells[i] != '\0' ? cells[i] : watch->output->terminal ? "-" : "");
    }
    g_autofree char *cut =
        watch->output->terminal ? cell_cut(line->str, watch->output->width, CELL_END) : g_strdup(line->str);
    g_string_append(watch->lines, cut);
    g_string_append_c(watch->lines, '\n');
}

static void append_event(const struct watch *watch, const struct stored_event *row)
{
    const struct event *event = &row->event;
    g_autofree char *at = event_time_format(row->received);
    g_autofree char *type = announcement_type_of_event(row);
    const char *cells[CELLS] = {at,
                                type,
                                event->recipient,
                                reason_names[event->reason],
                                policy_effect_names[row->effect],
                                event->remote_mta != NULL ? event->remote_mta : event->reporting_mta,
                                event->diagnostic};

    append_cells(watch, cells);
}

/* "until 2026-12-01", "for good, stream=news". */
static char *place_text(const struct change *row)
{
    g_autofree char *day = row->until != 0 ? moment_day(row->until) : NULL;
    bool all = strcmp(row->scope, "all") == 0;

    return g_strdup_printf("%s%s%s%s", day != NULL ? "until " : "for good", day != NULL ? day : "", all ? "" : ", ",
                           all ? "" : row->scope);
}

static void append_change(const struct watch *watch, const struct change *row)
{
    g_autofree char *at = event_time_format(row->at);
    g_autofree char *place = place_text(row);
    const char *type = announcement_type_of_change(row);
    const char *cells[CELLS] = {at, type, row->subject, reason_names[row->reason], place, row->who, row->note};

    append_cells(watch, cells);
}

static void append_item(const struct watch *watch, const struct store_tail_item *item)
{
    if (!watch->output->json) {
        if (item->event != NULL)
            append_event(watch, item->event);
        else
            append_change(watch, item->change);
        return;
    }
    if (item->event != NULL)
        announcement_event(watch->lines, NULL, item->event);
    else
        announcement_change(watch->lines, NULL, item->change);
    g_string_append_c(watch->lines, '\n');
}

/* All that has come: as much as could be read, if the rest cannot. */
static bool print_batch(const struct watch *watch, GError **error)
{
    struct store_tail_item item;
    GError *bad = NULL;

    while (store_tail_next(watch->tail, &item, &bad))
        append_item(watch, &item);
    fwrite(watch->lines->str, 1, watch->lines->len, watch->output->stream);
    fflush(watch->output->stream);
    g_string_truncate(watch->lines, 0);
    if (bad == NULL)
        return true;
    g_propagate_error(error, bad);
    return false;
}

/* --- going on ----------------------------------------------------------------------------------------------------- */

static bool begin(struct watch *watch, gint64 before, GError **error)
{
    const struct store_filter filter = selection_filter(&watch->options->selection);
    unsigned only = watch->options->only;
    const struct store_tail_settings settings = {
        .filter = &filter, .events = only != 2, .changes = only != 1, .before = before};

    watch->tail = store_tail_new(watch->context->store, &settings, error);
    return watch->tail != NULL;
}

static void end(struct watch *watch)
{
    g_clear_pointer(&watch->tail, store_tail_free);
    g_clear_pointer(&watch->context->store, store_free);
}

/* A file that is restored, or takes the place of another, is another list: what it holds already is no news. The signal
 * that came meanwhile; 0: the file is there. */
static int find_again(struct watch *watch)
{
    g_autofree char *path = readable_dup(watch->context->config->store_path);
    int signal = 0;

    end(watch);
    fprintf(stderr, "bouncectl: %s was removed or replaced; waiting for it\n", path);
    while (context_store(watch->context, STORE_MODE_READ, NULL) == NULL || !begin(watch, 0, NULL)) {
        end(watch);
        signal = pause_take(&watch->pause, watch->output->stream, RETURN_EVERY);
        if (signal != 0)
            return signal;
    }
    fprintf(stderr, "bouncectl: %s is there; following it from here\n", path);
    return 0;
}

/* Somebody may hold it for a moment, or put another file in its place. */
static bool get_over(const struct watch *watch, GError *bad, GError **error)
{
    if (g_error_matches(bad, STORE_ERROR, STORE_ERROR_BUSY) || store_moved(watch->context->store)) {
        g_error_free(bad);
        return true;
    }
    g_propagate_error(error, bad);
    return false;
}

/* The signal that ended it; 0: an error. */
static int follow(struct watch *watch, GError **error)
{
    GError *bad = NULL;
    int signal = 0;

    while (signal == 0) {
        bool stirred = store_tail_stirred(watch->tail);

        if (stirred && !print_batch(watch, &bad)) {
            if (!get_over(watch, g_steal_pointer(&bad), error))
                return 0;
            stirred = false;
        }
        if (ferror(watch->output->stream) != 0)
            return 0;
        if (store_moved(watch->context->store))
            signal = find_again(watch);
        if (signal == 0)
            signal = pause_take(&watch->pause, watch->output->stream, stirred ? 0 : LOOK_EVERY);
    }
    return signal;
}

static int watch(struct context *context, const void *data, char **arguments G_GNUC_UNUSED, GError **error)
{
    const struct watch_options *options = data;
    g_autoptr(GString) lines = g_string_new(NULL);
    struct watch watch = {.context = context, .output = &context->output, .options = options, .lines = lines};
    int signal = 0;

    if (selection_store(context, STORE_MODE_READ, &options->selection, error) == NULL)
        return EX_IOERR;
    pause_begin(&watch.pause);
    if (begin(&watch, options->lines, error))
        signal = follow(&watch, error);
    pause_end(&watch.pause);
    end(&watch);
    return signal != 0 ? 128 + signal : EX_IOERR;
}

static const struct option_row rows[] = {
    {"lines", 'n', OPTION_NUMBER, offsetof(struct watch_options, lines), "N", "begin with the last N that are there",
     NULL},
    {"only", 0, OPTION_CHOICE, offsetof(struct watch_options, only), "WHAT", "events or changes of the list alone",
     sides},
    SELECTION_KIND,
    SELECTION_RECIPIENT,
    SELECTION_DOMAIN,
    SELECTION_REASON,
    SELECTION_RULE,
    SELECTION_RECEIVER,
    SELECTION_DIAGNOSTIC,
    SELECTION_EVIDENCE,
    SELECTION_STREAM,
    SELECTION_SCOPE,
    SELECTION_STATE,
    {0},
};

const struct subcommand subcommand_watch = {
    .name = "watch",
    .arguments = "",
    .summary = "Follow what is reported and what becomes of the list, as it happens",
    .details = "A line for each, until it is interrupted: when, its type, the address, the reason; of an event what\n"
               "the policy made of it, who said so and the diagnostic; of a change until when, by whom and the note.\n"
               "With --json an object for each, as {\"type\":\"suppression.added\",\"timestamp\":...,\"data\":...}.\n",
    .examples = "  bouncectl watch\n"
                "  bouncectl watch --lines 20 --domain example.org\n"
                "  bouncectl watch --only changes --json | while read -r line; do ...; done\n",
    .options = rows,
    .options_size = sizeof(struct watch_options),
    .run = watch,
};
