/* The texts of HTTP: cursors, entity tags and times, which clients give back or write; pages and server-sent events. */
#include <string.h>

#include "cmd/bounced/http/routing/http_cursor.h"
#include "cmd/bounced/http/routing/http_page.h"
#include "cmd/bounced/http/routing/http_sse.h"
#include "cmd/bounced/http/routing/http_tag.h"
#include "cmd/bounced/http/routing/http_time.h"

static const char *const places[][HTTP_CURSOR_PARTS] = {
    {"anna@example.org", "all"}, {"\303\274@example.org", "stream=n\303\251ws"}, {"", ""}, {"a", ""},
    {"?>>~~", "tenant=a b"},
};

static void test_cursor(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *cursor = http_cursor_write("things", places[i]);
        char *parts[HTTP_CURSOR_PARTS] = {NULL};

        g_assert_cmpuint(strspn(cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), ==,
                         strlen(cursor));
        g_assert_false(http_cursor_read(cursor, "others", parts));
        g_assert_true(http_cursor_read(cursor, "things", parts));
        for (size_t k = 0; k < HTTP_CURSOR_PARTS; k++) {
            g_assert_cmpstr(parts[k], ==, places[i][k]);
            g_free(parts[k]);
        }
    }
}

static void test_no_cursor(void)
{
    static const char *const cursors[] = {
        "",
        "=",
        "A",
        "AAAAA",
        "a b",
        "MQp0aGluZ3MKYQ",      /* "1 LF things LF a" */
        "Mgp0aGluZ3MKYQpi",    /* "2 LF things LF a LF b" */
        "MQp0aGluZ3MKYQpiCmM", /* another part */
        "MQp0aGluZ3MKYQpi=",   /* padded */
        "MQp0aGluZ3MKYQAKYg",  /* a NUL */
        "MQp0aGluZ3MK_wpi",    /* no UTF-8 */
        "MQp0aGluZ3MKYQpi\xc3",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cursors); i++) {
        char *parts[HTTP_CURSOR_PARTS] = {NULL};

        if (http_cursor_read(cursors[i], "things", parts)) {
            g_test_message("\"%s\" was taken", cursors[i]);
            g_test_fail();
        }
        g_assert_null(parts[0]);
    }
}

