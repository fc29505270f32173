/* Bodies of what programs post: each member of an event, what is refused of it, and how it is named. */
#include "cmd/bounced/http/posts/event_body.h"

#include <string.h>

#include "cmd/bounced/http/posts/delivered_post.h"
#include "cmd/bounced/http/posts/message_post.h"

static struct http_call *make_call(const char *body, const char *type, const char *key)
{
    struct http_call *call = http_call_new(NULL, NULL);

    call->request.body = g_string_new(body);
    call->request.fields[HTTP_FIELD_CONTENT_TYPE] = g_strdup(type);
    call->request.fields[HTTP_FIELD_IDEMPOTENCY_KEY] = g_strdup(key);
    call->grant.name = g_strdup("mta");
    call->tenants = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(call->tenants, (char *)"news", (char *)"shop");
    return call;
}

static struct event_item *item_of(const struct event_body *body, guint index)
{
    return &g_array_index(body->items, struct event_item, index);
}

/* One event with one member more: what becomes of it. */
static const struct {
    const char *member;
    int problem;        /* -1: none */
    const char *detail; /* a part of it */
} members[] = {
    {"\"id\":\"a-1\"", -1, NULL},
    {"\"id\":null", -1, NULL},
    {"\"id\":\"\"", -1, NULL},
    {"\"id\":1", PROBLEM_INVALID_BODY, "\"id\" is not text without"},
    {"\"id\":\"a\\tb\"", PROBLEM_INVALID_BODY, "\"id\" is not text without"},
    {"\"reply\":550", -1, NULL},
    {"\"reply\":null", -1, NULL},
    {"\"reply\":\"550\"", PROBLEM_INVALID_BODY, "\"reply\" is not a number"},
    {"\"reply\":550.0", PROBLEM_INVALID_BODY, "\"reply\" is not a number"},
    {"\"reply\":0", PROBLEM_INVALID_BODY, "\"reply\" is not a number"},
    {"\"reply\":-550", PROBLEM_INVALID_BODY, "\"reply\" is not a number"},
    {"\"reply\":9223372036854775807", PROBLEM_INVALID_BODY, "\"reply\" is not a number"},
    {"\"reply\":354", PROBLEM_INVALID_BODY, "\"reply\" is not a reply code"},
    {"\"status\":\"5.1.1\"", -1, NULL},
    {"\"status\":\"511\"", PROBLEM_INVALID_BODY, "\"status\" is not an enhanced"},
    {"\"status\":{}", PROBLEM_INVALID_BODY, "\"status\" is not text without"},
    {"\"diagnostic\":\"550-a\\r\\n550 b\\u0007\"", -1, NULL},
    {"\"diagnostic\":[]", PROBLEM_INVALID_BODY, "\"diagnostic\" is not text"},
    {"\"host\":\"mx.example.org\"", -1, NULL},
    {"\"host\":false", PROBLEM_INVALID_BODY, "\"host\" is not text"},
    {"\"stream\":\"news\"", -1, NULL},
    {"\"stream\":\"a\\nb\"", PROBLEM_INVALID_BODY, "\"stream\" is not text"},
    {"\"message_id\":\"<1@us>\"", -1, NULL},
    {"\"message_id\":1", PROBLEM_INVALID_BODY, "\"message_id\" is not text"},
    {"\"time\":\"2026-11-28T06:45:10Z\"", -1, NULL},
    {"\"time\":\"1969-12-31\"", PROBLEM_INVALID_BODY, "\"time\" is not a time"},
    {"\"time\":1795262400", PROBLEM_INVALID_BODY, "\"time\" is not a time"},
    {"\"Reply\":550", PROBLEM_INVALID_BODY, "no member \"Reply\""},
};

static void test_members(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++) {
        g_autofree char *text =
            g_strdup_printf("{\"recipient\":\"anna@example.org\",\"action\":\"failed\",%s}", members[i].member);
        struct http_call *call = make_call(text, NULL, NULL);
        g_autoptr(EventBody) body = event_body_read(call);
        const struct event_item *item = item_of(body, 0);

        g_assert_true(body->alone);
        bool good = members[i].problem < 0
                        ? item->detail == NULL && item->testimony != NULL
                        : item->testimony == NULL && item->detail != NULL && (int)item->problem == members[i].problem &&
                              strstr(item->detail, members[i].detail) != NULL;
        if (!good) {
            g_test_message("%s: %s", members[i].member, item->detail);
            g_test_fail();
        }
        http_call_free(call);
    }
}

