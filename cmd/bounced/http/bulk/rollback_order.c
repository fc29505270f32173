#include "cmd/bounced/http/bulk/rollback_order.h"

#include "classifier/mail_receiver.h"
#include "cmd/bounced/http/api/body.h"
#include "cmd/bounced/http/api/event_condition.h"
#include "store/entry_key.h"

static bool refuse(struct http_call *call, const char *detail)
{
    http_answer_problem(&call->answer, PROBLEM_INVALID_BODY, detail);
    return false;
}

/* --- the filter --------------------------------------------------------------------------------------------------- */

static bool read_conditions(struct http_call *call, const json_t *object, struct store_filter *filter)
{
    for (const struct event_condition *row = event_conditions; row->name != NULL; row++) {
        g_autofree char *detail = g_strdup_printf("the member \"%s\": there is none of this name", row->name);
        const char *text;

        if (!body_text(call, object, row->name, &text))
            return false;
        if (!event_condition_set(filter, row, text))
            return refuse(call, detail);
    }
    return body_text(call, object, "scope", &filter->scope) && body_time(call, object, "since", &filter->since) &&
           body_time(call, object, "until", &filter->until);
}

/* A filter that can select nothing would look as if there were nothing. */
static bool check_conditions(struct http_call *call, const struct store_filter *filter)
{
    struct entry_scope scope;

    if (filter->since > call->now)
        return refuse(call, "the member \"since\" is a time to come");
    if (filter->until != 0 && filter->since >= filter->until)
        return refuse(call, "the member \"since\" is not before \"until\"");
    if (filter->scope != NULL && !entry_scope_parse(filter->scope, &scope))
        return refuse(call, "the member \"scope\" is none of all, tenant=NAME and stream=NAME");
    if (filter->receiver != NULL && !mail_receiver_may_be(filter->receiver))
        return refuse(call, "the member \"receiver\" is neither a provider that bounced knows nor a domain");
    return true;
}

static bool selects(const struct store_filter *filter)
{
    bool any = filter->scope != NULL || filter->since != 0 || filter->until != 0;

    for (const struct event_condition *row = event_conditions; row->name != NULL; row++)
        any = any || G_STRUCT_MEMBER(const char *, filter, row->offset) != NULL;
    return any;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static const char *const members[] = {
    "undo",   "batch", "apply",  "note", "include_complaints", "since",  "until",      "scope",    "recipient",
    "domain", "kind",  "reason", "rule", "receiver",           "stream", "diagnostic", "evidence", NULL};

static bool is_usable(struct http_call *call, const struct rollback_order *order, bool conditions)
{
    const char *batch = order->settings.filter.batch;

    if (order->apply && (order->note == NULL || *order->note == '\0'))
        return refuse(call, "expected the member \"note\" with \"apply\", which is kept");
    if (order->undo != NULL && (batch != NULL || conditions || order->settings.include_complaints))
        return refuse(call, "\"undo\" takes no members that select");
    if (order->undo == NULL && batch == NULL && !conditions)
        return refuse(call, "expected \"batch\", members that select reports, or \"undo\"");
    return true;
}

bool rollback_order_read(struct http_call *call, json_t *object, struct rollback_order *order)
{
    struct retraction_settings *settings = &order->settings;
    struct store_filter *filter = &settings->filter;

    *order = (struct rollback_order){.undo = NULL};
    if (!body_knows(call, object, members) || !body_text(call, object, "undo", &order->undo) ||
        !body_text(call, object, "batch", &filter->batch) || !body_text(call, object, "note", &order->note) ||
        !body_flag(call, object, "apply", &order->apply) ||
        !body_flag(call, object, "include_complaints", &settings->include_complaints) ||
        !read_conditions(call, object, filter))
        return false;
    bool conditions = selects(filter);
    settings->whole = filter->batch != NULL && !conditions;
    return is_usable(call, order, conditions) && check_conditions(call, filter);
}
