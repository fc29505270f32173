#include "reports/formats/lmdb_table.h"

#include <lmdb.h>
#include <string.h>

/* A transaction holds what it has changed in memory. */
enum { TRANSACTION_ROWS = 20000 };
/* Octets that it may make the file longer by: a row has less than a page of 4 KiB, and less than one for the tree. */
static const size_t TRANSACTION_GROWTH = (size_t)TRANSACTION_ROWS * 8192;

struct lmdb {
    MDB_env *environment;
    MDB_txn *transaction;
    MDB_dbi database;
    unsigned rows; /* of the transaction */
};

static bool fail(int code, GError **error)
{
    g_set_error(error, G_FILE_ERROR, code > 0 ? (gint)g_file_error_from_errno(code) : G_FILE_ERROR_FAILED,
                "cannot write the lmdb file: %s", mdb_strerror(code));
    return false;
}

static void abandon(void *state)
{
    struct lmdb *lmdb = state;

    if (lmdb->transaction != NULL)
        mdb_txn_abort(lmdb->transaction);
    mdb_env_close(lmdb->environment);
    g_free(lmdb);
}

static int begin(struct lmdb *lmdb)
{
    MDB_envinfo info;
    MDB_stat stat;
    int code = mdb_env_info(lmdb->environment, &info);

    if (code == 0)
        code = mdb_env_stat(lmdb->environment, &stat);
    if (code == 0)
        code = mdb_env_set_mapsize(lmdb->environment,
                                   (info.me_last_pgno + 1) * (size_t)stat.ms_psize + TRANSACTION_GROWTH);
    if (code == 0)
        code = mdb_txn_begin(lmdb->environment, NULL, 0, &lmdb->transaction);
    if (code == 0)
        code = mdb_dbi_open(lmdb->transaction, NULL, 0, &lmdb->database);
    lmdb->rows = 0;
    return code;
}

/* It is flushed to disk at the end, as a whole. */
static void *open_lmdb(const char *path, FILE *stream G_GNUC_UNUSED, GError **error)
{
    struct lmdb *lmdb = g_new0(struct lmdb, 1);
    int code = mdb_env_create(&lmdb->environment);

    if (code != 0) {
        fail(code, error);
        g_free(lmdb);
        return NULL;
    }
    code = mdb_env_open(lmdb->environment, path, MDB_NOSUBDIR | MDB_NOLOCK | MDB_NOSYNC, 0600);
    if (code == 0)
        code = begin(lmdb);
    if (code == 0)
        return lmdb;
    fail(code, error);
    abandon(lmdb);
    return NULL;
}

/* At the end, which is quick and fills the pages, if it comes in order. */
static int put_one(struct lmdb *lmdb, MDB_val *key, MDB_val *value)
{
    int code = mdb_put(lmdb->transaction, lmdb->database, key, value, MDB_APPEND);

    if (code == MDB_KEYEXIST)
        code = mdb_put(lmdb->transaction, lmdb->database, key, value, MDB_NOOVERWRITE);
    return code == MDB_KEYEXIST ? 0 : code;
}

static bool put(void *state, const struct sink_row *row, GError **error)
{
    struct lmdb *lmdb = state;
    MDB_val key = {row->key->len, row->key->str};
    MDB_val value = {strlen(row->value), (void *)row->value}; /* NOLINT: it does not write there */
    int code = 0;

    /* No mail goes to an address that long. */
    if (key.mv_size > (size_t)mdb_env_get_maxkeysize(lmdb->environment))
        return true;
    if (lmdb->rows++ == TRANSACTION_ROWS) {
        code = mdb_txn_commit(g_steal_pointer(&lmdb->transaction));
        if (code == 0)
            code = begin(lmdb);
    }
    if (code == 0)
        code = put_one(lmdb, &key, &value);
    return code == 0 || fail(code, error);
}

static bool finish(void *state, GError **error)
{
    struct lmdb *lmdb = state;
    int code = mdb_txn_commit(g_steal_pointer(&lmdb->transaction));

    if (code == 0)
        code = mdb_env_sync(lmdb->environment, 1);
    abandon(lmdb);
    return code == 0 || fail(code, error);
}

const struct sink lmdb_table = {open_lmdb, put, finish, abandon};
