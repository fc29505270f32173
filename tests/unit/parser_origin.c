/* The header's signs of where mail came from; a null sender alone is the weakest sign. */
#include "parser/mail/origin.h"

#include "parser/mail/auto_submitted.h"
#include "parser/return_path.h"

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
    {"a null sender alone", FROM_NULL PERSON "Subject: Our offers\n\n", ORIGIN_NULL_SENDER},
    {"a subject of failure", FROM_NULL PERSON "Subject: Delivery failed\n\n", ORIGIN_NULL_SENDER | ORIGIN_SUBJECT},
    {"encoded, in German", FROM_NULL PERSON "Subject: =?utf-8?Q?Unzustellbar=3A_Gr=C3=BC=C3=9Fe?=\n\n",
     ORIGIN_NULL_SENDER | ORIGIN_SUBJECT},
    {"a delay", FROM_NULL PERSON "Subject: Your mail has been delayed\n\n", ORIGIN_NULL_SENDER | ORIGIN_SUBJECT},
    {"a reason is no failure", FROM_NULL PERSON "Subject: User unknown, the film\n\n", ORIGIN_NULL_SENDER},
    {"an answer", PERSON "Subject: Re: Delivery failed\n\n", 0},
    {"a mail system's answer", FROM_NULL PERSON "Subject: Re: Delivery failed\n\n", ORIGIN_NULL_SENDER},
    {"a list", FROM_NULL PERSON "List-Id: <a.example.org>\nSubject: Delivery failed\n\n", 0},
    {"a newsletter", FROM_NULL PERSON "List-Unsubscribe: <mailto:u@example.org>\nSubject: Delivery failed\n\n", 0},
    {"a holiday reply", FROM_NULL PERSON "Auto-Submitted: auto-replied\nSubject: Delivery failed\n\n", 0},
    {"a message comes back", FROM_NULL PERSON RETURNED("News@example.org"), ORIGIN_NULL_SENDER | ORIGIN_RETURNS},
    {"a message comes back, by its From",
     FROM_NULL "From: Anna <anna@example.net>\nTo: else@example.org\n" RETURNED(""),
     ORIGIN_NULL_SENDER | ORIGIN_RETURNS},
    {"another's message", FROM_NULL PERSON RETURNED("offers@example.com"), ORIGIN_NULL_SENDER},
    {"without a null sender", PERSON RETURNED("news@example.org"), 0},
    {"a mail system", FROM_NULL "From: Mail Delivery System <MAILER-DAEMON@example.net>\n\n",
     ORIGIN_NULL_SENDER | ORIGIN_DAEMON},
    {"postmaster", "From: postmaster@example.net\n\n", ORIGIN_POSTMASTER},
    {"postmaster answers", "From: postmaster@example.net\nSubject: Re: question\n\n", 0},
    {"a mail system's person", "From: Mail Delivery Team <postmaster@example.net>\n\n", ORIGIN_POSTMASTER},
    {"a system's administrator", "From: System Administrator <postmaster@example.net>\n\n", ORIGIN_POSTMASTER},
    {"failed recipients", FROM_NULL PERSON "X-Failed-Recipients: bert@example.com\n\n",
     ORIGIN_NULL_SENDER | ORIGIN_FAILED},
    {"a report", FROM_NULL PERSON "Content-Type: multipart/report; boundary=b\n\n", ORIGIN_NULL_SENDER | ORIGIN_REPORT},
    {"a read receipt",
     FROM_NULL PERSON "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n",
     ORIGIN_NULL_SENDER},
};

static void test_signs(void)
{
    static const struct report_envelope unknown;
    struct report_settings settings;

    report_settings_defaults(&settings);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct message *message = message_new(&settings, &unknown, span_of(cases[i].message));
        struct origin *origin = origin_new(message);
        unsigned signs = origin_signs(origin);

        if (signs != cases[i].signs) {
            g_test_message("%s: got %#x, expected %#x", cases[i].name, signs, cases[i].signs);
            g_test_fail();
        }
        origin_free(origin);
        message_free(message);
    }
}

