#include "cmd/bounced/http/http.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cmd/bounced/http/bulk/snapshot.h"
#include "cmd/bounced/http/calls.h"
#include "cmd/bounced/http/routing/http_route.h"

/* The loop asks the thread, and waits until that is done. */
enum wish { WISH_NONE, WISH_OPEN, WISH_CLOSE, WISH_RELOAD, WISH_STOP, WISH_END };

struct http {
    struct http_parts parts;
    GThread *thread;
    struct event_base *base; /* the thread's */
    struct calls *calls;     /* likewise */
    struct http_line *loop;  /* calls for the loop */
    int wake;                /* an eventfd: there is a wish */

    GMutex mutex; /* of these: */
    GCond fulfilled;
    enum wish wish;
    const struct listen_config *section;
    int fd;
    struct http_site *site;
};

/* --- calls on the loop -------------------------------------------------------------------------------------------- */

static void on_loop(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct http *http = data;
    struct http_call *call;

    while ((call = http_line_take(http->loop)) != NULL) {
        call->now = g_get_real_time() / G_USEC_PER_SEC;
        (call->onward != NULL ? call->onward : call->route->run)(call);
        if (!call->kept)
            http_end(http, call);
    }
}

void http_end(struct http *http, struct http_call *call)
{
    http_line_put(calls_done(http->calls), call, G_MAXUINT);
}

/* --- the thread --------------------------------------------------------------------------------------------------- */

/* The loop waits meanwhile: its config and certificate stay. */
static void fulfil(struct http *http)
{
    const struct setup *setup = http->parts.setup;

    switch (http->wish) {
    case WISH_OPEN:
        http->site = front_open(calls_front(http->calls), http->section,
                                http->section->tls == LISTEN_TLS_REQUIRED ? setup->tls : NULL, http->fd);
        break;
    case WISH_CLOSE:
        front_close(calls_front(http->calls), http->site);
        break;
    case WISH_RELOAD:
        calls_reload(http->calls);
        break;
    case WISH_STOP:
        calls_stop(http->calls);
        break;
    case WISH_END:
        event_base_loopbreak(http->base);
        break;
    case WISH_NONE:
        break;
    }
    http->wish = WISH_NONE;
}

static void on_wish(evutil_socket_t fd, short what G_GNUC_UNUSED, void *data)
{
    struct http *http = data;
    guint64 count;

    if (read(fd, &count, sizeof count) < 0)
        return;
    g_mutex_lock(&http->mutex);
    fulfil(http);
    g_cond_signal(&http->fulfilled);
    g_mutex_unlock(&http->mutex);
}

/* Answers go out; but a client that does not take its own is not waited for. */
static void finish(struct http *http)
{
    static const struct timeval moment = {.tv_usec = 10000};

    calls_finish(http->calls);
    int turns = 0;
    do {
        event_base_loopexit(http->base, &moment);
        event_base_dispatch(http->base);
    } while (++turns < 50 && calls_unsent(http->calls));
}

static void *run(void *data)
{
    struct http *http = data;
    struct event *wished = event_new(http->base, http->wake, EV_READ | EV_PERSIST, on_wish, http);

    event_add(wished, NULL);
    event_base_dispatch(http->base);
    finish(http);
    event_free(wished);
    return NULL;
}

/* evhttp stops and starts to listen to a connection for each request: as long as that changes nothing in the end, the
 * kernel need not be told. */
static struct event_base *make_base(void)
{
    struct event_config *config = event_config_new();

    event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

/* --- the loop's side ---------------------------------------------------------------------------------------------- */

/* With the mutex locked. */
static void ask(struct http *http, enum wish wish)
{
    guint64 one = 1;

    http->wish = wish;
    while (write(http->wake, &one, sizeof one) < 0 && errno == EINTR)
        ;
    while (http->wish != WISH_NONE)
        g_cond_wait(&http->fulfilled, &http->mutex);
}

struct http *http_new(const struct http_parts *parts)
{
    struct http *http = g_new0(struct http, 1);

    http->parts = *parts;
    http->parts.http = http;
    http->parts.end = http_end;
    http->parts.snapshots = snapshots_new(parts->setup);
    http->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (http->wake < 0)
        g_error("cannot make an eventfd: %s", g_strerror(errno));
    g_mutex_init(&http->mutex);
    g_cond_init(&http->fulfilled);
    http->base = make_base();
    http->loop = http_line_new();
    http_line_watch(http->loop, parts->base, on_loop, http);
    http->calls = calls_new(http->base, &http->parts, http->loop);
    http->parts.traffic = calls_traffic(http->calls);
    http->thread = g_thread_new("http", run, http);
    return http;
}

void http_free(struct http *http)
{
    if (http == NULL)
        return;
    g_mutex_lock(&http->mutex);
    ask(http, WISH_END);
    g_mutex_unlock(&http->mutex);
    g_thread_join(http->thread);
    calls_free(http->calls);
    http_line_free(http->loop);
    snapshots_free(http->parts.snapshots);
    event_base_free(http->base);
    close(http->wake);
    g_mutex_clear(&http->mutex);
    g_cond_clear(&http->fulfilled);
    g_free(http);
}

void http_reload(struct http *http)
{
    snapshots_renew(http->parts.snapshots, http->parts.setup);
    g_mutex_lock(&http->mutex);
    ask(http, WISH_RELOAD);
    g_mutex_unlock(&http->mutex);
}

void http_stop(struct http *http)
{
    g_atomic_int_set(&http->parts.stopping, 1);
    g_mutex_lock(&http->mutex);
    ask(http, WISH_STOP);
    g_mutex_unlock(&http->mutex);
}

struct http_site *http_serve(struct http *http, const struct listen_config *section, int fd)
{
    struct http_site *site;

    g_mutex_lock(&http->mutex);
    http->section = section;
    http->fd = fd;
    ask(http, WISH_OPEN);
    site = http->site;
    g_mutex_unlock(&http->mutex);
    return site;
}

void http_leave(struct http *http, struct http_site *site)
{
    g_mutex_lock(&http->mutex);
    http->site = site;
    ask(http, WISH_CLOSE);
    g_mutex_unlock(&http->mutex);
}
