/* The word of a tenant: it holds for its own mail, also when it is judged again. And messages that have a key. */
#include "store_temporary.h"

#include "store/backtest.h"
#include "store/ledger/repetition.h"
#include "store/reversal.h"
#include "store/revision.h"
#include "store/wave.h"

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

static bool has_entry(const struct temporary *temporary, const char *scope)
{
    const struct store_filter filter = {.recipient = ADDRESS, .scope = scope};
    g_autoptr(StoreCursor) cursor = store_suppressions(temporary->store, &filter, NOON + DAY, NULL);
    struct suppression entry;

    return store_next_suppression(cursor, &entry, NULL);
}

static void make(struct temporary *temporary, GHashTable *tenants)
{
    g_hash_table_insert(tenants, (char *)"news", (char *)"shop");
    g_hash_table_insert(tenants, (char *)"receipts", (char *)"shop");
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

/* Mail of one tenant went through: the failures of others count on. */
static void test_success(void)
{
    static const struct {
        const char *stream; /* of the success */
        bool confined;
        bool shop, bank, all; /* whose entry comes of the third failure then */
    } cases[] = {
        {"news", true, false, true, true},   {"receipts", true, false, true, true},
        {"alerts", true, true, false, true}, {"news", false, false, false, false},
        {NULL, false, false, false, false},
    };
    static const struct {
        const char *stream;
        bool confined;
    } tellers[] = {{"news", true}, {"alerts", true}, {NULL, false}};

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);
        struct event failure = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, ADDRESS);
        struct event success = temporary_event(REPORT_KIND_DELIVERED, REASON_DELIVERED, ADDRESS);
        struct temporary temporary;

        g_test_message("row %zu", i);
        make(&temporary, tenants);
        success.stream = cases[i].stream;
        success.confined = cases[i].confined;
        for (gint64 day = 0; day < 3; day++) {
            if (day == 2)
                temporary_add(&temporary, &success, 1, NOON + 2 * DAY - 1);
            for (size_t teller = 0; teller < G_N_ELEMENTS(tellers); teller++) {
                failure.stream = tellers[teller].stream;
                failure.confined = tellers[teller].confined;
                temporary_add(&temporary, &failure, 1, NOON + day * DAY);
            }
        }
        g_assert_true(suppressed_for(&temporary, "shop") == (cases[i].shop || cases[i].all));
        g_assert_true(has_entry(&temporary, "tenant=shop") == cases[i].shop);
        g_assert_true(has_entry(&temporary, "tenant=bank") == cases[i].bank);
        g_assert_true(has_entry(&temporary, "all") == cases[i].all);
        temporary_free(&temporary);
    }
}

/* The event is taken for another reason now, in a batch; for none: it is not believed any more. */
static void judge(const struct temporary *temporary, guint index, enum reason reason)
{
    const struct revision_order order = {
        .who = "ann", .rule_version = "v2", .now = NOON + 9 * DAY, .note = "x", .batch = "b"};
    const struct verdict verdict = {
        .reason = reason, .party = reason_row(reason)->party, .verdict = reason_row(reason)->verdict, .rule = "other"};
    g_autoptr(Revision) revision = revision_new(temporary->store, &(struct store_filter){0}, NULL);
    struct stored_event row;

    for (guint i = 0; revision_next(revision, &row, NULL); i++) {
        if (i == index && reason == REASON_NONE)
            revision_doubt(revision);
        else if (i == index)
            revision_judge(revision, &verdict);
    }
    while (revision_left(revision) > 0)
        g_assert_true(revision_apply(revision, &order, 10, NULL));
}

static void undo(const struct temporary *temporary)
{
    const struct revision_order order = {
        .who = "ann", .rule_version = "v2", .now = NOON + 10 * DAY, .note = "y", .batch = "c"};
    enum undoable undoable;
    g_autoptr(Reversal) reversal = reversal_new(temporary->store, "b", &undoable, NULL);
    bool left = true;

    g_assert_cmpint(undoable, ==, UNDOABLE_YES);
    while (left)
        g_assert_true(reversal_apply(reversal, &order, 10, &left, NULL));
}

static void add(struct temporary *temporary, enum report_kind kind, enum reason reason, gint64 at)
{
    struct event event = temporary_event(kind, reason, ADDRESS);

    event.stream = "news";
    event.confined = true;
    temporary_add(temporary, &event, 1, at);
}

