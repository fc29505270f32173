/* The figures a day: strangers cannot fill the database with them, and they add up whatever happens to their events. */
#include "store/ledger/counter.h"

#include <sqlite3.h>

#include "store/revision.h"
#include "store_temporary.h"

#define KNOWN "known.example"

/* Reports that say the same of one address each, all of other domains, in the transaction that is open. */
static void put_strangers(struct temporary *temporary, unsigned from, unsigned n, gint64 received)
{
    g_autoptr(GStringChunk) addresses = g_string_chunk_new(1 << 16);
    g_autofree struct event *events = g_new0(struct event, n);

    for (unsigned i = 0; i < n; i++) {
        char address[64];

        g_snprintf(address, sizeof address, "someone@d%u.example", from + i);
        events[i] = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, g_string_chunk_insert(addresses, address));
        events[i].evidence = REPORT_EVIDENCE_UNPROVEN;
        events[i].may_suppress = false;
        events[i].stream = "made-up";
    }
    temporary_put(temporary, events, n, received);
}

static void add_strangers(struct temporary *temporary, unsigned from, unsigned n, gint64 received)
{
    g_assert_true(store_begin(temporary->store, NULL));
    put_strangers(temporary, from, n, received);
    g_assert_true(store_commit(temporary->store, NULL));
}

struct sums {
    gint64 counters; /* of strangers */
    gint64 made_up;  /* counted in them */
    gint64 nobody;   /* counted in those of no stream and no domain */
    gint64 known;
    gint64 spam; /* of all of them */
};

static struct sums add_up(struct store *store)
{
    g_autoptr(StoreCursor) cursor = store_counters(store, &(struct store_filter){0}, NULL);
    g_autoptr(GError) error = NULL;
    struct sums sums = {0};
    struct counter row;

    while (store_next_counter(cursor, &row, &error)) {
        bool nobody = *row.stream == '\0' && *row.recipient_domain == '\0';

        if (strcmp(row.stream, "made-up") == 0) {
            sums.counters++;
            sums.made_up += row.count;
        }
        if (strcmp(row.recipient_domain, KNOWN) == 0)
            sums.known += row.count;
        if (nobody)
            sums.nobody += row.count;
        if (row.reason == REASON_SPAM_DETECTED)
            sums.spam += row.count;
    }
    g_assert_no_error(error);
    return sums;
}

static void check_sums(struct store *store, struct sums expected)
{
    struct sums is = add_up(store);

    g_assert_cmpint(is.counters, ==, expected.counters);
    g_assert_cmpint(is.made_up, ==, expected.made_up);
    g_assert_cmpint(is.nobody, ==, expected.nobody);
    g_assert_cmpint(is.known, ==, expected.known);
    g_assert_cmpint(is.spam, ==, expected.spam);
}

/* Judges the last event of `filter` again. */
static void judge_last(struct store *store, const struct store_filter *filter, enum reason reason)
{
    const struct verdict verdict = {
        .reason = reason, .party = reason_row(reason)->party, .verdict = reason_row(reason)->verdict, .rule = "new"};
    const struct revision_order order = {.who = "ann", .rule_version = "v2", .now = NOON + DAY};
    g_autoptr(Revision) revision = revision_new(store, filter, NULL);
    struct stored_event row;

    g_assert_true(revision_next(revision, &row, NULL));
    revision_judge(revision, &verdict);
    g_assert_true(revision_apply(revision, &order, G_MAXUINT, NULL));
}

static void test_strangers(void)
{
    enum { MOST = COUNTER_ROWS_OF_STRANGERS };
    const struct store_filter one_too_many = {.recipient = "someone@d20001.example"};
    const struct event known = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "someone@" KNOWN);
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_assert_true(store_begin(temporary.store, NULL));
    put_strangers(&temporary, 0, MOST / 2, NOON);
    store_rollback(temporary.store);
    add_strangers(&temporary, 0, MOST, NOON);
    check_sums(temporary.store, (struct sums){.counters = MOST, .made_up = MOST});
    add_strangers(&temporary, MOST, 2, NOON);
    check_sums(temporary.store, (struct sums){.counters = MOST, .made_up = MOST, .nobody = 2});

    /* counters that are there go on, and there is room for what is proven */
    add_strangers(&temporary, 0, 1, NOON + 1);
    temporary_add(&temporary, &known, 1, NOON);
    check_sums(temporary.store, (struct sums){MOST, MOST + 1, 2, 1, 0});

    /* an event is taken from where it was counted */
    judge_last(temporary.store, &one_too_many, REASON_SPAM_DETECTED);
    check_sums(temporary.store, (struct sums){MOST, MOST + 1, 2, 1, 1});

    /* the next day has room of its own */
    add_strangers(&temporary, MOST, 1, NOON + DAY);
    check_sums(temporary.store, (struct sums){MOST + 1, MOST + 2, 2, 1, 1});
    temporary_free(&temporary);
}

static void execute(const struct temporary *temporary, const char *sql)
{
    sqlite3 *database;

    g_assert_cmpint(sqlite3_open(temporary->path, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(database);
}

/* An event that is judged again after the counters of its day were added up over domains. */
static void test_added_up(void)
{
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "someone@" KNOWN);
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    event.stream = "made-up";
    temporary_add(&temporary, &event, 1, NOON);
    check_sums(temporary.store, (struct sums){.counters = 1, .made_up = 1, .known = 1});
    execute(&temporary, "UPDATE counters SET recipient_domain = ''");
    judge_last(temporary.store, &(struct store_filter){0}, REASON_SPAM_DETECTED);
    check_sums(temporary.store, (struct sums){.counters = 1, .made_up = 1, .spam = 1});
    temporary_free(&temporary);
}

/* Proven ones, too, are bounded; those of before the store was opened count. */
static void test_all(void)
{
    const struct event known = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "someone@" KNOWN);
    g_autofree char *sql = g_strdup_printf(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) INSERT INTO counters"
        " SELECT '2026-11-21', '', '', 'd' || i, 'bounce', 'soft', 'mailbox_full', 1 FROM n",
        COUNTER_ROWS_MAX - 1);
    struct event other = known;
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    store_free(temporary.store);
    execute(&temporary, sql);
    temporary.store = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    temporary_add(&temporary, &known, 1, NOON);
    other.recipient = "someone@other.example";
    temporary_add(&temporary, &other, 1, NOON);
    check_sums(temporary.store, (struct sums){.nobody = 1, .known = 1});
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/counters/strangers", test_strangers);
    g_test_add_func("/store/counters/added-up", test_added_up);
    g_test_add_func("/store/counters/all", test_all);
    return g_test_run();
}
