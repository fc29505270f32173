#include "cmd/bounced/out/feeds/webhook.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd/bounced/out/feeds/internet.h"
#include "cmd/bounced/out/feeds/webhook_exchange.h"
#include "cmd/bounced/out/feeds/webhook_signature.h"

enum {
    HTTP_GONE = 410,
    CONNECT_TIMEOUT = 10,
    ANSWER_MAX = 1 << 20, /* octets of an answer that is wanted */
    ANSWER_CUT = 1 << 16, /* octets of one whose status tells all; the rest is not taken */
};

struct poster {
    struct outlet_parts parts;
    CURLM *multi;
    CURL *easy;
    bool posting;
    bool refused;                      /* an address that it must not be sent to */
    struct webhook_exchange *exchange; /* NULL: the receiver has no use for what is to be delivered */
    const struct webhook_request *request;
    const GPtrArray *items;
    struct curl_slist *fields;
    GString *answer;
    bool cut; /* the answer was longer than it may be */
    struct event *timer;
    char error[CURL_ERROR_SIZE];
};

/* --- what libcurl asks -------------------------------------------------------------------------------------------- */

static enum internet_place place_of(const struct curl_sockaddr *address)
{
    const struct sockaddr *socket = &address->addr;

    if (address->family == AF_INET)
        return internet_place_4((const uint8_t *)&((const struct sockaddr_in *)(const void *)socket)->sin_addr);
    if (address->family == AF_INET6)
        return internet_place_6((const uint8_t *)&((const struct sockaddr_in6 *)(const void *)socket)->sin6_addr);
    return INTERNET_PLACE_PRIVATE;
}

/* Of each address that the name resolves to, before anything is sent there. */
static curl_socket_t on_open(void *data, curlsocktype purpose G_GNUC_UNUSED, struct curl_sockaddr *address)
{
    struct poster *poster = data;
    const struct feed_config *config = poster->parts.config;
    enum internet_place place = place_of(address);
    bool clear = g_str_has_prefix(config->url, "http://") && !config->insecure;

    if ((place != INTERNET_PLACE_PUBLIC && !config->allow_private) || (clear && place != INTERNET_PLACE_LOOPBACK)) {
        poster->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
}

static bool wants_answer(const struct poster *poster)
{
    return poster->request->content_type == NULL;
}

/* Nobody can make us read for as long as he likes. */
static size_t on_answer(char *bytes, size_t size, size_t n, void *data)
{
    struct poster *poster = data;

    poster->cut = poster->answer->len + size * n > (wants_answer(poster) ? ANSWER_MAX : ANSWER_CUT);
    if (poster->cut)
        return CURL_WRITEFUNC_ERROR;
    g_string_append_len(poster->answer, bytes, (gssize)(size * n));
    return size * n;
}

/* --- a request -----------------------------------------------------------------------------------------------------
 */

static void add_field(struct poster *poster, const char *name, const char *value)
{
    g_autofree char *field = g_strdup_printf("%s: %s", name, value);

    poster->fields = curl_slist_append(poster->fields, field);
}

/* The id of a batch is of the ids in it: the same when it is tried again. */
static char *id_of(const GPtrArray *items)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

    if (items->len == 1)
        return g_strdup(((const struct feed_item *)items->pdata[0])->id);
    for (guint i = 0; i < items->len; i++)
        g_checksum_update(sum, (const guchar *)((const struct feed_item *)items->pdata[i])->id, -1);
    return g_strdup_printf("bat_%.32s", g_checksum_get_string(sum));
}

static void sign(struct poster *poster, gint64 now)
{
    g_autofree char *id = id_of(poster->items), *time = g_strdup_printf("%" G_GINT64_FORMAT, now);
    g_autoptr(GString) signature = g_string_new(NULL);
    bool good = webhook_sign(signature, poster->parts.config->secrets, id, now, poster->request->body);

    g_assert(good); /* the config has looked at them */
    add_field(poster, "webhook-id", id);
    add_field(poster, "webhook-timestamp", time);
    if (signature->len > 0)
        add_field(poster, "webhook-signature", signature->str);
}

