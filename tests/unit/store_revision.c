/* Judging stored events again: what becomes of one address, and of the operators' entries, and what an event keeps. */
#include "store/revision.h"

#include "store_temporary.h"

#define SOMEONE "someone@example.com"

static const struct revision_order order = {.who = "ann", .rule_version = "v2", .now = NOON + 200 * DAY};

static struct verdict verdict_of(enum reason reason, enum verdict_kind kind)
{
    return (struct verdict){.reason = reason, .party = reason_row(reason)->party, .verdict = kind, .rule = "new-rule"};
}

/* Says that the n-th event is a `reason` now, for those that have one; REASON_NONE: as it is. */
static struct revision *judge(struct store *store, const enum reason *reasons, size_t n)
{
    g_autoptr(GError) error = NULL;
    struct revision *revision = revision_new(store, &(struct store_filter){0}, &error);
    struct stored_event row;

    g_assert_no_error(error);
    for (size_t i = 0; i < n; i++) {
        g_assert_true(revision_next(revision, &row, &error));
        const struct verdict verdict = verdict_of(reasons[i], reason_row(reasons[i])->verdict);
        if (reasons[i] != REASON_NONE)
            revision_judge(revision, &verdict);
    }
    g_assert_false(revision_next(revision, &row, &error));
    g_assert_no_error(error);
    return revision;
}

static void apply(struct revision *revision, gint64 now, guint limit)
{
    const struct revision_order at = {.who = order.who, .rule_version = order.rule_version, .now = now};
    g_autoptr(GError) error = NULL;

    while (revision_left(revision) > 0)
        g_assert_true(revision_apply(revision, &at, limit, &error));
    g_assert_no_error(error);
}

/* --- what becomes of one address --------------------------------------------------------------------------------- */

#define LIMIT 6

/* Bounces, a day apart, and one more day until they are judged again. */
static const struct address_case {
    const char *name;
    enum reason before[LIMIT]; /* REASON_DELIVERED is a delivery */
    enum reason after[LIMIT];
    const char *effect; /* on the list; NULL: none */
    enum reason to;
    unsigned until; /* of the entry in the end, in days; 0: for good */
} address_cases[] = {
    {"false alarm", {REASON_USER_UNKNOWN}, {REASON_SPAM_DETECTED}, "goes", REASON_NONE, 0},
    {"overlooked", {REASON_SPAM_DETECTED}, {REASON_USER_UNKNOWN}, "appears", REASON_USER_UNKNOWN, 0},
    {"another carries it",
     {REASON_USER_UNKNOWN, REASON_USER_UNKNOWN},
     {REASON_SPAM_DETECTED},
     "changes",
     REASON_USER_UNKNOWN,
     0},
    {"the carrier stays",
     {REASON_USER_UNKNOWN, REASON_USER_UNKNOWN},
     {REASON_NONE, REASON_SPAM_DETECTED},
     NULL,
     REASON_USER_UNKNOWN,
     0},
    {"weaker ones carry it",
     {REASON_MAILBOX_DISABLED, REASON_MAILBOX_DISABLED, REASON_MAILBOX_DISABLED, REASON_HOST_UNKNOWN},
     {REASON_NONE, REASON_NONE, REASON_NONE, REASON_NETWORK_ERROR},
     "changes",
     REASON_MAILBOX_DISABLED,
     92},
    {"too few are left",
     {REASON_MAILBOX_DISABLED, REASON_MAILBOX_DISABLED, REASON_MAILBOX_DISABLED},
     {REASON_NONE, REASON_UNDEFINED},
     "goes",
     REASON_NONE,
     0},
    {"enough are found",
     {REASON_MAILBOX_DISABLED, REASON_UNDEFINED, REASON_MAILBOX_DISABLED},
     {REASON_NONE, REASON_MAILBOX_DISABLED},
     "appears",
     REASON_MAILBOX_DISABLED,
     92},
    {"mail went through between",
     {REASON_UNDEFINED, REASON_MAILBOX_DISABLED, REASON_DELIVERED, REASON_MAILBOX_DISABLED},
     {REASON_MAILBOX_DISABLED},
     NULL,
     REASON_NONE,
     0},
    {"a delivery takes nobody off, and puts nobody back",
     {REASON_USER_UNKNOWN, REASON_DELIVERED},
     {REASON_SPAM_DETECTED},
     "goes",
     REASON_NONE,
     0},
    {"another reason", {REASON_USER_UNKNOWN}, {REASON_HAS_MOVED}, "changes", REASON_HAS_MOVED, 0},
    {"never was", {REASON_SPAM_DETECTED}, {REASON_BLOCKED}, NULL, REASON_NONE, 0},
};

