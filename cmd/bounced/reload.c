#include "cmd/bounced/reload.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/bounced/http/http.h"
#include "cmd/bounced/listen/listener.h"
#include "cmd/bounced/out/feeds.h"
#include "cmd/bounced/out/forwards.h"
#include "cmd/bounced/verify/verifier.h"
#include "cmd/config/config_error.h"
#include "cmd/control/control.h"
#include "cmd/ingest/ingest.h"

struct reload {
    struct reload_parts parts;

    enum {
        IDLE,
        LOADING,  /* the thread reads what is new */
        DRAINING, /* messages are at work with what is old */
        APPLYING, /* the thread gives what is new to the store's users */
    } state;
    bool again;      /* it was asked for once more */
    bool path_kept;  /* [store] path is another one in the new config */
    GArray *asking;  /* of int, descriptors: they are told what comes of this reload */
    GArray *next;    /* likewise, of the next one: what this one reads may be older than their question */
    bool stopping;   /* what comes of it is not wanted any more */
    GThread *thread; /* NULL unless LOADING or APPLYING */
    int fd;          /* an eventfd: the thread is done */
    struct event *done;
    struct event *drained;

    /* the thread's while there is one */
    GPtrArray *open; /* the listeners that there are: none is let go of meanwhile, so the thread may take them over */
    struct setup *fresh;
    GPtrArray *listeners;
    GError *error;
};

static void forget(struct reload *reload)
{
    g_clear_pointer(&reload->open, g_ptr_array_unref);
    g_clear_pointer(&reload->fresh, setup_free);
    g_clear_pointer(&reload->listeners, g_ptr_array_unref);
    g_clear_error(&reload->error);
}

/* --- on the thread ----------------------------------------------------------------------------------------------- */

static void tell_loop(const struct reload *reload)
{
    guint64 one = 1;

    while (write(reload->fd, &one, sizeof one) < 0)
        ;
}

/* A file that was emptied, by a full disk or an editor say, would close all listeners and refuse all mail for good:
 * 550, where a daemon that is down loses nothing. */
static bool check_content(const struct reload *reload, GError **error)
{
    const struct setup *old = reload->parts.setup;

    if (!reload->fresh->config->empty || old->config->empty)
        return true;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s has no section any more; restart to run by the defaults",
                old->config->file);
    return false;
}

static void *load(void *data)
{
    struct reload *reload = data;

    reload->fresh = setup_load(reload->parts.setup->file, &reload->error);
    if (reload->fresh != NULL &&
        (!check_content(reload, &reload->error) || !classifier_compile(reload->fresh->classifier, &reload->error)))
        g_clear_pointer(&reload->fresh, setup_free);
    if (reload->fresh != NULL)
        reload->listeners = listener_open_all(reload->fresh->config, reload->open, &reload->error);
    tell_loop(reload);
    return NULL;
}

static void *apply(void *data)
{
    struct reload *reload = data;

    ingest_reload(reload->parts.ingest, reload->fresh->config, reload->fresh->classifier);
    tell_loop(reload);
    return NULL;
}

/* --- on the loop ------------------------------------------------------------------------------------------------- */

/* An asker that does not read it has gone away. */
static void answer(GArray *asking, enum control_answer word, const char *text)
{
    g_autofree char *line = g_strdup_printf("%s %s\n", control_words[word], text);

    for (guint i = 0; i < asking->len; i++) {
        int fd = g_array_index(asking, int, i);

        (void)!send(fd, line, MIN(strlen(line), CONTROL_LINE_MAX), MSG_NOSIGNAL | MSG_DONTWAIT);
        close(fd);
    }
    g_array_set_size(asking, 0);
}

static void refuse(const struct reload *reload)
{
    answer(reload->asking, CONTROL_ANSWER_REFUSED, reload->error->message);
    struct journal_entry *entry = journal_begin(reload->parts.journal, LOG_ERR, "reload-refused");

    journal_text(entry, "error", reload->error->message);
    journal_text(entry, "hint", "the old config stays");
    journal_send(entry);
}

static void end(struct reload *reload)
{
    forget(reload);
    reload->state = IDLE;
    receiver_go_on(reload->parts.receiver);
    if (reload->stopping) {
        answer(reload->asking, CONTROL_ANSWER_STOPPING, "");
        answer(reload->next, CONTROL_ANSWER_STOPPING, "");
        return;
    }
    supervisor_reloaded(reload->parts.supervisor);
    if (reload->again)
        reload_begin(reload);
}

/* The store stays open for as long as the daemon runs. */
static void keep_store_path(struct reload *reload)
{
    char **old = &reload->parts.setup->config->store_path, **fresh = &reload->fresh->config->store_path;
    struct journal_entry *entry;

    reload->path_kept = strcmp(*old, *fresh) != 0;
    if (!reload->path_kept)
        return;
    entry = journal_begin(reload->parts.journal, LOG_WARNING, "needs-restart");
    journal_text(entry, "section", "store");
    journal_text(entry, "key", "path");
    journal_text(entry, "used", *old);
    journal_send(entry);
    g_free(*fresh);
    *fresh = g_strdup(*old);
}