static void test_system(void)
{
    static const struct {
        const char *mail_from; /* NULL: not known */
        const char *message;
        bool system;
    } senders[] = {
        {"", PERSON "\n", true},
        {NULL, FROM_NULL PERSON "\n", true},
        {"MAILER-DAEMON", PERSON "\n", true},
        {"postmaster", PERSON "\n", true},
        {"mailer-daemon@example.net", PERSON "\n", false},
        {"anna@example.net", FROM_NULL PERSON "\n", false}, /* what is known wins */
        {NULL, "Return-Path: <MAILER-DAEMON>\n" PERSON "\n", true},
        {NULL, PERSON "\n", false},
        {NULL, "From: MAILER-DAEMON@example.net\n\n", true},
        {NULL, "From: postmaster@example.net\nSubject: Re: question\n\n", true},
        {NULL, "From: Mail Delivery Subsystem <x@example.net>\n\n", true},
        {NULL, "From: Mail Delivery Team <x@example.net>\n\n", true},
        {NULL, "From: administrator@example.net\n\n", false},
    };
    struct report_settings settings;

    report_settings_defaults(&settings);
    for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
        struct report_envelope envelope = {.mail_from = senders[i].mail_from};
        struct message *message = message_new(&settings, &envelope, span_of(senders[i].message));
        struct origin *origin = origin_new(message);

        if (origin_is_system(origin) != senders[i].system) {
            g_test_message("row %zu: %s", i, senders[i].message);
            g_test_fail();
        }
        origin_free(origin);
        message_free(message);
    }
}

static void test_submitted(void)
{
    static const struct {
        const char *fields;
        enum report_submitted submitted;
    } submitted[] = {
        {"", REPORT_SUBMITTED_ABSENT},
        {"Auto-Submitted:\n", REPORT_SUBMITTED_ABSENT},
        {"Auto-Submitted: no\n", REPORT_SUBMITTED_ABSENT},
        {"Auto-Submitted: NO (a person)\n", REPORT_SUBMITTED_ABSENT},
        {"Auto-Submitted: auto-generated\n", REPORT_SUBMITTED_GENERATED},
        {"Auto-Submitted: auto-generated; owner-email=a@example.net\n", REPORT_SUBMITTED_GENERATED},
        {"Auto-Submitted: auto-replied\n", REPORT_SUBMITTED_REPLIED},
        {"Auto-Submitted: auto-notified; owner-email=a@example.net\n", REPORT_SUBMITTED_REPLIED},
        {"Auto-Submitted: nobody-knows\n", REPORT_SUBMITTED_REPLIED},
        {"Auto-Submitted: auto-replied\nList-Id: <a.example.org>\n", REPORT_SUBMITTED_REPLIED},
        {"Content-Type: multipart/report; report-type=disposition-notification\n", REPORT_SUBMITTED_REPLIED},
    };
    struct report_settings settings;

    report_settings_defaults(&settings);
    for (size_t i = 0; i < G_N_ELEMENTS(submitted); i++) {
        g_autofree char *text = g_strconcat(submitted[i].fields, "\n", NULL);
        struct message *message = message_new(&settings, NULL, span_of(text));

        if (auto_submitted_read(message) != submitted[i].submitted) {
            g_test_message("%s", text);
            g_test_fail();
        }
        message_free(message);
    }
}

