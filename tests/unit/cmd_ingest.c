/* The narrow waist with a real store: every message comes back with its outcome, after it is on disk. */
#include "cmd/config/config_load.h"
#include "cmd/config/rule_files.h"
#include "cmd/ingest/ingest.h"

#include <glib/gstdio.h>
#include <poll.h>
#include <sqlite3.h>
#include <string.h>

struct fixture {
    char *directory;
    char *path;
    struct config *config;
    struct classifier *classifier;
    struct store *store;
    struct ingest *ingest;
};

static struct store *open_store(const struct fixture *fixture, enum store_mode mode)
{
    struct store_settings settings = {
        .path = fixture->path, .mode = mode, .policies = fixture->config->policies, .busy_timeout = 100};
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(&settings, &error);

    g_assert_no_error(error);
    return store;
}

static void set_up(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *empty = NULL;
    g_autoptr(GError) error = NULL;

    fixture->directory = g_dir_make_tmp("ingest-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->directory, "bounced.db", NULL);
    empty = g_build_filename(fixture->directory, "bounced.conf", NULL);
    g_assert_true(g_file_set_contents(empty,
                                      "[server]\nworkers = 2\n[ingest]\nunproven = suppress\n"
                                      "[return-path all]\ndomain = localhost\nunproven = suppress\n",
                                      -1, NULL));
    fixture->config = config_load(empty, &error);
    g_assert_no_error(error);
    fixture->classifier = rule_files_classifier(fixture->config, &error);
    g_assert_no_error(error);
    fixture->store = open_store(fixture, STORE_MODE_WRITE);
    fixture->ingest = ingest_new(fixture->config, fixture->classifier, fixture->store);
}

static void tear_down(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    GDir *directory = g_dir_open(fixture->directory, 0, NULL);
    const char *name;

    ingest_free(fixture->ingest);
    store_free(fixture->store);
    classifier_free(fixture->classifier);
    config_free(fixture->config);
    while ((name = g_dir_read_name(directory)) != NULL) {
        g_autofree char *path = g_build_filename(fixture->directory, name, NULL);
        g_remove(path);
    }
    g_dir_close(directory);
    g_assert_cmpint(g_rmdir(fixture->directory), ==, 0);
    g_free(fixture->directory);
    g_free(fixture->path);
}

static void give(struct fixture *fixture, const char *text, const char *recipient)
{
    struct ingest_message *message = ingest_message_new("smtp", 1795262400);

    g_string_assign(message->bytes, text);
    message->mail_from = g_strdup("");
    if (recipient != NULL)
        g_ptr_array_add(message->rcpt_to, g_strdup(recipient));
    ingest_message(fixture->ingest, message);
}

static struct ingest_message *wait_for_one(struct fixture *fixture)
{
    struct ingest_message *message;

    while ((message = ingest_done(fixture->ingest)) == NULL) {
        struct pollfd descriptor = {ingest_fd(fixture->ingest), POLLIN, 0};

        g_assert_cmpint(poll(&descriptor, 1, 30000), ==, 1);
    }
    return message;
}

static unsigned count_events(const struct fixture *fixture)
{
    struct store *reader = open_store(fixture, STORE_MODE_READ);
    struct store_filter all = {0};
    g_autoptr(GError) error = NULL;
    struct store_cursor *cursor = store_events(reader, &all, &error);
    struct stored_event event;
    unsigned count = 0;

    g_assert_no_error(error);
    while (store_next_event(cursor, &event, &error))
        count++;
    g_assert_no_error(error);
    store_cursor_free(cursor);
    store_free(reader);
    return count;
}

static void test_every_message_comes_back(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    enum { N = 500 };

    for (unsigned i = 0; i < N; i++) {
        g_autofree char *text = g_strdup_printf("Subject: %u\n\nhello\n", i);
        give(fixture, text, "b@localhost");
    }
    g_assert_cmpuint(ingest_pending(fixture->ingest), ==, N);
    for (unsigned i = 0; i < N; i++) {
        g_autoptr(IngestMessage) message = wait_for_one(fixture);

        g_assert_cmpint(message->outcome, ==, INGEST_OUTCOME_STORED);
        g_assert_cmpuint(message->kinds[REPORT_KIND_OTHER], ==, 1);
        g_assert_cmpuint(strlen(message->digest), ==, 64);
    }
    g_assert_cmpuint(ingest_pending(fixture->ingest), ==, 0);
    g_assert_null(ingest_done(fixture->ingest));
    g_assert_cmpuint(count_events(fixture), ==, N);
}

/* The same message is one whatever its line ends, and another one for another envelope recipient. */
static void test_duplicates(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        const char *text, *recipient;
        enum ingest_outcome outcome;
    } cases[] = {
        {"Subject: x\n\nhello\n", "b@localhost", INGEST_OUTCOME_STORED},
        {"Subject: x\n\nhello\n", "b@localhost", INGEST_OUTCOME_DUPLICATE},
        {"Subject: x\r\n\r\nhello\r\n", "b@localhost", INGEST_OUTCOME_DUPLICATE},
        {"Subject: x\n\nhello\n", "c@localhost", INGEST_OUTCOME_STORED},
        {"Subject: x\n\nhello\n", NULL, INGEST_OUTCOME_STORED},
        {"Subject: x\n\nhello\n\n", "b@localhost", INGEST_OUTCOME_STORED},
        {"", "b@localhost", INGEST_OUTCOME_STORED},
        {"", "b@localhost", INGEST_OUTCOME_DUPLICATE},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(IngestMessage) message = NULL;

        give(fixture, cases[i].text, cases[i].recipient);
        message = wait_for_one(fixture);
        g_test_message("row %zu", i);
        g_assert_cmpint(message->outcome, ==, cases[i].outcome);
    }
    g_assert_cmpuint(count_events(fixture), ==, 5);
}

