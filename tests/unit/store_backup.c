/* A copy of a database that is in use, the way back, and what is wrong with a database. */
#include <sqlite3.h>

#include "store/backup.h"
#include "store/verification.h"
#include "store_temporary.h"

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *database = NULL;

    g_assert_cmpint(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(database);
}

static char *beside(const struct temporary *temporary, const char *name)
{
    return g_build_filename(temporary->directory, name, NULL);
}

static enum backup_state back_up(const struct temporary *temporary, const char *file, GError **error)
{
    struct backup *backup = backup_new(temporary->path, file, error);
    enum backup_state state = backup != NULL ? BACKUP_MORE : BACKUP_FAILED;
    double part = 0, last = 0;

    while (state == BACKUP_MORE) {
        state = backup_step(backup, &part, error);
        g_assert_cmpfloat(part, >=, last);
        last = part;
    }
    backup_free(backup);
    return state;
}

static bool listed_in(const char *path, const char *recipient)
{
    const struct store_settings settings = {.path = path, .mode = STORE_MODE_READ};
    g_autoptr(GError) error = NULL;
    bool suppressed;
    g_autoptr(Store) store = store_open(&settings, &error);

    g_assert_no_error(error);
    g_assert_true(store_check(store, recipient, NOON, NULL, &suppressed, NULL));
    return suppressed;
}

/* The rows that were committed when it began are in it, and nothing that came later; and it is one file. */
static void test_backup(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    double part;

    temporary_new(&temporary, NULL);
    g_autofree char *file = beside(&temporary, "copy");
    g_autofree char *log = beside(&temporary, "copy-wal");
    g_assert_true(temporary_suppress(temporary.store, "anna@example.org", 0));
    struct backup *backup = backup_new(temporary.path, file, &error);
    g_assert_no_error(error);
    g_assert_true(temporary_suppress(temporary.store, "ben@example.org", 0));
    g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
    while (backup_step(backup, &part, &error) == BACKUP_MORE)
        continue;
    g_assert_no_error(error);
    backup_free(backup);
    g_assert_true(listed_in(file, "anna@example.org"));
    g_assert_false(listed_in(file, "ben@example.org"));
    g_assert_false(g_file_test(log, G_FILE_TEST_EXISTS));
    temporary_free(&temporary);
}

/* A backup never takes the place of the database, nor of what SQLite and the daemon keep beside it. */
static void test_own_files(void)
{
    static const char *const names[] = {"bounced.db", "bounced.db-journal", "bounced.db-wal", "bounced.db-shm",
                                        "bounced.db.lock"};
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *file = beside(&temporary, names[i]);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", names[i]);
        g_assert_cmpint(back_up(&temporary, file, &error), ==, BACKUP_FAILED);
        g_assert_error(error, STORE_ERROR, STORE_ERROR_NOT_MADE);
    }
    temporary_free(&temporary);
}

/* Nor do the names that it is written under first: what bears one is not thrown away for it. */
static void test_unfinished_names(void)
{
    struct temporary temporary;
    g_autoptr(GError) bad = NULL, worse = NULL;
    g_autofree char *kept = NULL;

    temporary_make(&temporary);
    g_autofree char *file = g_strdup(temporary.path);
    g_free(temporary.path);
    temporary.path = g_strconcat(file, ".part", NULL);
    temporary.store = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    g_assert_true(temporary_suppress(temporary.store, "anna@example.org", 0));
    g_assert_cmpint(back_up(&temporary, file, &bad), ==, BACKUP_FAILED);
    g_assert_error(bad, STORE_ERROR, STORE_ERROR_NOT_MADE);
    g_assert_true(listed_in(temporary.path, "anna@example.org"));

    g_autofree char *restored = g_strconcat(file, ".restored", NULL);
    g_assert_cmpint(back_up(&temporary, restored, NULL), ==, BACKUP_DONE);
    g_assert_false(backup_restore(restored, file, &kept, &worse));
    g_assert_error(worse, STORE_ERROR, STORE_ERROR_NOT_MADE);
    g_assert_true(listed_in(restored, "anna@example.org"));
    temporary_free(&temporary);
}

/* The file that is there stays when the copy fails, and nothing else is left. */
static void test_failing_backup(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;

    temporary_make(&temporary);
    g_autofree char *file = beside(&temporary, "copy");
    g_autofree char *part = beside(&temporary, "copy.part");
    g_assert_true(g_file_set_contents(file, "the one before", -1, NULL));
    g_assert_true(g_file_set_contents(temporary.path, "no database, and long enough to be looked at as one: it is not",
                                      -1, NULL));
    g_assert_cmpint(back_up(&temporary, file, &error), ==, BACKUP_FAILED);
    g_assert_error(error, STORE_ERROR, STORE_ERROR_CORRUPT);
    g_autofree char *contents = NULL;
    g_assert_true(g_file_get_contents(file, &contents, NULL, NULL));
    g_assert_cmpstr(contents, ==, "the one before");
    g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
    temporary_free(&temporary);
}

