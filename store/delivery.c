#include "store/delivery.h"

#include <string.h>

#include "store/adding/addition.h"
#include "store/ledger/state.h"

static bool is_of_interest(struct store *store, const struct store_delivery *delivery, gint64 at, bool *interesting,
                           GError **error)
{
    const struct event event = {.stream = delivery->stream, .confined = delivery->confined};
    g_auto(GStrv) scopes = policy_cleared_scopes(&event, state_tenant(store, delivery->stream));
    const char *first = scopes[0] != NULL ? scopes[0] : "none";
    struct query query = query_new(store->connection, SQL_DELIVERY);

    query_text(&query, store->recipient->str);
    query_number(&query, at != 0 ? at : G_MAXINT64);
    query_text(&query, first);
    query_text(&query, scopes[0] != NULL && scopes[1] != NULL ? scopes[1] : first);
    if (!query_step(&query, interesting, error))
        return false;
    query_end(&query);
    return true;
}

/* No two are the same, but for the same one at the same second. */
static void make_digest(const struct store_batch *batch, gint64 at, const char *address,
                        guint8 digest[STORE_DIGEST_SIZE])
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *text = g_strdup_printf("delivered %" G_GINT64_FORMAT " %s %s", at, address, batch->order.who);
    size_t length = STORE_DIGEST_SIZE;

    g_checksum_update(checksum, (const guchar *)text, -1);
    g_checksum_get_digest(checksum, digest, &length);
}

static bool deliver_one(struct store *store, const struct store_batch *batch, const struct store_delivery *delivery,
                        gint64 at, bool *changed, GError **error)
{
    g_autofree char *address = g_strdup(store->recipient->str);
    g_autofree char *proof = g_strconcat(EVENT_PROOF_SAID, batch->order.who, NULL);
    guint8 digest[STORE_DIGEST_SIZE];
    const struct store_message message = {
        .digest = digest, .received = batch->order.now, .source = store_door_names[batch->order.door]};
    const struct event event = {
        .source = message.source,
        .recipient = address,
        .stream = delivery->stream,
        .kind = REPORT_KIND_DELIVERED,
        .action = REPORT_ACTION_DELIVERED,
        .reason = REASON_DELIVERED,
        .occurred = at,
        .evidence = REPORT_EVIDENCE_AUTHENTICATED,
        .may_suppress = true,
        .confined = delivery->confined,
        .proof = proof,
    };

    make_digest(batch, at, address, digest);
    enum store_result result = addition_run(store, &message, &event, 1, error);
    *changed = result == STORE_RESULT_ADDED;
    return result != STORE_RESULT_FAILED;
}

bool store_deliver(struct store *store, const struct store_batch *batch, const struct store_delivery *delivery,
                   GError **error)
{
    bool good = store_begin(store, error), begun = good;

    for (guint i = 0; good && i < batch->n; i++) {
        gint64 at = delivery->times != NULL ? delivery->times[i] : delivery->at;
        gint64 occurred = at != 0 ? MIN(at, batch->order.now) : batch->order.now;

        batch->changed[i] = false;
        good = state_take_address(store, batch->subjects[i], error) &&
               is_of_interest(store, delivery, at, &batch->changed[i], error) &&
               (!batch->changed[i] || deliver_one(store, batch, delivery, occurred, &batch->changed[i], error));
    }
    return begun && (good || store_undo(store)) && store_commit(store, error);
}