/* Each word that signs are told by. */
static const struct {
    const char *message;
    unsigned signs;
} words[] = {
    {"From: mailer-daemonx@example.net\n\n", ORIGIN_DAEMON},
    {"From: maildaemonx@example.net\n\n", ORIGIN_DAEMON},
    {"From: mail-daemonx@example.net\n\n", ORIGIN_DAEMON},
    {"From: mailerdaemonx@example.net\n\n", ORIGIN_DAEMON},
    {"From: mail delivery s Team <x@example.net>\n\n", ORIGIN_DAEMON},
    {"From: mail.deliveryx@example.net\n\n", ORIGIN_DAEMON},
    {"From: mailsystemx@example.net\n\n", ORIGIN_DAEMON},
    {"From: delivery sub Team <x@example.net>\n\n", ORIGIN_DAEMON},
    {"From: mail system Team <x@example.net>\n\n", ORIGIN_DAEMON},
    {"From: mail deliverer Team <x@example.net>\n\n", ORIGIN_DAEMON},
    {"From: delivery notification Team <x@example.net>\n\n", ORIGIN_DAEMON},
    {"From: delivery status Team <x@example.net>\n\n", ORIGIN_DAEMON},
    {"From: bounce notif Team <x@example.net>\n\n", ORIGIN_DAEMON},
    {"From: daemon@example.net\n\n", ORIGIN_DAEMON},
    {"From: mail server at Team <x@example.net>\n\n", ORIGIN_DAEMON},
    {"From: mmdfx@example.net\n\n", ORIGIN_DAEMON},
    {"From: bounce-notificationx@example.net\n\n", ORIGIN_DAEMON},
    {"From: microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@example.net\n\n", ORIGIN_DAEMON},
    {"From: postmasterx@example.net\n\n", ORIGIN_POSTMASTER},
    {"From: mail delivery Team <x@example.net>\n\n", ORIGIN_POSTMASTER},
    {"From: mail deliver Team <x@example.net>\n\n", ORIGIN_POSTMASTER},
    {"From: message delivery Team <x@example.net>\n\n", ORIGIN_POSTMASTER},
    {"From: ndr  Team <x@example.net>\n\n", ORIGIN_POSTMASTER},
    {"From: mail router Team <x@example.net>\n\n", ORIGIN_POSTMASTER},
    {"From: interscanx@example.net\n\n", ORIGIN_POSTMASTER},
    {"From: administratorx@example.net\n\n", ORIGIN_POSTMASTER},
    {"From: mail-gatewayx@example.net\n\n", ORIGIN_POSTMASTER},
    {"From: mailadminx@example.net\n\n", ORIGIN_POSTMASTER},
    {"From: post_masterx@example.net\n\n", ORIGIN_POSTMASTER},
    {"From: email security Team <x@example.net>\n\n", ORIGIN_POSTMASTER},
    {PERSON "X-Failed-Recipients: bert@example.com\n\n", ORIGIN_FAILED},
    {PERSON "X-Failed-Recipient: bert@example.com\n\n", ORIGIN_FAILED},
    {PERSON "X-Mailer-Daemon-Recipients: bert@example.com\n\n", ORIGIN_FAILED},
    {PERSON "X-Bounced-Address: bert@example.com\n\n", ORIGIN_FAILED},
    {PERSON "X-Actual-Recipient: bert@example.com\n\n", ORIGIN_FAILED},
    {"From: postmaster@example.net\nSubject: Re: x\n\n", 0},
    {"From: postmaster@example.net\nSubject: Fw: x\n\n", 0},
    {"From: postmaster@example.net\nSubject: Fwd: x\n\n", 0},
    {"From: postmaster@example.net\nSubject: Aw: x\n\n", 0},
    {"From: postmaster@example.net\nSubject: Wg: x\n\n", 0},
    {"From: postmaster@example.net\nSubject: Tr: x\n\n", 0},
    {"From: postmaster@example.net\nSubject: Rv: x\n\n", 0},
    {"From: postmaster@example.net\nSubject: Sv: x\n\n", 0},
    {"From: postmaster@example.net\nSubject: Vs: x\n\n", 0},
    {"From: postmaster@example.net\nSubject: Antw: x\n\n", 0},
};

/* Each word that a subject is told by. */
static const char *const listings[] = {"Your quarantine of today", "Your digest of today", "Your summary of today",
                                       "Your spam report of today", "Your held message of today"};
static const char *const goods[] = {"Your parcel is late",    "Your package is late", "Your shipment is late",
                                    "Your order is late",     "Your paket is late",   "Your sendung is late",
                                    "Your colis is late",     "Your paquete is late", "Your pacco is late",
                                    "Your encomenda is late", "Your pakket is late"};

static struct origin *read_origin(const char *text, struct message **message)
{
    static const struct report_envelope unknown;
    static struct report_settings settings;

