#include "cmd/bounced/supervisor.h"

#include <systemd/sd-daemon.h>

/* How often the status line is renewed when there is no watchdog. */
#define STATUS_EVERY (10 * G_TIME_SPAN_SECOND)

struct supervisor {
    const struct receiver *receiver;
    struct event *tick;
    guint64 watchdog; /* microseconds; 0: none */
};

/* That nobody listens is no failure of ours: the results of sd_notify() say nothing to act on. */
static void tell(struct supervisor *supervisor, const char *state)
{
    const struct receiver *receiver = supervisor->receiver;

    (void)sd_notifyf(0, "%sSTATUS=%u connections, %" G_GUINT64_FORMAT " messages kept, %" G_GUINT64_FORMAT " failed%s",
                     state, g_hash_table_size(receiver->peers), receiver->stored, receiver->failed,
                     receiver->store_fails ? "; the store fails" : "");
}

static void on_tick(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct supervisor *supervisor = data;
    bool well = receiver_makes_progress(supervisor->receiver, (gint64)supervisor->watchdog);

    tell(supervisor, supervisor->watchdog > 0 && well ? "WATCHDOG=1\n" : "");
}

struct supervisor *supervisor_new(struct event_base *base, const struct receiver *receiver)
{
    struct supervisor *supervisor = g_new0(struct supervisor, 1);

    supervisor->receiver = receiver;
    if (sd_watchdog_enabled(0, &supervisor->watchdog) <= 0)
        supervisor->watchdog = 0;
    supervisor->tick = event_new(base, -1, EV_PERSIST, on_tick, supervisor);
    return supervisor;
}

void supervisor_free(struct supervisor *supervisor)
{
    if (supervisor == NULL)
        return;
    event_free(supervisor->tick);
    g_free(supervisor);
}

void supervisor_ready(struct supervisor *supervisor)
{
    /* Half the time that is given, as sd_watchdog_enabled(3) asks. */
    guint64 every = supervisor->watchdog > 0 ? supervisor->watchdog / 2 : (guint64)STATUS_EVERY;
    struct timeval interval = {.tv_sec = (time_t)(every / G_USEC_PER_SEC),
                               .tv_usec = (suseconds_t)(every % G_USEC_PER_SEC)};

    event_add(supervisor->tick, &interval);
    tell(supervisor, "READY=1\n");
}

void supervisor_reloading(struct supervisor *supervisor)
{
    tell(supervisor, "RELOADING=1\n");
}

void supervisor_reloaded(struct supervisor *supervisor)
{
    tell(supervisor, "READY=1\n");
}

void supervisor_stopping(struct supervisor *supervisor)
{
    tell(supervisor, "STOPPING=1\n");
}