/* Messages that may put an address on the list: mail to a return path, and what the operator reads from files; not what
 * comes to postmaster. */
static void test_who_suppresses(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        const char *recipient, *envelope;
        bool suppressed;
    } cases[] = {
        {"file@example.org", NULL, true},
        {"path@example.org", "bounces@localhost", true},
        {"forged@example.org", "postmaster@mx.example.com", false},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strdup_printf("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                            "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
                            "Final-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\n\n--b--\n",
                            cases[i].recipient);
        g_autoptr(IngestMessage) message = NULL;
        g_autoptr(Store) reader = NULL;
        g_autoptr(GError) error = NULL;
        struct suppression found;
        bool suppressed;

        give(fixture, text, cases[i].envelope);
        message = wait_for_one(fixture);
        g_test_message("row %zu", i);
        g_assert_cmpint(message->outcome, ==, INGEST_OUTCOME_STORED);
        g_assert_cmpuint(message->kinds[REPORT_KIND_BOUNCE], ==, 1);
        reader = open_store(fixture, STORE_MODE_READ);
        g_assert_true(store_check(reader, cases[i].recipient, message->received, &found, &suppressed, &error));
        g_assert_cmpint(suppressed, ==, cases[i].suppressed);
    }
}

/* A report that proves nothing and names more than the config allows suppresses none of them. */
static void test_unproven_recipients(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        unsigned recipients;
        bool suppressed;
    } cases[] = {{101, false}, {100, true}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text =
            g_string_new("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                         "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n");
        g_autoptr(IngestMessage) message = NULL;
        g_autoptr(Store) reader = NULL;
        g_autoptr(GError) error = NULL;
        struct suppression found;
        bool suppressed;

        for (unsigned n = 0; n < cases[i].recipients; n++)
            g_string_append_printf(text, "Final-Recipient: rfc822; u%u@example.org\nAction: failed\nStatus: 5.1.1\n\n",
                                   n);
        give(fixture, text->str, "bounces@localhost");
        message = wait_for_one(fixture);
        g_assert_cmpuint(message->kinds[REPORT_KIND_BOUNCE], ==, cases[i].recipients);
        reader = open_store(fixture, STORE_MODE_READ);
        g_assert_true(store_check(reader, "u0@example.org", message->received, &found, &suppressed, &error));
        g_assert_cmpint(suppressed, ==, cases[i].suppressed);
    }
}

/* Another process that holds the lock for too long: nothing is kept, the message says why, and the next attempt works.
 */
