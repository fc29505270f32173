#include "cmd/net/dns.h"

#include <ares.h>
#include <arpa/nameser.h>
#include <gio/gio.h>
#include <string.h>

#include "cmd/net/answers.h"

enum {
    ABSENT_TTL = 60,  /* seconds */
    TTL_MIN = 60,     /* a record that wants to be asked for each time is kept so long nevertheless */
    TTL_MAX = 86400,  /* and no record longer than this */
    RECORDS_MAX = 16, /* of one answer that are looked at */
    TEXT_MAX = 4096,  /* octets of one record */
};

struct dns {
    struct event_base *base;
    ares_channel channel;
    struct event *timer;
    GHashTable *sockets; /* of c-ares: descriptor to its event */
    GHashTable *asked;   /* name to struct question *: what is under way */
    struct answers *answers;
    guint pending;
    guint64 queries;
    guint64 hits;
};

struct waiter {
    dns_answer answer;
    void *user;
};

struct question {
    struct dns *dns;
    char *name;
    GArray *waiters; /* of struct waiter */
};

/* --- c-ares on libevent ------------------------------------------------------------------------------------------- */

static void set_timer(struct dns *dns)
{
    struct timeval wait, *next = ares_timeout(dns->channel, NULL, &wait);

    if (next == NULL)
        evtimer_del(dns->timer);
    else
        evtimer_add(dns->timer, next);
}

static void on_time(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct dns *dns = data;

    ares_process_fd(dns->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    set_timer(dns);
}

static void on_socket(evutil_socket_t fd, short what, void *data)
{
    struct dns *dns = data;

    ares_process_fd(dns->channel, (what & EV_READ) != 0 ? fd : ARES_SOCKET_BAD,
                    (what & EV_WRITE) != 0 ? fd : ARES_SOCKET_BAD);
    set_timer(dns);
}

/* c-ares tells what it waits for on a socket; nothing before it closes it. */
static void watch(void *data, ares_socket_t fd, int readable, int writable)
{
    struct dns *dns = data;
    short what = (short)(EV_PERSIST | (readable ? EV_READ : 0) | (writable ? EV_WRITE : 0));
    struct event *event;

    g_hash_table_remove(dns->sockets, GINT_TO_POINTER(fd));
    if (!readable && !writable)
        return;
    event = event_new(dns->base, fd, what, on_socket, dns);
    event_add(event, NULL);
    g_hash_table_insert(dns->sockets, GINT_TO_POINTER(fd), event);
}

static bool refuse(int status, GError **error)
{
    if (status != ARES_SUCCESS)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "name servers: %s", ares_strerror(status));
    return status != ARES_SUCCESS;
}

struct dns *dns_new(struct event_base *base, const struct dns_settings *settings, GError **error)
{
    struct ares_options options = {.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_EDNS,
                                   .timeout = (int)settings->timeout,
                                   .tries = (int)settings->tries,
                                   .ednspsz = 1232,
                                   .sock_state_cb = watch};
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB;
    g_autoptr(Dns) dns = NULL;

    if (refuse(ares_library_init(ARES_LIB_INIT_ALL), error))
        return NULL;
    dns = g_new0(struct dns, 1);
    dns->base = base;
    dns->pending = settings->pending;
    dns->timer = evtimer_new(base, on_time, dns);
    dns->sockets = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)event_free);
    dns->asked = g_hash_table_new(g_str_hash, g_str_equal);
    dns->answers = answers_new(settings->cached);
    options.sock_state_cb_data = dns;
    if (refuse(ares_init_options(&dns->channel, &options, mask), error) ||
        (settings->servers != NULL && refuse(ares_set_servers_ports_csv(dns->channel, settings->servers), error)))
        return NULL;
    return g_steal_pointer(&dns);
}

void dns_free(struct dns *dns)
{
    if (dns == NULL)
        return;
    if (dns->channel != NULL)
        ares_destroy(dns->channel); /* answers every question */
    g_hash_table_unref(dns->asked);
    g_hash_table_unref(dns->sockets);
    event_free(dns->timer);
    answers_free(dns->answers);
    g_free(dns);
    ares_library_cleanup();
}

/* --- questions and answers ---------------------------------------------------------------------------------------- */

static gint64 now(void)
{
    return g_get_monotonic_time() / G_USEC_PER_SEC;
}

static void end_question(struct question *question, enum dns_outcome outcome, GPtrArray *texts)
{
    g_hash_table_remove(question->dns->asked, question->name);
    for (guint i = 0; i < question->waiters->len; i++) {
        const struct waiter *waiter = &g_array_index(question->waiters, struct waiter, i);

        waiter->answer(waiter->user, outcome, texts);
    }
    g_array_unref(question->waiters);
    g_free(question->name);
    g_free(question);
}

