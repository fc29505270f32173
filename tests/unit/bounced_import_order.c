/* POST /v1/import takes these: each argument and type, what is refused, and what a tenant's token may have. */
#include "cmd/bounced/http/bulk/import_order.h"

#include <string.h>

#define NOW ((gint64)1795339800) /* 2026-11-22T09:30:00Z */

struct asked {
    struct http_call *call;
    GHashTable *streams, *tenants;
    struct snapshot snapshot;
    struct import_order order;
    bool good;
};

static void ask(struct asked *asked, const char *query, const char *type, const char *tenant)
{
    g_autofree char *uri = g_strconcat("/v1/import?", query, NULL);
    const char *why;

    *asked = (struct asked){.call = http_call_new(NULL, NULL)};
    g_assert_true(http_request_read_uri(&asked->call->request, uri, &why));
    asked->call->request.fields[HTTP_FIELD_CONTENT_TYPE] = g_strdup(type);
    asked->call->now = NOW;
    asked->call->grant.name = g_strdup("crm");
    asked->call->grant.tenant = g_strdup(tenant);
    asked->call->tenants = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(asked->call->tenants, (char *)"news", (char *)"shop");
    g_hash_table_insert(asked->call->tenants, (char *)"alerts", (char *)"bank");
    asked->streams = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(asked->streams, (char *)"news", (char *)"stream=news");
    g_hash_table_insert(asked->streams, (char *)"alerts", (char *)"stream=alerts");
    asked->tenants = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(asked->tenants, (char *)"shop", (char *)"tenant=shop");
    asked->snapshot =
        (struct snapshot){.tenants = asked->call->tenants, .streams = asked->streams, .tenant_scopes = asked->tenants};
    asked->good = import_order_read(asked->call, &asked->snapshot, &asked->order);
    g_assert_true(asked->good == (asked->call->answer.status == 0));
}

static void forget(struct asked *asked)
{
    import_order_clear(&asked->order);
    g_hash_table_unref(asked->streams);
    g_hash_table_unref(asked->tenants);
    http_call_free(asked->call);
}

/* --- arguments ---------------------------------------------------------------------------------------------------- */

/* The order, by what it has of them. */
static char *describe(const struct import_order *order)
{
    const struct entry_rules *rules = &order->settings.list.rules;

    return g_strdup_printf(
        "%s|%s|%s|%s|%" G_GINT64_FORMAT "|%" G_GINT64_FORMAT "|%s|%s", order->scope != NULL ? order->scope : "-",
        rules->reason != NULL ? reason_names[rules->reason->reason] : "-", rules->note != NULL ? rules->note : "-",
        order->settings.dry_run ? "dry" : "wet", rules->until != 0 ? rules->until - NOW : 0, NOW - rules->known,
        order->store.batch != NULL ? order->store.batch : "-",
        rules->kind != NULL ? reason_names[rules->kind->reason] : "-");
}

static const struct {
    const char *query, *order;
} good[] = {
    {"batch=b", "-|-|-|wet|0|0|b|-"},
    {"batch=b&dry_run", "-|-|-|dry|0|0|-|-"},
    {"batch=b&dry_run=true", "-|-|-|dry|0|0|-|-"},
    {"batch=b&dry_run=false", "-|-|-|wet|0|0|b|-"},
    {"batch=b&scope=tenant%3Dshop", "tenant=shop|-|-|wet|0|0|b|-"},
    {"batch=b&scope=tenant%3Dold&force", "tenant=old|-|-|wet|0|0|b|-"},
    {"batch=b&reason=complaint", "-|feedback|-|wet|0|0|b|-"},
    {"batch=b&until=2026-11-22T09:31:00Z", "-|-|-|wet|60|0|b|-"},
    {"batch=b&note=from+SES", "-|-|from SES|wet|0|0|b|-"},
    {"batch=b&name=unsubscribes-2026.csv", "-|-|-|wet|0|0|b|unsubscribe"},
    {"batch=b&name=list.csv", "-|-|-|wet|0|0|b|-"},
    {"batch=b&written=2026-11-22T09:29:00Z", "-|-|-|wet|0|60|b|-"},
    {"batch=b&written=2099-01-01", "-|-|-|wet|0|0|b|-"},
};

