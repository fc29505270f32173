/* The word of a tenant: it holds for its own mail, also when it is judged again. And messages that have a key. */
#include "store_temporary.h"

#include "store/backtest.h"
#include "store/ledger/repetition.h"

#define ADDRESS "anna@example.org"

static void test_scope(void)
{
    static const struct {
        enum entry_scope_kind kind;
        bool confined;
        const char *tenant, *stream, *scope;
    } cases[] = {
        {ENTRY_SCOPE_ALL, false, "shop", "news", ""},
        {ENTRY_SCOPE_ALL, true, "shop", "news", "tenant=shop"},
        {ENTRY_SCOPE_TENANT, false, "shop", "news", "tenant=shop"},
        {ENTRY_SCOPE_TENANT, true, "shop", "news", "tenant=shop"},
        {ENTRY_SCOPE_STREAM, false, "shop", "news", "stream=news"},
        {ENTRY_SCOPE_STREAM, true, "shop", "news", "stream=news"},
        /* the config gives the stream no tenant any more */
        {ENTRY_SCOPE_ALL, true, NULL, "news", "stream=news"},
        {ENTRY_SCOPE_TENANT, true, NULL, "news", "stream=news"},
        {ENTRY_SCOPE_TENANT, false, NULL, "news", ""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const struct policy policy = {.scope_hard = cases[i].kind};
        const struct event event = {.verdict = VERDICT_HARD, .stream = cases[i].stream, .confined = cases[i].confined};
        g_autoptr(GString) scope = g_string_new("x");

        g_test_message("row %zu", i);
        policy_scope(&policy, &event, cases[i].tenant, scope);
        g_assert_cmpstr(scope->str, ==, cases[i].scope);
    }
}

static bool suppressed_for(const struct temporary *temporary, const char *tenant)
{
    const struct store_asker asker = {.tenant = tenant};
    struct store_answer answer;

    g_assert_true(store_look_up(temporary->store, ADDRESS, &asker, NOON + DAY, &answer, NULL));
    return answer.suppressed;
}

static void make(struct temporary *temporary, GHashTable *tenants)
{
    g_hash_table_insert(tenants, (char *)"news", (char *)"shop");
    g_hash_table_insert(tenants, (char *)"alerts", (char *)"bank");
    temporary_new(temporary, NULL);
    store_set_policies(temporary->store, NULL, tenants);
}

static void test_entry(void)
{
    g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, ADDRESS);
    struct temporary temporary;

    make(&temporary, tenants);
    event.stream = "news";
    event.confined = true;
    temporary_add(&temporary, &event, 1, NOON);
    g_assert_true(suppressed_for(&temporary, "shop"));
    g_assert_false(suppressed_for(&temporary, "bank"));
    g_assert_false(suppressed_for(&temporary, NULL));

    /* The policy of now gives the same list. */
    const struct store_filter filter = {.since = NOON - DAY, .until = NOON + DAY};
    g_autoptr(GError) error = NULL;
    g_autoptr(Backtest) backtest = backtest_new(temporary.store, &filter, NOON + DAY, &error);
    struct backtest_row difference;
    g_assert_no_error(error);
    g_assert_false(backtest_next(backtest, &difference, &error));
    g_assert_no_error(error);
    g_clear_pointer(&backtest, backtest_free);

    /* Others are believed all the same. */
    event.confined = false;
    temporary_add(&temporary, &event, 1, NOON + 1);
    g_assert_true(suppressed_for(&temporary, "bank"));
    temporary_free(&temporary);
}

/* Another tenant that says the same is no repetition of the first. */
static void test_fingerprint(void)
{
    struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, ADDRESS);
    guint8 prints[4][EVENT_FINGERPRINT_SIZE];
    static const struct {
        const char *stream;
        bool confined;
    } cases[] = {{"news", true}, {"alerts", true}, {"news", false}, {"alerts", false}};

    event.message_id = "<1@us>";
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        event.stream = cases[i].stream;
        event.confined = cases[i].confined;
        g_assert_true(repetition_fingerprint(&event, NOON, prints[i]));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (size_t other = 0; other < i; other++)
            g_assert_true((memcmp(prints[i], prints[other], EVENT_FINGERPRINT_SIZE) == 0) == (other == 2 && i == 3));
    }
}

static enum store_result add_keyed(struct temporary *temporary, guint8 key, guint8 rest, size_t key_size)
{
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, ADDRESS);
    guint8 digest[STORE_DIGEST_SIZE];
    const struct store_message message = {
        .digest = digest, .key_size = key_size, .received = NOON, .source = "api", .rule_version = "v1"};
    enum store_result result;

    memset(digest, rest, sizeof digest);
    memset(digest, key, 16);
    g_assert_true(store_begin(temporary->store, NULL));
    result = store_add(temporary->store, &message, &event, 1, NULL);
    g_assert_true(store_commit(temporary->store, NULL));
    return result;
}

static void test_keys(void)
{
    static const struct {
        guint8 key, rest;
        size_t key_size;
        enum store_result result;
    } cases[] = {
        {1, 1, 16, STORE_RESULT_ADDED},     {1, 1, 16, STORE_RESULT_DUPLICATE},  {1, 2, 16, STORE_RESULT_CONFLICT},
        {1, 0, 16, STORE_RESULT_CONFLICT},  {1, 255, 16, STORE_RESULT_CONFLICT}, {0, 1, 16, STORE_RESULT_ADDED},
        {255, 255, 16, STORE_RESULT_ADDED}, {255, 0, 16, STORE_RESULT_CONFLICT}, {1, 1, 16, STORE_RESULT_DUPLICATE},
        {1, 2, 0, STORE_RESULT_ADDED},      {2, 0, 16, STORE_RESULT_ADDED},      {2, 255, 16, STORE_RESULT_CONFLICT},
    };
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("row %zu", i);
        g_assert_cmpint(add_keyed(&temporary, cases[i].key, cases[i].rest, cases[i].key_size), ==, cases[i].result);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/confined/scope", test_scope);
    g_test_add_func("/store/confined/entry", test_entry);
    g_test_add_func("/store/confined/fingerprint", test_fingerprint);
    g_test_add_func("/store/confined/keys", test_keys);
    return g_test_run();
}
