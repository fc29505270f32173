/* Routes: which request is for which; and what is read of a request. */
#include "cmd/bounced/http/routing/http_route.h"

#include <string.h>

static void run(struct http_call *call)
{
    (void)call;
}

static const struct http_route table[] = {
    {HTTP_METHOD_GET, "/metrics", LISTEN_SERVE_METRICS, HTTP_RIGHT_NONE, HTTP_PLACE_LOOP, 0, run, NULL},
    {HTTP_METHOD_GET, "/v1/things", LISTEN_SERVE_API, HTTP_RIGHT_READ, HTTP_PLACE_READER, 0, run, NULL},
    {HTTP_METHOD_GET, "/v1/things/{name}", LISTEN_SERVE_API, HTTP_RIGHT_READ, HTTP_PLACE_READER, 0, run, NULL},
    {HTTP_METHOD_PUT, "/v1/things/{name}", LISTEN_SERVE_API, HTTP_RIGHT_WRITE, HTTP_PLACE_CLERK, 10, run,
     "scope note_x"},
    {HTTP_METHOD_POST, "/v1/things/{name}/parts/{part}", LISTEN_SERVE_API, HTTP_RIGHT_WRITE, HTTP_PLACE_CLERK, 10, run,
     NULL},
    {.path = NULL},
};

enum { METRICS = 1 << LISTEN_SERVE_METRICS, API = 1 << LISTEN_SERVE_API };

static const struct {
    enum http_method method;
    const char *uri;
    unsigned services;
    enum http_route_result result;
    int row;                    /* of the table */
    const char *first, *second; /* parameters */
    const char *allowed;
} cases[] = {
    {HTTP_METHOD_GET, "/metrics", METRICS, HTTP_ROUTE_FOUND, 0, NULL, NULL, "GET, HEAD"},
    {HTTP_METHOD_GET, "/metrics?x=1", METRICS | API, HTTP_ROUTE_FOUND, 0, NULL, NULL, "GET, HEAD"},
    {HTTP_METHOD_GET, "/metrics", API, HTTP_ROUTE_NOT_FOUND, -1, NULL, NULL, ""},
    {HTTP_METHOD_POST, "/metrics", METRICS, HTTP_ROUTE_NOT_ALLOWED, -1, NULL, NULL, "GET, HEAD"},
    {HTTP_METHOD_GET, "/v1/things", API, HTTP_ROUTE_FOUND, 1, NULL, NULL, "GET, HEAD"},
    {HTTP_METHOD_GET, "/v1/things/", API, HTTP_ROUTE_NOT_FOUND, -1, NULL, NULL, ""},
    {HTTP_METHOD_GET, "/v1/thing", API, HTTP_ROUTE_NOT_FOUND, -1, NULL, NULL, ""},
    {HTTP_METHOD_GET, "/v1", API, HTTP_ROUTE_NOT_FOUND, -1, NULL, NULL, ""},
    {HTTP_METHOD_GET, "", API, HTTP_ROUTE_NOT_FOUND, -1, NULL, NULL, ""},
    {HTTP_METHOD_GET, "*", API, HTTP_ROUTE_NOT_FOUND, -1, NULL, NULL, ""},
    {HTTP_METHOD_GET, "/v1/things/a", API, HTTP_ROUTE_FOUND, 2, "a", NULL, "GET, HEAD, PUT"},
    {HTTP_METHOD_PUT, "/v1/things/a", API, HTTP_ROUTE_FOUND, 3, "a", NULL, "GET, HEAD, PUT"},
    {HTTP_METHOD_OTHER, "/v1/things/a", API, HTTP_ROUTE_NOT_ALLOWED, -1, NULL, NULL, "GET, HEAD, PUT"},
    {HTTP_METHOD_GET, "/v1/things/a%2Fb%40c+d", API, HTTP_ROUTE_FOUND, 2, "a/b@c+d", NULL, "GET, HEAD, PUT"},
    {HTTP_METHOD_GET, "/v1/things/a/b", API, HTTP_ROUTE_NOT_FOUND, -1, NULL, NULL, ""},
    {HTTP_METHOD_GET, "/v1/things/a%00b", API, HTTP_ROUTE_BAD, -1, NULL, NULL, "GET, HEAD"},
    {HTTP_METHOD_GET, "/v1/things/a%0Ab", API, HTTP_ROUTE_BAD, -1, NULL, NULL, "GET, HEAD"},
    {HTTP_METHOD_GET, "/v1/things/%FF", API, HTTP_ROUTE_BAD, -1, NULL, NULL, "GET, HEAD"},
    {HTTP_METHOD_GET, "/v1/things/%zz", API, HTTP_ROUTE_BAD, -1, NULL, NULL, "GET, HEAD"},
    {HTTP_METHOD_POST, "/v1/things/a/parts/b%20", API, HTTP_ROUTE_FOUND, 4, "a", "b ", "POST"},
    {HTTP_METHOD_POST, "/v1/things//parts/b", API, HTTP_ROUTE_NOT_FOUND, -1, NULL, NULL, ""},
};

