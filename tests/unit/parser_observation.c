/* Observations: their faults, the end that the mail took, and the report of it. */
#include "parser/observation.h"

#include <glib.h>
#include <string.h>

#include "parser/return_path.h"

#define ADDRESS "anna@example.org"

/* Texts are not changed by what is tested. */
static struct observation observe(const char *recipient, unsigned reply, const char *status, const char *diagnostic,
                                  enum report_action action)
{
    return (struct observation){.recipient = (char *)recipient,
                                .reply = reply,
                                .status = (char *)status,
                                .diagnostic = (char *)diagnostic,
                                .action = action};
}

static const struct {
    const char *recipient;
    unsigned reply;
    const char *status, *diagnostic;
    enum report_action said;
    enum observation_fault fault;
    enum report_action action; /* when there is no fault */
} cases[] = {
    {ADDRESS, 550, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_FAILED},
    {ADDRESS, 450, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_DELAYED},
    {ADDRESS, 250, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_DELIVERED},
    {ADDRESS, 0, "5.1.1", NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_FAILED},
    {ADDRESS, 0, "4.4.1", NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_DELAYED},
    {ADDRESS, 0, "2.0.0", NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_DELIVERED},
    {ADDRESS, 0, NULL, "550 no such user", REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_FAILED},
    {ADDRESS, 0, NULL, "451-4.7.1 wait\n451 4.7.1 a bit", REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE,
     REPORT_ACTION_DELAYED},
    {ADDRESS, 0, NULL, "5.1.1", REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_FAILED},
    /* the reply before the status, the status before the text, and what is said before all */
    {ADDRESS, 550, "4.2.2", "450 no", REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_FAILED},
    {ADDRESS, 0, "4.2.2", "550 no", REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_DELAYED},
    {ADDRESS, 450, "4.2.2", "450 no", REPORT_ACTION_FAILED, OBSERVATION_FAULT_NONE, REPORT_ACTION_FAILED},
    {ADDRESS, 0, NULL, NULL, REPORT_ACTION_EXPANDED, OBSERVATION_FAULT_NONE, REPORT_ACTION_EXPANDED},
    {"Anna@b\303\274cher.example", 550, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_NONE, REPORT_ACTION_FAILED},

    {NULL, 550, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_RECIPIENT, REPORT_ACTION_ABSENT},
    {"", 550, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_RECIPIENT, REPORT_ACTION_ABSENT},
    {"anna", 550, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_RECIPIENT, REPORT_ACTION_ABSENT},
    {"anna@example.org, ben@example.org", 550, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_RECIPIENT,
     REPORT_ACTION_ABSENT},
    {"redacted@example.org", 550, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_RECIPIENT, REPORT_ACTION_ABSENT},
    {ADDRESS, 354, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_REPLY, REPORT_ACTION_ABSENT},
    {ADDRESS, 99, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_REPLY, REPORT_ACTION_ABSENT},
    {ADDRESS, 600, NULL, NULL, REPORT_ACTION_FAILED, OBSERVATION_FAULT_REPLY, REPORT_ACTION_ABSENT},
    {ADDRESS, 4294967295U, NULL, NULL, REPORT_ACTION_FAILED, OBSERVATION_FAULT_REPLY, REPORT_ACTION_ABSENT},
    {ADDRESS, 550, "5.1", NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_STATUS, REPORT_ACTION_ABSENT},
    {ADDRESS, 550, "3.1.1", NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_STATUS, REPORT_ACTION_ABSENT},
    {ADDRESS, 0, NULL, NULL, REPORT_ACTION_ABSENT, OBSERVATION_FAULT_ACTION, REPORT_ACTION_ABSENT},
    {ADDRESS, 0, NULL, "it did not work", REPORT_ACTION_ABSENT, OBSERVATION_FAULT_ACTION, REPORT_ACTION_ABSENT},
};

static void test_faults(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct observation one =
            observe(cases[i].recipient, cases[i].reply, cases[i].status, cases[i].diagnostic, cases[i].said);
        enum observation_fault fault = observation_fault(&one);

        if (fault != cases[i].fault ||
            (fault == OBSERVATION_FAULT_NONE && observation_action(&one) != cases[i].action)) {
            g_test_message("row %zu: fault %d, action %d", i, fault, observation_action(&one));
            g_test_fail();
        }
    }
}

/* Each names the member that is wrong. */
static void test_texts(void)
{
    static const char *const words[] = {
        [OBSERVATION_FAULT_RECIPIENT] = "\"recipient\"",
        [OBSERVATION_FAULT_REPLY] = "\"reply\"",
        [OBSERVATION_FAULT_STATUS] = "\"status\"",
        [OBSERVATION_FAULT_ACTION] = "\"action\"",
    };

    g_assert_null(observation_fault_texts[OBSERVATION_FAULT_NONE]);
    for (size_t i = OBSERVATION_FAULT_RECIPIENT; i < G_N_ELEMENTS(words); i++) {
        g_assert_nonnull(observation_fault_texts[i]);
        g_assert_nonnull(strstr(observation_fault_texts[i], words[i]));
    }
}

