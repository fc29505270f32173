/* The list by hand, the change log, expiry, and retention. */
#include <zstd.h>

#include "store_temporary.h"

static void check(struct temporary *temporary, const char *recipient, gint64 now, bool expected)
{
    g_autoptr(GError) error = NULL;
    bool suppressed;

    g_test_message("%s", recipient);
    g_assert_true(store_check(temporary->store, recipient, now, NULL, &suppressed, &error));
    g_assert_no_error(error);
    g_assert_cmpint(suppressed, ==, expected);
}

/* The change log as one line a change: "change recipient reason until who". */
static char *log_of(struct store *store)
{
    g_autoptr(StoreCursor) cursor = store_changes(store, &(struct store_filter){0}, NULL);
    GString *out = g_string_new(NULL);
    gint64 last = 0;
    struct change row;
    g_autoptr(GError) error = NULL;

    while (store_next_change(cursor, &row, &error)) {
        g_assert_cmpint(row.sequence, >, last);
        last = row.sequence;
        g_string_append_printf(out, "%s %s %s %" G_GINT64_FORMAT " %s%s\n", row.change, row.subject,
                               reason_names[row.reason], row.until == 0 ? 0 : (row.until - NOON) / DAY, row.who,
                               row.digest == NULL ? "" : " message");
    }
    g_assert_no_error(error);
    return g_string_free(out, FALSE);
}

/* Letters of any case, domains of any form, are one address; what is no address is an error. */
static void test_addresses(void)
{
    static const struct {
        const char *given;
        bool suppressed;
    } cases[] = {
        {"Some.One@example.com", true},        {"some.one@example.com", true},        {"SOME.ONE@EXAMPLE.COM", true},
        {"<some.one@Example.Com>", true},      {"someone@example.com", false},        {"some.one@example.org", false},
        {"other@xn--bcher-kva.example", true}, {"other@B\303\274cher.example", true},
    };
    static const char *const bad[] = {"", "example.com", "@", "@exa mple.com", ".[192.0.2.1]", "someone@", "a b"};
    struct temporary temporary;
    struct suppression found;
    bool suppressed;

    temporary_new(&temporary, NULL);
    g_assert_true(temporary_suppress(temporary.store, "Some.One@Example.COM", 0));
    g_assert_true(temporary_suppress(temporary.store, "other@b\303\274cher.example", 0));
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        check(&temporary, cases[i].given, NOON, cases[i].suppressed);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("\"%s\"", bad[i]);
        g_assert_false(store_check(temporary.store, bad[i], NOON, NULL, &suppressed, &error));
        g_assert_error(error, STORE_ERROR, STORE_ERROR_ADDRESS);
        g_assert_false(temporary_suppress(temporary.store, bad[i], 0));
    }
    /* what is shown is as it was first given */
    g_assert_true(store_check(temporary.store, "some.one@example.com", NOON, &found, &suppressed, NULL));
    g_assert_cmpstr(found.subject, ==, "Some.One@example.com");
    temporary_free(&temporary);
}

static void test_by_hand(void)
{
    struct temporary temporary;
    struct suppression found;
    struct event unknown = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "someone@example.com");
    bool flag;

    temporary_new(&temporary, NULL);
    g_assert_true(store_suppress(temporary.store,
                                 &(struct store_order){.subject = "someone@example.com",
                                                       .who = "ann",
                                                       .note = "asked by phone",
                                                       .now = NOON,
                                                       .until = NOON + 2 * DAY},
                                 NULL));
    g_assert_true(store_check(temporary.store, "someone@example.com", NOON, &found, &flag, NULL));
    g_assert_true(flag);
    g_assert_cmpint(found.reason, ==, REASON_NONE);
    g_assert_cmpstr(found.who, ==, "ann");
    g_assert_cmpstr(found.note, ==, "asked by phone");
    g_assert_null(found.policy);
    g_assert_cmpint(found.since, ==, NOON);
    check(&temporary, "someone@example.com", NOON + 2 * DAY - 1, true);
    check(&temporary, "someone@example.com", NOON + 2 * DAY, false);

    /* a hard failure outweighs an entry for a time */
    temporary_add(&temporary, &unknown, 1, NOON + 1);
    check(&temporary, "someone@example.com", NOON + 100 * DAY, true);
    /* an operator may shorten; an entry for good stays as the operator made it */
    g_assert_true(store_suppress(
        temporary.store, &(struct store_order){.subject = "someone@example.com", .who = "bob", .now = NOON + 2}, NULL));
    temporary_add(&temporary, &unknown, 1, NOON + 3);
    g_assert_true(store_unsuppress(
        temporary.store,
        &(struct store_order){.subject = "SOMEONE@example.com", .who = "bob", .note = "typo", .now = NOON + 4}, &flag,
        NULL));
    g_assert_true(flag);
    g_assert_true(store_unsuppress(
        temporary.store,
        &(struct store_order){.subject = "someone@example.com", .who = "bob", .note = "typo", .now = NOON + 4}, &flag,
        NULL));
    g_assert_false(flag);
    check(&temporary, "someone@example.com", NOON + 4, false);
    /* and fails anew */
    temporary_add(&temporary, &unknown, 1, NOON + 5);
    check(&temporary, "someone@example.com", NOON + 5, true);

    g_autofree char *log = log_of(temporary.store);
    g_assert_cmpstr(log, ==,
                    "add someone@example.com  2 ann\n"
                    "update someone@example.com user_unknown 0 policy message\n"
                    "update someone@example.com  0 bob\n"
                    "remove someone@example.com  0 bob\n"
                    "add someone@example.com user_unknown 0 policy message\n");
    temporary_free(&temporary);
}

