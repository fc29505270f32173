#include "cmd/bounced/verify/verifier.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cmd/bounced/verify/inquiry.h"
#include "cmd/net/dns.h"
#include "store/claims.h"

enum {
    AT_ONCE = 200,   /* claims that are asked for at one time */
    TAKE_MOST = 50,  /* of the store, in one go */
    LOOK_EVERY = 60, /* seconds, at least: `bouncectl ingest` may have stored claims, too */
    MEND_EVERY = 30, /* seconds: a database that fails is left alone for so long */
};

static const struct dns_settings dns_defaults = {.timeout = 2000, .tries = 2, .cached = 1000, .pending = 200};

struct verifier {
    const struct journal *journal;
    struct ingest *ingest;
    struct signatures *signatures;
    GThread *thread;
    int wake;                     /* an eventfd: there is something to look at */
    gint stopping;                /* atomic */
    gint drops_raws;              /* atomic: see struct claim_outcome */
    guint counts[COUNTER_CLAIMS]; /* atomic */

    GMutex mutex;  /* of the next two */
    char *servers; /* NULL: those of resolv.conf */
    bool renewed;

    /* the thread's own */
    struct event_base *base;
    struct event *woken;
    struct event *timer;
    struct dns *dns;   /* NULL: it cannot be had, which was said */
    GHashTable *asked; /* a set of struct asked *: what waits for keys */
    bool store_fails;  /* it was said */
};

/* A claim whose keys are being asked for. */
struct asked {
    struct verifier *verifier;
    struct inquiry *inquiry;
    guint waiting; /* answers that are to come; one more until all questions are asked */
    bool failed;   /* a question was not answered */
    bool any;      /* a key is there */
};
struct question {
    struct asked *asked;
    guint index;
};

/* --- the log ------------------------------------------------------------------------------------------------------ */

const struct journal_event verifier_events[] = {
    [COUNTER_CLAIM_PROVEN] = {LOG_INFO, "proven"},
    [COUNTER_CLAIM_UNPROVEN] = {LOG_INFO, "not-proven"},
    [COUNTER_CLAIM_DEFERRED] = {LOG_NOTICE, "proof-deferred"},
};

static void record(struct verifier *verifier, enum counter_claim result, const struct claim *claim, const char *proof)
{
    const struct journal_event *event = &verifier_events[result];
    struct journal_entry *entry = journal_begin(verifier->journal, event->priority, event->name);

    g_atomic_int_inc(&verifier->counts[result]);
    journal_text(entry, "digest", claim->digest);
    journal_text(entry, "signers", proof == NULL ? claim->signers : NULL);
    journal_text(entry, "proof", proof);
    journal_number(entry, "attempts", claim->attempts);
    journal_send(entry);
}

/* Says so once, until it works again. */
static void watch_store(struct verifier *verifier, const GError *error)
{
    struct journal_entry *entry;

    if (error != NULL && !verifier->store_fails) {
        entry = journal_begin(verifier->journal, LOG_ALERT, "claims-failed");
        journal_text(entry, "error", error->message);
        journal_send(entry);
    }
    verifier->store_fails = error != NULL;
}

/* --- the store ---------------------------------------------------------------------------------------------------- */

static GBytes *read_raw(struct verifier *verifier, const char *digest)
{
    g_autoptr(GError) error = NULL;
    struct store *store = ingest_borrow_store(verifier->ingest, &error);
    GBytes *bytes = store != NULL ? store_message_raw(store, digest, &error) : NULL;

    ingest_return_store(verifier->ingest, error);
    return bytes;
}

static bool settle(struct verifier *verifier, const struct claim *claim, const GArray *proofs, unsigned *proven)
{
    const struct claim_outcome outcome = {
        .digest = claim->digest,
        .proofs = proofs != NULL ? (const struct claim_proof *)(const void *)proofs->data : NULL,
        .n = proofs != NULL ? proofs->len : 0,
        .now = g_get_real_time() / G_USEC_PER_SEC,
        .drops_raw = g_atomic_int_get(&verifier->drops_raws) != 0,
    };
    g_autoptr(GError) error = NULL;
    struct store *store = ingest_borrow_store(verifier->ingest, &error);
    bool good = store != NULL && store_claims_settle(store, &outcome, proven, &error);

    ingest_return_store(verifier->ingest, error);
    watch_store(verifier, error);
    return good;
}

