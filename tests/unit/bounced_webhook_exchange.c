/* The requests of each form: what is posted, for which items there is none, and what follows an answer. */
#include "cmd/bounced/out/feeds/webhook_exchange.h"

#include <string.h>

#define ID "evt_1"
#define REPORT                                                                                                         \
    "{\"id\":\"" ID                                                                                                    \
    "\",\"type\":\"report.bounce\",\"timestamp\":\"2026-11-21T12:00:00Z\",\"data\":{\"kind\":\"bounce\","              \
    "\"recipient\":\"o'neil@example.org\",\"reply\":550,\"diagnostic\":\"no \\\"user\\\" & more\"}}"
#define CHANGE                                                                                                         \
    "{\"id\":\"" ID                                                                                                    \
    "\",\"type\":\"suppression.added\",\"timestamp\":\"2026-11-21T12:00:00Z\",\"data\":{\"scope\":\"all\"}}"

static const struct feed_item report = {.id = (char *)ID,
                                        .type = (char *)"report.bounce",
                                        .json = (char *)REPORT,
                                        .recipient = (char *)"o'neil@example.org",
                                        .verdict = "hard",
                                        .reason = "user_unknown",
                                        .at = 1795262400};
static const struct feed_item nobody = {
    .id = (char *)ID, .type = (char *)"report.bounce", .json = (char *)REPORT, .verdict = "hard", .reason = ""};
static const struct feed_item delay = {.id = (char *)ID,
                                       .type = (char *)"report.delay",
                                       .json = (char *)REPORT,
                                       .recipient = (char *)"a@example.org",
                                       .verdict = "none",
                                       .reason = "expired"};
static const struct feed_item change = {.id = (char *)ID,
                                        .type = (char *)"suppression.added",
                                        .json = (char *)CHANGE,
                                        .recipient = (char *)"a@example.org",
                                        .verdict = "hard",
                                        .reason = "user_unknown"};

static const struct feed_item complaint = {.id = (char *)ID,
                                           .type = (char *)"report.feedback",
                                           .json = (char *)"{}",
                                           .recipient = (char *)"a@example.org",
                                           .verdict = "complaint",
                                           .reason = "feedback"};
static const struct feed_item soft = {.id = (char *)ID,
                                      .type = (char *)"report.bounce",
                                      .json = (char *)"{}",
                                      .recipient = (char *)"a@example.org",
                                      .verdict = "soft",
                                      .reason = "mailbox_full"};
#define OF_LISTMONK(kind)                                                                                              \
    "{\"email\":\"a@example.org\",\"type\":\"" kind                                                                    \
    "\",\"source\":\"bounced\",\"created_at\":\"1970-01-01T00:00:00Z\",\"meta\":{}}"

static const struct {
    enum feed_format format;
    enum feed_content content;
    const char *template;
    const struct feed_item *items[2];
    const char *body; /* NULL: there is no request */
} rows[] = {
    {FEED_FORMAT_STANDARD, 0, NULL, {&report}, REPORT},
    {FEED_FORMAT_STANDARD,
     0,
     NULL,
     {&report, &change},
     "{\"type\":\"batch\",\"timestamp\":\"2026-11-21T12:00:01Z\",\"data\":[" REPORT "," CHANGE "]}"},
    {FEED_FORMAT_LISTMONK,
     0,
     NULL,
     {&report},
     "{\"email\":\"o'neil@example.org\",\"type\":\"hard\",\"source\":\"bounced\",\"created_at\":\"2026-11-21T12:00:"
     "00Z\","
     "\"meta\":" REPORT "}"},
    {FEED_FORMAT_LISTMONK, 0, NULL, {&soft}, OF_LISTMONK("soft")},
    {FEED_FORMAT_LISTMONK, 0, NULL, {&complaint}, OF_LISTMONK("complaint")},
    {FEED_FORMAT_LISTMONK, 0, NULL, {&nobody}, NULL},
    {FEED_FORMAT_LISTMONK, 0, NULL, {&delay}, NULL},
    {FEED_FORMAT_LISTMONK, 0, NULL, {&change}, NULL},
    {FEED_FORMAT_MAUTIC, 0, NULL, {&report}, NULL},
    {FEED_FORMAT_MAUTIC, 0, NULL, {&change}, ""},
    {FEED_FORMAT_TEMPLATE,
     FEED_CONTENT_JSON,
     "{\"to\": \"{recipient}\", \"said\": \"{reply} {diagnostic}\", \"{stream}\": [{event}]}",
     {&report},
     "{\"to\": \"o'neil@example.org\", \"said\": \"550 no \\\"user\\\" & more\", \"\": [" REPORT "]}"},
    {FEED_FORMAT_TEMPLATE,
     FEED_CONTENT_FORM,
     "to={recipient}&said={diagnostic}",
     {&report},
     "to=o%27neil%40example.org&said=no%20%22user%22%20%26%20more"},
    {FEED_FORMAT_TEMPLATE,
     FEED_CONTENT_TEXT,
     "{id} {type} {timestamp}: {scope}",
     {&change},
     ID " suppression.added 2026-11-21T12:00:00Z: all"},
};