/* Failures before a removal count no more. */
static void test_forgiven(void)
{
    struct temporary temporary;
    struct event full = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, "someone@example.com");
    bool removed;

    temporary_new(&temporary, NULL);
    for (unsigned i = 0; i < 3; i++)
        temporary_add(&temporary, &full, 1, NOON + i * DAY);
    check(&temporary, "someone@example.com", NOON + 3 * DAY, true);
    g_assert_true(store_unsuppress(
        temporary.store, &(struct store_order){.subject = "someone@example.com", .who = "ann", .now = NOON + 3 * DAY},
        &removed, NULL));
    g_assert_true(removed);
    for (unsigned i = 0; i < 3; i++) {
        check(&temporary, "someone@example.com", NOON + (3 + i) * DAY, false);
        temporary_add(&temporary, &full, 1, NOON + (3 + i) * DAY);
    }
    check(&temporary, "someone@example.com", NOON + 6 * DAY, true);
    temporary_free(&temporary);
}

/* A weaker reason may prolong a stay, but does not hide the stronger one. */
static void test_prolonged(void)
{
    g_autoptr(GPtrArray) policies = g_ptr_array_new_with_free_func((GDestroyNotify)policy_free);
    struct event unknown = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "someone@example.com");
    struct event full = temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "someone@example.com");
    struct temporary temporary;
    struct suppression found;
    bool suppressed;

    g_ptr_array_add(policies, policy_new(NULL));
    g_assert_true(policy_set(policies->pdata[0], REASON_USER_UNKNOWN, "1, for 10d", NULL));
    g_assert_true(policy_set(policies->pdata[0], REASON_MAILBOX_FULL, "1, for 20d", NULL));
    temporary_new(&temporary, policies);
    temporary_add(&temporary, &unknown, 1, NOON);
    temporary_add(&temporary, &full, 1, NOON);
    temporary_add(&temporary, &unknown, 1, NOON + DAY);
    g_assert_true(store_check(temporary.store, "someone@example.com", NOON + DAY, &found, &suppressed, NULL));
    g_assert_true(suppressed);
    g_assert_cmpint(found.reason, ==, REASON_USER_UNKNOWN);
    g_assert_cmpint(found.until, ==, NOON + 20 * DAY);
    g_assert_cmpint(found.since, ==, NOON);
    g_autofree char *log = log_of(temporary.store);
    g_assert_cmpstr(log, ==,
                    "add someone@example.com user_unknown 10 policy message\n"
                    "update someone@example.com user_unknown 20 policy message\n");
    temporary_free(&temporary);
}

static void maintain(struct temporary *temporary, gint64 retention, gint64 now, unsigned limit, bool expect_more)
{
    g_autoptr(GError) error = NULL;
    bool more;

    g_assert_true(
        store_maintain(temporary->store, &(struct store_keeping){.raws = retention}, now, limit, &more, &error));
    g_assert_no_error(error);
    g_assert_cmpint(more, ==, expect_more);
}

