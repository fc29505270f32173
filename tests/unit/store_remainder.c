/* A report that proves nothing and names many: the first have events, the others are a sum, and counted. */
#include "store_temporary.h"

enum { MANY = 250, MOST = 100 };

static void make_events(struct event *events, char names[][32], unsigned proven)
{
    for (unsigned i = 0; i < MANY; i++) {
        enum reason reason = i % 2 == 0 ? REASON_USER_UNKNOWN : REASON_MAILBOX_FULL;

        g_snprintf(names[i], sizeof names[i], "u%u@d%u.example", i, i);
        events[i] = temporary_event(REPORT_KIND_BOUNCE, reason, names[i]);
        events[i].sender = "news@shop.example";
        if (i >= proven) {
            events[i].evidence = REPORT_EVIDENCE_UNPROVEN;
            events[i].may_suppress = false;
        }
    }
}

static void add(struct temporary *temporary, const struct event *events, size_t keep)
{
    static const guint8 digest[STORE_DIGEST_SIZE] = "a digest";
    const struct store_message message = {
        .digest = digest, .received = NOON, .source = "smtp", .size = 1, .keep_unproven = keep};

    g_assert_true(store_begin(temporary->store, NULL));
    g_assert_cmpint(store_add(temporary->store, &message, events, MANY, NULL), ==, STORE_RESULT_ADDED);
    g_assert_true(store_commit(temporary->store, NULL));
}

static void count_events(struct store *store, guint *rows, guint *left_out)
{
    g_autoptr(StoreCursor) cursor = store_events(store, &(struct store_filter){0}, NULL);
    struct stored_event row;

    for (*rows = *left_out = 0; store_next_event(cursor, &row, NULL); ++*rows)
        *left_out = row.left_out;
}

static void count_counters(struct store *store, guint *rows, guint *sum)
{
    g_autoptr(StoreCursor) cursor = store_counters(store, &(struct store_filter){0}, NULL);
    struct counter row;

    for (*rows = *sum = 0; store_next_counter(cursor, &row, NULL); ++*rows)
        *sum += (guint)row.count;
}

static void test_remainder(void)
{
    static const struct {
        size_t keep;
        unsigned proven;
        guint events, left_out;
        guint counters; /* rows: a domain each, and two for the others */
    } cases[] = {
        {0, 0, MANY, 0, MANY},
        {MANY, 0, MANY, 0, MANY},
        {MANY - 1, 0, MANY - 1, 1, MANY},
        {MOST, 0, MOST, MANY - MOST, MOST + 2},
        {MOST, 50, MOST + 50, MANY - MOST - 50, MOST + 52},
        {MOST, MANY, MANY, 0, MANY},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct temporary temporary;
        struct event events[MANY];
        char names[MANY][32];
        guint rows, left_out, counters, sum;

        g_test_message("row %zu", i);
        make_events(events, names, cases[i].proven);
        temporary_new(&temporary, NULL);
        add(&temporary, events, cases[i].keep);
        count_events(temporary.store, &rows, &left_out);
        count_counters(temporary.store, &counters, &sum);
        g_assert_cmpuint(rows, ==, cases[i].events);
        g_assert_cmpuint(left_out, ==, cases[i].left_out);
        g_assert_cmpuint(counters, ==, cases[i].counters);
        g_assert_cmpuint(sum, ==, MANY);
        temporary_free(&temporary);
    }
}

/* A report that names the same address again and again is one failure. */
static void test_same(void)
{
    struct temporary temporary;
    struct event events[MANY];
    char names[MANY][32];
    guint rows, left_out, counters, sum;

    make_events(events, names, 0);
    for (unsigned i = 0; i < MANY; i++) {
        g_strlcpy(names[i], i % 2 == 0 ? "Ann@example.com" : "ann@example.com", sizeof names[i]);
        events[i].reason = REASON_USER_UNKNOWN;
        events[i].message_id = (char *)"m1@example.com";
    }
    g_strlcpy(names[MANY - 1], "ben@example.com", sizeof names[0]);
    temporary_new(&temporary, NULL);
    add(&temporary, events, MOST);
    count_events(temporary.store, &rows, &left_out);
    count_counters(temporary.store, &counters, &sum);
    g_assert_cmpuint(rows, ==, MOST);
    g_assert_cmpuint(left_out, ==, 1);
    g_assert_cmpuint(sum, ==, 2);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/remainder", test_remainder);
    g_test_add_func("/store/remainder_same", test_same);
    return g_test_run();
}
