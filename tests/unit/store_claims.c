/* Claims: what a signature that is verified later does, against the same event when it comes proven; their schedule,
 * and what bounds them. */
#include "store/claims.h"

#include <sqlite3.h>

#include "store_temporary.h"

#define SIGNER "fbl.example.net"
#define PROOF "dkim d=fbl.example.net s=key1"

static struct event unproven(enum report_kind kind, enum reason reason, const char *recipient)
{
    struct event event = temporary_event(kind, reason, recipient);

    event.evidence = REPORT_EVIDENCE_UNPROVEN;
    event.may_suppress = false;
    event.signers = "other.example fbl.example.net";
    return event;
}

/* Adds a message that is kept; gives its digest. */
static char *add(struct temporary *temporary, const struct event *events, size_t n, gint64 received)
{
    guint8 digest[32] = {7};
    g_autoptr(GBytes) raw = g_bytes_new_static("bytes", 5);
    struct store_message message = {
        .digest = digest, .received = received, .source = "smtp", .size = 5, .raw = raw, .rule_version = "v1"};
    GString *hex = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    temporary->messages++;
    memcpy(digest + 1, &temporary->messages, sizeof temporary->messages);
    g_assert_true(store_begin(temporary->store, &error));
    g_assert_cmpint(store_add(temporary->store, &message, events, n, &error), ==, STORE_RESULT_ADDED);
    g_assert_true(store_commit(temporary->store, &error));
    for (size_t i = 0; i < sizeof digest; i++)
        g_string_append_printf(hex, "%02x", digest[i]);
    return g_string_free(hex, FALSE);
}

static GPtrArray *take(struct store *store, gint64 now, unsigned limit, gint64 *next)
{
    GPtrArray *claims = g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
    g_autoptr(GError) error = NULL;

    g_assert_true(store_claims_take(store, now, limit, claims, next, &error));
    g_assert_no_error(error);
    return claims;
}

static unsigned settle(struct store *store, const char *digest, const char *signer, gint64 now)
{
    const struct claim_proof proof = {.signer = signer, .text = PROOF};
    const struct claim_outcome outcome = {digest, &proof, signer != NULL, now, false};
    g_autoptr(GError) error = NULL;
    unsigned proven;

    g_assert_true(store_claims_settle(store, &outcome, &proven, &error));
    g_assert_no_error(error);
    return proven;
}

static void check_event(struct store *store, const char *recipient, enum report_evidence evidence, const char *proof)
{
    const struct store_filter filter = {.recipient = recipient};
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreCursor) cursor = store_events(store, &filter, &error);
    struct stored_event row;

    g_assert_true(store_next_event(cursor, &row, &error));
    g_assert_cmpint(row.event.evidence, ==, evidence);
    g_assert_true(row.event.may_suppress == (evidence != REPORT_EVIDENCE_UNPROVEN));
    g_assert_cmpstr(row.event.proof, ==, proof);
}

static bool suppressed(struct store *store, const char *recipient, gint64 now, struct suppression *found)
{
    g_autoptr(GError) error = NULL;
    bool is;

    g_assert_true(store_check(store, recipient, now, found, &is, &error));
    return is;
}

static const struct {
    enum report_kind kind;
    enum reason reason;
    const char *signer; /* NULL: none was good */
    bool proven;
} rows[] = {
    {REPORT_KIND_FEEDBACK, REASON_FEEDBACK, SIGNER, true},
    {REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "other.example", true},
    {REPORT_KIND_UNSUBSCRIBE, REASON_UNSUBSCRIBE, SIGNER, true},
    {REPORT_KIND_FEEDBACK, REASON_FEEDBACK, NULL, false},
    {REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "example.net", false},
    {REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "l.example.net", false},
    {REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "other.example fbl", false},
};

/* The entry is the one of an event that came proven; but for when it was put there. */
static void compare_entries(struct store *store, enum reason reason)
{
    struct suppression ann, bob;

    g_assert_true(suppressed(store, "ann@example.com", NOON + 9, &ann));
    g_assert_cmpint(ann.since, ==, NOON + 9);
    g_assert_cmpstr(ann.note, ==, NULL);
    g_assert_cmpint(ann.reason, ==, reason);
    gint64 until = ann.until;
    g_autofree char *policy = g_strdup_printf("%s %s", ann.policy, ann.who);
    g_assert_true(suppressed(store, "bob@example.com", NOON + 9, &bob));
    g_assert_cmpint(until, ==, bob.until);
    g_autofree char *other = g_strdup_printf("%s %s", bob.policy, bob.who);
    g_assert_cmpstr(policy, ==, other);
}

