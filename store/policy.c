#include "store/policy.h"

#include "store/error.h"

#define DAY G_GINT64_CONSTANT(86400)

const char *const policy_effect_names[] = {
    [POLICY_IGNORED] = "ignored", [POLICY_DELAYED] = "delayed",       [POLICY_NO_RECIPIENT] = "no_recipient",
    [POLICY_NEVER] = "never",     [POLICY_UNPROVEN] = "unproven",     [POLICY_ROLLED_BACK] = "rolled_back",
    [POLICY_COUNTED] = "counted", [POLICY_REPEATED] = "repeated",     [POLICY_STALE] = "stale",
    [POLICY_HELD] = "held",       [POLICY_SUPPRESSED] = "suppressed", [POLICY_LISTED] = "listed",
    [POLICY_CLEARED] = "cleared", [POLICY_RELAYED] = "relayed",       NULL,
};

static const struct policy_row temporary = {.count = 5, .within = 30 * DAY, .stays_n = 1, .stays = {90 * DAY}};

/* A complaint is about a sender, and an opt-out about one kind of its mail. */
static const struct policy defaults = {
    .preset = PRESET_STANDARD,
    .scope_complaint = ENTRY_SCOPE_TENANT,
    .scope_unsubscribe = ENTRY_SCOPE_STREAM,
};

struct policy *policy_new(const char *stream)
{
    struct policy *policy = g_memdup2(&defaults, sizeof defaults);

    policy->stream = g_strdup(stream);
    return policy;
}

void policy_free(struct policy *policy)
{
    if (policy == NULL)
        return;
    g_free(policy->stream);
    g_free(policy);
}

bool policy_set(struct policy *policy, enum reason reason, const char *text, GError **error)
{
    struct policy_row row;

    if (!policy_row_parse(text, &row, error))
        return false;
    if (row.count != 0 && !reason_may_suppress(reason)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
                    "\"%s\", but %s says nothing about the address itself; expected never", text, reason_names[reason]);
        return false;
    }
    policy->own[reason] = row;
    policy->has_own[reason] = true;
    return true;
}

const struct policy_row *policy_row_of(const struct policy *policy, enum reason reason)
{
    return policy->has_own[reason] ? &policy->own[reason] : preset_row(policy->preset, reason);
}

const struct policy *policy_for(const GPtrArray *policies, const char *stream)
{
    const struct policy *for_all = &defaults;

    for (guint i = 0; policies != NULL && i < policies->len; i++) {
        const struct policy *policy = policies->pdata[i];
        if (policy->stream == NULL)
            for_all = policy;
        else if (g_strcmp0(policy->stream, stream) == 0)
            return policy;
    }
    return for_all;
}

const struct policy_row *policy_row_for(const struct policy *policy, const struct event *event)
{
    const struct policy_row *row = policy_row_of(policy, event->reason);
    bool elsewhere = event->final_recipient != NULL;
    bool hard = reason_row(event->reason)->verdict == VERDICT_HARD;
    bool softened = event->verdict == VERDICT_SOFT && (elsewhere || hard);
    bool for_hard = row->count == 1 || (hard && !policy->has_own[event->reason]);

    return softened && for_hard ? &temporary : row;
}

enum entry_scope_kind policy_scope_kind(const struct policy *policy, enum verdict_kind verdict)
{
    switch (verdict) {
    case VERDICT_HARD:
        return policy->scope_hard;
    case VERDICT_SOFT:
        return policy->scope_soft;
    case VERDICT_COMPLAINT:
        return policy->scope_complaint;
    case VERDICT_UNSUBSCRIBE:
        return policy->scope_unsubscribe;
    default:
        return ENTRY_SCOPE_ALL;
    }
}

/* The widest one that is no other tenant's. */
static enum entry_scope_kind confine(enum entry_scope_kind kind, const char *tenant)
{
    return kind == ENTRY_SCOPE_STREAM || tenant == NULL ? ENTRY_SCOPE_STREAM : ENTRY_SCOPE_TENANT;
}

void policy_scope(const struct policy *policy, const struct event *event, const char *tenant, GString *scope)
{
    struct entry_scope wanted = {policy_scope_kind(policy, event->verdict), NULL}, read;

    g_string_truncate(scope, 0);
    if (event->confined)
        wanted.kind = confine(wanted.kind, tenant);
    wanted.name = wanted.kind == ENTRY_SCOPE_TENANT ? tenant : event->stream;
    if (wanted.kind == ENTRY_SCOPE_ALL || wanted.name == NULL)
        return;
    g_autofree char *text = entry_scope_format(&wanted);
    if (entry_scope_parse(text, &read)) /* an address may name a stream by octets that are no text */
        g_string_assign(scope, text);
}

bool policy_lifts(const struct policy *policy, const struct event *event)
{
    return policy->success_lifts && event->kind == REPORT_KIND_DELIVERED && event->recipient != NULL;
}

char **policy_lifted_scopes(const struct event *event, const char *tenant)
{
    const struct entry_scope scopes[] = {{ENTRY_SCOPE_TENANT, tenant}, {ENTRY_SCOPE_STREAM, event->stream}};
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();

    if (!event->confined)
        g_strv_builder_add(builder, "");
    for (size_t i = 0; i < G_N_ELEMENTS(scopes); i++) {
        g_autofree char *text = scopes[i].name != NULL ? entry_scope_format(&scopes[i]) : NULL;
        if (text != NULL)
            g_strv_builder_add(builder, text);
    }
    return g_strv_builder_end(builder);
}

char **policy_cleared_scopes(const struct event *event, const char *tenant)
{
    static const char *const all[] = {"", NULL};

    return event->confined ? policy_lifted_scopes(event, tenant) : g_strdupv((char **)all);
}

bool policy_applies(const struct event *event)
{
    bool failure = event->kind == REPORT_KIND_BOUNCE || event->kind == REPORT_KIND_FEEDBACK ||
                   event->kind == REPORT_KIND_UNSUBSCRIBE;

    return failure && event->recipient != NULL && event->verdict != VERDICT_NONE;
}

bool policy_counts(const struct event *event)
{
    return policy_applies(event) && event->may_suppress && reason_may_suppress(event->reason);
}

/* A relayed message went to where no success reports come from (RFC 3461 section 5.2.2): it may still fail there. */
static enum policy_effect decide_success(const struct event *event)
{
    if (!event->may_suppress)
        return POLICY_UNPROVEN;
    return event->action == REPORT_ACTION_RELAYED ? POLICY_RELAYED : POLICY_CLEARED;
}

enum policy_effect policy_decide(const struct policy_row *row, const struct event *event, unsigned failures)
{
    bool success = event->kind == REPORT_KIND_DELIVERED;

    if (event->kind == REPORT_KIND_DELAY)
        return POLICY_DELAYED;
    if (event->kind == REPORT_KIND_OTHER || event->kind == REPORT_KIND_AUTO_REPLY ||
        (!success && event->verdict == VERDICT_NONE))
        return POLICY_IGNORED;
    if (event->recipient == NULL)
        return POLICY_NO_RECIPIENT;
    if (success)
        return decide_success(event);
    if (row->count == 0 || !reason_may_suppress(event->reason))
        return POLICY_NEVER;
    if (!policy_counts(event))
        return POLICY_UNPROVEN;
    return failures < row->count ? POLICY_COUNTED : POLICY_SUPPRESSED;
}
