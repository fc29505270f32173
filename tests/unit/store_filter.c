/* Filters: each condition, of events, of the list and of its log. */
#include <sqlite3.h>

#include "store_temporary.h"

/* Three addresses: the policy put the first two on the list, an operator the third. */
static void fill(struct temporary *temporary)
{
    struct event one = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "one@example.com");
    struct event two = temporary_event(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "two@example.com");
    const struct store_order order = {.subject = "three@example.com",
                                      .who = "ann",
                                      .now = NOON + 3,
                                      .scope = "stream=news",
                                      .door = STORE_DOOR_IMPORT,
                                      .batch = "b1"};
    sqlite3 *database = NULL;

    one.rule = "first-rule";
    one.diagnostic = "550 5.1.1 No Such User";
    one.stream = "news";
    two.evidence = REPORT_EVIDENCE_AUTHENTICATED;
    temporary_new(temporary, NULL);
    temporary_add(temporary, &one, 1, NOON + 1);
    temporary_add(temporary, &two, 1, NOON + 2);
    g_assert_true(store_suppress(temporary->store, &order, NULL));
    g_assert_cmpint(sqlite3_open(temporary->path, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database,
                                 "UPDATE events SET receiver = 'Example Mail' WHERE recipient = 'two@example.com';"
                                 "UPDATE messages SET batch = 'run' WHERE received = 1795262401;"
                                 "UPDATE suppressions SET wave = 7 WHERE subject = 'two@example.com';"
                                 "DROP TRIGGER changes_update;"
                                 "UPDATE changes SET wave = 7 WHERE subject = 'two@example.com'",
                                 NULL, NULL, NULL),
                    ==, SQLITE_OK);
    sqlite3_close(database);
}

/* Those that are given, by their numbers: one, two, three. */
struct found {
    const char *events, *list, *changes;
};

static void add_number(GString *found, const char *address)
{
    static const char *const addresses[] = {"one@example.com", "two@example.com", "three@example.com", NULL};

    for (int i = 0; addresses[i] != NULL; i++) {
        if (strcmp(addresses[i], address) == 0)
            g_string_append_printf(found, "%d", i + 1);
    }
}

static void check(struct store *store, const struct store_filter *filter, const struct found *expected)
{
    g_autoptr(StoreCursor) events = store_events(store, filter, NULL);
    g_autoptr(StoreCursor) list = store_suppressions(store, filter, NOON + 9, NULL);
    g_autoptr(StoreCursor) changes = store_changes(store, filter, NULL);
    g_autoptr(GString) found = g_string_new(NULL);
    struct stored_event event;
    struct suppression entry;
    struct change change;

    while (store_next_event(events, &event, NULL))
        add_number(found, event.event.recipient);
    g_assert_cmpstr(found->str, ==, expected->events);
    g_string_truncate(found, 0);
    while (store_next_suppression(list, &entry, NULL))
        add_number(found, entry.subject);
    g_assert_cmpstr(found->str, ==, expected->list);
    g_string_truncate(found, 0);
    while (store_next_change(changes, &change, NULL))
        add_number(found, change.subject);
    g_assert_cmpstr(found->str, ==, expected->changes);
}

/* The list is in the order of its subjects. A condition that rows of a kind have not is none of theirs. */
static const struct {
    struct store_filter filter;
    struct found found;
} cases[] = {
    {{0}, {"12", "132", "123"}},
    {{.recipient = "ONE@example.com"}, {"1", "1", "1"}},
    {{.domain = "example.com"}, {"12", "132", "123"}},
    {{.domain = "example.org"}, {"", "", ""}},
    {{.stream = "news"}, {"1", "1", "1"}},
    {{.kind = "feedback"}, {"2", "2", "2"}},
    {{.reason = "user_unknown"}, {"1", "1", "1"}},
    {{.since = NOON + 2}, {"2", "32", "23"}},
    {{.until = NOON + 2}, {"1", "1", "1"}},
    {{.scope = "stream=news"}, {"", "3", "3"}},
    {{.scope = "all"}, {"12", "12", "12"}},
    {{.state = STORE_STATE_HELD}, {"2", "2", "2"}},
    {{.state = STORE_STATE_ACTIVE}, {"1", "13", "13"}},
    {{.batch = "b1"}, {"", "3", "3"}},
    {{.batch = "run"}, {"1", "", ""}},
    {{.batch = "run", .limit = 1}, {"1", "", ""}},
    {{.door = "import"}, {"12", "3", "3"}},
    {{.door = "policy"}, {"12", "12", "12"}},
    {{.rule = "first-rule"}, {"1", "1", "1"}},
    {{.receiver = "Example Mail"}, {"2", "2", "2"}},
    {{.diagnostic = "no SUCH"}, {"1", "1", "1"}},
    {{.diagnostic = "no%such"}, {"", "", ""}},
    {{.evidence = "authenticated"}, {"2", "2", "2"}},
    {{.recipient = "one@example.com", .rule = "first-rule"}, {"1", "1", "1"}},
    {{.recipient = "one@example.com", .rule = "other"}, {"", "", ""}},
    {{.rule = "first-rule", .limit = 1}, {"1", "1", "1"}},
};

static void test_filters(void)
{
    struct temporary temporary;

    fill(&temporary);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %zu", i);
        check(temporary.store, &cases[i].filter, &cases[i].found);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/filter", test_filters);
    return g_test_run();
}
