#include "cmd/bounced/desk/desk.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/bounced/desk/directory.h"
#include "cmd/bounced/desk/terms.h"
#include "cmd/bounced/log/seldom.h"

/* A server that has nothing to ask may keep its connection for so long, and has so long to take its replies. Replies
 * beyond UNSENT_MAX octets are not made before those are taken. */
enum { IDLE_TIMEOUT = 600, WRITE_TIMEOUT = 30, UNSENT_MAX = 65536 };

/* Microseconds after a question until the directory is tended, and between two pieces of that. */
enum { TEND_AFTER = 50000, TEND_AGAIN = 15000 };

/* A connection on its way from the loop that accepted it. */
struct arrival_slip {
    int fd;
    struct terms terms;
};

struct desk {
    const struct journal *journal;
    GThread *thread;
    int wake; /* an eventfd */
    gint stopping;
    guint answers[CODEC_ANSWER_REFUSED + 1]; /* atomic */

    GMutex mutex; /* of the next three */
    GArray *arrivals;
    char *wording; /* NULL: no other one has come; `tenants` comes with it */
    GHashTable *tenants;

    /* the thread's */
    struct event_base *base;
    struct event *tending; /* is due after questions */
    struct directory *directory;
    char *present_wording;
    GHashTable *present_tenants;
    GHashTable *callers; /* of struct caller * */
    struct codec_question question;
    GString *text;
    GString *replies;
    struct seldom full;
};

/* One connected mail server. */
struct caller {
    struct desk *desk;
    struct terms terms;
    bool leaves;  /* once its reply is sent */
    gint64 asked; /* when it came, or asked last; monotonic microseconds */
    struct bufferevent *stream;
};

static void tend_after(struct desk *desk, suseconds_t microseconds)
{
    const struct timeval pause = {.tv_usec = microseconds};

    evtimer_add(desk->tending, &pause);
}

/* --- one caller --------------------------------------------------------------------------------------------------- */

static void close_caller(struct caller *caller)
{
    g_hash_table_remove(caller->desk->callers, caller);
}

static void free_caller(void *data)
{
    struct caller *caller = data;

    bufferevent_free(caller->stream);
    terms_clear(&caller->terms);
    g_free(caller);
}

static enum codec_answer answer(const struct caller *caller, enum codec_state state)
{
    struct desk *desk = caller->desk;
    enum codec_answer answer = CODEC_ANSWER_NOT_SUPPRESSED;

    if (state == CODEC_STATE_UNKNOWN)
        answer = CODEC_ANSWER_REFUSED;
    else if (state == CODEC_STATE_QUESTION)
        answer =
            directory_ask(desk->directory, &desk->question, desk->present_tenants, desk->present_wording, desk->text);
    if (state != CODEC_STATE_NOTHING)
        g_atomic_int_inc((gint *)&desk->answers[answer]);
    return answer == CODEC_ANSWER_FAILED && caller->terms.fail_open ? CODEC_ANSWER_NOT_SUPPRESSED : answer;
}

/* At once, as far as the socket takes them: by way of the loop that costs three more system calls. */
static void send_replies(struct caller *caller)
{
    const GString *replies = caller->desk->replies;
    ssize_t sent = 0;

    if (replies->len > 0 && evbuffer_get_length(bufferevent_get_output(caller->stream)) == 0)
        sent = send(bufferevent_getfd(caller->stream), replies->str, replies->len, MSG_DONTWAIT | MSG_NOSIGNAL);
    sent = MAX(sent, 0); /* what is wrong, the stream will find */
    bufferevent_write(caller->stream, replies->str + sent, replies->len - (size_t)sent);
}

/* The requests that are complete are answered, as far as there is room for replies; `*more`: there may be others. False
 * if it is to be closed at once. */
static bool answer_all(struct caller *caller, bool *more)
{
    struct desk *desk = caller->desk;
    struct evbuffer *input = bufferevent_get_input(caller->stream);
    size_t length = evbuffer_get_length(input), at = 0;
    const char *bytes = (const char *)evbuffer_pullup(input, -1);
    size_t room = UNSENT_MAX - MIN(evbuffer_get_length(bufferevent_get_output(caller->stream)), UNSENT_MAX);
    enum codec_state state = CODEC_STATE_NOTHING;
    bool good = true;

    *more = false;
    if (length == 0)
        return true;
    g_string_truncate(desk->replies, 0);
    directory_begin(desk->directory);
    while (good && !caller->leaves && at < length && desk->replies->len < room) {
        size_t used = 0;
        state = terms_take(&caller->terms, bytes + at, length - at, &used, &desk->question);
        if (state == CODEC_STATE_MORE || state == CODEC_STATE_BROKEN)
            break;
        enum codec_answer given = answer(caller, state); /* which makes the text */
        good = caller->terms.codec->reply(desk->replies, given, desk->text->str);
        caller->leaves = caller->terms.codec->closes;
        at += used;
    }
    directory_end(desk->directory);
    if (evtimer_pending(desk->tending, NULL) == 0)
        tend_after(desk, TEND_AFTER);
    bool stuck = state == CODEC_STATE_MORE && length - at >= LOOKUP_REQUEST_MAX;
    evbuffer_drain(input, at);
    if (at > 0)
        caller->asked = g_get_monotonic_time();
    *more = desk->replies->len >= room && room > 0;
    send_replies(caller);
    return good && !stuck && state != CODEC_STATE_BROKEN;
}

