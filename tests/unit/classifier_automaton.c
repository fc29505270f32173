/* The automaton finds what is there and nothing else. */
#include "classifier/language/automaton.h"

#include <string.h>

#define MAX_LITERALS 6

static const struct {
    const char *text;
    guint64 found; /* bit i: literals[i] is in it */
    const char *literals[MAX_LITERALS];
} cases[] = {
    {"", 0, {"a", "abc"}},
    {"abc", 0x3, {"a", "abc", "abcd"}},
    {"ushers", 0x7, {"she", "he", "hers", "his"}},
    {"aaaa", 0x7, {"a", "aa", "aaaa", "aaaaa"}},
    {"xabcabdx", 0x3, {"abd", "cab", "abcabe"}},
    {"the mailbox is full", 0x5, {"box is", "full.", "full"}},
    {"почтовый ящик", 0x2, {"ящики", "ящик"}},
    {"one one", 0x3, {"one", "one", "two"}},
    {"abcbcd", 0x6, {"abcd", "bcd", "bcb"}},
};

static void test_table(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Automaton) automaton = automaton_new();
        guint64 found = 0;

        for (unsigned id = 0; id < MAX_LITERALS && cases[i].literals[id]; id++)
            automaton_add(automaton, cases[i].literals[id], id);
        automaton_finish(automaton);
        automaton_scan(automaton, cases[i].text, strlen(cases[i].text), &found);
        if (found != cases[i].found)
            g_error("row %zu, \"%s\": found %" G_GINT64_MODIFIER "x", i, cases[i].text, found);
    }
}

/* Short words of two letters have every overlap there is; strstr() says what is right. */
static void test_against_strstr(void)
{
    for (unsigned round = 0; round < 2000; round++) {
        g_autoptr(Automaton) automaton = automaton_new();
        char literals[64][8];
        char text[64];
        guint64 found = 0;

        for (unsigned id = 0; id < 64; id++) {
            int length = g_test_rand_int_range(1, 7);
            for (int k = 0; k < length; k++)
                literals[id][k] = (char)('a' + g_test_rand_int_range(0, 2));
            literals[id][length] = '\0';
            automaton_add(automaton, literals[id], id);
        }
        automaton_finish(automaton);
        for (unsigned k = 0; k < sizeof(text); k++)
            text[k] = (char)('a' + g_test_rand_int_range(0, 2));
        text[g_test_rand_int_range(0, sizeof(text))] = '\0';
        text[sizeof(text) - 1] = '\0';
        automaton_scan(automaton, text, strlen(text), &found);
        for (unsigned id = 0; id < 64; id++) {
            if ((found >> id & 1) != (strstr(text, literals[id]) != NULL))
                g_error("\"%s\" in \"%s\": %u", literals[id], text, (unsigned)(found >> id & 1));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/automaton/table", test_table);
    g_test_add_func("/automaton/against-strstr", test_against_strstr);
    return g_test_run();
}
