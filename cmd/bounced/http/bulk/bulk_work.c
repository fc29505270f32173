#include "cmd/bounced/http/bulk/bulk_work.h"

#include "cmd/bounced/http/http_parts.h"

enum { BUSY_TIMEOUT = 5000 }; /* milliseconds */

bool bulk_work_begin(struct bulk_work *work)
{
    struct http_call *call = work->call;

    work->turn.call = call;
    work->snapshot = snapshots_take(call->parts->snapshots);
    work->listings.text = g_string_new(NULL);
    const struct store_settings settings = {.path = work->snapshot->store_path,
                                            .mode = STORE_MODE_READ,
                                            .policies = work->snapshot->policies,
                                            .tenants = work->snapshot->tenants,
                                            .busy_timeout = BUSY_TIMEOUT};
    work->reader = store_open(&settings, &call->error);
    return work->reader != NULL || bulk_work_give_up(work, NULL);
}

static void tell(const struct bulk_work *work, const char *event)
{
    const struct http_call *call = work->call;
    struct journal_entry *entry =
        journal_begin(call->parts->journal, call->error != NULL ? LOG_ERR : LOG_NOTICE, event);

    journal_text(entry, "who", call->grant.name);
    journal_text(entry, "batch", work->batch);
    journal_number(entry, "entries", work->listings.n);
    journal_number(entry, "status", call->answer.status);
    journal_text(entry, "error", call->error != NULL ? call->error->message : NULL);
    journal_send(entry);
}

void bulk_work_end(struct bulk_work *work, const char *event)
{
    if (event != NULL && work->batch != NULL)
        tell(work, event);
    store_free(work->reader);
    snapshot_unref(work->snapshot);
    g_string_free(work->listings.text, TRUE);
    g_free(work->batch);
}

bool bulk_work_give_up(struct bulk_work *work, const char *far)
{
    struct http_call *call = work->call;
    const char *why = work->turn.refusal != NULL ? work->turn.refusal : "the database cannot be used now";
    g_autofree char *detail = far != NULL ? g_strdup_printf("%s; %s", why, far) : g_strdup(why);

    if (g_error_matches(call->error, STORE_ERROR, STORE_ERROR_ADDRESS))
        http_answer_problem(&call->answer, PROBLEM_INVALID_ADDRESS, call->error->message);
    else
        http_answer_problem(&call->answer, PROBLEM_UNAVAILABLE, detail);
    return false;
}