static void serve(struct caller *caller)
{
    bool more = true;
    size_t unsent = 0;

    while (more && unsent == 0) {
        if (!answer_all(caller, &more)) {
            close_caller(caller);
            return;
        }
        unsent = evbuffer_get_length(bufferevent_get_output(caller->stream));
    }
    if (caller->leaves && unsent == 0)
        close_caller(caller);
    else if (caller->leaves || unsent >= UNSENT_MAX)
        bufferevent_disable(caller->stream, EV_READ);
}

static void on_read(struct bufferevent *stream G_GNUC_UNUSED, void *data)
{
    serve(data);
}

/* All replies were taken. */
static void on_write(struct bufferevent *stream, void *data)
{
    struct caller *caller = data;

    if (!caller->leaves)
        bufferevent_enable(stream, EV_READ);
    serve(caller);
}

/* Exim closes its side behind the question, and waits for the reply. */
static void on_end(struct bufferevent *stream, short what, void *data)
{
    struct caller *caller = data;

    if ((what & BEV_EVENT_EOF) != 0 && evbuffer_get_length(bufferevent_get_output(stream)) > 0)
        caller->leaves = true;
    else
        close_caller(caller);
}

/* The one that has asked nothing for the longest time. */
static struct caller *find_idlest(const struct desk *desk)
{
    struct caller *idlest = NULL;
    GHashTableIter iter;
    void *caller;

    g_hash_table_iter_init(&iter, desk->callers);
    while (g_hash_table_iter_next(&iter, &caller, NULL)) {
        if (idlest == NULL || ((struct caller *)caller)->asked < idlest->asked)
            idlest = caller;
    }
    return idlest;
}

/* So that callers that say nothing lock nobody out: a mail server that was idle comes again by itself. */
static bool make_room(struct desk *desk, gint64 now)
{
    struct caller *idlest;

    if (g_hash_table_size(desk->callers) < DESK_CALLERS)
        return true;
    if (seldom_due(&desk->full, now)) {
        struct journal_entry *entry = journal_begin(desk->journal, LOG_ALERT, "lookups-full");
        journal_number(entry, "connections", DESK_CALLERS);
        journal_send(entry);
    }
    idlest = find_idlest(desk);
    if (now - idlest->asked < G_TIME_SPAN_SECOND)
        return false;
    close_caller(idlest);
    return true;
}

static void drop_slip(struct arrival_slip *slip)
{
    close(slip->fd);
    terms_clear(&slip->terms);
}

