/* Other programs find what they look for in the files that export.h makes, by their own libraries. */
#include <cdb.h>
#include <fcntl.h>
#include <lmdb.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/export.h"
#include "store_temporary.h"

static void suppress(struct store *store, const char *subject, const char *scope, gint64 until)
{
    const struct store_order order = {.subject = subject, .scope = scope, .who = "ann", .now = NOON, .until = until};

    g_assert_true(store_suppress(store, &order, NULL));
}

static void fill(struct temporary *temporary)
{
    temporary_new(temporary, NULL);
    suppress(temporary->store, "Anna@example.org", NULL, NOON + DAY);
    suppress(temporary->store, "anna@example.org", "stream=news", 0);
    suppress(temporary->store, "anna@example.org", "tenant=shop", NOON + 2 * DAY);
    suppress(temporary->store, "#ben@example.org", NULL, 0);
    suppress(temporary->store, "\"a b\"@example.org", NULL, 0);
    suppress(temporary->store, "\xc3\x84nne@example.org", NULL, 0);
    suppress(temporary->store,
             "zoe@b\xc3\xbc"
             "cher.example",
             NULL, 0);
    suppress(temporary->store, "@closed.example", NULL, 0);
    suppress(temporary->store, ".closed.example", NULL, 0);
    suppress(temporary->store, "zz@example.org", NULL, 0);
}

/* Each is asked of an open file; the caller frees what it gives. */
static char *ask_cdb(const char *path, const char *key)
{
    struct cdb cdb;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *value = NULL;

    g_assert_cmpint(cdb_init(&cdb, fd), ==, 0);
    if (cdb_find(&cdb, key, (unsigned)strlen(key)) > 0)
        value = g_strndup(cdb_getdata(&cdb), cdb_datalen(&cdb));
    cdb_free(&cdb);
    close(fd);
    return value;
}

static char *ask_lmdb(const char *path, const char *text)
{
    g_autofree char *copy = g_strdup(text);
    MDB_val key = {strlen(text), copy}, value;
    MDB_env *environment;
    MDB_txn *transaction;
    MDB_dbi database;

    g_assert_cmpint(mdb_env_create(&environment), ==, 0);
    g_assert_cmpint(mdb_env_open(environment, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_RDONLY, 0600), ==, 0);
    g_assert_cmpint(mdb_txn_begin(environment, NULL, MDB_RDONLY, &transaction), ==, 0);
    g_assert_cmpint(mdb_dbi_open(transaction, NULL, 0, &database), ==, 0);
    bool found = mdb_get(transaction, database, &key, &value) == 0;
    char *answer = found ? g_strndup(value.mv_data, value.mv_size) : NULL;
    mdb_txn_abort(transaction);
    mdb_env_close(environment);
    return answer;
}

static char *ask_sqlite(const char *path, const char *key)
{
    sqlite3 *database;
    sqlite3_stmt *question;
    char *answer = NULL;

    g_assert_cmpint(sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(database,
                                       "SELECT reply FROM suppressions WHERE recipient = ?1 "
                                       "ORDER BY coalesce(until, '~') DESC",
                                       -1, &question, NULL),
                    ==, SQLITE_OK);
    sqlite3_bind_text(question, 1, key, -1, SQLITE_STATIC);
    if (sqlite3_step(question) == SQLITE_ROW)
        answer = g_strdup((const char *)sqlite3_column_text(question, 0));
    sqlite3_finalize(question);
    sqlite3_close(database);
    return answer;
}

static const struct reader {
    enum export_format format;
    char *(*ask)(const char *path, const char *key);
} readers[] = {
    {EXPORT_CDB, ask_cdb},
    {EXPORT_LMDB, ask_lmdb},
    {EXPORT_SQLITE, ask_sqlite},
};

#define FOREVER "550 5.1.1 until further notice"
#define TWO_DAYS "550 5.1.1 until 2026-11-23"

/* `map` is what a map gives, `rows` what the table of entries does. */
static const struct {
    const char *key;
    const char *map;
    const char *rows;
} answers[] = {
    {"anna@example.org", TWO_DAYS, TWO_DAYS}, /* of its entries for all and for the tenant the longer one */
    {"#ben@example.org", FOREVER, FOREVER},
    {"\"a b\"@example.org", FOREVER, FOREVER},
    {"\xc3\x84nne@example.org", FOREVER, FOREVER}, /* Exim's lower case */
    {"\xc3\xa4nne@example.org", FOREVER, NULL},    /* Postfix's */
    {"zoe@xn--bcher-kva.example", FOREVER, FOREVER},
    {"zoe@b\xc3\xbc"
     "cher.example",
     FOREVER, NULL},
    {"closed.example", FOREVER, NULL},
    {".closed.example", FOREVER, FOREVER},
    {"@closed.example", NULL, FOREVER},
    {"ANNA@EXAMPLE.ORG", NULL, TWO_DAYS}, /* it compares without regard to case */
    {"zz@example.org", FOREVER, FOREVER},
    {"carl@example.org", NULL, NULL},
};

static bool write_file(struct store *store, enum export_format format, const char *path, struct export_count *count,
                       GError **error)
{
    const struct export_settings settings = {.format = format, .wording = "until {until}", .fresh = 0640};
    const struct store_asker asker = {.tenant = "shop"};
    const struct store_filter filter = {.asker = &asker, .state = STORE_STATE_ACTIVE};
    g_autoptr(StorePages) pages = store_pages(store, &filter, NOON);

    return export_file(pages, &settings, path, count, error);
}

