#include "cmd/bounced/out/feeds/notice_outlet.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cmd/bounced/out/handover.h"
#include "cmd/bounced/out/nondelivery.h"
#include "parser/parser.h"
#include "store/telling.h"

enum { OLD = 86400, DEFERRED_MOST = 3600 /* seconds */ };

enum { EVENT_SENT, EVENT_REFUSED, EVENT_WITHHELD };
const struct journal_event notice_events[] = {
    [EVENT_SENT] = {LOG_INFO, "notice-sent"},
    [EVENT_REFUSED] = {LOG_WARNING, "notice-refused"},
    [EVENT_WITHHELD] = {LOG_INFO, "notice-withheld"},
};

struct notice_outlet {
    struct outlet_parts parts;
    struct event *end;
    int ended;   /* an eventfd, which the thread writes to when it is done */
    gint cancel; /* atomic */

    GThread *thread; /* NULL: there is no delivery. The rest is the thread's for as long. */
    const struct feed_item *item;
    gint64 now;
    char *why; /* it failed; NULL: it did not */
};

static void record(const struct notice_outlet *outlet, unsigned event, const char *why)
{
    const struct event *report = outlet->item->event;
    struct journal_entry *entry =
        journal_begin(outlet->parts.shared->journal, notice_events[event].priority, notice_events[event].name);

    journal_text(entry, "feed", outlet->parts.config->name);
    journal_address(entry, "to", report->sender);
    journal_address(entry, "recipient", report->recipient);
    journal_text(entry, "why", why);
    journal_send(entry);
}

/* --- the thread --------------------------------------------------------------------------------------------------- */

/* The message that was returned says whether a person wrote it, and to whom; without it we do not know. */
static const char *find_objection(const struct notice_outlet *outlet, GBytes *raw)
{
    struct report_settings settings;
    size_t length;
    const char *bytes = raw != NULL ? g_bytes_get_data(raw, &length) : NULL;

    if (outlet->now - outlet->item->at > OLD)
        return "old";
    if (bytes == NULL)
        return "message-not-kept";
    report_settings_defaults(&settings);
    settings.now = outlet->item->at;
    g_autoptr(Report) report = parser_read(&settings, NULL, bytes, length);
    return report->returned_automatic ? "automatic" : NULL;
}

static bool read_raw(struct notice_outlet *outlet, GBytes **raw, GError **error)
{
    struct store *store = ingest_borrow_store(outlet->parts.shared->ingest, error);

    *raw = store != NULL ? store_message_raw(store, outlet->item->digest, error) : NULL;
    ingest_return_store(outlet->parts.shared->ingest, *error);
    return *error == NULL;
}

static bool begin(struct notice_outlet *outlet, enum telling_outcome *outcome, GError **error)
{
    const struct outlet_shared *shared = outlet->parts.shared;
    const struct telling telling = {
        .id = outlet->item->id,
        .author = outlet->item->event->sender,
        .recipient = outlet->item->event->recipient,
        .now = outlet->now,
        .daily = outlet->parts.config->daily,
        .hourly = shared->plan->smart_host->hourly,
    };
    struct store *store = ingest_borrow_store(shared->ingest, error);
    bool good = store != NULL && store_telling_begin(store, shared->key, &telling, outcome, error);

    ingest_return_store(shared->ingest, *error);
    return good;
}

static bool finish(struct notice_outlet *outlet, GError **error)
{
    struct store *store = ingest_borrow_store(outlet->parts.shared->ingest, error);
    bool good = store != NULL && store_telling_end(store, outlet->item->id, error);

    ingest_return_store(outlet->parts.shared->ingest, *error);
    return good;
}

