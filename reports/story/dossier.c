#include "reports/story/dossier.h"

#include <string.h>

#include "reports/json.h"
#include "reports/story/standing.h"
#include "reports/story/view.h"
#include "store/entry_key.h"

static bool finish(GError *bad, GError **error)
{
    if (bad == NULL)
        return true;
    g_propagate_error(error, bad);
    return false;
}

static void append_time(GString *out, const char *name, gint64 seconds)
{
    g_autofree char *text = event_time_format(seconds);

    g_string_append_printf(out, ",\"%s\":\"%s\"", name, text);
}

/* The answer of a look-up, and the entry that decides. */
static bool list_standing(const struct question *question, GString *out, GError **error)
{
    static const struct store_asker anybody = {0};
    const struct store_asker *asker = question->asker != NULL ? question->asker : &anybody;
    struct store_answer answer;

    if (!store_look_up(question->store, question->address, asker, question->now, &answer, error))
        return false;
    bool own = answer.suppressed && entry_subject_kind(answer.entries[0].subject) == ENTRY_SUBJECT_ADDRESS;
    g_string_append(out, "{\"recipient\":");
    json_text(out, own ? answer.entries[0].subject : question->address);
    g_string_append_printf(out, ",\"suppressed\":%s", answer.suppressed ? "true" : "false");
    if (answer.suppressed) {
        struct suppression decisive = answer.entries[0];
        audience_hide(&question->audience, &decisive);
        g_string_append(out, ",\"suppression\":");
        json_suppression(out, &decisive);
    }
    return true;
}

static bool list_entries_of(const struct question *question, const char *subject, GString *out, GError **error)
{
    const struct store_filter filter = {.recipient = subject, .asker = question->asker};
    g_autoptr(StoreCursor) cursor = store_suppressions(question->store, &filter, question->now, error);
    struct suppression entry;
    GError *bad = NULL;

    while (cursor != NULL && view_next_entry(question, cursor, &entry, &bad)) {
        g_string_append(out, out->str[out->len - 1] == '[' ? "" : ",");
        json_suppression(out, &entry);
    }
    return cursor != NULL && finish(bad, error);
}

/* An address that was forgotten has no entry to be found, but is suppressed yet. */
static bool list_forgotten(const struct question *question, GString *out, GError **error)
{
    struct store_answer answer;

    if (!store_forgotten(question->store, question->address, question->asker, question->now, &answer, error))
        return false;
    for (guint i = 0; i < answer.n; i++) {
        if (!view_applies(question, answer.entries[i].scope))
            continue;
        g_string_append(out, out->str[out->len - 1] == '[' ? "" : ",");
        json_suppression(out, &answer.entries[i]);
    }
    return true;
}

static bool list_entries(const struct question *question, GString *out, GError **error)
{
    g_autoptr(GPtrArray) subjects = standing_subjects(question->address);

    g_string_append(out, ",\"entries\":[");
    for (guint i = 0; i < subjects->len; i++) {
        if (!list_entries_of(question, subjects->pdata[i], out, error))
            return false;
    }
    if (!list_forgotten(question, out, error))
        return false;
    g_string_append_c(out, ']');
    return true;
}

static void list_outlook(GString *out, const struct outlook *outlook)
{
    g_autofree char *policy = policy_row_format(&outlook->row);

    g_string_append(out, "{\"scope\":");
    json_text(out, outlook->scope);
    g_string_append_printf(out, ",\"reason\":\"%s\",\"policy\":\"%s\",\"failures\":%u,\"of\":%u,\"times\":[",
                           reason_names[outlook->reason], policy, outlook->reached, outlook->row.count);
    for (guint i = 0; i < outlook->times->len; i++) {
        g_autofree char *time = event_time_format(g_array_index(outlook->times, gint64, i));
        g_string_append_printf(out, "%s\"%s\"", i > 0 ? "," : "", time);
    }
    g_string_append_c(out, ']');
    if (outlook->lapses != 0)
        append_time(out, "lapses", outlook->lapses);
    g_string_append_c(out, '}');
}

static bool list_outlooks(const struct question *question, GString *out, GError **error)
{
    g_autoptr(GPtrArray) outlooks = view_outlooks(question, error);

    if (outlooks == NULL)
        return false;
    g_string_append(out, ",\"counting\":[");
    for (guint i = 0; i < outlooks->len; i++) {
        g_string_append(out, i > 0 ? "," : "");
        list_outlook(out, outlooks->pdata[i]);
    }
    g_string_append_c(out, ']');
    return true;
}

static bool list_events(const struct question *question, GString *out, GError **error)
{
    g_autoptr(GString) events = g_string_new(NULL);
    g_autoptr(StoreCursor) cursor = view_events(question, error);
    struct stored_event row;
    GError *bad = NULL;
    gint64 n, told = 0;

    if (cursor == NULL || !view_count(question, &n, error))
        return false;
    for (; view_next_event(question, cursor, &row, &bad); told++) {
        g_string_append(events, told == 0 ? "" : ",");
        json_stored_event(events, &row);
    }
    g_string_append_printf(out, ",\"event_count\":%" G_GINT64_FORMAT ",\"events\":[%s]", n < 0 ? told : n, events->str);
    return finish(bad, error);
}

/* An entry that expired, and has not been followed by another, is said so. */
static bool list_changes(const struct question *question, GString *out, GError **error)
{
    g_autoptr(GString) told = g_string_new(NULL);
    struct chronicle_end end;

    if (!chronicle_tell(question, told, &end, error))
        return false;
    if (end.expired != 0 && end.removed == 0)
        append_time(out, "expired", end.expired);
    chronicle_end_clear(&end);

    const struct store_filter filter = {.recipient = question->address};
    g_autoptr(StoreCursor) cursor = store_changes(question->store, &filter, error);
    struct change row;
    GError *bad = NULL;
    if (cursor == NULL)
        return false;
    g_string_append(out, ",\"changes\":[");
    for (bool first = true; view_next_change(question, cursor, &row, &bad); first = false) {
        g_string_append(out, first ? "" : ",");
        json_change(out, &row);
    }
    g_string_append(out, "]}");
    return finish(bad, error);
}

bool dossier_list(const struct question *question, GString *out, GError **error)
{
    return list_standing(question, out, error) && list_entries(question, out, error) &&
           list_outlooks(question, out, error) && list_events(question, out, error) &&
           list_changes(question, out, error);
}