/* An entry began when the address came on the list, whatever changed it while it held. */
static void test_since(void)
{
    enum step { BY_HAND, BY_FAILURE, OFF };
    static const struct {
        enum step step;
        gint64 at;    /* hours after NOON */
        gint64 until; /* of BY_HAND, likewise; 0: for good */
        gint64 since; /* of the entry then, likewise */
    } steps[] = {
        {BY_HAND, 0, 10, 0},     {BY_HAND, 1, 20, 0},   /* longer */
        {BY_HAND, 2, 15, 0},     {BY_FAILURE, 3, 0, 0}, /* for good, by a policy */
        {BY_HAND, 4, 30, 0},     {BY_HAND, 40, 50, 40}, /* the one before had expired */
        {BY_FAILURE, 60, 0, 60},                        /* and so had this */
        {BY_HAND, 61, 0, 60},    {OFF, 62, 0, 0},       {BY_HAND, 63, 0, 63},
    };
    struct event unknown = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, "someone@example.com");
    struct temporary temporary;
    struct suppression found;
    bool flag;

    temporary_new(&temporary, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        gint64 now = NOON + steps[i].at * 3600, until = steps[i].until == 0 ? 0 : NOON + steps[i].until * 3600;
        const struct store_order order = {.subject = "someone@example.com", .who = "ann", .now = now, .until = until};

        g_test_message("step %zu", i);
        if (steps[i].step == BY_HAND)
            g_assert_true(store_suppress(temporary.store, &order, NULL));
        else if (steps[i].step == BY_FAILURE)
            temporary_add(&temporary, &unknown, 1, now);
        else
            g_assert_true(store_unsuppress(temporary.store, &order, &flag, NULL));
        g_assert_true(store_check(temporary.store, order.subject, now, &found, &flag, NULL));
        g_assert_cmpint(flag, ==, steps[i].step != OFF);
        if (flag)
            g_assert_cmpint(found.since, ==, NOON + steps[i].since * 3600);
    }
    temporary_free(&temporary);
}

static void test_expiry(void)
{
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    g_assert_true(temporary_suppress(temporary.store, "c@example.com", NOON + 1 * DAY));
    g_assert_true(temporary_suppress(temporary.store, "a@example.com", NOON + 2 * DAY));
    g_assert_true(temporary_suppress(temporary.store, "b@example.com", NOON + 3 * DAY));
    g_assert_true(temporary_suppress(temporary.store, "d@example.com", 0));
    maintain(&temporary, 0, NOON, 2, false);
    maintain(&temporary, 0, NOON + 10 * DAY, 2, true);
    maintain(&temporary, 0, NOON + 10 * DAY, 2, false);
    maintain(&temporary, 0, NOON + 10 * DAY, 2, false);
    /* expired, found by the next change before it was maintained */
    g_assert_true(temporary_suppress(temporary.store, "e@example.com", NOON + 1));
    g_assert_true(store_suppress(
        temporary.store, &(struct store_order){.subject = "e@example.com", .who = "bob", .now = NOON + 2}, NULL));
    g_autofree char *log = log_of(temporary.store);
    g_assert_cmpstr(log, ==,
                    "add c@example.com  1 ann\nadd a@example.com  2 ann\nadd b@example.com  3 ann\n"
                    "add d@example.com  0 ann\n"
                    "expire c@example.com  1 ann\nexpire a@example.com  2 ann\nexpire b@example.com  3 ann\n"
                    "add e@example.com  0 ann\nexpire e@example.com  0 ann\nadd e@example.com  0 bob\n");
    temporary_free(&temporary);
}

static void add_raw(struct temporary *temporary, guint8 first, const char *text, gint64 received)
{
    guint8 digest[32] = {first};
    g_autofree char *buffer = g_malloc(ZSTD_compressBound(strlen(text)));
    size_t length = ZSTD_compress(buffer, ZSTD_compressBound(strlen(text)), text, strlen(text), 3);
    g_autoptr(GBytes) raw = g_bytes_new(buffer, length);
    const struct store_message message = {
        .digest = digest, .received = received, .source = "smtp", .size = strlen(text), .raw = raw};

    g_assert_true(store_begin(temporary->store, NULL));
    g_assert_cmpint(store_add(temporary->store, &message, NULL, 0, NULL), ==, STORE_RESULT_ADDED);
    g_assert_true(store_commit(temporary->store, NULL));
}

