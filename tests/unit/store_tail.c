/* All that comes into a store is given once, in its order, whatever the filter leaves out and however much it is. */
#include "store/tail.h"

#include "store_temporary.h"

static void add(struct temporary *temporary, enum reason reason, const char *recipient, gint64 at)
{
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, reason, recipient);

    temporary_add(temporary, &event, 1, at);
}

static void suppress(struct temporary *temporary, const char *subject, gint64 now)
{
    const struct store_order order = {.subject = subject, .who = "alice", .now = now};
    g_autoptr(GError) error = NULL;

    g_assert_true(store_suppress(temporary->store, &order, &error));
    g_assert_no_error(error);
}

static struct store_tail *follow(struct store *store, const struct store_filter *filter, gint64 before)
{
    const struct store_tail_settings settings = {.filter = filter, .events = true, .changes = true, .before = before};
    g_autoptr(GError) error = NULL;
    struct store_tail *tail = store_tail_new(store, &settings, &error);

    g_assert_no_error(error);
    return tail;
}

/* All that has come since, "user_unknown a@example.org, add a@example.org". */
static void comes(struct store_tail *tail, const char *expected)
{
    g_autoptr(GString) got = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    struct store_tail_item item;

    while (store_tail_stirred(tail)) {
        while (store_tail_next(tail, &item, &error))
            g_string_append_printf(got, "%s%s %s", got->len > 0 ? ", " : "",
                                   item.event != NULL ? reason_names[item.event->event.reason] : item.change->change,
                                   item.event != NULL ? item.event->event.recipient : item.change->subject);
        g_assert_no_error(error);
    }
    g_assert_cmpstr(got->str, ==, expected);
}

static void test_order(void)
{
    const struct store_filter all = {0};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_autoptr(Store) reader = temporary_open(&temporary, STORE_MODE_READ, NULL);
    g_autoptr(StoreTail) tail = follow(reader, &all, 0);
    comes(tail, "");
    g_assert_false(store_tail_stirred(tail));
    add(&temporary, REASON_USER_UNKNOWN, "a@example.org", NOON);
    g_assert_true(store_tail_stirred(tail));
    add(&temporary, REASON_USER_UNKNOWN, "b@example.org", NOON);
    suppress(&temporary, "c@example.org", NOON);
    add(&temporary, REASON_MAILBOX_FULL, "d@example.org", NOON + 1);
    comes(tail, "user_unknown a@example.org, add a@example.org, user_unknown b@example.org, add b@example.org,"
                " add c@example.org, mailbox_full d@example.org");
    g_assert_false(store_tail_stirred(tail));
    suppress(&temporary, "e@example.org", NOON + 2);
    comes(tail, "add e@example.org");
    suppress(&temporary, "f@example.org", NOON + 2);
    add(&temporary, REASON_USER_UNKNOWN, "g@example.org", NOON + 2);
    comes(tail, "add f@example.org, user_unknown g@example.org, add g@example.org");
    g_clear_pointer(&tail, store_tail_free);
    g_clear_pointer(&reader, store_free);
    temporary_free(&temporary);
}

/* A mark knows of each commit, by whomever, once. */
static void test_mark(void)
{
    struct store_mark mark = {.known = false};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_autoptr(Store) reader = temporary_open(&temporary, STORE_MODE_READ, NULL);
    g_autoptr(Store) asked = temporary_open(&temporary, STORE_MODE_ASK, NULL);
    struct store_mark other = {.known = false};
    g_assert_true(store_stirred(reader, &mark));
    g_assert_true(store_stirred(asked, &other));
    for (unsigned i = 0; i < 3; i++) {
        g_assert_false(store_stirred(reader, &mark));
        add(&temporary, REASON_USER_UNKNOWN, "a@example.org", NOON + i * DAY);
        g_assert_true(store_stirred(reader, &mark));
    }
    g_assert_true(store_stirred(asked, &other));
    g_assert_false(store_stirred(asked, &other));
    g_clear_pointer(&reader, store_free);
    g_clear_pointer(&asked, store_free);
    temporary_free(&temporary);
}

