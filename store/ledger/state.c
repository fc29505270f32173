#include "store/ledger/state.h"

#include "parser/address.h"
#include "store/entry_key.h"
#include "store/error.h"
#include "store/stored.h"

struct store *state_new(struct connection *connection, const GPtrArray *policies, GHashTable *tenants)
{
    struct store *store = g_new0(struct store, 1);

    store->connection = connection;
    store->policies = policies;
    store->tenants = tenants;
    store->answer = g_array_new(FALSE, FALSE, sizeof(struct suppression));
    store->closed = g_ptr_array_new();
    store->recipient = g_string_new(NULL);
    store->folded = g_string_new(NULL);
    store->causes = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    store->cause_texts = g_string_chunk_new(256);
    store->found = g_string_chunk_new(256);
    return store;
}

void state_free(struct store *store)
{
    g_assert(store->cursors == 0);
    screen_free(store->screen);
    connection_free(store->connection);
    g_string_free(store->recipient, TRUE);
    g_string_free(store->folded, TRUE);
    g_hash_table_unref(store->causes);
    g_string_chunk_free(store->cause_texts);
    g_string_chunk_free(store->found);
    g_array_unref(store->answer);
    g_ptr_array_unref(store->closed);
    g_free(store->day_text);
    g_free(store);
}

/* Days are computed once, not for every event. */
const char *state_day(struct store *store, gint64 seconds)
{
    gint64 day = seconds / 86400;

    if (day != store->day || store->day_text == NULL) {
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(day * 86400);
        g_free(store->day_text);
        store->day_text = time == NULL ? g_strdup("") : g_date_time_format(time, "%Y-%m-%d");
        store->day = day;
    }
    return store->day_text;
}

const char *state_tenant(const struct store *store, const char *stream)
{
    return store->tenants == NULL || stream == NULL ? NULL : g_hash_table_lookup(store->tenants, stream);
}

bool state_take_address(struct store *store, const char *address, GError **error)
{
    if (address_read(span_of(address), ADDRESS_LISTED, store->recipient))
        return true;
    g_set_error(error, STORE_ERROR, STORE_ERROR_ADDRESS, "\"%s\" is not a mail address", address);
    return false;
}

bool state_take_subject(struct store *store, const char *subject, GError **error)
{
    if (entry_subject_read(subject, store->recipient))
        return true;
    g_set_error(error, STORE_ERROR, STORE_ERROR_ADDRESS, "\"%s\" is not %s", subject,
                entry_subject_kind(subject) == ENTRY_SUBJECT_ADDRESS ? "a mail address" : "a domain");
    return false;
}
