#include "reports/daily.h"

#include "store_temporary.h"

#include <string.h>

static void add(struct temporary *temporary, const struct event *like, unsigned times, gint64 when)
{
    const char *domain = like->recipient != NULL ? strchr(like->recipient, '@') : NULL;

    /* One address counts once a day. */
    for (unsigned i = 0; i < times; i++) {
        g_autofree char *recipient = domain != NULL ? g_strdup_printf("user%u%s", i, domain) : NULL;
        struct event event = *like;

        event.recipient = recipient;
        temporary_add(temporary, &event, 1, when);
    }
}

static void fill(struct temporary *temporary)
{
    struct event unknown = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "a@example.com");
    struct event full = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "b@example.com");
    struct event delay = temporary_event(REPORT_KIND_DELAY, REASON_EXPIRED, "c@mail.example.net");
    struct event complaint = temporary_event(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, NULL);
    struct event not_spam = temporary_event(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "a@example.com");
    struct event opt_out = temporary_event(REPORT_KIND_UNSUBSCRIBE, REASON_UNSUBSCRIBE, "a@example.com");
    struct event delivered = temporary_event(REPORT_KIND_DELIVERED, REASON_DELIVERED, "a@example.com");

    temporary_new(temporary, NULL);
    unknown.sender = full.sender = "News <x>@Sender.example";
    full.stream = "news";
    complaint.sender = "shop@shop.example";
    not_spam.verdict = VERDICT_NONE;
    add(temporary, &unknown, 2, NOON);
    add(temporary, &full, 10, NOON);
    add(temporary, &delay, 1, NOON + DAY / 2 - 1);
    add(temporary, &complaint, 3, NOON - DAY / 2);
    add(temporary, &not_spam, 1, NOON);
    add(temporary, &opt_out, 1, NOON);
    add(temporary, &delivered, 2, NOON);
    /* the days before and after */
    add(temporary, &unknown, 5, NOON - DAY / 2 - 1);
    add(temporary, &unknown, 5, NOON + DAY / 2);
}

static const char *const expected[] = {
    [DAILY_TEXT] =
        "Daily report of 2026-11-21 (UTC)\n"
        "12 bounces (2 hard, 10 soft), 3 complaints, 1 other feedback report, 1 opt-out, 1 delay, 2 delivered\n"
        "\n"
        "Reason        Bounces  Complaints  Delays\n"
        "mailbox_full       10           0       0\n"
        "feedback            0           3       0\n"
        "user_unknown        2           0       0\n"
        "expired             0           0       1\n"
        "Sum                12           3       1\n"
        "\n"
        "Recipient domain  Bounces  Complaints  Delays\n"
        "example.com            12           0       0\n"
        "(unknown)               0           3       0\n"
        "mail.example.net        0           0       1\n"
        "Sum                    12           3       1\n"
        "\n"
        "Sender domain   Bounces  Complaints  Delays\n"
        "sender.example       12           0       0\n"
        "shop.example          0           3       0\n"
        "(unknown)             0           0       1\n"
        "Sum                  12           3       1\n"
        "\n"
        "Sender domain   Recipient domain  Reason        Bounces  Complaints  Delays\n"
        "sender.example  example.com       mailbox_full       10           0       0\n"
        "shop.example    (unknown)         feedback            0           3       0\n"
        "sender.example  example.com       user_unknown        2           0       0\n"
        "(unknown)       mail.example.net  expired             0           0       1\n"
        "Sum                                                  12           3       1\n",
    [DAILY_CSV] = "day,sender_domain,recipient_domain,reason,bounces,complaints,delays\r\n"
                  "2026-11-21,,mail.example.net,expired,0,0,1\r\n"
                  "2026-11-21,sender.example,example.com,mailbox_full,10,0,0\r\n"
                  "2026-11-21,sender.example,example.com,user_unknown,2,0,0\r\n"
                  "2026-11-21,shop.example,,feedback,0,3,0\r\n",
    [DAILY_JSON] =
        "{\"day\":\"2026-11-21\",\"bounces\":12,\"complaints\":3,\"delays\":1,\"hard\":2,\"soft\":10,\"other_"
        "feedback\":1,\"opt_outs\":1,"
        "\"delivered\":2,\"auto_replies\":0,\"other\":0,\"rows\":["
        "{\"sender_domain\":\"\",\"recipient_domain\":\"mail.example.net\",\"reason\":\"expired\",\"bounces\":0,"
        "\"complaints\":0,\"delays\":1},"
        "{\"sender_domain\":\"sender.example\",\"recipient_domain\":\"example.com\",\"reason\":\"mailbox_full\","
        "\"bounces\":10,\"complaints\":0,\"delays\":0},"
        "{\"sender_domain\":\"sender.example\",\"recipient_domain\":\"example.com\",\"reason\":\"user_unknown\","
        "\"bounces\":2,\"complaints\":0,\"delays\":0},"
        "{\"sender_domain\":\"shop.example\",\"recipient_domain\":\"\",\"reason\":\"feedback\",\"bounces\":0,"
        "\"complaints\":3,\"delays\":0}]}\n",
};

