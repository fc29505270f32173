/* Each condition of GET /v1/events is one, and a name that there is not is refused. */
#include "cmd/bounced/http/api/event_list.h"

#include "store_temporary.h"

static unsigned ask(struct temporary *temporary, const char *uri, char **body)
{
    struct http_call *call = http_call_new(NULL, NULL);
    const char *why;

    g_assert_true(http_request_read_uri(&call->request, uri, &why));
    call->store = temporary->store;
    call->now = NOON + DAY;
    event_list(call);
    unsigned status = call->answer.status;
    *body = g_strdup(call->answer.body->str);
    http_call_free(call);
    return status;
}

static const struct {
    const char *argument;
    bool found; /* the event */
} cases[] = {
    {"recipient=anna%40example.org", true},
    {"recipient=ben%40example.org", false},
    {"domain=example.org", true},
    {"domain=example.net", false},
    {"kind=bounce", true},
    {"kind=feedback", false},
    {"reason=user_unknown", true},
    {"reason=mailbox_full", false},
    {"rule=test-rule", true},
    {"rule=other", false},
    {"receiver=Example%20Mail", true},
    {"receiver=google", false},
    {"stream=news", true},
    {"stream=alerts", false},
    {"diagnostic=USER", true},
    {"diagnostic=quota", false},
    {"evidence=signed", true},
    {"evidence=unproven", false},
    {"since=2026-11-01", true},
    {"since=2027-01-01", false},
    {"until=2027-01-01", true},
    {"until=2026-11-01", false},
};

static void test_conditions(void)
{
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "anna@example.org");
    struct temporary temporary;

    event.stream = "news";
    event.receiver = "Example Mail";
    event.diagnostic = "550 5.1.1 User unknown";
    temporary_new(&temporary, NULL);
    temporary_add(&temporary, &event, 1, NOON);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *uri = g_strconcat("/v1/events?", cases[i].argument, NULL);
        g_autofree char *body = NULL;

        g_test_message("%s", uri);
        g_assert_cmpuint(ask(&temporary, uri, &body), ==, 200);
        g_assert_true((strstr(body, "anna@example.org") != NULL) == cases[i].found);
    }
    temporary_free(&temporary);
}

static void test_refused(void)
{
    static const char *const arguments[] = {"kind=x",     "kind=",     "reason=x",   "evidence=x",
                                            "since=soon", "until=now", "limit=1001", "after=x"};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(arguments); i++) {
        g_autofree char *uri = g_strconcat("/v1/events?", arguments[i], NULL);
        g_autofree char *body = NULL;

        g_test_message("%s", uri);
        g_assert_cmpuint(ask(&temporary, uri, &body), ==, 400);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounced/event_list/conditions", test_conditions);
    g_test_add_func("/bounced/event_list/refused", test_refused);
    return g_test_run();
}
