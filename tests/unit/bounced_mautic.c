/* The orders to a Mautic: by each type and verdict, by what its search answers, and what is posted. */
#include "cmd/bounced/out/feeds/mautic.h"

#include <string.h>

#define ANNA "anna@example.org"

static const struct {
    const char *type, *recipient;
    const char *verdict, *reason;
    const char *search; /* NULL: nothing is asked for */
    const char *body;
} orders[] = {
    {"suppression.added", ANNA, "hard", "user_unknown", "/api/contacts?search=email:anna%40example.org&limit=100",
     "{\"reason\":2,\"comments\":\"bounced: user_unknown\"}"},
    {"suppression.confirmed", ANNA, "soft", "mailbox_full", "/api/contacts?search=email:anna%40example.org&limit=100",
     "{\"reason\":2,\"comments\":\"bounced: mailbox_full\"}"},
    {"suppression.added", "a+b@example.org", "complaint", "feedback",
     "/api/contacts?search=email:a%2Bb%40example.org&limit=100", "{\"reason\":1,\"comments\":\"bounced: feedback\"}"},
    {"suppression.added", ANNA, "unsubscribe", "unsubscribe", "/api/contacts?search=email:anna%40example.org&limit=100",
     "{\"reason\":1,\"comments\":\"bounced: unsubscribe\"}"},
    {"suppression.added", ANNA, "none", "", "/api/contacts?search=email:anna%40example.org&limit=100",
     "{\"reason\":3,\"comments\":\"bounced: by hand\"}"},
    {"suppression.removed", ANNA, "hard", "user_unknown", "/api/contacts?search=email:anna%40example.org&limit=100",
     "{}"},
    {"suppression.expired", ANNA, "soft", "mailbox_full", "/api/contacts?search=email:anna%40example.org&limit=100",
     "{}"},
    {"suppression.held", ANNA, "hard", "user_unknown", NULL, NULL},
    {"suppression.updated", ANNA, "hard", "user_unknown", NULL, NULL},
    {"report.bounce", ANNA, "hard", "user_unknown", NULL, NULL},
    {"feed.test", NULL, NULL, NULL, NULL, NULL},
    {"suppression.added", NULL, "hard", "user_unknown", NULL, NULL},
    {"suppression.added", "@example.org", "none", "", NULL, NULL},
    {"suppression.added", ".example.org", "none", "", NULL, NULL},
    {"suppression.added", "\"a b\"@example.org", "hard", "user_unknown", NULL, NULL},
    {"suppression.added", "a%@example.org", "hard", "user_unknown", NULL, NULL},
};

/* Nobody is lifted who has another entry: `listed`. */
static void check_order(size_t i, bool listed)
{
    const struct feed_item item = {.type = (char *)orders[i].type,
                                   .recipient = (char *)orders[i].recipient,
                                   .verdict = orders[i].verdict,
                                   .reason = orders[i].reason,
                                   .listed = listed};
    bool lifts = g_strcmp0(orders[i].body, "{}") == 0;
    struct mautic_order order;
    bool asked = mautic_order_of(&item, &order);

    g_test_message("row %zu, %d", i, listed);
    g_assert_true(asked == (orders[i].search != NULL && !(lifts && listed)));
    if (!asked)
        return;
    g_autofree char *search = mautic_search(&order);
    g_autoptr(GString) body = g_string_new(NULL);
    mautic_append(body, &order);
    g_assert_cmpstr(search, ==, orders[i].search);
    g_assert_cmpstr(body->str, ==, orders[i].body);
}

static void test_orders(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        check_order(i, false);
        check_order(i, true);
    }
}

#define CONTACT(email, more) "{\"fields\":{\"all\":{\"email\":\"" email "\"}}" more "}"
#define REFUSED(channel, comments)                                                                                     \
    ",\"doNotContact\":[{\"channel\":\"" channel "\",\"comments\":\"" comments "\",\"reason\":2}]"

static const struct {
    bool lifts;
    const char *answer;
    const char *paths; /* with blanks between; NULL: the answer is none */
} answers[] = {
    {false, "{\"total\":\"0\",\"contacts\":[]}", ""},
    {false, "{\"contacts\":{\"47\":" CONTACT("Anna@example.org", "") "}}", "/api/contacts/47/dnc/email/add"},
    {false, "{\"contacts\":{\"47\":" CONTACT(ANNA, "") ",\"48\":" CONTACT(ANNA, "") "}}",
     "/api/contacts/47/dnc/email/add /api/contacts/48/dnc/email/add"},
    {false, "{\"contacts\":{\"47\":" CONTACT("j" ANNA, "") "}}", ""},
    {false, "{\"contacts\":{\"47/../48\":" CONTACT(ANNA, "") ",\"\":" CONTACT(ANNA, "") "}}", ""},
    {false, "{\"contacts\":{\"47\":{\"fields\":{\"core\":{\"email\":{\"value\":\"" ANNA "\"}}}}}}",
     "/api/contacts/47/dnc/email/add"},
    {false, "{\"contacts\":{\"47\":" CONTACT(ANNA, REFUSED("email", "by herself")) "}}", ""},
    {false, "{\"contacts\":{\"47\":" CONTACT(ANNA, REFUSED("sms", "by herself")) "}}",
     "/api/contacts/47/dnc/email/add"},
    {true, "{\"contacts\":{\"47\":" CONTACT(ANNA, REFUSED("email", "bounced: mailbox_full")) "}}",
     "/api/contacts/47/dnc/email/remove"},
    {true, "{\"contacts\":{\"47\":" CONTACT(ANNA, REFUSED("email", "by herself")) "}}", ""},
    {true, "{\"contacts\":{\"47\":" CONTACT(ANNA, "") "}}", ""},
    {false, "{\"contacts\":{\"47\":[]}}", ""},
    {false, "{\"errors\":[]}", NULL},
    {false, "<html>", NULL},
    {false, "", NULL},
};

static void test_answers(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        const struct mautic_order order = {.address = ANNA, .lifts = answers[i].lifts};
        g_autoptr(GPtrArray) paths = mautic_paths(&order, answers[i].answer, strlen(answers[i].answer));
        g_autofree char *joined = NULL;

        g_test_message("%s", answers[i].answer);
        g_assert_true((paths != NULL) == (answers[i].paths != NULL));
        if (paths == NULL)
            continue;
        g_ptr_array_add(paths, NULL);
        joined = g_strjoinv(" ", (char **)paths->pdata);
        g_assert_cmpstr(joined, ==, answers[i].paths);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mautic/orders", test_orders);
    g_test_add_func("/mautic/answers", test_answers);
    return g_test_run();
}