static void test_values(void)
{
    static const char text[] = "{\"id\":\"a-1\",\"recipient\":\"anna@example.org\",\"reply\":550,\"status\":\"5.1.1\","
                               "\"action\":\"failed\",\"diagnostic\":\"a\\nb\",\"host\":\"mx\",\"stream\":\"news\","
                               "\"message_id\":\"1@us\",\"time\":\"2026-11-21T12:00:00Z\"}";
    struct http_call *call = make_call(text, "application/json", "k");
    g_autoptr(EventBody) body = event_body_read(call);
    const struct event_item *item = item_of(body, 0);
    const struct observation *one = &item->testimony->observation;

    g_assert_cmpstr(item->testimony->who, ==, "mta");
    g_assert_cmpstr(item->testimony->key, ==, "id a-1");
    g_assert_false(item->testimony->confined);
    g_assert_cmpstr(one->recipient, ==, "anna@example.org");
    g_assert_cmpuint(one->reply, ==, 550);
    g_assert_cmpstr(one->status, ==, "5.1.1");
    g_assert_cmpint(one->action, ==, REPORT_ACTION_FAILED);
    g_assert_cmpstr(one->diagnostic, ==, "a\nb");
    g_assert_cmpstr(one->host, ==, "mx");
    g_assert_cmpstr(one->stream, ==, "news");
    g_assert_cmpstr(one->message_id, ==, "1@us");
    g_assert_cmpint(one->time, ==, 1795262400);
    g_assert_true(g_str_has_prefix(item->text, "{\"id\":\"a-1\",") && g_str_has_suffix(item->text, "}\n"));
    http_call_free(call);
}

static void test_actions(void)
{
    static const struct {
        const char *name;
        bool good;
    } names[] = {{"failed", true},   {"delayed", true},  {"delivered", true}, {"relayed", true},
                 {"expanded", true}, {"bounced", false}, {"Failed", false},   {" ", false}};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *text =
            g_strdup_printf("[{\"recipient\":\"anna@example.org\",\"action\":\"%s\"}]", names[i].name);
        struct http_call *call = make_call(text, NULL, NULL);
        g_autoptr(EventBody) body = event_body_read(call);
        const struct event_item *item = item_of(body, 0);

        g_assert_false(body->alone);
        g_assert_true((item->detail == NULL) == names[i].good);
        g_assert_true(names[i].good || strstr(item->detail, "relayed or expanded") != NULL);
        http_call_free(call);
    }
}

/* Names of a program's own, of its requests, and none. */
static void test_keys(void)
{
    static const char text[] = "[{\"id\":\"7\",\"recipient\":\"a@example.org\",\"reply\":550},"
                               "{\"recipient\":\"b@example.org\",\"reply\":550}]";
    static const struct {
        const char *field;
        const char *keys[2];
    } rows[] = {{NULL, {"id 7", NULL}}, {"k", {"id 7", "request 1 k"}}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct http_call *call = make_call(text, NULL, rows[i].field);
        g_autoptr(EventBody) body = event_body_read(call);

        for (guint item = 0; item < 2; item++)
            g_assert_cmpstr(item_of(body, item)->testimony->key, ==, rows[i].keys[item]);
        http_call_free(call);
    }
}

