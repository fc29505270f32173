/* Scopes by verdict, and the entries that apply to who asks. */
#include "store/privacy.h"
#include "store/revision.h"
#include "store/verification.h"
#include "store_temporary.h"

static GHashTable *tenants_new(void)
{
    GHashTable *tenants = g_hash_table_new(g_str_hash, g_str_equal);

    g_hash_table_insert(tenants, (gpointer) "news", (gpointer) "shop");
    g_hash_table_insert(tenants, (gpointer) "receipts", (gpointer) "shop");
    g_hash_table_insert(tenants, (gpointer) "alerts", (gpointer) "bank");
    return tenants;
}

/* The answer in one line: yes or no, each entry, and what is closed besides. */
static char *ask(struct store *store, const char *address, const char *stream, const char *tenant)
{
    const struct store_asker asker = {stream, tenant};
    g_autoptr(GError) error = NULL;
    struct store_answer answer;
    GString *text = g_string_new(NULL);

    g_assert_true(store_look_up(store, address, &asker, NOON + DAY, &answer, &error));
    g_assert_no_error(error);
    g_string_append(text, answer.suppressed ? "yes" : "no");
    for (guint i = 0; i < answer.n; i++)
        g_string_append_printf(text, " %s/%s", answer.entries[i].subject, answer.entries[i].scope);
    for (guint i = 0; i < answer.n_closed; i++)
        g_string_append_printf(text, " (%s)", answer.closed[i]);
    return g_string_free(text, FALSE);
}

static void expect(struct store *store, const char *address, const char *stream, const char *tenant,
                   const char *expected)
{
    g_autofree char *text = ask(store, address, stream, tenant);

    g_test_message("%s for stream %s, tenant %s", address, stream, tenant);
    g_assert_cmpstr(text, ==, expected);
}

static void fail(struct temporary *temporary, enum reason reason, const char *recipient, const char *stream)
{
    enum report_kind kind = reason == REASON_FEEDBACK      ? REPORT_KIND_FEEDBACK
                            : reason == REASON_UNSUBSCRIBE ? REPORT_KIND_UNSUBSCRIBE
                                                           : REPORT_KIND_BOUNCE;
    struct event event = temporary_event(kind, reason, recipient);

    event.stream = stream;
    temporary_add(temporary, &event, 1, NOON);
}

static void temporary_of_tenants(struct temporary *temporary, GHashTable *tenants, const GPtrArray *policies)
{
    temporary_new(temporary, NULL);
    store_set_policies(temporary->store, policies, tenants);
}

/* An opt-out from the newsletter stops no receipts, a complaint the tenant's mail, a dead mailbox all. */
static void test_verdicts(void)
{
    static const struct {
        enum reason reason;
        const char *stream;
        const char *answers[5]; /* for nobody, news, receipts, alerts, the tenant shop */
    } cases[] = {
        {REASON_UNSUBSCRIBE,
         "news",
         {"no (stream=news)", "yes a@example.com/stream=news", "no (stream=news)", "no (stream=news)",
          "no (stream=news)"}},
        {REASON_FEEDBACK,
         "news",
         {"no (tenant=shop)", "yes a@example.com/tenant=shop", "yes a@example.com/tenant=shop", "no (tenant=shop)",
          "yes a@example.com/tenant=shop"}},
        {REASON_USER_UNKNOWN,
         "news",
         {"yes a@example.com/all", "yes a@example.com/all", "yes a@example.com/all", "yes a@example.com/all",
          "yes a@example.com/all"}},
        {REASON_FEEDBACK,
         "other",
         {"yes a@example.com/all", "yes a@example.com/all", "yes a@example.com/all", "yes a@example.com/all",
          "yes a@example.com/all"}},
        {REASON_UNSUBSCRIBE,
         NULL,
         {"yes a@example.com/all", "yes a@example.com/all", "yes a@example.com/all", "yes a@example.com/all",
          "yes a@example.com/all"}},
    };
    static const char *const streams[] = {NULL, "news", "receipts", "alerts", NULL};
    g_autoptr(GHashTable) tenants = tenants_new();

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct temporary temporary;

        g_test_message("row %zu", i);
        temporary_of_tenants(&temporary, tenants, NULL);
        fail(&temporary, cases[i].reason, "a@example.com", cases[i].stream);
        for (size_t at = 0; at < G_N_ELEMENTS(streams); at++)
            expect(temporary.store, "A@example.com", streams[at], at == 4 ? "shop" : NULL, cases[i].answers[at]);
        temporary_free(&temporary);
    }
}

/* The config may say otherwise, and each scope counts by itself. */
static void test_policy(void)
{
    g_autoptr(GPtrArray) policies = g_ptr_array_new_with_free_func((GDestroyNotify)policy_free);
    g_autoptr(GHashTable) tenants = tenants_new();
    struct policy *policy = policy_new(NULL);
    struct temporary temporary;

    policy->scope_complaint = ENTRY_SCOPE_STREAM;
    policy->scope_soft = ENTRY_SCOPE_STREAM;
    policy->scope_unsubscribe = ENTRY_SCOPE_ALL;
    g_assert_true(policy_set(policy, REASON_MAILBOX_FULL, "2", NULL));
    g_ptr_array_add(policies, policy);
    temporary_of_tenants(&temporary, tenants, policies);
    fail(&temporary, REASON_FEEDBACK, "a@example.com", "news");
    expect(temporary.store, "a@example.com", "receipts", NULL, "no (stream=news)");
    fail(&temporary, REASON_FEEDBACK, "a@example.com", "receipts");
    expect(temporary.store, "a@example.com", "receipts", NULL, "yes a@example.com/stream=receipts (stream=news)");
    fail(&temporary, REASON_UNSUBSCRIBE, "b@example.com", "news");
    expect(temporary.store, "b@example.com", NULL, NULL, "yes b@example.com/all");
    fail(&temporary, REASON_MAILBOX_FULL, "c@example.com", "news");
    fail(&temporary, REASON_MAILBOX_FULL, "c@example.com", "receipts");
    g_assert_cmpint(temporary_last_effect(temporary.store, "c@example.com"), ==, POLICY_COUNTED);
    store_set_policies(temporary.store, NULL, NULL);
    temporary_free(&temporary);
}

