#include "reports/story/chronicle.h"

#include <string.h>

#include "reports/moment.h"
#include "reports/readable.h"
#include "reports/story/lines.h"
#include "reports/story/view.h"

/* Until when an address was on the list after a change. */
struct place {
    bool listed;
    gint64 until; /* 0: for good */
};

/* While the changes are gone through; one of another scope is another entry's. */
struct chronicle {
    const struct question *question;
    GHashTable *places; /* scope to struct place */
    GQueue lines;       /* of char *: the changes, the newest ones alone if not all are wanted */
    guint left;         /* how many are not told */
};

static bool is_end(const struct change *change)
{
    return strcmp(change->change, "remove") == 0 || strcmp(change->change, "expire") == 0 ||
           strcmp(change->change, "forget") == 0;
}

static char *until_text(gint64 until)
{
    g_autofree char *text = until != 0 ? moment_text(until) : NULL;

    return until != 0 ? g_strconcat("until ", text, NULL) : g_strdup("for good");
}

/* ", until 2026-11-30 09:30 (for 2d); it was for good". */
static void append_place(GString *out, const struct change *row, const struct place *before)
{
    g_autofree char *until = until_text(row->until);
    bool lasts = !is_end(row);

    if (lasts)
        g_string_append_printf(out, ", %s", until);
    if (lasts && row->until > row->at) {
        g_autofree char *span = moment_span(row->until - row->at);
        g_string_append_printf(out, " (for %s)", span);
    }
    if (row->wave != 0)
        g_string_append_printf(out, ", held by wave %" G_GINT64_FORMAT, row->wave);
    if (before != NULL && before->listed && (!lasts || before->until != row->until)) {
        g_autofree char *old = until_text(before->until);
        g_string_append_printf(out, "; it was %s", old);
    }
}

/* By whom, and by which door where that does not go without saying. */
static void append_author(GString *out, const struct change *row)
{
    g_string_append(out, ", by ");
    readable_append(out, row->who);
    if (row->door != STORE_DOOR_CLI && row->door != STORE_DOOR_POLICY)
        g_string_append_printf(out, " (%s)", store_door_names[row->door]);
}

/* "2026-11-28 09:30  add: user_unknown, by policy, until 2026-11-30 09:30 (for 2d)", and what belongs to it. */
static char *change_lines(const struct chronicle *chronicle, const struct change *row, const struct place *before)
{
    const struct lines_style *style = chronicle->question->style;
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *at = moment_text(row->at);
    const char *reason = reason_names[row->reason];

    g_string_append_printf(out, "%s  %s%s%s", at, row->change, *reason != '\0' ? ": " : "", reason);
    if (strcmp(row->scope, "all") != 0) {
        g_string_append(out, ", for ");
        readable_append(out, row->scope);
    }
    append_author(out, row);
    append_place(out, row, before);
    g_string_append_c(out, '\n');
    lines_field(out, style, "note", row->note);
    lines_field(out, style, "batch", row->batch);
    lines_field(out, style, "message", row->digest);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* The last one that ended an entry. */
static void note_end(struct chronicle_end *end, const struct change *row)
{
    guint changes = end->changes + 1;

    chronicle_end_clear(end);
    end->changes = changes;
    if (strcmp(row->change, "expire") == 0)
        end->expired = row->until;
    if (strcmp(row->change, "remove") != 0)
        return;
    end->removed = row->at;
    end->remover = g_strdup(row->who);
    end->note = g_strdup(row->note);
    end->batch = g_strdup(row->batch);
}

static void take(struct chronicle *chronicle, const struct change *row, struct chronicle_end *end)
{
    struct place *place = g_new(struct place, 1);

    g_queue_push_tail(&chronicle->lines,
                      change_lines(chronicle, row, g_hash_table_lookup(chronicle->places, row->scope)));
    if (!chronicle->question->all && chronicle->lines.length > QUESTION_NEWEST) {
        g_free(g_queue_pop_head(&chronicle->lines));
        chronicle->left++;
    }
    *place = (struct place){!is_end(row), row->until};
    g_hash_table_insert(chronicle->places, g_strdup(row->scope), place);
    note_end(end, row);
}

/* The daemon takes them off the list, and logs that, when it comes to it. */
static void tell_expired(const struct chronicle *chronicle, GString *out, struct chronicle_end *end)
{
    GHashTableIter iter;
    gpointer scope, value;

    g_hash_table_iter_init(&iter, chronicle->places);
    while (g_hash_table_iter_next(&iter, &scope, &value)) {
        const struct place *place = value;
        if (!place->listed || place->until == 0 || place->until > chronicle->question->now)
            continue;
        g_autofree char *at = moment_text(place->until);
        g_string_append_printf(out, "%s  expired\n", at);
        end->expired = MAX(end->expired, place->until);
    }
}

static void tell(const struct chronicle *chronicle, GString *out, struct chronicle_end *end)
{
    lines_heading(out, chronicle->question->style, "Changes of the list");
    if (chronicle->left != 0) {
        g_autofree char *left = lines_number(chronicle->left, "change");
        g_string_append_printf(out, "(%s before these; --all tells them)\n", left);
    }
    for (const GList *line = chronicle->lines.head; line != NULL; line = line->next)
        g_string_append(out, line->data);
    tell_expired(chronicle, out, end);
    if (chronicle->lines.length == 0)
        g_string_append(out, "nothing\n");
}

bool chronicle_tell(const struct question *question, GString *out, struct chronicle_end *end, GError **error)
{
    const struct store_filter filter = {.recipient = question->address};
    g_autoptr(StoreCursor) cursor = store_changes(question->store, &filter, error);
    struct chronicle chronicle = {.question = question, .lines = G_QUEUE_INIT};
    struct change row;
    GError *bad = NULL;

    *end = (struct chronicle_end){0};
    if (cursor == NULL)
        return false;
    chronicle.places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    while (view_next_change(question, cursor, &row, &bad))
        take(&chronicle, &row, end);
    tell(&chronicle, out, end);
    g_hash_table_unref(chronicle.places);
    g_queue_clear_full(&chronicle.lines, g_free);
    if (bad == NULL)
        return true;
    g_propagate_error(error, bad);
    return false;
}

void chronicle_end_clear(struct chronicle_end *end)
{
    g_free(end->remover);
    g_free(end->note);
    g_free(end->batch);
    *end = (struct chronicle_end){0};
}
