/* The Received fields by which an MTA shows that it made a message itself, as Debian's Postfix 3.7, Exim 4.96 and
 * Sendmail 8.17 write them, and what they write for others. */
#include "parser/mail/trace.h"

#include <glib.h>
#include <string.h>

#define DATE "Sat, 28 Nov 2026 17:30:47 +0000"
#define POSTFIX "Received: by mta.example.net (Postfix)\n\tid 4D3C22A1; " DATE " (UTC)\n"
#define EXIM "Received: from Debian-exim by mta.example.net with local (Exim 4.96)\n\tid 1xXMG7-00018e-1t"
#define SENDMAIL "(8.17.1.9/8.17.1.9/Debian-2+deb12u2)"
#define BY_SENDMAIL "\n\tby mta.example.net " SENDMAIL " id 6ASHcqTo004816;\n\t" DATE "\n"

static const struct {
    const char *header;
    bool own;
} cases[] = {
    {POSTFIX, true},
    {"Received: by MTA.example.net (Postfix) id 4ZQkvJ1y6Xz9s; " DATE "\n", true},
    {"Return-Path: <>\nDelivered-To: news@example.com\n" POSTFIX "From: MAILER-DAEMON\n", true},
    {EXIM "\n\tfor news@plain.example.com;\n\t" DATE "\n", true},
    {EXIM ";\n\t" DATE "\n", true},
    {"Received: from exim by mta.example.net with local (Exim 4.98.2)\n\tid 1vPabc-0000000012x-AbCd\n\tfor "
     "a@example.com;"
     "\n\t" DATE "\n",
     true},
    {"Received: from mailnull by second.example.net with local (Exim 4.97) id 1vPabc-0000000012x-AbCd; " DATE "\n",
     true},
    {"Received: from localhost (localhost)" BY_SENDMAIL, true},
    {"Received: from localhost (localhost)\n\tby mta.example.net (8.14.4/8.14.4) id t1U0aB;\n\tSat, 28 Nov 2026 "
     "18:30:47 "
     "+0100 (CET)\n",
     true},

    /* no trace, or two */
    {"From: MAILER-DAEMON\n", false},
    {POSTFIX POSTFIX, false},
    {POSTFIX "From: a@example.org\nreceived : from evil.example\n", false},
    {POSTFIX "Received:\n", false},

    /* other hosts */
    {"Received: by mx.example.net (Postfix) id 4D3C22A1; " DATE "\n", false},
    {"Received: by mta.example.net.evil.example (Postfix) id 4D3C22A1; " DATE "\n", false},
    {"Received: by evil.example (mta.example.net) (Postfix) id 4D3C22A1; " DATE "\n", false},

    /* local users */
    {"Received: by mta.example.net (Postfix, from userid 0)\n\tid 4D3C22A1; " DATE "\n", false},
    {"Received: from www-data by mta.example.net with local (Exim 4.96)\n\tid 1xXMG7-00018e-1t;\n\t" DATE "\n", false},
    {"Received: from nobody (helo=localhost)\n\tby mta.example.net with local-esmtp (Exim 4.96)\n\tid "
     "1xXMG7-00018e-1t;\n\t" DATE "\n",
     false},
    {"Received: from Debian-exim by mta.example.net with local (Exim 4.96)\n\t(envelope-from <a@example.com>)\n\tid "
     "1xXMG7-00018e-1t;\n\t" DATE "\n",
     false},
    {"Received: (from root@localhost)" BY_SENDMAIL, false},
    {"Received: from localhost (root@localhost)" BY_SENDMAIL, false},

    /* clients */
    {"Received: from mta.example.net (localhost [127.0.0.1])\n\tby mta.example.net (Postfix) with ESMTP id "
     "4D3C22A1\n\tfor "
     "<news@example.com>; " DATE "\n",
     false},
    {"Received: from [127.0.0.1] (helo=mta.example.net)\n\tby mta.example.net with esmtp (Exim 4.96)\n\tid "
     "1xXMGV-0001RP-0F;\n\t" DATE "\n",
     false},
    {"Received: from Debian-exim by mta.example.net with esmtp (Exim 4.96)\n\tid 1xXMG7-00018e-1t;\n\t" DATE "\n",
     false},
    {"Received: from localhost (localhost [127.0.0.1])" BY_SENDMAIL, false},
    {"Received: from localhost (localhost [192.0.2.1] (may be forged))" BY_SENDMAIL, false},
    {"Received: from localhost ([192.0.2.1])" BY_SENDMAIL, false},
    {"Received: from by (localhost)" BY_SENDMAIL, false},

    /* a client's name that looks like the rest, behind which the MTA wrote its own */
    {"Received: from localhost (localhost) by mta.example.net (8.17.1) id x; " DATE
     " (evil.example [192.0.2.1])" BY_SENDMAIL,
     false},
    {"Received: from localhost (localhost) by mta.example.net (8.17.1) id x; (evil.example [192.0.2.1])" BY_SENDMAIL,
     false},
    {"Received: from Debian-exim by mta.example.net with local (Exim 4.96) id x for a@b; " DATE " ([192.0.2.1])\n\tby "
     "mta.example.net with esmtp (Exim 4.96) id y; " DATE "\n",
     false},
    {"Received: by mta.example.net (Postfix) id x; " DATE " from evil.example\n", false},
    {"Received: by mta.example.net (Postfix) id x; " DATE " (UTC) (evil)\n", false},
    {"Received: by mta.example.net (Postfix) id x; " DATE " ((UTC)\n", false},

    /* pieces that are missing or odd */
    {"Received: by mta.example.net (Postfix)\n", false},
    {"Received: by mta.example.net (Postfix) id 4D3C22A1\n", false},
    {"Received: by mta.example.net (Postfix) id 4D3C22A1;\n", false},
    {"Received: by mta.example.net (Postfix id 4D3C22A1; " DATE "\n", false},
    {"Received: by mta.example.net (Sendmail) id 4D3C22A1; " DATE "\n", false},
    {"Received: by mta.example.net id 4D3C22A1; " DATE "\n", false},
    {"Received: by HOST (Postfix) id ID ; DATE\n", false},
    {"Received: from USER by mta.example.net with local (Exim VERSION) id x; " DATE "\n", false},
    {"Received: from localhost (localhost) by mta.example.net (evil) id x; " DATE "\n", false},
};