/* The copy comes back as it was made; the database that it replaces is kept, with what was only in its write-ahead log.
 */
static void test_restore(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    g_autofree char *kept = NULL;

    temporary_new(&temporary, NULL);
    g_autofree char *file = beside(&temporary, "copy");
    g_assert_true(temporary_suppress(temporary.store, "anna@example.org", 0));
    g_assert_cmpint(back_up(&temporary, file, &error), ==, BACKUP_DONE);
    g_assert_true(temporary_suppress(temporary.store, "ben@example.org", 0));
    g_clear_pointer(&temporary.store, store_free);

    g_assert_true(backup_restore(file, temporary.path, &kept, &error));
    g_assert_no_error(error);
    g_assert_true(listed_in(temporary.path, "anna@example.org"));
    g_assert_false(listed_in(temporary.path, "ben@example.org"));
    g_assert_true(listed_in(kept, "ben@example.org"));
    temporary_free(&temporary);
}

/* Nothing stays of a copy that was begun and never whole. */
static void test_leftovers(void)
{
    static const char *const names[] = {"copy.part", "copy.part-journal", "copy.part-wal", "copy.part-shm"};
    struct temporary temporary;
    g_autoptr(GError) error = NULL;

    temporary_new(&temporary, NULL);
    g_autofree char *file = beside(&temporary, "copy");
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *left = beside(&temporary, names[i]);
        g_assert_true(g_file_set_contents(left, "left behind", -1, NULL));
    }
    backup_free(backup_new(temporary.path, file, &error));
    g_assert_no_error(error);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *left = beside(&temporary, names[i]);
        g_test_message("%s", names[i]);
        g_assert_false(g_file_test(left, G_FILE_TEST_EXISTS));
    }
    temporary_free(&temporary);
}

/* A database that cannot be opened any more, and none at all. */
static void test_restore_after_damage(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    g_autofree char *kept = NULL, *none = NULL;

    temporary_new(&temporary, NULL);
    g_autofree char *file = beside(&temporary, "copy");
    g_autofree char *log = g_strconcat(temporary.path, "-wal", NULL);
    g_assert_true(temporary_suppress(temporary.store, "anna@example.org", 0));
    g_assert_cmpint(back_up(&temporary, file, &error), ==, BACKUP_DONE);
    g_clear_pointer(&temporary.store, store_free);
    g_assert_true(
        g_file_set_contents(temporary.path, "damaged, as by a controller that lost its mind one day", -1, NULL));
    g_assert_true(g_file_set_contents(log, "so is its log", -1, NULL));

    g_assert_true(backup_restore(file, temporary.path, &kept, &error));
    g_assert_no_error(error);
    g_assert_true(listed_in(temporary.path, "anna@example.org"));
    g_autofree char *contents = NULL;
    g_assert_true(g_file_get_contents(kept, &contents, NULL, NULL));
    g_assert_true(g_str_has_prefix(contents, "damaged"));

    g_remove(temporary.path);
    g_assert_true(backup_restore(file, temporary.path, &none, &error));
    g_assert_null(none);
    g_assert_true(listed_in(temporary.path, "anna@example.org"));
    temporary_free(&temporary);
}

/* Nothing changes while a daemon holds the database, or when the file is no backup of ours. */
static void test_refused_restore(void)
{
    struct temporary temporary;
    g_autoptr(GError) held = NULL, other = NULL;
    g_autofree char *kept = NULL;

    temporary_make(&temporary);
    temporary.store = temporary_open(&temporary, STORE_MODE_DAEMON, NULL);
    g_autofree char *file = beside(&temporary, "copy");
    g_assert_true(temporary_suppress(temporary.store, "anna@example.org", 0));
    g_assert_cmpint(back_up(&temporary, file, NULL), ==, BACKUP_DONE);
    g_assert_true(temporary_suppress(temporary.store, "ben@example.org", 0));
    g_assert_false(backup_restore(file, temporary.path, &kept, &held));
    g_assert_error(held, STORE_ERROR, STORE_ERROR_HELD);
    g_clear_pointer(&temporary.store, store_free);

    run_sql(file, "PRAGMA application_id = 42");
    g_assert_false(backup_restore(file, temporary.path, &kept, &other));
    g_assert_error(other, STORE_ERROR, STORE_ERROR_CORRUPT);
    g_assert_true(listed_in(temporary.path, "ben@example.org"));
    temporary_free(&temporary);
}

/* --- what is wrong with it ---------------------------------------------------------------------------------------- */

