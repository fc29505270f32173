#include "store/undoing/image.h"

bool image_batch(struct connection *connection, const struct list_cause *cause, gint64 *number, GError **error)
{
    struct query add = query_new(connection, SQL_ADD_BATCH);
    struct query query = query_new(connection, SQL_BATCH_NUMBER);
    bool found;

    *number = 0;
    if (cause->batch == NULL)
        return true;
    query_text(&add, cause->batch);
    query_number(&add, cause->now);
    query_text(&add, cause->who);
    query_text(&add, cause->note);
    query_text(&query, cause->batch);
    if (!query_run(&add, error) || !query_step(&query, &found, error))
        return false;
    g_assert(found);
    *number = query_number_at(&query, 0);
    query_end(&query);
    return true;
}

/* Runs a statement about an event of the batch. */
static bool run_for_event(struct connection *connection, enum sql sql, gint64 batch, gint64 event, GError **error)
{
    struct query query = query_new(connection, sql);

    query_number(&query, batch);
    query_number(&query, event);
    return query_run(&query, error);
}

bool image_event(struct connection *connection, gint64 batch, gint64 event, GError **error)
{
    return batch == 0 || run_for_event(connection, SQL_IMAGE_EVENT, batch, event, error);
}

/* Runs a statement about what is forgiven. */
static bool run_for_address(struct connection *connection, enum sql sql, gint64 batch, const char *recipient,
                            const char *scope, GError **error)
{
    struct query query = query_new(connection, sql);

    query_number(&query, batch);
    query_text(&query, recipient);
    query_text(&query, scope);
    return query_run(&query, error);
}

bool image_forgiven(struct connection *connection, gint64 batch, const char *recipient, const char *scope,
                    GError **error)
{
    return batch == 0 || run_for_address(connection, SQL_IMAGE_FORGIVEN, batch, recipient, scope, error);
}

bool image_cleared(struct connection *connection, gint64 batch, const char *recipient, const char *scope,
                   GError **error)
{
    g_autofree char *row = g_strconcat("*", scope, NULL);

    return image_forgiven(connection, batch, recipient, row, error);
}

bool image_forgive(struct connection *connection, const struct list_cause *cause, const struct suppression *entry,
                   GError **error)
{
    gint64 number;

    return image_batch(connection, cause, &number, error) &&
           image_forgiven(connection, number, entry->subject, entry->scope, error) &&
           list_forgive(connection, entry->subject, entry->scope, error);
}

bool image_events(struct connection *connection, gint64 batch, unsigned limit, GArray *events, GError **error)
{
    struct query query = query_new(connection, SQL_IMAGED_EVENTS);
    bool row = true;

    query_number(&query, batch);
    query_number(&query, limit);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        gint64 event = row ? query_number_at(&query, 0) : 0;
        if (row)
            g_array_append_val(events, event);
    }
    return true;
}

bool image_read(struct connection *connection, gint64 batch, gint64 event, struct image *image, GError **error)
{
    struct query query = query_new(connection, SQL_IMAGE);

    *image = (struct image){0};
    query_number(&query, batch);
    query_number(&query, event);
    if (!query_step(&query, &image->found, error))
        return false;
    if (!image->found)
        return true;
    image->effect = event_value(policy_effect_names, query_text_at(&query, 0));
    image->stands = query_number_at(&query, 1) != 0;
    query_end(&query);
    return true;
}

bool image_restore_event(struct connection *connection, gint64 batch, const char *batch_name, gint64 event, bool stands,
                         GError **error)
{
    struct query believe = query_new(connection, SQL_BELIEVE);

    query_number(&believe, batch);
    query_number(&believe, event);
    query_text(&believe, batch_name);
    return run_for_event(connection, stands ? SQL_RESTORE_EVENT : SQL_HAND_IMAGE_ON, batch, event, error) &&
           query_run(&believe, error) && run_for_event(connection, SQL_DROP_IMAGE, batch, event, error);
}

bool image_restore_forgiven(struct connection *connection, gint64 batch, const char *recipient, const char *scope,
                            GError **error)
{
    static const enum sql steps[] = {SQL_RESTORE_FORGIVEN, SQL_UNFORGIVE, SQL_DROP_FORGIVEN_IMAGE};

    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (!run_for_address(connection, steps[i], batch, recipient, scope, error))
            return false;
    }
    return true;
}

bool image_restore_cleared(struct connection *connection, gint64 batch, unsigned limit, guint *n, GError **error)
{
    g_autoptr(GPtrArray) recipients = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) scopes = g_ptr_array_new_with_free_func(g_free);
    struct query query = query_new(connection, SQL_IMAGED_CLEARED);
    bool row = true;

    query_number(&query, batch);
    query_number(&query, limit);
    while (row) {
        if (!query_step(&query, &row, error))
            return false;
        if (!row)
            break;
        g_ptr_array_add(recipients, g_strdup(query_text_at(&query, 0)));
        g_ptr_array_add(scopes, g_strdup(query_text_at(&query, 1)));
    }
    for (guint i = 0; i < recipients->len; i++) {
        if (!image_restore_forgiven(connection, batch, recipients->pdata[i], scopes->pdata[i], error))
            return false;
    }
    *n = recipients->len;
    return true;
}