static unsigned get16(const unsigned char *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

/* The shortest time to live of the answer's records (RFC 1035 section 4.1.3), which c-ares does not tell of TXT:
 * header, question, and NAME TYPE(2) CLASS(2) TTL(4) RDLENGTH(2) RDATA each. */
static gint64 shortest_ttl(const unsigned char *bytes, int length)
{
    const unsigned char *at = bytes + NS_HFIXEDSZ, *end = bytes + length;
    gint64 shortest = TTL_MAX;
    unsigned count;
    char *name;
    long taken;

    if (length < NS_HFIXEDSZ || ares_expand_name(at, bytes, length, &name, &taken) != ARES_SUCCESS)
        return TTL_MIN;
    ares_free_string(name);
    at += taken + NS_QFIXEDSZ;
    count = get16(bytes + 6);
    for (unsigned i = 0; i < count && at < end; i++) {
        if (ares_expand_name(at, bytes, length, &name, &taken) != ARES_SUCCESS)
            break;
        ares_free_string(name);
        at += taken;
        if (end - at < NS_RRFIXEDSZ)
            break;
        shortest = MIN(shortest, ((gint64)get16(at + 4) << 16 | get16(at + 6)));
        at += NS_RRFIXEDSZ + get16(at + 8);
    }
    return MAX(shortest, TTL_MIN);
}

static GPtrArray *read_texts(const unsigned char *bytes, int length)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) text = g_string_new(NULL);
    struct ares_txt_ext *records;

    if (ares_parse_txt_reply_ext(bytes, length, &records) != ARES_SUCCESS)
        return g_steal_pointer(&texts);
    for (const struct ares_txt_ext *record = records; record != NULL; record = record->next) {
        if (text->len + record->length <= TEXT_MAX)
            g_string_append_len(text, (const char *)record->txt, (gssize)record->length);
        if (record->next != NULL && !record->next->record_start)
            continue;
        if (texts->len < RECORDS_MAX)
            g_ptr_array_add(texts, g_strdup(text->str));
        g_string_truncate(text, 0);
    }
    ares_free_data(records);
    return g_steal_pointer(&texts);
}

static void on_answer(void *data, int status, int timeouts G_GNUC_UNUSED, unsigned char *bytes, int length)
{
    struct question *question = data;
    struct dns *dns = question->dns;
    g_autoptr(GPtrArray) texts = NULL;

    if (status != ARES_SUCCESS && status != ARES_ENODATA && status != ARES_ENOTFOUND && status != ARES_EBADNAME) {
        texts = g_ptr_array_new();
        end_question(question, DNS_FAILED, texts);
        return;
    }
    texts = status == ARES_SUCCESS ? read_texts(bytes, length) : g_ptr_array_new();
    answers_put(dns->answers, question->name, texts,
                now() + (texts->len > 0 ? shortest_ttl(bytes, length) : ABSENT_TTL));
    end_question(question, texts->len > 0 ? DNS_FOUND : DNS_ABSENT, texts);
}

void dns_txt(struct dns *dns, const char *name, dns_answer answer, void *user)
{
    struct question *question = g_hash_table_lookup(dns->asked, name);
    g_autoptr(GPtrArray) texts = answers_get(dns->answers, name, now());
    const struct waiter waiter = {.answer = answer, .user = user};

    if (texts != NULL) {
        dns->hits++;
        answer(user, texts->len > 0 ? DNS_FOUND : DNS_ABSENT, texts);
        return;
    }
    if (question != NULL) {
        g_array_append_val(question->waiters, waiter);
        return;
    }
    if (g_hash_table_size(dns->asked) >= dns->pending) {
        texts = g_ptr_array_new();
        answer(user, DNS_FAILED, texts);
        return;
    }
    question = g_new0(struct question, 1);
    question->dns = dns;
    question->name = g_strdup(name);
    question->waiters = g_array_new(FALSE, FALSE, sizeof(struct waiter));
    g_array_append_val(question->waiters, waiter);
    g_hash_table_insert(dns->asked, question->name, question);
    dns->queries++;
    ares_query(dns->channel, name, ns_c_in, ns_t_txt, on_answer, question);
    set_timer(dns);
}

guint64 dns_queries(const struct dns *dns)
{
    return dns->queries;
}

guint64 dns_hits(const struct dns *dns)
{
    return dns->hits;
}