static void test_locked(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    struct store *other = open_store(fixture, STORE_MODE_WRITE);
    g_autoptr(GError) error = NULL;
    g_autoptr(IngestMessage) first = NULL, second = NULL;

    g_assert_true(store_begin(other, &error));
    give(fixture, "Subject: x\n\nhello\n", NULL);
    first = wait_for_one(fixture);
    g_assert_cmpint(first->outcome, ==, INGEST_OUTCOME_FAILED);
    g_assert_nonnull(strstr(first->error, fixture->path));
    store_rollback(other);
    store_free(other);
    give(fixture, "Subject: x\n\nhello\n", NULL);
    second = wait_for_one(fixture);
    g_assert_cmpint(second->outcome, ==, INGEST_OUTCOME_STORED);
    g_assert_cmpuint(count_events(fixture), ==, 1);
}

static void execute(const struct fixture *fixture, const char *sql)
{
    sqlite3 *database;

    g_assert_cmpint(sqlite3_open(fixture->path, &database), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(database);
}

static void put_copy_in_place(const struct fixture *fixture)
{
    g_autofree char *copy = g_strconcat(fixture->path, "-copy", NULL);
    g_autofree char *log = g_strconcat(fixture->path, "-wal", NULL);
    g_autofree char *sql = g_strdup_printf("VACUUM INTO '%s'", copy);

    execute(fixture, sql);
    g_assert_cmpint(g_rename(copy, fixture->path), ==, 0);
    g_assert_cmpint(g_unlink(log), ==, 0);
}

/* One message that the database does not take holds up none of those beside it; and when they were stored the
 * connection is good, and is not made again: the next message finds that the file was replaced. */
static void test_one_fails(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const char *const texts[] = {"Subject: 1\n\n", "Subject: 2\n\n", "To: bad\n\n", "Subject: 3\n\n",
                                        "Subject: 4\n\n"};
    g_autoptr(IngestMessage) next = NULL;
    g_autoptr(GError) error = NULL;

    execute(fixture, "CREATE TRIGGER bad BEFORE INSERT ON messages WHEN new.size = 9"
                     " BEGIN SELECT RAISE(ABORT, 'for a test'); END");
    /* They stay in order: none is so large that it has to let others go first. */
    ingest_free(fixture->ingest);
    fixture->config->workers = 1;
    fixture->ingest = ingest_new(fixture->config, fixture->classifier, fixture->store);
    g_assert_nonnull(ingest_borrow_store(fixture->ingest, &error));
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        give(fixture, texts[i], NULL);
    ingest_return_store(fixture->ingest, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(IngestMessage) message = wait_for_one(fixture);

        g_assert_cmpint(message->outcome, ==, message->bytes->len == 9 ? INGEST_OUTCOME_FAILED : INGEST_OUTCOME_STORED);
    }
    put_copy_in_place(fixture);
    give(fixture, "Subject: 5\n\n", NULL);
    next = wait_for_one(fixture);
    g_assert_cmpint(next->outcome, ==, INGEST_OUTCOME_FAILED);
}

/* Nothing happened later than it was reported, whatever the report's clock says. */
static void test_future(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        const char *date;
        gint64 occurred;
        unsigned future;
    } cases[] = {
        {"Sat, 21 Nov 2026 11:59:00 +0000", 1795262340, 0},
        {"Sat, 21 Nov 2026 12:05:00 +0000", 1795262400, 0},
        {"Sat, 21 Nov 2026 14:00:00 +0000", 1795262400, 1},
        {"Sat, 21 Nov 2099 12:00:00 +0000", 1795262400, 1},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("Date: %s\nSubject: hello\n\nhello\n", cases[i].date);
        const struct store_filter newest = {.limit = 1};
        struct stored_event row;

        give(fixture, text, NULL);
        g_autoptr(IngestMessage) message = wait_for_one(fixture);
        g_assert_cmpuint(message->future, ==, cases[i].future);
        g_autoptr(Store) reader = open_store(fixture, STORE_MODE_READ);
        g_autoptr(StoreCursor) cursor = store_events(reader, &newest, NULL);
        g_assert_true(store_next_event(cursor, &row, NULL));
        g_assert_cmpint(row.event.occurred, ==, cases[i].occurred);
        g_clear_pointer(&cursor, store_cursor_free);
    }
}

