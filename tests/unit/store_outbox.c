/* The outbox: a row is on disk when its message is, and its message for as long as it waits. */
#include "store/outbox.h"

#include <sqlite3.h>
#include <zstd.h>

#include "store_temporary.h"

#define HOUR 3600

extern const char schema_sql[];
extern const size_t schema_sql_ends[];

static struct outgoing_order make_order(const char *recipient, gint64 now)
{
    return (struct outgoing_order){.recipient = recipient,
                                   .came_to = "fbl@example.com",
                                   .now = now,
                                   .hourly = 100,
                                   .sender_hourly = 100,
                                   .too_many = "too_many"};
}

static const char *sender; /* of what is put */

static enum outgoing_state put(struct temporary *temporary, guint8 first, const struct outgoing_order *order)
{
    const guint8 digest[32] = {first};
    const char text[] = "Subject: hello\n\n";
    char buffer[200];
    size_t length = ZSTD_compress(buffer, sizeof buffer, text, strlen(text), 1);
    g_autoptr(GBytes) raw = g_bytes_new(buffer, length);
    const struct store_message message = {.digest = digest,
                                          .mail_from = sender,
                                          .received = order->now,
                                          .source = "smtp",
                                          .size = strlen(text),
                                          .raw = raw};
    const struct event event = temporary_event(REPORT_KIND_OTHER, REASON_NONE, NULL);
    g_autoptr(GError) error = NULL;
    enum outgoing_state state;

    g_assert_cmpint(store_add(temporary->store, &message, &event, 1, &error), ==, STORE_RESULT_ADDED);
    g_assert_true(store_outbox_add(temporary->store, digest, order, &state, &error));
    g_assert_no_error(error);
    return state;
}

static enum outgoing_state add(struct temporary *temporary, guint8 first, const struct outgoing_order *order)
{
    enum outgoing_state state;

    g_assert_true(store_begin(temporary->store, NULL));
    state = put(temporary, first, order);
    g_assert_true(store_commit(temporary->store, NULL));
    return state;
}

static bool next(struct temporary *temporary, struct outgoing *row)
{
    g_autoptr(GError) error = NULL;
    bool found;

    g_assert_true(store_outbox_next(temporary->store, row, &found, &error));
    g_assert_no_error(error);
    return found;
}

/* The first two digits of each row's digest, and its state's first letter. */
static char *list(struct temporary *temporary, const struct store_filter *filter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreCursor) cursor = store_outbox(temporary->store, filter, &error);
    GString *out = g_string_new(NULL);
    struct outgoing row;

    g_assert_no_error(error);
    while (store_next_outgoing(cursor, &row, &error))
        g_string_append_printf(out, "%.2s%c", row.digest, outgoing_state_names[row.state][0]);
    g_assert_no_error(error);
    return g_string_free(out, FALSE);
}

static void expect_list(struct temporary *temporary, struct store_filter filter, const char *expected)
{
    g_autofree char *found = list(temporary, &filter);

    g_assert_cmpstr(found, ==, expected);
}

static void mark(struct temporary *temporary, enum outgoing_state state, gint64 later)
{
    g_autoptr(GError) error = NULL;
    struct outgoing row;

    g_assert_true(next(temporary, &row));
    row.state = state;
    row.attempts++;
    row.tried = row.next;
    row.next += later;
    row.said = "451 later";
    g_assert_true(store_outbox_mark(temporary->store, &row, &error));
    g_assert_no_error(error);
}

/* Neither is there without the other. */
static void test_one_transaction(void)
{
    const struct outgoing_order order = make_order("person@example.org", NOON);
    struct temporary temporary;
    struct outgoing row;

    temporary_new(&temporary, NULL);
    g_assert_true(store_begin(temporary.store, NULL));
    put(&temporary, 1, &order);
    store_rollback(temporary.store);
    g_assert_false(next(&temporary, &row));
    g_assert_cmpint(add(&temporary, 1, &order), ==, OUTGOING_WAITING);
    store_free(temporary.store);
    temporary.store = temporary_open(&temporary, STORE_MODE_DAEMON, NULL);
    g_assert_true(next(&temporary, &row));
    g_assert_cmpstr(row.recipient, ==, "person@example.org");
    g_assert_cmpstr(row.came_to, ==, "fbl@example.com");
    g_assert_cmpstr(row.source, ==, "smtp");
    g_assert_cmpstr(row.said, ==, NULL);
    g_assert_cmpint(row.queued, ==, NOON);
    g_assert_cmpint(row.next, ==, NOON);
    g_assert_cmpint(row.tried, ==, 0);
    g_assert_cmpuint(row.attempts, ==, 0);
    temporary_free(&temporary);
}