/* The claims whose turn it is; how many seconds there are until the next one's. */
static gint64 take(struct verifier *verifier, GPtrArray *claims)
{
    gint64 now = g_get_real_time() / G_USEC_PER_SEC, next = 0;
    unsigned most = MIN(TAKE_MOST, AT_ONCE - g_hash_table_size(verifier->asked));
    g_autoptr(GError) error = NULL;
    struct store *store = ingest_borrow_store(verifier->ingest, &error);

    if (store != NULL)
        store_claims_take(store, now, most, claims, &next, &error);
    ingest_return_store(verifier->ingest, error);
    watch_store(verifier, error);
    if (error != NULL)
        return MEND_EVERY;
    return next == 0 ? LOOK_EVERY : CLAMP(next - now, 0, LOOK_EVERY);
}

/* --- one claim ---------------------------------------------------------------------------------------------------- */

/* A store that fails now leaves the claim for its next attempt. */
static void conclude(struct verifier *verifier, struct asked *asked)
{
    const struct claim *claim = inquiry_claim(asked->inquiry);
    g_autoptr(GBytes) bytes = asked->any ? read_raw(verifier, claim->digest) : NULL;
    g_autoptr(GArray) proofs = bytes != NULL ? inquiry_verify(asked->inquiry, verifier->signatures, bytes) : NULL;
    const char *proof = proofs != NULL && proofs->len > 0 ? g_array_index(proofs, struct claim_proof, 0).text : NULL;
    unsigned proven = 0;

    if (proof == NULL && asked->failed && !claim->last) {
        record(verifier, COUNTER_CLAIM_DEFERRED, claim, NULL);
        return;
    }
    if (!settle(verifier, claim, proofs, &proven))
        return;
    if (proven > 0)
        record(verifier, COUNTER_CLAIM_PROVEN, claim, proof);
    else
        record(verifier, COUNTER_CLAIM_UNPROVEN, claim, NULL);
}

static void finish_one(struct asked *asked)
{
    struct verifier *verifier = asked->verifier;

    if (--asked->waiting > 0)
        return;
    if (g_atomic_int_get(&verifier->stopping) == 0)
        conclude(verifier, asked);
    g_hash_table_remove(verifier->asked, asked);
    inquiry_free(asked->inquiry);
    g_free(asked);
    event_active(verifier->timer, EV_TIMEOUT, 0); /* there is room for another one */
}

/* Several records for one key are none (RFC 6376 section 3.6.2.2). */
static void take_key(void *user, enum dns_outcome outcome, const GPtrArray *texts)
{
    struct question *question = user;
    struct asked *asked = question->asked;

    if (outcome == DNS_FOUND && texts->len == 1) {
        inquiry_set_key(asked->inquiry, question->index, texts->pdata[0]);
        asked->any = true;
    }
    asked->failed = asked->failed || outcome == DNS_FAILED;
    g_free(question);
    finish_one(asked);
}

static void ask(struct verifier *verifier, struct claim *claim)
{
    g_autoptr(GBytes) bytes = read_raw(verifier, claim->digest);
    struct asked *asked = g_new0(struct asked, 1);

    asked->verifier = verifier;
    asked->inquiry = inquiry_new(verifier->signatures, claim, bytes);
    asked->waiting = 1 + inquiry_n_keys(asked->inquiry);
    asked->failed = verifier->dns == NULL;
    g_hash_table_add(verifier->asked, asked);
    for (guint i = 0; i < inquiry_n_keys(asked->inquiry); i++) {
        struct question *question = g_new(struct question, 1);

        *question = (struct question){asked, i};
        if (verifier->dns != NULL) {
            dns_txt(verifier->dns, inquiry_key_name(asked->inquiry, i), take_key, question);
        } else {
            g_free(question);
            asked->waiting--;
        }
    }
    finish_one(asked);
}

/* --- the thread --------------------------------------------------------------------------------------------------- */

static void renew(struct verifier *verifier)
{
    struct dns_settings settings = dns_defaults;
    g_autofree char *servers = NULL;
    g_autoptr(GError) error = NULL;
    struct journal_entry *entry;
    bool renewed;

    g_mutex_lock(&verifier->mutex);
    renewed = verifier->renewed;
    verifier->renewed = false;
    servers = g_strdup(verifier->servers);
    g_mutex_unlock(&verifier->mutex);
    if (!renewed)
        return;
    dns_free(g_steal_pointer(&verifier->dns));
    settings.servers = servers;
    verifier->dns = dns_new(verifier->base, &settings, &error);
    if (verifier->dns != NULL)
        return;
    entry = journal_begin(verifier->journal, LOG_ALERT, "no-dns");
    journal_text(entry, "error", error->message);
    journal_send(entry);
}

