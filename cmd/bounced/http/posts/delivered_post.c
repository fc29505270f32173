#include "cmd/bounced/http/posts/delivered_post.h"

#include "cmd/bounced/http/api/body.h"
#include "cmd/bounced/http/api/tenancy.h"
#include "parser/address.h"
#include "reports/json.h"
#include "store/delivery.h"

/* They are one transaction, and reports wait meanwhile. */
enum { ADDRESSES = 1000 };

struct delivered {
    const json_t *addresses;
    GPtrArray *good; /* of const char *: those that are mail addresses */
    bool *changed;   /* of each of them */
    const char *stream;
    gint64 at;
};

static bool refuse(struct http_call *call, enum problem problem, const char *detail)
{
    http_answer_problem(&call->answer, problem, detail);
    return false;
}

static bool is_address(const char *text)
{
    g_autoptr(GString) address = g_string_new(NULL);

    return address_read(span_of(text), ADDRESS_LISTED, address);
}

static bool take_addresses(struct http_call *call, struct delivered *delivered)
{
    size_t index;
    json_t *address;

    if (!json_is_array(delivered->addresses))
        return refuse(call, PROBLEM_INVALID_BODY, "\"addresses\" is not an array");
    if (json_array_size(delivered->addresses) > ADDRESSES)
        return refuse(call, PROBLEM_TOO_LARGE, "more than 1000 addresses");
    json_array_foreach(delivered->addresses, index, address)
    {
        g_autofree char *detail = g_strdup_printf("\"addresses\": item %zu is not text", index);

        if (!json_is_string(address))
            return refuse(call, PROBLEM_INVALID_BODY, detail);
        if (is_address(json_string_value(address)))
            g_ptr_array_add(delivered->good, (char *)json_string_value(address));
    }
    return true;
}

static bool take_body(struct http_call *call, json_t *object, struct delivered *delivered)
{
    static const char *const members[] = {"addresses", "stream", "time", NULL};

    delivered->addresses = json_object_get(object, "addresses");
    if (!body_knows(call, object, members) || !body_text(call, object, "stream", &delivered->stream) ||
        !body_time(call, object, "time", &delivered->at))
        return false;
    if (!tenancy_tells(call, delivered->stream))
        return refuse(call, PROBLEM_FORBIDDEN, "the token is of a tenant, and the stream is none of its own");
    return take_addresses(call, delivered);
}

static bool deliver(struct http_call *call, struct delivered *delivered)
{
    const struct store_delivery delivery = {
        .stream = delivered->stream, .at = delivered->at, .confined = call->grant.tenant != NULL};
    const struct store_batch batch = {
        .order = {.who = call->grant.name, .now = call->now, .door = STORE_DOOR_API},
        .subjects = (const char *const *)delivered->good->pdata,
        .n = delivered->good->len,
        .changed = delivered->changed,
    };

    return batch.n == 0 || store_deliver(call->store, &batch, &delivery, &call->error);
}

static void answer(struct http_call *call, const struct delivered *delivered)
{
    GString *out = call->answer.body;
    size_t index;
    json_t *address;
    guint next = 0;

    http_answer_begin(&call->answer, 200, "application/json");
    g_string_append(out, "{\"items\":[");
    json_array_foreach(delivered->addresses, index, address)
    {
        const char *text = json_string_value(address);
        bool good = next < delivered->good->len && delivered->good->pdata[next] == text;
        bool recorded = good && delivered->changed[next];

        next += good;
        g_string_append(out, index > 0 ? ",{\"address\":" : "{\"address\":");
        json_text(out, text);
        g_string_append(out, recorded ? ",\"recorded\":true" : ",\"recorded\":false");
        g_string_append(out, good ? "}" : ",\"problem\":\"/problems/invalid-address\"}");
    }
    g_string_append(out, "]}\n");
}

static void take(struct http_call *call, json_t *object)
{
    struct delivered delivered = {.good = g_ptr_array_new()};

    if (take_body(call, object, &delivered)) {
        delivered.changed = g_new0(bool, delivered.good->len);
        if (deliver(call, &delivered))
            answer(call, &delivered);
    }
    g_free(delivered.changed);
    g_ptr_array_unref(delivered.good);
}

void delivered_post(struct http_call *call)
{
    json_t *object = body_object(call, false);

    if (object != NULL)
        take(call, object);
    json_decref(object);
}
