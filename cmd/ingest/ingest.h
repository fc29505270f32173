/* ingest.h: the narrow waist: every receiver gives its messages to ingest_message(), and everything after that,
 * parsing, judging, policy and storing, is the same for all of them.
 *
 * Messages are parsed by a pool of threads and stored by one writer thread, which takes all that waits into one
 * transaction. The caller gets each message back, with its outcome, from ingest_done() after the commit; ingest_fd() is
 * readable while there is something to collect. The writer also keeps the store in order (store_maintain) once an hour.
 * All functions but the last two are for one thread, the caller's. */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "classifier/classifier.h"
#include "cmd/config/config.h"
#include "cmd/ingest/ingest_message.h"
#include "store/store.h"
#include "store/wave.h"

struct ingest;

/* The parser's settings of `config`; borrows from it. */
void ingest_report_settings(const struct config *config, struct report_settings *settings);

/* The events (of struct event) of one report, without a store: what `bouncectl inspect` prints. They borrow from
 * `report`, `source` and `classifier`. */
GArray *ingest_events(const struct classifier *classifier, const char *source, const struct report *report,
                      gint64 received);

/* `store` is the writer thread's until ingest_free(). All three are borrowed. */
struct ingest *ingest_new(const struct config *config, const struct classifier *classifier, struct store *store);
/* From now on works by another config and classifier, but for what only ingest_new() looks at: the number of workers.
 * Nothing may be pending, and nothing may be given before it returns; the old ones are not used any more then. It waits
 * until nobody uses the store, which may take long: it may be called on another thread than the rest. */
void ingest_reload(struct ingest *ingest, const struct config *config, const struct classifier *classifier);
/* Waits until every message that was given is stored; what was not collected is freed. */
void ingest_free(struct ingest *ingest);

void ingest_message(struct ingest *ingest, struct ingest_message *message);
/* How many were given and are not collected yet: callers stop giving at config->queue_size. */
unsigned ingest_pending(const struct ingest *ingest);
/* About how much memory their reports take, besides the messages: a quarter of config->memory, and no more than one
 * report a worker beyond it. Others are not read before. */
size_t ingest_backlog(const struct ingest *ingest);
int ingest_fd(const struct ingest *ingest);
/* The next message that is done, the caller's again; NULL when there is none just now. */
struct ingest_message *ingest_done(struct ingest *ingest);

/* Is the database, or its file system, nearly full or quite? On any thread. */
bool ingest_short_of_room(const struct ingest *ingest);

/* The next wave that began or ended and was not told of; NULL when there is none just now. The caller tells of it, and
 * gives it back: if that comes to nothing, the next process is given it. */
struct wave *ingest_next_wave(struct ingest *ingest);
void ingest_wave_told(struct ingest *ingest, struct wave *wave);
/* How many are on. */
unsigned ingest_waves(const struct ingest *ingest);

/* Lends the store to the caller, on any thread. Nobody else uses it until the caller returns it, which it must do soon.
 * NULL and an error if the store cannot be used now; the caller returns it then, too. */
struct store *ingest_borrow_store(struct ingest *ingest, GError **error);
/* `error` is what failed in between; NULL when nothing did. */
void ingest_return_store(struct ingest *ingest, const GError *error);

typedef struct ingest Ingest;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ingest, ingest_free)
