#include "cmd/ingest/ingest_message.h"

const char *const ingest_outcome_names[] = {
    [INGEST_OUTCOME_PENDING] = "pending",     [INGEST_OUTCOME_STORED] = "stored",
    [INGEST_OUTCOME_DUPLICATE] = "duplicate", [INGEST_OUTCOME_CONFLICT] = "conflict",
    [INGEST_OUTCOME_FAILED] = "failed",       NULL,
};

struct ingest_message *ingest_message_new(const char *source, gint64 received)
{
    struct ingest_message *message = g_new0(struct ingest_message, 1);

    message->bytes = g_string_new(NULL);
    message->source = g_strdup(source);
    message->rcpt_to = g_ptr_array_new_with_free_func(g_free);
    message->received = received;
    return message;
}

void ingest_message_end_work(struct ingest_message *message)
{
    struct ingest_work *work = g_steal_pointer(&message->work);

    if (work == NULL)
        return;
    if (work->events != NULL)
        g_array_unref(work->events);
    report_free(work->report);
    g_ptr_array_unref(work->forwards);
    g_bytes_unref(work->raw);
    g_free(work->rcpt_to);
    g_free(work);
}

void ingest_message_free(struct ingest_message *message)
{
    if (message == NULL)
        return;
    ingest_message_end_work(message);
    g_string_free(message->bytes, TRUE);
    testimony_free(message->testimony);
    g_free(message->source);
    g_free(message->mail_from);
    g_ptr_array_unref(message->rcpt_to);
    if (message->own_mta != NULL)
        g_ptr_array_unref(message->own_mta);
    g_free(message->error);
    g_free(message->digest);
    g_free(message);
}

int ingest_message_compare(const void *message, const void *other, void *unused)
{
    gint64 due = ((const struct ingest_message *)message)->due, other_due = ((const struct ingest_message *)other)->due;

    (void)unused;
    return (due > other_due) - (due < other_due);
}