static void look(struct verifier *verifier)
{
    g_autoptr(GPtrArray) claims = g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
    struct timeval wait = {.tv_sec = LOOK_EVERY};

    if (g_atomic_int_get(&verifier->stopping) != 0) {
        event_base_loopbreak(verifier->base);
        return;
    }
    renew(verifier);
    if (g_hash_table_size(verifier->asked) < AT_ONCE)
        wait.tv_sec = take(verifier, claims);
    evtimer_add(verifier->timer, &wait);
    for (guint i = 0; i < claims->len; i++)
        ask(verifier, g_steal_pointer(&claims->pdata[i]));
}

/* Attempts that the last run of the daemon did not bring to an end. */
static void resume(struct verifier *verifier)
{
    g_autoptr(GError) error = NULL;
    struct store *store = ingest_borrow_store(verifier->ingest, &error);

    if (store != NULL)
        store_claims_resume(store, g_get_real_time() / G_USEC_PER_SEC, &error);
    ingest_return_store(verifier->ingest, error);
    watch_store(verifier, error);
}

static void on_time(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    look(data);
}

static void on_wake(evutil_socket_t fd, short what G_GNUC_UNUSED, void *data)
{
    guint64 count;

    if (read(fd, &count, sizeof count) > 0)
        look(data);
}

static void *run(void *data)
{
    struct verifier *verifier = data;

    verifier->asked = g_hash_table_new(NULL, NULL);
    verifier->woken = event_new(verifier->base, verifier->wake, EV_READ | EV_PERSIST, on_wake, verifier);
    verifier->timer = evtimer_new(verifier->base, on_time, verifier);
    event_add(verifier->woken, NULL);
    resume(verifier);
    look(verifier);
    event_base_dispatch(verifier->base);
    dns_free(verifier->dns);
    event_free(verifier->timer);
    event_free(verifier->woken);
    event_base_free(verifier->base);
    g_hash_table_unref(verifier->asked);
    return NULL;
}

/* --- the caller's side -------------------------------------------------------------------------------------------- */

static void wake(struct verifier *verifier)
{
    guint64 one = 1;

    while (write(verifier->wake, &one, sizeof one) < 0 && errno == EINTR)
        ;
}

void verifier_reload(struct verifier *verifier, const struct config *config)
{
    g_atomic_int_set(&verifier->drops_raws, config->store_keep_raw != CONFIG_KEEP_RAW_ALL);
    g_mutex_lock(&verifier->mutex);
    if (verifier->servers == NULL || g_strcmp0(verifier->servers, config->dns_servers) != 0)
        verifier->renewed = true;
    g_free(verifier->servers);
    verifier->servers = g_strdup(config->dns_servers);
    g_mutex_unlock(&verifier->mutex);
    wake(verifier);
}

struct verifier *verifier_new(const struct config *config, const struct journal *journal, struct ingest *ingest)
{
    struct verifier *verifier = g_new0(struct verifier, 1);

    verifier->journal = journal;
    verifier->ingest = ingest;
    verifier->signatures = signatures_new();
    verifier->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (verifier->wake < 0 || verifier->signatures == NULL)
        g_error("cannot verify signatures: %s", g_strerror(errno));
    g_mutex_init(&verifier->mutex);
    verifier_reload(verifier, config);
    /* Here, since libevent ends the process that has no descriptor for it: then it does not start. */
    verifier->base = event_base_new();
    verifier->thread = g_thread_new("verifier", run, verifier);
    return verifier;
}

void verifier_free(struct verifier *verifier)
{
    if (verifier == NULL)
        return;
    g_atomic_int_set(&verifier->stopping, 1);
    wake(verifier);
    g_thread_join(verifier->thread);
    close(verifier->wake);
    signatures_free(verifier->signatures);
    g_mutex_clear(&verifier->mutex);
    g_free(verifier->servers);
    g_free(verifier);
}

void verifier_note(struct verifier *verifier, const struct ingest_message *message)
{
    if (message->claims && message->outcome == INGEST_OUTCOME_STORED)
        wake(verifier);
}

void verifier_count(const struct verifier *verifier, struct counters *counters)
{
    for (size_t i = 0; i < COUNTER_CLAIMS; i++)
        counters->claims[i] = (guint)g_atomic_int_get(&verifier->counts[i]);
}