static void add_case(struct temporary *temporary, const enum reason *reasons)
{
    for (unsigned i = 0; i < LIMIT && reasons[i] != REASON_NONE; i++) {
        enum report_kind kind = reasons[i] == REASON_DELIVERED ? REPORT_KIND_DELIVERED : REPORT_KIND_BOUNCE;
        const struct event event = temporary_event(kind, reasons[i], SOMEONE);
        temporary_add(temporary, &event, 1, NOON + i * DAY);
    }
}

static size_t count(const enum reason *reasons)
{
    size_t n = 0;

    while (n < LIMIT && reasons[n] != REASON_NONE)
        n++;
    return n;
}

static void check_listing(const struct address_case *row, const struct revision *revision)
{
    guint n;
    const struct revision_listing *listing = revision_listings(revision, &n);

    g_assert_cmpuint(n, ==, row->effect != NULL);
    if (n > 0) {
        g_assert_cmpstr(listing->recipient, ==, SOMEONE);
        g_assert_cmpstr(revision_effect_names[listing->effect], ==, row->effect);
        g_assert_cmpstr(reason_names[listing->to], ==, reason_names[row->to]);
        g_assert_cmpstr(listing->rule, ==, "new-rule");
    }
}

static void check_log(struct store *store, const struct address_case *row)
{
    g_autoptr(StoreCursor) cursor = store_changes(store, &(struct store_filter){0}, NULL);
    struct change change, last = {0};
    bool by_ann = false;

    while (store_next_change(cursor, &change, NULL)) {
        by_ann = strcmp(change.who, "ann") == 0;
        if (by_ann)
            g_assert_cmpstr(change.note, ==, "reclassify: new-rule");
        last.change = strcmp(change.change, "remove") == 0 ? "goes" : "other";
    }
    g_assert_cmpint(by_ann, ==, row->effect != NULL);
    if (row->effect != NULL)
        g_assert_cmpint(strcmp(row->effect, "goes") == 0, ==, g_strcmp0(last.change, "goes") == 0);
}

static void check_address(const struct address_case *row)
{
    size_t n = count(row->before);
    gint64 now = NOON + (gint64)n * DAY;
    struct temporary temporary;
    struct suppression found;
    bool before, suppressed;

    g_test_message("%s", row->name);
    temporary_new(&temporary, NULL);
    add_case(&temporary, row->before);
    g_assert_true(store_check(temporary.store, SOMEONE, now, NULL, &before, NULL));

    /* a preview says the same, and changes nothing */
    g_autoptr(Revision) preview = judge(temporary.store, row->after, n);
    g_assert_true(revision_preview(preview, now, G_MAXUINT, NULL));
    check_listing(row, preview);
    g_assert_true(store_check(temporary.store, SOMEONE, now, NULL, &suppressed, NULL));
    g_assert_cmpint(suppressed, ==, before);

    g_autoptr(Revision) revision = judge(temporary.store, row->after, n);
    apply(revision, now, 1);
    check_listing(row, revision);
    check_log(temporary.store, row);
    g_assert_true(store_check(temporary.store, SOMEONE, now, &found, &suppressed, NULL));
    g_assert_cmpint(suppressed, ==, row->to != REASON_NONE);
    if (suppressed) {
        g_assert_cmpstr(reason_names[found.reason], ==, reason_names[row->to]);
        g_assert_cmpint(found.until, ==, row->until == 0 ? 0 : NOON + row->until * DAY);
        g_assert_cmpstr(found.who, ==, "policy");
    }
    g_clear_pointer(&preview, revision_free);
    g_clear_pointer(&revision, revision_free);
    temporary_free(&temporary);
}

static void test_addresses(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(address_cases); i++)
        check_address(&address_cases[i]);
}

/* --- operators ---------------------------------------------------------------------------------------------------- */

