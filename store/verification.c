#include "store/verification.h"

#include <string.h>

#include "store/ledger/state.h"

/* Each gives a row for each fault that it finds, but for SQLite's "ok". */
static const struct {
    enum sql sql;
    const char *before, *after; /* the row's text */
} questions[] = {
    {SQL_INTEGRITY, "the file is damaged: ", ""},
    {SQL_REFERENCES, "a reference leads nowhere: ", ""},
    {SQL_LIST_OFF_LOG, "the list has another entry for ", " than its log gives"},
    {SQL_LOG_OFF_LIST, "the list has no entry for ", ", and by its log it has one"},
};

static bool ask(struct connection *connection, size_t i, GPtrArray *faults, GError **error)
{
    struct query query = query_new(connection, questions[i].sql);
    bool row = true;

    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        const char *text = row ? query_text_at(&query, 0) : "ok";
        if (strcmp(text, "ok") != 0)
            g_ptr_array_add(faults, g_strconcat(questions[i].before, text, questions[i].after, NULL));
    }
    return true;
}

bool store_verify(struct store *store, GPtrArray *faults, GError **error)
{
    struct connection *reader = connection_reader(store->connection, error);
    bool good = reader != NULL && connection_run(reader, SQL_BEGIN_READING, error);

    for (size_t i = 0; good && i < G_N_ELEMENTS(questions); i++)
        good = ask(reader, i, faults, error);
    good = good && connection_check_schema(reader, faults, error);
    if (reader != NULL) {
        connection_rollback(reader);
        connection_give_back(store->connection, reader);
    }
    return good;
}
