/* Lines of the log: quoting, and what a peer may not do to them. */
#include "cmd/bounced/log/journal.h"

#include <string.h>

#include "cmd/bounced/out/feeds/notice_outlet.h"
#include "cmd/bounced/out/forwards.h"
#include "cmd/bounced/verify/verifier.h"
#include "reports/pseudonym.h"
#include "store/outgoing.h"
#include "store/privacy.h"

static const struct row {
    const char *value;
    const char *field; /* as it stands in the line */
} rows[] = {
    {"plain", "key=plain"},
    {"", "key=\"\""},
    {NULL, NULL},
    {"two words", "key=\"two words\""},
    {"a=b", "key=\"a=b\""},
    {"say \"yes\"", "key=\"say 'yes'\""},
    {"line\r\npriority=alert event=forged", "key=\"line  priority=alert event=forged\""},
    {"\x1b[2J", "key=?[2J"},
    {"\x7f", "key=?"},
    {"j\xc3\xbcrgen", "key=j\xc3\xbcrgen"},
    {"\xff", "key=\xef\xbf\xbd"},
};

static void test_lines(void)
{
    if (g_test_subprocess()) {
        g_autoptr(Journal) journal = journal_new();

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
            struct journal_entry *entry = journal_begin(journal, LOG_NOTICE, "test");

            journal_text(entry, "key", rows[i].value);
            journal_number(entry, "row", (gint64)i);
            journal_send(entry);
        }
        return;
    }
    g_unsetenv("JOURNAL_STREAM");
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *field = rows[i].field;
        g_autofree char *line = g_strdup_printf("*priority=notice event=test%s%s row=%zu\n*", field != NULL ? " " : "",
                                                field != NULL ? field : "", i);

        g_test_message("row %zu", i);
        g_test_trap_assert_stderr(line);
    }
}

static const struct {
    const char *value;
    const char *plain, *hidden; /* what stands in the line; a glob */
} places[] = {
    {"anna@example.org", "from=anna@example.org ", "from=addr:???????????????? "},
    {"anna", "from=anna ", "from=addr:???????????????? "},
    {"two words", "from=\"two words\" ", "from=addr:???????????????? "},
    {"", "from=\"\" ", "from=\"\" "},
    {NULL, "", ""},
};

/* A place for an address hides all that stands there. */
static void test_places(void)
{
    static const guint8 key[NAME_KEY_SIZE] = "a key of the test";

    if (g_test_subprocess()) {
        g_autoptr(Journal) journal = journal_new();

        journal_set_key(journal, key);
        for (size_t i = 0; i < 2 * G_N_ELEMENTS(places); i++) {
            journal_hide_addresses(journal, i % 2 == 1);
            struct journal_entry *entry = journal_begin(journal, LOG_NOTICE, "test");
            journal_address(entry, "from", places[i / 2].value);
            journal_number(entry, "row", (gint64)i);
            journal_send(entry);
        }
        return;
    }
    g_unsetenv("JOURNAL_STREAM");
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(places); i++) {
        const char *field = i % 2 == 1 ? places[i / 2].hidden : places[i / 2].plain;
        g_autofree char *line = g_strdup_printf("*event=test %srow=%zu\n*", field, i);

        g_test_message("row %zu", i);
        g_test_trap_assert_stderr(line);
    }
}

static void test_priorities(void)
{
    static const char *const names[] = {"emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"};

    if (g_test_subprocess()) {
        g_autoptr(Journal) journal = journal_new();

        for (int priority = LOG_EMERG; priority <= LOG_DEBUG; priority++)
            journal_send(journal_begin(journal, priority, "test"));
        return;
    }
    g_unsetenv("JOURNAL_STREAM");
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *line = g_strdup_printf("*priority=%s event=test*", names[i]);
        g_test_trap_assert_stderr(line);
    }
}

/* The events of mail that went on, of notices and of signatures. */
static void test_events(void)
{
    static const struct journal_event forwards[] = {
        [OUTGOING_WAITING] = {LOG_WARNING, "forward-deferred"},
        [OUTGOING_DELIVERED] = {LOG_INFO, "forwarded"},
        [OUTGOING_FAILED] = {LOG_ALERT, "forward-failed"},
    };
    static const struct journal_event notices[] = {
        {LOG_INFO, "notice-sent"}, {LOG_WARNING, "notice-refused"}, {LOG_INFO, "notice-withheld"}};
    static const struct journal_event claims[] = {
        [COUNTER_CLAIM_PROVEN] = {LOG_INFO, "proven"},
        [COUNTER_CLAIM_UNPROVEN] = {LOG_INFO, "not-proven"},
        [COUNTER_CLAIM_DEFERRED] = {LOG_NOTICE, "proof-deferred"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(forwards); i++) {
        g_assert_cmpstr(forwards_events[i].name, ==, forwards[i].name);
        g_assert_cmpint(forwards_events[i].priority, ==, forwards[i].priority);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(notices); i++) {
        g_assert_cmpstr(notice_events[i].name, ==, notices[i].name);
        g_assert_cmpint(notice_events[i].priority, ==, notices[i].priority);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
        g_assert_cmpstr(verifier_events[i].name, ==, claims[i].name);
        g_assert_cmpint(verifier_events[i].priority, ==, claims[i].priority);
    }
}

/* A peer cannot fill the log. */
static void test_long(void)
{
    g_autofree char *a_thousand = g_strnfill(1000, 'x'), *too_long = NULL;

    if (g_test_subprocess()) {
        g_autoptr(Journal) journal = journal_new();
        struct journal_entry *entry = journal_begin(journal, LOG_NOTICE, "test");
        g_autofree char *value = g_strnfill(100000, 'x');

        journal_text(entry, "key", value);
        journal_text(entry, "last", "here");
        journal_send(entry);
        return;
    }
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_test_trap_assert_passed();
    g_test_trap_assert_stderr("*key=xxx* last=here\n");
    too_long = g_strdup_printf("*%s*", a_thousand);
    g_test_trap_assert_stderr_unmatched(too_long);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/journal/lines", test_lines);
    g_test_add_func("/journal/places", test_places);
    g_test_add_func("/journal/priorities", test_priorities);
    g_test_add_func("/journal/events", test_events);
    g_test_add_func("/journal/long", test_long);
    return g_test_run();
}
