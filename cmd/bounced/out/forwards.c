#include "cmd/bounced/out/forwards.h"

#include <string.h>

#include "cmd/bounced/log/seldom.h"
#include "cmd/bounced/out/handover.h"
#include "cmd/bounced/out/hop.h"
#include "store/outbox.h"

enum {
    LOOK_EVERY = 2,  /* seconds: `bouncectl outbox --retry` may have made something due */
    MEND_EVERY = 30, /* seconds: a database that fails is left alone for so long, so that it can be repaired */
};
#define RETRY_MOST ((gint64)4 * 3600) /* seconds */

struct forwards {
    const struct journal *journal;
    struct ingest *ingest;
    GThread *thread;
    gint stopping; /* atomic */
    gint fails;    /* atomic: the last attempt came to nothing */

    GMutex mutex; /* of the next four */
    GCond changed;
    bool woken;
    struct smart_host *host; /* NULL: there is none, and what waits waits */
    char *hostname;

    /* the thread's own */
    GStringChunk *strings; /* those of the message at work */
    bool store_fails;      /* it was said */
    gint64 pause;          /* nothing is tried before; monotonic */

    /* the caller's own */
    struct seldom too_many;
};

/* --- the log ------------------------------------------------------------------------------------------------------ */

const struct journal_event forwards_events[] = {
    [OUTGOING_WAITING] = {LOG_WARNING, "forward-deferred"},
    [OUTGOING_DELIVERED] = {LOG_INFO, "forwarded"},
    [OUTGOING_FAILED] = {LOG_ALERT, "forward-failed"},
};

static void record(const struct forwards *forwards, const struct outgoing *outgoing)
{
    const struct journal_event *event = &forwards_events[outgoing->state];
    struct journal_entry *entry = journal_begin(forwards->journal, event->priority, event->name);

    journal_text(entry, "digest", outgoing->digest);
    journal_address(entry, "came_to", outgoing->came_to);
    journal_address(entry, "to", outgoing->recipient);
    journal_number(entry, "attempts", outgoing->attempts);
    journal_text(entry, "said", outgoing->said);
    if (outgoing->state == OUTGOING_WAITING)
        journal_number(entry, "wait", outgoing->next - outgoing->tried);
    journal_send(entry);
}

/* Says so once, until it works again. How many seconds there are to wait: a lock goes by itself; with anything else the
 * database is left alone, so that it can be repaired. */
static gint64 watch_store(struct forwards *forwards, const GError *error)
{
    struct journal_entry *entry;

    if (error != NULL && !forwards->store_fails) {
        entry = journal_begin(forwards->journal, LOG_ALERT, "outbox-failed");
        journal_text(entry, "error", error->message);
        journal_send(entry);
    }
    forwards->store_fails = error != NULL;
    return error == NULL || g_error_matches(error, STORE_ERROR, STORE_ERROR_BUSY) ? LOOK_EVERY : MEND_EVERY;
}

/* --- the thread --------------------------------------------------------------------------------------------------- */

/* Until something changes, `seconds` at most. */
static void wait_for_change(struct forwards *forwards, gint64 seconds)
{
    gint64 end = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
    bool in_time = true;

    g_mutex_lock(&forwards->mutex);
    while (in_time && !forwards->woken && g_atomic_int_get(&forwards->stopping) == 0)
        in_time = g_cond_wait_until(&forwards->changed, &forwards->mutex, end);
    forwards->woken = false;
    g_mutex_unlock(&forwards->mutex);
}

/* A forward that was tried is not tried again before this is on disk, or it would go on twice. */
static void mark(struct forwards *forwards, const struct outgoing *outgoing)
{
    for (;;) {
        g_autoptr(GError) error = NULL;
        struct store *store = ingest_borrow_store(forwards->ingest, &error);
        bool marked = store != NULL && store_outbox_mark(store, outgoing, &error);
        gint64 wait;

        ingest_return_store(forwards->ingest, error);
        wait = watch_store(forwards, error);
        if (marked || g_atomic_int_get(&forwards->stopping) != 0)
            return;
        wait_for_change(forwards, wait);
    }
}

