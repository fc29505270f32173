#include "store/sqlite/migrate.h"

#include "store/store.h"

/* CMake embeds them, see cmd/embed.cmake. */
extern const char schema_sql[];
extern const size_t schema_sql_ends[];
extern const char *const schema_sql_names[];

#define APPLICATION_ID 1112425284 /* "BNCD", as in schema.sql */

/* The version that this program reads and writes. */
static unsigned newest_version(void)
{
    unsigned version = 0;

    while (schema_sql_names[version] != NULL)
        version++;
    return version;
}

static bool read_number(struct connection *connection, enum sql sql, gint64 *number, GError **error)
{
    struct query query = query_new(connection, sql);
    bool row;

    if (!query_step(&query, &row, error))
        return false;
    *number = row ? query_number_at(&query, 0) : 0;
    query_end(&query);
    return true;
}

/* The file's version: 0 for one that holds nothing yet. */
static bool read_version(struct connection *connection, unsigned *version, GError **error)
{
    gint64 application;
    gint64 tables;
    gint64 number;

    if (!read_number(connection, SQL_APPLICATION, &application, error) ||
        !read_number(connection, SQL_TABLE_COUNT, &tables, error) ||
        !read_number(connection, SQL_VERSION, &number, error))
        return false;
    if (application != APPLICATION_ID && (application != 0 || tables != 0 || number != 0)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_CORRUPT, "%s: is the database of another program",
                    connection_path(connection));
        return false;
    }
    if (number < 0 || number > newest_version()) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_VERSION,
                    "%s: was made by a newer bounced: its version is %" G_GINT64_FORMAT ", this program knows up to %u",
                    connection_path(connection), number, newest_version());
        return false;
    }
    *version = (unsigned)number;
    return true;
}

bool migrate_recognise(struct connection *connection, GError **error)
{
    unsigned version;

    return read_version(connection, &version, error);
}

static bool take_step(struct connection *connection, unsigned version, GError **error)
{
    size_t start = version == 0 ? 0 : schema_sql_ends[version - 1];
    g_autofree char *script = g_strndup(schema_sql + start, schema_sql_ends[version] - start);
    g_autofree char *doing = g_strdup_printf("migrate to version %u (%s)", version + 1, schema_sql_names[version]);

    return connection_run_script(connection, doing, script, error) && connection_run(connection, SQL_COMMIT, error);
}

bool migrate(struct connection *connection, GError **error)
{
    unsigned version;

    if (!read_version(connection, &version, error))
        return false;
    /* The version is read again under the lock: another process may have taken the step meanwhile. */
    while (version < newest_version()) {
        if (!connection_run(connection, SQL_BEGIN, error))
            return false;
        if (!read_version(connection, &version, error) ||
            (version < newest_version() && !take_step(connection, version, error))) {
            connection_rollback(connection);
            return false;
        }
        connection_rollback(connection);
    }
    return true;
}

bool migrate_check(struct connection *connection, GError **error)
{
    unsigned version;

    if (!read_version(connection, &version, error))
        return false;
    if (version < newest_version()) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_VERSION,
                    "%s: has version %u and needs version %u: open it once for writing (start bounced)",
                    connection_path(connection), version, newest_version());
        return false;
    }
    return true;
}
