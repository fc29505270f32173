/* Addresses to review, mail that others know went through, and the list by another policy: in the store. */
#include "store/backtest.h"
#include "store/delivery.h"
#include "store/review.h"
#include "store_temporary.h"

/* Reasons that no policy may count, and that are not content's or the sender's fault, are looked at; no other is. */
static void test_reasons(void)
{
    for (enum reason reason = REASON_NONE + 1; reason < REASON_COUNT; reason++) {
        struct temporary temporary;
        struct review_row row;

        temporary_new(&temporary, NULL);
        struct event event = temporary_event(REPORT_KIND_BOUNCE, reason, "someone@example.com");
        temporary_add(&temporary, &event, 1, NOON);
        const struct store_filter filter = {.since = NOON};
        g_autoptr(Review) review = review_new(temporary.store, &filter, 1, NULL);
        g_test_message("%s", reason_names[reason]);
        g_assert_cmpint(review_next(review, &row, NULL), ==, review_has_reason(reason));
        g_assert_false(review_has_reason(reason) && reason_may_suppress(reason));
        g_clear_pointer(&review, review_free);
        temporary_free(&temporary);
    }
}

static void test_review(void)
{
    static const struct {
        const char *name;
        unsigned failures, unproven, delays, successes, relayed;
        const char *reasons; /* NULL: none */
    } cases[] = {
        {"enough", 3, 0, 0, 0, 0, "expired 3"}, {"too few", 2, 0, 0, 0, 0, NULL},
        {"unproven", 2, 5, 0, 0, 0, NULL},      {"delays", 2, 0, 5, 0, 0, NULL},
        {"a success", 5, 0, 0, 1, 0, NULL},     {"relayed", 4, 1, 1, 0, 1, "expired 4"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct {
            unsigned n;
            enum report_kind kind;
            enum reason reason;
            enum report_action action;
            bool proven;
        } parts[] = {
            {cases[i].failures, REPORT_KIND_BOUNCE, REASON_EXPIRED, REPORT_ACTION_FAILED, true},
            {cases[i].unproven, REPORT_KIND_BOUNCE, REASON_EXPIRED, REPORT_ACTION_FAILED, false},
            {cases[i].delays, REPORT_KIND_DELAY, REASON_EXPIRED, REPORT_ACTION_DELAYED, true},
            {cases[i].successes, REPORT_KIND_DELIVERED, REASON_DELIVERED, REPORT_ACTION_DELIVERED, true},
            {cases[i].relayed, REPORT_KIND_DELIVERED, REASON_DELIVERED, REPORT_ACTION_RELAYED, true},
        };
        const struct store_filter filter = {.since = NOON};
        struct temporary temporary;
        struct review_row row;

        temporary_new(&temporary, NULL);
        for (size_t part = 0; part < G_N_ELEMENTS(parts); part++) {
            struct event event = temporary_event(parts[part].kind, parts[part].reason, "someone@example.com");
            event.action = parts[part].action;
            event.may_suppress = parts[part].proven;
            for (unsigned n = 0; n < parts[part].n; n++)
                temporary_add(&temporary, &event, 1, NOON + n * DAY);
        }
        g_test_message("%s", cases[i].name);
        g_autoptr(Review) review = review_new(temporary.store, &filter, 3, NULL);
        bool found = review_next(review, &row, NULL);
        g_assert_cmpint(found, ==, cases[i].reasons != NULL);
        if (found) {
            g_assert_cmpstr(row.reasons, ==, cases[i].reasons);
            g_assert_cmpint(row.first, ==, NOON);
            g_assert_cmpint(row.last, ==, NOON + (cases[i].failures - 1) * DAY);
        }
        g_clear_pointer(&review, review_free);
        temporary_free(&temporary);
    }
}

/* It clears what was counted, and leaves no trace of an address that has nothing to clear. */
static void test_delivery(void)
{
    static const char *const addresses[] = {"Some.One@example.com", "other@example.com"};
    bool changed[2];
    const struct store_batch batch = {
        .order = {.who = "shop", .now = NOON + 2 * DAY}, .subjects = addresses, .n = 2, .changed = changed};
    const struct store_delivery delivery = {.stream = "news"};
    struct temporary temporary;
    gint64 n;

    temporary_new(&temporary, NULL);
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, "some.one@example.com");
    temporary_add(&temporary, &event, 1, NOON);
    temporary_add(&temporary, &event, 1, NOON + DAY);
    g_assert_true(store_deliver(temporary.store, &batch, &delivery, NULL));
    g_assert_true(changed[0]);
    g_assert_false(changed[1]);
    g_assert_true(store_count_events(temporary.store, "other@example.com", &n, NULL));
    g_assert_cmpint(n, ==, 0);
    temporary_add(&temporary, &event, 1, NOON + 3 * DAY);
    g_assert_false(temporary_suppressed(&temporary, "some.one@example.com", NOON + 3 * DAY));
    /* once more, and at the same second */
    g_assert_true(store_deliver(temporary.store, &batch, &delivery, NULL));
    g_assert_false(changed[0]);
    temporary_free(&temporary);
}

