#include "cmd/bounced/supervisor.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

/* How often the status line is renewed when there is no watchdog. */
#define STATUS_EVERY (10 * G_TIME_SPAN_SECOND)

struct supervisor {
    const struct counters *counters;
    const struct receiver *receiver;
    struct event *tick;
    guint64 watchdog; /* microseconds; 0: none */
    int fd;           /* connected to $NOTIFY_SOCKET; -1: there is none */
    const char *late; /* a state that the socket had no room for; NULL: none */
};

/* sd_notify(3) waits when nobody reads the socket, and all sessions would wait with it. */
static int connect_socket(void)
{
    const char *name = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = name != NULL ? strlen(name) : 0;
    int fd;

    if (length == 0 || length >= sizeof address.sun_path || (*name != '/' && *name != '@'))
        return -1;
    memcpy(address.sun_path, name, length);
    if (*name == '@')
        address.sun_path[0] = '\0'; /* unix(7): abstract */
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address,
                           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* True when it was taken. */
static bool say(const struct supervisor *supervisor, const char *state)
{
    const guint64 *messages = supervisor->counters->messages;
    g_autofree char *text = NULL;
    struct gauges gauges;

    receiver_read_gauges(supervisor->receiver, &gauges);
    text = g_strdup_printf(
        "%s\nSTATUS=%u connections, %" G_GUINT64_FORMAT " messages kept, %" G_GUINT64_FORMAT " failed%s", state,
        receiver_open(supervisor->receiver), messages[INGEST_OUTCOME_STORED] + messages[INGEST_OUTCOME_DUPLICATE],
        messages[INGEST_OUTCOME_FAILED], gauges.store_fails > 0 ? "; the store fails" : "");
    return send(supervisor->fd, text, strlen(text), MSG_NOSIGNAL) >= 0;
}

/* A state is said again until it is taken; only the last one matters. */
static void tell(struct supervisor *supervisor, const char *state)
{
    if (supervisor->fd >= 0)
        supervisor->late = say(supervisor, state) ? NULL : state;
}

static void on_tick(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct supervisor *supervisor = data;
    bool well = receiver_makes_progress(supervisor->receiver, (gint64)supervisor->watchdog);

    if (supervisor->late != NULL)
        tell(supervisor, supervisor->late);
    /* One that is lost is no harm: the next comes soon. */
    if (supervisor->fd >= 0)
        (void)say(supervisor, supervisor->watchdog > 0 && well ? "WATCHDOG=1" : "");
}

struct supervisor *supervisor_new(struct event_base *base, const struct counters *counters,
                                  const struct receiver *receiver)
{
    struct supervisor *supervisor = g_new0(struct supervisor, 1);

    supervisor->counters = counters;
    supervisor->receiver = receiver;
    if (sd_watchdog_enabled(0, &supervisor->watchdog) <= 0)
        supervisor->watchdog = 0;
    supervisor->fd = connect_socket();
    supervisor->tick = event_new(base, -1, EV_PERSIST, on_tick, supervisor);
    return supervisor;
}

void supervisor_free(struct supervisor *supervisor)
{
    if (supervisor == NULL)
        return;
    event_free(supervisor->tick);
    if (supervisor->fd >= 0)
        close(supervisor->fd);
    g_free(supervisor);
}

void supervisor_ready(struct supervisor *supervisor)
{
    /* Half the time that is given, as sd_watchdog_enabled(3) asks. */
    guint64 every = supervisor->watchdog > 0 ? supervisor->watchdog / 2 : (guint64)STATUS_EVERY;
    struct timeval interval = {.tv_sec = (time_t)(every / G_USEC_PER_SEC),
                               .tv_usec = (suseconds_t)(every % G_USEC_PER_SEC)};

    event_add(supervisor->tick, &interval);
    tell(supervisor, "READY=1");
}

void supervisor_reloading(struct supervisor *supervisor)
{
    tell(supervisor, "RELOADING=1");
}

void supervisor_reloaded(struct supervisor *supervisor)
{
    tell(supervisor, "READY=1");
}

void supervisor_stopping(struct supervisor *supervisor)
{
    tell(supervisor, "STOPPING=1");
}