static bool is_own(const char *header, size_t max)
{
    static const char *const hosts[] = {"mta.example.net", "second.example.net", NULL};
    struct span rest = span_of(header);
    struct fields fields;
    bool own;

    fields_init(&fields);
    fields_read(&fields, &rest, max);
    own = trace_is_own(&fields, hosts);
    fields_clear(&fields);
    return own;
}

static void test_own(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) crlf = g_string_new(cases[i].header);

        g_string_replace(crlf, "\n", "\r\n", 0);
        if (is_own(cases[i].header, 10000) != cases[i].own || is_own(crlf->str, 10000) != cases[i].own) {
            g_test_message("expected %d: %s", cases[i].own, cases[i].header);
            g_test_fail();
        }
    }
}

/* A second field could stand behind what was read. */
static void test_limits(void)
{
    g_autoptr(GString) header = g_string_new(POSTFIX);
    g_autofree char *blanks = g_strnfill(2000, ' ');

    g_assert_true(is_own(header->str, header->len));
    g_string_append(header, "Subject: a\nReceived: from evil.example by mta.example.net\n");
    g_assert_false(is_own(header->str, sizeof(POSTFIX) - 1));
    g_string_printf(header, "Received: by%smta.example.net (Postfix) id x; " DATE "\n", blanks);
    g_assert_false(is_own(header->str, header->len));
}

/* Words before the date make no field. */
static void test_cut(void)
{
    unsigned own = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *date = strstr(cases[i].header, "Sat");
        size_t whole = date == NULL ? 0 : (size_t)(date - cases[i].header);

        for (size_t length = 0; length < whole; length++) {
            g_autofree char *piece = g_strndup(cases[i].header, length);
            own += is_own(piece, 10000);
        }
    }
    g_assert_cmpuint(own, ==, 0);
}

static void check_top(const char *text, const char *value)
{
    struct span rest = span_of(text);
    struct fields fields;
    const struct field *field;

    fields_init(&fields);
    fields_read(&fields, &rest, 10000);
    field = trace_top(&fields, "Delivered-To");
    g_assert_true(value == NULL ? field == NULL : field != NULL && span_is(field->value, value));
    fields_clear(&fields);
}

/* The deliverer's fields, in any order; not what the sender wrote below. */
static void test_top(void)
{
    static const char *const above[] = {"return-path",   "X-Original-To", "Envelope-To",
                                        "Delivery-Date", "Received-SPF",  "Authentication-Results"};
    static const char *const others[] = {"Received", "X-Received", "From", "Subject", "X-Delivered-To"};

    check_top("Delivered-To: a\nDelivered-To: b\n", "a");
    check_top("", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(above); i++) {
        g_autofree char *header = g_strdup_printf("%s: x\nDelivered-To: a\n", above[i]);
        check_top(header, "a");
    }
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *header = g_strdup_printf("%s: x\nDelivered-To: a\n", others[i]);
        check_top(header, NULL);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trace/own", test_own);
    g_test_add_func("/trace/limits", test_limits);
    g_test_add_func("/trace/cut", test_cut);
    g_test_add_func("/trace/top", test_top);
    return g_test_run();
}
