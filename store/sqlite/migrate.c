#include "store/sqlite/migrate.h"

#include <glib.h>
#include <stddef.h>
#include <string.h>

#include "store/sqlite/failure.h"
#include "store/sqlite/sql.h"

/* CMake embeds them, see cmd/embed.cmake. */
extern const char schema_sql[];
extern const size_t schema_sql_ends[];
extern const char *const schema_sql_names[];

enum { APPLICATION_ID = 1112425284 }; /* "BNCD", as in schema.sql */

/* The version that this program reads and writes. */
static unsigned newest_version(void)
{
    unsigned version = 0;

    while (schema_sql_names[version] != NULL)
        version++;
    return version;
}

static const char *path_of(sqlite3 *database)
{
    return sqlite3_db_filename(database, "main");
}

static bool read_number(sqlite3 *database, enum sql sql, gint64 *number, GError **error)
{
    sqlite3_stmt *statement = NULL;

    *number = 0;
    int code = sqlite3_prepare_v2(database, sql_of_sqlite(sql), -1, &statement, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *number = sqlite3_column_int64(statement, 0);
    bool good = code == SQLITE_ROW || code == SQLITE_DONE ||
                failure_set(database, path_of(database), sql_texts[sql].doing, error);
    sqlite3_finalize(statement);
    return good;
}

static bool run(sqlite3 *database, const char *script, const char *doing, GError **error)
{
    return sqlite3_exec(database, script, NULL, NULL, NULL) == SQLITE_OK ||
           failure_set(database, path_of(database), doing, error);
}

static bool run_statement(sqlite3 *database, enum sql sql, GError **error)
{
    return run(database, sql_of_sqlite(sql), sql_texts[sql].doing, error);
}

/* Fine when there is no transaction. */
static void roll_back(sqlite3 *database)
{
    if (!sqlite3_get_autocommit(database))
        run_statement(database, SQL_ROLLBACK, NULL);
}

/* The file's version: 0 for one that holds nothing yet. */
static bool read_version(sqlite3 *database, unsigned *version, GError **error)
{
    gint64 application;
    gint64 tables;
    gint64 number;

    if (!read_number(database, SQL_APPLICATION, &application, error) ||
        !read_number(database, SQL_TABLE_COUNT, &tables, error) || !read_number(database, SQL_VERSION, &number, error))
        return false;
    if (application != APPLICATION_ID && (application != 0 || tables != 0 || number != 0)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_CORRUPT, "%s: is the database of another program",
                    path_of(database));
        return false;
    }
    if (number < 0 || number > newest_version()) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_VERSION,
                    "%s: was made by a newer bounced: its version is %" G_GINT64_FORMAT ", this program knows up to %u",
                    path_of(database), number, newest_version());
        return false;
    }
    *version = (unsigned)number;
    return true;
}

bool migrate_recognise(sqlite3 *database, GError **error)
{
    unsigned version;

    return read_version(database, &version, error);
}

bool migrate_recognise_full(sqlite3 *database, GError **error)
{
    unsigned version;

    if (!read_version(database, &version, error))
        return false;
    if (version == 0)
        g_set_error(error, STORE_ERROR, STORE_ERROR_CORRUPT, "%s: holds nothing: it is no database of bounced",
                    path_of(database));
    return version > 0;
}

static bool take_step(sqlite3 *database, unsigned version, GError **error)
{
    size_t start = version == 0 ? 0 : schema_sql_ends[version - 1];
    g_autofree char *script = g_strndup(schema_sql + start, schema_sql_ends[version] - start);
    g_autofree char *doing = g_strdup_printf("migrate to version %u (%s)", version + 1, schema_sql_names[version]);

    return run(database, script, doing, error) && run_statement(database, SQL_COMMIT, error);
}

