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
    {"user\xc2\xa0unknown", PHRASE_REASON},
    {"user\xe2\x80\x8bunknown", PHRASE_REASON},
    {"user\xe3\x80\x80unknown", PHRASE_REASON},
    {"\xef\xbb\xbfuser\xef\xbb\xbfunknown", PHRASE_REASON},
    /* each row of the table, by a phrase that no other row has */
    {"undeliverable", PHRASE_FAILURE},
    {"user unknown", PHRASE_REASON},
    {"has been delayed", PHRASE_DELAY},
    {"unzustellbar", PHRASE_FAILURE},
    {"benutzer unbekannt", PHRASE_REASON},
    {"verzögert", PHRASE_DELAY},
    {"non remis", PHRASE_FAILURE},
    {"utilisateur inconnu", PHRASE_REASON},
    {"retardé", PHRASE_DELAY},
    {"no se puede entregar", PHRASE_FAILURE},
    {"usuario desconocido", PHRASE_REASON},
    {"retrasado", PHRASE_DELAY},
    {"non recapitabile", PHRASE_FAILURE},
    {"utente sconosciuto", PHRASE_REASON},
    {"ritardato", PHRASE_DELAY},
    {"não é possível entregar", PHRASE_FAILURE},
    {"usuário desconhecido", PHRASE_REASON},
    {"atrasada", PHRASE_DELAY},
    {"onbestelbaar", PHRASE_FAILURE},
    {"onbekende gebruiker", PHRASE_REASON},
    {"vertraagd", PHRASE_DELAY},
    {"olevererbart", PHRASE_FAILURE},
    {"okänd användare", PHRASE_REASON},
    {"försenat", PHRASE_DELAY},
    {"kan ikke leveres", PHRASE_FAILURE},
    {"ukendt bruger", PHRASE_REASON},
    {"forsinket", PHRASE_DELAY},
    {"toimittaminen ei onnistu", PHRASE_FAILURE},
    {"tuntematon käyttäjä", PHRASE_REASON},
    {"viivästynyt", PHRASE_DELAY},
    {"niedostarczalne", PHRASE_FAILURE},
    {"nie ma takiego odbiorcy", PHRASE_REASON},
    {"opóźnione", PHRASE_DELAY},
    {"nedoručitelné", PHRASE_FAILURE},
    {"neznámý uživatel", PHRASE_REASON},
    {"zpožděno", PHRASE_DELAY},
    {"kézbesíthetetlen", PHRASE_FAILURE},
    {"ismeretlen felhasználó", PHRASE_REASON},
    {"késleltetve", PHRASE_DELAY},
    {"imposibil de livrat", PHRASE_FAILURE},
    {"utilizator necunoscut", PHRASE_REASON},
    {"întârziat", PHRASE_DELAY},
    {"недоставленное сообщение", PHRASE_FAILURE},
    {"пользователь не найден", PHRASE_REASON},
    {"доставка задерживается", PHRASE_DELAY},
    {"не вдалося доставити", PHRASE_FAILURE},
    {"користувача не знайдено", PHRASE_REASON},
    {"затримано", PHRASE_DELAY},
    {"αδυναμία παράδοσης", PHRASE_FAILURE},
    {"άγνωστος χρήστης", PHRASE_REASON},
    {"καθυστέρηση", PHRASE_DELAY},
    {"teslim edilemedi", PHRASE_FAILURE},
    {"kullanıcı bulunamadı", PHRASE_REASON},
    {"gecikti", PHRASE_DELAY},
    {"غير قابل للتسليم", PHRASE_FAILURE},
    {"المستخدم غير معروف", PHRASE_REASON},
    {"تأخر التسليم", PHRASE_DELAY},
    {"غیرقابل تحویل", PHRASE_FAILURE},
    {"کاربر ناشناخته", PHRASE_REASON},
    {"تأخیر در تحویل", PHRASE_DELAY},
    {"לא ניתן למסירה", PHRASE_FAILURE},
    {"משתמש לא ידוע", PHRASE_REASON},
    {"עיכוב במסירה", PHRASE_DELAY},
    {"वितरित नहीं किया जा सका", PHRASE_FAILURE},
    {"उपयोगकर्ता अज्ञात", PHRASE_REASON},
    {"विलंबित", PHRASE_DELAY},
    {"ไม่สามารถส่งได้", PHRASE_FAILURE},
    {"ไม่รู้จักผู้ใช้", PHRASE_REASON},
    {"ล่าช้า", PHRASE_DELAY},
    {"không gửi được", PHRASE_FAILURE},
    {"không tìm thấy người dùng", PHRASE_REASON},
    {"bị trì hoãn", PHRASE_DELAY},
    {"tidak terkirim", PHRASE_FAILURE},
    {"pengguna tidak dikenal", PHRASE_REASON},
    {"tertunda", PHRASE_DELAY},
    {"未送达", PHRASE_FAILURE},
    {"用户不存在", PHRASE_REASON},
    {"延迟", PHRASE_DELAY},
    {"無法傳遞", PHRASE_FAILURE},
    {"查無此人", PHRASE_REASON},
    {"延遲", PHRASE_DELAY},
    {"配信不能", PHRASE_FAILURE},
    {"不明なアドレス", PHRASE_REASON},
    {"配信遅延", PHRASE_DELAY},
    {"배달되지 않음", PHRASE_FAILURE},
    {"받는사람이 존재하지 않", PHRASE_REASON},
    {"지연", PHRASE_DELAY},
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