static void test_operators(void)
{
    static const enum reason now_unknown[] = {REASON_USER_UNKNOWN}, now_spam[] = {REASON_SPAM_DETECTED};
    const struct event spam = temporary_event(REPORT_KIND_BOUNCE, REASON_SPAM_DETECTED, SOMEONE);
    const struct event unknown = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, SOMEONE);
    const struct store_order off = {.subject = SOMEONE, .who = "bob", .note = "is fine", .now = NOON + 2};
    struct temporary temporary;
    bool done;
    guint n;

    /* what an operator took off comes back for nothing that was reported before */
    temporary_new(&temporary, NULL);
    temporary_add(&temporary, &spam, 1, NOON);
    g_assert_true(temporary_suppress(temporary.store, SOMEONE, 0));
    g_assert_true(store_unsuppress(temporary.store, &off, &done, NULL));
    g_assert_true(done);
    g_autoptr(Revision) revision = judge(temporary.store, now_unknown, 1);
    apply(revision, order.now, 10);
    g_assert_true(store_check(temporary.store, SOMEONE, order.now, NULL, &done, NULL));
    g_assert_false(done);
    g_clear_pointer(&revision, revision_free);
    temporary_free(&temporary);

    /* an operator's entry stays, whatever it was about */
    temporary_new(&temporary, NULL);
    temporary_add(&temporary, &unknown, 1, NOON);
    g_assert_true(temporary_suppress(temporary.store, SOMEONE, 0));
    revision = judge(temporary.store, now_spam, 1);
    apply(revision, order.now, 10);
    (void)revision_listings(revision, &n);
    g_assert_cmpuint(n, ==, 0);
    g_assert_true(store_check(temporary.store, SOMEONE, order.now, NULL, &done, NULL));
    g_assert_true(done);
    g_clear_pointer(&revision, revision_free);
    temporary_free(&temporary);
}

/* --- what an event keeps ------------------------------------------------------------------------------------------ */

static void test_trail(void)
{
    static const enum reason reasons[] = {REASON_SPAM_DETECTED};
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, NULL);
    struct temporary temporary;
    struct stored_event row;

    temporary_new(&temporary, NULL);
    temporary_add(&temporary, &event, 1, NOON);
    g_autoptr(Revision) revision = judge(temporary.store, reasons, 1);
    g_assert_cmpuint(revision_left(revision), ==, 1);
    apply(revision, order.now, 10);
    g_autoptr(StoreCursor) cursor = store_events(temporary.store, &(struct store_filter){0}, NULL);
    g_assert_true(store_next_event(cursor, &row, NULL));
    g_assert_cmpstr(row.event.rule, ==, "new-rule");
    g_assert_cmpstr(row.rule_version, ==, "v2");
    g_assert_cmpint(row.effect, ==, POLICY_NO_RECIPIENT);
    g_assert_cmpint(row.revised, ==, order.now);
    g_assert_cmpstr(row.revised_by, ==, "ann");
    g_assert_cmpstr(row.revised_from, ==, "user_unknown hard, rule test-rule, rules v1");
    g_clear_pointer(&cursor, store_cursor_free);
    g_clear_pointer(&revision, revision_free);
    temporary_free(&temporary);
}

/* A step that cannot be written is not done, and may be tried again. */
static void test_busy(void)
{
    static const enum reason reasons[] = {REASON_SPAM_DETECTED};
    const struct event event = temporary_event(REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, SOMEONE);
    g_autoptr(GError) error = NULL;
    struct temporary temporary;

    temporary_new(&temporary, NULL);
    temporary_add(&temporary, &event, 1, NOON);
    g_autoptr(Revision) revision = judge(temporary.store, reasons, 1);
    struct store *other = temporary_open(&temporary, STORE_MODE_WRITE, NULL);
    g_assert_true(store_begin(other, NULL));
    g_assert_false(revision_apply(revision, &order, 10, &error));
    g_assert_error(error, STORE_ERROR, STORE_ERROR_BUSY);
    g_assert_cmpuint(revision_left(revision), ==, 1);
    store_free(other);
    apply(revision, order.now, 10);
    g_clear_pointer(&revision, revision_free);
    temporary_free(&temporary);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/revision/addresses", test_addresses);
    g_test_add_func("/store/revision/operators", test_operators);
    g_test_add_func("/store/revision/trail", test_trail);
    g_test_add_func("/store/revision/busy", test_busy);
    return g_test_run();
}
