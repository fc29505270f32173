/* GET /v1/changes and its stream, by the functions of their routes: what a part gives, when there is more, and when one
 * waits. */
#include "cmd/bounced/http/api/change_list.h"
#include "cmd/bounced/http/api/change_stream.h"
#include "cmd/bounced/http/http_parts.h"
#include "store/privacy.h"

#include <string.h>

#include "store_temporary.h"

static const guint8 key[NAME_KEY_SIZE] = {1};
static const struct http_parts parts = {.key = key};

static struct http_call *begin(const struct temporary *temporary, void (*run)(struct http_call *call), const char *uri)
{
    struct http_call *call = http_call_new(NULL, NULL);
    const char *why;

    g_assert_true(http_request_read_uri(&call->request, uri, &why));
    call->store = temporary->store;
    call->parts = &parts;
    call->tenants = g_hash_table_new(g_str_hash, g_str_equal);
    call->now = NOON;
    run(call);
    g_assert_no_error(call->error);
    return call;
}

/* The values of a member of JSON objects in `text`, with blanks between them. */
static char *values(const char *text, const char *member)
{
    g_autofree char *start = g_strdup_printf("\"%s\":\"", member);
    GString *found = g_string_new(NULL);

    for (const char *at = strstr(text, start); at != NULL; at = strstr(at, start)) {
        at += strlen(start);
        g_string_append_len(found, " ", found->len > 0 ? 1 : 0);
        g_string_append_len(found, at, (gssize)strcspn(at, "\""));
    }
    return g_string_free(found, FALSE);
}

/* Reports about a and b, which put both on the list; c is put there by hand. */
static void fill(struct temporary *temporary)
{
    temporary_new(temporary, NULL);
    for (const char *name = "ab"; *name != '\0'; name++) {
        g_autofree char *address = g_strdup_printf("%c@example.org", *name);
        const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);
        temporary_add(temporary, &event, 1, NOON);
    }
    temporary_suppress(temporary->store, "c@example.org", 0);
}

#define ALL "a@example.org a@example.org b@example.org b@example.org c@example.org"

/* One by one it is the same as at once. */
static void test_pages(void)
{
    struct temporary temporary;
    g_autoptr(GString) each = g_string_new(NULL);
    g_autofree char *uri = g_strdup("/v1/changes?limit=1");

    fill(&temporary);
    for (unsigned i = 0; i < 6; i++) {
        struct http_call *call = begin(&temporary, change_list, uri);
        g_autofree char *recipient = values(call->answer.body->str, "recipient");
        g_autofree char *next = values(call->answer.body->str, "next");

        g_assert_cmpuint(call->answer.status, ==, 200);
        g_string_append_printf(each, "%s%s", *recipient != '\0' && each->len > 0 ? " " : "", recipient);
        g_free(uri);
        uri = g_strdup_printf("/v1/changes?limit=1&after=%s", next);
        http_call_free(call);
    }
    g_assert_cmpstr(each->str, ==, ALL);
    struct http_call *call = begin(&temporary, change_list, "/v1/changes");
    g_autofree char *whole = values(call->answer.body->str, "recipient");
    g_autofree char *types = values(call->answer.body->str, "type");
    g_assert_cmpstr(whole, ==, ALL);
    g_assert_cmpstr(types, ==, "report.bounce suppression.added report.bounce suppression.added suppression.added");
    http_call_free(call);
    temporary_free(&temporary);
}

/* It waits until there is something that it wants, or its patience is over. */
static void test_waits(void)
{
    struct temporary temporary;

    fill(&temporary);
    for (unsigned late = 0; late < 2; late++) {
        struct http_call *call =
            begin(&temporary, change_list, "/v1/changes?after=now&wait=7&types=suppression.removed");
        bool removed;

        g_assert_cmpuint(call->answer.status, ==, 0);
        g_assert_cmpuint(call->patience, ==, 7000);
        g_assert_cmpint(call->poll(call), ==, HTTP_NEXT_WAIT);
        temporary_suppress(temporary.store, late ? "d@example.org" : "e@example.org", 0);
        g_assert_cmpint(call->poll(call), ==, HTTP_NEXT_WAIT);
        if (!late) {
            const struct store_order order = {.subject = "c@example.org", .who = "ann", .now = NOON};
            g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
        }
        call->late = late != 0;
        g_assert_cmpint(call->poll(call), ==, HTTP_NEXT_END);
        g_assert_cmpuint(call->answer.status, ==, 200);
        g_autofree char *recipients = values(call->answer.body->str, "recipient");
        g_assert_cmpstr(recipients, ==, late ? "" : "c@example.org");
        http_call_free(call);
    }
    temporary_free(&temporary);
}

static char *next_piece(struct http_call *call, enum http_next expected)
{
    GString *piece = g_string_new(NULL);

    g_assert_cmpint(call->next(call, piece), ==, expected);
    return g_string_free(piece, FALSE);
}

