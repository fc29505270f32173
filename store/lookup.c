#include "store/lookup.h"

#include "store/asking/answer.h"
#include "store/asking/entries.h"
#include "store/entry_key.h"

bool store_freeze(struct store *store, GError **error)
{
    bool renewed = true;

    g_assert(!store->writing && !store->frozen);
    store->frozen = store->screen != NULL ? screen_begin(store->screen, &renewed, error)
                                          : connection_run(store->connection, SQL_BEGIN_READING, error);
    if (renewed)
        entries_start_over(store);
    return store->frozen;
}

void store_thaw(struct store *store)
{
    if (store->screen == NULL && store->frozen)
        connection_rollback(store->connection);
    store->frozen = false;
}

bool store_tend(struct store *store, unsigned limit, bool *more, GError **error)
{
    g_assert(store->screen != NULL && !store->frozen);
    return screen_advance(store->screen, limit, more, error);
}

/* Before a question, whose subject was taken. `*alone`: it has a snapshot of its own. */
static bool begin(struct store *store, bool *alone, GError **error)
{
    entries_begin(store);
    entry_subject_fold(store->recipient, store->folded);
    *alone = !store->frozen && !store->writing;
    /* Nothing that was remembered of before the transaction counts, nor of one that was rolled back. */
    if (store->writing)
        entries_start_over(store);
    return !*alone || store_freeze(store, error);
}

static bool end(struct store *store, bool alone, bool good)
{
    if (alone)
        store_thaw(store);
    return good;
}

/* The one that is for all mail, and in force. */
static void pick(const GArray *entries, struct suppression *found, bool *suppressed)
{
    for (guint i = 0; i < entries->len && !*suppressed; i++) {
        const struct suppression *entry = &g_array_index(entries, struct suppression, i);
        *suppressed = entry->wave == 0 && *entry_scope_key(entry->scope) == '\0';
        if (*suppressed && found != NULL)
            *found = *entry;
    }
}

static bool check(struct store *store, gint64 now, struct suppression *found, bool *suppressed, GError **error)
{
    GArray *entries = store->answer;

    g_array_set_size(entries, 0);
    if (!entries_read(store, store->folded->str, now, entries, error))
        return false;
    pick(entries, found, suppressed);
    if (*suppressed || entry_subject_kind(store->folded->str) != ENTRY_SUBJECT_ADDRESS)
        return true;
    if (!entries_read_forgotten(store, now, entries, error))
        return false;
    pick(entries, found, suppressed);
    return true;
}

bool store_check(struct store *store, const char *recipient, gint64 now, struct suppression *found, bool *suppressed,
                 GError **error)
{
    bool alone;

    *suppressed = false;
    return state_take_subject(store, recipient, error) && begin(store, &alone, error) &&
           end(store, alone, check(store, now, found, suppressed, error));
}

static bool list_forgotten(struct store *store, const struct store_asker *asker, gint64 now,
                           struct store_answer *answer, GError **error)
{
    g_array_set_size(store->answer, 0);
    if (entry_subject_kind(store->folded->str) == ENTRY_SUBJECT_ADDRESS &&
        !entries_read_forgotten(store, now, store->answer, error))
        return false;
    if (asker != NULL)
        answer_keep(store, asker);
    answer->entries = (const struct suppression *)(const void *)store->answer->data;
    answer->n = store->answer->len;
    answer->suppressed = answer->n > 0;
    return true;
}

bool store_forgotten(struct store *store, const char *subject, const struct store_asker *asker, gint64 now,
                     struct store_answer *answer, GError **error)
{
    bool alone;

    *answer = (struct store_answer){0};
    return state_take_subject(store, subject, error) && begin(store, &alone, error) &&
           end(store, alone, list_forgotten(store, asker, now, answer, error));
}

bool store_look_up(struct store *store, const char *address, const struct store_asker *asker, gint64 now,
                   struct store_answer *answer, GError **error)
{
    bool alone;

    *answer = (struct store_answer){0};
    return state_take_address(store, address, error) && begin(store, &alone, error) &&
           end(store, alone, answer_find(store, asker, now, answer, error));
}
