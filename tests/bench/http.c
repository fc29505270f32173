/* A bare server of libevent's evhttp, which answers every request with the same short object: bench_http PORT. The
 * API is measured beside it. */
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>

static void on_request(struct evhttp_request *request, void *data G_GNUC_UNUSED)
{
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type", "application/json");
    evbuffer_add_printf(evhttp_request_get_output_buffer(request), "{\"suppressed\":false,\"entries\":[]}\n");
    evhttp_send_reply(request, HTTP_OK, NULL, NULL);
}

int main(int argc, char **argv)
{
    struct event_base *base = event_base_new();
    struct evhttp *server = evhttp_new(base);
    guint64 port;

    if (argc != 2 || !g_ascii_string_to_unsigned(argv[1], 10, 1, G_MAXUINT16, &port, NULL) ||
        evhttp_bind_socket(server, "127.0.0.1", (guint16)port) != 0) {
        fprintf(stderr, "usage: bench_http PORT\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    evhttp_set_gencb(server, on_request, NULL);
    event_base_dispatch(base);
    return 0;
}
