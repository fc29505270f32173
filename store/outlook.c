#include "store/outlook.h"

#include <string.h>

#include "store/entry_key.h"
#include "store/ledger/state.h"

static void outlook_free(void *data)
{
    struct outlook *outlook = data;

    g_free(outlook->scope);
    g_array_unref(outlook->times);
    g_free(outlook);
}

/* One failure that counts, in the order of SQL_COUNTING. */
struct counting {
    const char *scope;
    struct event event; /* as much of it as policy_row_for() looks at */
    gint64 happened;
    gint64 received;
};

static void read_counting(const struct query *query, struct counting *counting)
{
    counting->scope = entry_scope_text(query_text_at(query, 0));
    counting->event = (struct event){
        .reason = event_value(reason_names, query_text_at(query, 1)),
        .verdict = event_value(verdict_names, query_text_at(query, 2)),
        .stream = query_text_at(query, 3),
        .final_recipient = query_text_at(query, 4),
    };
    counting->received = query_number_at(query, 6);
    counting->happened = policy_time(query_number_at(query, 5), counting->received);
}

/* The failures of a kind, and when each was received. The last one says which row it is. */
struct gathering {
    struct outlook *outlook;
    GArray *received; /* of gint64 */
};

static bool continues(const struct gathering *gathering, const struct counting *counting)
{
    return gathering->outlook != NULL && gathering->outlook->reason == counting->event.reason &&
           strcmp(gathering->outlook->scope, counting->scope) == 0;
}

/* Leaves those within the row's time, and finds what they come to. */
static void finish(struct gathering *gathering, gint64 now, GPtrArray *outlooks)
{
    struct outlook *outlook = g_steal_pointer(&gathering->outlook);
    guint gone = 0;

    if (outlook == NULL)
        return;
    const gint64 *received = (const gint64 *)(void *)gathering->received->data;
    while (outlook->row.within != 0 && gone < gathering->received->len && received[gone] <= now - outlook->row.within)
        gone++;
    g_array_remove_range(outlook->times, 0, gone);
    if (outlook->row.within != 0 && gone < gathering->received->len)
        outlook->lapses = received[gone] + outlook->row.within;
    g_array_set_size(gathering->received, 0);
    if (outlook->times->len == 0 || outlook->row.count < 2) {
        outlook_free(outlook);
        return;
    }
    gint64 *times = (gint64 *)(void *)outlook->times->data;
    outlook->reached = policy_row_reached(&outlook->row, times, outlook->times->len);
    g_ptr_array_add(outlooks, outlook);
}

static void gather(struct gathering *gathering, const struct store *store, const struct counting *counting)
{
    if (gathering->outlook == NULL) {
        gathering->outlook = g_new0(struct outlook, 1);
        gathering->outlook->scope = g_strdup(counting->scope);
        gathering->outlook->reason = counting->event.reason;
        gathering->outlook->times = g_array_new(FALSE, FALSE, sizeof(gint64));
    }
    gathering->outlook->row = *policy_row_for(policy_for(store->policies, counting->event.stream), &counting->event);
    g_array_append_val(gathering->outlook->times, counting->happened);
    g_array_append_val(gathering->received, counting->received);
}

GPtrArray *store_outlooks(struct store *store, const char *recipient, gint64 now, GError **error)
{
    g_autoptr(GPtrArray) outlooks = g_ptr_array_new_with_free_func(outlook_free);
    g_autoptr(GArray) received = g_array_new(FALSE, FALSE, sizeof(gint64));
    struct gathering gathering = {.received = received};
    struct counting counting;
    bool row = true, good;

    if (!state_take_address(store, recipient, error))
        return NULL;
    struct query query = query_new(store->connection, SQL_COUNTING);
    query_text(&query, store->recipient->str);
    while ((good = query_step(&query, &row, error)) && row) {
        read_counting(&query, &counting);
        if (!continues(&gathering, &counting))
            finish(&gathering, now, outlooks);
        gather(&gathering, store, &counting);
    }
    finish(&gathering, now, outlooks);
    return good ? g_steal_pointer(&outlooks) : NULL;
}
