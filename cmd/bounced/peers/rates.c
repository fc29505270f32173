#include "cmd/bounced/peers/rates.h"

/* A bucket as one number: when it will be full again (the "theoretical arrival time" of ITU-T I.371). */
struct bucket {
    gint64 full;
    guint64 refused;
};

/* Two generations of char * -> struct bucket *. A source that is seen goes to the young one; what nobody saw for a
 * whole period is full again, so that the old generation can go after that without a difference, and goes earlier when
 * there are too many. */
struct rates {
    GHashTable *young;
    GHashTable *old;
    gint64 turned; /* when `young` began */
    guint most;    /* of one generation */
};

static GHashTable *new_generation(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

struct rates *rates_new(guint most)
{
    struct rates *rates = g_new0(struct rates, 1);

    rates->young = new_generation();
    rates->old = new_generation();
    rates->most = most / 2;
    return rates;
}

void rates_free(struct rates *rates)
{
    if (rates == NULL)
        return;
    g_hash_table_unref(rates->young);
    g_hash_table_unref(rates->old);
    g_free(rates);
}

static void turn(struct rates *rates, gint64 now)
{
    g_hash_table_unref(rates->old);
    rates->old = rates->young;
    rates->young = new_generation();
    rates->turned = now;
}

static struct bucket *find_bucket(struct rates *rates, const char *source)
{
    struct bucket *bucket = g_hash_table_lookup(rates->young, source);
    void *key;

    if (bucket != NULL)
        return bucket;
    if (g_hash_table_steal_extended(rates->old, source, &key, (void **)&bucket)) {
        g_hash_table_insert(rates->young, key, bucket);
        return bucket;
    }
    bucket = g_new0(struct bucket, 1);
    g_hash_table_insert(rates->young, g_strdup(source), bucket);
    return bucket;
}

bool rates_take(struct rates *rates, const char *source, const struct config_rate *limit, gint64 now, guint64 *refused)
{
    gint64 period = limit->period * G_TIME_SPAN_SECOND;
    gint64 share = limit->count > 0 ? period / limit->count : 0;
    struct bucket *bucket;
    gint64 full;

    if (refused != NULL)
        *refused = 0;
    if (limit->count == 0)
        return true;
    if (now - rates->turned >= period || g_hash_table_size(rates->young) >= rates->most)
        turn(rates, now);
    bucket = find_bucket(rates, source);
    /* So empty it can be under another limit alone, before a reload: it starts anew. */
    if (bucket->full > now + period)
        bucket->full = now;
    full = MAX(bucket->full, now) + share;
    if (full - now > share * limit->count) {
        bucket->refused++;
        return false;
    }
    if (refused != NULL)
        *refused = bucket->refused;
    bucket->full = full;
    bucket->refused = 0;
    return true;
}

guint rates_size(const struct rates *rates)
{
    return g_hash_table_size(rates->young) + g_hash_table_size(rates->old);
}
