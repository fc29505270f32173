#include "cmd/bounced/http/api/change_list.h"

#include "cmd/bounced/http/api/following.h"
#include "cmd/bounced/http/routing/http_page.h"

enum {
    LIMIT = 100,
    LIMIT_MAX = 1000,
    OCTETS = 1 << 20, /* of a page, but for the last item */
    WAIT_MAX = 60,    /* seconds; proxies give up then, too */
    SEARCH = 5,       /* likewise: so long a request that does not wait looks for the first item that is wanted */
};

struct change_list {
    struct following following;
    gint64 limit, given;
};

static void free_list(void *data)
{
    struct change_list *list = data;

    following_clear(&list->following);
    g_free(list);
}

static bool is_full(const struct http_call *call, const struct change_list *list)
{
    return list->given == list->limit || call->answer.body->len >= OCTETS;
}

/* False: it failed, or the cursor is gone. */
static bool read_part(struct http_call *call, struct change_list *list)
{
    struct following *following = &list->following;

    if (!following_open(call, following))
        return false;
    while (!is_full(call, list) && following_next(call, following)) {
        if (list->given++ > 0)
            g_string_append_c(call->answer.body, ',');
        g_string_append_len(call->answer.body, following->json->str, (gssize)following->json->len);
    }
    following_close(following);
    return call->error == NULL && call->answer.status == 0;
}

static void finish(struct http_call *call, const struct change_list *list)
{
    g_autofree char *next = store_position_format(&list->following.position);

    http_page_end(call, next);
}

/* Goes on to the first items, or as long as it may. */
static enum http_next look(struct http_call *call)
{
    struct change_list *list = call->state;

    if (!read_part(call, list))
        return HTTP_NEXT_END;
    if (list->given == 0 && !call->late)
        return list->following.ended ? HTTP_NEXT_WAIT : HTTP_NEXT_MORE;
    finish(call, list);
    return HTTP_NEXT_END;
}

/* One that does not wait may have to look through much that is not wanted. */
static void answer(struct http_call *call, struct change_list *list, gint64 wait)
{
    http_page_begin(call);
    if (!read_part(call, list))
        return;
    if (list->given > 0 || (wait == 0 && list->following.ended)) {
        finish(call, list);
        return;
    }
    call->poll = look;
    call->patience = (unsigned)(wait > 0 ? wait : SEARCH) * 1000;
}

void change_list(struct http_call *call)
{
    struct change_list *list = g_new0(struct change_list, 1);
    gint64 wait;

    call->state = list;
    call->free_state = free_list;
    if (!following_begin(call, &list->following, http_request_argument(&call->request, "after")))
        return;
    if (!http_request_number(&call->request, "limit", 1, LIMIT_MAX, LIMIT, &list->limit))
        http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, "limit: expected 1 to 1000");
    else if (!http_request_number(&call->request, "wait", 0, WAIT_MAX, 0, &wait))
        http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, "wait: expected 0 to 60");
    else
        answer(call, list, wait);
}
