/* Words for what somebody wants to be told of, and which reports and changes have them. */
#include "reports/interest.h"

#include <string.h>

#include "tests/unit/names.h"

/* An event of anna@example.org, and changes of her entries. */
static const struct stored_event bounce = {.event = {.kind = REPORT_KIND_BOUNCE,
                                                     .reason = REASON_USER_UNKNOWN,
                                                     .verdict = VERDICT_HARD,
                                                     .recipient = "anna@example.org",
                                                     .stream = "news"},
                                           .tenant = "shop"};
static const struct stored_event delivered = {.event = {.kind = REPORT_KIND_DELIVERED}};

static const struct change changes[] = {
    {.change = "add", .reason = REASON_USER_UNKNOWN, .verdict = VERDICT_HARD, .scope = "all"},
    {.change = "remove", .reason = REASON_FEEDBACK, .verdict = VERDICT_COMPLAINT, .scope = "tenant=shop"},
    {.change = "add", .reason = REASON_USER_UNKNOWN, .verdict = VERDICT_HARD, .scope = "tenant=bank"},
    {.change = "add", .reason = REASON_USER_UNKNOWN, .verdict = VERDICT_HARD, .scope = "stream=news"},
    {.change = "add", .reason = REASON_USER_UNKNOWN, .verdict = VERDICT_HARD, .scope = "stream=alerts"},
    {.change = "unheard-of", .reason = REASON_USER_UNKNOWN, .verdict = VERDICT_HARD, .scope = "all"},
};

/* By a letter for each that is wanted: "b" the bounce, "d" the delivery, then a digit for each of the changes. */
static const struct {
    const char *name, *words, *wanted;
} cases[] = {
    {"types", "all", "bd01234"},
    {"types", "report", "bd"},
    {"types", "report.bounce", "b"},
    {"types", "suppression", "01234"},
    {"types", "suppression.removed , report.delivered", "d1"},
    {"reasons", "user_unknown", "b0234"},
    {"reasons", "complaint", "1"}, /* another name for feedback */
    {"verdicts", "complaint,hard", "b01234"},
    {"verdicts", "complaint", "1"},
    {"streams", "news", "b013"},
    {"streams", "alerts", "024"},
    {"streams", "unknown", "0"},
    {"streams", "all", "bd01234"},
    {"tenants", "shop", "b013"},
    {"tenants", "bank", "024"},
    {"tenants", "bank, shop", "b01234"},
};

static void put(GString *wanted, const struct interest *interest, GHashTable *tenants, char letter,
                const struct store_tail_item *item)
{
    if (interest_wants(interest, tenants, item))
        g_string_append_c(wanted, letter);
}

static void test_wanted(void)
{
    g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);

    g_hash_table_insert(tenants, (char *)"news", (char *)"shop");
    g_hash_table_insert(tenants, (char *)"alerts", (char *)"bank");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) wanted = g_string_new(NULL);
        struct interest interest = {0};
        char *unknown;

        g_assert_true(interest_read(&interest, cases[i].name, cases[i].words, &unknown));
        put(wanted, &interest, tenants, 'b', &(const struct store_tail_item){.event = &bounce});
        put(wanted, &interest, tenants, 'd', &(const struct store_tail_item){.event = &delivered});
        for (size_t k = 0; k < G_N_ELEMENTS(changes); k++)
            put(wanted, &interest, tenants, (char)('0' + k), &(const struct store_tail_item){.change = &changes[k]});
        if (strcmp(wanted->str, cases[i].wanted) != 0) {
            g_test_message("%s = %s: got %s", cases[i].name, cases[i].words, wanted->str);
            g_test_fail();
        }
        interest_clear(&interest);
    }
}

/* Each must be: a stream of the tenant that is wanted. */
static void test_together(void)
{
    g_autoptr(GHashTable) tenants = g_hash_table_new(g_str_hash, g_str_equal);
    struct interest interest = {0};
    char *unknown;

    g_hash_table_insert(tenants, (char *)"news", (char *)"shop");
    g_assert_true(interest_read(&interest, "streams", "news", &unknown));
    g_assert_true(interest_read(&interest, "tenants", "bank", &unknown));
    g_assert_false(interest_wants(&interest, tenants, &(const struct store_tail_item){.event = &bounce}));
    g_assert_false(interest_wants(&interest, tenants, &(const struct store_tail_item){.change = &changes[3]}));
    g_assert_true(interest_read(&interest, "tenants", "all", &unknown));
    g_assert_true(interest_wants(&interest, tenants, &(const struct store_tail_item){.change = &changes[3]}));
    interest_clear(&interest);
}

static void test_refused(void)
{
    static const struct {
        const char *name, *words, *unknown;
    } rows[] = {
        {"types", "report.bounces", "report.bounces"},
        {"types", "", NULL},
        {"reasons", "user_unknown,x", "x"},
        {"reasons", "", NULL},
        {"verdicts", "harder", "harder"},
        {"streams", "a,,b", ""},
        {"tenants", "", NULL},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct interest interest = {0};
        g_autofree char *unknown = NULL;

        g_test_message("%s = %s", rows[i].name, rows[i].words);
        g_assert_false(interest_read(&interest, rows[i].name, rows[i].words, &unknown));
        g_assert_cmpstr(unknown, ==, rows[i].unknown);
        interest_clear(&interest);
    }
}

static void test_names(void)
{
    names_check(interest_names, "types reasons verdicts streams tenants");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/interest/wanted", test_wanted);
    g_test_add_func("/reports/interest/together", test_together);
    g_test_add_func("/reports/interest/refused", test_refused);
    g_test_add_func("/reports/interest/names", test_names);
    return g_test_run();
}
