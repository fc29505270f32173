/* How many addresses a second each of several tables of the same addresses is asked for, on one core, taking turns:
 * bench_lookup DATABASE LMDB CDB QUESTIONS ROUNDS [TABLE]. QUESTIONS has an address a line; "" stands for a table that
 * is not there. Prints a line for each: its name, how many it found, and the median of the rounds in questions a second
 * of the processor's time. */
#include <cdb.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <lmdb.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "store/store.h"

enum { MOST_ROUNDS = 99, TENDED_ROWS = 10000 };

static const char *database_path, *lmdb_path, *cdb_path;

static void stop(const char *what)
{
    fprintf(stderr, "bench_lookup: %s\n", what);
    exit(1);
}

/* A table that is asked. `open` gives NULL when there is none. */
struct table {
    const char *name;
    void *(*open)(const struct table *table);
    void (*begin)(void *state);
    bool (*ask)(void *state, const char *address);
    void (*end)(void *state);
    const char *setup; /* SQL */
    bool together;     /* the questions of a round are one transaction */
    bool screened;     /* as the daemon's store is */
};

/* --- the store ---------------------------------------------------------------------------------------------------- */

static void *open_store(const struct table *table)
{
    const struct store_settings settings = {.path = database_path,
                                            .mode = table->screened ? STORE_MODE_ASK : STORE_MODE_READ};
    g_autoptr(GError) error = NULL;
    struct store *store = store_open(&settings, &error);

    for (bool more = table->screened; store != NULL && more;) {
        if (!store_tend(store, TENDED_ROWS, &more, &error))
            stop(error->message);
    }
    if (store == NULL)
        stop(error->message);
    return store;
}

static void freeze_store(void *state)
{
    if (!store_freeze(state, NULL))
        stop("store_freeze() failed");
}

static bool ask_store(void *state, const char *address)
{
    struct suppression entry;
    bool suppressed;

    if (!store_check(state, address, time(NULL), &entry, &suppressed, NULL))
        stop("store_check() failed");
    return suppressed;
}

static void thaw_store(void *state)
{
    store_thaw(state);
}

/* --- SQLite by itself --------------------------------------------------------------------------------------------- */

struct bare {
    sqlite3 *database;
    sqlite3_stmt *question;
    bool together;
};

static void *open_bare(const struct table *table)
{
    struct bare *bare = g_new0(struct bare, 1);

    bare->together = table->together;
    if (sqlite3_open_v2(database_path, &bare->database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) ||
        sqlite3_exec(bare->database, table->setup, NULL, NULL, NULL) ||
        sqlite3_prepare_v3(bare->database,
                           "SELECT cause, since, until, event FROM suppressions WHERE subject = ?1 AND scope = ''", -1,
                           SQLITE_PREPARE_PERSISTENT, &bare->question, NULL))
        stop(sqlite3_errmsg(bare->database));
    return bare;
}

static void begin_bare(void *state)
{
    const struct bare *bare = state;

    if (bare->together)
        sqlite3_exec(bare->database, "BEGIN", NULL, NULL, NULL);
}

static bool ask_bare(void *state, const char *address)
{
    const struct bare *bare = state;

    sqlite3_bind_text(bare->question, 1, address, -1, SQLITE_STATIC);
    int code = sqlite3_step(bare->question);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        stop(sqlite3_errmsg(bare->database));
    sqlite3_reset(bare->question);
    return code == SQLITE_ROW;
}

static void end_bare(void *state)
{
    const struct bare *bare = state;

    if (bare->together)
        sqlite3_exec(bare->database, "COMMIT", NULL, NULL, NULL);
}

/* --- Postfix's tables, by the libraries that Postfix uses -----------------------------------------------------------
 */

struct lmdb {
    MDB_txn *transaction;
    MDB_dbi table;
    bool together;
};

/* As Postfix opens one for reading: a file of its own, and no lock file. */
static void *open_lmdb(const struct table *table)
{
    MDB_env *environment;

    if (*lmdb_path == '\0')
        return NULL;
    struct lmdb *lmdb = g_new0(struct lmdb, 1);
    lmdb->together = table->together;
    if (mdb_env_create(&environment) || mdb_env_set_mapsize(environment, (size_t)1 << 34) ||
        mdb_env_open(environment, lmdb_path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_RDONLY, 0644) ||
        mdb_txn_begin(environment, NULL, MDB_RDONLY, &lmdb->transaction) ||
        mdb_dbi_open(lmdb->transaction, NULL, 0, &lmdb->table))
        stop("the lmdb table does not open");
    return lmdb;
}