/* The list is what it would be, had the event come proven. */
static void test_settle(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct event event = unproven(rows[i].kind, rows[i].reason, "Ann@example.com");
        const struct event good = temporary_event(rows[i].kind, rows[i].reason, "bob@example.com");
        struct temporary temporary;
        g_autofree char *digest = NULL;
        gint64 next;

        g_test_message("row %zu", i);
        temporary_new(&temporary, NULL);
        digest = add(&temporary, &event, 1, NOON);
        temporary_add(&temporary, &good, 1, NOON);
        g_assert_false(suppressed(temporary.store, "ann@example.com", NOON, NULL));
        check_event(temporary.store, "ann@example.com", REPORT_EVIDENCE_UNPROVEN, NULL);

        g_assert_cmpuint(settle(temporary.store, digest, rows[i].signer, NOON + 9), ==, rows[i].proven);
        g_assert_true(suppressed(temporary.store, "ann@example.com", NOON + 9, NULL) == rows[i].proven);
        if (rows[i].proven)
            compare_entries(temporary.store, rows[i].reason);
        check_event(temporary.store, "ann@example.com",
                    rows[i].proven ? REPORT_EVIDENCE_AUTHENTICATED : REPORT_EVIDENCE_UNPROVEN,
                    rows[i].proven ? PROOF : NULL);
        g_ptr_array_unref(take(temporary.store, NOON + DAY, 10, &next));
        g_assert_cmpint(next, ==, 0);
        /* A settled claim stays so. */
        g_assert_cmpuint(settle(temporary.store, digest, SIGNER, NOON + 9), ==, 0);
        temporary_free(&temporary);
    }
}

/* The log says what proved it. */
static void test_log(void)
{
    const struct event event = unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "ann@example.com");
    const struct store_filter filter = {0};
    g_autoptr(StoreCursor) cursor = NULL;
    g_autofree char *digest = NULL;
    struct temporary temporary;
    struct change change;

    temporary_new(&temporary, NULL);
    digest = add(&temporary, &event, 1, NOON);
    settle(temporary.store, digest, SIGNER, NOON + 9);
    cursor = store_changes(temporary.store, &filter, NULL);
    g_assert_true(store_next_change(cursor, &change, NULL));
    g_assert_cmpstr(change.change, ==, "add");
    g_assert_cmpstr(change.who, ==, "policy");
    g_assert_cmpstr(change.note, ==, PROOF);
    g_assert_cmpstr(change.digest, ==, digest);
    g_assert_cmpint(change.at, ==, NOON + 9);
    g_assert_false(store_next_change(cursor, &change, NULL));
    g_clear_pointer(&cursor, store_cursor_free);
    temporary_free(&temporary);
}

/* Each recipient for itself; who is not named by the claim stays unproven. */
static void test_several(void)
{
    struct event events[] = {
        unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "b@example.com"),
        unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "a@example.com"),
        unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "B@example.com"),
        unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "c@example.com"),
        unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, NULL),
    };
    g_autofree char *digest = NULL;
    struct temporary temporary;

    events[3].signers = "third.example";
    temporary_new(&temporary, NULL);
    digest = add(&temporary, events, G_N_ELEMENTS(events), NOON);
    g_assert_cmpuint(settle(temporary.store, digest, SIGNER, NOON), ==, 3);
    g_assert_true(suppressed(temporary.store, "a@example.com", NOON, NULL));
    g_assert_true(suppressed(temporary.store, "b@example.com", NOON, NULL));
    g_assert_false(suppressed(temporary.store, "c@example.com", NOON, NULL));
    temporary_free(&temporary);
}

