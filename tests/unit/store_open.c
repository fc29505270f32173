/* Opening, migrating, and several users of one database; a disk that is full. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store_temporary.h"

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *database = NULL;

    g_assert_cmpint(sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(database, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(database);
}

/* --- files that are there already ------------------------------------------------------------------------------- */

static const struct file {
    const char *name;
    const char *text; /* of the file, or */
    const char *sql;  /* what makes it */
    enum store_mode mode;
    enum store_error error;
    const char *says; /* NULL: it opens */
} files[] = {
    {"missing", NULL, NULL, STORE_MODE_WRITE, 0, NULL},
    {"missing, to read", NULL, NULL, STORE_MODE_READ, STORE_ERROR_FAILED, "No such file"},
    {"empty", "", NULL, STORE_MODE_WRITE, 0, NULL},
    {"empty, to read", "", NULL, STORE_MODE_READ, STORE_ERROR_VERSION, "has version 0"},
    {"version 0", NULL, "PRAGMA application_id = 1112425284", STORE_MODE_DAEMON, 0, NULL},
    {"newer", NULL, "PRAGMA application_id = 1112425284; PRAGMA user_version = 999", STORE_MODE_WRITE,
     STORE_ERROR_VERSION, "newer bounced"},
    {"newer, to read", NULL, "PRAGMA application_id = 1112425284; PRAGMA user_version = 999", STORE_MODE_READ,
     STORE_ERROR_VERSION, "newer bounced"},
    {"another program's", NULL, "CREATE TABLE notes (text)", STORE_MODE_WRITE, STORE_ERROR_CORRUPT, "another program"},
    {"another program's id", NULL, "PRAGMA application_id = 42", STORE_MODE_WRITE, STORE_ERROR_CORRUPT,
     "another program"},
    {"no database",
     "This is a letter, and a long one, to somebody who has lost a key of the house by the lake; "
     "it is longer than the header of a database file would be.\n",
     NULL, STORE_MODE_WRITE, STORE_ERROR_CORRUPT, "not a database"},
};

static void check_file(const struct file *file)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;

    temporary_make(&temporary);
    g_test_message("%s", file->name);
    if (file->text != NULL)
        g_assert_true(g_file_set_contents(temporary.path, file->text, -1, NULL));
    if (file->sql != NULL)
        run_sql(temporary.path, file->sql);
    const struct store_settings settings = {.path = temporary.path, .mode = file->mode};
    temporary.store = store_open(&settings, &error);
    if (file->says == NULL) {
        g_assert_no_error(error);
        g_assert_true(temporary_suppress(temporary.store, "someone@example.com", 0));
    } else {
        g_assert_error(error, STORE_ERROR, (int)file->error);
        g_assert_nonnull(strstr(error->message, temporary.path));
        g_assert_nonnull(strstr(error->message, file->says));
    }
    temporary_free(&temporary);
}

static void test_files(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        check_file(&files[i]);
}

/* It holds people's addresses. */
static void test_permissions(void)
{
    struct temporary temporary;
    GStatBuf status;

    temporary_new(&temporary, NULL);
    g_assert_cmpint(g_stat(temporary.path, &status), ==, 0);
    g_assert_cmpuint(status.st_mode & 0137, ==, 0);
    temporary_free(&temporary);
}

static void test_kept(void)
{
    struct temporary temporary;
    bool suppressed;

    temporary_new(&temporary, NULL);
    g_assert_true(temporary_suppress(temporary.store, "someone@example.com", 0));
    store_free(temporary.store);
    temporary.store = temporary_open(&temporary, STORE_MODE_READ, NULL);
    g_assert_true(store_check(temporary.store, "someone@example.com", NOON, NULL, &suppressed, NULL));
    g_assert_true(suppressed);
    temporary_free(&temporary);
}

/* --- several users ---------------------------------------------------------------------------------------------- */

static pid_t holder_of(const struct temporary *temporary)
{
    g_autoptr(GError) error = NULL;
    pid_t holder;

    g_assert_true(store_holder(temporary->path, &holder, &error));
    g_assert_no_error(error);
    return holder;
}

