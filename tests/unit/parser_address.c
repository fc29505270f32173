#include "parser/address.h"

#include <string.h>

/* `address` is NULL when the value is none. */
static const struct {
    const char *value;
    enum address_form form;
    const char *address;
} cases[] = {
    {"anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"  <Anna@Example.ORG>  ", ADDRESS_PLAIN, "Anna@example.org"},
    {"rfc822;anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"RFC822 ; <anna@example.org>", ADDRESS_PLAIN, "anna@example.org"},
    {"utf-8; änna@bücher.example", ADDRESS_PLAIN, "änna@xn--bcher-kva.example"},
    {"utf-8;\\x{E4}nna@example.org", ADDRESS_PLAIN, "änna@example.org"},
    {"utf-8;\\x{41}nna@example.org", ADDRESS_PLAIN, NULL},
    {"utf-8;\\x{E4nna@example.org", ADDRESS_PLAIN, NULL},
    {"\"Anna, B.\" <anna@example.org>", ADDRESS_PLAIN, "anna@example.org"},
    {"\"x@example.net\" <anna@example.org>", ADDRESS_PLAIN, "anna@example.org"},
    {"undisclosed recipient <redacted@example.net>", ADDRESS_PLAIN, "redacted@example.net"},
    {"Anna <anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"anna@example.org (Anna)", ADDRESS_PLAIN, "anna@example.org"},
    {"anna@example.org;", ADDRESS_PLAIN, "anna@example.org"},
    {"<anna@example.org>...", ADDRESS_PLAIN, "anna@example.org"},
    {"mailto:anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"smtp:anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"rfc822:anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"To:anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"(anna@example.org)", ADDRESS_PLAIN, "anna@example.org"},
    {"[anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"<@a.example,@b.example:anna@example.org>", ADDRESS_PLAIN, "anna@example.org"},
    {"\"anna\"@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"\"anna b\"@example.org", ADDRESS_PLAIN, "\"anna b\"@example.org"},
    {"<\"anna b\"@example.org>", ADDRESS_PLAIN, "\"anna b\"@example.org"},
    {"\"a\\\"b\"@example.org", ADDRESS_PLAIN, "\"a\\\"b\"@example.org"},
    {"\"a\tb\"@example.org", ADDRESS_PLAIN, NULL},
    {"\"a\\\tb\"@example.org", ADDRESS_PLAIN, NULL},
    {"\"anna@example.org\"", ADDRESS_PLAIN, "anna@example.org"},
    {"'anna@example.org'", ADDRESS_PLAIN, "anna@example.org"},
    {"anna.@example.org", ADDRESS_PLAIN, "anna.@example.org"},
    {"anna@example.org.", ADDRESS_PLAIN, "anna@example.org"},
    {"anna@[192.0.2.1]", ADDRESS_PLAIN, "anna@[192.0.2.1]"},
    {"anna@[IPv6:2001:db8::1]", ADDRESS_PLAIN, "anna@[ipv6:2001:db8::1]"},
    {"anna%example.net@example.org", ADDRESS_PLAIN, "anna%example.net@example.org"},
    {"rfc822;anna+2Bnews@example.org", ADDRESS_XTEXT, "anna+news@example.org"},
    {"rfc822;anna+3Dx@example.org", ADDRESS_XTEXT, "anna=x@example.org"},
    {"rfc822;anna+2Bnews@example.org", ADDRESS_PLAIN, "anna+2Bnews@example.org"},
    {"rfc822;anna+41@example.org", ADDRESS_XTEXT, "anna+41@example.org"},
    {"anna lind@example.org", ADDRESS_PLAIN, NULL},
    {"<anna lind@example.org>", ADDRESS_PLAIN, NULL},
    {"rfc822; anna lind@example.org", ADDRESS_XTEXT, NULL},
    {"(Anna Lind) anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"(Anna) anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"mailto: anna@example.org", ADDRESS_PLAIN, "anna@example.org"},
    {"rfc822; Anna@#Example.org", ADDRESS_TRIED, "Anna@#example.org"},
    {"anna@#example.org", ADDRESS_LISTED, "anna@#example.org"},
    {"anna@#example.org", ADDRESS_ALONE, NULL},
    {"anna@#example.org", ADDRESS_PLAIN, NULL},
    {"anna@#example.org ben", ADDRESS_LISTED, NULL},
    {"anna@exa\"mple.org", ADDRESS_TRIED, NULL},
    {"anna@exa\xc2\xa0mple.org", ADDRESS_TRIED, NULL},
    {"anna@", ADDRESS_TRIED, NULL},
    {" anna@Example.org ", ADDRESS_ALONE, "anna@example.org"},
    {"<anna@example.org>", ADDRESS_ALONE, "anna@example.org"},
    {"\"anna b\"@example.org", ADDRESS_ALONE, "\"anna b\"@example.org"},
    {"'anna@example.org", ADDRESS_ALONE, "'anna@example.org"},
    {"''anna@example.org", ADDRESS_LISTED, "''anna@example.org"},
    {"anna@example.org.", ADDRESS_LISTED, "anna@example.org"},
    {"anna@example.org..", ADDRESS_ALONE, NULL},
    {"anna@bücher.example\u3002", ADDRESS_ALONE, "anna@xn--bcher-kva.example"},
    {"mailto:anna@example.org", ADDRESS_ALONE, NULL},
    {"anna@example.org ben@example.org", ADDRESS_ALONE, NULL},
    {"anna@example.org; ben@example.org", ADDRESS_ALONE, NULL},
    {"anna@example.org,ben@example.org", ADDRESS_ALONE, NULL},
    {"Anna <anna@example.org>", ADDRESS_ALONE, NULL},
    {"anna lind@example.org", ADDRESS_ALONE, NULL},
    {"", ADDRESS_PLAIN, NULL},
    {"<>", ADDRESS_PLAIN, NULL},
    {"anna", ADDRESS_PLAIN, NULL},
    {"@example.org", ADDRESS_PLAIN, NULL},
    {"anna@", ADDRESS_PLAIN, NULL},
    {"anna@exa mple", ADDRESS_PLAIN, "anna@exa"},
    {"anna@exam_ple.org", ADDRESS_PLAIN, "anna@exam_ple.org"},
    {"anna@example..org", ADDRESS_PLAIN, NULL},
    {"anna@-example.org", ADDRESS_PLAIN, NULL},
    {"an<na@example.org", ADDRESS_PLAIN, "na@example.org"},
    {"an;na@example.org", ADDRESS_PLAIN, "na@example.org"},
    {"rfc822;/var/mail/anna", ADDRESS_PLAIN, NULL},
    {"X-Unix; |/usr/bin/program", ADDRESS_PLAIN, NULL},
    {"anna@example.org\xff", ADDRESS_PLAIN, NULL},
    {"an\x01na@example.org", ADDRESS_PLAIN, NULL},
    {"an\x7fna@example.org", ADDRESS_PLAIN, NULL},
    {"\"an\x1b[2Jna\"@example.org", ADDRESS_PLAIN, NULL},
    {"an\xc2\x85na@example.org", ADDRESS_PLAIN, NULL}, /* a C1 control: next line */
    {"an\xc2\x9b"
     "2Jna@example.org",
     ADDRESS_PLAIN, NULL},                               /* a C1 control: CSI, which begins a terminal's commands */
    {"an\u00a0na@example.org", ADDRESS_PLAIN, NULL},     /* a blank that does not break */
    {"an\u00adna@example.org", ADDRESS_PLAIN, NULL},     /* a soft hyphen */
    {"an\u061cna@example.org", ADDRESS_PLAIN, NULL},     /* the Arabic letter mark */
    {"an\u200bna@example.org", ADDRESS_PLAIN, NULL},     /* a blank without width */
    {"an\u200fna@example.org", ADDRESS_PLAIN, NULL},     /* a right-to-left mark */
    {"an\u2028na@example.org", ADDRESS_PLAIN, NULL},     /* a line separator */
    {"an\u2029na@example.org", ADDRESS_PLAIN, NULL},     /* a paragraph separator */
    {"an\u202ena@example.org", ADDRESS_PLAIN, NULL},     /* right-to-left override */
    {"an\u2066na@example.org", ADDRESS_PLAIN, NULL},     /* an isolate */
    {"an\u3000na@example.org", ADDRESS_PLAIN, NULL},     /* an ideographic blank */
    {"an\ufeffna@example.org", ADDRESS_PLAIN, NULL},     /* a byte order mark */
    {"an\U000e0041na@example.org", ADDRESS_PLAIN, NULL}, /* a tag */
    {"anna@exa\u00admple.org", ADDRESS_PLAIN, NULL},     /* IDNA would take it away */
    {"anna@exa\u3000mple.org", ADDRESS_PLAIN, NULL},
    {"utf-8;an\\x{202E}na@example.org", ADDRESS_PLAIN, NULL},
    {"\u200banna@example.org", ADDRESS_ALONE, NULL},
    {"anna@example.org\u00a0", ADDRESS_ALONE, NULL},
    {"änna.ß.ø@example.org", ADDRESS_ALONE, "änna.ß.ø@example.org"},
    {"चाचा@example.org", ADDRESS_ALONE, "चाचा@example.org"},
};

static void test_read(void)
{
    g_autoptr(GString) address = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool read = address_read(span_of(cases[i].value), cases[i].form, address);

        if (read != (cases[i].address != NULL) || (read && strcmp(address->str, cases[i].address) != 0)) {
            g_test_message("%s: got %s, expected %s", cases[i].value, read ? address->str : "none",
                           cases[i].address == NULL ? "none" : cases[i].address);
            g_test_fail();
        }
    }
}

/* An address that is read by a shorter way is read as in brackets, which goes the long one: with each octet in each
 * place that may make a difference, and at the limits of labels and names. */
static void test_shorter_way(void)
{
    /* "?" is the octet */
    static const char *const patterns[] = {"?@example.org",
                                           "a?@example.org",
                                           "a?b@example.org",
                                           "a@?example.org",
                                           "a@ex?ample.org",
                                           "a@example?.org",
                                           "a@example.?org",
                                           "a@example.o?",
                                           "?a@example.org",
                                           "a@example.org?",
                                           "a@?",
                                           "a@b?"};
    g_autoptr(GString) one = g_string_new(NULL), other = g_string_new(NULL);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    for (size_t i = 0; i < G_N_ELEMENTS(patterns); i++) {
        for (unsigned c = 1; c < 256; c++) {
            char *text = g_strdup(patterns[i]);
            *strchr(text, '?') = (char)c;
            g_ptr_array_add(texts, text);
        }
    }
    for (unsigned length = 50; length < 600; length++) {
        g_autofree char *label = g_strnfill(length, 'a');
        g_autofree char *dots = g_strnfill(length, 'a');
        for (unsigned i = 1; i < length; i += 2)
            dots[i] = '.';
        g_ptr_array_add(texts, g_strdup_printf("a@%s.org", label));
        g_ptr_array_add(texts, g_strdup_printf("a@%s", label));
        g_ptr_array_add(texts, g_strdup_printf("%s@example.org", label));
        g_ptr_array_add(texts, g_strdup_printf("a@%sb", dots));
    }
    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *brackets = g_strdup_printf("<%s>", (const char *)texts->pdata[i]);
        bool read = address_read(span_of(texts->pdata[i]), ADDRESS_LISTED, one);
        g_test_message("%s", (const char *)texts->pdata[i]);
        /* Brackets within brackets, and a blank beside them, mean something. */
        if (strpbrk(texts->pdata[i], "<> \t\r\n\v\f") == NULL) {
            g_assert_true(address_read(span_of(brackets), ADDRESS_LISTED, other) == read);
            g_assert_true(!read || strcmp(one->str, other->str) == 0);
        }
    }
}

static void test_long(void)
{
    g_autofree char *local = g_strnfill(500, 'a');
    g_autofree char *fits = g_strconcat(local, "@example.org", NULL);
    g_autofree char *longer = g_strconcat(local, "aaaaaaaaaaaaa@example.org", NULL);
    g_autoptr(GString) address = g_string_new(NULL);

    g_assert_true(address_read(span_of(fits), ADDRESS_PLAIN, address));
    g_assert_false(address_read(span_of(longer), ADDRESS_PLAIN, address));
    g_assert_false(address_read((struct span){"a\0b@example.org", 15}, ADDRESS_PLAIN, address));
}

static const struct {
    const char *list;
    const char *addresses; /* joined by blanks */
} lists[] = {
    {"", ""},
    {"anna@example.org", "anna@example.org"},
    {"anna@example.org, \"B, en\" <ben@example.org>,\n cem@example.org (c, d)",
     "anna@example.org ben@example.org cem@example.org"},
    {"friends: anna@example.org, ben@example.org;", "anna@example.org ben@example.org"},
    {"undisclosed-recipients:;", ""},
    {"Undisclosed, <anna@example.org>", "anna@example.org"},
    {"(((a@b, c@d", ""},
};

static void test_lists(void)
{
    g_autoptr(GString) address = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(GString) got = g_string_new(NULL);
        struct span list = span_of(lists[i].list);

        while (address_next(&list, address))
            g_string_append_printf(got, "%s%s", got->len > 0 ? " " : "", address->str);
        if (strcmp(got->str, lists[i].addresses) != 0) {
            g_test_message("%s: got '%s', expected '%s'", lists[i].list, got->str, lists[i].addresses);
            g_test_fail();
        }
    }
}

static const struct {
    const char *address;
    bool redacted;
    bool hashed;
} redactions[] = {
    {"redacted@example.net", true, false},
    {"Redacted-7@example.net", true, false},
    {"undisclosed@example.net", true, false},
    {"hashed@example.net", true, false},
    {"unknown@example.net", true, false},
    {"anonymous@example.net", true, false},
    {"anna@hidden.invalid", true, false},
    {"anna@invalid", true, false},
    {"xxxx@example.net", false, true},
    {"0123456789abcdef0123456789ABCDEF@example.net", false, true},
    {"elm2GTCq5rpQNW2v7v5z8a1FZFk=@example.net", false, true},
    {"anna@example.net", false, false},
    {"xx@example.net", false, false},
    {"unknown.person@example.net", false, false},
    {"redactedly@example.net", false, false},
    {"0123456789abcdef@example.net", false, false},
    {"news+anna=example.org@example.net", false, false},
    {"anna@invalid.example.net", false, false},
};

static void test_redactions(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(redactions); i++) {
        g_test_message("%s", redactions[i].address);
        g_assert_cmpint(address_redacted(redactions[i].address), ==, redactions[i].redacted);
        g_assert_cmpint(address_hashed(redactions[i].address), ==, redactions[i].hashed);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/address/read", test_read);
    g_test_add_func("/parser/address/shorter-way", test_shorter_way);
    g_test_add_func("/parser/address/long", test_long);
    g_test_add_func("/parser/address/lists", test_lists);
    g_test_add_func("/parser/address/redactions", test_redactions);
    return g_test_run();
}
