#include "cmd/bounced/http/api/event_condition.h"

#include <glib.h>

const struct event_condition event_conditions[] = {
    {"recipient", offsetof(struct store_filter, recipient), NULL},
    {"domain", offsetof(struct store_filter, domain), NULL},
    {"kind", offsetof(struct store_filter, kind), report_kind_names},
    {"reason", offsetof(struct store_filter, reason), reason_names},
    {"rule", offsetof(struct store_filter, rule), NULL},
    {"receiver", offsetof(struct store_filter, receiver), NULL},
    {"stream", offsetof(struct store_filter, stream), NULL},
    {"diagnostic", offsetof(struct store_filter, diagnostic), NULL},
    {"evidence", offsetof(struct store_filter, evidence), report_evidence_names},
    {NULL, 0, NULL},
};

bool event_condition_set(struct store_filter *filter, const struct event_condition *condition, const char *text)
{
    const char *const *names = condition->names;

    if (text != NULL && names != NULL && (*text == '\0' || !g_strv_contains(names, text)))
        return false;
    G_STRUCT_MEMBER(const char *, filter, condition->offset) = text;
    return true;
}
