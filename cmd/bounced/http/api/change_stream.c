#include "cmd/bounced/http/api/change_stream.h"

#include "cmd/bounced/http/api/following.h"
#include "cmd/bounced/http/routing/http_sse.h"

enum {
    OCTETS = 64 << 10, /* of a piece, but for the last event */
    RETRY = 2000,      /* milliseconds */
    SILENCE = 15000,   /* likewise: then a sign of life is sent */
};

struct change_stream {
    struct following following;
    struct store_position told; /* what the client gives back */
};

static void free_stream(void *data)
{
    struct change_stream *stream = data;

    following_clear(&stream->following);
    g_free(stream);
}

static bool read_part(struct http_call *call, struct change_stream *stream, GString *out)
{
    struct following *following = &stream->following;

    if (!following_open(call, following))
        return false;
    while (out->len < OCTETS && following_next(call, following)) {
        g_autofree char *id = store_position_format(&following->position);

        http_sse_event(out, id, following->type->str, following->json->str);
        stream->told = following->position;
    }
    following_close(following);
    return call->error == NULL && call->answer.status == 200;
}

/* The cursor moves on, also when nothing that comes is wanted: what is behind it may be dropped. */
static void tell_position(struct change_stream *stream, GString *out)
{
    g_autofree char *id = store_position_format(&stream->following.position);

    http_sse_id(out, id);
    stream->told = stream->following.position;
}

static void give_sign(struct change_stream *stream, GString *out)
{
    http_sse_beat(out);
    if (!store_position_same(&stream->told, &stream->following.position))
        tell_position(stream, out);
}

/* A client whose cursor is gone is told so when it connects again. */
static enum http_next go_on(struct http_call *call, GString *piece)
{
    struct change_stream *stream = call->state;

    bool good = call->store != NULL && read_part(call, stream, piece);

    if (call->answer.status != 200)
        return HTTP_NEXT_END;
    if (piece->len == 0 && call->late)
        give_sign(stream, piece);
    return good && !stream->following.ended ? HTTP_NEXT_MORE : HTTP_NEXT_WAIT;
}

/* A client that connects again gives back the last id, with the same query as before. */
static const char *cursor_of(const struct http_request *request)
{
    const char *last = request->fields[HTTP_FIELD_LAST_EVENT_ID];

    return last != NULL && *last != '\0' ? last : http_request_argument(request, "after");
}

void change_stream(struct http_call *call)
{
    struct change_stream *stream = g_new0(struct change_stream, 1);
    struct following *following = &stream->following;

    call->state = stream;
    call->free_state = free_stream;
    if (!following_begin(call, following, cursor_of(&call->request)) || !following_open(call, following))
        return;
    following_close(following);
    http_answer_begin(&call->answer, 200, HTTP_SSE_TYPE);
    http_answer_field(&call->answer, "X-Accel-Buffering", "no"); /* nginx would keep events for a time */
    http_sse_retry(call->answer.body, RETRY);
    tell_position(stream, call->answer.body);
    call->next = go_on;
    call->patience = SILENCE;
}