/* An operator's decision of the meantime stays. */
static void test_operator(void)
{
    const struct event event = unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "ann@example.com");
    const struct store_order order = {.subject = "ann@example.com", .who = "op", .now = NOON + 1};
    struct suppression found;
    struct temporary temporary;
    bool removed;

    temporary_new(&temporary, NULL);
    g_autofree char *digest = add(&temporary, &event, 1, NOON);
    g_assert_true(temporary_suppress(temporary.store, "ann@example.com", 0));
    g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL));
    g_assert_true(removed);
    g_assert_cmpuint(settle(temporary.store, digest, SIGNER, NOON + 9), ==, 1);
    g_assert_false(suppressed(temporary.store, "ann@example.com", NOON + 9, NULL));

    g_autofree char *later = add(&temporary, &event, 1, NOON + 10);
    g_assert_true(temporary_suppress(temporary.store, "ann@example.com", 0));
    g_assert_cmpuint(settle(temporary.store, later, SIGNER, NOON + 19), ==, 1);
    g_assert_true(suppressed(temporary.store, "ann@example.com", NOON + 19, &found));
    g_assert_cmpstr(found.who, ==, "ann");
    temporary_free(&temporary);
}

static const struct {
    const char *name;
    bool by_claim;    /* the first report, too, was proven by its signature */
    gint64 mailed[2]; /* of the mail that each report is about */
    const char *message_id[2];
    bool listed;
} removed_rows[] = {
    {"the same mail", true, {0, 0}, {"m1@example.com", "m1@example.com"}, false},
    {"the same mail, proven at once before", false, {0, 0}, {"m1@example.com", "m1@example.com"}, false},
    {"other mail from before", true, {NOON - 20, NOON - 10}, {"m1@example.com", "m2@example.com"}, false},
    {"mail from after", true, {NOON - 20, NOON + 6}, {"m1@example.com", "m2@example.com"}, true},
    {"mail from who knows when", true, {0, 0}, {"m1@example.com", "m2@example.com"}, true},
};

/* An address that an operator took off does not come back by a claim about mail from before. */
static void test_removed(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(removed_rows); i++) {
        const struct store_order order = {
            .subject = "ann@example.com", .who = "op", .note = "asked us", .now = NOON + 5};
        struct temporary temporary;
        bool removed;

        g_test_message("%s", removed_rows[i].name);
        temporary_new(&temporary, NULL);
        for (size_t n = 0; n < 2; n++) {
            struct event event = unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "ann@example.com");
            gint64 now = NOON + 10 * (gint64)n;

            event.may_suppress = n == 0 && !removed_rows[i].by_claim;
            event.mailed = removed_rows[i].mailed[n];
            event.message_id = (char *)removed_rows[i].message_id[n];
            event.occurred = now - 3;
            g_autofree char *digest = add(&temporary, &event, 1, now);
            g_assert_cmpuint(settle(temporary.store, digest, SIGNER, now + 1), ==, 1);
            g_assert_true(suppressed(temporary.store, "ann@example.com", now + 1, NULL) ==
                          (n == 0 || removed_rows[i].listed));
            if (n == 0)
                g_assert_true(store_unsuppress(temporary.store, &order, &removed, NULL) && removed);
        }
        temporary_free(&temporary);
    }
}

/* Taken at once, put off longer each time, and no more than six times; over restarts. */
static void test_schedule(void)
{
    static const gint64 waits[] = {0, 60, 300, 1800, 7200, 21600};
    const struct event event = unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "ann@example.com");
    g_autofree char *digest = NULL;
    struct temporary temporary;
    gint64 now = NOON, next;

    temporary_new(&temporary, NULL);
    digest = add(&temporary, &event, 1, NOON);
    for (unsigned i = 0; i < G_N_ELEMENTS(waits); i++) {
        g_autoptr(GPtrArray) early = NULL, claims = NULL;
        const struct claim *claim;

        now += waits[i];
        g_test_message("attempt %u", i + 1);
        early = take(temporary.store, now - 1, 10, &next);
        g_assert_cmpuint(early->len, ==, 0);
        g_assert_cmpint(next, ==, now);
        claims = take(temporary.store, now, 10, &next);
        g_assert_cmpuint(claims->len, ==, 1);
        claim = claims->pdata[0];
        g_assert_cmpstr(claim->digest, ==, digest);
        g_assert_cmpstr(claim->signers, ==, "other.example fbl.example.net");
        g_assert_cmpuint(claim->attempts, ==, i + 1);
        g_assert_true(claim->last == (i + 1 == G_N_ELEMENTS(waits)));
        store_free(temporary.store);
        temporary.store = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    }
    temporary_free(&temporary);
}

