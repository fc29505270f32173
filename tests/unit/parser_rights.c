/* Rights of a report that proves nothing. */
#include "parser/return_path.h"
#include "tests/unit/parser_cases.h"

#define HEAD "From: MAILER-DAEMON@mx.example.org\n"
#define TYPE "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
#define STATUS "--b\nContent-Type: message/delivery-status\n\n"
#define FAILED "Final-Recipient: rfc822; anna@example.org\nAction: failed\n\n"
#define RETURNED "--b\nContent-Type: text/rfc822-headers\n\n"
#define VERP "news+anna=example.org@verp.example.com"
#define COMPLAINT "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n"

/* Where a report came to decides what it may do, never what it says. */
static const struct {
    const char *name, *from, *to, *text;
    bool suppresses;
} rights[] = {
    {"a return path that may", "", "x@verp.example.com", HEAD TYPE STATUS FAILED, true},
    {"one that may not", "", "x@count.example.com", HEAD TYPE STATUS FAILED, false},
    {"one that may not, and a returned path that may", "", "x@count.example.com",
     HEAD TYPE STATUS FAILED RETURNED "Return-Path: <" VERP ">\n", false},
    {"postmaster, and a returned path that may", "", "postmaster@mx.example.com",
     HEAD TYPE STATUS FAILED RETURNED "Return-Path: <fbl@example.com>\n", false},
    {"a bounce to the feedback address", "", "fbl@example.com", HEAD TYPE STATUS FAILED, false},
    {"a complaint to the feedback address", "fbl@example.net", "fbl@example.com",
     COMPLAINT "Feedback-Type: abuse\nOriginal-Rcpt-To: anna@example.org\n", true},
    {"a complaint that names a path that may not", "fbl@example.net", "fbl@example.com",
     COMPLAINT "Feedback-Type: abuse\nOriginal-Rcpt-To: anna@example.org\nOriginal-Mail-From: n@count.example.com\n",
     true},
    {"who asks to be unsubscribed", "Anna@example.org", "fbl@example.com",
     "From: Anna <anna@example.org>\nSubject: unsubscribe\n\n", true},
    {"who asks for somebody else", "eve@example.net", "fbl@example.com",
     "From: Anna <anna@example.org>\nSubject: unsubscribe\n\n", false},
    {"a file", NULL, NULL, HEAD TYPE STATUS FAILED, true},
    {"a file that came to a path that may not", NULL, NULL,
     "Delivered-To: x@count.example.com\n" HEAD TYPE STATUS FAILED, true},
    {"a file with a bounce to the feedback address", NULL, NULL,
     "Delivered-To: fbl@example.com\n" HEAD TYPE STATUS FAILED, false},
};

static void test_rights(void)
{
    struct return_path verp = {
        .domain = (char *)"verp.example.com", .scheme = RETURN_PATH_VERP, .unproven_suppresses = true};
    struct return_path count = {.domain = (char *)"count.example.com", .scheme = RETURN_PATH_VERP};
    struct return_path feedback = {.address = (char *)"fbl@example.com", .unproven_suppresses = true};
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    struct report_settings settings;

    g_ptr_array_add(paths, &verp);
    g_ptr_array_add(paths, &count);
    g_ptr_array_add(paths, &feedback);
    report_settings_defaults(&settings);
    settings.return_paths = paths;
    settings.unproven_suppresses = true;
    for (size_t i = 0; i < G_N_ELEMENTS(rights); i++) {
        const char *recipients[] = {rights[i].to, NULL};
        struct report_envelope envelope = {.mail_from = rights[i].from,
                                           .recipients = rights[i].to != NULL ? recipients : NULL};
        g_autoptr(Report) report = parser_read(&settings, &envelope, rights[i].text, strlen(rights[i].text));

        g_test_message("row %zu: %s", i, rights[i].name);
        g_assert_cmpint(report->unproven_suppresses, ==, rights[i].suppresses);
    }
    /* a file's own word opens no return path */
    settings.unproven_suppresses = false;
    const char *file = "Delivered-To: x@verp.example.com\n" HEAD TYPE STATUS FAILED;
    g_autoptr(Report) report = parser_read(&settings, NULL, file, strlen(file));
    g_assert_false(report->unproven_suppresses);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/rights", test_rights);
    return g_test_run();
}
