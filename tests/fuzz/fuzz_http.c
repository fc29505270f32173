/* Requests to the API: "METHOD URI LF body". The path is looked for among the routes; cursors, words that select, tags
 * and times are read, and the body is that of POST /v1/check, of PUT /v1/suppressions/{subject}, and of POST
 * /v1/events. */
#include <stdint.h>
#include <string.h>

#include "cmd/bounced/http/api/body.h"
#include "cmd/bounced/http/posts/event_body.h"
#include "cmd/bounced/http/routes.h"
#include "cmd/bounced/http/routing/http_cursor.h"
#include "cmd/bounced/http/routing/http_route.h"
#include "cmd/bounced/http/routing/http_tag.h"
#include "cmd/bounced/http/routing/http_time.h"
#include "parser/observation.h"
#include "reports/interest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As GET /v1/changes has them. */
static void read_following(const char *text)
{
    struct interest interest = {0};
    struct store_position position;

    for (const char *const *name = interest_names; *name != NULL; name++) {
        g_autofree char *unknown = NULL;
        bool good = interest_read(&interest, *name, text, &unknown);
        g_assert_true(!good || unknown == NULL);
    }
    interest_clear(&interest);
    if (store_position_parse(text, &position)) {
        g_autofree char *again = store_position_format(&position);
        g_assert_cmpstr(again, ==, text);
    }
}

static void read_texts(const char *text)
{
    char *parts[HTTP_CURSOR_PARTS] = {NULL};
    gint64 seconds;

    if (http_cursor_read(text, "suppressions", parts)) {
        g_autofree char *again = http_cursor_write("suppressions", (const char *const *)parts);
        g_assert_nonnull(again);
    }
    for (size_t i = 0; i < HTTP_CURSOR_PARTS; i++)
        g_free(parts[i]);
    read_following(text);
    http_tag_matches(text, "\"a\"", true);
    if (http_time_read(text, &seconds))
        g_assert_cmpint(seconds, !=, G_MAXINT64);
}

static void read_body(struct http_call *call)
{
    static const char *const members[] = {"addresses", "stream", "note", "until", NULL};
    json_t *object = body_object(call, true);
    const char *text;
    gint64 until;

    if (object != NULL && body_knows(call, object, members) && body_text(call, object, "note", &text) &&
        body_time(call, object, "until", &until))
        g_assert_cmpuint(call->answer.status, ==, 0);
    else
        g_assert_cmpuint(call->answer.status, >=, 400);
    json_decref(object);
}

static void report_one(const struct testimony *testimony)
{
    struct report_settings settings;

    report_settings_defaults(&settings);
    g_assert_cmpint(observation_fault(&testimony->observation), ==, OBSERVATION_FAULT_NONE);
    g_autoptr(Report) report = observation_report(&settings, &testimony->observation);
    const struct report_recipient *recipient = report->recipients->pdata[0];
    g_assert_nonnull(recipient->recipient);
    g_assert_true(recipient->diagnostic == NULL || http_request_is_text(recipient->diagnostic));
}

/* Each is refused, or can be reported. */
static void read_events(struct http_call *call)
{
    g_autoptr(EventBody) body = event_body_read(call);

    for (guint i = 0; body != NULL && i < body->items->len; i++) {
        const struct event_item *item = &g_array_index(body->items, struct event_item, i);

        g_assert_true((item->testimony == NULL) == (item->detail != NULL));
        if (item->testimony != NULL)
            report_one(item->testimony);
    }
}

/* As one or a list, and by lines; also by the token of a tenant. */
static void read_posts(struct http_call *call)
{
    call->grant.name = g_strdup("mta");
    call->tenants = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(call->tenants, (char *)"news", (char *)"shop");
    read_events(call);
    call->request.fields[HTTP_FIELD_CONTENT_TYPE] = g_strdup("application/x-ndjson");
    call->grant.tenant = g_strdup("shop");
    read_events(call);
}

static enum http_method method_of(const char *name)
{
    for (enum http_method method = HTTP_METHOD_GET; method < HTTP_METHOD_OTHER; method++) {
        if (strcmp(http_method_names[method], name) == 0)
            return method;
    }
    return HTTP_METHOD_OTHER;
}

static void take(const char *method, const char *uri, const char *body, size_t length)
{
    struct http_call *call = http_call_new(NULL, NULL);
    g_autoptr(GString) allowed = g_string_new(NULL);
    const char *why = NULL, *after;

    call->request.method = method_of(method);
    call->request.body = g_string_new_len(body, (gssize)length);
    if (!http_request_read_uri(&call->request, uri, &why))
        g_assert_nonnull(why);
    if (http_route_find(http_routes, G_MAXUINT, call, allowed) == HTTP_ROUTE_FOUND)
        g_assert_true(call->request.parameters[0] == NULL || http_request_is_text(call->request.parameters[0]));
    after = http_request_argument(&call->request, "after");
    read_texts(after != NULL ? after : uri);
    read_body(call);
    read_posts(call);
    http_call_free(call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data, *line = memchr(bytes, '\n', size);
    size_t length = line != NULL ? (size_t)(line - bytes) : size;
    g_autofree char *head = g_strndup(bytes, length);
    char *blank = strchr(head, ' ');

    if (blank == NULL)
        return 0;
    *blank = '\0';
    take(head, blank + 1, line != NULL ? line + 1 : "", line != NULL ? size - length - 1 : 0);
    return 0;
}