/* A first attempt that was cut short is made again at once; later ones wait for their turn. */
static void test_resume(void)
{
    const struct event event = unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "ann@example.com");
    static const guint due[] = {1, 0};
    struct temporary temporary;
    gint64 next;

    temporary_new(&temporary, NULL);
    g_free(add(&temporary, &event, 1, NOON));
    g_ptr_array_unref(take(temporary.store, NOON, 10, &next));
    for (unsigned i = 0; i < G_N_ELEMENTS(due); i++) {
        g_assert_true(store_claims_resume(temporary.store, NOON + 1, NULL));
        g_autoptr(GPtrArray) claims = take(temporary.store, NOON + 1, 10, &next);
        g_assert_cmpuint(claims->len, ==, due[i]);
    }
    temporary_free(&temporary);
}

/* The raw message is kept for as long as the claim waits. */
static void test_raw(void)
{
    const struct event event = unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "ann@example.com");
    struct temporary temporary;
    bool more;

    temporary_new(&temporary, NULL);
    g_autofree char *digest = add(&temporary, &event, 1, NOON);
    for (unsigned i = 0; i < 2; i++) {
        g_autoptr(GError) error = NULL;

        g_assert_true(store_maintain(temporary.store, &(struct store_keeping){.raws = 1}, NOON + DAY, 10, &more, NULL));
        g_assert_null(store_message_raw(temporary.store, digest, &error));
        g_assert_true((error != NULL) == (i == 0)); /* it is there: the bytes are no zstd */
        settle(temporary.store, digest, NULL, NOON);
    }
    temporary_free(&temporary);
}

static gint64 count(sqlite3 *database, const char *text)
{
    sqlite3_stmt *statement = NULL;

    g_assert_cmpint(sqlite3_prepare_v2(database, text, -1, &statement, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    gint64 number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* A flood of claims leaves no more than so many, and strangers half of them; the reports are all kept. */
static void test_bound(void)
{
    struct event event = unproven(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, "ann@example.com");
    g_autoptr(GBytes) raw = g_bytes_new_static("bytes", 5);
    struct temporary temporary;
    gint64 next;

    temporary_new(&temporary, NULL);
    g_assert_true(store_begin(temporary.store, NULL));
    for (guint32 i = 0; i < 16000; i++) {
        guint8 digest[32] = {0};
        const struct store_message message = {
            .digest = digest, .received = NOON, .source = "smtp", .size = 5, .raw = raw};

        event.signers_known = i >= 8000;
        memcpy(digest, &i, sizeof i);
        g_assert_cmpint(store_add(temporary.store, &message, &event, 1, NULL), ==, STORE_RESULT_ADDED);
    }
    g_assert_true(store_commit(temporary.store, NULL));
    g_autoptr(GPtrArray) some = take(temporary.store, NOON, 7, &next);
    g_assert_cmpuint(some->len, ==, 7);
    g_autoptr(GPtrArray) rest = take(temporary.store, NOON, 20000, &next);
    g_assert_cmpuint(rest->len, ==, 10000 - 7);
    sqlite3 *database = NULL;
    g_assert_cmpint(sqlite3_open(temporary.path, &database), ==, SQLITE_OK);
    g_assert_cmpint(count(database, "SELECT count(*) FROM claims WHERE message <= 8000"), ==, 5000);
    g_assert_cmpint(count(database, "SELECT count(*) FROM proofs"), ==, 10000);
    g_assert_cmpint(count(database, "SELECT count(*) FROM events"), ==, 16000);
    sqlite3_close(database);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/claims/settle", test_settle);
    g_test_add_func("/store/claims/log", test_log);
    g_test_add_func("/store/claims/several", test_several);
    g_test_add_func("/store/claims/operator", test_operator);
    g_test_add_func("/store/claims/removed", test_removed);
    g_test_add_func("/store/claims/schedule", test_schedule);
    g_test_add_func("/store/claims/resume", test_resume);
    g_test_add_func("/store/claims/raw", test_raw);
    g_test_add_func("/store/claims/bound", test_bound);
    return g_test_run();
}
