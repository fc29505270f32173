#include "store/policy/failures.h"

struct failure {
    gint64 received;
    gint64 time; /* when it happened */
};

struct failures {
    GArray *of[REASON_COUNT]; /* of struct failure, sorted by the time they were received; NULL: none */
};

struct failures *failures_new(void)
{
    return g_new0(struct failures, 1);
}

void failures_free(struct failures *failures)
{
    if (failures == NULL)
        return;
    failures_clear(failures);
    g_free(failures);
}

void failures_clear(struct failures *failures)
{
    for (unsigned reason = 0; reason < REASON_COUNT; reason++)
        g_clear_pointer(&failures->of[reason], g_array_unref);
}

/* They come sorted but for few: several threads read messages, and one stores them. */
void failures_add(struct failures *failures, const struct event *event, gint64 received)
{
    const struct failure added = {received, policy_time(event->occurred, received)};
    GArray **same = &failures->of[event->reason];

    if (*same == NULL)
        *same = g_array_new(FALSE, FALSE, sizeof(struct failure));
    guint at = (*same)->len;
    while (at > 0 && g_array_index(*same, struct failure, at - 1).received > received)
        at--;
    g_array_insert_val(*same, at, added);
}

/* The newest, as many as matter. */
unsigned failures_reached(const struct failures *failures, const struct policy_row *row, const struct event *event,
                          gint64 received)
{
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 after = row->within == 0 ? G_MININT64 : received - row->within;
    gint64 time = policy_time(event->occurred, received);
    guint most = policy_row_wants_times(row) ? ROW_COUNT_MAX : row->count;
    const GArray *same = failures->of[event->reason];

    g_array_append_val(times, time);
    for (guint left = same != NULL ? same->len : 0; left > 0 && times->len <= most; left--) {
        const struct failure *before = &g_array_index(same, struct failure, left - 1);

        if (before->received <= after)
            break;
        g_array_append_val(times, before->time);
    }
    return policy_row_reached(row, (gint64 *)(void *)times->data, times->len);
}
