#include "cmd/bounced/out/nondelivery.h"

#include <string.h>

#include "tests/unit/names.h"

static const char *const domains[] = {"example.com", "mail.example.com", NULL};

/* A failure that an author is told of. */
static struct event failure(const char *sender)
{
    return (struct event){
        .kind = REPORT_KIND_BOUNCE,
        .action = REPORT_ACTION_FAILED,
        .evidence = REPORT_EVIDENCE_AUTHENTICATED,
        .reason = REASON_USER_UNKNOWN,
        .recipient = "gone@dest.example",
        .sender = sender,
        .message_id = "<1@example.com>",
    };
}

static const struct {
    const char *sender;
    enum nondelivery_outcome outcome;
} senders[] = {
    {"anna@example.com", NONDELIVERY_GOES},
    {"anna+x@mail.example.com", NONDELIVERY_GOES},
    {"anna@sub.example.com", NONDELIVERY_OTHER_DOMAIN},
    {"victim@example.org", NONDELIVERY_OTHER_DOMAIN},
    {NULL, NONDELIVERY_NO_AUTHOR},
    {"anna", NONDELIVERY_NO_AUTHOR},
    {"@example.com", NONDELIVERY_NO_AUTHOR},
    {"\"a b\"@example.com", NONDELIVERY_NO_AUTHOR},
    {"anna\r\nBcc: x@example.com", NONDELIVERY_NO_AUTHOR},
    {"anna>,<x@example.com", NONDELIVERY_NO_AUTHOR},
    {"\xc3\xa4nne@example.com", NONDELIVERY_NO_AUTHOR},
    {"gone@dest.example", NONDELIVERY_OTHER_DOMAIN},
    /* an example of each row of programs */
    {"MAILER-DAEMON@example.com", NONDELIVERY_PROGRAM},
    {"postmaster@example.com", NONDELIVERY_PROGRAM},
    {"owner-list@example.com", NONDELIVERY_PROGRAM},
    {"list-request@example.com", NONDELIVERY_PROGRAM},
    {"list-owner@example.com", NONDELIVERY_PROGRAM},
    {"list-bounce@example.com", NONDELIVERY_PROGRAM},
    {"list-bounces@example.com", NONDELIVERY_PROGRAM},
    {"bounce@example.com", NONDELIVERY_PROGRAM},
    {"bounce-12@example.com", NONDELIVERY_PROGRAM},
    {"bounces@example.com", NONDELIVERY_PROGRAM},
    {"daemon@example.com", NONDELIVERY_PROGRAM},
    {"root@example.com", NONDELIVERY_PROGRAM},
    {"shop.noreply@example.com", NONDELIVERY_PROGRAM},
    {"no-reply@example.com", NONDELIVERY_PROGRAM},
    {"no_reply@example.com", NONDELIVERY_PROGRAM},
    {"donotreply@example.com", NONDELIVERY_PROGRAM},
    {"Do-Not-Reply@example.com", NONDELIVERY_PROGRAM},
    {"listserv@example.com", NONDELIVERY_PROGRAM},
    {"majordomo@example.com", NONDELIVERY_PROGRAM},
};

static void test_senders(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(senders); i++) {
        const struct event event = failure(senders[i].sender);
        g_test_message("%s", senders[i].sender);
        g_assert_cmpstr(nondelivery_outcome_names[nondelivery_decide(&event, domains)], ==,
                        nondelivery_outcome_names[senders[i].outcome]);
    }
}

static void check(const struct event *event, enum nondelivery_outcome outcome)
{
    g_assert_cmpstr(nondelivery_outcome_names[nondelivery_decide(event, domains)], ==,
                    nondelivery_outcome_names[outcome]);
}

/* One thing is other than in a failure that an author is told of. */
static void test_events(void)
{
    struct event event = failure("anna@example.com");

    event.evidence = REPORT_EVIDENCE_SIGNED;
    check(&event, NONDELIVERY_GOES);
    event.evidence = REPORT_EVIDENCE_UNPROVEN;
    check(&event, NONDELIVERY_UNPROVEN);
    event = failure("anna@example.com");
    event.kind = REPORT_KIND_DELAY;
    check(&event, NONDELIVERY_NO_FAILURE);
    event.kind = REPORT_KIND_FEEDBACK;
    check(&event, NONDELIVERY_NO_FAILURE);
    event.kind = REPORT_KIND_AUTO_REPLY;
    check(&event, NONDELIVERY_NO_FAILURE);
    event = failure("anna@example.com");
    event.recipient = NULL;
    check(&event, NONDELIVERY_NO_FAILURE);
    event = failure("anna@example.com");
    event.list_id = "news.example.com";
    check(&event, NONDELIVERY_BULK);
    event = failure("anna@example.com");
    event.feedback_id = "1:2:3:example";
    check(&event, NONDELIVERY_BULK);
    event = failure("anna@example.com");
    event.recipient = "Anna@example.com";
    check(&event, NONDELIVERY_OWN_RECIPIENT);
}

static const struct nondelivery notice = {"evt_1", "postmaster@example.com", "mx.example.com", 1795262400};

static void test_message(void)
{
    const struct event event = failure("anna@example.com");
    g_autofree char *text = nondelivery_write(&notice, &event);

    g_assert_cmpstr(text, ==,
                    "Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
                    "From: Mail delivery <postmaster@example.com>\r\n"
                    "To: <anna@example.com>\r\n"
                    "Message-ID: <evt_1@mx.example.com>\r\n"
                    "Subject: A message of yours was not delivered\r\n"
                    "Auto-Submitted: auto-replied\r\n"
                    "In-Reply-To: <1@example.com>\r\n"
                    "References: <1@example.com>\r\n"
                    "MIME-Version: 1.0\r\n"
                    "Content-Type: text/plain; charset=utf-8\r\n"
                    "Content-Transfer-Encoding: 8bit\r\n"
                    "\r\n"
                    "A message that you sent did not reach this address:\r\n"
                    "\r\n"
                    "    gone@dest.example\r\n"
                    "\r\n"
                    "There is no such mailbox: the receiving server knows nobody of that name.\r\n"
                    "\r\n"
                    "This is an automatic notice. You are told of an address once a day at most.\r\n");
}

/* A stranger wrote these. */
static void test_message_ids(void)
{
    static const char *const bad[] = {NULL,
                                      "",
                                      "1@example.com",
                                      "<1>",
                                      "<>",
                                      "<1@a\r\nBcc: x@example.com>",
                                      "<1@a> <2@b>",
                                      "<1 @a.example>",
                                      "<\xc3\xa4@example.com>"};

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        struct event event = failure("anna@example.com");
        event.message_id = bad[i];
        event.diagnostic = "550 call +1 555 0100 now";
        event.subject = "Invoice";
        g_autofree char *text = nondelivery_write(&notice, &event);
        g_test_message("%s", bad[i]);
        g_assert_null(strstr(text, "In-Reply-To"));
        g_assert_null(strstr(text, "Bcc"));
        g_assert_null(strstr(text, "555"));
        g_assert_null(strstr(text, "Invoice"));
    }
}

static void test_names(void)
{
    names_check(nondelivery_outcome_names,
                "goes no-failure unproven no-author other-domain bulk program own-recipient");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounced/nondelivery/senders", test_senders);
    g_test_add_func("/bounced/nondelivery/events", test_events);
    g_test_add_func("/bounced/nondelivery/message", test_message);
    g_test_add_func("/bounced/nondelivery/message-ids", test_message_ids);
    g_test_add_func("/bounced/nondelivery/names", test_names);
    return g_test_run();
}
