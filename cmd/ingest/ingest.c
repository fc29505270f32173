#include "cmd/ingest/ingest.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cmd/ingest/compressor.h"
#include "cmd/ingest/digest.h"
#include "cmd/ingest/evidence.h"
#include "parser/parser.h"

enum {
    BATCH_MAX = 256,       /* messages in one transaction */
    MAINTAIN_EVERY = 3600, /* seconds */
    MAINTAIN_ROWS = 1000,  /* in one transaction, so that messages do not wait for it */
};
#define SECOND G_TIME_SPAN_SECOND

struct ingest {
    struct report_settings settings;
    const struct config *config;
    const struct classifier *classifier;
    struct store *store;
    GThreadPool *pool;
    struct compressor *compressor;
    struct signatures *signatures; /* NULL: libopendkim cannot be had */
    GAsyncQueue *parsed;
    GAsyncQueue *done;
    GThread *writer;
    bool broken;    /* the store must be opened again before it is used */
    GMutex writing; /* is held by who uses the store, `broken` or, the writer, any of the first three */
    int fd;
    unsigned pending;
};

/* What the pool makes of a message, and the writer stores. */
struct ingest_work {
    struct report *report;
    GArray *events;
    GPtrArray *forwards; /* of struct forward * */
    guint8 digest[STORE_DIGEST_SIZE];
    GBytes *raw;
    char *rcpt_to;
};

/* What ends the writer: a message that is none. */
static const char stop;

/* --- one message -------------------------------------------------------------------------------------------------- */

struct ingest_message *ingest_message_new(const char *source, gint64 received)
{
    struct ingest_message *message = g_new0(struct ingest_message, 1);

    message->bytes = g_string_new(NULL);
    message->source = g_strdup(source);
    message->rcpt_to = g_ptr_array_new_with_free_func(g_free);
    message->received = received;
    return message;
}

static void free_work(struct ingest_work *work)
{
    if (work == NULL)
        return;
    if (work->events != NULL)
        g_array_unref(work->events);
    report_free(work->report);
    g_ptr_array_unref(work->forwards);
    g_bytes_unref(work->raw);
    g_free(work->rcpt_to);
    g_free(work);
}

void ingest_message_free(struct ingest_message *message)
{
    if (message == NULL)
        return;
    free_work(message->work);
    g_string_free(message->bytes, TRUE);
    g_free(message->source);
    g_free(message->mail_from);
    g_ptr_array_unref(message->rcpt_to);
    if (message->own_mta != NULL)
        g_ptr_array_unref(message->own_mta);
    g_free(message->error);
    g_free(message->digest);
    g_free(message);
}

/* --- reading and judging ------------------------------------------------------------------------------------------ */

void ingest_report_settings(const struct config *config, struct report_settings *settings)
{
    report_settings_defaults(settings);
    settings->max_parts = (size_t)config->parser_parts;
    settings->max_depth = (size_t)config->parser_depth;
    settings->max_recipients = (size_t)config->parser_recipients;
    settings->max_header_bytes = (size_t)config->parser_header_size;
    settings->max_text_bytes = (size_t)config->parser_text_size;
    settings->return_paths = config->return_paths;
    settings->unproven_suppresses = config->ingest_unproven_suppresses;
}

GArray *ingest_events(const struct classifier *classifier, const char *source, const struct report *report,
                      gint64 received)
{
    GArray *events = g_array_sized_new(FALSE, FALSE, sizeof(struct event), report->recipients->len);

    for (guint i = 0; i < report->recipients->len; i++) {
        const struct report_recipient *recipient = report->recipients->pdata[i];
        struct verdict verdict;
        struct event event;

        classifier_judge(classifier, report, recipient, &verdict);
        event_from_report(&event, source, report, recipient, &verdict, received);
        g_array_append_val(events, event);
    }
    return events;
}

/* One report that proves nothing must not put thousands on the list. */
static void limit_unproven(GArray *events, gint64 most)
{
    const struct event *all = (const struct event *)(void *)events->data;
    gint64 count = 0;

    for (guint i = 0; i < events->len; i++)
        count += all[i].evidence == REPORT_EVIDENCE_UNPROVEN && all[i].may_suppress && all[i].verdict != VERDICT_NONE;
    for (guint i = 0; count > most && i < events->len; i++)
        g_array_index(events, struct event, i).may_suppress = all[i].evidence != REPORT_EVIDENCE_UNPROVEN;
}

static bool find_evidence(const struct ingest *ingest, const struct ingest_message *message)
{
    const struct evidence_mail mail = {message->source, message->rcpt_to, message->bytes};

    return ingest->signatures != NULL &&
           evidence_find(ingest->config, ingest->signatures, &mail, message->work->report, message->work->events);
}

