#include "cmd/bounced/http/api/batch_check.h"

#include "cmd/bounced/http/api/body.h"
#include "cmd/bounced/http/api/tenancy.h"
#include "reports/json.h"
#include "store/store.h"

/* The addresses of the body; false, and the answer is a problem, if they are not text, or too many. */
static bool good_addresses(struct http_call *call, const json_t *addresses)
{
    size_t index;
    json_t *address;

    if (!json_is_array(addresses) || json_array_size(addresses) > BATCH_CHECK_ADDRESSES) {
        http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, "\"addresses\" is not an array of at most 10000");
        return false;
    }
    json_array_foreach(addresses, index, address)
    {
        if (!json_is_string(address)) {
            g_autofree char *detail = g_strdup_printf("\"addresses\": item %zu is not text", index);
            http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, detail);
            return false;
        }
    }
    return true;
}

/* One answer, by its decisive entry. */
static void append_result(const struct http_call *call, GString *out, const char *address,
                          const struct store_answer *answer)
{
    g_string_append(out, "{\"address\":");
    json_text(out, address);
    g_string_append(out, answer->suppressed ? ",\"suppressed\":true" : ",\"suppressed\":false");
    if (answer->n > 0) {
        const struct audience audience = tenancy_audience(call);
        struct suppression entry = answer->entries[0];

        audience_hide(&audience, &entry);
        g_string_append(out, ",\"entry\":");
        json_suppression(out, &entry);
    }
    g_string_append_c(out, '}');
}

/* The list cannot have it. */
static void append_refused(GString *out, const char *address)
{
    g_string_append(out, "{\"address\":");
    json_text(out, address);
    g_string_append(out, ",\"suppressed\":false,\"problem\":\"/problems/invalid-address\"}");
}

static bool check_all(struct http_call *call, const json_t *addresses, const struct store_asker *asker)
{
    GString *out = call->answer.body;
    size_t index;
    json_t *value;

    json_array_foreach(addresses, index, value)
    {
        const char *address = json_string_value(value);
        struct store_answer answer;

        if (index > 0)
            g_string_append_c(out, ',');
        if (store_look_up(call->store, address, asker, call->now, &answer, &call->error)) {
            append_result(call, out, address, &answer);
        } else if (g_error_matches(call->error, STORE_ERROR, STORE_ERROR_ADDRESS)) {
            g_clear_error(&call->error);
            append_refused(out, address);
        } else {
            return false;
        }
    }
    return true;
}

static void check(struct http_call *call, json_t *object)
{
    static const char *const members[] = {"addresses", "stream", "tenant", NULL};
    const json_t *addresses = json_object_get(object, "addresses");
    const char *stream, *tenant;
    struct store_asker asker;

    if (!body_knows(call, object, members) || !body_text(call, object, "stream", &stream) ||
        !body_text(call, object, "tenant", &tenant) || !good_addresses(call, addresses) ||
        !tenancy_ask(call, stream, tenant, &asker))
        return;
    /* One snapshot for all. */
    if (!store_freeze(call->store, &call->error))
        return;
    g_string_append(call->answer.body, "{\"items\":[");
    if (check_all(call, addresses, &asker)) {
        g_string_append(call->answer.body, "]}\n");
        http_answer_begin(&call->answer, 200, "application/json");
    }
    store_thaw(call->store);
}

void batch_check(struct http_call *call)
{
    json_t *object = body_object(call, false);

    if (object != NULL)
        check(call, object);
    json_decref(object);
}
