#include "store/replaying/judgement.h"

#include "store/ledger/counter.h"
#include "store/ledger/row.h"
#include "store/undoing/image.h"

static char *describe(const struct stored_event *row)
{
    const struct event *event = &row->event;

    return g_strdup_printf("%s %s, rule %s, rules %s", reason_names[event->reason], verdict_names[event->verdict],
                           event->rule != NULL ? event->rule : "-",
                           row->rule_version != NULL ? row->rule_version : "-");
}

static bool update_event(struct store *store, const struct revised *revised, const struct revision_order *order,
                         const char *from, GError **error)
{
    struct query query = query_new(store->connection, SQL_REVISE);

    query_text(&query, verdict_names[revised->verdict.verdict]);
    query_name(&query, reason_names[revised->verdict.reason]);
    query_name(&query, party_names[revised->verdict.party]);
    query_text(&query, revised->verdict.rule);
    query_text(&query, revised->verdict.blocklist);
    query_text(&query, order->rule_version);
    query_number(&query, order->now);
    query_text(&query, order->who);
    query_text(&query, from);
    query_number(&query, revised->id);
    return query_run(&query, error);
}

/* The event's row, and the counters of its day. */
static bool revise_event(struct store *store, const struct revised *revised, const struct revision_order *order,
                         GError **error)
{
    struct query query = query_new(store->connection, SQL_EVENT);
    struct stored_event row;
    bool found;

    query_number(&query, revised->id);
    if (!query_step(&query, &found, error) || !found)
        return !found;
    row_event(&query, &row);
    g_autofree char *from = describe(&row);
    struct event now = row.event;
    now.verdict = revised->verdict.verdict;
    now.reason = revised->verdict.reason;
    bool good = row.effect == POLICY_REPEATED || counter_change(store, &row.event, &now, row.received, error);
    query_end(&query);
    return good && update_event(store, revised, order, from, error);
}

static bool prove_event(struct store *store, const struct revised *revised, GError **error)
{
    struct query raise = query_new(store->connection, SQL_RAISE_EVIDENCE);
    struct query prove = query_new(store->connection, SQL_PROVE);
    struct query image = query_new(store->connection, SQL_RAISE_IMAGE);

    query_text(&raise, report_evidence_names[REPORT_EVIDENCE_AUTHENTICATED]);
    query_number(&raise, revised->id);
    query_text(&prove, revised->proof);
    query_number(&prove, revised->id);
    query_number(&image, revised->id);
    return query_run(&raise, error) && query_run(&prove, error) && query_run(&image, error);
}

static bool doubt_event(const struct correction *correction, const struct revised *revised, GError **error)
{
    struct query query = query_new(correction->store->connection, SQL_DOUBT);

    g_assert(correction->order->batch != NULL);
    query_number(&query, correction->order->now);
    query_text(&query, correction->order->who);
    query_text(&query, "believed");
    query_text(&query, correction->order->batch);
    query_number(&query, revised->id);
    return image_event(correction->store->connection, correction->batch, revised->id, error) &&
           query_run(&query, error);
}

bool judgement_write(const struct correction *correction, const struct revised *revised, GError **error)
{
    if (revised->doubted)
        return doubt_event(correction, revised, error);
    return revised->proof != NULL ? prove_event(correction->store, revised, error)
                                  : revise_event(correction->store, revised, correction->order, error);
}
