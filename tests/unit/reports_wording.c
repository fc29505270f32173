/* The text that the sender of mail to a suppressed address is told. */
#include "reports/wording.h"

static const struct {
    const char *wording;
    const char *text; /* NULL: it is none */
} rows[] = {
    {"on our list", "on our list"},
    {"{reason} since {since} until {until}", "user_unknown since 2026-11-28 until 2027-01-01"},
    {"{reason}{reason}", "user_unknownuser_unknown"},
    {"}", "}"},
    {"", NULL},
    {"{other}", NULL},
    {"{reason", NULL},
    {"a\nb", NULL},
    {"caf\xc3\xa9", NULL},
};

static void test_rows(void)
{
    const struct wording_facts facts = {"user_unknown", 1795824000, 1798761600};

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) out = g_string_new(NULL);

        g_test_message("%s", rows[i].wording);
        g_assert_true((wording_problem(rows[i].wording) == NULL) == (rows[i].text != NULL));
        if (rows[i].text == NULL)
            continue;
        wording_append(out, rows[i].wording, &facts);
        g_assert_cmpstr(out->str, ==, rows[i].text);
    }
}

static void test_by_hand(void)
{
    const struct wording_facts facts = {"", 1795824000, 0};
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *long_text = g_strnfill(401, 'a');

    wording_append(out, "{reason}, until {until}", &facts);
    g_assert_cmpstr(out->str, ==, "by hand, until further notice");
    g_assert_nonnull(wording_problem(long_text));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/wording/rows", test_rows);
    g_test_add_func("/wording/by-hand", test_by_hand);
    return g_test_run();
}
