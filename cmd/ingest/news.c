#include "cmd/ingest/news.h"

struct news {
    GHashTable *begun; /* of those on their way the ids, gint64 *, that of a wave that began ... */
    GHashTable *ended; /* ... and of one that ended */
    GAsyncQueue *coming;
    GAsyncQueue *told;
    gint waves; /* that are on */
};

static GHashTable *new_ids(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

struct news *news_new(void)
{
    struct news *news = g_new0(struct news, 1);

    news->begun = new_ids();
    news->ended = new_ids();
    news->coming = g_async_queue_new_full((GDestroyNotify)wave_free);
    news->told = g_async_queue_new_full((GDestroyNotify)wave_free);
    return news;
}

void news_free(struct news *news)
{
    if (news == NULL)
        return;
    g_hash_table_unref(news->begun);
    g_hash_table_unref(news->ended);
    g_async_queue_unref(news->coming);
    g_async_queue_unref(news->told);
    g_free(news);
}

static GHashTable *ids_for(const struct news *news, const struct wave *wave)
{
    return wave->ended == 0 ? news->begun : news->ended;
}

static void note_told(struct news *news, struct store *store)
{
    struct wave *wave;

    while ((wave = g_async_queue_try_pop(news->told)) != NULL) {
        if (!wave_told(store, wave, NULL)) {
            g_async_queue_push_front(news->told, wave);
            return;
        }
        g_hash_table_remove(ids_for(news, wave), &wave->id);
        wave_free(wave);
    }
}

void news_look(struct news *news, struct store *store)
{
    gint64 n;

    note_told(news, store);
    g_autoptr(GPtrArray) waves = wave_news(store, NULL);
    while (waves != NULL && waves->len > 0) {
        struct wave *wave = g_ptr_array_steal_index(waves, 0);
        if (g_hash_table_add(ids_for(news, wave), g_memdup2(&wave->id, sizeof wave->id)))
            g_async_queue_push(news->coming, wave);
        else
            wave_free(wave);
    }
    if (wave_count(store, &n, NULL))
        g_atomic_int_set(&news->waves, (gint)n);
}

struct wave *news_next(struct news *news)
{
    return g_async_queue_try_pop(news->coming);
}

void news_told(struct news *news, struct wave *wave)
{
    g_async_queue_push(news->told, wave);
}

unsigned news_waves(const struct news *news)
{
    return (unsigned)g_atomic_int_get(&news->waves);
}