    report_settings_defaults(&settings);
    *message = message_new(&settings, &unknown, span_of(text));
    return origin_new(*message);
}

static void test_words(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        struct message *message;
        struct origin *origin = read_origin(words[i].message, &message);

        g_test_message("%s", words[i].message);
        g_assert_cmphex(origin_signs(origin), ==, words[i].signs);
        origin_free(origin);
        message_free(message);
    }
}

static void check_subjects(const char *const *subjects, size_t n, bool (*is)(const struct origin *))
{
    for (size_t i = 0; i < n; i++) {
        g_autofree char *text = g_strdup_printf(PERSON "Subject: %s\n\n", subjects[i]);
        struct message *message;
        struct origin *origin = read_origin(text, &message);

        g_test_message("%s", text);
        g_assert_true(is(origin));
        origin_free(origin);
        message_free(message);
    }
}

static void test_subjects(void)
{
    check_subjects(listings, G_N_ELEMENTS(listings), origin_is_listing);
    check_subjects(goods, G_N_ELEMENTS(goods), origin_is_of_goods);
}

#define LISTED "List-Id: <a.example.org>\n"
#define NEWS "news+x@bounces.example.org"

/* More is believed of mail that came back to one of our return paths, but for a holiday reply. */
static void test_came_back(void)
{
    static const struct {
        const char *mail_from, *to; /* NULL: not known */
        const char *message;
        unsigned signs;
    } envelopes[] = {
        {"", NEWS, PERSON "\n", ORIGIN_NULL_SENDER | ORIGIN_CAME_BACK},
        {"MAILER-DAEMON", NEWS, PERSON "\n", ORIGIN_NULL_SENDER | ORIGIN_CAME_BACK},
        {"", NEWS, PERSON LISTED "\n", ORIGIN_NULL_SENDER | ORIGIN_CAME_BACK},
        {"", NEWS, PERSON LISTED "Subject: Delivery failed\n\n",
         ORIGIN_NULL_SENDER | ORIGIN_SUBJECT | ORIGIN_CAME_BACK},
        {"", NEWS, "From: MAILER-DAEMON@example.net\n\n", ORIGIN_NULL_SENDER | ORIGIN_DAEMON | ORIGIN_CAME_BACK},
        {"", NEWS, PERSON "Auto-Submitted: auto-replied\n\n", 0},
        {"anna@example.net", NEWS, PERSON LISTED "Subject: Delivery failed\n\n", 0},
        {NULL, NEWS, FROM_NULL PERSON LISTED "\n", 0}, /* a field says what its author likes */
        {"", NULL, PERSON LISTED "Delivered-To: " NEWS "\n\n", 0},
        {"", "fbl@example.org", PERSON LISTED "\n", 0},
        {"", "anna@example.org", PERSON LISTED "\n", 0},
    };
    char domain[] = "bounces.example.org", address[] = "fbl@example.org";
    struct return_path bounces = {.domain = domain}, feedback = {.address = address};
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    struct report_settings settings;

    g_ptr_array_add(paths, &bounces);
    g_ptr_array_add(paths, &feedback);
    report_settings_defaults(&settings);
    settings.return_paths = paths;
    for (size_t i = 0; i < G_N_ELEMENTS(envelopes); i++) {
        const char *recipients[] = {envelopes[i].to, NULL};
        struct report_envelope envelope = {.mail_from = envelopes[i].mail_from, .recipients = recipients};
        struct message *message = message_new(&settings, &envelope, span_of(envelopes[i].message));
        struct origin *origin = origin_new(message);

        g_test_message("row %zu", i);
        g_assert_cmphex(origin_signs(origin), ==, envelopes[i].signs);
        origin_free(origin);
        message_free(message);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/origin/signs", test_signs);
    g_test_add_func("/parser/origin/system", test_system);
    g_test_add_func("/parser/origin/came-back", test_came_back);
    g_test_add_func("/parser/origin/submitted", test_submitted);
    g_test_add_func("/parser/origin/words", test_words);
    g_test_add_func("/parser/origin/subjects", test_subjects);
    return g_test_run();
}
