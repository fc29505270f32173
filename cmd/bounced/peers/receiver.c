#include "cmd/bounced/peers/receiver.h"

#include "cmd/bounced/peers/arrival.h"
#include "cmd/bounced/peers/peer.h"

/* How often it is said that the store fails. */
#define ALERT_EVERY (60 * G_TIME_SPAN_SECOND)

/* --- what a message came to -------------------------------------------------------------------------------------- */

/* An operator must hear of a store that fails, and not for every message. */
static void watch_store(struct receiver *receiver, const struct ingest_message *message)
{
    bool fails = message->outcome == INGEST_FAILED;
    gint64 now = g_get_monotonic_time();
    struct journal_entry *entry;

    if (fails && (receiver->alerted == 0 || now - receiver->alerted >= ALERT_EVERY)) {
        entry = journal_begin(receiver->journal, LOG_ALERT, "store-failed");
        journal_text(entry, "path", receiver->setup->config->store_path);
        journal_text(entry, "error", message->error);
        journal_text(entry, "answer", "451 4.3.0");
        journal_send(entry);
        receiver->alerted = now;
    } else if (!fails && receiver->store_fails) {
        entry = journal_begin(receiver->journal, LOG_NOTICE, "store-works");
        journal_text(entry, "path", receiver->setup->config->store_path);
        journal_send(entry);
    }
    receiver->store_fails = fails;
}

static void count_message(struct counters *counters, const struct ingest_message *message)
{
    counters->messages[message->outcome]++;
    if (message->outcome != INGEST_STORED)
        return;
    counters->octets += message->bytes->len;
    if (message->forward != FORWARD_NOBODY)
        counters->forwards[message->forward]++;
    for (size_t kind = 0; kind < G_N_ELEMENTS(message->kinds); kind++)
        counters->kinds[kind] += message->kinds[kind];
}

static bool has_room(const struct receiver *receiver)
{
    return receiver->drained == NULL && ingest_pending(receiver->ingest) < receiver->setup->config->queue_size;
}

static void find_largest(gpointer key, gpointer value G_GNUC_UNUSED, gpointer data)
{
    struct peer *peer = key, **largest = data;

    if (peer_unfinished(peer) > (*largest != NULL ? peer_unfinished(*largest) : 0))
        *largest = peer;
}

static bool shed_largest(struct receiver *receiver)
{
    struct peer *largest = NULL;

    g_hash_table_foreach(receiver->peers, find_largest, &largest);
    if (largest != NULL)
        peer_shed(largest);
    return largest != NULL;
}

static bool make_room(struct receiver *receiver)
{
    while (receiver->held >= (size_t)receiver->setup->config->memory) {
        if (ingest_pending(receiver->ingest) > 0 || !shed_largest(receiver))
            return false;
    }
    return true;
}

static void serve_paused(struct receiver *receiver)
{
    while (receiver->paused.length > 0 && make_room(receiver))
        peer_resume(g_queue_pop_head_link(&receiver->paused)->data);
}

static void serve_line(struct receiver *receiver)
{
    while (receiver->waiting.length > 0 && has_room(receiver))
        peer_resume(g_queue_pop_head_link(&receiver->waiting)->data);
}

/* The store has given messages back: their senders get their answers, and those in line their turn. */
static void collect(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct receiver *receiver = data;
    struct ingest_message *message;

    while ((message = ingest_done(receiver->ingest)) != NULL) {
        receiver->progress = g_get_monotonic_time();
        record_message(receiver->record, peer_facts(message->owner), message);
        count_message(&receiver->counters, message);
        forwarder_note(receiver->forwarder, message);
        watch_store(receiver, message);
        peer_answer(message->owner, message->outcome);
        ingest_message_free(message);
    }
    serve_line(receiver);
    serve_paused(receiver);
    if (receiver->drained != NULL && ingest_pending(receiver->ingest) == 0)
        event_active(receiver->drained, 0, 0);
}

/* --- its life ---------------------------------------------------------------------------------------------------- */

void receiver_renew(struct receiver *receiver)
{
    const struct config *config = receiver->setup->config;

    receiver->settings = (struct session_settings){
        .hostname = config->hostname,
        .return_paths = config->return_paths,
        .message_size = (size_t)config->message_size,
        .recipients = (size_t)config->recipients,
        .errors = (size_t)config->errors,
        .commands = (size_t)config->commands,
        .replies = receiver->counters.replies,
        .limits = receiver->counters.limits,
    };
}

struct receiver *receiver_new(struct event_base *base, const struct setup *setup, const struct journal *journal,
                              struct ingest *ingest, struct forwarder *forwarder)
{
    struct receiver *receiver = g_new0(struct receiver, 1);

