/* TXT look-ups against a name server on loopback, on the same loop: what is found, absent, failed, kept and bounded. */
#include "cmd/net/dns.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cmd/net/answers.h"

#define TIMEOUT 100 /* milliseconds, and one try: a silent server costs that */

/* The server's answer to a name: its RCODE and the records, "|" between the strings of one, "," between records. */
static const struct zone_row {
    const char *name;
    unsigned rcode;
    const char *records;
    const char *texts;
    enum dns_outcome outcome;
    unsigned queries; /* of two look-ups, one after the other */
} zone[] = {
    {"one.example", 0, "v=DKIM1; p=abc", "v=DKIM1; p=abc", DNS_FOUND, 1},
    {"strings.example", 0, "v=DKIM1; |p=a|bc", "v=DKIM1; p=abc", DNS_FOUND, 1},
    {"two.example", 0, "first,sec|ond", "first,second", DNS_FOUND, 1},
    {"alias.example", 0, "behind an alias", "behind an alias", DNS_FOUND, 1},
    {"none.example", 0, "", "", DNS_ABSENT, 1},
    {"nxdomain.example", 3, "", "", DNS_ABSENT, 1},
    {"servfail.example", 2, "", "", DNS_FAILED, 2},
    {"refused.example", 5, "", "", DNS_FAILED, 2},
    {"silent.example", 0, NULL, "", DNS_FAILED, 2},
    {"broken.example", 99, "", "", DNS_FAILED, 2},
};

struct server {
    struct event_base *base;
    struct event *event;
    int fd;
    char *address;
    unsigned queries;
};

static void put16(GByteArray *out, unsigned value)
{
    const guint8 bytes[] = {(guint8)(value >> 8), (guint8)value};

    g_byte_array_append(out, bytes, 2);
}

static void put_record(GByteArray *out, unsigned type, const guint8 *data, guint length)
{
    put16(out, 0xc00c); /* the question's name */
    put16(out, type);
    put16(out, 1);
    put16(out, 0);
    put16(out, 300); /* TTL */
    put16(out, length);
    g_byte_array_append(out, data, length);
}

static guint put_records(GByteArray *out, const struct zone_row *row)
{
    static const guint8 alias[] = {0xc0, 0x0c};
    g_auto(GStrv) records = g_strsplit(row->records, ",", -1);
    guint count = 0;

    if (strcmp(row->name, "alias.example") == 0) {
        put_record(out, 5, alias, sizeof alias);
        count++;
    }
    for (char **record = records; *record != NULL; record++, count++) {
        g_autoptr(GByteArray) data = g_byte_array_new();
        g_auto(GStrv) strings = g_strsplit(*record, "|", -1);

        for (char **string = strings; *string != NULL; string++) {
            const guint8 length = (guint8)strlen(*string);

            g_byte_array_append(data, &length, 1);
            g_byte_array_append(data, (const guint8 *)*string, length);
        }
        put_record(out, 16, data->data, data->len);
    }
    return count;
}

/* The question's name with dots; the length of its wire form. */
static size_t read_name(const guint8 *at, GString *name)
{
    size_t length = 0;

    while (at[length] != 0) {
        g_string_append_printf(name, "%s%.*s", name->len > 0 ? "." : "", at[length], (const char *)at + length + 1);
        length += (size_t)at[length] + 1;
    }
    return length + 1;
}

static void serve(evutil_socket_t fd, short what G_GNUC_UNUSED, void *data)
{
    struct server *server = data;
    guint8 question[512];
    struct sockaddr_in peer;
    socklen_t size = sizeof peer;
    ssize_t length = recvfrom(fd, question, sizeof question, 0, (struct sockaddr *)&peer, &size);
    g_autoptr(GString) name = g_string_new(NULL);
    g_autoptr(GByteArray) out = g_byte_array_new();
    const struct zone_row *row = zone;
    size_t wire;

    g_assert_cmpint(length, >, 16);
    server->queries++;
    wire = read_name(question + 12, name);
    while (strcmp(row->name, name->str) != 0)
        g_assert_true(++row < zone + G_N_ELEMENTS(zone));
    if (row->records == NULL)
        return;
    g_byte_array_append(out, question, 2);
    put16(out, 0x8180 | (row->rcode & 15));
    put16(out, 1);
    put16(out, 0); /* the number of answers, below */
    put16(out, 0);
    put16(out, 0);
    g_byte_array_append(out, question + 12, (guint)wire + 4);
    if (row->rcode == 99)
        g_byte_array_set_size(out, 13);
    else if (*row->records != '\0')
        out->data[7] = (guint8)put_records(out, row);
    g_assert_cmpint(sendto(fd, out->data, out->len, 0, (struct sockaddr *)&peer, size), ==, out->len);
}

static void start(struct server *server)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof in;

    memset(server, 0, sizeof *server);
    server->base = event_base_new();
    server->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    g_assert_cmpint(bind(server->fd, (struct sockaddr *)&in, sizeof in), ==, 0);
    g_assert_cmpint(getsockname(server->fd, (struct sockaddr *)&in, &size), ==, 0);
    server->address = g_strdup_printf("127.0.0.1:%u", ntohs(in.sin_port));
    server->event = event_new(server->base, server->fd, EV_READ | EV_PERSIST, serve, server);
    event_add(server->event, NULL);
}

