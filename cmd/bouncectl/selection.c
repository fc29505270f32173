#include "cmd/bouncectl/selection.h"

#define RECENT ((gint64)30 * 24 * 60 * 60)

struct store_filter selection_filter(const struct selection *selection)
{
    return (struct store_filter){
        .recipient = selection->recipient,
        .domain = selection->domain,
        .stream = selection->stream,
        .kind = selection->kind > 0 ? report_kind_names[selection->kind - 1] : NULL,
        .reason = selection->reason > 0 ? reason_names[selection->reason - 1] : NULL,
        .since = selection->since,
        .until = selection->until,
        .limit = selection->limit,
    };
}

struct store_filter selection_recent(const struct selection *selection, gint64 now)
{
    struct store_filter filter = selection_filter(selection);

    if (filter.since == 0)
        filter.since = now - RECENT;
    return filter;
}
