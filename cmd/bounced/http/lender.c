#include "cmd/bounced/http/lender.h"

#include "cmd/bounced/log/seldom.h"
#include "cmd/bounced/setup/readable_store.h"
#include "store/tail.h"

enum { TENDED_ROWS = 4000 }; /* some milliseconds */

struct lender {
    const struct http_parts *parts;
    struct readable_store *readable;
    struct event *tending;
    struct seldom alert;
    struct store_mark mark;
};

void lender_tell(struct lender *lender, const GError *error)
{
    if (error == NULL || !seldom_due(&lender->alert, g_get_monotonic_time()))
        return;
    struct journal_entry *entry = journal_begin(lender->parts->journal, LOG_ALERT, "api-failed");
    journal_text(entry, "error", error->message);
    journal_send(entry);
}

bool lender_lend(struct lender *lender, struct http_call *call)
{
    call->now = g_get_real_time() / G_USEC_PER_SEC;
    call->store = readable_store_get(lender->readable, &call->error);
    if (call->store != NULL)
        return true;
    lender_tell(lender, call->error);
    g_clear_error(&call->error);
    http_call_fail(call);
    return false;
}

bool lender_take_back(struct lender *lender, struct http_call *call)
{
    static const struct timeval after = {.tv_usec = 50000};
    bool good = call->error == NULL;

    call->store = NULL;
    if (!good) {
        lender_tell(lender, call->error);
        readable_store_failed(lender->readable, call->error);
        http_call_fail(call);
        g_clear_error(&call->error);
    }
    if (evtimer_pending(lender->tending, NULL) == 0)
        evtimer_add(lender->tending, &after);
    return good;
}

bool lender_stirred(struct lender *lender)
{
    g_autoptr(GError) error = NULL;
    const struct store *store = readable_store_get(lender->readable, &error);

    lender_tell(lender, error);
    return store != NULL && store_stirred(store, &lender->mark);
}

static void on_tending(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    static const struct timeval again = {.tv_usec = 15000};
    struct lender *lender = data;
    struct store *store = readable_store_open(lender->readable);
    bool more = false;

    /* A failure here is told when somebody asks. */
    if (store != NULL && store_tend(store, TENDED_ROWS, &more, NULL) && more)
        evtimer_add(lender->tending, &again);
}

struct lender *lender_new(struct event_base *base, const struct http_parts *parts)
{
    struct lender *lender = g_new0(struct lender, 1);

    lender->parts = parts;
    lender->alert.period = SELDOM_MINUTE;
    lender->readable = readable_store_new(parts->setup->config->store_path);
    lender->tending = evtimer_new(base, on_tending, lender);
    return lender;
}

void lender_free(struct lender *lender)
{
    if (lender == NULL)
        return;
    event_free(lender->tending);
    readable_store_free(lender->readable);
    g_free(lender);
}
