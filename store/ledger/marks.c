#include "store/ledger/marks.h"

bool marks_read(struct connection *connection, struct marks *marks, GError **error)
{
    struct query query = query_new(connection, SQL_MARKS);
    bool row;

    if (!query_step(&query, &row, error))
        return false;
    g_assert(row);
    *marks = (struct marks){
        .events = {.last = query_number_at(&query, 0), .dropped = query_number_at(&query, 2)},
        .changes = {.last = query_number_at(&query, 1), .dropped = query_number_at(&query, 3)},
        .timeline = query_number_at(&query, 4),
    };
    query_end(&query);
    return true;
}

bool marks_read_now(struct connection *connection, struct marks *marks, GError **error)
{
    struct connection *reader = connection_reader(connection, error);

    if (reader == NULL)
        return false;
    bool good = marks_read(reader, marks, error);
    connection_give_back(connection, reader);
    return good;
}