static void check_format(struct store *store, enum daily_format format)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) out = daily_report(store, "2026-11-21", format, &error);

    g_test_message("%s", daily_format_names[format]);
    g_assert_no_error(error);
    g_assert_cmpstr(out->str, ==, expected[format]);
}

static void test_formats(void)
{
    struct temporary temporary;

    fill(&temporary);
    g_assert_null(daily_format_names[G_N_ELEMENTS(expected)]);
    for (unsigned format = 0; format < G_N_ELEMENTS(expected); format++)
        check_format(temporary.store, format);
    temporary_free(&temporary);
}

static void test_empty(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_autoptr(GString) out = daily_report(temporary.store, "2026-11-21", DAILY_TEXT, NULL);
    g_assert_cmpstr(out->str, ==, "Daily report of 2026-11-21 (UTC)\n0 bounces, 0 complaints, 0 delays\n");
    temporary_free(&temporary);
}

/* One and many of what is told only when there is some. */
static void test_headline(void)
{
    static const struct {
        enum report_kind kind;
        enum reason reason;
        const char *one, *many;
    } rows[] = {
        {REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "1 other feedback report", "2 other feedback reports"},
        {REPORT_KIND_UNSUBSCRIBE, REASON_UNSUBSCRIBE, "1 opt-out", "2 opt-outs"},
        {REPORT_KIND_DELIVERED, REASON_DELIVERED, "1 delivered", "2 delivered"},
        {REPORT_KIND_AUTO_REPLY, REASON_AUTO_REPLY, "1 auto-reply", "2 auto-replies"},
        {REPORT_KIND_OTHER, REASON_NONE, "1 other", "2 other"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct temporary temporary;
        struct event event = temporary_event(rows[i].kind, rows[i].reason, NULL);

        temporary_new(&temporary, NULL);
        event.verdict = VERDICT_NONE;
        for (unsigned n = 1; n <= 2; n++) {
            add(&temporary, &event, 1, NOON);
            g_autoptr(GString) out = daily_report(temporary.store, "2026-11-21", DAILY_TEXT, NULL);
            g_test_message("%s", rows[i].one);
            g_assert_nonnull(strstr(out->str, n == 1 ? rows[i].one : rows[i].many));
        }
        temporary_free(&temporary);
    }
}

/* A table for people ends somewhere; its sums do not. */
static void test_many(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (unsigned i = 0; i < 25; i++) {
        g_autofree char *recipient = g_strdup_printf("a@d%02u.example", i);
        struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_BLOCKED, recipient);
        temporary_add(&temporary, &event, 1, NOON);
    }
    g_autoptr(GString) out = daily_report(temporary.store, "2026-11-21", DAILY_TEXT, NULL);
    g_assert_nonnull(strstr(out->str, "d19.example             1           0       0\n"
                                      "5 others                5           0       0\n"
                                      "Sum                    25           0       0\n"));
    g_assert_null(strstr(out->str, "d20.example"));
    temporary_free(&temporary);
}

static void test_bad_days(void)
{
    static const char *const days[] = {"",           "2026-11",     "2026-13-01", "2026-02-30",
                                       "yesterday!", "2026-11-21T", "20261121"};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", days[i]);
        g_assert_null(daily_report(temporary.store, days[i], DAILY_TEXT, &error));
        g_assert_nonnull(strstr(error->message, "expected YYYY-MM-DD"));
    }
    temporary_free(&temporary);
}

/* No control or format character that others wrote comes to a terminal. */
static void test_hostile(void)
{
    struct temporary temporary;
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "a@example.com");
    g_autoptr(GError) error = NULL;

    temporary_new(&temporary, NULL);
    event.sender = "x@a\x1b]0;\xe2\x80\xae.example";
    add(&temporary, &event, 1, NOON);
    g_autoptr(GString) report = daily_report(temporary.store, "2026-11-21", DAILY_TEXT, &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(report->str, "a?]0;?.example  "));
    g_assert_null(strchr(report->str, '\x1b'));
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/daily/formats", test_formats);
    g_test_add_func("/reports/daily/empty", test_empty);
    g_test_add_func("/reports/daily/headline", test_headline);
    g_test_add_func("/reports/daily/many", test_many);
    g_test_add_func("/reports/daily/hostile", test_hostile);
    g_test_add_func("/reports/daily/bad-days", test_bad_days);
    return g_test_run();
}
