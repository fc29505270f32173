#include "cmd/bouncectl/commands/policy_try.h"

#include <string.h>
#include <sysexits.h>

#include "cmd/bouncectl/display/table.h"
#include "cmd/bouncectl/files/numbered.h"
#include "cmd/bouncectl/rehearsal.h"
#include "cmd/bouncectl/subcommand.h"
#include "reports/parsed_event.h"
#include "reports/story/effect.h"

enum { EXPIRED_AT_ONCE = 1000 };

static const struct table_column columns[] = {
    {.heading = "WHEN"},
    {.heading = "LINE", .rank = 4, .right = true},
    {.heading = "RECIPIENT", .cut = CELL_ADDRESS, .least = 20},
    {.heading = "REASON"},
    {.heading = "OUTCOME", .coloured = true},
    {.heading = "SCOPE", .rank = 2},
    {.heading = "UNTIL", .rank = 1},
    {.heading = "WORDS", .rank = 3, .cut = CELL_END, .least = 20},
    {0},
};
static const char *const names[] = {"when", "line", "recipient", "reason", "outcome", "scope", "until", "words"};

struct
try {
    const struct config *config;
    const char *stream;
    struct output output;
    struct table *table; /* NULL: JSON */
    struct numbered *lines;
    struct store *store;
    gint64 sequence; /* of the last change that was printed */
    gint64 now;      /* when the last event came */
    GTree *ends;     /* of entries that expire: gint64 */
};

/* --- what is printed ---------------------------------------------------------------------------------------------- */

static void print(const struct try *try, const char *const *cells)
{
    g_autoptr(GString) line = g_string_new("{");

    if (try->table != NULL) {
        table_add(try->table, cells);
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (cells[i] == NULL || *cells[i] == '\0')
            continue;
        if (strcmp(names[i], "line") == 0)
            g_string_append_printf(line, ",\"line\":%s", cells[i]);
        else
            output_json_member(line, names[i], cells[i]);
    }
    g_string_append_c(line, '}');
    output_line(&try->output, line);
}

static char *format_time(const struct try *try, gint64 seconds)
{
    return try->table != NULL ? table_time(try->table, seconds) : event_time_format(seconds);
}

static void print_event(const struct try *try, const struct stored_event *row)
{
    g_autofree char *when = format_time(try, row->received), *words = effect_text(row);
    g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, numbered_number(try->lines));
    const char *cells[] = {
        when, number, row->event.recipient, reason_names[row->event.reason], policy_effect_names[row->effect], NULL,
        NULL, words};

    print(try, cells);
}

/* Of an event that is about nobody, and is not stored. */
static void print_nobody(const struct try *try, const struct event *event)
{
    static const struct policy_row never;
    const struct stored_event row = {.event = *event, .received = try->now, .effect = policy_decide(&never, event, 1)};

    print_event(try, &row);
}

/* The changes that have no note, and whether an entry stands behind one. There are no waves: an event that is read
 * names no receiver. */
static const struct {
    const char *change, *words;
    bool there;
} changes[] = {
    {"add", "comes on the list", true},
    {"update", "stays on the list", true},
    {"expire", "comes off the list: its time is over", false},
};

static void print_change(const struct try *try, const struct change *row)
{
    bool expires = strcmp(row->change, "expire") == 0;
    const char *words = row->note, *until = NULL;
    g_autofree char *when = format_time(try, expires ? row->until : row->at), *end = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        if (strcmp(changes[i].change, row->change) != 0)
            continue;
        words = words == NULL ? changes[i].words : words;
        end = row->until != 0 ? format_time(try, row->until) : g_strdup("for good");
        until = changes[i].there ? end : NULL;
    }
    const char *cells[] = {when, NULL, row->subject, reason_names[row->reason], row->change, row->scope, until, words};
    print(try, cells);
}

/* --- going through it --------------------------------------------------------------------------------------------- */

static gint compare(gconstpointer a, gconstpointer b, gpointer data)
{
    const gint64 *one = a, *other = b;

    (void)data;
    return (*one > *other) - (*one < *other);
}

static void remember_end(const struct try *try, gint64 until)
{
    if (until != 0)
        g_tree_insert(try->ends, g_memdup2(&until, sizeof until), NULL);
}

