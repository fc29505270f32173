#include "store/sqlite/search.h"

#include <sqlite3.h>

#include "store/sqlite/failure.h"

static void find_in_text(sqlite3_context *context, int n, sqlite3_value **values)
{
    const struct search *search = sqlite3_user_data(context);
    const char *text = n == 1 ? (const char *)sqlite3_value_text(values[0]) : NULL;

    g_assert(search != NULL);
    sqlite3_result_int(context,
                       text != NULL && search->in_text(search->data, text, (size_t)sqlite3_value_bytes(values[0])));
}

static void find_in_message(sqlite3_context *context, int n, sqlite3_value **values)
{
    const struct search *search = sqlite3_user_data(context);
    const void *bytes = n == 2 ? sqlite3_value_blob(values[0]) : NULL;

    g_assert(search != NULL);
    sqlite3_result_int(context,
                       bytes != NULL && search->in_message(search->data, bytes, (size_t)sqlite3_value_bytes(values[0]),
                                                           (size_t)sqlite3_value_int64(values[1])));
}

bool search_define(sqlite3 *database, const struct search *search, GError **error)
{
    int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

    return (sqlite3_create_function_v2(database, "holds", 1, flags, (void *)search, find_in_text, NULL, NULL, NULL) ==
                SQLITE_OK &&
            sqlite3_create_function_v2(database, "holds_message", 2, flags, (void *)search, find_in_message, NULL, NULL,
                                       NULL) == SQLITE_OK) ||
           failure_set(database, sqlite3_db_filename(database, "main"), "prepare to search", error);
}