static void test_stream(void)
{
    struct temporary temporary;

    fill(&temporary);
    struct http_call *call = begin(&temporary, change_stream, "/v1/changes/stream?types=suppression");
    g_assert_cmpstr(call->answer.type, ==, "text/event-stream");
    g_assert_true(g_str_has_prefix(call->answer.body->str, "retry: "));
    g_autofree char *first = next_piece(call, HTTP_NEXT_WAIT);
    g_autofree char *recipients = values(first, "recipient");
    g_assert_cmpstr(recipients, ==, "a@example.org b@example.org c@example.org");
    g_autofree char *nothing = next_piece(call, HTTP_NEXT_WAIT);
    g_assert_cmpstr(nothing, ==, "");
    /* A sign of life; with the cursor, since that is behind the reports now. */
    call->late = true;
    g_autofree char *moved = next_piece(call, HTTP_NEXT_WAIT);
    g_assert_true(g_str_has_prefix(moved, ":\n\nid: "));
    g_autofree char *sign = next_piece(call, HTTP_NEXT_WAIT);
    g_assert_cmpstr(sign, ==, ":\n\n");
    /* Without a store it can give no more than that. */
    call->store = NULL;
    g_autofree char *failing = next_piece(call, HTTP_NEXT_WAIT);
    g_assert_cmpstr(failing, ==, ":\n\n");
    http_call_free(call);
    temporary_free(&temporary);
}

/* A client that comes again has the cursor of its last event, whatever its query says. */
static void test_again(void)
{
    struct temporary temporary;

    fill(&temporary);
    struct http_call *call = begin(&temporary, change_stream, "/v1/changes/stream");
    g_autofree char *whole = next_piece(call, HTTP_NEXT_WAIT);
    const char *third = strstr(strstr(strstr(whole, "id: ") + 1, "\nid: ") + 1, "\nid: ");
    struct http_call *again = http_call_new(NULL, NULL);
    const char *why;

    g_assert_true(http_request_read_uri(&again->request, "/v1/changes/stream?after=now", &why));
    again->request.fields[HTTP_FIELD_LAST_EVENT_ID] = g_strndup(third + strlen("\nid: "), POSITION_TEXT);
    again->store = temporary.store;
    again->parts = &parts;
    again->tenants = g_hash_table_new(g_str_hash, g_str_equal);
    change_stream(again);
    g_autofree char *rest = next_piece(again, HTTP_NEXT_WAIT);
    g_autofree char *recipients = values(rest, "recipient");
    g_assert_cmpstr(recipients, ==, "b@example.org c@example.org");
    http_call_free(again);
    http_call_free(call);
    temporary_free(&temporary);
}

/* It looks at no more than some rows at once, and a piece has no more than some octets. */
static void test_much(void)
{
    enum { MANY = 3000 };
    struct event events[MANY];
    g_autoptr(GStringChunk) names = g_string_chunk_new(4096);
    struct temporary temporary;
    unsigned pieces = 0, told = 0;
    bool removed;

    temporary_new(&temporary, NULL);
    for (unsigned i = 0; i < MANY; i++) {
        g_autofree char *name = g_strdup_printf("%u@example.org", i);
        events[i] = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, g_string_chunk_insert(names, name));
    }
    temporary_add(&temporary, events, MANY, NOON);
    const struct store_order order = {.subject = "7@example.org", .who = "ann", .now = NOON};
    g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
    /* The one that is wanted is the last. */
    struct http_call *call = begin(&temporary, change_list, "/v1/changes?types=suppression.removed");
    g_assert_cmpuint(call->answer.status, ==, 0);
    while (call->answer.status == 0) {
        pieces++;
        g_assert_cmpint(call->poll(call), !=, HTTP_NEXT_WAIT);
    }
    g_assert_cmpuint(pieces, >, 1);
    g_autofree char *recipients = values(call->answer.body->str, "recipient");
    g_assert_cmpstr(recipients, ==, "7@example.org");
    http_call_free(call);
    call = begin(&temporary, change_stream, "/v1/changes/stream?types=report");
    for (enum http_next next = HTTP_NEXT_MORE; next == HTTP_NEXT_MORE;) {
        g_autoptr(GString) piece = g_string_new(NULL);

        next = call->next(call, piece);
        g_assert_cmpuint(piece->len, <, 70000);
        for (const char *at = strstr(piece->str, "\ndata: "); at != NULL; at = strstr(at + 1, "\ndata: "))
            told++;
    }
    g_assert_cmpuint(told, ==, MANY);
    http_call_free(call);
    temporary_free(&temporary);
}

static void test_refused(void)
{
    static const struct {
        const char *query;
        enum problem problem;
    } rows[] = {
        {"types=x", PROBLEM_BAD_REQUEST},   {"reasons=x", PROBLEM_BAD_REQUEST},
        {"verdicts=", PROBLEM_BAD_REQUEST}, {"streams=a,", PROBLEM_BAD_REQUEST},
        {"limit=0", PROBLEM_BAD_REQUEST},   {"wait=61", PROBLEM_BAD_REQUEST},
        {"after=x", PROBLEM_BAD_REQUEST},   {"after=AQAAAAEAAAAAAAAAAAAAAAAAAAAA", PROBLEM_CURSOR_EXPIRED},
    };
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *uri = g_strconcat("/v1/changes?", rows[i].query, NULL);
        struct http_call *call = begin(&temporary, change_list, uri);

        g_test_message("%s", uri);
        g_assert_true(call->answer.problem == &problem_kinds[rows[i].problem]);
        http_call_free(call);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounced/changes/pages", test_pages);
    g_test_add_func("/bounced/changes/waits", test_waits);
    g_test_add_func("/bounced/changes/stream", test_stream);
    g_test_add_func("/bounced/changes/again", test_again);
    g_test_add_func("/bounced/changes/much", test_much);
    g_test_add_func("/bounced/changes/refused", test_refused);
    return g_test_run();
}