/* Of what was there already the last ones, of both together. */
static void test_before(void)
{
    const struct store_filter all = {0}, of_c = {.recipient = "C@example.org"}, full = {.reason = "mailbox_full"};
    static const char *const expected[] = {
        "", "mailbox_full d@example.org", "add c@example.org, mailbox_full d@example.org",
        "add b@example.org, add c@example.org, mailbox_full d@example.org",
        "user_unknown b@example.org, add b@example.org, add c@example.org, mailbox_full d@example.org"};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    add(&temporary, REASON_USER_UNKNOWN, "a@example.org", NOON);
    add(&temporary, REASON_USER_UNKNOWN, "b@example.org", NOON);
    suppress(&temporary, "c@example.org", NOON);
    add(&temporary, REASON_MAILBOX_FULL, "d@example.org", NOON + 1);
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autoptr(StoreTail) tail = follow(temporary.store, &all, (gint64)i);
        comes(tail, expected[i]);
    }
    g_autoptr(StoreTail) tail_of_c = follow(temporary.store, &of_c, 10), tail_full = follow(temporary.store, &full, 10);
    comes(tail_of_c, "add c@example.org");
    comes(tail_full, "mailbox_full d@example.org");
    suppress(&temporary, "e@example.org", NOON + 2);
    comes(tail_of_c, "");
    g_clear_pointer(&tail_of_c, store_tail_free);
    g_clear_pointer(&tail_full, store_tail_free);
    temporary_free(&temporary);
}

/* More than a batch at once: each once, and each change behind its event. */
static void test_many(void)
{
    enum { MANY = 2500 };
    const struct store_filter all = {0};
    struct temporary temporary;
    struct store_tail_item item;
    guint n = 0;
    g_autofree struct event *events = g_new(struct event, MANY);
    g_autoptr(GStringChunk) names = g_string_chunk_new(1024);

    temporary_new(&temporary, NULL);
    g_autoptr(StoreTail) tail = follow(temporary.store, &all, 0);
    for (guint i = 0; i < MANY; i++) {
        g_autofree char *name = g_strdup_printf("user%u@example.org", i);
        events[i] = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, g_string_chunk_insert(names, name));
    }
    temporary_add(&temporary, events, MANY, NOON);
    while (store_tail_stirred(tail)) {
        while (store_tail_next(tail, &item, NULL)) {
            const char *address = item.event != NULL ? item.event->event.recipient : item.change->subject;
            g_assert_cmpint(item.event != NULL, ==, n % 2 == 0);
            g_assert_cmpstr(address, ==, events[n / 2].recipient);
            n++;
        }
    }
    g_assert_cmpuint(n, ==, 2 * MANY);
    g_clear_pointer(&tail, store_tail_free);
    temporary_free(&temporary);
}

/* Nothing is held between batches: the log can be read back and used again. */
static void test_idle(void)
{
    const struct store_filter all = {0};
    struct temporary temporary;
    bool settled = false;

    temporary_new(&temporary, NULL);
    g_autoptr(Store) reader = temporary_open(&temporary, STORE_MODE_READ, NULL);
    g_autoptr(StoreTail) tail = follow(reader, &all, 0);
    add(&temporary, REASON_USER_UNKNOWN, "a@example.org", NOON);
    comes(tail, "user_unknown a@example.org, add a@example.org");
    add(&temporary, REASON_USER_UNKNOWN, "b@example.org", NOON);
    g_assert_true(store_settled(temporary.store, &settled, NULL));
    g_assert_true(settled);
    comes(tail, "user_unknown b@example.org, add b@example.org");
    g_clear_pointer(&tail, store_tail_free);
    g_clear_pointer(&reader, store_free);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/tail/order", test_order);
    g_test_add_func("/store/tail/before", test_before);
    g_test_add_func("/store/tail/many", test_many);
    g_test_add_func("/store/tail/idle", test_idle);
    g_test_add_func("/store/tail/mark", test_mark);
    return g_test_run();
}
