/* Phrases are found in any letter case, across folded lines, at the start of a word, in the languages of the table. */
#include "parser/text/phrase.h"

#include <glib.h>

static const struct {
    const char *text;
    unsigned found;
} cases[] = {
    {"", 0},
    {"Hel", 0},
    {"Hello, how are you?", 0},
    {"Your message Could Not Be Delivered.", PHRASE_FAILURE},
    {"It could not\r\n   be delivered: user\n unknown", PHRASE_FAILURE | PHRASE_REASON},
    {"redelivery failed", 0}, /* within a word */
    {"(Delivery failed)", PHRASE_FAILURE},
    {"it is delayed", PHRASE_DELAY},
    {"bounced", PHRASE_FAILURE},
    {"bounce", 0},
    {"Die Nachricht konnte NICHT ÜBERMITTELT werden", PHRASE_FAILURE},
    {"boîte aux\nlettres pleine", PHRASE_REASON},
    {"ПОЛЬЗОВАТЕЛЬ НЕ НАЙДЕН", PHRASE_REASON},
    {"系统退信", PHRASE_FAILURE},
    {"お届け: 配信遅延", PHRASE_DELAY},
    {"user unknown \xff", 0}, /* not UTF-8 */
};

static void test_find(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        unsigned found = phrase_find(span_of(cases[i].text));
        if (found != cases[i].found) {
            g_test_message("'%s': got %#x, expected %#x", cases[i].text, found, cases[i].found);
            g_test_fail();
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/phrase/find", test_find);
    return g_test_run();
}
