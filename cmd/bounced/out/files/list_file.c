#include "cmd/bounced/out/files/list_file.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "store/store.h"

enum { BUSY_TIMEOUT = 5000 }; /* milliseconds */

struct list_file {
    const struct list_file_owner *calls;
    void *owner;
    char *store;
    char *path;
    char *wording;
    char *stream;
    char *tenant;
    struct export_settings export;
    guint every;

    bool wanted;
    gint64 begun; /* when it was written last; monotonic microseconds; 0: never */
    struct event *turn;
    struct event *end;
    int ended; /* an eventfd, which the thread writes to when it is done */
    gint stop;

    GThread *thread; /* NULL: it is not written now. The rest is the thread's for as long. */
    gint64 now;
    struct export_count count;
    GError *error;
};

/* --- the thread --------------------------------------------------------------------------------------------------- */

static void *write_list(void *data)
{
    struct list_file *file = data;
    const struct store_settings settings = {.path = file->store, .mode = STORE_MODE_READ, .busy_timeout = BUSY_TIMEOUT};
    const struct store_asker asker = {file->stream, file->tenant};
    const struct store_filter filter = {.asker = &asker, .state = STORE_STATE_ACTIVE};
    g_autoptr(Store) store = store_open(&settings, &file->error);
    g_autoptr(StorePages) pages = store != NULL ? store_pages(store, &filter, file->now) : NULL;
    guint64 one = 1;

    if (pages != NULL)
        export_file(pages, &file->export, file->path, &file->count, &file->error);
    while (write(file->ended, &one, sizeof one) < 0 && errno == EINTR)
        ;
    return NULL;
}

/* --- the loop ----------------------------------------------------------------------------------------------------- */

static void begin(struct list_file *file)
{
    file->wanted = false;
    file->begun = g_get_monotonic_time();
    file->now = g_get_real_time() / G_USEC_PER_SEC;
    file->thread = g_thread_new("list-file", write_list, file);
}

static void take_turn(struct list_file *file)
{
    gint64 due = file->begun + (gint64)file->every * G_USEC_PER_SEC, left = due - g_get_monotonic_time();

    if (!file->wanted || file->thread != NULL)
        return;
    if (file->begun == 0 || left <= 0) {
        begin(file);
        return;
    }
    const struct timeval pause = {left / G_USEC_PER_SEC, left % G_USEC_PER_SEC};
    event_add(file->turn, &pause);
}

static void on_turn(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    take_turn(data);
}

static void on_end(evutil_socket_t fd, short what G_GNUC_UNUSED, void *data)
{
    struct list_file *file = data;
    g_autoptr(GError) error = NULL;
    guint64 count;

    if (read(fd, &count, sizeof count) < 0)
        return;
    g_thread_join(g_steal_pointer(&file->thread));
    error = g_steal_pointer(&file->error);
    take_turn(file);
    file->calls->written(file->owner, &file->count, error != NULL ? error->message : NULL);
}

/* --- the owner's side --------------------------------------------------------------------------------------------- */

struct list_file *list_file_new(struct event_base *base, const struct list_file_settings *settings,
                                const struct list_file_owner *calls, void *owner)
{
    struct list_file *file = g_new0(struct list_file, 1);

    file->calls = calls;
    file->owner = owner;
    file->store = g_strdup(settings->store);
    file->path = g_strdup(settings->path);
    file->wording = g_strdup(settings->export.wording);
    file->stream = g_strdup(settings->asker.stream);
    file->tenant = g_strdup(settings->asker.tenant);
    file->export = settings->export;
    file->export.wording = file->wording;
    file->export.stop = &file->stop;
    file->every = settings->every;
    file->ended = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (file->ended < 0)
        g_error("cannot make an eventfd: %s", g_strerror(errno));
    file->end = event_new(base, file->ended, EV_READ | EV_PERSIST, on_end, file);
    event_add(file->end, NULL);
    file->turn = evtimer_new(base, on_turn, file);
    export_sweep(file->path);
    return file;
}

void list_file_free(struct list_file *file)
{
    if (file == NULL)
        return;
    g_atomic_int_set(&file->stop, 1);
    if (file->thread != NULL)
        g_thread_join(file->thread);
    event_free(file->end);
    event_free(file->turn);
    close(file->ended);
    g_clear_error(&file->error);
    g_free(file->store);
    g_free(file->path);
    g_free(file->wording);
    g_free(file->stream);
    g_free(file->tenant);
    g_free(file);
}

void list_file_want(struct list_file *file)
{
    file->wanted = true;
    take_turn(file);
}
