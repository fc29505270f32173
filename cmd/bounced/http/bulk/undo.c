#include "cmd/bounced/http/bulk/undo.h"

#include "cmd/batches/batch.h"
#include "cmd/batches/batch_json.h"
#include "cmd/bounced/http/api/tenancy.h"
#include "store/reversal.h"
#include "store/revision.h"

static bool refuse(struct bulk_work *work, enum problem problem, const char *detail)
{
    http_answer_problem(&work->call->answer, problem, detail);
    return false;
}

/* Says why that batch cannot be undone. */
static void refuse_batch(struct bulk_work *work, const char *batch, enum undoable undoable)
{
    bool ingested = false;

    if (undoable == UNDOABLE_UNDOES)
        refuse(work, PROBLEM_INVALID_BODY, "this batch undid another one; what that did is to be done anew");
    else if (!revision_has_batch(work->reader, batch, &ingested, &work->call->error))
        bulk_work_give_up(work, NULL);
    else
        refuse(work, PROBLEM_NOT_FOUND,
               ingested ? "this batch is a run of ingest, which \"batch\" rolls back" : "there is no such batch");
}

static struct reversal *make(struct bulk_work *work, const char *batch)
{
    enum undoable undoable;
    struct reversal *reversal = reversal_new(work->reader, batch, &undoable, &work->call->error);

    if (reversal == NULL) {
        bulk_work_give_up(work, NULL);
        return NULL;
    }
    if (undoable == UNDOABLE_YES)
        return reversal;
    refuse_batch(work, batch, undoable);
    reversal_free(reversal);
    return NULL;
}

/* --- going through ------------------------------------------------------------------------------------------------ */

static bool apply_some(struct bulk_work *work, struct reversal *reversal, const struct revision_order *order,
                       bool *left)
{
    struct store *store = turn_has_room(&work->turn) ? turn_begin(&work->turn) : NULL;

    if (store == NULL)
        return false;
    reversal_move(reversal, store);
    reversal_apply(reversal, order, UNDOING_AT_ONCE, left, &work->call->error);
    return turn_end(&work->turn);
}

static void take_listings(struct bulk_work *work, struct reversal *reversal, struct batch_undone *undone)
{
    guint n;
    const struct reversal_listing *listings = reversal_listings(reversal, &n);

    for (guint i = 0; i < n; i++) {
        GString *out = listings_next(&work->listings);

        undone->effects[listings[i].effect]++;
        if (out != NULL)
            batch_json_reversed(out, &listings[i]);
    }
    reversal_forget_listings(reversal);
}

static bool go_through(struct bulk_work *work, const struct rollback_order *asked, struct reversal *reversal,
                       struct batch_undone *undone)
{
    g_autofree char *note = batch_note_of_undoing(asked->undo, asked->note != NULL ? asked->note : "");
    const struct revision_order order = {.who = work->call->grant.name,
                                         .now = work->call->now,
                                         .note = note,
                                         .batch = work->batch,
                                         .door = STORE_DOOR_API};

    for (bool left = true; left;) {
        if (!turn_may_go_on(&work->turn) ||
            !(asked->apply ? apply_some(work, reversal, &order, &left)
                           : reversal_preview(reversal, order.now, UNDOING_AT_ONCE, &left, &work->call->error)))
            return bulk_work_give_up(work, asked->apply ? "not all is undone: the same request does the rest" : NULL);
        take_listings(work, reversal, undone);
    }
    return true;
}

/* --- a token's tenant --------------------------------------------------------------------------------------------- */

static bool owns_listings(struct bulk_work *work, const struct reversal *reversal)
{
    guint n;
    const struct audience audience = tenancy_audience(work->call);
    const struct reversal_listing *listings = reversal_listings(reversal, &n);

    for (guint i = 0; i < n; i++) {
        if (!audience_owns(&audience, listings[i].scope))
            return refuse(work, PROBLEM_FORBIDDEN, "the batch changed entries that are not the tenant's own");
    }
    return true;
}

/* Looks at all that it would change before any of it is. */
static bool owns(struct bulk_work *work, const char *batch)
{
    g_autoptr(Reversal) reversal = make(work, batch);

    if (reversal == NULL)
        return false;
    if (reversal_events(reversal) > 0)
        return refuse(work, PROBLEM_FORBIDDEN, "the batch was about reports, which are no tenant's");
    for (bool left = true; left;) {
        if (!turn_may_go_on(&work->turn) ||
            !reversal_preview(reversal, work->call->now, UNDOING_AT_ONCE, &left, &work->call->error))
            return bulk_work_give_up(work, NULL);
        if (!owns_listings(work, reversal))
            return false;
        reversal_forget_listings(reversal);
    }
    return true;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void answer(struct bulk_work *work, const struct rollback_order *asked, const struct batch_undone *undone)
{
    GString *out = work->call->answer.body;

    http_answer_begin(&work->call->answer, 200, "application/json");
    g_string_append_c(out, '{');
    batch_json_undoing(out, undone, asked->apply, work->batch);
    listings_append(&work->listings, out);
    g_string_append(out, "}\n");
}

void undo(struct bulk_work *work, const struct rollback_order *asked)
{
    struct batch_undone undone = {.events = 0};
    g_autoptr(Reversal) reversal = NULL;

    if (work->call->grant.tenant != NULL && !owns(work, asked->undo))
        return;
    reversal = make(work, asked->undo);
    if (reversal == NULL)
        return;
    if (asked->apply)
        work->batch =
            reversal_begun(reversal) != NULL ? g_strdup(reversal_begun(reversal)) : batch_name(work->call->now);
    undone.events = reversal_events(reversal);
    if (go_through(work, asked, reversal, &undone))
        answer(work, asked, &undone);
}
