/* Judging stored events again: the store is then as if they had been judged so when they came. */
#include "store/revision.h"

#include "store_temporary.h"

#define EVENTS 60

static const enum reason choices[] = {
    REASON_USER_UNKNOWN, REASON_MAILBOX_FULL, REASON_MAILBOX_DISABLED, REASON_SPAM_DETECTED,
    REASON_HOST_UNKNOWN, REASON_FILTERED,     REASON_UNDEFINED,
};

/* A few addresses, failures and now and then a delivery or a complaint; some messages report twice. */
static void make_events(GRand *random, struct event *events, enum reason *reasons)
{
    static const char *const addresses[] = {"a@example.com", "A@example.com", "b@example.org", NULL};

    for (unsigned i = 0; i < EVENTS; i++) {
        enum reason reason = choices[g_rand_int_range(random, 0, G_N_ELEMENTS(choices))];
        int kind = g_rand_int_range(random, 0, 20);

        events[i] = temporary_event(REPORT_KIND_BOUNCE, reason, addresses[g_rand_int_range(random, 0, 4)]);
        events[i].may_suppress = g_rand_int_range(random, 0, 8) != 0;
        reasons[i] = choices[g_rand_int_range(random, 0, G_N_ELEMENTS(choices))];
        if (kind < 2)
            events[i] = temporary_event(REPORT_KIND_DELIVERED, REASON_DELIVERED, events[i].recipient);
        else if (kind == 2)
            events[i] = temporary_event(REPORT_KIND_FEEDBACK, REASON_FEEDBACK, events[i].recipient);
        else if (kind == 3)
            events[i] = temporary_event(REPORT_KIND_DELAY, reason, events[i].recipient);
        events[i].sender = "news@Example.NET"; /* of all: two of one message have one returned message */
        if (events[i].kind != REPORT_KIND_BOUNCE || reasons[i] == reason || g_rand_boolean(random))
            reasons[i] = REASON_NONE;
    }
}

/* Some are the word of a tenant: all of one message are. */
static void make_tenants(GRand *random, struct event *events, enum reason *reasons, const gint64 *times)
{
    static const char *const streams[] = {"news", "alerts", "receipts", NULL};

    for (unsigned i = 0; i < EVENTS; i++) {
        bool other = i == 0 || times[i] != times[i - 1];

        events[i].stream = other ? streams[g_rand_int_range(random, 0, 4)] : events[i - 1].stream;
        events[i].confined = other ? events[i].stream != NULL && g_rand_boolean(random) : events[i - 1].confined;
        if (!events[i].confined || g_rand_int_range(random, 0, 4) != 0)
            continue;
        events[i].kind = REPORT_KIND_DELIVERED;
        events[i].reason = REASON_DELIVERED;
        events[i].verdict = VERDICT_NONE;
        reasons[i] = REASON_NONE;
    }
}

/* The mails that they report on, some of the same and some in the same words; all of one message are about one. */
static void make_mails(GRand *random, struct event *events, const gint64 *times)
{
    static const char *const ids[] = {"<1@example.net>", "<2@example.net>", NULL};

    for (unsigned i = 0; i < EVENTS; i++) {
        bool other = i == 0 || times[i] != times[i - 1];

        events[i].message_id = other ? ids[g_rand_int_range(random, 0, G_N_ELEMENTS(ids))] : events[i - 1].message_id;
        events[i].mailed = other ? NOON - g_rand_int_range(random, 0, 3) * DAY : events[i - 1].mailed;
        events[i].evidence = g_rand_boolean(random) ? REPORT_EVIDENCE_SIGNED : REPORT_EVIDENCE_AUTHENTICATED;
        events[i].occurred = g_rand_int_range(random, 0, 40);
    }
}

static void add_events(struct temporary *temporary, const struct event *events, const gint64 *times)
{
    g_assert_true(store_begin(temporary->store, NULL));
    for (unsigned i = 0; i < EVENTS;) {
        unsigned n = i + 1 < EVENTS && times[i] == times[i + 1] ? 2 : 1;

        temporary_put(temporary, &events[i], n, times[i]);
        i += n;
    }
    g_assert_true(store_commit(temporary->store, NULL));
}

static void add_line(GString *out, const struct stored_event *row)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT " %s %s %s %s %s %s %u\n", row->received,
                           row->event.recipient != NULL ? row->event.recipient : "-", reason_names[row->event.reason],
                           verdict_names[row->event.verdict], party_names[row->event.party],
                           policy_effect_names[row->effect], row->policy != NULL ? row->policy : "-", row->failures);
}