static void test_kinds(void)
{
    static const enum report_kind kinds[] = {
        [REPORT_ACTION_FAILED] = REPORT_KIND_BOUNCE,       [REPORT_ACTION_DELAYED] = REPORT_KIND_DELAY,
        [REPORT_ACTION_DELIVERED] = REPORT_KIND_DELIVERED, [REPORT_ACTION_RELAYED] = REPORT_KIND_DELIVERED,
        [REPORT_ACTION_EXPANDED] = REPORT_KIND_DELIVERED,
    };
    struct report_settings settings;

    report_settings_defaults(&settings);
    for (enum report_action action = REPORT_ACTION_FAILED; action <= REPORT_ACTION_EXPANDED; action++) {
        const struct observation one = observe(ADDRESS, 0, NULL, NULL, action);
        g_autoptr(Report) report = observation_report(&settings, &one);
        const struct report_recipient *recipient = report->recipients->pdata[0];

        g_assert_cmpuint(report->recipients->len, ==, 1);
        g_assert_cmpint(recipient->kind, ==, kinds[action]);
        g_assert_cmpint(recipient->action, ==, action);
    }
}

static void test_report(void)
{
    const struct observation one = {
        .recipient = (char *)"Anna@B\303\234CHER.example",
        .status = (char *)"5.0.0",
        .diagnostic = (char *)"550-5.1.1 <Anna>: Recipient\r\n550 5.1.1 address rejected, in reply to RCPT TO command",
        .host = (char *)"dns; MX.example.org.",
        .stream = (char *)"news",
        .message_id = (char *)" 1@us.example.com ",
        .time = 1795262400,
    };
    struct report_settings settings;

    report_settings_defaults(&settings);
    g_autoptr(Report) report = observation_report(&settings, &one);
    const struct report_recipient *recipient = report->recipients->pdata[0];
    g_assert_cmpstr(report->dialect, ==, "observation");
    g_assert_cmpstr(report->stream, ==, "news");
    g_assert_cmpstr(report->message_id, ==, "<1@us.example.com>");
    g_assert_cmpint(report->mailed, ==, one.time);
    g_assert_cmpint(report->evidence, ==, REPORT_EVIDENCE_UNPROVEN);
    g_assert_null(report->reporting_mta);
    g_assert_cmpstr(recipient->recipient, ==, "Anna@xn--bcher-kva.example");
    g_assert_cmpint(recipient->recipient_from, ==, REPORT_FROM_FINAL_RECIPIENT);
    g_assert_cmpstr(recipient->status, ==, "5.1.1");
    g_assert_cmpuint(recipient->reply, ==, 550);
    g_assert_cmpstr(recipient->command, ==, "RCPT");
    g_assert_cmpstr(recipient->remote_mta, ==, "mx.example.org");
    g_assert_cmpint(recipient->occurred, ==, one.time);
    g_assert_null(strpbrk(recipient->diagnostic, "\r\n"));
}

static void test_message_ids(void)
{
    static const char *const ids[][2] = {{"<a@b>", "<a@b>"}, {"a@b", "<a@b>"}, {" \n", NULL}, {NULL, NULL}};
    struct report_settings settings;

    report_settings_defaults(&settings);
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        struct observation one = observe(ADDRESS, 550, NULL, NULL, REPORT_ACTION_ABSENT);

        one.message_id = (char *)ids[i][0];
        g_autoptr(Report) report = observation_report(&settings, &one);
        g_assert_cmpstr(report->message_id, ==, ids[i][1]);
    }
}

/* Nobody is there. */
static void test_own_address(void)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func((GDestroyNotify)return_path_free);
    struct return_path *path = g_new0(struct return_path, 1);
    const struct observation one = observe("news@bounces.example.com", 550, NULL, NULL, REPORT_ACTION_ABSENT);
    struct report_settings settings;

    path->domain = g_strdup("bounces.example.com");
    g_assert_true(return_path_prepare(path, NULL));
    g_ptr_array_add(paths, path);
    report_settings_defaults(&settings);
    settings.return_paths = paths;
    g_autoptr(Report) report = observation_report(&settings, &one);
    g_assert_null(((const struct report_recipient *)report->recipients->pdata[0])->recipient);
}

static void test_clear(void)
{
    struct observation one = {g_strdup("a"),
                              g_strdup("b"),
                              g_strdup("c"),
                              g_strdup("d"),
                              g_strdup("e"),
                              g_strdup("f"),
                              g_strdup("g"),
                              g_strdup("h"),
                              550,
                              0,
                              1};

    observation_clear(&one);
    g_assert_null(one.recipient);
    g_assert_cmpuint(one.reply, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/observation/faults", test_faults);
    g_test_add_func("/parser/observation/texts", test_texts);
    g_test_add_func("/parser/observation/kinds", test_kinds);
    g_test_add_func("/parser/observation/report", test_report);
    g_test_add_func("/parser/observation/message-ids", test_message_ids);
    g_test_add_func("/parser/observation/own-address", test_own_address);
    g_test_add_func("/parser/observation/clear", test_clear);
    return g_test_run();
}
