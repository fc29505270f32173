/* Asks a server of a UNIX socket as mail servers do, and times it: bench_ask PROTOCOL SOCKET KEYS COUNT DEPTH asks for
 * the keys of the file KEYS, a line each, in turn, COUNT times, DEPTH of them at once on one connection, and prints
 * answers a second, how many of them found something, and the 50th and 99th percentile of the time of an answer in
 * microseconds. bench_ask serve SOCKET is a bare server of libevent, which answers each netstring that it knows
 * nothing. */
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ROOM = 1 << 20, DEPTH_MAX = 1024 };

G_GNUC_NORETURN static void stop(const char *what)
{
    fprintf(stderr, "bench_ask: %s: %s\n", what, g_strerror(errno));
    exit(1);
}

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    return address;
}

/* --- protocols ---------------------------------------------------------------------------------------------------- */

/* The length of the reply that `bytes` begin with; 0: it is not whole. */
static size_t end_of_netstring(const char *bytes, size_t length)
{
    const char *colon = memchr(bytes, ':', length);
    size_t whole = colon != NULL ? (size_t)(colon - bytes) + 1 + strtoul(bytes, NULL, 10) + 1 : 0;

    return whole <= length ? whole : 0;
}

static size_t end_of_paragraph(const char *bytes, size_t length)
{
    const char *end = memmem(bytes, length, "\n\n", 2);

    return end != NULL ? (size_t)(end - bytes) + 2 : 0;
}

static size_t end_of_bulk(const char *bytes, size_t length)
{
    const char *line = memmem(bytes, length, "\r\n", 2);
    long octets = line != NULL ? strtol(bytes + 1, NULL, 10) : 0;
    size_t whole = line != NULL ? (size_t)(line - bytes) + 2 + (octets < 0 ? 0 : (size_t)octets + 2) : 0;

    return whole <= length ? whole : 0;
}

static void put_netstring(GString *out, const char *key)
{
    g_string_append_printf(out, "%zu:suppress %s,", strlen(key) + 9, key);
}

static void put_policy(GString *out, const char *key)
{
    g_string_append_printf(
        out,
        "request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nhelo_name=a.example\n"
        "sender=news@example.com\nrecipient=%s\nclient_address=192.0.2.1\ninstance=1.2.3\n\n",
        key);
}

static void put_get(GString *out, const char *key)
{
    g_string_append_printf(out, "*2\r\n$3\r\nGET\r\n$%zu\r\n%s\r\n", strlen(key), key);
}

static const struct protocol {
    const char *name;
    void (*put)(GString *out, const char *key);
    size_t (*end)(const char *bytes, size_t length);
    const char *nothing; /* a reply that begins so found nothing */
} protocols[] = {
    {"socketmap", put_netstring, end_of_netstring, "9:NOTFOUND "},
    {"policy", put_policy, end_of_paragraph, "action=DUNNO"},
    {"redis", put_get, end_of_bulk, "$-1"},
};

/* --- the client --------------------------------------------------------------------------------------------------- */

struct client {
    const struct protocol *protocol;
    int fd;
    char **keys;
    size_t n, next;
    GString *out;
    char *in;
    size_t length;
    gint64 *times; /* of each answer, nanoseconds */
    size_t answers, found;
};

static gint64 now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * G_GINT64_CONSTANT(1000000000) + time.tv_nsec;
}

static void ask(struct client *client, size_t many)
{
    g_string_truncate(client->out, 0);
    for (size_t i = 0; i < many; i++)
        client->protocol->put(client->out, client->keys[client->next++ % client->n]);
    for (size_t sent = 0; sent < client->out->len;) {
        ssize_t n = write(client->fd, client->out->str + sent, client->out->len - sent);
        if (n < 0)
            stop("write");
        sent += (size_t)n;
    }
}

/* The replies that are there, or come next. */
static size_t take(struct client *client, gint64 begun)
{
    ssize_t n = read(client->fd, client->in + client->length, ROOM - client->length);
    size_t used = 0, taken = 0, end;

    if (n <= 0)
        stop("the server went");
    client->length += (size_t)n;
    while ((end = client->protocol->end(client->in + used, client->length - used)) > 0) {
        client->found += !g_str_has_prefix(client->in + used, client->protocol->nothing);
        client->times[client->answers++] = now() - begun;
        used += end;
        taken++;
    }
    memmove(client->in, client->in + used, client->length - used);
    client->length -= used;
    return taken;
}