/* The message that is due first is next, due or not; one that is over is not. */
static void test_turns(void)
{
    const struct outgoing_order first = make_order("person@example.org", NOON);
    const struct outgoing_order second = make_order("person@example.org", NOON + 1);
    struct outgoing_order held = make_order("person@example.org", NOON - 1);
    struct temporary temporary;
    struct outgoing row;

    held.withheld = "loop";
    temporary_new(&temporary, NULL);
    add(&temporary, 1, &first);
    add(&temporary, 2, &second);
    g_assert_cmpint(add(&temporary, 3, &held), ==, OUTGOING_WITHHELD);
    expect_list(&temporary, (struct store_filter){0}, "03w01w02w");
    mark(&temporary, OUTGOING_WAITING, 60);
    g_assert_true(next(&temporary, &row));
    g_assert_cmpint(row.digest[1], ==, '2');
    mark(&temporary, OUTGOING_DELIVERED, 0);
    g_assert_true(next(&temporary, &row));
    g_assert_cmpint(row.digest[1], ==, '1');
    g_assert_cmpint(row.next, ==, NOON + 60);
    g_assert_cmpint(row.tried, ==, NOON);
    g_assert_cmpuint(row.attempts, ==, 1);
    g_assert_cmpstr(row.said, ==, "451 later");
    mark(&temporary, OUTGOING_FAILED, 0);
    g_assert_false(next(&temporary, &row));
    expect_list(&temporary, (struct store_filter){0}, "03w01f");
    expect_list(&temporary, (struct store_filter){.kind = "delivered"}, "02d");
    expect_list(&temporary, (struct store_filter){.kind = "failed"}, "01f");
    expect_list(&temporary, (struct store_filter){.since = NOON}, "01f");
    expect_list(&temporary, (struct store_filter){.until = NOON}, "03w");
    expect_list(&temporary, (struct store_filter){.limit = 1}, "03w");
    temporary_free(&temporary);
}

/* The limit is about the hour before; what is withheld does not count. */
static void test_hourly(void)
{
    static const struct {
        gint64 when;
        enum outgoing_state state;
    } rows[] = {
        {0, OUTGOING_WAITING},         {10, OUTGOING_WAITING},         {20, OUTGOING_WITHHELD},
        {HOUR - 1, OUTGOING_WITHHELD}, {HOUR, OUTGOING_WAITING},       {HOUR + 9, OUTGOING_WITHHELD},
        {HOUR + 10, OUTGOING_WAITING}, {HOUR + 11, OUTGOING_WITHHELD}, {3 * HOUR, OUTGOING_WAITING},
        {3 * HOUR, OUTGOING_WAITING},  {3 * HOUR, OUTGOING_WITHHELD},
    };
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct outgoing_order order = make_order("person@example.org", NOON + rows[i].when);

        order.hourly = 2;
        g_test_message("row %zu", i);
        g_assert_cmpint(add(&temporary, (guint8)(i + 1), &order), ==, rows[i].state);
    }
    temporary_free(&temporary);
}

/* One sender's flood takes nothing from others. */
static void test_hourly_of_sender(void)
{
    static const struct {
        const char *sender;
        enum outgoing_state state;
    } rows[] = {
        {"a@junk.example", OUTGOING_WAITING},
        {"b@Junk.example", OUTGOING_WAITING},
        {"c@junk.example", OUTGOING_WITHHELD},
        {"fbl@provider.example", OUTGOING_WAITING},
        {"", OUTGOING_WAITING},
        {"", OUTGOING_WAITING},
        {"", OUTGOING_WITHHELD},
        {"a@x.junk.example", OUTGOING_WAITING},
        {"d@else.example", OUTGOING_WITHHELD}, /* more than all together may */
    };
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct outgoing_order order = make_order("person@example.org", NOON);

        order.hourly = 6;
        order.sender_hourly = 2;
        sender = rows[i].sender;
        g_test_message("row %zu", i);
        g_assert_cmpint(add(&temporary, (guint8)(i + 1), &order), ==, rows[i].state);
    }
    sender = NULL;
    temporary_free(&temporary);
}

