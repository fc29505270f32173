#include "cmd/bounced/http/http_line.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct http_line {
    GMutex mutex;
    GCond changed;
    GQueue calls;
    bool stopped;
    int fd; /* an eventfd */
    struct event *event;
};

struct http_line *http_line_new(void)
{
    struct http_line *line = g_new0(struct http_line, 1);

    g_mutex_init(&line->mutex);
    g_cond_init(&line->changed);
    line->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (line->fd < 0)
        g_error("cannot make an eventfd: %s", g_strerror(errno));
    return line;
}

static void free_call(void *call)
{
    http_call_free(call);
}

void http_line_free(struct http_line *line)
{
    if (line == NULL)
        return;
    http_line_leave(line);
    g_queue_clear_full(&line->calls, free_call);
    close(line->fd);
    g_mutex_clear(&line->mutex);
    g_cond_clear(&line->changed);
    g_free(line);
}

void http_line_watch(struct http_line *line, struct event_base *base, event_callback_fn wake, void *data)
{
    line->event = event_new(base, line->fd, EV_READ | EV_PERSIST, wake, data);
    event_add(line->event, NULL);
}

void http_line_leave(struct http_line *line)
{
    if (line->event != NULL)
        event_free(line->event);
    line->event = NULL;
}

static void wake(struct http_line *line)
{
    guint64 one = 1;

    while (write(line->fd, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

bool http_line_put(struct http_line *line, struct http_call *call, guint most)
{
    bool room;

    g_mutex_lock(&line->mutex);
    room = line->calls.length < most;
    if (room)
        g_queue_push_tail(&line->calls, call);
    g_cond_signal(&line->changed);
    g_mutex_unlock(&line->mutex);
    if (room)
        wake(line);
    return room;
}

struct http_call *http_line_take(struct http_line *line)
{
    struct http_call *call;
    guint64 count;

    if (read(line->fd, &count, sizeof count) < 0)
        count = 0; /* it was read before: there may still be some */
    g_mutex_lock(&line->mutex);
    call = g_queue_pop_head(&line->calls);
    g_mutex_unlock(&line->mutex);
    return call;
}

struct http_call *http_line_wait(struct http_line *line)
{
    struct http_call *call;

    g_mutex_lock(&line->mutex);
    while (line->calls.length == 0 && !line->stopped)
        g_cond_wait(&line->changed, &line->mutex);
    call = g_queue_pop_head(&line->calls);
    g_mutex_unlock(&line->mutex);
    return call;
}

void http_line_stop(struct http_line *line)
{
    g_mutex_lock(&line->mutex);
    line->stopped = true;
    g_cond_signal(&line->changed);
    g_mutex_unlock(&line->mutex);
}
