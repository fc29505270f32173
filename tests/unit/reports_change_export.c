/* Changes as files: the state that each leaves its entry in, and whose they are. */
#include "reports/change_export.h"

#include <stdlib.h>

#include "store/privacy.h"

#include "store_temporary.h"

/* One of each change, at noon and in the seconds after it. */
static void fill(struct temporary *temporary)
{
    static const struct wave_settings waves = {.enabled = true, .minimum = 1, .factor = 8, .hold = 7 * DAY};
    struct store_order order = {.who = "ann", .note = "a \"note\"", .now = NOON};
    struct privacy_traces traces;
    bool flag;

    temporary_new(temporary, NULL);
    order.subject = "a@example.com";
    order.until = NOON + DAY;
    g_assert_true(store_suppress(temporary->store, &order, NULL));
    order.until = 0;
    order.now++;
    g_assert_true(store_suppress(temporary->store, &order, NULL));
    order.now++;
    g_assert_true(store_unsuppress(temporary->store, &order, &flag, NULL));
    order.subject = "b@example.com";
    order.scope = "stream=news";
    order.until = NOON + 60;
    g_assert_true(store_suppress(temporary->store, &order, NULL));
    g_assert_true(store_maintain(temporary->store, &(struct store_keeping){0}, NOON + 61, 10, &flag, NULL));
    order.scope = NULL;
    order.until = 0;
    order.subject = "c@example.com";
    order.note = "a request";
    order.now = NOON + 70;
    g_assert_true(store_suppress(temporary->store, &order, NULL));
    g_assert_true(store_forget(temporary->store, &order, PRIVACY_ERASE, &traces, NULL));
    store_set_waves(temporary->store, &waves);
    for (unsigned user = 0; user < 10; user++) {
        g_autofree char *address = g_strdup_printf("u%u@example.org", user);
        struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);
        event.receiver = "example.org";
        temporary_add(temporary, &event, 1, NOON + 80 + user);
    }
}

static char *write_changes(struct temporary *temporary, const struct store_asker *asker,
                           enum change_export_format format)
{
    static const struct store_position start;
    const struct store_tail_settings settings = {
        .filter = &(struct store_filter){0}, .changes = true, .position = &start};
    struct store_position end;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreTail) tail = store_tail_new(temporary->store, &settings, &error);

    g_assert_true(store_position_end(temporary->store, &end, NULL));
    g_assert_true(change_export(tail, &end, asker, format, out, &error));
    g_assert_no_error(error);
    fclose(out);
    return text;
}

/* Those of the wave begin with the second: the first is told as the others are. */
static const char csv[] =
    "change,recipient,scope,state,reason,verdict,at,since,until,who,note\r\n"
    "add,a@example.com,all,active,,none,2026-11-21T12:00:00Z,2026-11-21T12:00:00Z,2026-11-22T12:00:00Z,ann,"
    "\"a \"\"note\"\"\"\r\n"
    "update,a@example.com,all,active,,none,2026-11-21T12:00:01Z,2026-11-21T12:00:00Z,,ann,\"a \"\"note\"\"\"\r\n"
    "remove,a@example.com,all,,,none,2026-11-21T12:00:02Z,2026-11-21T12:00:00Z,,ann,\"a \"\"note\"\"\"\r\n"
    "add,b@example.com,stream=news,active,,none,2026-11-21T12:00:02Z,2026-11-21T12:00:02Z,2026-11-21T12:01:00Z,ann,"
    "\"a \"\"note\"\"\"\r\n"
    "expire,b@example.com,stream=news,,,none,2026-11-21T12:01:01Z,2026-11-21T12:00:02Z,2026-11-21T12:01:00Z,ann,"
    "\"a \"\"note\"\"\"\r\n"
    "forget,forgotten:";

static void test_states(void)
{
    struct temporary temporary;

    fill(&temporary);
    char *text = write_changes(&temporary, NULL, CHANGE_EXPORT_CSV);
    if (!g_str_has_prefix(text, csv))
        g_assert_cmpstr(text, ==, csv);
    const char *rest = strstr(text, "forget,");
    const char *comma = strchr(rest + strlen("forget,"), ',');
    g_assert_true(g_str_has_prefix(comma, ",all,,,none,2026-11-21T12:01:10Z,2026-11-21T12:01:10Z,,ann,a request\r\n"));
    g_assert_nonnull(strstr(text, "\r\nadd,u0@example.org,all,active,user_unknown,hard,"));
    g_assert_nonnull(strstr(text, "\r\nhold,u0@example.org,all,held,user_unknown,hard,"));
    g_assert_nonnull(strstr(text, "\r\nadd,u9@example.org,all,held,user_unknown,hard,"));
    free(text);
    temporary_free(&temporary);
}

/* In JSON without its number, which is nobody's business. */
static void test_json(void)
{
    struct temporary temporary;

    fill(&temporary);
    char *text = write_changes(&temporary, &(struct store_asker){.tenant = "shop"}, CHANGE_EXPORT_JSON);
    g_assert_true(g_str_has_prefix(text, "{\"at\":\"2026-11-21T12:00:00Z\",\"change\":\"add\",\"recipient\":"
                                         "\"a@example.com\",\"scope\":\"all\","));
    g_assert_null(strstr(text, "stream=news"));
    g_assert_null(strstr(text, "\"sequence\""));
    free(text);
    text = write_changes(&temporary, &(struct store_asker){.stream = "news"}, CHANGE_EXPORT_JSON);
    g_assert_nonnull(strstr(text, "\"scope\":\"stream=news\""));
    free(text);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/change-export/states", test_states);
    g_test_add_func("/reports/change-export/json", test_json);
    return g_test_run();
}