/* In the pool. */
static void read_message(void *data, void *user_data)
{
    struct ingest_message *message = data;
    const struct ingest *ingest = user_data;
    struct ingest_work *work = g_new0(struct ingest_work, 1);
    struct report_settings settings = ingest->settings;
    struct report_envelope envelope = {.mail_from = message->mail_from};

    message->work = work;
    g_ptr_array_add(message->rcpt_to, NULL);
    work->rcpt_to = g_strjoinv(",", (char **)message->rcpt_to->pdata);
    if (message->rcpt_to->len > 1)
        envelope.recipients = (const char *const *)message->rcpt_to->pdata;
    if (message->own_mta != NULL)
        envelope.own_mta = (const char *const *)message->own_mta->pdata;
    settings.now = message->received;
    work->report = parser_read(&settings, &envelope, message->bytes->str, message->bytes->len);
    g_ptr_array_remove_index(message->rcpt_to, message->rcpt_to->len - 1);
    work->events = ingest_events(ingest->classifier, message->source, work->report, message->received);
    message->claims = find_evidence(ingest, message);
    limit_unproven(work->events, ingest->config->ingest_unproven_recipients);
    message->cut = work->report->cut;
    for (guint i = 0; i < work->events->len; i++)
        message->kinds[g_array_index(work->events, struct event, i).kind]++;
    work->forwards = message->kinds[REPORT_KIND_OTHER] < work->events->len
                         ? g_ptr_array_new()
                         : forward_plan(ingest->config, work->report, message->mail_from, message->rcpt_to);
    digest_message(work->rcpt_to, message->bytes, work->digest);
    message->digest = digest_hex(work->digest);
    work->raw = compressor_run(ingest->compressor, message->bytes);
    g_async_queue_push(ingest->parsed, message);
}

/* --- the writer --------------------------------------------------------------------------------------------------- */

static bool store_one(const struct ingest *ingest, struct ingest_message *message, GError **error)
{
    static const enum ingest_outcome outcomes[] = {
        [STORE_ADDED] = INGEST_STORED, [STORE_DUPLICATE] = INGEST_DUPLICATE, [STORE_FAILED] = INGEST_FAILED};
    const struct ingest_work *work = message->work;
    const struct store_message stored = {
        .digest = work->digest,
        .received = message->received,
        .source = message->source,
        .mail_from = message->mail_from,
        .rcpt_to = *work->rcpt_to == '\0' ? NULL : work->rcpt_to,
        .size = message->bytes->len,
        .raw = work->raw,
        .rule_version = classifier_version(ingest->classifier),
    };
    const struct event *events = (const struct event *)(void *)work->events->data;

    message->outcome = outcomes[store_add(ingest->store, &stored, events, work->events->len, error)];
    if (message->outcome == INGEST_STORED &&
        !forward_store(work->forwards, ingest->config, ingest->store, &stored, &message->forward, error))
        message->outcome = INGEST_FAILED;
    return message->outcome != INGEST_FAILED;
}

static bool store_batch(const struct ingest *ingest, GPtrArray *batch, guint from, guint to, GError **error)
{
    if (!store_begin(ingest->store, error))
        return false;
    for (guint i = from; i < to; i++) {
        if (!store_one(ingest, batch->pdata[i], error)) {
            store_rollback(ingest->store);
            return false;
        }
    }
    return store_commit(ingest->store, error);
}

static void fail_batch(GPtrArray *batch, guint from, guint to, const GError *error)
{
    for (guint i = from; i < to; i++) {
        struct ingest_message *message = batch->pdata[i];

        message->outcome = INGEST_FAILED;
        message->forward = FORWARD_NOBODY;
        g_free(message->error);
        message->error = g_strdup(error->message);
    }
}

/* A lock goes and a disk gets space again; with anything else the connection would fail for ever. `error` NULL: it
 * works. */
static void note_outcome(struct ingest *ingest, const GError *error)
{
    ingest->broken = error != NULL && !g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY) &&
                     !g_error_matches(error, STORE_ERROR, STORE_ERROR_FULL);
}

static bool mend(struct ingest *ingest, GError **error)
{
    if (ingest->broken && !store_reopen(ingest->store, error))
        return false;
    ingest->broken = false;
    return true;
}

/* All of the batch in one transaction. When that fails for want of space or a lock, all of it fails; when it may be the
 * fault of one message, each is tried alone, so that one cannot hold up the others for ever. */
static void write_batch(struct ingest *ingest, GPtrArray *batch)
{
    g_autoptr(GError) error = NULL;

    if (!mend(ingest, &error)) {
        fail_batch(batch, 0, batch->len, error);
        return;
    }
    if (store_batch(ingest, batch, 0, batch->len, &error))
        return;
    note_outcome(ingest, error);
    if (batch->len == 1 || !g_error_matches(error, STORE_ERROR, STORE_ERROR_FAILED)) {
        fail_batch(batch, 0, batch->len, error);
        return;
    }
    for (guint i = 0; i < batch->len; i++) {
        g_autoptr(GError) alone = NULL;

        if (!store_batch(ingest, batch, i, i + 1, &alone))
            fail_batch(batch, i, i + 1, alone);
        note_outcome(ingest, alone);
    }
}

