#include "reports/json.h"

#include <string.h>

#define NOON G_GINT64_CONSTANT(1795262400) /* 2026-11-21T12:00:00Z */

/* All fields, in the order of the contract. */
static const struct {
    struct event event;
    const char *json;
} events[] = {
    {{.source = "smtp",
      .kind = REPORT_KIND_BOUNCE,
      .recipient = "someone@example.com",
      .recipient_from = REPORT_FROM_SIGNED,
      .final_recipient = "other@example.org",
      .verdict = VERDICT_HARD,
      .reason = REASON_USER_UNKNOWN,
      .party = PARTY_RECIPIENT,
      .rule = "user-unknown",
      .action = REPORT_ACTION_FAILED,
      .status = "5.1.1",
      .reply = 550,
      .diagnostic = "550 \"someone\" \\ n\303\266 such user",
      .reporting_mta = "mta.example.com",
      .remote_mta = "mx.example.org",
      .dialect = "rfc3464",
      .blocklist = "list.example",
      .feedback_type = "abuse",
      .user_agent = "Agent/1.0",
      .source_ip = "192.0.2.1",
      .original_mail_from = "news@example.com",
      .reported_domain = "example.com",
      .auth_failure = "dkim",
      .incidents = 3,
      .sender = "news@example.com",
      .message_id = "1@example.com",
      .subject = "News",
      .list_id = "news.example.com",
      .feedback_id = "1:2:3:example",
      .occurred = NOON,
      .stream = "news",
      .evidence = REPORT_EVIDENCE_SIGNED,
      .may_suppress = true},

     "{\"source\":\"smtp\",\"kind\":\"bounce\",\"recipient\":\"someone@example.com\",\"recipient_from\":\"signed\","
     "\"final_recipient\":\"other@example.org\",\"verdict\":\"hard\",\"reason\":\"user_unknown\","
     "\"party\":\"recipient\",\"rule\":\"user-unknown\",\"action\":\"failed\",\"status\":\"5.1.1\",\"reply\":550,"
     "\"diagnostic\":\"550 \\\"someone\\\" \\\\ n\303\266 such user\",\"reporting_mta\":\"mta.example.com\","
     "\"remote_mta\":\"mx.example.org\",\"dialect\":\"rfc3464\",\"blocklist\":\"list.example\","
     "\"feedback_type\":\"abuse\",\"user_agent\":\"Agent/1.0\",\"source_ip\":\"192.0.2.1\","
     "\"original_mail_from\":\"news@example.com\",\"reported_domain\":\"example.com\",\"auth_failure\":\"dkim\","
     "\"incidents\":3,\"sender\":\"news@example.com\",\"message_id\":\"1@example.com\",\"subject\":\"News\","
     "\"list_id\":\"news.example.com\",\"feedback_id\":\"1:2:3:example\",\"occurred\":\"2026-11-21T12:00:00Z\","
     "\"stream\":\"news\",\"evidence\":\"signed\"}"},
    {{.source = "-"}, "{\"source\":\"-\",\"kind\":\"other\",\"verdict\":\"none\",\"evidence\":\"unproven\"}"},
    /* a path may be any bytes */
    {{.source = "caf\351.eml"},
     "{\"source\":\"caf\357\277\275.eml\",\"kind\":\"other\",\"verdict\":\"none\",\"evidence\":\"unproven\"}"},
    {{.source = "x", .subject = "\001\t\177"},
     "{\"source\":\"x\",\"kind\":\"other\",\"verdict\":\"none\",\"subject\":\"\\u0001\\t\177\","
     "\"evidence\":\"unproven\"}"},
};

static void test_event(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        g_autoptr(GString) out = g_string_new("before ");

        json_event(out, &events[i].event);
        g_assert_true(g_str_has_prefix(out->str, "before "));
        g_assert_cmpstr(out->str + strlen("before "), ==, events[i].json);
    }
}

static void test_stored_event(void)
{
    const struct stored_event event = {
        .event = {.source = "lmtp", .kind = REPORT_KIND_DELAY, .reply = 451},
        .received = NOON,
        .digest = "00ff",
        .mail_from = "", /* the null sender is not said */
        .rule_version = "0123456789ab",
        .effect = POLICY_IGNORED,
    };
    g_autoptr(GString) out = g_string_new(NULL);

    json_stored_event(out, &event);
    g_assert_cmpstr(out->str, ==,
                    "{\"source\":\"lmtp\",\"kind\":\"delay\",\"verdict\":\"none\",\"reply\":451,"
                    "\"evidence\":\"unproven\",\"received\":\"2026-11-21T12:00:00Z\",\"digest\":\"00ff\","
                    "\"rule_version\":\"0123456789ab\",\"effect\":\"ignored\"}");
}