static const struct {
    const char *sql;
    const char *says; /* the first fault begins so; NULL: there is none */
} faults[] = {
    {"", NULL},
    {"DELETE FROM suppressions WHERE subject = 'anna@example.org'", "the list has no entry for anna@example.org"},
    {"UPDATE suppressions SET until = 7 WHERE subject = 'ben@example.org'", "the list has another entry for ben@"},
    {"UPDATE suppressions SET cause = 1 WHERE subject = 'gone@example.org'", "the list has another entry for"},
    {"UPDATE suppressions SET since = since - 1 WHERE subject = 'full@example.org'", "the list has another entry for"},
    {"UPDATE suppressions SET event = NULL WHERE subject = 'gone@example.org'", "the list has another entry for"},
    {"UPDATE suppressions SET wave = 1 WHERE subject = 'anna@example.org'", "the list has another entry for"},
    {"UPDATE suppressions SET scope = 'stream=x' WHERE subject = 'anna@example.org'", "the list has another entry for"},
    {"INSERT INTO suppressions (subject, scope, cause, since, until) VALUES ('zoe@example.org', '', 1, 1, 0)",
     "the list has another entry for zoe@example.org"},
    {"PRAGMA foreign_keys = OFF; DELETE FROM messages", "a reference leads nowhere: "},
    /* an index that lacks a row of its table */
    {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX suppressions_until ON suppressions"
     " (until)' WHERE name = 'suppressions_until'",
     "the file is damaged: "},
    /* another schema */
    {"DROP INDEX suppressions_until", "the index suppressions_until is missing"},
    {"DROP TRIGGER changes_delete", "the trigger changes_delete is missing"},
    {"DROP TRIGGER changes_update; CREATE TRIGGER changes_update BEFORE UPDATE ON changes BEGIN SELECT 1; END",
     "the trigger changes_update is not as a new database has it"},
    {"ALTER TABLE messages ADD COLUMN color TEXT", "the table messages is not as a new database has it"},
    {"CREATE INDEX mine ON events (reason)", "the index mine is none that a new database has"},
    {"CREATE TABLE notes (text TEXT)", "the table notes is none that a new database has"},
    {"DROP INDEX suppressions_until; CREATE  INDEX \"suppressions_until\" ON suppressions (until) -- as before\n"
     "WHERE until > 0",
     NULL},
    {"ANALYZE", NULL},
};

static void fill(struct temporary *temporary)
{
    const struct event gone = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "gone@example.org");
    const struct event full = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "full@example.org");
    const struct store_order order = {
        .subject = "left@example.org", .who = "ann", .note = "back again", .now = NOON + 3};
    const struct store_keeping keeping = {0};
    bool removed, more;

    temporary_add(temporary, &gone, 1, NOON);
    for (unsigned day = 0; day < 6; day++)
        temporary_add(temporary, &full, 1, NOON + day * DAY);
    g_assert_true(temporary_suppress(temporary->store, "anna@example.org", 0));
    g_assert_true(temporary_suppress(temporary->store, "ben@example.org", NOON + DAY));
    g_assert_true(temporary_suppress(temporary->store, "ben@example.org", NOON + 2 * DAY));
    g_assert_true(temporary_suppress(temporary->store, "left@example.org", 0));
    g_assert_true(store_unsuppress(temporary->store, &order, &removed, NULL));
    g_assert_true(temporary_suppress(temporary->store, "over@example.org", NOON + 60));
    g_assert_true(store_maintain(temporary->store, &keeping, NOON + 120, 100, &more, NULL));
}

static void test_verify(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        struct temporary temporary;
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) error = NULL;

        g_test_message("%s", faults[i].sql);
        temporary_new(&temporary, NULL);
        fill(&temporary);
        run_sql(temporary.path, faults[i].sql);
        g_assert_true(store_verify(temporary.store, found, &error));
        g_assert_no_error(error);
        if (faults[i].says == NULL)
            g_assert_cmpuint(found->len, ==, 0);
        else
            g_assert_true(found->len > 0 && g_str_has_prefix(found->pdata[0], faults[i].says));
        temporary_free(&temporary);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/backup", test_backup);
    g_test_add_func("/store/backup/own-files", test_own_files);
    g_test_add_func("/store/backup/unfinished-names", test_unfinished_names);
    g_test_add_func("/store/backup/failing", test_failing_backup);
    g_test_add_func("/store/backup/leftovers", test_leftovers);
    g_test_add_func("/store/restore", test_restore);
    g_test_add_func("/store/restore/damage", test_restore_after_damage);
    g_test_add_func("/store/restore/refused", test_refused_restore);
    g_test_add_func("/store/verify", test_verify);
    return g_test_run();
}
