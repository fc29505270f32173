/* What the header tells of where mail came from; a null sender alone is the weakest sign. */
#include "parser/mail/notice.h"

#define FROM_NULL "Return-Path: <>\n"
#define PERSON "From: Anna <anna@example.net>\nTo: news@example.org\n"
#define RETURNED(sender)                                                                                               \
    "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nIt comes back.\n--b\n"                     \
    "Content-Type: message/rfc822\n\nReturn-Path: <" sender ">\nFrom: Someone <else@example.org>\n\nHello\n--b--\n"

static const struct {
    const char *name;
    const char *message;
    unsigned signs;
} cases[] = {
    {"a person", PERSON "Subject: Hello\n\n", 0},
    {"a person on a failure", PERSON "Subject: Delivery failed\n\n", 0},
    {"a null sender alone", FROM_NULL PERSON "Subject: Our offers\n\n", NOTICE_NULL_SENDER},
    {"a subject of failure", FROM_NULL PERSON "Subject: Delivery failed\n\n", NOTICE_NULL_SENDER | NOTICE_SUBJECT},
    {"encoded, in German", FROM_NULL PERSON "Subject: =?utf-8?Q?Unzustellbar=3A_Gr=C3=BC=C3=9Fe?=\n\n",
     NOTICE_NULL_SENDER | NOTICE_SUBJECT},
    {"a delay", FROM_NULL PERSON "Subject: Your mail has been delayed\n\n", NOTICE_NULL_SENDER | NOTICE_SUBJECT},
    {"a reason is no failure", FROM_NULL PERSON "Subject: User unknown, the film\n\n", NOTICE_NULL_SENDER},
    {"an answer", PERSON "Subject: Re: Delivery failed\n\n", 0},
    {"a mail system's answer", FROM_NULL PERSON "Subject: Re: Delivery failed\n\n", NOTICE_NULL_SENDER},
    {"a list", FROM_NULL PERSON "List-Id: <a.example.org>\nSubject: Delivery failed\n\n", 0},
    {"a newsletter", FROM_NULL PERSON "List-Unsubscribe: <mailto:u@example.org>\nSubject: Delivery failed\n\n", 0},
    {"a holiday reply", FROM_NULL PERSON "Auto-Submitted: auto-replied\nSubject: Delivery failed\n\n", 0},
    {"a message comes back", FROM_NULL PERSON RETURNED("News@example.org"), NOTICE_NULL_SENDER | NOTICE_RETURNS},
    {"another's message", FROM_NULL PERSON RETURNED("offers@example.com"), NOTICE_NULL_SENDER},
    {"without a null sender", PERSON RETURNED("news@example.org"), 0},
    {"a mail system", FROM_NULL "From: Mail Delivery System <MAILER-DAEMON@example.net>\n\n",
     NOTICE_NULL_SENDER | NOTICE_DAEMON},
    {"postmaster", "From: postmaster@example.net\n\n", NOTICE_POSTMASTER},
    {"postmaster answers", "From: postmaster@example.net\nSubject: Re: question\n\n", 0},
    {"a mail system's person", "From: Mail Delivery Team <postmaster@example.net>\n\n", NOTICE_POSTMASTER},
    {"a system's administrator", "From: System Administrator <postmaster@example.net>\n\n", NOTICE_POSTMASTER},
    {"failed recipients", FROM_NULL PERSON "X-Failed-Recipients: bert@example.com\n\n",
     NOTICE_NULL_SENDER | NOTICE_FAILED},
    {"a report", FROM_NULL PERSON "Content-Type: multipart/report; boundary=b\n\n", NOTICE_NULL_SENDER | NOTICE_REPORT},
    {"a read receipt",
     FROM_NULL PERSON "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n",
     NOTICE_NULL_SENDER},
};

static void test_signs(void)
{
    static const struct report_envelope unknown;
    struct report_settings settings;

    report_settings_defaults(&settings);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct message *message = message_new(&settings, &unknown, span_of(cases[i].message));
        struct draft *draft = draft_new(&settings);
        unsigned signs = notice_signs(message);

        if (signs != cases[i].signs) {
            g_test_message("%s: got %#x, expected %#x", cases[i].name, signs, cases[i].signs);
            g_test_fail();
        }
        draft_free(draft);
        message_free(message);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/notice/signs", test_signs);
    return g_test_run();
}