static GPtrArray *items_of(const struct feed_item *const *items)
{
    GPtrArray *array = g_ptr_array_new();

    for (size_t i = 0; i < G_N_ELEMENTS(rows[0].items) && items[i] != NULL; i++)
        g_ptr_array_add(array, (gpointer)items[i]);
    return array;
}

static void test_rows(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GPtrArray) items = items_of(rows[i].items);
        const struct feed_config config = {
            .format = rows[i].format, .content = rows[i].content, .body = (char *)rows[i].template};
        struct webhook_exchange *exchange = webhook_exchange_new(&config, items, 1795262401);

        g_test_message("row %zu", i);
        g_assert_true((exchange != NULL) == (rows[i].body != NULL));
        if (exchange == NULL)
            continue;
        const struct webhook_request *request = webhook_exchange_next(exchange);
        g_assert_cmpstr(request->body->str, ==, rows[i].body);
        g_assert_cmpstr(request->content_type, ==,
                        rows[i].format == FEED_FORMAT_MAUTIC ? NULL : feed_content_names[rows[i].content]);
        g_assert_null(webhook_exchange_next(exchange));
        webhook_exchange_free(exchange);
    }
}

static void test_mautic(void)
{
    static const struct feed_item *const changes[] = {&change, NULL};
    g_autoptr(GPtrArray) items = items_of(changes);
    const struct feed_config config = {.format = FEED_FORMAT_MAUTIC};
    struct webhook_exchange *exchange = webhook_exchange_new(&config, items, 0);
    g_autoptr(GString) bad = g_string_new("no"),
                       answer =
                           g_string_new("{\"contacts\":{\"4\":{\"fields\":{\"all\":{\"email\":\"a@example.org\"}}},"
                                        "\"5\":{\"fields\":{\"all\":{\"email\":\"A@example.org\"}}}}}");

    g_assert_cmpstr(webhook_exchange_next(exchange)->path, ==, "/api/contacts?search=email:a%40example.org&limit=100");
    g_assert_false(webhook_exchange_answer(exchange, bad));
    g_assert_true(webhook_exchange_answer(exchange, answer));
    for (unsigned id = 4; id < 6; id++) {
        const struct webhook_request *request = webhook_exchange_next(exchange);
        g_autofree char *path = g_strdup_printf("/api/contacts/%u/dnc/email/add", id);
        g_assert_cmpstr(request->path, ==, path);
        g_assert_cmpstr(request->content_type, ==, "application/json");
        g_assert_cmpstr(request->body->str, ==, "{\"reason\":2,\"comments\":\"bounced: user_unknown\"}");
    }
    g_assert_null(webhook_exchange_next(exchange));
    g_assert_null(webhook_exchange_next(exchange));
    webhook_exchange_free(exchange);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/webhook_exchange/rows", test_rows);
    g_test_add_func("/webhook_exchange/mautic", test_mautic);
    return g_test_run();
}