static bool take_steps(sqlite3 *database, unsigned version, GError **error)
{
    /* The version is read again under the lock: another process may have taken the step meanwhile. */
    while (version < newest_version()) {
        if (!run_statement(database, SQL_BEGIN, error))
            return false;
        if (!read_version(database, &version, error) ||
            (version < newest_version() && !take_step(database, version, error))) {
            roll_back(database);
            return false;
        }
        roll_back(database);
    }
    return true;
}

bool migrate(sqlite3 *database, GError **error)
{
    unsigned version;

    if (!read_version(database, &version, error))
        return false;
    if (version == newest_version())
        return true;
    /* A step that makes a table anew drops the old one, whose rows others refer to. */
    if (!run_statement(database, SQL_NO_FOREIGN_KEYS, error))
        return false;
    bool good = take_steps(database, version, error);
    return run_statement(database, SQL_FOREIGN_KEYS, good ? error : NULL) && good;
}

bool migrate_check(sqlite3 *database, GError **error)
{
    unsigned version;

    if (!read_version(database, &version, error))
        return false;
    if (version < newest_version()) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_VERSION,
                    "%s: has version %u and needs version %u: open it once for writing (start bounced)",
                    path_of(database), version, newest_version());
        return false;
    }
    return true;
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

/* Without blanks, comments and the quotes that ALTER TABLE puts around names. */
static char *squeeze(const char *statement)
{
    GString *out = g_string_new(NULL);

    for (const char *at = statement; *at != '\0'; at++) {
        if (g_str_has_prefix(at, "--"))
            at += strcspn(at, "\n");
        if (*at == '\0')
            break;
        if (*at != '"' && !g_ascii_isspace(*at))
            g_string_append_c(out, *at);
    }
    return g_string_free(out, FALSE);
}

/* The statements of all that it has, by "table NAME" and the like; NULL: an error. */
static GHashTable *read_schema(sqlite3 *database, GError **error)
{
    g_autoptr(GHashTable) schema = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(database, sql_of_sqlite(SQL_SCHEMA), -1, &statement, NULL);

    if (code == SQLITE_OK) {
        while ((code = sqlite3_step(statement)) == SQLITE_ROW)
            g_hash_table_insert(schema, g_strdup((const char *)sqlite3_column_text(statement, 0)),
                                squeeze((const char *)sqlite3_column_text(statement, 1)));
    }
    bool good = code == SQLITE_DONE || failure_set(database, path_of(database), sql_texts[SQL_SCHEMA].doing, error);
    sqlite3_finalize(statement);
    return good ? g_steal_pointer(&schema) : NULL;
}

static GHashTable *read_new_schema(GError **error)
{
    GHashTable *schema = NULL;
    sqlite3 *fresh = NULL;

    if (sqlite3_open(":memory:", &fresh) != SQLITE_OK)
        failure_set(fresh, ":memory:", "open the database", error);
    else if (migrate(fresh, error))
        schema = read_schema(fresh, error);
    sqlite3_close(fresh);
    return schema;
}

/* Takes what `one` has and `other` has not or, if `texts`, otherwise. */
static void compare(GHashTable *one, GHashTable *other, bool texts, const char *wrong, GPtrArray *faults)
{
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(one), (GCompareFunc)strcmp);

    for (const GList *name = names; name != NULL; name = name->next) {
        const char *text = g_hash_table_lookup(other, name->data);
        bool differs = text != NULL && strcmp(text, g_hash_table_lookup(one, name->data)) != 0;

        if (texts ? differs : text == NULL)
            g_ptr_array_add(faults, g_strdup_printf("the %s %s", (const char *)name->data, wrong));
    }
}

bool migrate_compare(sqlite3 *database, GPtrArray *faults, GError **error)
{
    g_autoptr(GHashTable) fresh = read_new_schema(error);
    g_autoptr(GHashTable) schema = fresh != NULL ? read_schema(database, error) : NULL;

    if (schema == NULL)
        return false;
    compare(fresh, schema, false, "is missing", faults);
    compare(fresh, schema, true, "is not as a new database has it", faults);
    compare(schema, fresh, false, "is none that a new database has", faults);
    return true;
}
