/* news.h: waves that began or ended, on their way from the store to whoever tells of them, and back: the store notes
 * that one was told of when it was, so that no end of a program loses it. */
#pragma once

#include "store/store.h"
#include "store/wave.h"

struct news;

struct news *news_new(void);
void news_free(struct news *news);

/* Notes those that were told of, and looks for others, whatever program raised them. On the thread that has the store.
 * When it fails, the next time will do. */
void news_look(struct news *news, struct store *store);

/* See ingest_next_wave(), ingest_wave_told() and ingest_waves(). On any thread. */
struct wave *news_next(struct news *news);
void news_told(struct news *news, struct wave *wave);
unsigned news_waves(const struct news *news);

typedef struct news News;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(News, news_free)
