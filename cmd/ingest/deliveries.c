#include "cmd/ingest/deliveries.h"

#include "store/delivery.h"

struct deliveries {
    GHashTable *streams; /* by name ("": none), of GHashTable: by address, of gint64 *, the time */
    guint count;
};

struct deliveries *deliveries_new(void)
{
    struct deliveries *deliveries = g_new0(struct deliveries, 1);

    deliveries->streams = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
    return deliveries;
}

void deliveries_free(struct deliveries *deliveries)
{
    if (deliveries == NULL)
        return;
    g_hash_table_unref(deliveries->streams);
    g_free(deliveries);
}

void deliveries_add(struct deliveries *deliveries, const char *stream, const char *address, gint64 at)
{
    const char *name = stream != NULL ? stream : "";
    GHashTable *addresses = g_hash_table_lookup(deliveries->streams, name);
    gint64 *known;

    if (addresses == NULL) {
        addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(deliveries->streams, g_strdup(name), addresses);
    }
    known = g_hash_table_lookup(addresses, address);
    if (known != NULL) {
        *known = MAX(*known, at);
        return;
    }
    known = g_new(gint64, 1);
    *known = at;
    g_hash_table_insert(addresses, g_strdup(address), known);
    deliveries->count++;
}

guint deliveries_count(const struct deliveries *deliveries)
{
    return deliveries->count;
}

static bool store_stream(struct store *store, const struct store_order *order, const char *stream,
                         GHashTable *addresses, guint64 *recorded, GError **error)
{
    guint n = 0;
    g_autofree const char **subjects = (const char **)g_hash_table_get_keys_as_array(addresses, &n);
    g_autofree bool *changed = g_new0(bool, n);
    g_autofree gint64 *times = g_new(gint64, n);
    const struct store_batch batch = {.order = *order, .subjects = subjects, .n = n, .changed = changed};
    const struct store_delivery delivery = {.stream = *stream != '\0' ? stream : NULL, .times = times};

    for (guint i = 0; i < n; i++)
        times[i] = *(const gint64 *)g_hash_table_lookup(addresses, subjects[i]);
    if (!store_deliver(store, &batch, &delivery, error))
        return false;
    for (guint i = 0; i < n; i++)
        *recorded += changed[i];
    return true;
}

bool deliveries_store(struct deliveries *deliveries, struct store *store, const struct store_order *order,
                      guint64 *recorded, GError **error)
{
    GHashTableIter iter;
    gpointer stream, addresses;

    *recorded = 0;
    g_hash_table_iter_init(&iter, deliveries->streams);
    while (g_hash_table_iter_next(&iter, &stream, &addresses)) {
        if (!store_stream(store, order, stream, addresses, recorded, error))
            return false;
    }
    g_hash_table_remove_all(deliveries->streams);
    deliveries->count = 0;
    return true;
}