/* Begins the next request of the delivery; false: there is none. */
static bool post_next(struct poster *poster)
{
    const struct feed_config *config = poster->parts.config;
    const struct webhook_request *request = poster->request = webhook_exchange_next(poster->exchange);
    g_autofree char *url = NULL;

    if (request == NULL)
        return false;
    url = g_strdup(config->url);
    if (request->path != NULL) {
        g_autofree char *base = g_steal_pointer(&url);
        url = g_strdup_printf("%.*s%s", (int)strlen(base) - g_str_has_suffix(base, "/"), base, request->path);
    }
    curl_slist_free_all(poster->fields);
    poster->fields = NULL;
    add_field(poster, "Expect", "");
    if (request->content_type != NULL) {
        add_field(poster, "Content-Type", request->content_type);
        sign(poster, g_get_real_time() / G_USEC_PER_SEC);
    }
    poster->refused = false;
    poster->cut = false;
    *poster->error = '\0';
    g_string_truncate(poster->answer, 0);
    curl_easy_setopt(poster->easy, CURLOPT_URL, url);
    curl_easy_setopt(poster->easy, CURLOPT_HTTPHEADER, poster->fields);
    curl_easy_setopt(poster->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body->len);
    curl_easy_setopt(poster->easy, CURLOPT_POSTFIELDS, request->body->str);
    curl_easy_setopt(poster->easy, wants_answer(poster) ? CURLOPT_HTTPGET : CURLOPT_POST, 1L);
    poster->posting = true;
    curl_multi_add_handle(poster->multi, poster->easy);
    return true;
}

/* --- its end ------------------------------------------------------------------------------------------------------ */

/* Why it failed; NULL: it did not. The caller frees. */
static char *find_failure(struct poster *poster, CURLcode code, long status)
{
    if (poster->refused && code != CURLE_OK)
        return g_strdup("the URL leads to an address that is not one of the Internet (see allow-private)");
    if (poster->cut && wants_answer(poster))
        return g_strdup("the receiver's answer is too long");
    if (code != CURLE_OK && !poster->cut)
        return g_strdup(*poster->error != '\0' ? poster->error : curl_easy_strerror(code));
    if (status < 200 || status > 299)
        return g_strdup_printf("the receiver answered %ld", status);
    if (wants_answer(poster) && !webhook_exchange_answer(poster->exchange, poster->answer))
        return g_strdup("the receiver's answer is not what its format has");
    return NULL;
}

static void finish_post(struct poster *poster, CURLcode code)
{
    struct outlet_end end = {0};
    g_autofree char *why = NULL;
    curl_off_t after = 0;
    long status = 0;

    curl_easy_getinfo(poster->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(poster->easy, CURLINFO_RETRY_AFTER, &after);
    curl_multi_remove_handle(poster->multi, poster->easy);
    poster->posting = false;
    why = find_failure(poster, code, status);
    if (why == NULL && post_next(poster))
        return;
    end.why = why;
    end.retry_after = MAX(after, 0);
    end.gone = why != NULL && status == HTTP_GONE;
    poster->parts.end(poster->parts.owner, &end);
}

static void look(struct poster *poster)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(poster->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            finish_post(poster, message->data.result);
            return; /* there is one at a time */
        }
    }
}

static void on_socket(evutil_socket_t fd, short what, void *data)
{
    struct poster *poster = data;
    int running, bits = ((what & EV_READ) != 0 ? CURL_CSELECT_IN : 0) | ((what & EV_WRITE) != 0 ? CURL_CSELECT_OUT : 0);

    curl_multi_socket_action(poster->multi, fd, bits, &running);
    look(poster);
}