static int compare(const void *one, const void *other)
{
    return (*(const gint64 *)one > *(const gint64 *)other) - (*(const gint64 *)one < *(const gint64 *)other);
}

static void run(struct client *client, size_t count, size_t depth)
{
    gint64 begin = now();

    for (size_t left = count; left > 0;) {
        size_t many = MIN(depth, left);
        gint64 begun = now();

        left -= many;
        ask(client, many);
        for (size_t waiting = many; waiting > 0;)
            waiting -= take(client, begun);
    }
    double seconds = (double)(now() - begin) / 1e9;
    qsort(client->times, count, sizeof *client->times, compare);
    gint64 middle = client->times[count / 2], late = client->times[count * 99 / 100];
    printf("%.0f %zu %.1f %.1f\n", (double)count / seconds, client->found, (double)middle / 1e3, (double)late / 1e3);
}

static int ask_all(const struct protocol *protocol, char **words)
{
    struct sockaddr_un address = address_of(words[0]);
    struct client client = {.protocol = protocol, .fd = socket(AF_UNIX, SOCK_STREAM, 0)};
    g_autofree char *text = NULL;
    size_t count = strtoul(words[2], NULL, 10), depth = CLAMP(strtoul(words[3], NULL, 10), 1, DEPTH_MAX);

    if (!g_file_get_contents(words[1], &text, NULL, NULL))
        stop(words[1]);
    if (client.fd < 0 || connect(client.fd, (const struct sockaddr *)&address, sizeof address) != 0)
        stop(words[0]);
    g_auto(GStrv) keys = g_strsplit(g_strchomp(text), "\n", -1);
    g_autoptr(GString) out = g_string_new(NULL);
    client.keys = keys;
    client.n = g_strv_length(keys);
    client.in = g_malloc(ROOM + 1);
    client.times = g_new(gint64, count + 1);
    client.out = out;
    run(&client, count, depth);
    g_free(client.in);
    g_free(client.times);
    close(client.fd);
    return 0;
}

/* --- the bare server ---------------------------------------------------------------------------------------------- */

static void on_read(struct bufferevent *stream, void *data G_GNUC_UNUSED)
{
    struct evbuffer *in = bufferevent_get_input(stream);
    size_t length = evbuffer_get_length(in), end;
    const char *bytes = (const char *)evbuffer_pullup(in, -1);
    size_t used = 0;

    while ((end = end_of_netstring(bytes + used, length - used)) > 0) {
        bufferevent_write(stream, "9:NOTFOUND ,", 12);
        used += end;
    }
    evbuffer_drain(in, used);
}

static void on_event(struct bufferevent *stream, short what G_GNUC_UNUSED, void *data G_GNUC_UNUSED)
{
    bufferevent_free(stream);
}

static void on_accept(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *peer G_GNUC_UNUSED,
                      int length G_GNUC_UNUSED, void *data G_GNUC_UNUSED)
{
    struct bufferevent *stream = bufferevent_socket_new(evconnlistener_get_base(listener), fd, BEV_OPT_CLOSE_ON_FREE);

    bufferevent_setcb(stream, on_read, NULL, on_event, NULL);
    bufferevent_enable(stream, EV_READ | EV_WRITE);
}

static int serve(const char *path)
{
    struct sockaddr_un address = address_of(path);
    struct event_base *base = event_base_new();

    unlink(path);
    if (evconnlistener_new_bind(base, on_accept, NULL, LEV_OPT_CLOSE_ON_FREE, -1, (const struct sockaddr *)&address,
                                sizeof address) == NULL)
        stop(path);
    event_base_dispatch(base);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "serve") == 0)
        return serve(argv[2]);
    for (size_t i = 0; argc == 6 && i < G_N_ELEMENTS(protocols); i++) {
        if (strcmp(protocols[i].name, argv[1]) == 0)
            return ask_all(&protocols[i], argv + 2);
    }
    fprintf(stderr, "usage: bench_ask socketmap|policy|redis SOCKET KEYS COUNT DEPTH | serve SOCKET\n");
    return 64;
}
