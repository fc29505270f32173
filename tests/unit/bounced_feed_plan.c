/* A feed's filter: each list of its section, alone and with an event or a change that has none of the kind. */
#include "cmd/bounced/out/feeds/feed_plan.h"

#include <string.h>

/* Words with commas between them; NULL is all. */
struct lists {
    const char *types, *reasons, *verdicts, *streams, *tenants;
};

struct event_case {
    struct lists lists;
    enum report_kind kind;
    enum reason reason;
    enum verdict_kind verdict;
    const char *stream, *tenant;
    bool wanted;
};

static const struct event_case event_cases[] = {
    {{0}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, NULL, NULL, true},
    {{.types = "report.bounce"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, NULL, NULL, true},
    {{.types = "report.bounce"}, REPORT_KIND_DELAY, REASON_USER_UNKNOWN, VERDICT_NONE, NULL, NULL, false},
    {{.types = "suppression"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, NULL, NULL, false},
    {{.reasons = "expired,user_unknown"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, NULL, NULL, true},
    {{.reasons = "expired"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, NULL, NULL, false},
    {{.reasons = "expired"}, REPORT_KIND_OTHER, REASON_NONE, VERDICT_NONE, NULL, NULL, false},
    {{.verdicts = "hard"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, NULL, NULL, true},
    {{.verdicts = "soft,complaint"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, NULL, NULL, false},
    {{.streams = "news"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, "news", "shop", true},
    {{.streams = "news"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, "receipts", "shop", false},
    {{.streams = "news"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, NULL, NULL, false},
    {{.tenants = "shop"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, "news", "shop", true},
    {{.tenants = "shop"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, "club", "society", false},
    {{.tenants = "shop"}, REPORT_KIND_BOUNCE, REASON_USER_UNKNOWN, VERDICT_HARD, NULL, NULL, false},
    {{.streams = "news", .tenants = "shop", .verdicts = "hard", .reasons = "user_unknown", .types = "report"},
     REPORT_KIND_BOUNCE,
     REASON_USER_UNKNOWN,
     VERDICT_HARD,
     "news",
     "shop",
     true},
};

/* The stream "news" is of the tenant "shop", "club" of "society", "lone" of none. */
struct change_case {
    struct lists lists;
    const char *change, *scope; /* NULL: all */
    bool wanted;
};

static const struct change_case change_cases[] = {
    {{0}, "add", NULL, true},
    {{0}, "remove", "stream=lone", true},
    {{0}, "no such change", NULL, false},
    {{.types = "report"}, "add", NULL, false},
    {{.types = "suppression.removed"}, "remove", NULL, true},
    {{.types = "suppression.removed"}, "add", NULL, false},
    {{.reasons = "user_unknown"}, "add", NULL, true},
    {{.reasons = "expired"}, "add", NULL, false},
    {{.verdicts = "hard"}, "add", NULL, true},
    {{.verdicts = "soft"}, "add", NULL, false},
    {{.streams = "news"}, "add", NULL, true},
    {{.streams = "news"}, "add", "all", true},
    {{.streams = "news"}, "add", "stream=news", true},
    {{.streams = "news"}, "add", "stream=club", false},
    {{.streams = "lone,news"}, "add", "tenant=shop", true},
    {{.streams = "news"}, "add", "tenant=society", false},
    {{.streams = "lone"}, "add", "tenant=shop", false},
    {{.tenants = "shop"}, "add", NULL, true},
    {{.tenants = "shop"}, "add", "tenant=shop", true},
    {{.tenants = "shop"}, "add", "tenant=society", false},
    {{.tenants = "shop"}, "add", "stream=news", true},
    {{.tenants = "shop"}, "add", "stream=club", false},
    {{.tenants = "shop"}, "add", "stream=lone", false},
    {{.streams = "news", .tenants = "society"}, "add", "tenant=shop", false},
};

struct file_case {
    const char *stream, *tenant;
    const char *scope;
    bool wanted;
};

static const struct file_case file_cases[] = {
    {NULL, NULL, NULL, true},
    {NULL, NULL, "stream=news", false},
    {NULL, NULL, "tenant=shop", false},
    {"news", NULL, "all", true},
    {"news", NULL, "stream=news", true},
    {"news", NULL, "stream=club", false},
    {"news", NULL, "tenant=shop", true},
    {"news", NULL, "tenant=society", false},
    {"lone", NULL, "tenant=shop", false},
    {NULL, "shop", "tenant=shop", true},
    {NULL, "shop", "tenant=society", false},
    {NULL, "shop", "stream=news", false}, /* as export has it: what holds for one stream is not the tenant's */
};

static GPtrArray *list_of(const char *words)
{
    g_auto(GStrv) parts = words != NULL ? g_strsplit(words, ",", -1) : NULL;
    GPtrArray *list = parts != NULL ? g_ptr_array_new_with_free_func(g_free) : NULL;

    for (char **part = parts; part != NULL && *part != NULL; part++)
        g_ptr_array_add(list, g_strdup(*part));
    return list;
}

static struct feed_config *feed_of(const struct lists *lists)
{
    struct feed_config *feed = feed_config_new("crm");
    char *unknown = NULL;
    bool good = lists->types == NULL || announcement_types_read(&feed->interest.types, lists->types, &unknown);

    g_assert_true(good);
    feed->interest.reasons = list_of(lists->reasons);
    feed->interest.verdicts = list_of(lists->verdicts);
    feed->interest.streams = list_of(lists->streams);
    feed->interest.tenants = list_of(lists->tenants);
    return feed;
}

static GHashTable *tenants_new(void)
{
    GHashTable *tenants = g_hash_table_new(g_str_hash, g_str_equal);

    g_hash_table_insert(tenants, (gpointer) "news", (gpointer) "shop");
    g_hash_table_insert(tenants, (gpointer) "club", (gpointer) "society");
    return tenants;
}

static void test_events(void)
{
    g_autoptr(GHashTable) tenants = tenants_new();
    const struct feed_plan plan = {.tenants = tenants};

    for (size_t i = 0; i < G_N_ELEMENTS(event_cases); i++) {
        const struct event_case *test = &event_cases[i];
        const struct stored_event event = {
            .event = {.kind = test->kind, .reason = test->reason, .verdict = test->verdict, .stream = test->stream},
            .tenant = test->tenant};
        struct feed_config *feed = feed_of(&test->lists);

        if (feed_plan_wants(&plan, feed, &(struct store_tail_item){.event = &event}) != test->wanted)
            g_error("event %zu", i);
        feed_config_unref(feed);
    }
}

static void check_change(struct feed_config *feed, const char *what, const char *scope, bool wanted, size_t row)
{
    g_autoptr(GHashTable) tenants = tenants_new();
    const struct feed_plan plan = {.tenants = tenants};
    const struct change change = {
        .change = what, .scope = scope, .reason = REASON_USER_UNKNOWN, .verdict = VERDICT_HARD};

    if (feed_plan_wants(&plan, feed, &(struct store_tail_item){.change = &change}) != wanted)
        g_error("change %zu: %s %s", row, what, scope);
    feed_config_unref(feed);
}

static void test_changes(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(change_cases); i++) {
        const struct change_case *test = &change_cases[i];
        check_change(feed_of(&test->lists), test->change, test->scope, test->wanted, i);
    }
}

static void test_files(void)
{
    static const struct lists none = {0};

    for (size_t i = 0; i < G_N_ELEMENTS(file_cases); i++) {
        const struct file_case *test = &file_cases[i];
        struct feed_config *feed = feed_of(&none);

        feed->type = FEED_TYPE_FILE;
        feed->stream = g_strdup(test->stream);
        feed->tenant = g_strdup(test->tenant);
        check_change(feed, "add", test->scope, test->wanted, i);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/feed_plan/events", test_events);
    g_test_add_func("/feed_plan/changes", test_changes);
    g_test_add_func("/feed_plan/files", test_files);
    return g_test_run();
}