static void on_time(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    static const struct outlet_end done = {0};
    struct poster *poster = data;
    int running;

    if (poster->exchange == NULL) {
        poster->parts.end(poster->parts.owner, &done);
        return;
    }
    curl_multi_socket_action(poster->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    look(poster);
}

static int on_timer(CURLM *multi G_GNUC_UNUSED, long milliseconds, void *data)
{
    struct poster *poster = data;
    const struct timeval wait = {.tv_sec = milliseconds / 1000, .tv_usec = (milliseconds % 1000) * 1000};

    if (milliseconds < 0)
        evtimer_del(poster->timer);
    else
        evtimer_add(poster->timer, &wait);
    return 0;
}

/* The event of a descriptor is libcurl's to keep (curl_multi_assign). */
static int on_watch(CURL *easy G_GNUC_UNUSED, curl_socket_t fd, int what, void *data, void *watch)
{
    struct poster *poster = data;
    struct event *event = watch;
    short events = EV_PERSIST;

    if (event != NULL)
        event_free(event);
    curl_multi_assign(poster->multi, fd, NULL);
    if (what == CURL_POLL_REMOVE)
        return 0;
    events |= what != CURL_POLL_OUT ? EV_READ : 0;
    events |= what != CURL_POLL_IN ? EV_WRITE : 0;
    event = event_new(poster->parts.shared->base, fd, events, on_socket, poster);
    event_add(event, NULL);
    curl_multi_assign(poster->multi, fd, event);
    return 0;
}

/* --- an outlet ---------------------------------------------------------------------------------------------------- */

/* All posts have these options. */
static void set_up(struct poster *poster)
{
    const struct feed_config *config = poster->parts.config;
    CURL *easy = poster->easy;

    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* the environment's would hide the address */
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)config->timeout);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)MIN(config->timeout, CONNECT_TIMEOUT));
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a name server that does not answer holds up no other feed */
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "bounced/" BOUNCED_VERSION);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, poster->error);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, poster);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, poster);
    curl_easy_setopt(easy, CURLOPT_USERNAME, config->user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, config->password);
}

static void *open_webhook(const struct outlet_parts *parts)
{
    struct poster *poster = g_new0(struct poster, 1);

    poster->parts = *parts;
    poster->multi = curl_multi_init();
    poster->easy = curl_easy_init();
    if (poster->multi == NULL || poster->easy == NULL)
        g_error("cannot begin to use libcurl");
    poster->answer = g_string_new(NULL);
    poster->timer = evtimer_new(parts->shared->base, on_time, poster);
    curl_multi_setopt(poster->multi, CURLMOPT_SOCKETFUNCTION, on_watch);
    curl_multi_setopt(poster->multi, CURLMOPT_SOCKETDATA, poster);
    curl_multi_setopt(poster->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(poster->multi, CURLMOPT_TIMERDATA, poster);
    set_up(poster);
    return poster;
}

static void deliver(void *outlet, const GPtrArray *items)
{
    static const struct timeval at_once = {0};
    struct poster *poster = outlet;

    webhook_exchange_free(poster->exchange);
    poster->items = items;
    poster->exchange = webhook_exchange_new(poster->parts.config, items, g_get_real_time() / G_USEC_PER_SEC);
    if (poster->exchange == NULL || !post_next(poster))
        evtimer_add(poster->timer, &at_once);
}

static void close_webhook(void *outlet)
{
    struct poster *poster = outlet;

    if (poster->posting)
        curl_multi_remove_handle(poster->multi, poster->easy);
    curl_easy_cleanup(poster->easy);
    curl_multi_cleanup(poster->multi);
    curl_slist_free_all(poster->fields);
    webhook_exchange_free(poster->exchange);
    event_free(poster->timer);
    g_string_free(poster->answer, TRUE);
    g_free(poster);
}

const struct outlet_type webhook = {.open = open_webhook, .deliver = deliver, .close = close_webhook};