static void stop(struct server *server)
{
    event_free(server->event);
    event_base_free(server->base);
    close(server->fd);
    g_free(server->address);
}

static struct dns *ask_server(const struct server *server, guint pending)
{
    const struct dns_settings settings = {
        .servers = server->address, .timeout = TIMEOUT, .tries = 1, .cached = 100, .pending = pending};
    struct dns *dns = dns_new(server->base, &settings, NULL);

    g_assert_nonnull(dns);
    return dns;
}

struct given {
    enum dns_outcome outcome;
    char *texts;
    unsigned count;
};

static void take(void *user, enum dns_outcome outcome, const GPtrArray *texts)
{
    struct given *given = user;
    g_autoptr(GString) joined = g_string_new(NULL);

    for (guint i = 0; i < texts->len; i++)
        g_string_append_printf(joined, "%s%s", i > 0 ? "," : "", (const char *)texts->pdata[i]);
    g_free(given->texts);
    given->texts = g_strdup(joined->str);
    given->outcome = outcome;
    given->count++;
}

static void wait_for(const struct server *server, const struct given *given, unsigned count)
{
    gint64 end = g_get_monotonic_time() + 10 * G_TIME_SPAN_SECOND;

    while (given->count < count) {
        g_assert_cmpint(g_get_monotonic_time(), <, end);
        event_base_loop(server->base, EVLOOP_ONCE);
    }
}

static void test_table(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(zone); i++) {
        struct server server;
        struct given given = {0};
        g_autoptr(Dns) dns = NULL;

        g_test_message("%s", zone[i].name);
        start(&server);
        dns = ask_server(&server, 10);
        for (unsigned n = 1; n <= 2; n++) {
            dns_txt(dns, zone[i].name, take, &given);
            wait_for(&server, &given, n);
            g_assert_cmpint(given.outcome, ==, zone[i].outcome);
            g_assert_cmpstr(given.texts, ==, zone[i].texts);
        }
        g_assert_cmpuint(dns_queries(dns), ==, zone[i].queries);
        g_assert_cmpuint(dns_hits(dns), ==, 2 - zone[i].queries);
        g_clear_pointer(&dns, dns_free);
        stop(&server);
        g_free(given.texts);
    }
}

/* Those who ask for the same at once share one question; more names than may be under way fail at once; the rest is
 * answered when all ends. */
static void test_bounds(void)
{
    struct server server;
    struct given given = {0};
    struct dns *dns;

    start(&server);
    dns = ask_server(&server, 2);
    for (unsigned i = 0; i < 100; i++)
        dns_txt(dns, "one.example", take, &given);
    wait_for(&server, &given, 100);
    g_assert_cmpuint(server.queries, ==, 1);

    dns_txt(dns, "two.example", take, &given);
    dns_txt(dns, "silent.example", take, &given);
    g_assert_cmpuint(given.count, ==, 100);
    dns_txt(dns, "none.example", take, &given);
    g_assert_cmpuint(given.count, ==, 101);
    g_assert_cmpint(given.outcome, ==, DNS_FAILED);
    dns_free(dns);
    g_assert_cmpuint(given.count, ==, 103);
    g_assert_cmpint(given.outcome, ==, DNS_FAILED);
    stop(&server);
    g_free(given.texts);
}

/* A name that cannot be asked for is not there. */
static void test_names(void)
{
    static const char *const names[] = {"a..example", "a.example.."};
    struct server server;

    start(&server);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        struct given given = {0};
        struct dns *dns = ask_server(&server, 10);

        g_test_message("\"%s\"", names[i]);
        dns_txt(dns, names[i], take, &given);
        g_assert_cmpuint(given.count, ==, 1);
        g_assert_cmpint(given.outcome, ==, DNS_ABSENT);
        dns_free(dns);
        g_free(given.texts);
    }
    stop(&server);
}

static void test_servers(void)
{
    const struct dns_settings settings = {.servers = "not an address", .timeout = TIMEOUT, .tries = 1};
    struct event_base *base = event_base_new();
    g_autoptr(GError) error = NULL;

    g_assert_null(dns_new(base, &settings, &error));
    g_assert_nonnull(error);
    event_base_free(base);
}

/* The one that was used longest ago goes first; time ends all. */
static void test_answers(void)
{
    struct answers *answers = answers_new(2);
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    GPtrArray *kept;

    answers_put(answers, "a", texts, 100);
    answers_put(answers, "b", texts, 100);
    kept = answers_get(answers, "a", 50);
    g_assert_true(kept == texts);
    g_ptr_array_unref(kept);
    answers_put(answers, "c", texts, 100);
    g_assert_null(answers_get(answers, "b", 50));
    answers_put(answers, "a", texts, 60);
    g_assert_null(answers_get(answers, "a", 60));
    kept = answers_get(answers, "c", 99);
    g_assert_nonnull(kept);
    g_ptr_array_unref(kept);
    answers_free(answers);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dns/table", test_table);
    g_test_add_func("/dns/bounds", test_bounds);
    g_test_add_func("/dns/names", test_names);
    g_test_add_func("/dns/servers", test_servers);
    g_test_add_func("/dns/answers", test_answers);
    return g_test_run();
}