static void test_lines(void)
{
    static const char text[] = "\r\n{\"recipient\":\"a@example.org\",\"reply\":550}\r\n\n{\"recipient\":\n7\n"
                               "  {\"recipient\":\"b@example.org\",\"reply\":550} ";
    static const bool good[] = {true, false, false, true};
    struct http_call *call = make_call(text, "application/x-ndjson; charset=utf-8", "k");
    g_autoptr(EventBody) body = event_body_read(call);

    g_assert_cmpuint(body->items->len, ==, G_N_ELEMENTS(good));
    for (guint i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true((item_of(body, i)->detail == NULL) == good[i]);
    g_assert_cmpstr(item_of(body, 3)->testimony->key, ==, "request 3 k");
    http_call_free(call);
}

static void test_tenant(void)
{
    static const struct {
        const char *members;
        bool good;
    } rows[] = {
        {"\"stream\":\"news\",\"reply\":550", true},
        {"\"stream\":\"news\",\"reply\":450", true},
        {"\"stream\":\"news\",\"reply\":250", true},
        {"\"stream\":\"alerts\",\"reply\":550", false},
        {"\"reply\":550", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strdup_printf("{\"recipient\":\"anna@example.org\",%s}", rows[i].members);
        struct http_call *call = make_call(text, NULL, NULL);

        call->grant.tenant = g_strdup("shop");
        g_autoptr(EventBody) body = event_body_read(call);
        const struct event_item *item = item_of(body, 0);
        g_assert_true((item->detail == NULL) == rows[i].good);
        g_assert_true(rows[i].good ? item->testimony->confined : item->problem == PROBLEM_FORBIDDEN);
        http_call_free(call);
    }
}

static void test_whole(void)
{
    g_autofree char *long_key = g_strnfill(1001, 'k');
    g_autofree char *many = g_strnfill(2 * 1001, '1');
    const struct {
        const char *body, *type, *key;
        unsigned status;
    } rows[] = {
        {"", NULL, NULL, 400},       {"7", NULL, NULL, 400},
        {"[1,", NULL, NULL, 400},    {"[]", "text/plain", NULL, 415},
        {"[]", NULL, "", 400},       {"[]", NULL, "a\tb", 400},
        {"[]", NULL, long_key, 400}, {many, "application/x-ndjson", NULL, 413},
    };

    for (char *at = many; *at != '\0'; at += 2)
        at[1] = '\n';
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct http_call *call = make_call(rows[i].body, rows[i].type, rows[i].key);

        g_assert_null(event_body_read(call));
        g_assert_cmpuint(call->answer.status, ==, rows[i].status);
        http_call_free(call);
    }
}

/* Any of these, or none; what is wrong then is that it is empty. */
static void test_message_types(void)
{
    static const struct {
        const char *type;
        unsigned status;
    } rows[] = {{NULL, 400},
                {"message/rfc822", 400},
                {"Message/RFC822; charset=utf-8", 400},
                {"message/global", 400},
                {"application/octet-stream", 400},
                {"message/rfc8222", 415},
                {"text/plain", 415},
                {"application/x-www-form-urlencoded", 415}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct http_call *call = make_call("", rows[i].type, NULL);

        message_post(call);
        g_assert_cmpuint(call->answer.status, ==, rows[i].status);
        http_call_free(call);
    }
}

static void test_delivered(void)
{
    static const struct {
        const char *body;
        unsigned status;
    } rows[] = {{"{\"addresses\":[]}", 200},
                {"{\"addresses\":[],\"stream\":\"news\"}", 200},
                {"{\"addresses\":[],\"time\":\"2026-11-21\"}", 200},
                {"{\"addresses\":[\"none\"]}", 200},
                {"{\"addresses\":[],\"note\":\"x\"}", 400},
                {"{\"addresses\":{}}", 400},
                {"{\"stream\":\"news\"}", 400},
                {"{\"addresses\":[null]}", 400}};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct http_call *call = make_call(rows[i].body, NULL, NULL);

        delivered_post(call);
        g_assert_cmpuint(call->answer.status, ==, rows[i].status);
        http_call_free(call);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounced/event-body/members", test_members);
    g_test_add_func("/bounced/event-body/values", test_values);
    g_test_add_func("/bounced/event-body/actions", test_actions);
    g_test_add_func("/bounced/event-body/keys", test_keys);
    g_test_add_func("/bounced/event-body/lines", test_lines);
    g_test_add_func("/bounced/event-body/tenant", test_tenant);
    g_test_add_func("/bounced/event-body/whole", test_whole);
    g_test_add_func("/bounced/event-body/message-types", test_message_types);
    g_test_add_func("/bounced/event-body/delivered", test_delivered);
    return g_test_run();
}
