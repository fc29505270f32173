#include "store/review.h"

#include "store/ledger/state.h"

struct review {
    struct store *store;
    struct store_filter filter; /* borrowed strings */
    guint least;
    gint64 given;
    struct query addresses;
    GString *recipient;
    GString *reasons;
};

struct review *review_new(struct store *store, const struct store_filter *filter, guint least, GError **error)
{
    if (!store_freeze(store, error))
        return NULL;
    struct review *review = g_new0(struct review, 1);
    review->store = store;
    review->filter = *filter;
    review->filter.until = filter->until != 0 ? filter->until : G_MAXINT64;
    review->least = least;
    review->recipient = g_string_new(NULL);
    review->reasons = g_string_new(NULL);
    review->addresses = query_new(store->connection, SQL_REVIEW);
    query_number(&review->addresses, review->filter.since);
    query_number(&review->addresses, review->filter.until);
    query_number(&review->addresses, least);
    query_text(&review->addresses, filter->domain);
    query_text(&review->addresses, filter->reason);
    return review;
}

void review_free(struct review *review)
{
    if (review == NULL)
        return;
    query_end(&review->addresses);
    store_thaw(review->store);
    g_string_free(review->recipient, TRUE);
    g_string_free(review->reasons, TRUE);
    g_free(review);
}

/* Each reason of the address in `recipient`. */
static bool add_up(struct review *review, struct review_row *row, GError **error)
{
    struct query query = query_new(review->store->connection, SQL_REVIEW_OF);
    bool found = true;

    *row = (struct review_row){.recipient = review->recipient->str, .first = G_MAXINT64};
    g_string_truncate(review->reasons, 0);
    query_text(&query, review->recipient->str);
    query_number(&query, review->filter.since);
    query_number(&query, review->filter.until);
    query_text(&query, review->filter.stream);
    query_text(&query, review->filter.reason);
    while (found) {
        if (!query_step(&query, &found, error))
            return false;
        if (!found)
            break;
        guint failures = (guint)query_number_at(&query, 1);
        g_string_append_printf(review->reasons, "%s%s %u", review->reasons->len > 0 ? ", " : "",
                               query_text_at(&query, 0), failures);
        row->failures += failures;
        row->first = MIN(row->first, query_number_at(&query, 2));
        row->last = MAX(row->last, query_number_at(&query, 3));
    }
    row->reasons = review->reasons->str;
    return true;
}

bool review_next(struct review *review, struct review_row *row, GError **error)
{
    bool found = true;

    while (review->filter.limit == 0 || review->given < review->filter.limit) {
        if (!query_step(&review->addresses, &found, error) || !found)
            return false;
        g_string_assign(review->recipient, query_text_at(&review->addresses, 0));
        if (!add_up(review, row, error))
            return false;
        if (row->failures >= review->least) {
            review->given++;
            return true;
        }
    }
    return false;
}

bool review_has_reason(enum reason reason)
{
    enum party party = reason_row(reason)->party;

    return reason != REASON_PROVIDER_SUPPRESSED && reason_row(reason)->verdict == VERDICT_SOFT &&
           (party == PARTY_NETWORK || party == PARTY_REMOTE || party == PARTY_UNKNOWN);
}
