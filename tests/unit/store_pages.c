/* The suppression list in pages. */
#include "store_temporary.h"

/* All pages together are the list, whatever their size is, and what is removed meanwhile. */
static void test_pages(void)
{
    static const struct {
        guint size;
        gint64 limit;
        guint pages; /* that have rows */
        guint rows;
    } cases[] = {{1, 0, 10, 10}, {3, 0, 4, 10}, {10, 0, 1, 10}, {99, 0, 1, 10}, {3, 7, 3, 7}, {7, 7, 1, 7}};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (unsigned i = 0; i < 10; i++) {
        g_autofree char *address = g_strdup_printf("%c%u@example.com", i % 2 == 0 ? 'a' : 'B', i);
        g_assert_true(temporary_suppress(temporary.store, address, 0));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct store_filter filter = {.limit = cases[i].limit};
        g_autoptr(StorePages) pages = store_pages(temporary.store, &filter, NOON);
        g_autofree char *before = g_strdup("");
        const struct suppression *page;
        guint count = 0, rows = 0, n;

        g_test_message("row %zu", i);
        for (; (page = store_next_page(pages, cases[i].size, &n, NULL)) != NULL && n > 0; count++) {
            for (guint row = 0; row < n; row++, rows++) {
                g_assert_cmpint(g_ascii_strcasecmp(before, page[row].subject), <, 0);
                g_free(before);
                before = g_strdup(page[row].subject);
            }
        }
        g_assert_nonnull(page);
        g_assert_cmpuint(count, ==, cases[i].pages);
        g_assert_cmpuint(rows, ==, cases[i].rows);
    }
    temporary_free(&temporary);
}

/* An empty list is no failure. */
static void test_empty(void)
{
    struct temporary temporary;
    guint n;

    temporary_new(&temporary, NULL);
    g_autoptr(StorePages) pages = store_pages(temporary.store, &(struct store_filter){0}, NOON);
    g_assert_nonnull(store_next_page(pages, 9, &n, NULL));
    g_assert_cmpuint(n, ==, 0);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/pages/all", test_pages);
    g_test_add_func("/store/pages/empty", test_empty);
    return g_test_run();
}
