#include "cmd/ingest/writer.h"

#include "cmd/ingest/backlog.h"
#include "cmd/ingest/digest.h"
#include "cmd/ingest/pace.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    /* one transaction: whoever comes next waits for it */
    BATCH_MESSAGES = 256,
    BATCH_ROWS = 2000,       /* events */
    BATCH_OCTETS = 8 << 20,  /* of messages */
    BATCH_TIME = 250 * 1000, /* microseconds */
    SCARCE_ROWS = 100,       /* of upkeep, while room is short: no more is to go than must */
};
/* Microseconds: the first time, while there is more to do, and else. */
#define MAINTAIN_FIRST (30 * G_TIME_SPAN_SECOND)
#define MAINTAIN_PAUSE (50 * G_TIME_SPAN_MILLISECOND)
#define MAINTAIN_EVERY G_TIME_SPAN_HOUR

struct writer {
    const struct config *config;
    const struct classifier *classifier;
    struct store *store;
    GAsyncQueue *parsed; /* sorted by whose turn is first */
    GAsyncQueue *done;
    struct backlog *backlog; /* of what was pushed and is not done */
    GThread *thread;
    bool broken;    /* the store must be opened again before it is used */
    GMutex writing; /* is held by who uses the store, `broken` or, the thread, any of the first two */
    int fd;
    gint64 next_maintain; /* monotonic, microseconds */
    unsigned pace;        /* rows of upkeep */
    struct room_watch room;
    struct news *news;
};

/* A message that is none ends the thread, after all others. */
static struct ingest_message stop = {.due = G_MAXINT64};

static bool store_one(const struct writer *writer, struct ingest_message *message, GError **error)
{
    static const enum ingest_outcome outcomes[] = {[STORE_RESULT_ADDED] = INGEST_OUTCOME_STORED,
                                                   [STORE_RESULT_DUPLICATE] = INGEST_OUTCOME_DUPLICATE,
                                                   [STORE_RESULT_CONFLICT] = INGEST_OUTCOME_CONFLICT,
                                                   [STORE_RESULT_FAILED] = INGEST_OUTCOME_FAILED};
    const struct ingest_work *work = message->work;
    const struct store_message stored = {
        .digest = work->digest,
        .key_size = message->testimony != NULL && message->testimony->key != NULL ? DIGEST_KEY_SIZE : 0,
        .received = message->received,
        .source = message->source,
        .mail_from = message->mail_from,
        .rcpt_to = *work->rcpt_to == '\0' ? NULL : work->rcpt_to,
        .size = message->bytes->len,
        .raw = work->raw,
        .keep_unproven = (size_t)writer->config->ingest_unproven_recipients,
        .rule_version = classifier_version(writer->classifier),
        .batch = message->batch,
    };
    const struct event *events = (const struct event *)(void *)work->events->data;

    message->outcome = outcomes[store_add(writer->store, &stored, events, work->events->len, error)];
    if (message->outcome == INGEST_OUTCOME_STORED &&
        !forward_store(work->forwards, writer->config, writer->store, &stored, &message->forward, error))
        message->outcome = INGEST_OUTCOME_FAILED;
    return message->outcome != INGEST_OUTCOME_FAILED;
}

/* From `from` on, until `*to` or until it takes too long, which moves `*to`. */
static bool store_batch(const struct writer *writer, GPtrArray *batch, guint from, guint *to, GError **error)
{
    gint64 end = g_get_monotonic_time() + BATCH_TIME;

    if (!store_begin(writer->store, error))
        return false;
    for (guint i = from; i < *to; i++) {
        if (!store_one(writer, batch->pdata[i], error)) {
            store_rollback(writer->store);
            return false;
        }
        if (g_get_monotonic_time() >= end)
            *to = i + 1;
    }
    return store_commit(writer->store, error);
}

static void fail_batch(GPtrArray *batch, guint from, guint to, const GError *error)
{
    for (guint i = from; i < to; i++) {
        struct ingest_message *message = batch->pdata[i];

        message->outcome = INGEST_OUTCOME_FAILED;
        message->forward = FORWARD_NOBODY;
        g_free(message->error);
        message->error = g_strdup(error->message);
    }
}

/* A lock goes and a disk gets space again; with anything else the connection would fail for ever. `error` NULL: it
 * works. */
static void note_outcome(struct writer *writer, const GError *error)
{
    writer->broken = error != NULL && !g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY) &&
                     !g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL);
}

