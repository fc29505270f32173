/* Hashes in place of addresses: which words of a text they take the place of, and that the same address has the same.
 */
#include "reports/pseudonym.h"

#include <stdbool.h>
#include <string.h>

#include "store/privacy.h"

static const guint8 key[NAME_KEY_SIZE] = "a key of the test";

/* In `shown`, # is the hash of `address`. */
static const struct row {
    const char *text;
    const char *address;
    const char *shown;
} rows[] = {
    {"user@example.org", "user@example.org", "#"},
    {"User@EXAMPLE.org", "user@example.org", "#"},
    {"<user@example.org>", "user@example.org", "<#>"},
    {"550 5.1.1 <user@example.org>: unknown", "user@example.org", "550 5.1.1 <#>: unknown"},
    {"to user@example.org.", "user@example.org", "to #."},
    {"to 'user@example.org'!", "user@example.org", "to '#'!"},
    {"rfc822;user@example.org", "user@example.org", "rfc822;#"},
    {"mailto:user@example.org", "user@example.org", "mailto:#"},
    {"o'neil@example.org", "o'neil@example.org", "#"},
    {"a@example.org,user@example.org", "user@example.org", "addr:................,#"},
    {"j\xc3\xbcrgen@example.org", "j\xc3\xbcrgen@example.org", "#"},
    {"user@b\xc3\xbc"
     "cher.example",
     "user@xn--bcher-kva.example", "#"},
    {"user@[192.0.2.1]", "user@[192.0.2.1]", "#"},
    {"user@[192.0.2.1] said", "user@[192.0.2.1]", "# said"},
    {"user@[IPv6:2001:db8::1]", "user@[IPv6:2001:db8::1]", "#"},
    {"\"john doe\"@example.org", "\"john doe\"@example.org", "#"},
    {"<\"john \\\" doe\"@example.org> said", "\"john \\\" doe\"@example.org", "<#> said"},
    {"he said \"no\" to \"user@example.org\"", "user@example.org", "he said \"no\" to \"#\""},
    {"bounces+user=example.org@bounces.example.com", "bounces+user=example.org@bounces.example.com", "#"},
    {"SRS0=x=y=example.org=user@example.com", "SRS0=x=y=example.org=user@example.com", "#"},
    {"<@hop.example:user@example.org>", "user@example.org", "<addr:................:#>"},
    {"user@", "user@", "#"},
    {"user%40example.org", "user%40example.org", "#"},
    {"https://example.com/stop?to=user%40example.org&x=1", NULL, "https:addr:................"},
    {"rfc822;user+40example.org", "user+40example.org", "rfc822;#"},
    {"user=40example.org", "user=40example.org", "#"},
    {"a@b@c", NULL, "addr:................"},
    /* no address */
    {"", NULL, ""},
    {"the mailbox is full", NULL, "the mailbox is full"},
    {"@", NULL, "@"},
    {"timeout=40", NULL, "timeout=40"},
    {"size +40 %40", NULL, "size +40 %40"},
    {"at [192.0.2.1] (a \"b\" \"", NULL, "at [192.0.2.1] (a \"b\" \""},
};

static bool matches(const char *text, const char *pattern)
{
    return g_regex_match_simple(pattern, text, G_REGEX_ANCHORED | G_REGEX_DOLLAR_ENDONLY, 0);
}

static void test_texts(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *hash = rows[i].address != NULL ? pseudonym_of(key, rows[i].address) : g_strdup("");
        g_auto(GStrv) parts = g_strsplit(rows[i].shown, "#", -1);
        g_autofree char *shown = g_strjoinv(hash, parts);
        g_autoptr(GString) out = g_string_new("> ");

        g_test_message("row %zu: %s", i, rows[i].text);
        pseudonym_append(out, key, rows[i].text);
        /* dots stand for hex digits */
        g_assert_cmpuint(strlen(shown) + 2, ==, out->len);
        for (const char *a = shown, *b = out->str + 2; *a != '\0'; a++, b++)
            g_assert_true(*a == *b || (*a == '.' && g_ascii_isxdigit(*b)));
    }
}

static void test_hashes(void)
{
    static const guint8 other[NAME_KEY_SIZE] = "another key of the test";
    g_autofree char *hash = pseudonym_of(key, "user@example.org"), *again = pseudonym_of(key, "uSER@eXAMPLE.ORG"),
                    *second = pseudonym_of(key, "user2@example.org"), *keyed = pseudonym_of(other, "user@example.org");

    g_assert_true(matches(hash, "addr:[0-9a-f]{16}$"));
    g_assert_cmpstr(hash, ==, again);
    g_assert_cmpstr(hash, !=, second);
    g_assert_cmpstr(hash, !=, keyed);
}

/* Before the key is known nothing is told. */
static void test_hidden(void)
{
    g_autoptr(GString) out = g_string_new(NULL);

    pseudonym_append(out, NULL, "to <user@example.org>, \"john doe\"@example.org and user%40example.org");
    g_assert_cmpstr(out->str, ==, "to <addr:hidden>, addr:hidden and addr:hidden");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/pseudonym/texts", test_texts);
    g_test_add_func("/reports/pseudonym/hashes", test_hashes);
    g_test_add_func("/reports/pseudonym/hidden", test_hidden);
    return g_test_run();
}
