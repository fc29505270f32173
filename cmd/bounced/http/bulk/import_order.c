#include "cmd/bounced/http/bulk/import_order.h"

#include <string.h>

#include "cmd/batches/batch.h"
#include "cmd/bounced/http/api/tenancy.h"
#include "cmd/bounced/http/routing/http_time.h"
#include "store/entry_key.h"

static bool refuse(struct http_call *call, const char *detail)
{
    http_answer_problem(&call->answer, PROBLEM_BAD_REQUEST, detail);
    return false;
}

/* --- the header --------------------------------------------------------------------------------------------------- */

enum { AS_IT_LOOKS = 0 };

/* A body whose client does not know what it sends is read as it looks. */
static const struct {
    const char *type;
    unsigned format; /* 1 + enum export_format */
} types[] = {
    {"text/csv", 1 + EXPORT_CSV},
    {"application/x-ndjson", 1 + EXPORT_JSON},
    {"application/json", 1 + EXPORT_JSON},
    {"text/plain", AS_IT_LOOKS},
    {"application/octet-stream", AS_IT_LOOKS},
    {"application/x-www-form-urlencoded", AS_IT_LOOKS},
};

static bool read_type(struct http_call *call, unsigned *format)
{
    const char *field = call->request.fields[HTTP_FIELD_CONTENT_TYPE];
    g_autofree char *type = g_strndup(field, field != NULL ? strcspn(field, "; \t") : 0);

    *format = AS_IT_LOOKS;
    if (field == NULL)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (g_ascii_strcasecmp(types[i].type, type) == 0) {
            *format = types[i].format;
            return true;
        }
    }
    http_answer_problem(&call->answer, PROBLEM_UNSUPPORTED_TYPE,
                        "expected text/csv, application/x-ndjson, application/json or text/plain");
    return false;
}

/* --- the query ---------------------------------------------------------------------------------------------------- */

static bool read_scope(struct http_call *call, struct import_order *order)
{
    const char *text = http_request_argument(&call->request, "scope");

    if (text == NULL)
        return true;
    order->scope = tenancy_scope(call, text);
    return order->scope != NULL;
}

static bool read_reason(struct http_call *call, struct import_order *order)
{
    const char *text = http_request_argument(&call->request, "reason");
    enum reason reason = text != NULL ? reason_from_name(text) : REASON_NONE;

    if (text == NULL)
        return true;
    order->settings.list.rules.reason = &order->reason;
    return grounds_of_reason(reason, &order->reason) ||
           refuse(call, reason == REASON_NONE ? "reason: there is none of this name"
                                              : "reason: it says nothing about an address");
}

static bool read_moment(struct http_call *call, const char *name, gint64 *seconds)
{
    const char *text = http_request_argument(&call->request, name);
    g_autofree char *detail = g_strdup_printf("%s: expected a time or a day, as in 2026-11-28T06:45:10Z", name);

    return text == NULL || http_time_read(text, seconds) || refuse(call, detail);
}

static bool read_moments(struct http_call *call, struct entry_rules *rules)
{
    rules->known = call->now;
    if (!read_moment(call, "until", &rules->until) || !read_moment(call, "written", &rules->known))
        return false;
    rules->known = MIN(rules->known, call->now);
    return rules->until == 0 || rules->until > call->now || refuse(call, "until: it is in the past");
}

static bool read_batch(struct http_call *call, struct import_order *order)
{
    const char *text = http_request_argument(&call->request, "batch");

    order->batch = text != NULL ? g_strdup(text) : batch_name(call->now);
    return batch_name_is_good(order->batch) || refuse(call, "batch: expected 1 to 64 letters, digits, -, _ and .");
}

static bool read_flag(struct http_call *call, const char *name, bool *flag)
{
    g_autofree char *detail = g_strdup_printf("%s: expected true or false", name);

    return http_request_flag(&call->request, name, flag) || refuse(call, detail);
}

static bool read_query(struct http_call *call, struct import_order *order)
{
    struct entry_rules *rules = &order->settings.list.rules;
    const char *name = http_request_argument(&call->request, "name");

    rules->note = http_request_argument(&call->request, "note");
    rules->kind = name != NULL && grounds_of_name(name, &order->kind) ? &order->kind : NULL;
    return read_scope(call, order) && read_reason(call, order) && read_moments(call, rules) &&
           read_batch(call, order) && read_flag(call, "dry_run", &order->settings.dry_run) &&
           read_flag(call, "force", &rules->any_scope);
}

/* --- a token's tenant --------------------------------------------------------------------------------------------- */

/* Its rows are for its own mail, and an opt-out from a list that has the name of another's stream is one from all of
 * that. */
static void limit_scopes(const struct http_call *call, const struct snapshot *snapshot, struct import_order *order)
{
    struct entry_rules *rules = &order->settings.list.rules;
    GHashTableIter iter;
    gpointer stream, scope;

    order->own = g_strconcat("tenant=", call->grant.tenant, NULL);
    order->settings.audience = tenancy_audience(call);
    order->streams = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_iter_init(&iter, snapshot->streams);
    while (g_hash_table_iter_next(&iter, &stream, &scope)) {
        if (audience_owns_stream(&order->settings.audience, stream))
            g_hash_table_insert(order->streams, stream, scope);
    }
    rules->streams = order->streams;
    rules->any_scope = true; /* the audience says which */
    order->settings.scope = order->own;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static bool knows_tenant(struct http_call *call, const struct snapshot *snapshot, const struct import_order *order)
{
    struct entry_scope scope;

    return order->scope == NULL || order->settings.list.rules.any_scope || !entry_scope_parse(order->scope, &scope) ||
           scope.kind != ENTRY_SCOPE_TENANT || g_hash_table_contains(snapshot->tenant_scopes, scope.name) ||
           refuse(call, "scope: the config does not name this tenant; force=true overrules that");
}

bool import_order_read(struct http_call *call, const struct snapshot *snapshot, struct import_order *order)
{
    struct entry_rules *rules = &order->settings.list.rules;

    if (!read_type(call, &order->settings.list.format) || !read_query(call, order))
        return false;
    order->settings.list.name = "body";
    rules->now = call->now;
    rules->classifier = snapshot->classifier;
    rules->policies = snapshot->policies;
    rules->scope = order->scope;
    rules->who = call->grant.name;
    rules->door = STORE_DOOR_API;
    rules->streams = snapshot->streams;
    rules->tenants = snapshot->tenant_scopes;
    if (call->grant.tenant != NULL)
        limit_scopes(call, snapshot, order);
    order->store = (struct import_settings){.who = call->grant.name,
                                            .door = STORE_DOOR_API,
                                            .note = rules->note,
                                            .batch = order->settings.dry_run ? NULL : order->batch,
                                            .now = call->now,
                                            .known = rules->known};
    return knows_tenant(call, snapshot, order);
}

void import_order_clear(struct import_order *order)
{
    g_free(order->scope);
    g_clear_pointer(&order->streams, g_hash_table_unref);
    g_free(order->own);
    g_free(order->batch);
}

const char *import_order_strange_stream(const struct snapshot *snapshot, const struct import_order *order)
{
    struct entry_scope scope;

    if (order->scope == NULL || order->settings.list.rules.any_scope || !entry_scope_parse(order->scope, &scope) ||
        scope.kind != ENTRY_SCOPE_STREAM || g_hash_table_contains(snapshot->streams, scope.name))
        return NULL;
    return scope.name;
}
