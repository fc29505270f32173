/* The word of a log goes through the waist as testimonies: of a stream, once however often it is read, and once with
 * the bounce of the same failure. And mail that went through clears what failed before. */
#include "cmd/ingest/log_testimony.h"

#include <string.h>

#include "cmd/ingest/deliveries.h"
#include "parser/return_path.h"
#include "store_temporary.h"

#define LINE "Nov 28 15:20:09 mx postfix/"

static struct testimony *testify(const char *text, const GPtrArray *return_paths)
{
    const struct log_settings settings = {.newest = NOON + 400 * DAY, .queue_octets = 1 << 20};
    g_autoptr(LogReader) reader = log_reader_new(&settings);
    struct span rest = span_of(text), line;
    struct testimony *testimony = NULL;
    const struct log_attempt *attempt;

    while (span_line(&rest, &line)) {
        g_assert_true(log_reader_line(reader, line));
        while ((attempt = log_reader_next(reader)) != NULL) {
            testimony_free(testimony);
            testimony = log_testimony_new(attempt, return_paths);
        }
    }
    return testimony;
}

static void test_fields(void)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func((GDestroyNotify)return_path_free);
    struct return_path *path = g_new0(struct return_path, 1);
    struct testimony *testimony;

    path->domain = g_strdup("bounces.example.com");
    path->stream = g_strdup("news");
    g_ptr_array_add(paths, path);
    testimony =
        testify(LINE "cleanup[1]: A1B2C3: message-id=<1@example.com>\n" LINE
                     "qmgr[1]: A1B2C3: from=<x@bounces.example.com>, size=1\n" LINE
                     "smtp[1]: A1B2C3: to=<a@example.org>, orig_to=<b@example.com>, relay=mx.example.org[192.0.2.1]"
                     ":25, dsn=5.1.1, status=bounced (host mx.example.org[192.0.2.1] said: 550 5.1.1 no)",
                paths);
    g_assert_cmpstr(testimony->who, ==, "mail server log");
    g_assert_false(testimony->confined);
    g_assert_cmpstr(testimony->observation.recipient, ==, "b@example.com");
    g_assert_cmpstr(testimony->observation.final_recipient, ==, "a@example.org");
    g_assert_cmpstr(testimony->observation.sender, ==, "x@bounces.example.com");
    g_assert_cmpstr(testimony->observation.stream, ==, "news");
    g_assert_cmpstr(testimony->observation.message_id, ==, "1@example.com");
    g_assert_cmpstr(testimony->observation.host, ==, "mx.example.org");
    g_assert_cmpstr(testimony->observation.status, ==, "5.1.1");
    g_assert_cmpstr(testimony->observation.diagnostic, ==, "host mx.example.org[192.0.2.1] said: 550 5.1.1 no");
    g_assert_cmpint(testimony->observation.action, ==, REPORT_ACTION_FAILED);
    g_assert_cmpint(testimony->observation.time, !=, 0);
    testimony_free(testimony);
}

/* A key is that of one attempt. */
static void test_keys(void)
{
    static const char *const lines[] = {
        LINE "smtp[1]: A1B2C3: to=<a@example.org>, dsn=4.0.0, status=deferred (no)",
        LINE "smtp[1]: A1B2C3: to=<a@example.org>, dsn=5.0.0, status=bounced (no)",
        LINE "smtp[1]: A1B2C3: to=<b@example.org>, dsn=5.0.0, status=bounced (no)",
        LINE "smtp[1]: A1B2C3: to=<b@example.org>, orig_to=<a@example.org>, dsn=5.0.0, status=bounced (no)",
        LINE "smtp[1]: A1B2C4: to=<a@example.org>, dsn=5.0.0, status=bounced (no)",
        "Nov 28 15:20:08 mx postfix/smtp[1]: A1B2C3: to=<a@example.org>, dsn=5.0.0, status=bounced (no)",
        "Nov 28 15:20:09 m2 postfix/smtp[1]: A1B2C3: to=<a@example.org>, dsn=5.0.0, status=bounced (no)",
        "Nov 28 15:20:09 mx out/smtp[1]: A1B2C3: to=<a@example.org>, dsn=5.0.0, status=bounced (no)",
        LINE "smtp[1]: A1B2C3: to=<a@example.org>, dsn=4.0.0, status=deferred (no)\n" LINE
             "qmgr[1]: A1B2C3: from=<x@example.net>, status=expired, returned to sender",
    };
    g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        struct testimony *one = testify(lines[i], NULL), *again = testify(lines[i], NULL);

        g_assert_cmpstr(one->key, ==, again->key);
        g_assert_true(g_hash_table_add(keys, g_strdup(one->key)));
        testimony_free(one);
        testimony_free(again);
    }
}