static bool mend(struct writer *writer, GError **error)
{
    if (writer->broken && !store_reopen(writer->store, error))
        return false;
    writer->broken = false;
    return true;
}

/* When it may be the fault of one message, each is tried alone, so that one cannot hold up the others for ever; when it
 * is for want of space or a lock, all of them fail. */
static void write_alone(struct writer *writer, GPtrArray *batch, guint from, guint to, const GError *error)
{
    if (to - from == 1 || !g_error_matches(error, STORE_ERROR, STORE_ERROR_FAILED)) {
        fail_batch(batch, from, to, error);
        return;
    }
    for (guint i = from; i < to; i++) {
        g_autoptr(GError) alone = NULL;
        guint end = i + 1;

        if (!store_batch(writer, batch, i, &end, &alone))
            fail_batch(batch, i, i + 1, alone);
        note_outcome(writer, alone);
    }
}

/* As much of the batch from `from` on as one transaction takes; gives where it ends. */
static guint write_some(struct writer *writer, GPtrArray *batch, guint from)
{
    g_autoptr(GError) error = NULL;
    guint to = batch->len;

    if (!mend(writer, &error) || room_look(&writer->room, writer->config, writer->store, &error) == ROOM_NONE) {
        fail_batch(batch, from, to, error);
    } else if (!store_batch(writer, batch, from, &to, &error)) {
        to = batch->len;
        note_outcome(writer, error);
        write_alone(writer, batch, from, to, error);
    }
    return to;
}

/* In this thread, since the loop's would be held up by reports of thousands of recipients. */
static void end_work(const struct writer *writer, struct ingest_message *message)
{
    size_t octets = message->work->octets;

    ingest_message_end_work(message);
    backlog_drop(writer->backlog, octets);
}

static void hand_back(const struct writer *writer, GPtrArray *batch, guint from, guint to)
{
    guint64 one = 1;

    for (guint i = from; i < to; i++) {
        end_work(writer, batch->pdata[i]);
        g_async_queue_push(writer->done, batch->pdata[i]);
    }
    while (write(writer->fd, &one, sizeof one) < 0)
        ;
}

static void look_for_waves(const struct writer *writer)
{
    if (!writer->broken)
        news_look(writer->news, writer->store);
}

static void write_batch(struct writer *writer, GPtrArray *batch)
{
    for (guint from = 0, to; from < batch->len; from = to) {
        g_mutex_lock(&writer->writing);
        to = write_some(writer, batch, from);
        look_for_waves(writer);
        g_mutex_unlock(&writer->writing);
        hand_back(writer, batch, from, to);
    }
    g_ptr_array_set_size(batch, 0);
}

/* When it failed, the next time will do. By a clock that nobody sets: it goes on when the wall clock jumps back. */
static void maintain(struct writer *writer)
{
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;

    if (writer->room.room == ROOM_GOOD && g_get_monotonic_time() < writer->next_maintain)
        return;
    g_mutex_lock(&writer->writing);
    bool scarce = room_look(&writer->room, writer->config, writer->store, NULL) != ROOM_GOOD;
    /* Those that were kept for what was to be done with them, or before the config said so. */
    bool none = writer->config->store_keep_raw == CONFIG_KEEP_RAW_NO;
    const struct store_keeping keeping = {
        .raws = scarce || none ? 1 : writer->config->store_retention,
        .events = writer->config->store_keep_events,
        .messages = writer->config->store_keep_messages,
        .changes = writer->config->store_keep_changes,
        .counters = writer->config->store_keep_counters,
    };
    bool more = false;
    unsigned rows = scarce ? MIN(SCARCE_ROWS, writer->pace) : writer->pace;
    gint64 began = g_get_monotonic_time();
    bool good = store_maintain(writer->store, &keeping, now, rows, &more, NULL);
    writer->pace = pace_next(rows, g_get_monotonic_time() - began);
    look_for_waves(writer);
    g_mutex_unlock(&writer->writing);
    writer->next_maintain = g_get_monotonic_time() + (good && more ? MAINTAIN_PAUSE : MAINTAIN_EVERY);
}

/* No longer than until there is something to put in order; NULL then. */
static struct ingest_message *wait_for_one(struct writer *writer)
{
    gint64 wait = writer->next_maintain - g_get_monotonic_time();

    /* While room is short it is looked at again, whether or not a message comes. */
    if (writer->room.room != ROOM_GOOD)
        wait = MIN(wait, G_TIME_SPAN_SECOND);

    return g_async_queue_timeout_pop(writer->parsed, (guint64)MAX(wait, 1));
}