/* Gives it to the smart host: true when it is over, as good or bad as it may be. */
static bool send_notice(struct notice_outlet *outlet)
{
    const struct feed_plan *plan = outlet->parts.shared->plan;
    const struct event *event = outlet->item->event;
    const struct nondelivery notice = {
        .id = outlet->item->id, .from = outlet->parts.config->from, .hostname = plan->hostname, .now = outlet->now};
    char *text = nondelivery_write(&notice, event);
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
    const struct handover_message message = {.sender = "", .recipient = event->sender, .bytes = bytes};
    g_autoptr(GString) said = g_string_new(NULL);
    enum handover_result result = handover_send(plan->smart_host, plan->hostname, &message, &outlet->cancel, said);

    if (result == HANDOVER_DEFERRED && outlet->now - outlet->item->at >= DEFERRED_MOST)
        result = HANDOVER_REFUSED;
    if (result != HANDOVER_DELIVERED && result != HANDOVER_REFUSED) {
        outlet->why = g_strdup(said->str);
        return false;
    }
    record(outlet, result == HANDOVER_DELIVERED ? EVENT_SENT : EVENT_REFUSED, said->str);
    return true;
}

static bool work(struct notice_outlet *outlet, GError **error)
{
    g_autoptr(GBytes) raw = NULL;
    const char *objection;
    enum telling_outcome outcome;

    if (!read_raw(outlet, &raw, error))
        return false;
    objection = find_objection(outlet, raw);
    if (objection == NULL && !begin(outlet, &outcome, error))
        return false;
    if (objection == NULL && outcome != TELLING_DUE)
        objection = telling_outcome_names[outcome];
    if (objection == NULL)
        return !send_notice(outlet) || finish(outlet, error);
    record(outlet, EVENT_WITHHELD, objection);
    return true;
}

static void *run(void *data)
{
    struct notice_outlet *outlet = data;
    g_autoptr(GError) error = NULL;
    guint64 one = 1;

    if (!work(outlet, &error))
        outlet->why = g_strdup(error->message);
    while (write(outlet->ended, &one, sizeof one) < 0 && errno == EINTR)
        ;
    return NULL;
}

/* --- the loop ----------------------------------------------------------------------------------------------------- */

static void on_end(evutil_socket_t fd, short what G_GNUC_UNUSED, void *data)
{
    struct notice_outlet *outlet = data;
    g_autofree char *why = NULL;
    guint64 count;

    if (read(fd, &count, sizeof count) < 0)
        return;
    if (outlet->thread != NULL)
        g_thread_join(g_steal_pointer(&outlet->thread));
    why = g_steal_pointer(&outlet->why);
    const struct outlet_end end = {.why = why};
    outlet->parts.end(outlet->parts.owner, &end);
}

static bool wants(const struct feed_config *config, const struct store_tail_item *from)
{
    return from->event != NULL &&
           nondelivery_decide(&from->event->event, (const char *const *)config->domains->pdata) == NONDELIVERY_GOES;
}

/* A test is of no message: it tells that the feed is at work, and mails nobody. */
static void deliver(void *data, const GPtrArray *items)
{
    struct notice_outlet *outlet = data;
    guint64 one = 1;

    outlet->item = items->pdata[0];
    outlet->now = g_get_real_time() / G_USEC_PER_SEC;
    if (outlet->item->event != NULL)
        outlet->thread = g_thread_new("notice", run, outlet);
    else if (write(outlet->ended, &one, sizeof one) < 0)
        g_error("cannot write to an eventfd: %s", g_strerror(errno));
}

static void *open_notices(const struct outlet_parts *parts)
{
    struct notice_outlet *outlet = g_new0(struct notice_outlet, 1);

    outlet->parts = *parts;
    outlet->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (outlet->ended < 0)
        g_error("cannot make an eventfd: %s", g_strerror(errno));
    outlet->end = event_new(parts->shared->base, outlet->ended, EV_READ | EV_PERSIST, on_end, outlet);
    event_add(outlet->end, NULL);
    return outlet;
}

static void close_notices(void *data)
{
    struct notice_outlet *outlet = data;

    g_atomic_int_set(&outlet->cancel, 1);
    if (outlet->thread != NULL)
        g_thread_join(outlet->thread);
    event_free(outlet->end);
    close(outlet->ended);
    g_free(outlet->why);
    g_free(outlet);
}

const struct outlet_type notice_outlet = {
    .open = open_notices, .deliver = deliver, .close = close_notices, .wants = wants};