static void test_left_out(void)
{
    struct testimony *testimony =
        testify(LINE "smtp[1]: A1B2C3: to=<a@example.org>, dsn=5.1, status=bounced (550 no)", NULL);

    g_assert_null(testimony->observation.status);
    testimony_free(testimony);
    g_assert_null(testify(LINE "smtp[1]: A1B2C3: to=<a b@@c>, dsn=5.1.1, status=bounced (550 no)", NULL));
    testimony = testify(LINE "smtp[1]: A1B2C3: to=<a@example.org>, dsn=4.2.2, status=deferred (full)\n" LINE
                             "qmgr[1]: A1B2C3: from=<x@example.net>, status=expired, returned to sender",
                        NULL);
    g_assert_cmpstr(testimony->observation.diagnostic, ==, "message expired, returned to sender");
    testimony_free(testimony);
}

/* Of each address the last time counts, each stream by itself, and what was told before does nothing more. */
static void test_deliveries(void)
{
    struct temporary temporary;
    const struct store_order order = {.who = LOG_TESTIMONY_WHO, .now = NOON + 2 * DAY};
    g_autoptr(Deliveries) deliveries = deliveries_new();
    guint64 recorded = 0;

    temporary_new(&temporary, NULL);
    for (unsigned i = 0; i < 2; i++) {
        struct event event =
            temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, i == 0 ? "a@example.com" : "b@example.com");
        temporary_add(&temporary, &event, 1, NOON);
    }
    for (unsigned run = 0; run < 2; run++) {
        deliveries_add(deliveries, NULL, "a@example.com", NOON - 1);
        deliveries_add(deliveries, NULL, "a@example.com", NOON + 1);
        deliveries_add(deliveries, NULL, "a@example.com", NOON);
        deliveries_add(deliveries, "news", "b@example.com", NOON - 1);
        deliveries_add(deliveries, "news", "c@example.com", NOON + 1);
        g_assert_cmpuint(deliveries_count(deliveries), ==, 3);
        g_assert_true(deliveries_store(deliveries, temporary.store, &order, &recorded, NULL));
        g_assert_cmpuint(recorded, ==, run == 0 ? 1 : 0);
        g_assert_cmpuint(deliveries_count(deliveries), ==, 0);
    }
    temporary_free(&temporary);
}

/* The same address, told at the same second by the same log, on a list: it is told once. */
static void test_deliveries_again(void)
{
    struct temporary temporary;
    g_autoptr(Deliveries) deliveries = deliveries_new();
    guint64 recorded = 0;

    temporary_new(&temporary, NULL);
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "a@example.com");
    temporary_add(&temporary, &event, 1, NOON);
    for (unsigned run = 0; run < 2; run++) {
        const struct store_order order = {.who = LOG_TESTIMONY_WHO, .now = NOON + (2 + run) * DAY};

        deliveries_add(deliveries, NULL, "a@example.com", NOON + 1);
        g_assert_true(deliveries_store(deliveries, temporary.store, &order, &recorded, NULL));
        g_assert_cmpuint(recorded, ==, run == 0 ? 1 : 0);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/log-testimony/fields", test_fields);
    g_test_add_func("/cmd/log-testimony/keys", test_keys);
    g_test_add_func("/cmd/log-testimony/left-out", test_left_out);
    g_test_add_func("/cmd/deliveries/last", test_deliveries);
    g_test_add_func("/cmd/deliveries/again", test_deliveries_again);
    return g_test_run();
}