static bool ask_lmdb(void *state, const char *address)
{
    struct lmdb *lmdb = state;
    MDB_val key = {strlen(address), (void *)address}, value; /* NOLINT: it does not write there */

    if (!lmdb->together) {
        mdb_txn_reset(lmdb->transaction);
        if (mdb_txn_renew(lmdb->transaction))
            stop("the lmdb table does not begin");
    }
    if (mdb_get(lmdb->transaction, lmdb->table, &key, &value) == 0)
        return true;
    key.mv_size++; /* postmap may have written the closing NUL, and Postfix asks for both */
    return mdb_get(lmdb->transaction, lmdb->table, &key, &value) == 0;
}

static void *open_cdb(const struct table *table G_GNUC_UNUSED)
{
    if (*cdb_path == '\0')
        return NULL;
    struct cdb *cdb = g_new0(struct cdb, 1);
    if (cdb_init(cdb, open(cdb_path, O_RDONLY | O_CLOEXEC)))
        stop("the cdb table does not open");
    return cdb;
}

static bool ask_cdb(void *state, const char *address)
{
    guint length = (guint)strlen(address);

    return cdb_find(state, address, length) > 0 || cdb_find(state, address, length + 1) > 0;
}

/* --- taking turns ------------------------------------------------------------------------------------------------- */

static const struct table tables[] = {
    {.name = "store_check", .open = open_store, .ask = ask_store},
    {.name = "store_check screened", .open = open_store, .ask = ask_store, .screened = true},
    {.name = "store_check frozen", .open = open_store, .begin = freeze_store, .ask = ask_store, .end = thaw_store},
    {.name = "sqlite", .open = open_bare, .ask = ask_bare, .setup = ""},
    {.name = "sqlite one-transaction",
     .open = open_bare,
     .begin = begin_bare,
     .ask = ask_bare,
     .end = end_bare,
     .setup = "",
     .together = true},
    {.name = "sqlite one-transaction mmap",
     .open = open_bare,
     .begin = begin_bare,
     .ask = ask_bare,
     .end = end_bare,
     .setup = "PRAGMA mmap_size = 17179869184",
     .together = true},
    {.name = "lmdb", .open = open_lmdb, .ask = ask_lmdb},
    {.name = "lmdb one-transaction", .open = open_lmdb, .ask = ask_lmdb, .together = true},
    {.name = "cdb", .open = open_cdb, .ask = ask_cdb},
};

static double processor_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double ask_all(const struct table *table, void *state, char **questions, guint n, guint *found)
{
    double start = processor_time();

    *found = 0;
    if (table->begin != NULL)
        table->begin(state);
    for (guint i = 0; i < n; i++)
        *found += table->ask(state, questions[i]);
    if (table->end != NULL)
        table->end(state);
    return n / (processor_time() - start);
}

static int compare(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;

    return (one > other) - (one < other);
}

int main(int argc, char **argv)
{
    double rates[G_N_ELEMENTS(tables)][MOST_ROUNDS];
    void *states[G_N_ELEMENTS(tables)];
    guint found[G_N_ELEMENTS(tables)] = {0};
    g_autofree char *text = NULL;
    guint64 rounds;

    if (argc < 6 || argc > 7 || !g_ascii_string_to_unsigned(argv[5], 10, 1, MOST_ROUNDS, &rounds, NULL) ||
        !g_file_get_contents(argv[4], &text, NULL, NULL)) {
        fprintf(stderr, "usage: bench_lookup DATABASE LMDB CDB QUESTIONS ROUNDS [TABLE]\n");
        return 2;
    }
    database_path = argv[1];
    lmdb_path = argv[2];
    cdb_path = argv[3];
    g_auto(GStrv) questions = g_strsplit(g_strchomp(text), "\n", -1);
    guint n = g_strv_length(questions);
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        bool wanted = argc == 6 || strcmp(argv[6], tables[i].name) == 0;
        states[i] = wanted ? tables[i].open(&tables[i]) : NULL;
        if (states[i] != NULL) /* from warm caches */
            ask_all(&tables[i], states[i], questions, n, &found[i]);
    }
    for (guint64 round = 0; round < rounds; round++) {
        for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
            if (states[i] != NULL)
                rates[i][round] = ask_all(&tables[i], states[i], questions, n, &found[i]);
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        if (states[i] == NULL)
            continue;
        qsort(rates[i], rounds, sizeof rates[i][0], compare);
        printf("%s\t%u\t%.0f\n", tables[i].name, found[i], rates[i][rounds / 2]);
    }
    return 0;
}
