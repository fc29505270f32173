/* Addresses that complaints come to: with tags, as whole domains, and with the provider's name. */
#include "parser/return_path.h"
#include "tests/unit/parser_cases.h"

#define COMPLAINT "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n"
#define ABUSE "Feedback-Type: abuse\nUser-Agent: x/1\nOriginal-Rcpt-To: anna@example.org\n"
#define BOUNCE                                                                                                         \
    "From: MAILER-DAEMON@mx.example.org\nContent-Type: multipart/report; boundary=b\n\n--b\n"                          \
    "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; anna@example.org\nAction: failed\n\n"

static char names[][8] = {"all", "yahoo", "loops", "news"};
static char fbl[] = "fbl@example.com", tagged[] = "fbl+yahoo@example.com", loops[] = "loops.example.com";
static char news[] = "example.com", provider[] = "Yahoo";
static struct return_path all = {.name = names[0], .address = fbl, .feedback = true, .unproven_suppresses = true};
static struct return_path yahoo = {.name = names[1], .address = tagged, .feedback = true, .provider = provider};
static struct return_path domain = {.name = names[2], .domain = loops, .feedback = true, .unproven_suppresses = true};
static struct return_path bounces = {.name = names[3], .domain = news};

static GPtrArray *make_paths(void)
{
    struct return_path *const each[] = {&bounces, &all, &yahoo, &domain};
    GPtrArray *paths = g_ptr_array_new();

    for (size_t i = 0; i < G_N_ELEMENTS(each); i++)
        g_ptr_array_add(paths, each[i]);
    return paths;
}

/* The closest takes the mail. */
static void test_closest(void)
{
    static const struct {
        const char *address, *name; /* NULL: nobody's */
    } addresses[] = {
        {"fbl@example.com", "all"},         {"FBL@Example.com", "all"},         {"fbl+yahoo@example.com", "yahoo"},
        {"FBL+Yahoo@example.com", "yahoo"}, {"fbl+other@example.com", "all"},   {"fbl+yahoo+2@example.com", "all"},
        {"fbl+@example.com", "news"},       {"fblx@example.com", "news"},       {"fbl-yahoo@example.com", "news"},
        {"fbl+yahoo@example.net", NULL},    {"any@loops.example.com", "loops"}, {"any@x.loops.example.com", NULL},
        {"fbl@loops.example.com", "loops"},
    };
    g_autoptr(GPtrArray) paths = make_paths();

    for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++) {
        const struct return_path *found = return_path_find(paths, addresses[i].address);
        g_auto(ReturnPathMatch) match;

        g_test_message("%s", addresses[i].address);
        g_assert_cmpstr(found != NULL ? found->name : NULL, ==, addresses[i].name);
        return_path_match(paths, addresses[i].address, 0, &match);
        g_assert_true(match.path == found);
    }
}

static struct report *read_report(const GPtrArray *paths, const char *to, const char *text)
{
    const char *recipients[] = {to, NULL};
    struct report_envelope envelope = {.mail_from = "fbl@example.net", .recipients = recipients};
    struct report_settings settings;

    report_settings_defaults(&settings);
    settings.return_paths = paths;
    return parser_read(&settings, &envelope, text, strlen(text));
}

/* A whole domain takes complaints and no bounces. */
static void test_domain(void)
{
    g_autoptr(GPtrArray) paths = make_paths();
    g_autoptr(Report) complaint = read_report(paths, "a@loops.example.com", COMPLAINT ABUSE);
    g_autoptr(Report) bounce = read_report(paths, "a@loops.example.com", BOUNCE);

    g_assert_true(complaint->unproven_suppresses);
    g_assert_false(bounce->unproven_suppresses);
    g_assert_true(return_path_is_feedback(&domain) && return_path_is_feedback(&all));
    g_assert_false(return_path_is_feedback(&bounces));
}

static void test_provider(void)
{
    static const struct {
        const char *to, *text, *reporting_mta;
    } reports[] = {
        {"fbl+yahoo@example.com", COMPLAINT ABUSE, "Yahoo"},
        {"fbl+yahoo@example.com", COMPLAINT ABUSE "Reporting-MTA: dns; mx.example.net\n", "mx.example.net"},
        {"fbl@example.com", COMPLAINT ABUSE, NULL},
        {"fbl+yahoo@example.com", BOUNCE, NULL},
        {"fbl+yahoo@example.com", "Subject: hello\n\n", NULL},
    };
    g_autoptr(GPtrArray) paths = make_paths();

    for (size_t i = 0; i < G_N_ELEMENTS(reports); i++) {
        g_autoptr(Report) report = read_report(paths, reports[i].to, reports[i].text);

        g_test_message("row %zu", i);
        g_assert_cmpstr(report->reporting_mta, ==, reports[i].reporting_mta);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/feedback-paths/closest", test_closest);
    g_test_add_func("/parser/feedback-paths/domain", test_domain);
    g_test_add_func("/parser/feedback-paths/provider", test_provider);
    return g_test_run();
}