/* All that there is to see of a store, but for when entries began and what was judged again. */
static char *dump(struct store *store, gint64 now)
{
    const struct store_filter all = {0};
    g_autoptr(StoreCursor) events = store_events(store, &all, NULL);
    g_autoptr(StoreCursor) entries = store_suppressions(store, &all, now, NULL);
    g_autoptr(StoreCursor) counters = store_counters(store, &all, NULL);
    GString *out = g_string_new(NULL);
    struct stored_event event;
    struct suppression entry;
    struct counter counter;

    while (store_next_event(events, &event, NULL))
        add_line(out, &event);
    while (store_next_suppression(entries, &entry, NULL)) {
        g_autofree char *address = g_ascii_strdown(entry.subject, -1);
        g_string_append_printf(out, "%s %s %s %s %s %" G_GINT64_FORMAT "\n", address, entry.scope,
                               reason_names[entry.reason], verdict_names[entry.verdict], entry.policy, entry.until);
    }
    while (store_next_counter(counters, &counter, NULL))
        g_string_append_printf(out, "%s %s %s %s %s %s %" G_GINT64_FORMAT "\n", counter.day, counter.sender_domain,
                               counter.recipient_domain, report_kind_names[counter.kind],
                               verdict_names[counter.verdict], reason_names[counter.reason], counter.count);
    return g_string_free(out, FALSE);
}

/* Then one more failure, which counts what was counted before. */
static char *dump_next(struct temporary *temporary, gint64 now)
{
    const struct event events[] = {
        temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_FULL, "a@example.com"),
        temporary_event(REPORT_KIND_BOUNCE, REASON_MAILBOX_DISABLED, "b@example.org"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        struct event of_tenant = events[i];

        of_tenant.stream = "news";
        of_tenant.confined = true;
        temporary_add(temporary, &of_tenant, 1, now);
    }
    temporary_add(temporary, events, G_N_ELEMENTS(events), now);
    return dump(temporary->store, now);
}

static struct revision *judge(struct store *store, const enum reason *reasons)
{
    struct revision *revision = revision_new(store, &(struct store_filter){0}, NULL);
    struct stored_event row;

    for (size_t i = 0; revision_next(revision, &row, NULL); i++) {
        const struct verdict verdict = {.reason = reasons[i],
                                        .party = reason_row(reasons[i])->party,
                                        .verdict = reason_row(reasons[i])->verdict,
                                        .rule = "test-rule"};
        if (reasons[i] != REASON_NONE)
            revision_judge(revision, &verdict);
    }
    return revision;
}

static void apply(struct revision *revision, gint64 now, guint limit)
{
    const struct revision_order order = {.who = "ann", .rule_version = "v2", .now = now};

    while (revision_left(revision) > 0)
        g_assert_true(revision_apply(revision, &order, limit, NULL));
}

/* The first line that differs is enough to read. */
static void compare(const char *is, const char *should)
{
    g_auto(GStrv) lines = g_strsplit(is, "\n", -1), expected = g_strsplit(should, "\n", -1);

    for (unsigned i = 0; lines[i] != NULL || expected[i] != NULL; i++)
        g_assert_cmpstr(lines[i], ==, expected[i]);
}

static void make_store(struct temporary *temporary, GHashTable *tenants)
{
    g_hash_table_insert(tenants, (char *)"news", (char *)"shop");
    g_hash_table_insert(tenants, (char *)"receipts", (char *)"shop");
    g_hash_table_insert(tenants, (char *)"alerts", (char *)"bank");
    temporary_new(temporary, NULL);
    store_set_policies(temporary->store, NULL, tenants);
}

static void check_seed(guint32 seed)
{
    GRand *random = g_rand_new_with_seed(seed);
    struct event events[EVENTS];
    enum reason reasons[EVENTS];
    gint64 times[EVENTS], now = NOON;
    struct temporary revised, fresh;
    g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);

    make_events(random, events, reasons);
    for (unsigned i = 0; i < EVENTS; i++)
        times[i] = now += g_rand_int_range(random, 0, 4) * DAY;
    if (seed % 2 == 0)
        make_mails(random, events, times);
    if (seed % 3 == 0)
        make_tenants(random, events, reasons, times);
    make_store(&revised, tenants);
    add_events(&revised, events, times);
    g_autoptr(Revision) revision = judge(revised.store, reasons);
    apply(revision, now, (guint)g_rand_int_range(random, 1, EVENTS));
    g_clear_pointer(&revision, revision_free);

    for (unsigned i = 0; i < EVENTS; i++) {
        if (reasons[i] == REASON_NONE)
            continue;
        events[i].reason = reasons[i];
        events[i].verdict = reason_row(reasons[i])->verdict;
        events[i].party = reason_row(reasons[i])->party;
    }
    make_store(&fresh, tenants);
    add_events(&fresh, events, times);
    g_test_message("seed %u", seed);
    g_autofree char *is = dump(revised.store, now), *should = dump(fresh.store, now);
    compare(is, should);
    g_autofree char *is_next = dump_next(&revised, now + DAY), *should_next = dump_next(&fresh, now + DAY);
    compare(is_next, should_next);
    temporary_free(&revised);
    temporary_free(&fresh);
    g_rand_free(random);
}

static void test_as_if(void)
{
    for (guint32 seed = 1; seed <= 60; seed++)
        check_seed(seed);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/revision/as-if", test_as_if);
    return g_test_run();
}