static void check_answers(const struct reader *reader, const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        g_autofree char *answer = reader->ask(path, answers[i].key);
        g_test_message("%s %s", export_format_names[reader->format], answers[i].key);
        g_assert_cmpstr(answer, ==, reader->format == EXPORT_SQLITE ? answers[i].rows : answers[i].map);
    }
}

/* The second file takes the place of the first one, and nothing is left beside it. */
static void test_readers(void)
{
    struct temporary temporary;

    fill(&temporary);
    for (size_t i = 0; i < G_N_ELEMENTS(readers); i++) {
        g_autofree char *directory = g_dir_make_tmp("maps-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(directory, "map", NULL);
        g_autoptr(GError) error = NULL;
        struct export_count count;
        for (int time = 0; time < 2; time++) {
            g_assert_true(write_file(temporary.store, readers[i].format, path, &count, &error));
            check_answers(&readers[i], path);
        }
        g_assert_cmpint(g_unlink(path), ==, 0);
        g_assert_cmpint(g_rmdir(directory), ==, 0);
    }
    temporary_free(&temporary);
}

/* More rows than one transaction of LMDB takes, with domains at places out of order: all are found, in a file that is
 * as small as one in order is. */
static void test_many(void)
{
    enum { MANY = 50000 };
    g_autoptr(GPtrArray) subjects = g_ptr_array_new_with_free_func(g_free);
    struct temporary temporary;
    struct export_count count;

    temporary_new(&temporary, NULL);
    for (unsigned i = 0; i < MANY; i++)
        g_ptr_array_add(subjects, i % 1000 != 0 ? g_strdup_printf("user%06u@example.org", i)
                                                : g_strdup_printf("@zone%u.example", i));
    g_autofree bool *changed = g_new0(bool, MANY);
    const struct store_batch batch = {.order = {.who = "ann", .now = NOON},
                                      .subjects = (const char *const *)subjects->pdata,
                                      .n = MANY,
                                      .changed = changed};
    g_assert_true(store_suppress_all(temporary.store, &batch, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(readers); i++) {
        g_autofree char *path = g_build_filename(temporary.directory, export_format_names[readers[i].format], NULL);
        bool sqlite = readers[i].format == EXPORT_SQLITE;
        struct stat status;
        g_assert_true(write_file(temporary.store, readers[i].format, path, &count, NULL));
        g_assert_cmpuint(count.rows, ==, MANY);
        for (unsigned k = 0; k < MANY; k += 499) {
            const char *subject = g_ptr_array_index(subjects, k);
            g_autofree char *answer = readers[i].ask(path, subject + (*subject == '@' && !sqlite));
            g_assert_cmpstr(answer, ==, FOREVER);
        }
        g_assert_cmpint(g_stat(path, &status), ==, 0);
        g_assert_cmpint(status.st_size / MANY, <, 150);
    }
    temporary_free(&temporary);
}

/* A file that cannot be written leaves the old one, and nothing beside it. */
static void test_failures(void)
{
    static const gint stop = 1;
    struct temporary temporary;
    struct export_count count;

    fill(&temporary);
    for (enum export_format format = EXPORT_CSV; format <= EXPORT_SQLITE; format++) {
        const struct export_settings settings = {.format = format, .wording = "text", .fresh = 0640, .stop = &stop};
        g_autofree char *directory = g_dir_make_tmp("maps-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(directory, "map", NULL), *text = NULL;
        g_autoptr(StorePages) pages = store_pages(temporary.store, &(struct store_filter){0}, NOON);
        g_autoptr(GError) error = NULL, missing = NULL;

        g_assert_true(g_file_set_contents(path, "old", -1, NULL));
        g_assert_false(export_file(pages, &settings, path, &count, &error));
        g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INTR);
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_assert_cmpstr(text, ==, "old");
        g_assert_false(write_file(temporary.store, format, "/nonexistent/map", &count, &missing));
        g_assert_error(missing, G_FILE_ERROR, G_FILE_ERROR_NOENT);
        g_assert_cmpint(g_unlink(path), ==, 0);
        g_assert_cmpint(g_rmdir(directory), ==, 0);
    }
    temporary_free(&temporary);
}

/* A library writes no pipe. */
static void test_streams(void)
{
    struct temporary temporary;
    struct export_count count;

    fill(&temporary);
    for (size_t i = 0; i < G_N_ELEMENTS(readers); i++) {
        const struct export_settings settings = {.format = readers[i].format, .wording = "text"};
        g_autoptr(StorePages) pages = store_pages(temporary.store, &(struct store_filter){0}, NOON);
        g_autoptr(GError) error = NULL, special = NULL;

        g_assert_false(export_streams(readers[i].format));
        g_assert_false(export_suppressions(pages, &settings, stdout, &count, &error));
        g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
        g_assert_false(export_file(pages, &settings, "/dev/null", &count, &special));
        g_assert_error(special, G_FILE_ERROR, G_FILE_ERROR_INVAL);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/maps/readers", test_readers);
    g_test_add_func("/reports/maps/many", test_many);
    g_test_add_func("/reports/maps/failures", test_failures);
    g_test_add_func("/reports/maps/streams", test_streams);
    return g_test_run();
}