/* A message that was given is stored even when nobody collects it. */
static void test_free_stores(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    for (unsigned i = 0; i < 50; i++) {
        g_autofree char *text = g_strdup_printf("Subject: %u\n\nhello\n", i);
        give(fixture, text, NULL);
    }
    ingest_free(g_steal_pointer(&fixture->ingest));
    g_assert_cmpuint(count_events(fixture), ==, 50);
}

/* Reports that wait for the store take no more than a quarter of the memory, and one for each worker. */
static void test_backlog(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    enum { MESSAGES = 40, RECIPIENTS = 4000, ROUNDS = 1000 };
    g_autoptr(GString) text = g_string_new("Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                                           "--b\nContent-Type: message/delivery-status\n\n"
                                           "Reporting-MTA: dns; mx.example.net\n\n");
    g_autoptr(GError) error = NULL;
    size_t one, most = 0;

    for (unsigned i = 0; i < RECIPIENTS; i++)
        g_string_append_printf(text, "Final-Recipient: rfc822; u%u@example.org\nAction: failed\n\n", i);
    one = RECIPIENTS * (sizeof(struct event) + sizeof(struct report_recipient) + 100);
    ingest_free(fixture->ingest);
    fixture->config->memory = (gint64)(12 * one);
    fixture->ingest = ingest_new(fixture->config, fixture->classifier, fixture->store);
    g_assert_nonnull(ingest_borrow_store(fixture->ingest, &error));
    for (unsigned i = 0; i < MESSAGES; i++) {
        g_string_append_printf(text, "Comments: %u\n", i);
        give(fixture, text->str, NULL);
    }
    /* The time is for what must not happen. */
    for (unsigned i = 0; i < ROUNDS && most <= 5 * one; i++, g_usleep(1000))
        most = MAX(most, ingest_backlog(fixture->ingest));
    g_assert_cmpuint(most, >, 2 * one);
    g_assert_cmpuint(most, <=, 5 * one);
    ingest_return_store(fixture->ingest, NULL);
    for (unsigned i = 0; i < MESSAGES; i++) {
        g_autoptr(IngestMessage) message = wait_for_one(fixture);
        g_assert_cmpint(message->outcome, ==, INGEST_OUTCOME_STORED);
    }
    g_assert_cmpuint(ingest_backlog(fixture->ingest), ==, 0);
}

/* The defaults of [parser] in bounced.conf(5) are those that the parser has by itself. */
static void test_limits(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    struct report_settings configured, initial;

    ingest_report_settings(fixture->config, &configured);
    report_settings_defaults(&initial);
    g_assert_cmpuint(configured.max_parts, ==, initial.max_parts);
    g_assert_cmpuint(configured.max_depth, ==, initial.max_depth);
    g_assert_cmpuint(configured.max_recipients, ==, initial.max_recipients);
    g_assert_cmpuint(configured.max_header_bytes, ==, initial.max_header_bytes);
    g_assert_cmpuint(configured.max_text_bytes, ==, initial.max_text_bytes);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/cmd/ingest/comes_back", struct fixture, NULL, set_up, test_every_message_comes_back, tear_down);
    g_test_add("/cmd/ingest/duplicates", struct fixture, NULL, set_up, test_duplicates, tear_down);
    g_test_add("/cmd/ingest/who_suppresses", struct fixture, NULL, set_up, test_who_suppresses, tear_down);
    g_test_add("/cmd/ingest/unproven_recipients", struct fixture, NULL, set_up, test_unproven_recipients, tear_down);
    g_test_add("/cmd/ingest/locked", struct fixture, NULL, set_up, test_locked, tear_down);
    g_test_add("/cmd/ingest/one_fails", struct fixture, NULL, set_up, test_one_fails, tear_down);
    g_test_add("/cmd/ingest/future", struct fixture, NULL, set_up, test_future, tear_down);
    g_test_add("/cmd/ingest/backlog", struct fixture, NULL, set_up, test_backlog, tear_down);
    g_test_add("/cmd/ingest/limits", struct fixture, NULL, set_up, test_limits, tear_down);
    g_test_add("/cmd/ingest/free_stores", struct fixture, NULL, set_up, test_free_stores, tear_down);
    return g_test_run();
}
