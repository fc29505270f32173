/* Traces of an address in texts and messages: every form that mail gives it, and what is another address. */
#include "store/privacy/occurrence.h"

#include <string.h>

static const struct row {
    const char *address;
    const char *text;
    bool found;
} rows[] = {
    {"user@example.org", "user@example.org", true},
    {"user@example.org", "<USER@Example.ORG>: unknown", true},
    {"user@example.org", "to user@example.org.", true},
    {"user@example.org", "rfc822;user@example.org", true},
    {"user@example.org", "bounces+user=example.org@bounces.example.com", true},
    {"user@example.org", "bounce-user=example.org@bounces.example.com", true},
    {"user@example.org", "prvs=0123abcdef=user@example.org", true},
    {"user@example.org", "SRS0=hash=tt=example.org=user@forward.example", true},
    {"user@example.org", "https://example.com/stop?to=user%40example.org&x=1", true},
    {"user@example.org", "rfc822;user+40example.org", true},
    {"user@example.org", "user=40example.org", true},
    {"user@example.org", "<td>user&#x40;example.org</td>", true},
    {"user@example.org", "user&#64;example.org", true},
    {"us+er@example.org", "rfc822;us+2Ber+40example.org", true},
    {"us+er@example.org", "?to=us%2ber%40example.org", true},
    {"us+er@example.org", "us%2Ber@example.org", true},
    {"user@xn--bcher-kva.example",
     "user@b\xc3\xbc"
     "cher.example",
     true},
    {"user@xn--bcher-kva.example", "user@xn--bcher-kva.example", true},
    {"j\xc3\xbcrgen@example.org", "<j\xc3\xbcrgen@example.org>", true},
    {"\"john doe\"@example.org", "<\"john doe\"@example.org>", true},
    /* another address */
    {"user@example.org", "theuser@example.org", false},
    {"user@example.org", "the.user@example.org", false},
    {"user@example.org", "the-user@example.org", false},
    {"user@example.org", "the+user@example.org", false},
    {"user@example.org", "user@example.org.uk", false},
    {"user@example.org", "user@example.organic", false},
    {"user@example.org", "user@example.com, user", false},
    {"user@example.org", "user=example.org.uk@bounces.example.com", false},
    {"user@example.org", "", false},
    /* the first is another, and then it comes */
    {"user@example.org", "theuser@example.org, user@example.org", true},
};

static void test_texts(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Occurrence) occurrence = occurrence_new(rows[i].address);

        g_test_message("row %zu: %s", i, rows[i].text);
        g_assert_cmpint(occurrence_in_text(occurrence, rows[i].text, strlen(rows[i].text)), ==, rows[i].found);
    }
}

/* The octets that are told are no text, and none that is told is read further than it goes. */
static void test_octets(void)
{
    static const char text[] = "u\0s\0e\0r\0@\0e\0x\0a\0m\0p\0l\0e\0.\0o\0r\0g";
    g_autoptr(Occurrence) occurrence = occurrence_new("user@example.org");

    g_assert_true(occurrence_in_text(occurrence, text, sizeof text));
    g_assert_true(occurrence_in_text(occurrence, "user@example.organic", 16));
    g_assert_false(occurrence_in_text(occurrence, "user@example.org", 15));
}

#define BASE64 "Content-Transfer-Encoding: base64\n\n"
#define QUOTED "Content-Transfer-Encoding: quoted-printable\n\n"

/* `text` as base64 behind `before`, `line` characters a line, with `junk` in each. */
static char *encode(const char *before, const char *text, size_t line, const char *junk)
{
    g_autofree char *base64 = g_base64_encode((const guchar *)text, strlen(text));
    GString *out = g_string_new(before);

    for (size_t i = 0; base64[i] != '\0'; i++) {
        g_string_append_c(out, base64[i]);
        if (i % line == line - 1)
            g_string_append_printf(out, "%s\r\n", junk);
    }
    return g_string_free(out, FALSE);
}

static void test_messages(void)
{
    static const char mail[] = "The mailbox of User@Example.org is full, says the server.";
    g_autoptr(Occurrence) occurrence = occurrence_new("user@example.org"), other = occurrence_new("other@example.org");
    g_autofree char *nested = encode(BASE64, mail, 60, "");
    char *messages[] = {
        g_strdup(mail),
        encode(BASE64, mail, 76, ""),
        encode("Subject: x\n" BASE64 "a\n\n", mail, 7, "!"), /* whatever stands before and between */
        encode("x" BASE64, mail, 19, " "),
        encode("xy" BASE64, mail, 19, "\n"),
        encode("xyz" BASE64, mail, 19, ""),
        encode(BASE64, nested, 76, ""),
        g_strdup("Subject: =?utf-8?B?dXNlckBleGFtcGxlLm9yZw==?=\n\n"),
        g_strdup("Subject: =?utf-8?q?User=40example=2Eorg?=\n\n"),
        g_strdup("Subject: =?utf-8?q?of_user=40example=2Eorg_alone?=\n\n"),
        g_strdup("Subject: =?utf-8?q?of_us?=\r\n =?utf-8?q?er=40exa?= =?utf-8?q?mple=2Eorg_alone?=\n\n"),
        g_strdup("Subject: =?utf-8?B?b2YgdXNl?=\n =?utf-8?B?ckBleGFtcA==?=\n\t=?utf-8?Q?le.org_alone?=\n\n"),
        g_strdup("Subject: =?utf-8*en?q?a=5Fnote:_user?= =?utf-8*en?q?=40example.org?=\n\n"),
        g_strdup("Subject: (=?utf-8?q?_user?=\n =?utf-8?q?=40example.org?=)\n\nA text.\n"),
        g_strdup("Subject: =?utf-8?B?b2YgdXNl?=\n =?utf-8?B?ckBleGFtcGxlLm9yZyBhbG9uZQ==?=\n\n"),
        /* words that do not end, which nobody reads as such */
        g_strdup("Subject: =?utf-8?q?us=65r=40example.org\n\n"),
        g_strdup("Subject: =?utf-8?B?dXNlckBleGFtcGxlLm9yZw==\n\n"),
        g_strdup(QUOTED "the mailbox of us=\r\ner=40examp=  \r\nle.org is full"),
        g_strdup(QUOTED "the mailbox of =75=73er@example.org"),
        NULL,
    };

    for (size_t i = 0; messages[i] != NULL; i++) {
        g_test_message("message %zu: %s", i, messages[i]);
        g_assert_true(occurrence_in_message(occurrence, messages[i], strlen(messages[i])));
        g_assert_false(occurrence_in_message(other, messages[i], strlen(messages[i])));
        g_clear_pointer(&messages[i], g_free);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/occurrence/texts", test_texts);
    g_test_add_func("/store/occurrence/octets", test_octets);
    g_test_add_func("/store/occurrence/messages", test_messages);
    return g_test_run();
}