/* "never cleared counted(1) ..." */
static char *list_effects(const struct temporary *temporary)
{
    g_autoptr(StoreCursor) cursor = store_events(temporary->store, &(struct store_filter){0}, NULL);
    GString *text = g_string_new(NULL);
    struct stored_event row;

    while (store_next_event(cursor, &row, NULL))
        g_string_append_printf(text, "%s%s(%u)", text->len > 0 ? " " : "", policy_effect_names[row.effect],
                               row.failures);
    return g_string_free(text, FALSE);
}

static void check_effects(const struct temporary *temporary, const char *expected)
{
    g_autofree char *effects = list_effects(temporary);

    g_assert_cmpstr(effects, ==, expected);
}

/* Mail of the tenant went through also after what counts only now, and after failures of the same day. */
static void test_judged_again(void)
{
    g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);
    struct temporary temporary;

    make(&temporary, tenants);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_SPAM_DETECTED, NOON);
    add(&temporary, REPORT_KIND_DELIVERED, REASON_DELIVERED, NOON + 1);
    judge(&temporary, 0, REASON_MAILBOX_DISABLED);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, NOON + DAY);
    add(&temporary, REPORT_KIND_DELIVERED, REASON_DELIVERED, NOON + DAY + 1);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_SPAM_DETECTED, NOON + DAY + 2);
    check_effects(&temporary, "counted(1) cleared(0) counted(1) cleared(0) never(0)");
    judge(&temporary, 4, REASON_MAILBOX_DISABLED);
    check_effects(&temporary, "counted(1) cleared(0) counted(1) cleared(0) counted(1)");
    temporary_free(&temporary);
}

static void check_doubted(bool undone)
{
    g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);
    struct temporary temporary;

    make(&temporary, tenants);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, NOON + 1);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, NOON + DAY);
    add(&temporary, REPORT_KIND_DELIVERED, REASON_DELIVERED, NOON);
    check_effects(&temporary, "cleared(0) counted(1) counted(2)");
    judge(&temporary, 0, REASON_NONE);
    check_effects(&temporary, "rolled_back(0) counted(1) counted(2)");
    if (undone)
        undo(&temporary);
    add(&temporary, REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, NOON + 2 * DAY);
    check_effects(&temporary, undone ? "cleared(0) counted(1) counted(2) counted(1)"
                                     : "rolled_back(0) counted(1) counted(2) suppressed(3)");
    temporary_free(&temporary);
}

/* A success that is not believed any more clears nothing, until that is undone. */
static void test_doubted(void)
{
    check_doubted(false);
    check_doubted(true);
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

/* Failures that a tenant makes up keep nobody else's from counting; in a wave that others make they are held as theirs.
 */
static void test_wave(void)
{
    static const struct wave_settings waves = {.enabled = true, .minimum = 2, .factor = 8, .hold = 7 * DAY};
    g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);
    struct temporary temporary;
    gint64 n;

    make(&temporary, tenants);
    store_set_waves(temporary.store, &waves);
    for (unsigned i = 0; i < 120; i++) {
        g_autofree char *address = g_strdup_printf("user%u@example.org", i);
        struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, address);

        event.stream = "news";
        event.confined = i < 60 || i == 119;
        event.receiver = "example.org";
        temporary_add(&temporary, &event, 1, NOON + i);
        g_assert_true(wave_count(temporary.store, &n, NULL));
        g_assert_cmpint(n, ==, i >= 79);
    }
    g_autoptr(Wave) wave = wave_find(temporary.store, 1, NULL);
    g_assert_cmpint(wave->failures, ==, 59);
    const struct store_filter last = {.recipient = "user119@example.org"};
    g_autoptr(StoreCursor) cursor = store_suppressions(temporary.store, &last, NOON + DAY, NULL);
    struct suppression entry;
    g_assert_true(store_next_suppression(cursor, &entry, NULL));
    g_assert_cmpint(entry.wave, ==, 1);
    g_clear_pointer(&cursor, store_cursor_free);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/confined/scope", test_scope);
    g_test_add_func("/store/confined/entry", test_entry);
    g_test_add_func("/store/confined/success", test_success);
    g_test_add_func("/store/confined/wave", test_wave);
    g_test_add_func("/store/confined/judged-again", test_judged_again);
    g_test_add_func("/store/confined/doubted", test_doubted);
    g_test_add_func("/store/confined/fingerprint", test_fingerprint);
    g_test_add_func("/store/confined/keys", test_keys);
    return g_test_run();
}