/* Waits for one message, and takes what waits behind it into the batch, as far as that is no more than a transaction
 * should have; false when the thread is to end. */
static bool take_batch(struct writer *writer, GPtrArray *batch)
{
    struct ingest_message *message = wait_for_one(writer);
    size_t rows = 0, octets = 0;

    while (message != NULL && message != &stop) {
        g_ptr_array_add(batch, message);
        rows += message->work->events->len;
        octets += message->bytes->len;
        bool more = batch->len < BATCH_MESSAGES && rows < BATCH_ROWS && octets < BATCH_OCTETS;
        message = more ? g_async_queue_try_pop(writer->parsed) : NULL;
    }
    return message != &stop;
}

static void *write_messages(void *data)
{
    struct writer *writer = data;
    g_autoptr(GPtrArray) batch = g_ptr_array_sized_new(BATCH_MESSAGES);
    bool running = true;

    while (running) {
        running = take_batch(writer, batch);
        write_batch(writer, batch);
        maintain(writer);
    }
    g_mutex_lock(&writer->writing);
    look_for_waves(writer);
    g_mutex_unlock(&writer->writing);
    return NULL;
}

/* --- the other threads' side -------------------------------------------------------------------------------------- */

/* A part of what messages may take, so that most of it stays for those that come in. */
static size_t backlog_limit(const struct config *config)
{
    return (size_t)config->memory / 4;
}

struct writer *writer_new(const struct config *config, const struct classifier *classifier, struct store *store)
{
    struct writer *writer = g_new0(struct writer, 1);

    writer->config = config;
    writer->classifier = classifier;
    writer->store = store;
    g_mutex_init(&writer->writing);
    writer->backlog = backlog_new(backlog_limit(config));
    writer->parsed = g_async_queue_new();
    writer->done = g_async_queue_new_full((GDestroyNotify)ingest_message_free);
    writer->news = news_new();
    writer->pace = PACE_LEAST;
    writer->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (writer->fd < 0)
        g_error("cannot make an eventfd: %s", g_strerror(errno));
    writer->next_maintain = g_get_monotonic_time() + MAINTAIN_FIRST;
    writer->thread = g_thread_new("writer", write_messages, writer);
    return writer;
}

void writer_reload(struct writer *writer, const struct config *config, const struct classifier *classifier)
{
    g_mutex_lock(&writer->writing);
    writer->config = config;
    writer->classifier = classifier;
    store_set_policies(writer->store, config->policies, config->tenants);
    store_set_waves(writer->store, &config->wave);
    backlog_set_limit(writer->backlog, backlog_limit(config));
    g_mutex_unlock(&writer->writing);
}

void writer_free(struct writer *writer)
{
    g_async_queue_push_sorted(writer->parsed, &stop, ingest_message_compare, NULL);
    g_thread_join(writer->thread);
    g_async_queue_unref(writer->parsed);
    g_async_queue_unref(writer->done);
    news_free(writer->news);
    backlog_free(writer->backlog);
    close(writer->fd);
    g_mutex_clear(&writer->writing);
    g_free(writer);
}

void writer_wait(struct writer *writer)
{
    backlog_wait(writer->backlog);
}

size_t writer_backlog(const struct writer *writer)
{
    return backlog_octets(writer->backlog);
}

void writer_push(struct writer *writer, struct ingest_message *message)
{
    backlog_add(writer->backlog, message->work->octets);
    g_async_queue_push_sorted(writer->parsed, message, ingest_message_compare, NULL);
}

int writer_fd(const struct writer *writer)
{
    return writer->fd;
}

struct ingest_message *writer_done(struct writer *writer)
{
    struct ingest_message *message = g_async_queue_try_pop(writer->done);
    guint64 count;

    /* Looked at once more after the descriptor was reset, so that none is left behind a quiet descriptor. */
    if (message == NULL && read(writer->fd, &count, sizeof count) > 0)
        message = g_async_queue_try_pop(writer->done);
    return message;
}

struct news *writer_news(struct writer *writer)
{
    return writer->news;
}

struct store *writer_borrow_store(struct writer *writer, GError **error)
{
    g_mutex_lock(&writer->writing);
    return mend(writer, error) ? writer->store : NULL;
}

enum room writer_room(const struct writer *writer)
{
    return (enum room)g_atomic_int_get(&writer->room.room);
}

void writer_return_store(struct writer *writer, const GError *error)
{
    if (error != NULL)
        note_outcome(writer, error);
    g_mutex_unlock(&writer->writing);
}
