#include "store/adding/message_row.h"

#include <string.h>

void message_row_bind(struct query *query, const struct event *event, enum event_owner owner)
{
    for (const struct event_field *field = event_fields; field->name != NULL; field++) {
        if (field->owner != owner || field->offset == offsetof(struct event, source))
            continue;
        if (field->type == EVENT_TYPE_NUMBER || field->type == EVENT_TYPE_TIME)
            query_optional(query, event_field_number(event, field));
        else
            query_text_within(query, event_field_text(event, field), STORE_TEXT_MAX);
    }
}

bool message_row_namesake(struct store *store, const struct store_message *message, bool *another, GError **error)
{
    guint8 first[STORE_DIGEST_SIZE] = {0}, last[STORE_DIGEST_SIZE];

    *another = false;
    if (message->key_size == 0)
        return true;
    memcpy(first, message->digest, message->key_size);
    memset(last, 0xff, sizeof last);
    memcpy(last, message->digest, message->key_size);
    struct query query = query_new(store->connection, SQL_NAMESAKE);
    query_blob(&query, first, sizeof first);
    query_blob(&query, last, sizeof last);
    query_blob(&query, message->digest, STORE_DIGEST_SIZE);
    if (!query_step(&query, another, error))
        return false;
    query_end(&query);
    return true;
}

bool message_row_add(struct store *store, const struct store_message *message, const struct event *event, bool *added,
                     GError **error)
{
    struct query query = query_new(store->connection, SQL_ADD_MESSAGE);

    query_blob(&query, message->digest, STORE_DIGEST_SIZE);
    query_number(&query, message->received);
    query_text(&query, message->source);
    query_text(&query, message->mail_from);
    query_text(&query, message->rcpt_to);
    query_number(&query, (gint64)message->size);
    query_optional(&query, event->mailed);
    query_text(&query, message->batch);
    query_text(&query, state_tenant(store, event->stream));
    query_optional(&query, event->confined);
    message_row_bind(&query, event, EVENT_OWNER_MESSAGE);
    if (!query_run(&query, error))
        return false;
    *added = connection_changes(store->connection) == 1;
    return true;
}

bool message_row_add_raw(struct store *store, const struct store_message *message, gint64 id, GError **error)
{
    struct query query = query_new(store->connection, SQL_ADD_RAW);
    size_t length;
    gconstpointer bytes = g_bytes_get_data(message->raw, &length);

    query_number(&query, id);
    query_number(&query, message->received);
    query_blob(&query, bytes, length);
    return query_run(&query, error);
}