/* One that its policy counted, and that was judged again. */
static void test_revised_event(void)
{
    const struct stored_event event = {
        .event = {.kind = REPORT_KIND_BOUNCE, .proof = "dkim d=example.net s=key1"},
        .received = NOON,
        .digest = "00ff",
        .mail_from = "staff@example.net",
        .effect = POLICY_COUNTED,
        .policy = "5 in 30d",
        .failures = 2,
        .revised = NOON + 60,
        .revised_by = "ann",
        .revised_from = "undefined",
        .rolled_back = "20261121T120100Z-5f3a",
        .rollback_note = "rollback: their fault",
        .left_out = 9900,
    };
    g_autoptr(GString) out = g_string_new(NULL);

    json_stored_event(out, &event);
    g_assert_nonnull(strstr(out->str, "\"proof\":\"dkim d=example.net s=key1\",\"received\""));
    g_assert_nonnull(strstr(
        out->str, "\"mail_from\":\"staff@example.net\",\"effect\":\"counted\",\"policy\":\"5 in 30d\",\"failures\":2,"
                  "\"revised\":\"2026-11-21T12:01:00Z\",\"revised_by\":\"ann\","
                  "\"revised_from\":\"undefined\",\"rolled_back\":\"20261121T120100Z-5f3a\","
                  "\"rollback_note\":\"rollback: their fault\",\"left_out\":9900}"));
}

static void test_suppression(void)
{
    static const struct {
        struct suppression row;
        const char *json;
    } cases[] = {
        {{.subject = "someone@example.com",
          .scope = "stream=news",
          .wave = 7,
          .reason = REASON_MAILBOX_FULL,
          .verdict = VERDICT_SOFT,
          .stream = "news",
          .policy = "5 in 30d, for 90d",
          .rule = "full",
          .diagnostic = "552 5.2.2 full",
          .who = "policy",
          .since = NOON,
          .until = NOON + 86400},
         "{\"recipient\":\"someone@example.com\",\"scope\":\"stream=news\",\"state\":\"held\",\"reason\":\"mailbox_"
         "full\",\"verdict\":\"soft\",\"stream\":\"news\","
         "\"policy\":\"5 in 30d, for 90d\",\"rule\":\"full\",\"diagnostic\":\"552 5.2.2 "
         "full\",\"who\":\"policy\","
         "\"since\":\"2026-11-21T12:00:00Z\",\"until\":\"2026-11-22T12:00:00Z\"}"},
        {{.subject = "someone@example.com", .scope = "all", .who = "ann", .note = "asked", .since = NOON},
         "{\"recipient\":\"someone@example.com\",\"scope\":\"all\",\"state\":\"active\",\"verdict\":\"none\",\"who\":"
         "\"ann\",\"note\":\"asked\","
         "\"since\":\"2026-11-21T12:00:00Z\"}"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);

        json_suppression(out, &cases[i].row);
        g_assert_cmpstr(out->str, ==, cases[i].json);
    }
}

static void test_change(void)
{
    const struct change change = {
        .sequence = G_GINT64_CONSTANT(9007199254740993),
        .at = NOON,
        .change = "add",
        .subject = "someone@example.com",
        .reason = REASON_FEEDBACK,
        .verdict = VERDICT_COMPLAINT,
        .scope = "stream=news",
        .who = "policy",
        .door = STORE_DOOR_POLICY,
        .batch = "b1",
        .digest = "00ff",
    };
    g_autoptr(GString) out = g_string_new(NULL);

    json_change(out, &change);
    g_assert_cmpstr(out->str, ==,
                    "{\"sequence\":9007199254740993,\"at\":\"2026-11-21T12:00:00Z\",\"change\":\"add\","
                    "\"recipient\":\"someone@example.com\",\"scope\":\"stream=news\",\"reason\":\"feedback\","
                    "\"verdict\":\"complaint\",\"who\":\"policy\",\"door\":\"policy\",\"batch\":\"b1\","
                    "\"digest\":\"00ff\"}");
}

static void test_text(void)
{
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"user@example.org", "\"user@example.org\""},
        {"a\"b\\c\n", "\"a\\\"b\\\\c\\n\""},
        {"bad \xff utf-8", "\"bad \xef\xbf\xbd utf-8\""},
        {"\177\xc3\xbc", "\"\177\xc3\xbc\""},
        {"", "\"\""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) got = g_string_new(NULL);
        json_text(got, cases[i].text);
        g_assert_cmpstr(got->str, ==, cases[i].json);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/json/event", test_event);
    g_test_add_func("/reports/json/stored-event", test_stored_event);
    g_test_add_func("/reports/json/revised-event", test_revised_event);
    g_test_add_func("/reports/json/suppression", test_suppression);
    g_test_add_func("/reports/json/change", test_change);
    g_test_add_func("/reports/json/text", test_text);
    return g_test_run();
}
