/* POST /v1/rollback takes these members, and refuses others. */
#include "cmd/bounced/http/bulk/rollback_order.h"

#include <string.h>

#define NOW ((gint64)1795339800) /* 2026-11-22T09:30:00Z */

static struct http_call *ask(const char *body, json_t **object, struct rollback_order *order)
{
    struct http_call *call = http_call_new(NULL, NULL);

    call->now = NOW;
    *object = json_loads(body, 0, NULL);
    g_assert_nonnull(*object);
    bool good = rollback_order_read(call, *object, order);
    g_assert_true(good == (call->answer.status == 0));
    return call;
}

static void append(GString *out, const char *name, const char *text)
{
    if (text != NULL)
        g_string_append_printf(out, "%s=%s ", name, text);
}

static char *describe(const struct rollback_order *order)
{
    const struct store_filter *filter = &order->settings.filter;
    g_autoptr(GString) out = g_string_new(NULL);

    append(out, "undo", order->undo);
    append(out, "note", order->note);
    append(out, "batch", filter->batch);
    append(out, "recipient", filter->recipient);
    append(out, "domain", filter->domain);
    append(out, "kind", filter->kind);
    append(out, "reason", filter->reason);
    append(out, "rule", filter->rule);
    append(out, "receiver", filter->receiver);
    append(out, "stream", filter->stream);
    append(out, "diagnostic", filter->diagnostic);
    append(out, "evidence", filter->evidence);
    append(out, "scope", filter->scope);
    append(out, "since", filter->since != 0 ? "some" : NULL);
    append(out, "until", filter->until != 0 ? "some" : NULL);
    append(out, "apply", order->apply ? "true" : NULL);
    append(out, "complaints", order->settings.include_complaints ? "true" : NULL);
    append(out, "whole", order->settings.whole ? "true" : NULL);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static const struct {
    const char *body, *order;
} good[] = {
    {"{\"undo\":\"b1\"}", "undo=b1 "},
    {"{\"undo\":\"b1\",\"apply\":true,\"note\":\"x\"}", "undo=b1 note=x apply=true "},
    {"{\"batch\":\"b1\"}", "batch=b1 whole=true "},
    {"{\"batch\":\"b1\",\"kind\":\"bounce\"}", "batch=b1 kind=bounce "},
    {"{\"batch\":\"b1\",\"include_complaints\":true}", "batch=b1 complaints=true whole=true "},
    {"{\"recipient\":\"a@example.org\",\"apply\":false}", "recipient=a@example.org "},
    {"{\"domain\":\"example.org\",\"note\":null}", "domain=example.org "},
    {"{\"reason\":\"user_unknown\"}", "reason=user_unknown "},
    {"{\"rule\":\"r1\"}", "rule=r1 "},
    {"{\"receiver\":\"google\"}", "receiver=google "},
    {"{\"stream\":\"news\"}", "stream=news "},
    {"{\"diagnostic\":\"no such\"}", "diagnostic=no such "},
    {"{\"evidence\":\"signed\"}", "evidence=signed "},
    {"{\"scope\":\"tenant=shop\"}", "scope=tenant=shop "},
    {"{\"since\":\"2026-11-20\"}", "since=some "},
    {"{\"until\":\"2026-11-20\"}", "until=some "},
};

static void test_good(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        struct rollback_order order;
        json_t *object;

        g_test_message("%s", good[i].body);
        struct http_call *call = ask(good[i].body, &object, &order);
        g_assert_cmpuint(call->answer.status, ==, 0);
        g_autofree char *told = describe(&order);
        g_assert_cmpstr(told, ==, good[i].order);
        json_decref(object);
        http_call_free(call);
    }
}

static const char *const bad[] = {
    "{}",
    "{\"note\":\"x\"}",
    "{\"include_complaints\":true}",
    "{\"undo\":\"b1\",\"batch\":\"b1\"}",
    "{\"undo\":\"b1\",\"kind\":\"bounce\"}",
    "{\"undo\":\"b1\",\"include_complaints\":true}",
    "{\"undo\":\"b1\",\"apply\":true}",
    "{\"undo\":\"b1\",\"apply\":true,\"note\":\"\"}",
    "{\"undo\":\"b1\",\"apply\":\"true\"}",
    "{\"undo\":1}",
    "{\"kind\":\"x\"}",
    "{\"kind\":\"\"}",
    "{\"reason\":\"x\"}",
    "{\"evidence\":\"x\"}",
    "{\"scope\":\"nowhere\"}",
    "{\"receiver\":\"no body\"}",
    "{\"since\":\"2099-01-01\"}",
    "{\"since\":\"2026-11-20\",\"until\":\"2026-11-19\"}",
    "{\"since\":\"soon\"}",
    "{\"recipients\":\"a@example.org\"}",
    "{\"door\":\"api\",\"batch\":\"b1\"}",
};

static void test_bad(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct rollback_order order;
        json_t *object;

        g_test_message("%s", bad[i]);
        struct http_call *call = ask(bad[i], &object, &order);
        g_assert_cmpuint(call->answer.status, ==, 400);
        g_assert_nonnull(strstr(call->answer.body->str, "/problems/invalid-body"));
        json_decref(object);
        http_call_free(call);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounced/rollback-order/good", test_good);
    g_test_add_func("/bounced/rollback-order/bad", test_bad);
    return g_test_run();
}