static void test_raw(void)
{
    static const char old[] = "01"
                              "00000000000000000000000000000000000000000000000000000000000000";
    static const char new[] = "F2"
                              "00000000000000000000000000000000000000000000000000000000000000";
    struct temporary temporary;
    g_autoptr(GError) error = NULL;

    temporary_new(&temporary, NULL);
    add_raw(&temporary, 0x01, "Subject: old\n\n", NOON - 40 * DAY);
    add_raw(&temporary, 0xf2, "Subject: new\n\n", NOON);
    for (unsigned i = 0; i < 2; i++) {
        g_autoptr(GBytes) raw = store_message_raw(temporary.store, i == 0 ? old : new, &error);
        g_assert_no_error(error);
        g_assert_cmpmem(g_bytes_get_data(raw, NULL), g_bytes_get_size(raw),
                        i == 0 ? "Subject: old\n\n" : "Subject: new\n\n", 14);
    }
    maintain(&temporary, 0, NOON, 10, false);
    g_autoptr(GBytes) kept = store_message_raw(temporary.store, old, &error);
    g_assert_nonnull(kept);
    maintain(&temporary, 30 * DAY, NOON, 1, true);
    maintain(&temporary, 30 * DAY, NOON, 1, false);
    g_assert_null(store_message_raw(temporary.store, old, &error));
    g_assert_no_error(error);
    g_autoptr(GBytes) stays = store_message_raw(temporary.store, new, &error);
    g_assert_nonnull(stays);
    g_assert_null(store_message_raw(temporary.store, "12", &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_DIGEST);
    temporary_free(&temporary);
}

static void add_digest(struct temporary *temporary, const char *hex)
{
    guint8 digest[32] = {0};
    const struct store_message message = {.digest = digest, .received = NOON, .source = "smtp", .size = 1};

    for (size_t i = 0; hex[i] != '\0'; i++)
        digest[i / 2] |= (guint8)(g_ascii_xdigit_value(hex[i]) << (i % 2 == 0 ? 4 : 0));
    g_assert_true(store_begin(temporary->store, NULL));
    g_assert_cmpint(store_add(temporary->store, &message, NULL, 0, NULL), ==, STORE_RESULT_ADDED);
    g_assert_true(store_commit(temporary->store, NULL));
}

static void test_digests(void)
{
    static const struct {
        const char *prefix;
        const char *found; /* how the digest goes on; NULL: none */
        int error;         /* -1: none */
    } cases[] = {
        {"0123456789a", "0123456789ab", -1},
        {"0123456789A", "0123456789ab", -1},
        {"0123456789abcdef", NULL, -1},
        {"01234567", NULL, STORE_ERROR_AMBIGUOUS},
        {"0123456789", NULL, STORE_ERROR_AMBIGUOUS},
        {"ffffffff", "ffffffff", -1},
        {"fffffffff", NULL, -1},
        {"00000000", NULL, -1},
        {"0123456", NULL, STORE_ERROR_DIGEST},
        {"", NULL, STORE_ERROR_DIGEST},
        {"0123456g", NULL, STORE_ERROR_DIGEST},
        {"-1234567", NULL, STORE_ERROR_DIGEST},
        {"01234567890123456789012345678901234567890123456789012345678901234", NULL, STORE_ERROR_DIGEST},
    };
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    add_digest(&temporary, "0123456789ab");
    add_digest(&temporary, "0123456789bb");
    add_digest(&temporary, "ffffffff");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *digest = store_digest(temporary.store, cases[i].prefix, &error);

        g_test_message("\"%s\"", cases[i].prefix);
        g_assert_cmpint(digest != NULL, ==, cases[i].found != NULL);
        g_assert_true(digest == NULL || (strlen(digest) == 64 && g_str_has_prefix(digest, cases[i].found)));
        g_assert_cmpint(error != NULL ? error->code : -1, ==, cases[i].error);
    }
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/list/addresses", test_addresses);
    g_test_add_func("/store/list/by-hand", test_by_hand);
    g_test_add_func("/store/list/forgiven", test_forgiven);
    g_test_add_func("/store/list/prolonged", test_prolonged);
    g_test_add_func("/list/since", test_since);
    g_test_add_func("/store/list/expiry", test_expiry);
    g_test_add_func("/store/list/raw", test_raw);
    g_test_add_func("/store/list/digests", test_digests);
    return g_test_run();
}
