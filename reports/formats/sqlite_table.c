#include "reports/formats/sqlite_table.h"

#include <sqlite3.h>

/* Of a file that nobody reads yet, and that is thrown away when it is not finished. */
static const char setup[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;"
    "CREATE TABLE suppressions(recipient TEXT NOT NULL COLLATE NOCASE, scope TEXT NOT NULL, state TEXT NOT NULL,"
    " reason TEXT, verdict TEXT NOT NULL, since TEXT NOT NULL, until TEXT, stream TEXT, policy TEXT, rule TEXT,"
    " who TEXT NOT NULL, note TEXT, diagnostic TEXT, reply TEXT NOT NULL, PRIMARY KEY(recipient, scope)) WITHOUT ROWID;"
    "BEGIN";

struct snapshot {
    sqlite3 *database;
    sqlite3_stmt *insert;
};

static bool fail(struct snapshot *snapshot, GError **error)
{
    g_set_error(error, G_FILE_ERROR,
                sqlite3_errcode(snapshot->database) == SQLITE_FULL ? G_FILE_ERROR_NOSPC : G_FILE_ERROR_FAILED,
                "cannot write the SQLite file: %s", sqlite3_errmsg(snapshot->database));
    return false;
}

static void abandon(void *state)
{
    struct snapshot *snapshot = state;

    sqlite3_finalize(snapshot->insert);
    sqlite3_close(snapshot->database);
    g_free(snapshot);
}

static void *open_snapshot(const char *path, FILE *stream G_GNUC_UNUSED, GError **error)
{
    struct snapshot *snapshot = g_new0(struct snapshot, 1);

    if (sqlite3_open_v2(path, &snapshot->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        sqlite3_exec(snapshot->database, setup, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(
            snapshot->database,
            "INSERT INTO suppressions VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)", -1,
            &snapshot->insert, NULL) == SQLITE_OK)
        return snapshot;
    fail(snapshot, error);
    abandon(snapshot);
    return NULL;
}

static bool put(void *state, const struct sink_row *row, GError **error)
{
    struct snapshot *snapshot = state;
    const struct suppression *entry = row->entry;
    g_autofree char *since = event_time_format(entry->since);
    g_autofree char *until = entry->until == 0 ? NULL : event_time_format(entry->until);
    const char *const columns[] = {entry->subject,
                                   entry->scope,
                                   store_state_names[entry->wave != 0],
                                   entry->reason != REASON_NONE ? reason_names[entry->reason] : NULL,
                                   verdict_names[entry->verdict],
                                   since,
                                   until,
                                   entry->stream,
                                   entry->policy,
                                   entry->rule,
                                   entry->who,
                                   entry->note,
                                   entry->diagnostic,
                                   row->value};

    for (int i = 0; i < (int)G_N_ELEMENTS(columns); i++)
        sqlite3_bind_text(snapshot->insert, i + 1, columns[i], -1, SQLITE_STATIC);
    bool good = sqlite3_step(snapshot->insert) == SQLITE_DONE || fail(snapshot, error);
    sqlite3_reset(snapshot->insert);
    return good;
}

static bool finish(void *state, GError **error)
{
    struct snapshot *snapshot = state;
    bool good = sqlite3_exec(snapshot->database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK || fail(snapshot, error);

    abandon(snapshot);
    return good;
}

const struct sink sqlite_table = {open_snapshot, put, finish, abandon};
