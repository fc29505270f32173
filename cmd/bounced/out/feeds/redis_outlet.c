#include "cmd/bounced/out/feeds/redis_outlet.h"

#include <hiredis/adapters/libevent.h>
#include <hiredis/async.h>
#include <string.h>

#define LOCAL "unix:"

struct redis_outlet {
    struct outlet_parts parts;
    redisAsyncContext *context; /* NULL: it is connected with the next delivery */
    guint left;                 /* items of the delivery that are not answered; 0: there is none */
    char *why;                  /* the connection is to be given up; NULL: it is not */
    bool closing;               /* answers do not count any more */
    struct event *turn;         /* that end, or that of the time for the delivery */
};

/* The library is in the midst of a call: the connection is freed on the loop. */
static void give_up(struct redis_outlet *outlet, const char *why)
{
    static const struct timeval at_once = {0};

    if (outlet->why != NULL || outlet->closing)
        return;
    outlet->why = g_strdup(why);
    evtimer_add(outlet->turn, &at_once);
}

static void disconnect(struct redis_outlet *outlet)
{
    outlet->closing = true;
    if (outlet->context != NULL)
        redisAsyncFree(g_steal_pointer(&outlet->context));
    outlet->closing = false;
}

static void on_turn(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct redis_outlet *outlet = data;
    g_autofree char *why = g_steal_pointer(&outlet->why);
    const struct outlet_end end = {.why = why != NULL ? why : "the server did not answer in time"};
    bool delivering = outlet->left > 0;

    disconnect(outlet);
    outlet->left = 0;
    if (delivering)
        outlet->parts.end(outlet->parts.owner, &end);
}

/* --- what hiredis tells ------------------------------------------------------------------------------------------- */

static void on_login(redisAsyncContext *context, void *data, void *owner)
{
    const redisReply *reply = data;

    if (reply == NULL || reply->type == REDIS_REPLY_ERROR)
        give_up(owner, reply != NULL ? reply->str : context->errstr);
}

static void on_added(redisAsyncContext *context, void *data, void *owner)
{
    static const struct outlet_end good = {0};
    struct redis_outlet *outlet = owner;
    const redisReply *reply = data;

    if (reply == NULL || reply->type != REDIS_REPLY_STRING) {
        give_up(outlet, reply == NULL ? context->errstr : reply->str != NULL ? reply->str : "no id was given");
        return;
    }
    if (outlet->why != NULL || outlet->closing || --outlet->left > 0)
        return;
    evtimer_del(outlet->turn);
    outlet->parts.end(outlet->parts.owner, &good);
}

/* The library frees one that failed, and one that was ended by the other side. */
static void on_connected(const redisAsyncContext *context, int status)
{
    struct redis_outlet *outlet = context->data;

    if (status == REDIS_OK)
        return;
    give_up(outlet, context->errstr);
    outlet->context = NULL;
}

static void on_disconnected(const redisAsyncContext *context, int status G_GNUC_UNUSED)
{
    struct redis_outlet *outlet = context->data;

    outlet->context = NULL;
}

/* --- an outlet ---------------------------------------------------------------------------------------------------- */

static redisAsyncContext *open_connection(const char *address)
{
    const char *colon = strrchr(address, ':');
    g_autofree char *host = g_strndup(address, (gsize)(colon - address));

    if (g_str_has_prefix(address, LOCAL))
        return redisAsyncConnectUnix(address + strlen(LOCAL));
    if (*host == '[') {
        host[strlen(host) - 1] = '\0';
        memmove(host, host + 1, strlen(host));
    }
    return redisAsyncConnect(host, (int)g_ascii_strtoll(colon + 1, NULL, 10));
}

static bool connect_to(struct redis_outlet *outlet)
{
    const struct feed_config *config = outlet->parts.config;
    redisAsyncContext *context = open_connection(config->address);

    if (context == NULL || context->err != 0) {
        give_up(outlet, context != NULL ? context->errstr : "there is no memory");
        if (context != NULL)
            redisAsyncFree(context);
        return false;
    }
    context->data = outlet;
    redisLibeventAttach(context, outlet->parts.shared->base);
    redisAsyncSetConnectCallback(context, on_connected);
    redisAsyncSetDisconnectCallback(context, on_disconnected);
    outlet->context = context;
    if (config->user != NULL)
        redisAsyncCommand(context, on_login, outlet, "AUTH %s %s", config->user, config->password);
    else if (config->password != NULL)
        redisAsyncCommand(context, on_login, outlet, "AUTH %s", config->password);
    return true;
}

static void deliver(void *data, const GPtrArray *items)
{
    struct redis_outlet *outlet = data;
    const struct feed_config *config = outlet->parts.config;
    const struct timeval wait = {.tv_sec = config->timeout};

    outlet->left = items->len;
    if (outlet->why != NULL || (outlet->context == NULL && !connect_to(outlet)))
        return; /* its end is near */
    for (guint i = 0; i < items->len; i++) {
        const struct feed_item *item = items->pdata[i];

        if (redisAsyncCommand(outlet->context, on_added, outlet, "XADD %s MAXLEN ~ %lld * id %s type %s event %s",
                              config->redis_key, (long long)config->length, item->id, item->type,
                              item->json) != REDIS_OK) {
            give_up(outlet, "the connection ends");
            return;
        }
    }
    evtimer_add(outlet->turn, &wait);
}

static void *open_redis(const struct outlet_parts *parts)
{
    struct redis_outlet *outlet = g_new0(struct redis_outlet, 1);

    outlet->parts = *parts;
    outlet->turn = evtimer_new(parts->shared->base, on_turn, outlet);
    return outlet;
}

static void close_redis(void *data)
{
    struct redis_outlet *outlet = data;

    disconnect(outlet);
    event_free(outlet->turn);
    g_free(outlet->why);
    g_free(outlet);
}

const struct outlet_type redis_outlet = {.open = open_redis, .deliver = deliver, .close = close_redis};