static bool print_changes(struct try *try, GError **error)
{
    const struct store_filter filter = {.after = try->sequence};
    GError *bad = NULL;
    g_autoptr(StoreCursor) cursor = store_changes(try->store, &filter, &bad);
    struct change row;

    while (cursor != NULL && store_next_change(cursor, &row, &bad)) {
        try->sequence = row.sequence;
        print_change(try, &row);
        remember_end(try, row.until);
    }
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

/* Takes off the list what is to come off by `now`, each at its time. */
static bool pass_time(struct try *try, gint64 now, GError **error)
{
    static const struct store_keeping keeping;
    GTreeNode *first;

    while ((first = g_tree_node_first(try->ends)) != NULL) {
        gint64 end = *(const gint64 *)g_tree_node_key(first);
        bool more = true;

        if (end > now)
            break;
        g_tree_remove(try->ends, &end);
        while (more) {
            if (!store_maintain(try->store, &keeping, end, EXPIRED_AT_ONCE, &more, error))
                return false;
        }
        if (!print_changes(try, error))
            return false;
    }
    return true;
}

/* May an unproven one suppress? As the return path of its stream says. */
static bool unproven_suppresses(const struct config *config, const char *stream)
{
    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];
        if (path->stream != NULL && g_strcmp0(path->stream, stream) == 0)
            return path->unproven_suppresses;
    }
    return config->ingest_unproven_suppresses;
}

static bool add(const struct try *try, const struct event *event, GError **error)
{
    guint8 digest[STORE_DIGEST_SIZE] = {0};
    guint64 number = numbered_number(try->lines);
    const struct store_message message = {.digest = digest, .received = try->now, .source = "try"};

    memcpy(digest, &number, sizeof number);
    if (!store_begin(try->store, error))
        return false;
    return (store_add(try->store, &message, event, 1, error) == STORE_RESULT_ADDED || store_undo(try->store)) &&
           store_commit(try->store, error);
}

static bool print_effect(const struct try *try, const char *recipient, GError **error)
{
    const struct store_filter filter = {.recipient = recipient, .limit = 1};
    GError *bad = NULL;
    g_autoptr(StoreCursor) cursor = store_events(try->store, &filter, &bad);
    struct stored_event row;

    while (cursor != NULL && store_next_event(cursor, &row, &bad))
        print_event(try, &row);
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

static bool try_event(struct try *try, const struct parsed_event *parsed, GError **error)
{
    struct event event = *parsed_event_event(parsed);
    gint64 received = parsed_event_received(parsed);

    if (received < try->now) {
        g_set_error(error, PARSED_EVENT_ERROR, 0, "it is from before the line above it; sort them by their times");
        return false;
    }
    if (event.stream == NULL)
        event.stream = try->stream;
    event.may_suppress = event.evidence != REPORT_EVIDENCE_UNPROVEN || unproven_suppresses(try->config, event.stream);
    if (!pass_time(try, received, error))
        return false;
    try->now = received;
    if (event.recipient == NULL) {
        print_nobody(try, &event);
        return true;
    }
    return add(try, &event, error) && print_effect(try, event.recipient, error) && print_changes(try, error);
}

static bool try_all(struct try *try, GError **error)
{
    const GString *line;
    GError *bad = NULL;

    while ((line = numbered_next(try->lines, &bad)) != NULL) {
        if (strspn(line->str, " \t") == line->len)
            continue;
        g_autoptr(ParsedEvent) parsed = parsed_event_new(line->str, line->len, &bad);
        g_autofree char *place = numbered_place(try->lines);
        if (parsed != NULL && try_event(try, parsed, &bad))
            continue;
        g_prefix_error(&bad, "%s", place);
        break;
    }
    if (bad != NULL)
        g_propagate_error(error, bad);
    return bad == NULL;
}

int policy_try(struct context *context, const char *file, const char *stream, GError **error)
{
    const struct config *config = context_config(context, error);
    g_autoptr(Rehearsal) rehearsal = config != NULL ? rehearsal_new_empty(config, error) : NULL;
    g_autoptr(Numbered) lines = rehearsal != NULL ? numbered_open(file, error) : NULL;

    if (lines == NULL)
        return EX_UNAVAILABLE;
    struct try try = {.config = config,
                      .stream = stream,
                      .output = context->output,
                      .lines = lines,
                      .store = rehearsal_store(rehearsal)};
    try.output.chosen = NULL;
    g_autoptr(Table) table = context->output.json ? NULL : table_new(&try.output, columns, "no events");
    g_autoptr(GTree) ends = g_tree_new_full(compare, NULL, g_free, NULL);
    try.table = table;
    try.ends = ends;
    return try_all(&try, error) ? EX_OK : EX_DATAERR;
}
