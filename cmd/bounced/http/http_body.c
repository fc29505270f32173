#include "cmd/bounced/http/http_body.h"

#include <malloc.h>

enum { LARGE = 8 << 20 }; /* octets: worth the trouble */

struct http_body {
    struct evbuffer *octets;
    size_t length; /* when it came */
};

/* Of a large body the C library would keep the memory, for others like it. */
static void give_back(const struct http_body *body)
{
    if (body->length >= LARGE)
        malloc_trim(0);
}

static void free_body(void *data)
{
    struct http_body *body = data;
    bool rest = evbuffer_get_length(body->octets) > 0;

    evbuffer_free(body->octets);
    if (rest)
        give_back(body);
    g_free(body);
}

void http_body_keep(struct http_call *call, struct evbuffer *input)
{
    struct http_body *body = g_new(struct http_body, 1);

    body->octets = evbuffer_new();
    body->length = evbuffer_get_length(input);
    evbuffer_add_buffer(body->octets, input); /* it copies nothing */
    call->unread = body;
    call->free_unread = free_body;
}

size_t http_body_length(const struct http_call *call)
{
    const struct http_body *body = call->unread;

    return body != NULL ? evbuffer_get_length(body->octets) : 0;
}

void http_body_take(struct http_call *call)
{
    size_t length = http_body_length(call);

    g_string_set_size(call->request.body, length);
    call->request.body->len = http_body_take_some(call, call->request.body->str, length);
}

size_t http_body_take_some(struct http_call *call, char *octets, size_t room)
{
    const struct http_body *body = call->unread;
    int n = body != NULL ? evbuffer_remove(body->octets, octets, room) : 0;

    if (n > 0 && evbuffer_get_length(body->octets) == 0)
        give_back(body);
    return n > 0 ? (size_t)n : 0;
}