static void take_in(struct desk *desk, struct arrival_slip *slip)
{
    static const struct timeval idle = {.tv_sec = IDLE_TIMEOUT}, slow = {.tv_sec = WRITE_TIMEOUT};
    struct caller *caller;

    gint64 now = g_get_monotonic_time();
    if (!make_room(desk, now)) {
        drop_slip(slip);
        return;
    }
    caller = g_new0(struct caller, 1);
    caller->desk = desk;
    caller->terms = slip->terms;
    caller->asked = now;
    caller->stream = bufferevent_socket_new(desk->base, slip->fd, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(caller->stream, on_read, on_write, on_end, caller);
    bufferevent_set_timeouts(caller->stream, &idle, &slow);
    bufferevent_setwatermark(caller->stream, EV_READ, 0, (size_t)2 * LOOKUP_REQUEST_MAX);
    bufferevent_enable(caller->stream, EV_READ | EV_WRITE);
    g_hash_table_add(desk->callers, caller);
}

/* --- the thread --------------------------------------------------------------------------------------------------- */

static void on_wake(evutil_socket_t fd, short what G_GNUC_UNUSED, void *data)
{
    struct desk *desk = data;
    g_autoptr(GArray) arrivals = NULL;
    guint64 count;

    if (read(fd, &count, sizeof count) < 0)
        return;
    g_mutex_lock(&desk->mutex);
    arrivals = g_steal_pointer(&desk->arrivals);
    desk->arrivals = g_array_new(FALSE, FALSE, sizeof(struct arrival_slip));
    if (desk->wording != NULL) {
        g_free(desk->present_wording);
        desk->present_wording = g_steal_pointer(&desk->wording);
        g_clear_pointer(&desk->present_tenants, g_hash_table_unref);
        desk->present_tenants = g_steal_pointer(&desk->tenants);
    }
    g_mutex_unlock(&desk->mutex);
    for (guint i = 0; i < arrivals->len; i++)
        take_in(desk, &g_array_index(arrivals, struct arrival_slip, i));
    if (g_atomic_int_get(&desk->stopping) != 0)
        event_base_loopbreak(desk->base);
}

static void on_tending(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct desk *desk = data;

    if (directory_tend(desk->directory))
        tend_after(desk, TEND_AGAIN);
}

static void *run(void *data)
{
    struct desk *desk = data;
    struct event *woken;

    desk->callers = g_hash_table_new_full(NULL, NULL, free_caller, NULL);
    desk->question.address = g_string_new(NULL);
    desk->question.stream = g_string_new(NULL);
    desk->question.label = g_string_new(NULL);
    desk->text = g_string_new(NULL);
    desk->replies = g_string_new(NULL);
    woken = event_new(desk->base, desk->wake, EV_READ | EV_PERSIST, on_wake, desk);
    event_add(woken, NULL);
    desk->tending = evtimer_new(desk->base, on_tending, desk);
    event_base_dispatch(desk->base);
    g_hash_table_unref(desk->callers);
    event_free(woken);
    event_free(desk->tending);
    event_base_free(desk->base);
    g_string_free(desk->question.address, TRUE);
    g_string_free(desk->question.stream, TRUE);
    g_string_free(desk->question.label, TRUE);
    g_string_free(desk->text, TRUE);
    g_string_free(desk->replies, TRUE);
    return NULL;
}

/* --- the caller's side -------------------------------------------------------------------------------------------- */

static void wake(struct desk *desk)
{
    guint64 one = 1;

    while (write(desk->wake, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

struct desk *desk_new(const struct config *config, const struct journal *journal)
{
    struct desk *desk = g_new0(struct desk, 1);

    desk->journal = journal;
    desk->full.period = SELDOM_MINUTE;
    desk->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (desk->wake < 0)
        g_error("cannot make an eventfd: %s", g_strerror(errno));
    g_mutex_init(&desk->mutex);
    desk->arrivals = g_array_new(FALSE, FALSE, sizeof(struct arrival_slip));
    desk->directory = directory_new(config->store_path, journal);
    desk_reload(desk, config);
    desk->base = event_base_new(); /* as for the verifier: a start without descriptors fails at once */
    desk->thread = g_thread_new("desk", run, desk);
    return desk;
}

void desk_free(struct desk *desk)
{
    if (desk == NULL)
        return;
    g_atomic_int_set(&desk->stopping, 1);
    wake(desk);
    g_thread_join(desk->thread);
    close(desk->wake);
    for (guint i = 0; i < desk->arrivals->len; i++)
        drop_slip(&g_array_index(desk->arrivals, struct arrival_slip, i));
    g_array_unref(desk->arrivals);
    directory_free(desk->directory);
    g_mutex_clear(&desk->mutex);
    g_free(desk->wording);
    g_free(desk->present_wording);
    g_clear_pointer(&desk->tenants, g_hash_table_unref);
    g_clear_pointer(&desk->present_tenants, g_hash_table_unref);
    g_free(desk);
}

void desk_take(struct desk *desk, const struct listen_config *section, int fd)
{
    const struct arrival_slip slip = {fd, terms_of(section)};

    g_assert(slip.terms.codec != NULL);
    g_mutex_lock(&desk->mutex);
    g_array_append_val(desk->arrivals, slip);
    g_mutex_unlock(&desk->mutex);
    wake(desk);
}

void desk_reload(struct desk *desk, const struct config *config)
{
    g_mutex_lock(&desk->mutex);
    g_free(desk->wording);
    desk->wording = g_strdup(config->lookup_text);
    g_clear_pointer(&desk->tenants, g_hash_table_unref);
    desk->tenants = config_copy_tenants(config);
    g_mutex_unlock(&desk->mutex);
    wake(desk);
}

void desk_count(const struct desk *desk, struct counters *counters)
{
    for (size_t i = 0; i < G_N_ELEMENTS(desk->answers); i++)
        counters->lookups[i] = (guint)g_atomic_int_get((const gint *)&desk->answers[i]);
}
