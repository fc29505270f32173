#include "reports/story/story.h"

#include "reports/story/chronicle.h"
#include "reports/story/incident.h"
#include "reports/story/lines.h"
#include "reports/story/standing.h"
#include "reports/story/view.h"

static bool tell_incidents(const struct question *question, GString *out, GPtrArray *mails, gint64 *n, GError **error)
{
    g_autoptr(StoreCursor) cursor = view_events(question, error);
    struct stored_event row;
    GError *bad = NULL;

    if (cursor == NULL || !view_count(question, n, error))
        return false;
    lines_heading(out, question->style, "Reports");
    if (!question->all && *n > QUESTION_NEWEST)
        g_string_append_printf(out, "(%" G_GINT64_FORMAT " reports; the newest %d, --all tells the others)\n", *n,
                               QUESTION_NEWEST);
    bool some = false;
    while (view_next_event(question, cursor, &row, &bad)) {
        incident_tell(out, question->style, &row);
        some = true;
        if (row.effect == POLICY_SUPPRESSED) {
            g_free(mails->pdata[row.event.reason]);
            mails->pdata[row.event.reason] = incident_mail(&row.event);
        }
    }
    if (!some)
        g_string_append(out, "nothing\n");
    if (*n < 0)
        *n = some;
    if (bad == NULL)
        return true;
    g_propagate_error(error, bad);
    return false;
}

/* The end is told first, as it follows from what was reported and done. */
bool story_tell(const struct question *question, GString *out, GError **error)
{
    g_autoptr(GString) reported = g_string_new(NULL), done = g_string_new(NULL);
    g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func(g_free);
    struct chronicle_end end = {0};
    gint64 events;

    g_ptr_array_set_size(mails, REASON_COUNT);
    g_autoptr(GPtrArray) outlooks = view_outlooks(question, error);
    bool good = outlooks != NULL && tell_incidents(question, reported, mails, &events, error) &&
                chronicle_tell(question, done, &end, error);
    if (good) {
        const struct standing standing = {question, &end, events > 0 || end.changes > 0, mails, outlooks};
        good = standing_tell(&standing, out, error);
    }
    if (good) {
        g_string_append_len(out, reported->str, (gssize)reported->len);
        g_string_append_len(out, done->str, (gssize)done->len);
    }
    chronicle_end_clear(&end);
    return good;
}
