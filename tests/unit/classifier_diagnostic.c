/* A diagnostic's normal form. */
#include "classifier/diagnostic.h"

#include <string.h>

static const struct {
    const char *raw;
    const char *normal;
} forms[] = {
    {NULL, ""},
    {"", ""},
    {"  User\t Unknown \r\n", "user unknown"},
    {"A\001\002B", "a b"},
    {"\302\240non\302\240breaking\343\200\200", "non breaking"},
    {"zero\342\200\213width and\357\273\277mark", "zero width and mark"},
    {"it\xe2\x80\x99s", "it's"},
    {"ÉCHEC Ящик", "échec ящик"},
    {"bad \xff"
     " byte",
     "bad ? byte"},
    {"cut \xe3\x81", "cut ??"},
    {"<Joe.User@Example.COM>: no", "<@example.com>: no"},
    {"a@b@example.com", "@@example.com"},
    {"rcpt=joe+tag@example.com", "@example.com"},
    {"@ @", "@ @"},
    {"見つかりません、joe@example.com は", "見つかりません、@example.com は"},
    {"адрес joe@example.com", "адрес @example.com"},
    {"jürgen@example.com", "@example.com"},
    {"550-5.1.1 No such 550 5.1.1 user", "550-5.1.1 no such user"},
    {"550-5.1.1 No such 550-5.1.1 user 550 5.1.1 here", "550-5.1.1 no such user here"},
    {"550-No such 550-user 550 here", "550-no such user here"},
    {"550-5.7.1 at most 550 recipients", "550-5.7.1 at most 550 recipients"},
    {"550-joe@example.com: no 550 such user", "550-@example.com: no such user"},
    {"said: 554-a 554-b", "said: 554-a b"},
    {"552-5.2.2 552 5.2.2", "552-5.2.2 "},
    {"550-", "550-"},
    {"room 550-551", "room 550-551"},
    {"host spam.example.com[192.0.2.25] said: no", "host [192.0.2.25] said: no"},
    {"a virus-gw.example.com [2001:db8::1]: no", "a [2001:db8::1]: no"},
    {"550-5.7.1 [192.0.2.25] is unknown", "550-5.7.1 [192.0.2.25] is unknown"},
    {"Refused. [192.0.2.25] is unknown [id]", "refused. [192.0.2.25] is unknown [id]"},
    {"localhost[127.0.0.1]", "localhost[127.0.0.1]"},
    {"a.b[1.c.d[2", "[[2"},
};

static void test_forms(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        size_t length = 0;
        g_autofree char *normal = diagnostic_normalise(forms[i].raw, &length);

        if (strcmp(normal, forms[i].normal) != 0 || length != strlen(normal))
            g_error("row %zu: \"%s\"", i, normal);
    }
}

/* The words of a normal form: each row of the tables of contractions and prefixes has its text. */
static const struct {
    const char *text;
    const char *words;
} words[] = {
    {"", ""},
    {"550 user_unknown", "550 user unknown"},
    {"no-such-user_here", "no such user here"},
    {"user-7 a_1 _b_ c- d", "user-7 a_1 _b_ c- d"},
    {"at mx_1.no-such-host.example.com", "at mx_1.no-such-host.example.com"},
    {"mailbox <@example.com> unavailable", "mailbox unavailable"},
    {"mailbox <> unavailable", "mailbox unavailable"},
    {"550 5.1.1 <@example.com> unknown", "550 5.1.1 address unknown"},
    {"550 <@example.com>: gone", "550 gone"},
    {"550 usuário @example.com não existe", "550 usuário não existe"},
    {"e-mail non-existent anti-spam", "e-mail non-existent anti-spam"},
    {"rcpt doesnt exist", "rcpt doesn't exist"},
    {"rcpt dosnt exist", "rcpt doesn't exist"},
    {"rcpt dosn't exist", "rcpt doesn't exist"},
    {"rcpt does'nt exist", "rcpt doesn't exist"},
    {"dont do'nt didnt", "don't don't didn't"},
    {"isnt arent wasnt werent", "isn't aren't wasn't weren't"},
    {"hasnt havent cant", "hasn't haven't can't"},
    {"couldnt could'nt wouldnt shouldnt", "couldn't couldn't wouldn't shouldn't"},
    {"does_not_exist_cant", "does not exist can't"},
};

static void test_words(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        size_t length = 0;
        g_autofree char *found = diagnostic_words(words[i].text, strlen(words[i].text), &length);

        if (strcmp(found, words[i].words) != 0 || length != strlen(found))
            g_error("row %zu: \"%s\"", i, found);
    }
}

/* Every letter may grow; nothing is written behind the end. */
static void test_length(void)
{
    g_autoptr(GString) raw = g_string_new(NULL);
    size_t length = 0;

    for (unsigned i = 0; i < DIAGNOSTIC_MAX_BYTES; i++)
        g_string_append(raw, "Ⱥ");
    g_autofree char *normal = diagnostic_normalise(raw->str, &length);
    g_assert_true(g_utf8_validate(normal, -1, NULL));
    g_assert_cmpuint(length, ==, strlen(normal));
    g_assert_cmpuint(length, >=, DIAGNOSTIC_MAX_BYTES);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/diagnostic/forms", test_forms);
    g_test_add_func("/diagnostic/words", test_words);
    g_test_add_func("/diagnostic/length", test_length);
    return g_test_run();
}
