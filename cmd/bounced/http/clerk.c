#include "cmd/bounced/http/clerk.h"

#include "cmd/bounced/http/http_body.h"
#include "cmd/bounced/http/routing/http_route.h"

enum { OCTETS_MAX = 128 << 20 };

struct clerk {
    gint octets; /* of bodies that wait; atomic */
    struct ingest *ingest;
    struct http_line *line, *done;
    GThread *thread;
};

/* Octets of its body, as it came or taken. */
static gint octets_of(const struct http_call *call)
{
    const GString *body = call->request.body; /* NULL: a call of our own */

    return (gint)(http_body_length(call) + (body != NULL ? body->len : 0));
}

static void run_with_store(struct clerk *clerk, struct http_call *call)
{
    call->store = ingest_borrow_store(clerk->ingest, &call->error);
    if (call->store != NULL)
        call->route->run(call);
    ingest_return_store(clerk->ingest, call->error);
    call->store = NULL;
    http_call_fail(call);
}

static void run_call(struct clerk *clerk, struct http_call *call)
{
    call->now = g_get_real_time() / G_USEC_PER_SEC;
    if (call->route->place == HTTP_PLACE_BULK)
        call->route->run(call);
    else
        run_with_store(clerk, call);
}

static void *run(void *data)
{
    struct clerk *clerk = data;
    struct http_call *call;

    while ((call = http_line_wait(clerk->line)) != NULL) {
        g_atomic_int_add(&clerk->octets, -octets_of(call));
        run_call(clerk, call);
        http_line_put(clerk->done, call, G_MAXUINT);
    }
    return NULL;
}

struct clerk *clerk_new(struct ingest *ingest, struct http_line *done)
{
    struct clerk *clerk = g_new0(struct clerk, 1);

    clerk->ingest = ingest;
    clerk->done = done;
    clerk->line = http_line_new();
    clerk->thread = g_thread_new("clerk", run, clerk);
    return clerk;
}

void clerk_free(struct clerk *clerk)
{
    if (clerk == NULL)
        return;
    http_line_stop(clerk->line);
    g_thread_join(clerk->thread);
    http_line_free(clerk->line);
    g_free(clerk);
}

bool clerk_give(struct clerk *clerk, struct http_call *call, guint most)
{
    gint octets = octets_of(call), waiting = g_atomic_int_add(&clerk->octets, octets);

    if ((waiting == 0 || waiting + octets <= OCTETS_MAX) && http_line_put(clerk->line, call, most))
        return true;
    g_atomic_int_add(&clerk->octets, -octets);
    return false;
}
