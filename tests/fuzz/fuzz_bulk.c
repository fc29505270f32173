/* Requests for lists and rollbacks: "QUERY LF body". The query is that of POST /v1/import, with the token of a tenant
 * and without; the body is that of POST /v1/rollback. */
#include <stdint.h>
#include <string.h>

#include "cmd/batches/batch.h"
#include "cmd/bounced/http/api/body.h"
#include "cmd/bounced/http/bulk/import_order.h"
#include "cmd/bounced/http/bulk/rollback_order.h"
#include "store/entry_key.h"

enum { NOW = 1795339800 }; /* 2026-11-22T09:30:00Z */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static GHashTable *pair(const char *key, const char *value)
{
    GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

    g_hash_table_insert(table, g_strdup(key), g_strdup(value));
    return table;
}

/* An order that is taken can be followed. */
static void read_import(struct http_call *call)
{
    struct snapshot snapshot = {.streams = pair("news", "stream=news"),
                                .tenant_scopes = pair("shop", "tenant=shop"),
                                .tenants = g_hash_table_ref(call->tenants)};
    struct import_order order = {.scope = NULL};
    struct entry_scope scope;

    if (import_order_read(call, &snapshot, &order)) {
        g_assert_true(batch_name_is_good(order.batch));
        g_assert_true(entry_scope_parse(order.scope, &scope));
        g_assert_true(call->grant.tenant == NULL || scope.kind != ENTRY_SCOPE_ALL || order.scope == NULL);
        g_assert_cmpint(order.store.known, <=, NOW);
        import_order_strange_stream(&snapshot, &order);
    } else {
        g_assert_cmpuint(call->answer.status, >=, 400);
    }
    import_order_clear(&order);
    g_hash_table_unref(snapshot.streams);
    g_hash_table_unref(snapshot.tenant_scopes);
    g_hash_table_unref(snapshot.tenants);
}

static void read_rollback(struct http_call *call)
{
    json_t *object = body_object(call, false);
    struct rollback_order order;

    if (object != NULL && rollback_order_read(call, object, &order))
        g_assert_true(!order.apply || (order.note != NULL && *order.note != '\0'));
    else
        g_assert_cmpuint(call->answer.status, >=, 400);
    json_decref(object);
}

static void take(const char *query, const char *body, size_t length, const char *tenant)
{
    struct http_call *call = http_call_new(NULL, NULL);
    g_autofree char *uri = g_strconcat("/v1/import?", query, NULL);
    const char *why;

    call->now = NOW;
    call->grant.name = g_strdup("crm");
    call->grant.tenant = g_strdup(tenant);
    call->tenants = pair("news", "shop");
    call->request.body = g_string_new_len(body, (gssize)length);
    if (http_request_read_uri(&call->request, uri, &why)) {
        read_import(call);
        read_rollback(call);
    }
    http_call_free(call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data, *line = memchr(bytes, '\n', size);
    size_t length = line != NULL ? (size_t)(line - bytes) : size;
    g_autofree char *query = g_strndup(bytes, length);
    const char *body = line != NULL ? line + 1 : "";

    take(query, body, size - length - (line != NULL), NULL);
    take(query, body, size - length - (line != NULL), "shop");
    return 0;
}
