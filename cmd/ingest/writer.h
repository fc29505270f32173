/* writer.h: the thread that stores what the pool has read, all that waits in one transaction, and keeps the store in
 * order (store_maintain) once an hour. Internal to cmd/ingest/; ingest.h says more. */
#pragma once

#include "classifier/classifier.h"
#include "cmd/config/config.h"
#include "cmd/ingest/ingest_message.h"
#include "cmd/ingest/news.h"
#include "cmd/ingest/room.h"
#include "store/store.h"

struct writer;

/* All three are borrowed. */
struct writer *writer_new(const struct config *config, const struct classifier *classifier, struct store *store);
/* Waits until nobody uses the store. No message may be under way. */
void writer_reload(struct writer *writer, const struct config *config, const struct classifier *classifier);
/* Waits until every message that was pushed is stored. */
void writer_free(struct writer *writer);

/* Waits while what was pushed and is not stored takes much memory, on any thread. */
void writer_wait(struct writer *writer);
size_t writer_backlog(const struct writer *writer);
/* Takes a message with its work, on any thread. */
void writer_push(struct writer *writer, struct ingest_message *message);

/* For one thread: readable while there is something to collect; the next message that is done, NULL when there is none
 * just now. */
int writer_fd(const struct writer *writer);
struct ingest_message *writer_done(struct writer *writer);

/* As it was when it was looked at last; on any thread. */
enum room writer_room(const struct writer *writer);

/* Of waves; on any thread. */
struct news *writer_news(struct writer *writer);

/* See ingest_borrow_store(). */
struct store *writer_borrow_store(struct writer *writer, GError **error);
void writer_return_store(struct writer *writer, const GError *error);