static void hand_back(const struct ingest *ingest, GPtrArray *batch)
{
    guint64 one = 1;

    for (guint i = 0; i < batch->len; i++)
        g_async_queue_push(ingest->done, batch->pdata[i]);
    while (write(ingest->fd, &one, sizeof one) < 0)
        ;
    g_ptr_array_set_size(batch, 0);
}

/* When it failed, the next time will do. */
static void maintain(struct ingest *ingest, gint64 *next)
{
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    bool more = false;

    if (now < *next)
        return;
    g_mutex_lock(&ingest->writing);
    if (!store_maintain(ingest->store, ingest->config->store_retention, now, MAINTAIN_ROWS, &more, NULL) || !more)
        *next = now + MAINTAIN_EVERY;
    g_mutex_unlock(&ingest->writing);
}

/* The writer thread: takes what waits, at least one message, and stores it in one transaction. */
static void *write_messages(void *data)
{
    struct ingest *ingest = data;
    g_autoptr(GPtrArray) batch = g_ptr_array_sized_new(BATCH_MAX);
    gint64 next_maintain = 0;
    bool running = true;

    while (running) {
        void *item = g_async_queue_timeout_pop(ingest->parsed, 60 * SECOND);

        while (item != NULL && item != (const void *)&stop) {
            g_ptr_array_add(batch, item);
            item = batch->len < BATCH_MAX ? g_async_queue_try_pop(ingest->parsed) : NULL;
        }
        running = item != (const void *)&stop;
        if (batch->len > 0) {
            g_mutex_lock(&ingest->writing);
            write_batch(ingest, batch);
            g_mutex_unlock(&ingest->writing);
            hand_back(ingest, batch);
        }
        maintain(ingest, &next_maintain);
    }
    return NULL;
}

/* --- the caller's side -------------------------------------------------------------------------------------------- */

static void use(struct ingest *ingest, const struct config *config, const struct classifier *classifier)
{
    ingest_report_settings(config, &ingest->settings);
    ingest->config = config;
    ingest->classifier = classifier;
}

struct ingest *ingest_new(const struct config *config, const struct classifier *classifier, struct store *store)
{
    struct ingest *ingest = g_new0(struct ingest, 1);
    gint64 workers = config->workers > 0 ? config->workers : (gint64)g_get_num_processors();

    use(ingest, config, classifier);
    ingest->store = store;
    g_mutex_init(&ingest->writing);
    ingest->compressor = compressor_new();
    ingest->signatures = signatures_new();
    ingest->parsed = g_async_queue_new();
    ingest->done = g_async_queue_new_full((GDestroyNotify)ingest_message_free);
    ingest->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (ingest->fd < 0)
        g_error("cannot make an eventfd: %s", g_strerror(errno));
    ingest->pool = g_thread_pool_new(read_message, ingest, (int)workers, TRUE, NULL);
    ingest->writer = g_thread_new("writer", write_messages, ingest);
    return ingest;
}

void ingest_reload(struct ingest *ingest, const struct config *config, const struct classifier *classifier)
{
    g_assert(ingest->pending == 0);
    g_mutex_lock(&ingest->writing);
    use(ingest, config, classifier);
    store_set_policies(ingest->store, config->policies);
    g_mutex_unlock(&ingest->writing);
}

void ingest_free(struct ingest *ingest)
{
    if (ingest == NULL)
        return;
    g_thread_pool_free(ingest->pool, FALSE, TRUE);
    g_async_queue_push(ingest->parsed, (void *)&stop);
    g_thread_join(ingest->writer);
    compressor_free(ingest->compressor);
    signatures_free(ingest->signatures);
    g_async_queue_unref(ingest->parsed);
    g_async_queue_unref(ingest->done);
    close(ingest->fd);
    g_mutex_clear(&ingest->writing);
    g_free(ingest);
}

void ingest_message(struct ingest *ingest, struct ingest_message *message)
{
    message->outcome = INGEST_PENDING;
    ingest->pending++;
    g_thread_pool_push(ingest->pool, message, NULL);
}

unsigned ingest_pending(const struct ingest *ingest)
{
    return ingest->pending;
}

int ingest_fd(const struct ingest *ingest)
{
    return ingest->fd;
}

struct ingest_message *ingest_done(struct ingest *ingest)
{
    struct ingest_message *message = g_async_queue_try_pop(ingest->done);
    guint64 count;

    /* Looked at once more after the descriptor was reset, so that none is left behind a quiet descriptor. */
    if (message == NULL && read(ingest->fd, &count, sizeof count) > 0)
        message = g_async_queue_try_pop(ingest->done);
    if (message != NULL)
        ingest->pending--;
    return message;
}

struct store *ingest_borrow_store(struct ingest *ingest, GError **error)
{
    g_mutex_lock(&ingest->writing);
    return mend(ingest, error) ? ingest->store : NULL;
}

void ingest_return_store(struct ingest *ingest, const GError *error)
{
    if (error != NULL)
        note_outcome(ingest, error);
    g_mutex_unlock(&ingest->writing);
}