    receiver->base = base;
    receiver->setup = setup;
    receiver->journal = journal;
    receiver->ingest = ingest;
    receiver->forwarder = forwarder;
    receiver_renew(receiver);
    receiver->record = record_new(journal);
    receiver->limits = limits_new();
    receiver->arrivals = g_hash_table_new_full(NULL, NULL, arrival_free, NULL);
    receiver->peers = g_hash_table_new_full(NULL, NULL, peer_free, NULL);
    g_queue_init(&receiver->waiting);
    g_queue_init(&receiver->paused);
    receiver->collect = event_new(base, ingest_fd(ingest), EV_READ | EV_PERSIST, collect, receiver);
    event_add(receiver->collect, NULL);
    return receiver;
}

void receiver_free(struct receiver *receiver)
{
    if (receiver == NULL)
        return;
    event_free(receiver->collect);
    g_hash_table_unref(receiver->arrivals);
    g_hash_table_unref(receiver->peers);
    limits_free(receiver->limits);
    record_free(receiver->record);
    g_free(receiver);
}

void receiver_hit(struct receiver *receiver, enum limit limit, const struct network_host *host, const char *listener)
{
    receiver->counters.limits[limit]++;
    record_refused(receiver->record, limit_names[limit], host, listener);
}

bool receiver_may_send(struct receiver *receiver, const struct peer_facts *facts)
{
    enum limit passed =
        facts->unlimited ? LIMIT_NONE
                         : limits_send(receiver->limits, receiver->setup->config, &facts->host, g_get_monotonic_time());

    if (passed != LIMIT_NONE)
        receiver_hit(receiver, passed, &facts->host, facts->listener);
    return passed == LIMIT_NONE;
}

static void wait_in(struct receiver *receiver, GQueue *line, GList *place, enum limit limit)
{
    receiver->counters.limits[limit]++;
    record_waits(receiver->record, limit_names[limit], peer_facts(place->data));
    g_queue_push_tail_link(line, place);
}

bool receiver_admit(struct receiver *receiver, GList *place)
{
    /* Who comes after those in line waits behind them. */
    if (receiver->waiting.length == 0 && has_room(receiver))
        return true;
    wait_in(receiver, &receiver->waiting, place, LIMIT_QUEUE);
    return false;
}

bool receiver_has_memory(struct receiver *receiver, GList *place)
{
    if (make_room(receiver))
        return true;
    wait_in(receiver, &receiver->paused, place, LIMIT_MEMORY);
    return false;
}

void receiver_submit(struct receiver *receiver, struct transaction *transaction, struct peer *peer)
{
    const char *source = listen_protocol_names[peer_facts(peer)->protocol];
    struct ingest_message *message = ingest_message_new(source, g_get_real_time() / G_USEC_PER_SEC);

    g_string_free(message->bytes, TRUE);
    message->bytes = g_steal_pointer(&transaction->message);
    g_ptr_array_unref(message->rcpt_to);
    message->rcpt_to = g_ptr_array_ref(transaction->recipients);
    message->mail_from = g_steal_pointer(&transaction->mail_from);
    message->owner = peer;
    transaction_free(transaction);
    if (ingest_pending(receiver->ingest) == 0)
        receiver->progress = g_get_monotonic_time();
    ingest_message(receiver->ingest, message);
}

void receiver_drain(struct receiver *receiver, struct event *drained)
{
    receiver->drained = drained;
    if (ingest_pending(receiver->ingest) == 0)
        event_active(drained, 0, 0);
}

void receiver_go_on(struct receiver *receiver)
{
    receiver->drained = NULL;
    serve_line(receiver);
}

/* `act` may free the peer it is given, and no other. */
static void for_each_peer(struct receiver *receiver, void (*act)(struct peer *peer))
{
    g_autoptr(GList) all = g_hash_table_get_keys(receiver->peers);

    for (GList *link = all; link != NULL; link = link->next)
        act(link->data);
}

void receiver_stop(struct receiver *receiver)
{
    g_autoptr(GList) arrivals = g_hash_table_get_keys(receiver->arrivals);

    receiver->stopping = true;
    for (GList *link = arrivals; link != NULL; link = link->next)
        arrival_stop(link->data);
    for_each_peer(receiver, peer_stop);
}

void receiver_abandon(struct receiver *receiver)
{
    for_each_peer(receiver, peer_give_up);
    /* TLS is written by the loop. */
    event_base_loop(receiver->base, EVLOOP_NONBLOCK);
    for_each_peer(receiver, peer_close);
}

void receiver_read_gauges(const struct receiver *receiver, struct gauges *gauges)
{
    const struct config *config = receiver->setup->config;

    *gauges = (struct gauges){
        .sessions = g_hash_table_size(receiver->peers) + g_hash_table_size(receiver->arrivals),
        .waiting = receiver->waiting.length,
        .paused = receiver->paused.length,
        .memory = receiver->held,
        .memory_limit = (guint64)config->memory,
        .queue = ingest_pending(receiver->ingest),
        .queue_limit = (guint64)config->queue_size,
        .store_fails = receiver->store_fails,
        .forward_fails = forwarder_fails(receiver->forwarder),
    };
}

bool receiver_makes_progress(const struct receiver *receiver, gint64 limit)
{
    return ingest_pending(receiver->ingest) == 0 || g_get_monotonic_time() - receiver->progress < limit;
}