static void test_second_daemon(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;

    temporary_make(&temporary);
    temporary.store = temporary_open(&temporary, STORE_MODE_DAEMON, NULL);
    const struct store_settings settings = {.path = temporary.path, .mode = STORE_MODE_DAEMON};
    g_assert_null(store_open(&settings, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_HELD);
    g_assert_nonnull(strstr(error->message, "another bounced holds this database"));
    g_assert_cmpint(holder_of(&temporary), ==, getpid());
    /* the command line may write beside it */
    g_autoptr(Store) beside = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    g_assert_true(temporary_suppress(beside, "someone@example.com", 0));
    /* and the next daemon may have it */
    store_free(temporary.store);
    g_assert_cmpint(holder_of(&temporary), ==, 0);
    temporary.store = temporary_open(&temporary, STORE_MODE_DAEMON, NULL);
    g_clear_pointer(&beside, store_free);
    temporary_free(&temporary);
}

/* The lock goes with its process, however that ends. */
static void test_dead_daemon(void)
{
    struct temporary temporary;
    int status;

    temporary_make(&temporary);
    pid_t child = fork();
    if (child == 0) {
        const struct store_settings settings = {.path = temporary.path, .mode = STORE_MODE_DAEMON};
        struct store *store = store_open(&settings, NULL);
        kill(getpid(), store != NULL && store_begin(store, NULL) ? SIGKILL : SIGTERM);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(WTERMSIG(status), ==, SIGKILL);
    g_assert_cmpint(holder_of(&temporary), ==, 0);
    temporary.store = temporary_open(&temporary, STORE_MODE_DAEMON, NULL);
    g_assert_true(temporary_suppress(temporary.store, "someone@example.com", 0));
    temporary_free(&temporary);
}

/* The numbers in the file are not believed when they cannot be right. */
static void test_bad_lock_file(void)
{
    static const char *const texts[] = {"", "12", "0\n", "-1\n", "12 13\n", "99999999999\n"};
    struct temporary temporary;

    temporary_make(&temporary);
    g_assert_cmpint(holder_of(&temporary), ==, 0);
    temporary.store = temporary_open(&temporary, STORE_MODE_DAEMON, NULL);
    g_autofree char *name = g_strconcat(temporary.path, ".lock", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        pid_t holder;

        g_test_message("\"%s\"", texts[i]);
        /* in its place: a new file would have no lock */
        FILE *file = fopen(name, "w");
        g_assert_true(fputs(texts[i], file) >= 0 && fclose(file) == 0);
        g_assert_false(store_holder(temporary.path, &holder, &error));
        g_assert_error(error, STORE_ERROR, STORE_ERROR_FAILED);
    }
    temporary_free(&temporary);
}

static void test_busy(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;
    bool suppressed;

    temporary_new(&temporary, NULL);
    struct store *other = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    g_assert_true(store_begin(other, NULL));
    g_assert_false(store_suppress(
        temporary.store, &(struct store_order){.subject = "someone@example.com", .who = "ann", .now = NOON}, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_BUSY);
    g_assert_nonnull(strstr(error->message, "cannot begin a transaction"));
    /* readers do not wait */
    g_assert_true(store_check(temporary.store, "someone@example.com", NOON, NULL, &suppressed, NULL));
    store_rollback(other);
    g_assert_true(temporary_suppress(temporary.store, "someone@example.com", 0));
    store_free(other);
    temporary_free(&temporary);
}

static void test_read_only(void)
{
    struct temporary temporary;
    g_autoptr(GError) error = NULL;

    temporary_new(&temporary, NULL);
    struct store *reader = temporary_open(&temporary, STORE_MODE_READ, NULL);
    g_assert_false(store_suppress(
        reader, &(struct store_order){.subject = "someone@example.com", .who = "ann", .now = NOON}, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_READ_ONLY);
    /* what is committed later is seen */
    g_assert_true(temporary_suppress(temporary.store, "someone@example.com", 0));
    bool suppressed;
    g_assert_true(store_check(reader, "someone@example.com", NOON, NULL, &suppressed, NULL));
    g_assert_true(suppressed);
    store_free(reader);
    temporary_free(&temporary);
}

/* A cursor sees what was committed when it was made, whatever the same store writes meanwhile. */
static void test_snapshot(void)
{
    struct temporary temporary;
    struct suppression row;
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "c@example.com");
    g_autoptr(GError) error = NULL;
    bool removed;

    temporary_new(&temporary, NULL);
    g_assert_true(temporary_suppress(temporary.store, "a@example.com", 0));
    g_assert_true(temporary_suppress(temporary.store, "b@example.com", 0));
    struct store_cursor *first = store_suppressions(temporary.store, &(struct store_filter){0}, NOON, NULL);
    struct store_cursor *second = store_suppressions(temporary.store, &(struct store_filter){0}, NOON, NULL);
    temporary_add(&temporary, &event, 1, NOON);
    g_assert_true(store_next_suppression(first, &row, &error));
    g_assert_true(store_unsuppress(
        temporary.store, &(struct store_order){.subject = "b@example.com", .who = "ann", .now = NOON}, &removed, NULL));
    g_assert_true(store_begin(temporary.store, NULL));
    store_rollback(temporary.store);
    g_assert_true(store_next_suppression(first, &row, &error));
    g_assert_cmpstr(row.subject, ==, "b@example.com");
    g_assert_false(store_next_suppression(first, &row, &error));
    g_assert_true(store_next_suppression(second, &row, &error));
    g_assert_cmpstr(row.subject, ==, "a@example.com");
    g_assert_no_error(error);
    store_cursor_free(first);
    store_cursor_free(second);
    g_autoptr(StoreCursor) third = store_suppressions(temporary.store, &(struct store_filter){0}, NOON, NULL);
    g_assert_true(store_next_suppression(third, &row, &error));
    g_assert_true(store_next_suppression(third, &row, &error));
    g_assert_cmpstr(row.subject, ==, "c@example.com");
    g_clear_pointer(&third, store_cursor_free);
    temporary_free(&temporary);
}

/* --- a full disk, for real: a tmpfs of 1 MiB -------------------------------------------------------------------- */

/* In a mount namespace of its own, so that nothing is left behind; false where the machine does not allow it. */
static bool mount_small(const char *directory)
{
    g_autofree char *sample = g_build_filename(directory, "sample", NULL);

    if (unshare(CLONE_NEWNS) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
        return false;
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("tmpfs", directory, "tmpfs", 0, "size=1280k") == 0 &&
           /* a user who is nobody in the new namespace cannot make files there */
           g_file_set_contents(sample, "", 0, NULL) && g_remove(sample) == 0;
}

static void add_many(struct temporary *temporary, unsigned from, unsigned to, GError **error)
{
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "someone@example.com");
    guint8 bytes[2000];
    guint8 digest[32] = {0};

    if (!store_begin(temporary->store, error))
        return;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8)i;
    g_autoptr(GBytes) raw = g_bytes_new(bytes, sizeof bytes);
    struct store_message message = {.digest = digest, .received = NOON, .source = "smtp", .size = 1, .raw = raw};
    for (unsigned i = from; i < to; i++) {
        g_autofree char *recipient = g_strdup_printf("user%u@example.com", i);

        event.recipient = recipient;
        memcpy(digest, &i, sizeof i);
        if (store_add(temporary->store, &message, &event, 1, error) == STORE_RESULT_FAILED) {
            store_rollback(temporary->store);
            return;
        }
    }
    store_commit(temporary->store, error);
}

static gint64 counted(struct store *store)
{
    g_autoptr(StoreCursor) cursor = store_counters(store, &(struct store_filter){0}, NULL);
    struct counter row;
    gint64 sum = 0;

    while (store_next_counter(cursor, &row, NULL))
        sum += row.count;
    return sum;
}

#define BALLAST ((size_t)400 * 1024)

/* Runs in a child. Fills the disk in the middle of a transaction (it spills at 16 MiB, so the commit fails) and in that
 * of single messages; after each the store holds what was committed, and goes on when there is space. */
static void fill_disk(struct temporary *temporary)
{
    g_autofree char *ballast = g_build_filename(temporary->directory, "ballast", NULL);
    g_autofree char *half = g_strnfill(BALLAST, 'x');
    g_autoptr(GError) error = NULL;
    unsigned stored = 10;

    g_assert_true(g_file_set_contents(ballast, half, (gssize)BALLAST, NULL));
    temporary->store = temporary_open(temporary, STORE_MODE_DAEMON, NULL);
    add_many(temporary, 0, stored, &error);
    g_assert_no_error(error);

    add_many(temporary, stored, stored + 2000, &error);
    g_assert_error(error, STORE_ERROR, STORE_ERROR_FULL);
    g_assert_nonnull(strstr(error->message, "full"));
    g_clear_error(&error);
    g_assert_cmpint(counted(temporary->store), ==, stored);

    for (;; stored++) {
        add_many(temporary, stored, stored + 1, &error);
        if (error != NULL)
            break;
        g_assert_cmpuint(stored, <, 2000);
    }
    g_assert_error(error, STORE_ERROR, STORE_ERROR_FULL);
    g_clear_error(&error);
    g_assert_cmpint(counted(temporary->store), ==, stored);

    g_assert_cmpint(g_remove(ballast), ==, 0);
    add_many(temporary, stored, stored + 1, &error);
    g_assert_no_error(error);
    g_assert_cmpint(counted(temporary->store), ==, stored + 1);
    store_free(temporary->store);
}

static void test_full_disk(void)
{
    struct temporary temporary;
    int status;

    temporary_make(&temporary);
    pid_t child = fork();
    if (child == 0) {
        if (!mount_small(temporary.directory))
            _exit(77);
        fill_disk(&temporary);
        _exit(0);
    }
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    temporary_free(&temporary);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
        g_test_skip("this machine does not allow a tmpfs to be mounted");
        return;
    }
    g_assert_cmpint(status, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/open/files", test_files);
    g_test_add_func("/store/open/permissions", test_permissions);
    g_test_add_func("/store/open/kept", test_kept);
    g_test_add_func("/store/open/second-daemon", test_second_daemon);
    g_test_add_func("/store/open/dead-daemon", test_dead_daemon);
    g_test_add_func("/store/open/bad-lock-file", test_bad_lock_file);
    g_test_add_func("/store/open/busy", test_busy);
    g_test_add_func("/store/open/read-only", test_read_only);
    g_test_add_func("/store/open/snapshot", test_snapshot);
    g_test_add_func("/store/open/full-disk", test_full_disk);
    return g_test_run();
}
