/* A clock that was years ahead and is set back: nothing that was stored meanwhile stays longer than it was to. */
#include "store/outbox.h"
#include "store_temporary.h"

#define AHEAD (NOON + 70 * 365 * DAY)

static void maintain(struct temporary *temporary, const struct store_keeping *keeping, gint64 now)
{
    g_autoptr(GError) error = NULL;
    bool more = true;

    for (unsigned rounds = 0; more; rounds++) {
        g_assert_cmpuint(rounds, <, 100);
        g_assert_true(store_maintain(temporary->store, keeping, now, 2, &more, &error));
        g_assert_no_error(error);
    }
}

static bool suppressed_at(struct temporary *temporary, const char *recipient, gint64 now)
{
    bool suppressed;

    g_assert_true(store_check(temporary->store, recipient, now, NULL, &suppressed, NULL));
    return suppressed;
}

static guint events(struct store *store)
{
    g_autoptr(StoreCursor) cursor = store_events(store, &(struct store_filter){0}, NULL);
    struct stored_event row;
    guint n = 0;

    while (store_next_event(cursor, &row, NULL))
        n++;
    return n;
}

static void test_set_back(void)
{
    const struct store_keeping keeping = {.raws = DAY, .events = 365 * DAY, .messages = 365 * DAY};
    struct temporary temporary;
    bool suppressed = true;

    temporary_new(&temporary, NULL);
    for (unsigned i = 0; i < 5; i++) {
        const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "full@example.com");
        temporary_add(&temporary, &event, 1, AHEAD + i * DAY);
    }
    g_assert_true(suppressed_at(&temporary, "full@example.com", AHEAD + 5 * DAY));
    maintain(&temporary, &keeping, NOON);

    /* 90 days from now, and not from then; the log says so, too */
    g_assert_true(suppressed_at(&temporary, "full@example.com", NOON + 89 * DAY));
    g_assert_false(suppressed_at(&temporary, "full@example.com", NOON + 91 * DAY));
    g_autoptr(StoreCursor) cursor = store_changes(temporary.store, &(struct store_filter){0}, NULL);
    struct change change;
    gint64 until = 0;
    while (store_next_change(cursor, &change, NULL))
        until = change.until;
    g_assert_cmpint(until, ==, NOON + 90 * DAY);
    g_clear_pointer(&cursor, store_cursor_free);

    maintain(&temporary, &keeping, NOON + 400 * DAY);
    g_assert_true(store_check(temporary.store, "full@example.com", NOON + 400 * DAY, NULL, &suppressed, NULL));
    g_assert_false(suppressed);
    g_assert_cmpuint(events(temporary.store), ==, 0);
    temporary_free(&temporary);
}

/* A row that waits is not put off for years. */
static void test_outbox(void)
{
    static const guint8 digest[STORE_DIGEST_SIZE] = "a digest";
    const struct store_message message = {.digest = digest, .received = AHEAD, .source = "smtp", .size = 1};
    const struct event event = temporary_event(REPORT_KIND_OTHER, REASON_NONE, NULL);
    const struct outgoing_order order = {
        .recipient = "ann@example.com",
        .came_to = "news@example.com",
        .now = AHEAD,
        .hourly = 100,
        .too_many = "too many",
        .sender_hourly = 100,
    };
    struct temporary temporary;
    struct outgoing next;
    enum outgoing_state state;
    bool found;

    temporary_new(&temporary, NULL);
    g_assert_true(store_begin(temporary.store, NULL));
    g_assert_cmpint(store_add(temporary.store, &message, &event, 1, NULL), ==, STORE_RESULT_ADDED);
    g_assert_true(store_outbox_add(temporary.store, digest, &order, &state, NULL));
    g_assert_true(store_commit(temporary.store, NULL));
    maintain(&temporary, &(struct store_keeping){0}, NOON);
    g_assert_true(store_outbox_next(temporary.store, &next, &found, NULL));
    g_assert_true(found);
    g_assert_cmpint(next.next, ==, NOON);
    g_assert_cmpint(next.queued, ==, NOON);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/clock/set-back", test_set_back);
    g_test_add_func("/store/clock/outbox", test_outbox);
    return g_test_run();
}
