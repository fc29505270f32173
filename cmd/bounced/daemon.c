#include "cmd/bounced/daemon.h"

#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/bounced/desk/desk.h"
#include "cmd/bounced/http/http.h"
#include "cmd/bounced/listen/listener.h"
#include "cmd/bounced/out/feeds.h"
#include "cmd/bounced/out/forwards.h"
#include "cmd/bounced/server.h"
#include "cmd/bounced/verify/verifier.h"
#include "cmd/config/database.h"
#include "cmd/config/exit_status.h"
#include "cmd/ingest/ingest.h"
#include "store/privacy.h"
#include "store/store.h"

/* The exit status of what may be wrong with a listener; of all else exit_status.h has it. */
static const struct {
    GQuark (*domain)(void);
    int code;
    int status;
} statuses[] = {
    {listener_error_quark, LISTENER_ERROR_BIND, EX_UNAVAILABLE},
    {listener_error_quark, LISTENER_ERROR_RESOLVE, EX_NOHOST},
    {listener_error_quark, LISTENER_ERROR_INHERITED, EX_CONFIG},
};

static int fail(const struct journal *journal, const char *event, const GError *error)
{
    struct journal_entry *entry = journal_begin(journal, LOG_CRIT, event);

    journal_text(entry, "error", error->message);
    journal_send(entry);
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (g_error_matches(error, statuses[i].domain(), statuses[i].code))
            return statuses[i].status;
    }
    return exit_status_of(error);
}

/* A connection is a descriptor; the database and the like need a few. The soft limit is for programs that use
 * select(2). */
static void raise_descriptor_limit(const struct config *config, const struct journal *journal)
{
    const rlim_t needed = (rlim_t)config->connections + HTTP_CONNECTIONS + DESK_CALLERS + 64;
    struct rlimit limit;
    struct journal_entry *entry;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < needed) {
        limit.rlim_cur = MIN(needed, limit.rlim_max);
        if (setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == needed)
            return;
        entry = journal_begin(journal, LOG_WARNING, "few-descriptors");
        journal_number(entry, "limit", (gint64)limit.rlim_cur);
        journal_number(entry, "needed", (gint64)needed);
        journal_send(entry);
    }
}

/* The next message takes the memory that one gave back: by default glibc returns it to the kernel in between, and every
 * thread of the process waits for that. */
static void keep_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, 4 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
}

/* The unit gives it a user of its own, and the one capability that low ports need. */
static void warn_of_root(const struct journal *journal)
{
    struct journal_entry *entry;

    if (geteuid() != 0)
        return;
    entry = journal_begin(journal, LOG_WARNING, "runs-as-root");
    journal_text(entry, "hint", "start it as a user of its own, as bounced.service does");
    journal_send(entry);
}

static void serve(struct setup *setup, struct journal *journal, struct ingest *ingest, const guint8 *key,
                  GPtrArray *listeners)
{
    g_autoptr(Forwards) forwards = forwards_new(setup->config, journal, ingest);
    g_autoptr(Verifier) verifier = verifier_new(setup->config, journal, ingest);
    g_autoptr(Feeds) feeds = feeds_new(setup->config, journal, ingest, key);
    g_autoptr(Server) server = server_new(&(const struct server_parts){
        .setup = setup,
        .journal = journal,
        .ingest = ingest,
        .forwards = forwards,
        .verifier = verifier,
        .feeds = feeds,
        .key = key,
    });

    server_run(server, listeners);
}

/* Also when it is not used now: a reload may say that addresses are hashed. */
static bool take_key(struct journal *journal, struct store *store, guint8 *key, GError **error)
{
    if (!store_name_key(store, key, error))
        return false;
    journal_set_key(journal, key);
    return true;
}

int daemon_run(struct setup *setup, struct journal *journal)
{
    const struct config *config = setup->config;
    g_autoptr(GError) error = NULL;
    guint8 key[NAME_KEY_SIZE];
    GPtrArray *listeners;
    struct ingest *ingest;

    keep_memory();
    warn_of_root(journal);
    signal(SIGPIPE, SIG_IGN);
    /* The process that holds the store may be told to reload, also before it has a loop and after that. */
    signal(SIGHUP, SIG_IGN);
    g_autoptr(Store) store = database_open(config, STORE_MODE_DAEMON, &error);
    if (store == NULL)
        return fail(journal, "no-store", error);
    if (!take_key(journal, store, key, &error))
        return fail(journal, "no-store", error);
    if ((listeners = listener_open_all(config, NULL, &error)) == NULL)
        return fail(journal, "no-listener", error);
    raise_descriptor_limit(config, journal);
    ingest = ingest_new(config, setup->classifier, store);
    serve(setup, journal, ingest, key, listeners);
    ingest_free(ingest);
    journal_send(journal_begin(journal, LOG_NOTICE, "stopped"));
    return EX_OK;
}
