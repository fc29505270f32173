#include "cmd/bounced/http/bulk/rollback_post.h"

#include "cmd/batches/batch.h"
#include "cmd/batches/batch_json.h"
#include "cmd/bounced/http/api/body.h"
#include "cmd/bounced/http/bulk/listings.h"
#include "cmd/bounced/http/bulk/rollback_order.h"
#include "cmd/bounced/http/bulk/undo.h"
#include "cmd/bounced/http/http_body.h"
#include "cmd/bounced/http/http_parts.h"

enum {
    ROWS_AT_ONCE = 1000, /* that are looked at before one looks whether the daemon stops */
    EVENTS_MAX = 500000, /* they are in memory, some 200 octets each */
};

/* False, and the answer is a problem. */
static bool refuse(struct bulk_work *work, enum problem problem, const char *detail)
{
    http_answer_problem(&work->call->answer, problem, detail);
    return false;
}

/* --- what is selected --------------------------------------------------------------------------------------------- */

static bool find_run(struct bulk_work *work, const char *batch)
{
    bool found = false;

    if (batch == NULL)
        return true;
    if (!revision_has_batch(work->reader, batch, &found, &work->call->error))
        return bulk_work_give_up(work, NULL);
    return found || refuse(work, PROBLEM_NOT_FOUND, "no run of ingest has this batch; \"undo\" is for the others");
}

static bool knows_stream(struct bulk_work *work, const char *stream)
{
    bool known = stream == NULL || g_hash_table_contains(work->snapshot->streams, stream);

    if (!known && !store_knows_stream(work->reader, stream, &known, &work->call->error))
        return bulk_work_give_up(work, NULL);
    return known || refuse(work, PROBLEM_INVALID_BODY,
                           "the member \"stream\": neither the config nor a report names this stream");
}

static bool select_all(struct bulk_work *work, struct retraction *retraction)
{
    bool left = true;

    while (left) {
        if (!turn_may_go_on(&work->turn) || !retraction_select(retraction, ROWS_AT_ONCE, &left, &work->call->error))
            return bulk_work_give_up(work, NULL);
        if (retraction_left(retraction) > EVENTS_MAX)
            return refuse(work, PROBLEM_INVALID_BODY,
                          "more than 500,000 reports are selected; `bouncectl rollback` takes so many");
    }
    return true;
}

/* --- going through them ------------------------------------------------------------------------------------------- */

static void take_listings(struct bulk_work *work, struct retraction *retraction)
{
    guint n;
    const struct revision_listing *listings = revision_listings(retraction_revision(retraction), &n);

    for (guint i = 0; i < n; i++) {
        GString *out = listings_next(&work->listings);
        if (out != NULL)
            batch_json_revised(out, &listings[i]);
    }
    revision_forget_listings(retraction_revision(retraction));
}

/* Selected by the reader, written by the daemon's store. */
static bool apply_some(struct bulk_work *work, struct retraction *retraction, const struct revision_order *order)
{
    struct store *store = turn_has_room(&work->turn) ? turn_begin(&work->turn) : NULL;

    if (store == NULL)
        return false;
    revision_move(retraction_revision(retraction), store);
    retraction_take(retraction, order, order->now, &work->call->error);
    return turn_end(&work->turn);
}

static bool go_through(struct bulk_work *work, const struct rollback_order *asked, struct retraction *retraction)
{
    g_autofree char *note = batch_note_of_rollback(asked->settings.whole ? asked->settings.filter.batch : NULL,
                                                   asked->note != NULL ? asked->note : "");
    const struct revision_order order = {.who = work->call->grant.name,
                                         .now = work->call->now,
                                         .note = note,
                                         .batch = work->batch,
                                         .door = STORE_DOOR_API};
    guint all = retraction_left(retraction);

    while (retraction_left(retraction) > 0) {
        bool good = turn_may_go_on(&work->turn) &&
                    (asked->apply ? apply_some(work, retraction, &order)
                                  : retraction_take(retraction, NULL, order.now, &work->call->error));
        if (!good) {
            g_autofree char *far = g_strdup_printf("%u of %u reports are done, as batch %s: the same request does the "
                                                   "rest, as another one",
                                                   all - retraction_left(retraction), all, work->batch);
            return bulk_work_give_up(work, asked->apply && retraction_left(retraction) < all ? far : NULL);
        }
        take_listings(work, retraction);
    }
    return true;
}

/* --- the answer --------------------------------------------------------------------------------------------------- */

static void answer(struct bulk_work *work, const struct rollback_order *asked, struct retraction *retraction)
{
    const GPtrArray *sorts = retraction_sorts(retraction);
    GString *out = work->call->answer.body;
    struct retraction_sums sums;

    retraction_read_sums(retraction, &sums);
    http_answer_begin(&work->call->answer, 200, "application/json");
    g_string_append_c(out, '{');
    batch_json_rollback(out, &sums, asked->apply, work->batch);
    g_string_append(out, ",\"reasons\":[");
    for (guint i = 0; i < sorts->len; i++) {
        g_string_append(out, i > 0 ? "," : "");
        batch_json_sort(out, sorts->pdata[i]);
    }
    g_string_append_c(out, ']');
    listings_append(&work->listings, out);
    g_string_append(out, "}\n");
}

static void roll_back(struct bulk_work *work, const struct rollback_order *asked)
{
    const struct store_filter *filter = &asked->settings.filter;
    g_autoptr(Retraction) retraction = NULL;

    if (!find_run(work, filter->batch) || !knows_stream(work, filter->stream))
        return;
    retraction = retraction_new(work->reader, &asked->settings, &work->call->error);
    if (retraction == NULL) {
        bulk_work_give_up(work, NULL);
        return;
    }
    if (!select_all(work, retraction))
        return;
    work->batch = asked->apply && retraction_left(retraction) > 0 ? batch_name(work->call->now) : NULL;
    if (go_through(work, asked, retraction))
        answer(work, asked, retraction);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void carry_out(struct http_call *call, const struct rollback_order *order)
{
    struct bulk_work work = {.call = call};

    /* Reports are of all mail; the work of a batch may be a tenant's alone. */
    if (order->undo == NULL && call->grant.tenant != NULL) {
        http_answer_problem(&call->answer, PROBLEM_FORBIDDEN, "the token of a tenant may undo its own batches alone");
        return;
    }
    if (bulk_work_begin(&work)) {
        if (order->undo != NULL)
            undo(&work, order);
        else
            roll_back(&work, order);
    }
    bulk_work_end(&work, order->apply ? order->undo != NULL ? "api-undo" : "api-rollback" : NULL);
}

void rollback_post(struct http_call *call)
{
    struct rollback_order order;
    json_t *object;

    http_body_take(call);
    object = body_object(call, false);
    if (object != NULL && rollback_order_read(call, object, &order))
        carry_out(call, &order);
    json_decref(object);
}
