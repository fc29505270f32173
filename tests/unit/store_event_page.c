/* The events in pages, each of which looks at so many rows at most. */
#include "store/event_page.h"

#include "store_temporary.h"

enum { EVENTS = 20 };

static void fill(struct temporary *temporary)
{
    temporary_new(temporary, NULL);
    for (unsigned i = 0; i < EVENTS; i++) {
        g_autofree char *address = g_strdup_printf("%s@example.com", i % 4 == 0 ? "anna" : "ben");
        struct event event =
            temporary_event(REPORT_KIND_BOUNCE, i % 5 == 0 ? REASON_MAILBOX_FULL : REASON_USER_UNKNOWN, address);

        /* Several of one moment, and later ones that came first. */
        temporary_add(temporary, &event, 1, NOON + (EVENTS - i) / 3);
    }
}

/* All pages together give what the cursor gives, whatever their size is. */
static void check(struct temporary *temporary, const struct store_filter *filter, guint size)
{
    g_autoptr(StoreCursor) all = store_events(temporary->store, filter, NULL);
    struct event_place place = {0};
    struct stored_event row, expected;
    guint rows;

    do {
        g_autoptr(StoreCursor) page = store_event_page(temporary->store, filter, &place, size, NULL);
        bool meant;

        g_assert_nonnull(page);
        for (rows = 0; store_next_of_page(page, &row, &meant, &place, NULL); rows++) {
            if (!meant)
                continue;
            g_assert_true(store_next_event(all, &expected, NULL));
            g_assert_cmpstr(row.digest, ==, expected.digest);
            g_assert_cmpint(row.received, ==, expected.received);
        }
        g_assert_cmpuint(rows, <=, size);
    } while (rows == size);
    g_assert_false(store_next_event(all, &expected, NULL));
}

static void test_pages(void)
{
    static const struct store_filter filters[] = {
        {.recipient = NULL},
        {.recipient = "anna@example.com"},
        {.reason = "mailbox_full"},
        {.recipient = "ben@example.com", .reason = "mailbox_full"},
        {.since = NOON + 2, .until = NOON + 5},
        {.domain = "example.org"},
    };
    static const guint sizes[] = {1, 2, 3, 7, EVENTS, 99};
    struct temporary temporary;

    fill(&temporary);
    for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
        for (size_t size = 0; size < G_N_ELEMENTS(sizes); size++) {
            g_test_message("filter %zu, pages of %u", i, sizes[size]);
            check(&temporary, &filters[i], sizes[size]);
        }
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/event_page/all", test_pages);
    return g_test_run();
}
