/* How far the failures of an address are on the way to a suppression, as the policy will count them. */
#include "store/outlook.h"

#include "store_temporary.h"

#define ANNA "anna@example.org"

static void add(struct temporary *temporary, enum report_kind kind, enum reason reason, gint64 at)
{
    const struct event event = temporary_event(kind, reason, ANNA);

    temporary_add(temporary, &event, 1, at);
}

static GPtrArray *look(struct temporary *temporary, gint64 now)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *outlooks = store_outlooks(temporary->store, "Anna@Example.org", now, &error);

    g_assert_no_error(error);
    return outlooks;
}

static void check(struct temporary *temporary, gint64 now, guint reached, gint64 lapses)
{
    g_autoptr(GPtrArray) outlooks = look(temporary, now);

    g_assert_cmpuint(outlooks->len, ==, reached != 0);
    if (reached == 0)
        return;
    const struct outlook *outlook = outlooks->pdata[0];
    g_assert_cmpstr(outlook->scope, ==, "all");
    g_assert_cmpint(outlook->reason, ==, REASON_MAILBOX_FULL);
    g_assert_cmpuint(outlook->row.count, ==, 5);
    g_assert_cmpuint(outlook->reached, ==, reached);
    g_assert_cmpuint(outlook->times->len, ==, reached);
    g_assert_cmpint(outlook->lapses, ==, lapses);
}

static void test_days(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    check(&temporary, NOON, 0, 0);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, NOON);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, NOON + 60); /* the same day */
    add(&temporary, REPORT_KIND_BOUNCE, REASON_SPAM_DETECTED, NOON + DAY);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, NOON + 2 * DAY);
    check(&temporary, NOON + 2 * DAY, 2, NOON + 30 * DAY);
    check(&temporary, NOON + 30 * DAY - 1, 2, NOON + 30 * DAY);
    check(&temporary, NOON + 30 * DAY, 1, NOON + 32 * DAY);
    check(&temporary, NOON + 32 * DAY, 0, 0);
    add(&temporary, REPORT_KIND_DELIVERED, REASON_DELIVERED, NOON + 3 * DAY);
    check(&temporary, NOON + 3 * DAY, 0, 0);
    temporary_free(&temporary);
}

/* Failures from before an operator's removal count no more; nor is one told whose row needs only one. */
static void test_removed(void)
{
    const struct store_order order = {.subject = ANNA, .who = "alice", .note = "x", .now = NOON + 2 * DAY};
    struct temporary temporary;
    bool removed;

    temporary_new(&temporary, NULL);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, NOON);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, NOON + DAY);
    check(&temporary, NOON + DAY, 1, NOON + 30 * DAY);
    g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
    g_assert_true(removed);
    check(&temporary, NOON + 2 * DAY, 0, 0);
    temporary_free(&temporary);
}

static void test_reasons(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, NOON);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_FILTERED, NOON + DAY);
    g_autoptr(GPtrArray) outlooks = look(&temporary, NOON + DAY);
    g_assert_cmpuint(outlooks->len, ==, 2);
    const struct outlook *first = outlooks->pdata[0], *second = outlooks->pdata[1];
    g_assert_cmpint(first->reason, ==, REASON_FILTERED);
    g_assert_cmpuint(first->row.count, ==, 3);
    g_assert_cmpint(second->reason, ==, REASON_MAILBOX_FULL);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/outlook/days", test_days);
    g_test_add_func("/store/outlook/removed", test_removed);
    g_test_add_func("/store/outlook/reasons", test_reasons);
    return g_test_run();
}
