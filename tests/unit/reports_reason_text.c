/* Every reason and every party has its sentence, and no two have the same. */
#include "reports/reason_text.h"

#include <glib.h>

static void check_sentence(GHashTable *seen, const char *name, const char *text)
{
    g_test_message("%s", name);
    g_assert_nonnull(text);
    g_assert_true(g_ascii_isupper(*text));
    g_assert_true(g_str_has_suffix(text, "."));
    g_assert_true(g_str_is_ascii(text));
    g_assert_true(g_hash_table_add(seen, (char *)text));
}

static void test_reasons(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    g_assert_null(reason_text(REASON_NONE));
    for (enum reason reason = REASON_USER_UNKNOWN; reason < REASON_COUNT; reason++)
        check_sentence(seen, reason_names[reason], reason_text(reason));
}

static void test_parties(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

    g_assert_null(party_text(PARTY_NONE));
    for (enum party party = PARTY_RECIPIENT; party_names[party] != NULL; party++)
        check_sentence(seen, party_names[party], party_text(party));
}

/* Of failures that say nothing about the address it is told so. */
static void test_faults(void)
{
    for (enum reason reason = REASON_USER_UNKNOWN; reason < REASON_COUNT; reason++) {
        enum party party = reason_row(reason)->party;

        if (party == PARTY_NONE || party == PARTY_HUMAN)
            continue;
        g_test_message("%s", reason_names[reason]);
        g_assert_cmpint(g_str_has_suffix(party_text(party), "says nothing about the address."), ==,
                        !reason_may_suppress(reason));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/reason-text/reasons", test_reasons);
    g_test_add_func("/reports/reason-text/parties", test_parties);
    g_test_add_func("/reports/reason-text/faults", test_faults);
    return g_test_run();
}
