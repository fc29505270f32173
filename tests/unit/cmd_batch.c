/* The names of work on many entries, and its notes. */
#include "cmd/batches/batch.h"

#include <string.h>

static const struct {
    const char *name;
    bool good;
} names[] = {
    {"a", true},
    {"20261128T221501Z-5f3a", true},
    {"Old_list.2", true},
    {"0123456789012345678901234567890123456789012345678901234567890123", true},
    {"01234567890123456789012345678901234567890123456789012345678901234", false},
    {"", false},
    {"a b", false},
    {"a\"b", false},
    {"a/b", false},
    {"\303\274", false},
};

static void test_good(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_test_message("\"%s\"", names[i].name);
        g_assert_true(batch_name_is_good(names[i].name) == names[i].good);
    }
}

static void test_made(void)
{
    g_autofree char *name = batch_name(1795904101);

    g_assert_true(batch_name_is_good(name));
    g_assert_true(g_str_has_prefix(name, "20261128T221501Z-"));
    g_assert_cmpuint(strlen(name), ==, strlen("20261128T221501Z-5f3a"));
}

static void test_notes(void)
{
    g_autofree char *of_filter = batch_note_of_rollback(NULL, "their outage");
    g_autofree char *of_run = batch_note_of_rollback("b1", "the wrong folder");
    g_autofree char *of_undoing = batch_note_of_undoing("b2", "it was right");

    g_assert_cmpstr(of_filter, ==, "rollback: their outage");
    g_assert_cmpstr(of_run, ==, "rollback of b1: the wrong folder");
    g_assert_cmpstr(of_undoing, ==, "undo of b2: it was right");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/batch/good", test_good);
    g_test_add_func("/cmd/batch/made", test_made);
    g_test_add_func("/cmd/batch/notes", test_notes);
    return g_test_run();
}