/* The decisive one is first: of the address, its domain, the nearest domain above; the later end before the earlier. */
static void test_order(void)
{
    static const struct store_order orders[] = {
        {.subject = ".example.org", .who = "ann", .now = NOON},
        {.subject = ".sub.example.org", .who = "ann", .now = NOON},
        {.subject = "@a.sub.example.org", .who = "ann", .now = NOON},
        {.subject = "x@a.sub.example.org", .who = "ann", .now = NOON, .until = NOON + 3 * DAY},
        {.subject = "x@a.sub.example.org", .who = "ann", .now = NOON, .scope = "stream=news"},
        {.subject = "x@a.sub.example.org", .who = "ann", .now = NOON, .scope = "tenant=shop", .until = NOON + 9 * DAY},
        {.subject = "x@a.sub.example.org", .who = "ann", .now = NOON, .scope = "tenant=bank", .until = NOON + 1},
        {.subject = "@example.org", .who = "ann", .now = NOON},
        {.subject = ".org.example", .who = "ann", .now = NOON},
    };
    g_autoptr(GHashTable) tenants = tenants_new();
    struct temporary temporary;

    temporary_of_tenants(&temporary, tenants, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++)
        g_assert_true(store_suppress(temporary.store, &orders[i], NULL));
    expect(temporary.store, "x@A.sub.example.org", "news", NULL,
           "yes x@a.sub.example.org/stream=news x@a.sub.example.org/tenant=shop x@a.sub.example.org/all"
           " @a.sub.example.org/all .sub.example.org/all .example.org/all");
    expect(temporary.store, "y@sub.example.org", NULL, NULL, "yes .example.org/all");
    expect(temporary.store, "y@example.org", NULL, NULL, "yes @example.org/all");
    expect(temporary.store, "y@example.net", NULL, NULL, "no");
    temporary_free(&temporary);
}

/* A removal is of one scope; a success report clears what counts in all; and a complaint that is judged to be none
 * takes its entry off, whatever its scope. */
static void test_undo(void)
{
    const struct store_order off = {.subject = "a@example.com", .who = "ann", .now = NOON + 1, .scope = "stream=news"};
    const struct revision_order order = {.who = "ann", .rule_version = "v2", .now = NOON + 2};
    const struct verdict none = {.verdict = VERDICT_NONE, .reason = REASON_FEEDBACK, .rule = "other"};
    g_autoptr(GPtrArray) faults = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) tenants = tenants_new();
    struct temporary temporary;
    struct stored_event row;
    bool removed;
    guint n;

    temporary_of_tenants(&temporary, tenants, NULL);
    fail(&temporary, REASON_UNSUBSCRIBE, "a@example.com", "news");
    fail(&temporary, REASON_FEEDBACK, "a@example.com", "news");
    g_assert_true(store_unsuppress(temporary.store, &off, &removed, NULL));
    g_assert_true(removed);
    expect(temporary.store, "a@example.com", "news", NULL, "yes a@example.com/tenant=shop");

    g_autoptr(Revision) revision = revision_new(temporary.store, &(struct store_filter){0}, NULL);
    while (revision_next(revision, &row, NULL)) {
        g_assert_cmpstr(row.tenant, ==, "shop");
        g_assert_cmpstr(row.scope, ==, row.event.reason == REASON_FEEDBACK ? "tenant=shop" : "stream=news");
        if (row.event.reason == REASON_FEEDBACK)
            revision_judge(revision, &none);
    }
    g_assert_true(revision_apply(revision, &order, 10, NULL));
    const struct revision_listing *listings = revision_listings(revision, &n);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(listings->scope, ==, "tenant=shop");
    g_assert_cmpint(listings->effect, ==, REVISION_GOES);
    expect(temporary.store, "a@example.com", "news", NULL, "no");
    g_assert_true(store_verify(temporary.store, faults, NULL));
    g_assert_cmpuint(faults->len, ==, 0);
    temporary_free(&temporary);
}

/* Another program forgets an address that is on the list, between two questions; the second is within a transaction. */
static void test_transaction(void)
{
    const struct store_order order = {.subject = "a@example.com", .who = "alice", .now = NOON};
    struct privacy_traces traces;
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_assert_true(store_suppress(temporary.store, &order, NULL));
    expect(temporary.store, "a@example.com", NULL, NULL, "yes a@example.com/all");
    g_autoptr(Store) other = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    g_assert_true(store_forget(other, &order, PRIVACY_ERASE, &traces, NULL));
    g_assert_true(store_begin(temporary.store, NULL));
    expect(temporary.store, "a@example.com", NULL, NULL, "yes a@example.com/all");
    store_rollback(temporary.store);
    g_clear_pointer(&other, store_free);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/look-up/verdicts", test_verdicts);
    g_test_add_func("/store/look-up/policy", test_policy);
    g_test_add_func("/store/look-up/order", test_order);
    g_test_add_func("/store/look-up/undo", test_undo);
    g_test_add_func("/store/look-up/transaction", test_transaction);
    return g_test_run();
}