static gint64 retry_after(const struct smart_host *host, unsigned attempts)
{
    gint64 wait = host->retry;

    for (; attempts > 1 && wait < RETRY_MOST; attempts--)
        wait *= 2;
    return MAX(MIN(wait, RETRY_MOST), host->retry);
}

/* Draws the conclusion of an attempt. */
static void conclude(const struct smart_host *host, enum handover_result result, struct outgoing *outgoing)
{
    static const enum outgoing_state states[] = {
        [HANDOVER_DELIVERED] = OUTGOING_DELIVERED,
        [HANDOVER_REFUSED] = OUTGOING_FAILED,
        [HANDOVER_DEFERRED] = OUTGOING_WAITING,
        [HANDOVER_UNREACHABLE] = OUTGOING_WAITING,
    };

    outgoing->state = states[result];
    outgoing->attempts++;
    outgoing->next = outgoing->tried + retry_after(host, outgoing->attempts);
    if (outgoing->state == OUTGOING_WAITING && outgoing->tried - outgoing->queued >= host->give_up)
        outgoing->state = OUTGOING_FAILED;
}

static void send_one(struct forwards *forwards, const struct smart_host *host, const char *hostname,
                     struct outgoing *outgoing, GBytes *bytes)
{
    g_autofree char *trace = hop_fields(outgoing, hostname);
    const struct handover_message message = {.sender = host->from != NULL ? host->from : "",
                                             .recipient = outgoing->recipient,
                                             .trace = trace,
                                             .bytes = bytes};
    g_autoptr(GString) said = g_string_new(NULL);
    enum handover_result result = handover_send(host, hostname, &message, &forwards->stopping, said);

    if (result == HANDOVER_CANCELLED)
        return;
    if (result == HANDOVER_UNREACHABLE)
        forwards->pause = g_get_monotonic_time() + host->retry * G_TIME_SPAN_SECOND;
    outgoing->tried = g_get_real_time() / G_USEC_PER_SEC;
    outgoing->said = said->str;
    conclude(host, result, outgoing);
    g_atomic_int_set(&forwards->fails, outgoing->state != OUTGOING_DELIVERED);
    mark(forwards, outgoing);
    record(forwards, outgoing);
}

/* Of a message that cannot be had any more; read_raw() said why. */
static void give_up(struct forwards *forwards, struct outgoing *outgoing)
{
    outgoing->state = OUTGOING_FAILED;
    mark(forwards, outgoing);
    record(forwards, outgoing);
}

/* The store, which has them, is somebody else's soon. */
static void keep_strings(struct forwards *forwards, struct outgoing *outgoing)
{
    g_string_chunk_clear(forwards->strings);
    outgoing->digest = g_string_chunk_insert(forwards->strings, outgoing->digest);
    outgoing->source = g_string_chunk_insert(forwards->strings, outgoing->source);
    outgoing->recipient = g_string_chunk_insert(forwards->strings, outgoing->recipient);
    outgoing->came_to = g_string_chunk_insert(forwards->strings, outgoing->came_to);
}

/* NULL without an error when there is none to be had, and `said` tells why: the retention took it before an operator
 * sent it on its way again, or it is damaged, which says nothing about the database and must not hold up the others. */
static GBytes *read_raw(struct forwards *forwards, struct store *store, struct outgoing *outgoing, GError **error)
{
    g_autoptr(GError) bad = NULL;
    GBytes *bytes = store_message_raw(store, outgoing->digest, &bad);

    if (g_error_matches(bad, STORE_ERROR, STORE_ERROR_DAMAGED))
        outgoing->said = g_string_chunk_insert(forwards->strings, bad->message);
    else if (bad != NULL)
        g_propagate_error(error, g_steal_pointer(&bad));
    else if (bytes == NULL)
        outgoing->said = "the message is not kept any more";
    return bytes;
}

/* Finds the next forward, and its message if it is its turn and is still kept. Returns the seconds to wait: none if it
 * is its turn. */