static void test_find(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct http_call *call = http_call_new(NULL, NULL);
        g_autoptr(GString) allowed = g_string_new(NULL);
        const char *why = NULL;

        call->request.method = cases[i].method;
        g_assert_true(http_request_read_uri(&call->request, cases[i].uri, &why));
        enum http_route_result result = http_route_find(table, cases[i].services, call, allowed);
        bool good = result == cases[i].result && strcmp(allowed->str, cases[i].allowed) == 0;
        if (result == HTTP_ROUTE_FOUND)
            good = good && call->route == &table[cases[i].row] &&
                   g_strcmp0(call->request.parameters[0], cases[i].first) == 0 &&
                   g_strcmp0(call->request.parameters[1], cases[i].second) == 0;
        if (!good) {
            g_test_message("%s: got %d, %s, %s", cases[i].uri, result, allowed->str, call->request.parameters[0]);
            g_test_fail();
        }
        http_call_free(call);
    }
}

static const struct {
    const char *uri;
    bool good;
    const char *name, *value;
} queries[] = {
    {"/", true, "a", NULL},
    {"/?", true, "a", NULL},
    {"/?a", true, "a", ""},
    {"/?a=b", true, "a", "b"},
    {"/?&a=b&&", true, "a", "b"},
    {"/?a=b+c%2B%26&d=e", true, "a", "b c+&"},
    {"/?b%3D=1=2", true, "b=", "1=2"},
    {"/?a=1&a=2", false, "a", NULL},
    {"/?a=%00", false, "a", NULL},
    {"/?a=%FF", false, "a", NULL},
    {"/?a=%4", false, "a", NULL},
    {"/?a=%0D%0Ax", false, "a", NULL},
    {"/?a=\xff", false, "a", NULL},
};

static void test_query(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
        struct http_request request = {.method = HTTP_METHOD_GET};
        const char *why = NULL;
        bool good = http_request_read_uri(&request, queries[i].uri, &why);

        if (good != queries[i].good ||
            (good && g_strcmp0(http_request_argument(&request, queries[i].name), queries[i].value) != 0)) {
            g_test_message("%s: got %d", queries[i].uri, good);
            g_test_fail();
        }
        g_assert_true(good || why != NULL);
        http_request_clear(&request);
    }
}

static void test_numbers(void)
{
    static const struct {
        const char *uri;
        bool good;
        gint64 number;
    } numbers[] = {{"/", true, 7},         {"/?n=1", true, 1},
                   {"/?n=10", true, 10},   {"/?n=11", false, 0},
                   {"/?n=0", false, 0},    {"/?n=", false, 0},
                   {"/?n=1x", false, 0},   {"/?n=-1", false, 0},
                   {"/?n=%201", false, 0}, {"/?n=99999999999999999999", false, 0}};

    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        struct http_request request = {.method = HTTP_METHOD_GET};
        const char *why;
        gint64 number;

        g_assert_true(http_request_read_uri(&request, numbers[i].uri, &why));
        bool good = http_request_number(&request, "n", 1, 10, 7, &number);
        g_assert_cmpint(good, ==, numbers[i].good);
        g_assert_true(!good || number == numbers[i].number);
        http_request_clear(&request);
    }
}

static void test_accept(void)
{
    static const struct {
        const char *accept;
        bool csv;
    } fields[] = {{NULL, false},
                  {"*/*", false},
                  {"text/csv", true},
                  {"text/csv, application/json", true},
                  {"application/json, text/csv", false},
                  {"text/html, text/csv;q=0.9, */*;q=0.1", true}};

    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        struct http_request request = {.method = HTTP_METHOD_GET};

        request.fields[HTTP_FIELD_ACCEPT] = g_strdup(fields[i].accept);
        g_assert_cmpint(http_request_wants(&request, "text/csv"), ==, fields[i].csv);
        http_request_clear(&request);
    }
}

static void test_problems(void)
{
    for (enum problem problem = 0; problem < PROBLEMS; problem++) {
        struct http_answer answer;

        http_answer_init(&answer);
        http_answer_problem(&answer, problem, "a \"quoted\" detail");
        g_assert_cmpuint(answer.status, ==, problem_kinds[problem].status);
        g_assert_cmpstr(answer.type, ==, "application/problem+json");
        g_assert_nonnull(strstr(answer.body->str, problem_kinds[problem].title));
        g_assert_nonnull(strstr(answer.body->str, "\"detail\":\"a \\\"quoted\\\" detail\""));
        http_answer_field(&answer, "X", "a\r\nb");
        g_assert_cmpstr(g_array_index(answer.fields, struct http_answer_field, answer.fields->len - 1).value, ==,
                        "a  b");
        http_answer_clear(&answer);
    }
}

static void test_strangers(void)
{
    static const struct {
        int row;
        const char *uri, *stranger;
    } asked[] = {
        {3, "/v1/things/a", NULL},          {3, "/v1/things/a?scope=all&note_x=1", NULL},
        {3, "/v1/things/a?note=1", "note"}, {3, "/v1/things/a?scop=all&scope=all", "scop"},
        {3, "/v1/things/a?=all", ""},       {3, "/v1/things/a?scope%20note_x=1", "scope note_x"},
        {0, "/metrics?x=1", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        struct http_request request = {.method = HTTP_METHOD_PUT};
        const char *why;

        g_test_message("%s", asked[i].uri);
        g_assert_true(http_request_read_uri(&request, asked[i].uri, &why));
        g_assert_cmpstr(http_route_stranger(&table[asked[i].row], &request), ==, asked[i].stranger);
        http_request_clear(&request);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http_route/find", test_find);
    g_test_add_func("/http_route/strangers", test_strangers);
    g_test_add_func("/http_route/query", test_query);
    g_test_add_func("/http_route/numbers", test_numbers);
    g_test_add_func("/http_route/accept", test_accept);
    g_test_add_func("/http_route/problems", test_problems);
    return g_test_run();
}