static void retry(struct temporary *temporary, const char *prefix, unsigned expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *digest = store_digest(temporary->store, prefix, &error);
    unsigned n;

    g_assert_true(store_outbox_retry(temporary->store, digest, NOON + 100, &n, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(n, ==, expected);
}

static void test_retry(void)
{
    struct outgoing_order order = make_order("person@example.org", NOON);
    struct temporary temporary;
    struct outgoing row;

    temporary_new(&temporary, NULL);
    add(&temporary, 1, &order);
    order.withheld = "loop";
    add(&temporary, 2, &order);
    mark(&temporary, OUTGOING_FAILED, 0);
    retry(&temporary, "01000000", 1);
    g_assert_true(next(&temporary, &row));
    g_assert_cmpint(row.queued, ==, NOON + 100);
    g_assert_cmpint(row.next, ==, NOON + 100);
    g_assert_cmpuint(row.attempts, ==, 0);
    mark(&temporary, OUTGOING_WAITING, 3600);
    retry(&temporary, "01000000", 1);
    mark(&temporary, OUTGOING_DELIVERED, 0);
    retry(&temporary, "01000000", 0);
    retry(&temporary, "02000000", 1);
    g_assert_true(next(&temporary, &row));
    g_assert_cmpint(row.digest[1], ==, '2');
    temporary_free(&temporary);
}

static bool is_kept(struct temporary *temporary)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *digest = store_digest(temporary->store, "01000000", NULL);
    bool more;

    g_assert_true(
        store_maintain(temporary->store, &(struct store_keeping){.raws = HOUR}, NOON + 2 * HOUR, 100, &more, &error));
    g_assert_no_error(error);
    g_autoptr(GBytes) raw = store_message_raw(temporary->store, digest, &error);
    g_assert_no_error(error);
    return raw != NULL;
}

static void test_retention(void)
{
    static const enum outgoing_state states[] = {OUTGOING_DELIVERED, OUTGOING_FAILED};
    const struct outgoing_order order = make_order("person@example.org", NOON);

    for (size_t i = 0; i < G_N_ELEMENTS(states); i++) {
        struct temporary temporary;

        temporary_new(&temporary, NULL);
        add(&temporary, 1, &order);
        g_assert_true(is_kept(&temporary));
        mark(&temporary, OUTGOING_WAITING, 4 * HOUR);
        g_assert_true(is_kept(&temporary));
        mark(&temporary, states[i], 0);
        g_assert_false(is_kept(&temporary));
        temporary_free(&temporary);
    }
}

/* A database of version 1 keeps what it has, and gets an outbox. */
static void test_migration(void)
{
    g_autofree char *first = g_strndup(schema_sql, schema_sql_ends[0]);
    const struct outgoing_order order = make_order("person@example.org", NOON);
    struct temporary temporary;
    sqlite3 *database = NULL;
    bool suppressed;
    g_autoptr(GError) error = NULL;

    temporary_make(&temporary);
    g_assert_cmpint(sqlite3_open(temporary.path, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database, first, NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database,
                                 "INSERT INTO suppressions (recipient, verdict, who, since, until)"
                                 " VALUES ('a@example.com', 'none', 'ann', 1, 0)",
                                 NULL, NULL, NULL),
                    ==, SQLITE_OK);
    sqlite3_close(database);
    const struct store_settings reads = {.path = temporary.path, .mode = STORE_MODE_READ};
    g_assert_null(store_open(&reads, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_VERSION);
    temporary.store = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    g_assert_true(store_check(temporary.store, "a@example.com", NOON, NULL, &suppressed, NULL));
    g_assert_true(suppressed);
    add(&temporary, 1, &order);
    expect_list(&temporary, (struct store_filter){0}, "01w");
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/outbox/one-transaction", test_one_transaction);
    g_test_add_func("/store/outbox/turns", test_turns);
    g_test_add_func("/store/outbox/hourly", test_hourly);
    g_test_add_func("/store/outbox/hourly_of_sender", test_hourly_of_sender);
    g_test_add_func("/store/outbox/retry", test_retry);
    g_test_add_func("/store/outbox/retention", test_retention);
    g_test_add_func("/store/outbox/migration", test_migration);
    return g_test_run();
}