/* Mail that went through before the last failure clears nothing. */
static void test_delivery_before(void)
{
    static const struct {
        gint64 at;
        bool clears;
    } cases[] = {{NOON - 1, false},  {NOON, false},          {NOON + DAY - 1, false},
                 {NOON + DAY, true}, {NOON + DAY + 1, true}, {NOON + 9 * DAY, true},
                 {0, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *const address = "some.one@example.com";
        const struct store_delivery delivery = {.at = cases[i].at};
        bool changed;
        const struct store_batch batch = {
            .order = {.who = "shop", .now = NOON + 2 * DAY}, .subjects = &address, .n = 1, .changed = &changed};
        struct temporary temporary;

        g_test_message("row %zu", i);
        temporary_new(&temporary, NULL);
        struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, address);
        temporary_add(&temporary, &event, 1, NOON);
        temporary_add(&temporary, &event, 1, NOON + DAY);
        g_assert_true(store_deliver(temporary.store, &batch, &delivery, NULL));
        g_assert_true(changed == cases[i].clears);
        temporary_add(&temporary, &event, 1, NOON + 3 * DAY);
        g_assert_true(temporary_suppressed(&temporary, address, NOON + 3 * DAY) != cases[i].clears);
        temporary_free(&temporary);
    }
}

/* "missing mailbox_full, ..." */
static char *list_differences(struct store *store, gint64 since, gint64 until)
{
    const struct store_filter filter = {.since = since, .until = until};
    g_autoptr(Backtest) backtest = backtest_new(store, &filter, NOON + 20 * DAY, NULL);
    GString *list = g_string_new(NULL);
    struct backtest_row row;

    while (backtest_next(backtest, &row, NULL))
        g_string_append_printf(list, "%s%s %s %s", list->len > 0 ? ", " : "", row.recipient,
                               backtest_difference_names[row.difference], reason_names[row.reason]);
    return g_string_free(list, FALSE);
}

static void test_backtest(void)
{
    static const struct {
        const char *name, *full, *unknown; /* the rows of now */
        gint64 since, until;
        const char *differences;
    } cases[] = {
        {"as it was", "3 in 10d", "1", NOON, 0, ""},
        {"earlier", "2 in 10d", "1", NOON, 0, "two@example.com missing mailbox_full"},
        {"later", "4 in 10d", "1", NOON, 0, "three@example.com surplus mailbox_full"},
        {"never", "never", "never", NOON, 0,
         "hard@example.com surplus user_unknown, three@example.com surplus mailbox_full"},
        {"an operator's word stands", "1", "1", NOON, 0, "two@example.com missing mailbox_full"},
        {"over by now", "2 in 10d, for 1d", "1", NOON, 0, "three@example.com surplus mailbox_full"},
        {"only some days", "3 in 10d", "never", NOON + 1, 0, "three@example.com surplus mailbox_full"},
        {"entries from before are left aside", "never", "never", NOON + 3 * DAY, 0, ""},
        {"nor is what came later looked at", "3 in 10d", "1", NOON, NOON + 2 * DAY, ""},
    };
    struct temporary temporary;
    g_autoptr(GPtrArray) policies = g_ptr_array_new_with_free_func((GDestroyNotify)policy_free);
    struct policy *policy = policy_new(NULL);
    bool removed;

    g_ptr_array_add(policies, policy);
    g_assert_true(policy_set(policy, REASON_MAILBOX_FULL, "3 in 10d", NULL));
    temporary_new(&temporary, policies);
    for (unsigned n = 0; n < 3; n++) {
        struct event events[] = {
            temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "three@example.com"),
            temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "two@example.com"),
            temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "by.hand@example.com"),
            temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "hard@example.com"),
            temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "off@example.com"),
        };
        for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
            bool comes = i == 0 || (i < 3 ? n < 2 : n == 0);
            if (comes)
                temporary_add(&temporary, &events[i], 1, NOON + n * DAY);
        }
    }
    const struct store_order order = {.subject = "off@example.com", .who = "ann", .now = NOON + 3 * DAY};
    g_assert_true(temporary_suppress(temporary.store, "by.hand@example.com", 0));
    g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_true(policy_set(policy, REASON_MAILBOX_FULL, cases[i].full, NULL));
        g_assert_true(policy_set(policy, REASON_USER_UNKNOWN, cases[i].unknown, NULL));
        g_test_message("%s", cases[i].name);
        g_autofree char *differences = list_differences(temporary.store, cases[i].since, cases[i].until);
        g_assert_cmpstr(differences, ==, cases[i].differences);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/review/reasons", test_reasons);
    g_test_add_func("/store/review/review", test_review);
    g_test_add_func("/store/review/delivery", test_delivery);
    g_test_add_func("/store/review/delivery-before", test_delivery_before);
    g_test_add_func("/store/review/backtest", test_backtest);
    return g_test_run();
}