static void on_drained(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct reload *reload = data;

    if (reload->state != DRAINING)
        return;
    keep_store_path(reload);
    reload->state = APPLYING;
    reload->thread = g_thread_new("reload", apply, reload);
}

static void take_loaded(struct reload *reload)
{
    if (reload->listeners == NULL && !reload->stopping)
        refuse(reload);
    if (reload->listeners == NULL || reload->stopping) {
        end(reload);
        return;
    }
    reload->state = DRAINING;
    receiver_drain(reload->parts.receiver, reload->drained);
}

static void tell_reloaded(const struct reload *reload)
{
    g_autofree char *text = g_strconcat(classifier_version(reload->parts.setup->classifier),
                                        reload->path_kept ? "; [store] path needs a restart" : "", NULL);

    answer(reload->asking, CONTROL_ANSWER_RELOADED, text);
}

/* From here on the sessions, too, work by what is new. */
static void take_applied(struct reload *reload)
{
    struct journal_entry *entry;

    setup_replace(reload->parts.setup, g_steal_pointer(&reload->fresh));
    forwards_reload(reload->parts.forwards, reload->parts.setup->config);
    feeds_reload(reload->parts.feeds, reload->parts.setup->config);
    verifier_reload(reload->parts.verifier, reload->parts.setup->config);
    desk_reload(reload->parts.desk, reload->parts.setup->config);
    http_reload(reload->parts.http);
    journal_hide_addresses(reload->parts.journal, reload->parts.setup->config->log_hides_addresses);
    receiver_renew(reload->parts.receiver);
    if (!reload->stopping)
        acceptors_set(reload->parts.acceptors, reload->parts.setup->config, reload->listeners);
    entry = journal_begin(reload->parts.journal, LOG_NOTICE, "reloaded");
    journal_text(entry, "config", reload->parts.setup->config->file);
    journal_text(entry, "rules", classifier_version(reload->parts.setup->classifier));
    journal_send(entry);
    tell_reloaded(reload);
    end(reload);
}

static void on_done(evutil_socket_t fd, short what G_GNUC_UNUSED, void *data)
{
    struct reload *reload = data;
    guint64 count;

    if (read(fd, &count, sizeof count) < 0)
        return;
    g_thread_join(g_steal_pointer(&reload->thread));
    if (reload->state == LOADING)
        take_loaded(reload);
    else
        take_applied(reload);
}

/* --- for the owner ----------------------------------------------------------------------------------------------- */

struct reload *reload_new(const struct reload_parts *parts)
{
    struct reload *reload = g_new0(struct reload, 1);

    reload->parts = *parts;
    reload->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (reload->fd < 0)
        g_error("cannot make an eventfd: %s", g_strerror(errno));
    reload->asking = g_array_new(FALSE, FALSE, sizeof(int));
    reload->next = g_array_new(FALSE, FALSE, sizeof(int));
    reload->done = event_new(parts->base, reload->fd, EV_READ | EV_PERSIST, on_done, reload);
    reload->drained = event_new(parts->base, -1, 0, on_drained, reload);
    event_add(reload->done, NULL);
    return reload;
}

void reload_free(struct reload *reload)
{
    if (reload == NULL)
        return;
    if (reload->thread != NULL)
        g_thread_join(reload->thread);
    /* Messages that nobody waits for any more may be at work by it. */
    if (reload->state == APPLYING)
        setup_replace(reload->parts.setup, g_steal_pointer(&reload->fresh));
    forget(reload);
    answer(reload->asking, CONTROL_ANSWER_STOPPING, "");
    answer(reload->next, CONTROL_ANSWER_STOPPING, "");
    g_array_unref(reload->asking);
    g_array_unref(reload->next);
    event_free(reload->done);
    event_free(reload->drained);
    close(reload->fd);
    g_free(reload);
}

void reload_begin(struct reload *reload)
{
    if (reload->stopping)
        return;
    reload->again = reload->state != IDLE;
    if (reload->again)
        return;
    g_array_append_vals(reload->asking, reload->next->data, reload->next->len);
    g_array_set_size(reload->next, 0);
    supervisor_reloading(reload->parts.supervisor);
    reload->open = g_ptr_array_ref(acceptors_listeners(reload->parts.acceptors));
    reload->state = LOADING;
    reload->thread = g_thread_new("reload", load, reload);
}

enum { ASKING_MAX = 16 };

void reload_ask(struct reload *reload, int fd)
{
    if (reload->next->len == ASKING_MAX) {
        close(fd);
        return;
    }
    g_array_append_val(reload->next, fd);
    if (reload->stopping)
        answer(reload->next, CONTROL_ANSWER_STOPPING, "");
    reload_begin(reload);
}

void reload_stop(struct reload *reload)
{
    reload->stopping = true;
    if (reload->state == DRAINING)
        end(reload);
}
