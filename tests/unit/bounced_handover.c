/* The octets that the smart host gets: a server of a few replies on loopback, which keeps the mail data. */
#include "cmd/bounced/out/handover.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define END "\r\n.\r\n"

struct server {
    int fd;
    char *address;
    GString *data; /* behind the 354, END included */
};

static void say(int fd, const char *text)
{
    g_assert_cmpint(send(fd, text, strlen(text), MSG_NOSIGNAL), ==, (gssize)strlen(text));
}

static void *serve(void *data)
{
    struct server *server = data;
    g_autoptr(GString) line = g_string_new(NULL);
    int fd = accept(server->fd, NULL, NULL);
    bool in_data = false;
    char octet;

    say(fd, "220 smart.example.net\r\n");
    while (recv(fd, &octet, 1, 0) == 1) {
        GString *to = in_data ? server->data : line;

        g_string_append_c(to, octet);
        if (!g_str_has_suffix(to->str, in_data ? END : "\r\n"))
            continue;
        say(fd, in_data ? "250 taken\r\n" : g_str_has_prefix(line->str, "DATA") ? "354 go on\r\n" : "250 ok\r\n");
        in_data = g_str_has_prefix(line->str, "DATA");
        g_string_truncate(line, 0);
    }
    close(fd);
    return NULL;
}

static void server_init(struct server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;

    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    server->data = g_string_new(NULL);
    g_assert_cmpint(bind(server->fd, (struct sockaddr *)&address, length), ==, 0);
    g_assert_cmpint(listen(server->fd, 1), ==, 0);
    g_assert_cmpint(getsockname(server->fd, (struct sockaddr *)&address, &length), ==, 0);
    server->address = g_strdup_printf("127.0.0.1:%u", ntohs(address.sin_port));
}

static void server_clear(struct server *server)
{
    close(server->fd);
    g_free(server->address);
    g_string_free(server->data, TRUE);
}

/* Lines end by CRLF and by nothing else, whatever the message has; a dot at the start of one is doubled. */
static void test_lines(void)
{
    static const struct {
        const char *bytes;
        const char *data;
    } rows[] = {
        {"A: b\r\n\r\ntext\r\n", "A: b\r\n\r\ntext" END},
        {"A: b\r\n\r\ntext", "A: b\r\n\r\ntext" END},
        {".\r\n..\r\n", "..\r\n..." END},
        {"a\n.\nMAIL FROM:<evil@example.net>\n", "a\r\n..\r\nMAIL FROM:<evil@example.net>" END},
        {"a\n.\r\nb\r\n", "a\r\n..\r\nb" END},
        {"a\r\n.\nb\r\n", "a\r\n..\r\nb" END},
        {"a\r.\rb\r", "a\r\n..\r\nb" END},
        {"a\r\r\n.\r\r\nb", "a\r\n\r\n..\r\n\r\nb" END},
        {"a\n\rb\r\n", "a\r\n\r\nb" END},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(rows[i].bytes, strlen(rows[i].bytes));
        g_autoptr(GString) said = g_string_new(NULL);
        struct handover_message message = {
            .sender = "", .recipient = "ann@example.com", .trace = "Trace: x\r\n", .bytes = bytes};
        struct server server;
        struct smart_host host = {.tls = SMART_HOST_TLS_NONE, .timeout = 60};
        gint cancel = 0;
        GThread *thread;

        g_test_message("row %zu", i);
        server_init(&server);
        host.address = server.address;
        thread = g_thread_new("server", serve, &server);
        g_assert_cmpint(handover_send(&host, "mx.example.com", &message, &cancel, said), ==, HANDOVER_DELIVERED);
        g_thread_join(thread);
        g_assert_cmpstr(said->str, ==, "250 taken");
        g_assert_true(g_str_has_prefix(server.data->str, "Trace: x\r\n"));
        g_assert_cmpstr(server.data->str + strlen("Trace: x\r\n"), ==, rows[i].data);
        server_clear(&server);
    }
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/handover/lines", test_lines);
    handover_init();
    status = g_test_run();
    handover_clean_up();
    return status;
}