static void test_good(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        struct asked asked;

        g_test_message("%s", good[i].query);
        ask(&asked, good[i].query, NULL, NULL);
        g_assert_true(asked.good);
        g_autofree char *order = describe(&asked.order);
        g_assert_cmpstr(order, ==, good[i].order);
        g_assert_cmpstr(asked.order.store.who, ==, "crm");
        g_assert_cmpint(asked.order.store.door, ==, STORE_DOOR_API);
        g_assert_cmpint(asked.order.settings.list.rules.door, ==, STORE_DOOR_API);
        forget(&asked);
    }
}

static const char *const bad[] = {
    "dry_run=yes", "scope=nowhere",    "reason=",   "reason=x", "reason=none", "reason=spam_detected",
    "until=soon",  "until=2020-01-01", "written=x", "batch=",   "batch=a%20b",
};

static void test_bad(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct asked asked;

        g_test_message("%s", bad[i]);
        ask(&asked, bad[i], NULL, NULL);
        g_assert_cmpuint(asked.call->answer.status, ==, 400);
        forget(&asked);
    }
}

/* --- types -------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *type;
    unsigned format; /* G_MAXUINT: it is refused */
} types[] = {
    {NULL, 0},
    {"text/csv", 1 + EXPORT_CSV},
    {"TEXT/CSV; charset=utf-8; header=present", 1 + EXPORT_CSV},
    {"application/x-ndjson", 1 + EXPORT_JSON},
    {"application/json", 1 + EXPORT_JSON},
    {"text/plain", 0},
    {"application/octet-stream", 0},
    {"application/x-www-form-urlencoded", 0},
    {"text/html", G_MAXUINT},
    {"text/csvx", G_MAXUINT},
    {"", G_MAXUINT},
};

static void test_types(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        struct asked asked;

        g_test_message("%s", types[i].type);
        ask(&asked, "", types[i].type, NULL);
        g_assert_cmpuint(asked.call->answer.status, ==, types[i].format == G_MAXUINT ? 415 : 0);
        if (asked.good)
            g_assert_cmpuint(asked.order.settings.list.format, ==, types[i].format);
        forget(&asked);
    }
}

/* --- tenants ------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *query;
    bool good;
} tenants[] = {
    {"", true},
    {"scope=tenant%3Dshop", true},
    {"scope=stream%3Dnews", true},
    {"scope=all", false},
    {"scope=tenant%3Dbank", false},
    {"scope=stream%3Dalerts", false},
    {"scope=stream%3Dother", false},
    {"scope=stream%3Dother&force", false},
};

static void test_tenants(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tenants); i++) {
        struct asked asked;

        g_test_message("%s", tenants[i].query);
        ask(&asked, tenants[i].query, NULL, "shop");
        if (tenants[i].good) {
            g_assert_cmpstr(asked.order.settings.scope, ==, "tenant=shop");
            g_assert_cmpstr(asked.order.settings.audience.tenant, ==, "shop");
            const struct entry_rules *rules = &asked.order.settings.list.rules;
            g_assert_cmpuint(g_hash_table_size(rules->streams), ==, 1);
            g_assert_cmpstr(g_hash_table_lookup(rules->streams, "news"), ==, "stream=news");
        } else {
            g_assert_cmpuint(asked.call->answer.status, ==, 403);
        }
        forget(&asked);
    }
}

/* --- streams ------------------------------------------------------------------------------------------------------ */

static const struct {
    const char *query, *strange;
} streams[] = {
    {"", NULL},
    {"scope=all", NULL},
    {"scope=tenant%3Dshop", NULL},
    {"scope=stream%3Dnews", NULL},
    {"scope=stream%3Dold", "old"},
    {"scope=stream%3Dold&force=true", NULL},
};

static void test_strange_streams(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(streams); i++) {
        struct asked asked;

        g_test_message("%s", streams[i].query);
        ask(&asked, streams[i].query, NULL, NULL);
        g_assert_cmpstr(import_order_strange_stream(&asked.snapshot, &asked.order), ==, streams[i].strange);
        forget(&asked);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounced/import-order/good", test_good);
    g_test_add_func("/bounced/import-order/bad", test_bad);
    g_test_add_func("/bounced/import-order/types", test_types);
    g_test_add_func("/bounced/import-order/tenants", test_tenants);
    g_test_add_func("/bounced/import-order/strange-streams", test_strange_streams);
    return g_test_run();
}
