/* Entries come off a pile in order, whether or not it went to temporary files meanwhile, with all that they have. */
#include "cmd/lists/pile.h"

enum { ENTRIES = 600000, SUBJECTS = 400000, AT_ONCE = 1000 }; /* more than two files */

/* By a number below SUBJECTS; entries of one number differ in `since`. */
static struct suppression entry_of(guint i, guint number, char subject[32])
{
    g_snprintf(subject, 32, "%cser%06u@example.org", number % 2 == 0 ? 'u' : 'U', number);
    return (struct suppression){.subject = subject,
                                .scope = number % 3 == 0   ? "all"
                                         : number % 3 == 1 ? NULL
                                                           : "stream=news",
                                .reason = number % 5 == 0 ? REASON_NONE : REASON_USER_UNKNOWN,
                                .verdict = number % 5 == 0 ? VERDICT_NONE : VERDICT_HARD,
                                .diagnostic = number % 7 == 0 ? "550 no \"such\",\tone" : NULL,
                                .who = "ann",
                                .door = STORE_DOOR_IMPORT,
                                .note = number % 11 == 0 ? "" : NULL,
                                .since = i + 1,
                                .until = number % 13 == 0 ? 4000000000 : 0};
}

static void assert_entry(const struct suppression *entry, guint number)
{
    char subject[32];
    const struct suppression expected = entry_of(0, number, subject);

    g_assert_cmpstr(entry->subject, ==, expected.subject);
    g_assert_cmpstr(entry->scope, ==, number % 3 == 2 ? "stream=news" : "");
    g_assert_cmpint(entry->reason, ==, expected.reason);
    g_assert_cmpint(entry->verdict, ==, expected.verdict);
    g_assert_cmpstr(entry->diagnostic, ==, expected.diagnostic);
    g_assert_cmpstr(entry->who, ==, "ann");
    g_assert_cmpint(entry->door, ==, STORE_DOOR_IMPORT);
    g_assert_cmpstr(entry->note, ==, expected.note);
    g_assert_cmpstr(entry->policy, ==, NULL);
    g_assert_cmpint(entry->until, ==, expected.until);
}

/* The second ones of the first ENTRIES - SUBJECTS numbers come last. */
static void test_order(gconstpointer data)
{
    guint n = GPOINTER_TO_UINT(data), subjects = MIN(n, SUBJECTS), number = 0, all = 0;
    g_autoptr(Pile) pile = pile_new();
    g_autoptr(GError) error = NULL;
    struct pile_entries taken = {.n = 1};
    gint64 since = 0;

    for (guint i = 0; i < n; i++) {
        char subject[32];
        /* 7 has no common factor with it */
        const struct suppression entry = entry_of(i, (guint)((guint64)i * 7 % subjects), subject);
        g_assert_true(pile_add(pile, &entry, &error));
    }
    g_assert_cmpuint(pile_count(pile), ==, n);
    while (taken.n > 0) {
        g_assert_true(pile_take(pile, AT_ONCE, &taken, &error));
        for (guint i = 0; i < taken.n; i++, all++) {
            number += all > 0 && !taken.again[i];
            g_assert_true(!taken.again[i] || taken.entries[i].since > since);
            since = taken.entries[i].since;
            assert_entry(&taken.entries[i], number);
        }
    }
    g_assert_cmpuint(all, ==, n);
    g_assert_cmpuint(number, ==, n > 0 ? subjects - 1 : 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/cmd/pile/none", GUINT_TO_POINTER(0), test_order);
    g_test_add_data_func("/cmd/pile/some", GUINT_TO_POINTER(1000), test_order);
    g_test_add_data_func("/cmd/pile/many", GUINT_TO_POINTER(ENTRIES), test_order);
    return g_test_run();
}