static void test_tags(void)
{
    static const struct {
        const char *field, *tag;
        bool weak, matches;
    } rows[] = {
        {"\"a\"", "\"a\"", false, true},
        {"\"b\"", "\"a\"", false, false},
        {"\"ab\"", "\"a\"", false, false},
        {"\"b\", \"a\"", "\"a\"", false, true},
        {"\"b\",\"a\"", "\"a\"", false, true},
        {"W/\"a\"", "\"a\"", false, false},
        {"W/\"a\"", "\"a\"", true, true},
        {"*", "\"a\"", false, true},
        {"*", NULL, false, false},
        {"\"a\"", NULL, false, false},
        {"", "\"a\"", false, false},
        {"a", "\"a\"", false, false},
        {"\"a", "\"a\"", false, false},
        {"W/", "\"a\"", true, false},
        {" , \"a\"", "\"a\"", false, true},
        {"x \"a\"", "\"a\"", false, false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (http_tag_matches(rows[i].field, rows[i].tag, rows[i].weak) != rows[i].matches) {
            g_test_message("%s of %s", rows[i].tag, rows[i].field);
            g_test_fail();
        }
    }
    g_autofree char *one = http_tag_of("one", 3), *other = http_tag_of("two", 3);
    g_assert_cmpstr(one, !=, other);
    g_assert_true(http_tag_matches(one, one, false));
}

static void test_times(void)
{
    static const struct {
        const char *text;
        bool good;
        gint64 seconds;
    } rows[] = {
        {"1970-01-02", true, 86400},
        {"1970-01-01T00:01:00Z", true, 60},
        {"1970-01-01t00:01:00Z", false, 0},
        {"1970-01-01T01:00:00+01:00", true, 0},
        {"1970-01-01T00:00:00-00:30", true, 1800},
        {"1970-01-01T00:00:01.5Z", true, 1},
        {"2026-11-28T06:45:10", false, 0}, /* of which zone? */
        {"2026-02-30T00:00:00Z", false, 0},
        {"2026-02-30", false, 0},
        {"19700101T000100Z", false, 0},
        {"1970-01-01 00:01:00Z", false, 0},
        {"1970-01-01T00:01:00Zx", false, 0},
        {"tomorrow..", false, 0},
        {"", false, 0},
        {"1970-01-01T24:01:00Z", false, 0},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        gint64 seconds = 0;

        if (http_time_read(rows[i].text, &seconds) != rows[i].good || seconds != rows[i].seconds) {
            g_test_message("\"%s\" gives %" G_GINT64_FORMAT, rows[i].text, seconds);
            g_test_fail();
        }
    }
}

static void test_events(void)
{
    static const struct {
        const char *data, *text;
    } rows[] = {
        {"{}", "id: 1\nevent: t\ndata: {}\n\n"},
        {"", "id: 1\nevent: t\ndata: \n\n"},
        {" a", "id: 1\nevent: t\ndata:  a\n\n"},
        {"a\nb", "id: 1\nevent: t\ndata: a\ndata: b\n\n"},
        {"a\r\nb\rc\n", "id: 1\nevent: t\ndata: a\ndata: b\ndata: c\ndata: \n\n"},
        {"\n\r", "id: 1\nevent: t\ndata: \ndata: \ndata: \n\n"},
        {"a\n\nevent: x", "id: 1\nevent: t\ndata: a\ndata: \ndata: event: x\n\n"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) out = g_string_new(NULL);

        http_sse_event(out, "1", "t", rows[i].data);
        g_assert_cmpstr(out->str, ==, rows[i].text);
    }
    g_autoptr(GString) out = g_string_new(NULL);
    http_sse_retry(out, 2000);
    http_sse_id(out, "AV-_");
    http_sse_beat(out);
    g_assert_cmpstr(out->str, ==, "retry: 2000\n\nid: AV-_\n\n:\n\n");
}

/* The link is the request again, behind the page. */
static void test_page(void)
{
    static const struct {
        const char *uri, *next, *body, *link;
    } rows[] = {
        {"/v1/things", NULL, "{\"items\":[1]}\n", NULL},
        {"/v1/things", "AV", "{\"items\":[1],\"next\":\"AV\"}\n", "</v1/things?after=AV>; rel=\"next\""},
        {"/v1/things?after=AU&q=a%26%22b%3E", "AV", "{\"items\":[1],\"next\":\"AV\"}\n",
         "</v1/things?q=a%26%22b%3E&after=AV>; rel=\"next\""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct http_call *call = http_call_new(NULL, NULL);
        const char *why;

        g_assert_true(http_request_read_uri(&call->request, rows[i].uri, &why));
        http_page_begin(call);
        g_string_append_c(call->answer.body, '1');
        http_page_end(call, rows[i].next);
        g_assert_cmpuint(call->answer.status, ==, 200);
        g_assert_cmpstr(call->answer.body->str, ==, rows[i].body);
        g_assert_cmpuint(call->answer.fields->len, ==, rows[i].link != NULL);
        if (rows[i].link != NULL)
            g_assert_cmpstr(g_array_index(call->answer.fields, struct http_answer_field, 0).value, ==, rows[i].link);
        http_call_free(call);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http_texts/cursor", test_cursor);
    g_test_add_func("/http_texts/no_cursor", test_no_cursor);
    g_test_add_func("/http_texts/tags", test_tags);
    g_test_add_func("/http_texts/times", test_times);
    g_test_add_func("/http_texts/events", test_events);
    g_test_add_func("/http_texts/page", test_page);
    return g_test_run();
}
