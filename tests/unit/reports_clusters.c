/* Diagnostics without addresses, hosts, numbers and ids; and that the draft of a rule decides its example. */
#include "reports/clusters.h"

#include <string.h>

#include "classifier/lint.h"

static void test_masks(void)
{
    static const struct {
        const char *diagnostic;
        const char *text;
    } cases[] = {
        {NULL, ""},
        {"550 5.1.1 <joe@example.com>: zorbled", "550 5.1.1 <address> zorbled"},
        {"550-5.7.1 no 550 5.7.1 way", "550-5.7.1 no way"},
        {"Host mx1.example.net [192.0.2.25] said: no", "host <ip> said: no"},
        {"mx.example.net said: no", "<host> said: no"},
        {"from 2001:db8::25 at 12:30:05", "from <ip> at <number>"},
        {"see https://example.com/?p=1234 (id 4XyzAb1c99)", "see <url> (id <id>"},
        {"over quota by 1,234 bytes (S3150)", "over quota by <number> bytes (s3150)"},
        {"TRY   again\tlater.", "try again later."},
        {"weiter unter \xc3\x9c"
         "bersicht",
         "weiter unter \xc3\xbc"
         "bersicht"},
        {"421 1.2.3.4 is bad", "421 <ip> is bad"},
        {"---- ... ()", "---- ... ()"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = clusters_mask(cases[i].diagnostic);

        g_test_message("%s", cases[i].diagnostic);
        g_assert_cmpstr(text, ==, cases[i].text);
    }
}

static void add(struct clusters *clusters, const char *diagnostic, const char *status, gint64 received)
{
    const struct stored_event row = {
        .event = {.diagnostic = diagnostic, .status = status, .dialect = "rfc3464", .remote_mta = "mx.example.net"},
        .received = received};

    clusters_add(clusters, &row);
}

static void test_clusters(void)
{
    g_autoptr(Clusters) clusters = clusters_new(3);

    add(clusters, "550 <a@example.com> was zorbled", "5.0.0", 1);
    add(clusters, "550 frobnicated", "5.0.0", 2);
    add(clusters, "550 <b@example.org> was zorbled", "5.0.0", 5);
    add(clusters, NULL, "5.0.0", 3);
    add(clusters, NULL, "5.3.0", 3);
    g_assert_cmpuint(clusters_others(clusters), ==, 1);
    const struct cluster *first = clusters_at(clusters, 0);
    g_assert_cmpstr(first->text, ==, "550 <address> was zorbled");
    g_assert_cmpstr(first->example, ==, "550 <user@example.com> was zorbled");
    g_assert_cmpstr(first->host, ==, "mx.example.net");
    g_assert_cmpuint(first->count, ==, 2);
    g_assert_cmpint(first->last, ==, 5);
    g_assert_nonnull(clusters_at(clusters, 2));
    g_assert_null(clusters_at(clusters, 3));
}

/* The rule is of the language, and decides its own example; as a source it is before the built-in rules. */
static void check_rule(const char *diagnostic, const char *rule)
{
    const struct classifier_source source = {"draft", rule, strlen(rule)};
    g_autoptr(GError) error = NULL;
    g_autoptr(Classifier) classifier = classifier_new(&source, 1, &error);
    g_autoptr(GPtrArray) findings = lint_rules(&source, 1);
    const struct report report = {.dialect = "rfc3464"};
    const struct report_recipient recipient = {.kind = REPORT_KIND_BOUNCE, .status = "5.3.9", .diagnostic = diagnostic};
    struct verdict verdict;

    g_test_message("%s", rule);
    g_assert_no_error(error);
    for (guint i = 0; i < findings->len; i++)
        g_test_message("%s", (const char *)findings->pdata[i]);
    g_assert_cmpuint(findings->len, ==, 0);
    classifier_judge(classifier, &report, &recipient, &verdict);
    g_assert_true(g_str_has_prefix(verdict.rule, "draft-7"));
}

static void test_rules(void)
{
    static const char *const diagnostics[] = {
        "550 5.3.9 <joe@example.com>: zorbled by the (frobnicator) [at 3.4] + more? yes*",
        "host mx.example.net[192.0.2.1] said: 553 it's zorbled (in reply to RCPT TO command)",
        "zorbled|frobnicated^ \\d {2,3} $PATH.",
        "550 \xd0\xbf\xd0\xb8\xd1\x81\xd1\x8c\xd0\xbc\xd0\xbe zorbled",
        "553 a very long zorbling of the frobnicator that goes on and on and on and on and on and on and on and on",
        "---- zorbled, --- or not ---",
        NULL,
        "12 34",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(diagnostics); i++) {
        g_autoptr(Clusters) clusters = clusters_new(1);

        add(clusters, diagnostics[i], "5.3.9", 1);
        g_autofree char *rule = cluster_rule(clusters_at(clusters, 0), 7);
        g_assert_nonnull(rule);
        check_rule(diagnostics[i], rule);
    }
    g_autoptr(Clusters) clusters = clusters_new(1);
    add(clusters, "1 2", NULL, 1);
    g_assert_null(cluster_rule(clusters_at(clusters, 0), 7));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/clusters/masks", test_masks);
    g_test_add_func("/reports/clusters/clusters", test_clusters);
    g_test_add_func("/reports/clusters/rules", test_rules);
    return g_test_run();
}
