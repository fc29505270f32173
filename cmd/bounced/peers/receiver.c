#include "cmd/bounced/peers/receiver.h"

#include "cmd/bounced/log/seldom.h"
#include "cmd/bounced/out/forwards.h"
#include "cmd/bounced/peers/arrival.h"
#include "cmd/bounced/peers/peer.h"
#include "cmd/bounced/peers/peers.h"
#include "cmd/bounced/peers/posting.h"
#include "cmd/bounced/verify/verifier.h"

struct receiver {
    struct receiver_parts parts;
    struct peers peers;
    struct event *collect;
    struct event *second; /* comes once in each */
    bool store_fails;     /* the last message was not stored */
    struct seldom alert;
    struct seldom clock_alert;
    bool short_of_room; /* it was said */
};

/* --- what a message came to -------------------------------------------------------------------------------------- */

/* An operator must hear of a store that fails, and not for every message. */
static void watch_store(struct receiver *receiver, const struct ingest_message *message)
{
    const struct journal *journal = receiver->parts.journal;
    const char *path = receiver->parts.setup->config->store_path;
    bool fails = message->outcome == INGEST_OUTCOME_FAILED;
    struct journal_entry *entry;

    if (fails && seldom_due(&receiver->alert, g_get_monotonic_time())) {
        entry = journal_begin(journal, LOG_ALERT, "store-failed");
        journal_text(entry, "path", path);
        journal_text(entry, "error", message->error);
        journal_text(entry, "answer", "451 4.3.0");
        journal_send(entry);
    } else if (!fails && receiver->store_fails) {
        entry = journal_begin(journal, LOG_NOTICE, "store-works");
        journal_text(entry, "path", path);
        journal_send(entry);
    }
    receiver->store_fails = fails;
}

/* Before there is none. */
static void watch_room(struct receiver *receiver)
{
    bool scarce = ingest_short_of_room(receiver->parts.ingest);
    struct journal_entry *entry;

    if (scarce != receiver->short_of_room) {
        entry = journal_begin(receiver->parts.journal, scarce ? LOG_ALERT : LOG_NOTICE,
                              scarce ? "store-short" : "store-has-room");
        journal_text(entry, "path", receiver->parts.setup->config->store_path);
        journal_send(entry);
    }
    receiver->short_of_room = scarce;
}

/* An operator may know better than the counts. */
static void watch_waves(struct receiver *receiver)
{
    struct wave *wave;

    while ((wave = ingest_next_wave(receiver->parts.ingest)) != NULL) {
        bool on = wave->ended == 0;
        struct journal_entry *entry =
            journal_begin(receiver->parts.journal, on ? LOG_ALERT : LOG_NOTICE, on ? "wave-began" : "wave-ended");

        journal_number(entry, "wave", wave->id);
        journal_text(entry, "receiver", wave->receiver);
        journal_text(entry, "rule", wave->rule);
        journal_number(entry, "failures", wave->failures);
        journal_number(entry, "baseline", wave->baseline);
        journal_number(entry, "held", wave->held);
        journal_send(entry);
        ingest_wave_told(receiver->parts.ingest, wave);
    }
}

/* Somebody's clock is wrong: theirs or ours. */
static void watch_clock(struct receiver *receiver, const struct ingest_message *message)
{
    if (message->future == 0 || !seldom_due(&receiver->clock_alert, g_get_monotonic_time()))
        return;
    struct journal_entry *entry = journal_begin(receiver->parts.journal, LOG_WARNING, "future-events");
    journal_text(entry, "digest", message->digest);
    journal_number(entry, "events", message->future);
    journal_send(entry);
}

static void count_message(struct counters *counters, const struct ingest_message *message)
{
    counters->messages[message->outcome]++;
    if (message->outcome != INGEST_OUTCOME_STORED)
        return;
    counters->octets += message->bytes->len;
    counters->future += message->future;
    if (message->forward != FORWARD_NOBODY)
        counters->forwards[message->forward]++;
    for (size_t kind = 0; kind < G_N_ELEMENTS(message->kinds); kind++)
        counters->kinds[kind] += message->kinds[kind];
}

static void serve_line(struct receiver *receiver)
{
    struct peer *peer;

    while ((peer = intake_next(receiver->peers.intake)) != NULL)
        peer_resume(peer);
}

static void serve_paused(struct receiver *receiver)
{
    struct peer *peer;

    while ((peer = intake_next_paused(receiver->peers.intake)) != NULL)
        peer_resume(peer);
}

/* Its sender, or the program that waits for it, is told. */
static void conclude(struct receiver *receiver, struct intake_place *place, struct ingest_message *message)
{
    bool failed = message->outcome == INGEST_OUTCOME_FAILED;

    if (place->posting != NULL) {
        posting_take(place->posting, receiver->peers.intake, message);
        return;
    }
    peer_conclude(place->peer, failed ? SESSION_OUTCOME_FAILED : SESSION_OUTCOME_STORED);
    ingest_message_free(message);
}

/* The store has given messages back: their senders get their replies, and those in line their turn. */
static void collect(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct receiver *receiver = data;
    struct ingest_message *message;

    while ((message = intake_done(receiver->peers.intake)) != NULL) {
        struct intake_place *place = message->owner;

        record_message(receiver->peers.record,
                       place->posting != NULL ? &place->posting->client : peer_client(place->peer), message);
        count_message(receiver->parts.counters, message);
        forwards_note(receiver->parts.forwards, message);
        verifier_note(receiver->parts.verifier, message);
        watch_store(receiver, message);
        watch_room(receiver);
        watch_clock(receiver, message);
        conclude(receiver, place, message);
    }
    serve_line(receiver);
    serve_paused(receiver);
}