static gint64 look(struct forwards *forwards, struct outgoing *outgoing, GBytes **bytes)
{
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    g_autoptr(GError) error = NULL;
    struct store *store = ingest_borrow_store(forwards->ingest, &error);
    bool found = false;
    gint64 wait;

    if (store != NULL && store_outbox_next(store, outgoing, &found, &error) && found) {
        keep_strings(forwards, outgoing);
        if (outgoing->next <= now)
            *bytes = read_raw(forwards, store, outgoing, &error);
    }
    ingest_return_store(forwards->ingest, error);
    wait = watch_store(forwards, error);
    return error == NULL && found ? CLAMP(outgoing->next - now, 0, wait) : wait;
}

/* The next message, if it is its turn; how many seconds there are to wait after that. */
static gint64 work(struct forwards *forwards, const struct smart_host *host, const char *hostname)
{
    gint64 paused = (forwards->pause - g_get_monotonic_time()) / G_TIME_SPAN_SECOND;
    g_autoptr(GBytes) bytes = NULL;
    struct outgoing outgoing;
    gint64 wait;

    if (paused >= 0)
        return MIN(paused + 1, LOOK_EVERY);
    wait = look(forwards, &outgoing, &bytes);
    if (wait > 0)
        return wait;
    if (bytes == NULL)
        give_up(forwards, &outgoing);
    else
        send_one(forwards, host, hostname, &outgoing, bytes);
    return 0;
}

static void *run(void *data)
{
    struct forwards *forwards = data;

    while (g_atomic_int_get(&forwards->stopping) == 0) {
        g_autoptr(SmartHost) host = NULL;
        g_autofree char *hostname = NULL;
        gint64 wait;

        g_mutex_lock(&forwards->mutex);
        host = smart_host_ref(forwards->host);
        hostname = g_strdup(forwards->hostname);
        g_mutex_unlock(&forwards->mutex);
        wait = host != NULL ? work(forwards, host, hostname) : LOOK_EVERY;
        if (wait > 0)
            wait_for_change(forwards, wait);
    }
    return NULL;
}

/* --- the caller's side -------------------------------------------------------------------------------------------- */

static void wake(struct forwards *forwards)
{
    g_mutex_lock(&forwards->mutex);
    forwards->woken = true;
    g_cond_signal(&forwards->changed);
    g_mutex_unlock(&forwards->mutex);
}

void forwards_reload(struct forwards *forwards, const struct config *config)
{
    g_mutex_lock(&forwards->mutex);
    smart_host_unref(forwards->host);
    forwards->host = smart_host_ref(config->smart_host);
    g_free(forwards->hostname);
    forwards->hostname = g_strdup(config->hostname);
    g_mutex_unlock(&forwards->mutex);
    wake(forwards);
}

struct forwards *forwards_new(const struct config *config, const struct journal *journal, struct ingest *ingest)
{
    struct forwards *forwards = g_new0(struct forwards, 1);

    handover_init();
    forwards->journal = journal;
    forwards->ingest = ingest;
    forwards->too_many.period = SELDOM_HOUR;
    g_mutex_init(&forwards->mutex);
    g_cond_init(&forwards->changed);
    forwards->strings = g_string_chunk_new(256);
    forwards_reload(forwards, config);
    forwards->thread = g_thread_new("forwards", run, forwards);
    return forwards;
}

void forwards_free(struct forwards *forwards)
{
    if (forwards == NULL)
        return;
    g_atomic_int_set(&forwards->stopping, 1);
    wake(forwards);
    g_thread_join(forwards->thread);
    smart_host_unref(forwards->host);
    g_free(forwards->hostname);
    g_string_chunk_free(forwards->strings);
    g_mutex_clear(&forwards->mutex);
    g_cond_clear(&forwards->changed);
    g_free(forwards);
    handover_clean_up();
}

void forwards_note(struct forwards *forwards, const struct ingest_message *message)
{
    struct journal_entry *entry;

    if (message->forward == FORWARD_GOES_ON)
        wake(forwards);
    if (message->forward != FORWARD_TOO_MANY || !seldom_due(&forwards->too_many, g_get_monotonic_time()))
        return;
    entry = journal_begin(forwards->journal, LOG_WARNING, "forward-limit");
    journal_text(entry, "digest", message->digest);
    journal_text(entry, "hint", "too many messages for a person; see bouncectl outbox");
    journal_send(entry);
}

bool forwards_fails(const struct forwards *forwards)
{
    return g_atomic_int_get(&forwards->fails) != 0;
}