static void on_second(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct receiver *receiver = data;
    g_autoptr(GPtrArray) slow = intake_find_slow(receiver->peers.intake, g_get_monotonic_time());

    for (guint i = 0; i < slow->len; i++)
        peer_end(slow->pdata[i], SESSION_END_SLOW_DATA, LIMIT_DATA_RATE);
    watch_waves(receiver);
}

/* --- its life ---------------------------------------------------------------------------------------------------- */

struct receiver *receiver_new(const struct receiver_parts *parts)
{
    static const struct timeval second = {.tv_sec = 1};
    struct receiver *receiver = g_new0(struct receiver, 1);

    receiver->parts = *parts;
    receiver->alert.period = SELDOM_MINUTE;
    receiver->clock_alert.period = SELDOM_MINUTE;
    receiver->peers = (struct peers){
        .base = parts->base,
        .setup = parts->setup,
        .counters = parts->counters,
        .record = record_new(parts->journal),
        .limits = limits_new(),
        .intake = intake_new(parts->setup, parts->ingest),
        .arrivals = g_hash_table_new_full(NULL, NULL, arrival_free, NULL),
        .open = g_hash_table_new_full(NULL, NULL, peer_free, NULL),
        .postings = g_hash_table_new(NULL, NULL),
    };
    peers_renew(&receiver->peers);
    receiver->collect = event_new(parts->base, ingest_fd(parts->ingest), EV_READ | EV_PERSIST, collect, receiver);
    event_add(receiver->collect, NULL);
    receiver->second = event_new(parts->base, -1, EV_PERSIST, on_second, receiver);
    event_add(receiver->second, &second);
    return receiver;
}

void receiver_free(struct receiver *receiver)
{
    struct peers *peers;

    if (receiver == NULL)
        return;
    peers = &receiver->peers;
    event_free(receiver->collect);
    event_free(receiver->second);
    g_hash_table_unref(peers->arrivals);
    g_hash_table_unref(peers->open);
    g_hash_table_unref(peers->postings);
    intake_free(peers->intake);
    limits_free(peers->limits);
    record_free(peers->record);
    g_free(receiver);
}

void receiver_take(struct receiver *receiver, const struct listen_config *listener, int fd,
                   const struct sockaddr *address)
{
    arrival_take(&receiver->peers, listener, fd, address);
}

bool receiver_post(struct receiver *receiver, struct posting *posting)
{
    return posting_begin(posting, &receiver->peers);
}

void receiver_drain(struct receiver *receiver, struct event *drained)
{
    intake_drain(receiver->peers.intake, drained);
}

void receiver_renew(struct receiver *receiver)
{
    peers_renew(&receiver->peers);
}

void receiver_go_on(struct receiver *receiver)
{
    intake_go_on(receiver->peers.intake);
    serve_line(receiver);
}

/* `act` may free the peer it is given, and no other. */
static void for_each_peer(struct receiver *receiver, void (*act)(struct peer *peer))
{
    g_autoptr(GList) all = g_hash_table_get_keys(receiver->peers.open);

    for (GList *link = all; link != NULL; link = link->next)
        act(link->data);
}

void receiver_stop(struct receiver *receiver)
{
    g_autoptr(GList) arrivals = g_hash_table_get_keys(receiver->peers.arrivals);

    receiver->peers.stopping = true;
    for (GList *link = arrivals; link != NULL; link = link->next)
        arrival_stop(link->data);
    for_each_peer(receiver, peer_stop);
}

void receiver_abandon(struct receiver *receiver)
{
    for_each_peer(receiver, peer_give_up);
    /* TLS is written by the loop. */
    event_base_loop(receiver->parts.base, EVLOOP_NONBLOCK);
    for_each_peer(receiver, peer_close);
    g_autoptr(GList) postings = g_hash_table_get_keys(receiver->peers.postings);
    for (GList *link = postings; link != NULL; link = link->next)
        posting_give_up(link->data, receiver->peers.intake);
}

/* --- how it is --------------------------------------------------------------------------------------------------- */

guint receiver_open(const struct receiver *receiver)
{
    return g_hash_table_size(receiver->peers.open) + g_hash_table_size(receiver->peers.postings);
}

void receiver_read_gauges(const struct receiver *receiver, struct gauges *gauges)
{
    const struct config *config = receiver->parts.setup->config;
    const struct intake *intake = receiver->peers.intake;

    verifier_count(receiver->parts.verifier, receiver->parts.counters);
    *gauges = (struct gauges){
        .sessions = peers_count(&receiver->peers),
        .waiting = intake_waiting(intake),
        .paused = intake_paused(intake),
        .memory = intake_held(intake),
        .memory_limit = (guint64)config->memory,
        .queue = intake_pending(intake),
        .queue_limit = (guint64)config->queue_size,
        .store_fails = receiver->store_fails,
        .store_short = ingest_short_of_room(receiver->parts.ingest),
        .waves = ingest_waves(receiver->parts.ingest),
        .forward_fails = forwards_fails(receiver->parts.forwards),
    };
}

bool receiver_makes_progress(const struct receiver *receiver, gint64 limit)
{
    return intake_makes_progress(receiver->peers.intake, limit);
}
