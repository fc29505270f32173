#include "parser/text/foreign_sender.h"

#include <glib.h>
#include <string.h>

#include "parser/text/text.h"

enum {
    MAX_LOOKED_AT = 1000, /* octets of a text: it says first what is wrong */
    MAX_BETWEEN = 90,     /* between the sender and its fault */
    MAX_BEFORE = 30,      /* a fault that stands before the sender: "unbekannter Absender" */
};

const struct foreign_sender foreign_senders[] = {
    /* German */
    {"absender",
     "existiert nicht|unbekannt|ungultig|abgelehnt|abgewiesen|nicht gefunden|nicht erlaubt|nicht "
     "zulassig|gesperrt|nicht akzeptiert|verweigert|nicht verifiziert",
     "an den |an die |zum ", ""},
    /* French */
    {"expediteur", "n'existe pas|inconnu|invalide|refuse|rejete|introuvable|inexistant|non verifie|bloque|interdit",
     "a l'", ""},
    /* Spanish */
    {"remitente",
     "no existe|desconocid|no valid|invalid|rechazad|no encontrad|no permitid|inexistente|bloquead|no verificad", "al ",
     ""},
    /* Italian */
    {"mittente", "non esiste|sconosciut|non valid|rifiutat|inesistent|non trovat|non consentit|bloccat", "al ", ""},
    /* Portuguese */
    {"remetente", "nao existe|desconhecid|invalid|rejeitad|inexistent|nao encontrad|nao permitid|bloquead", "ao ", ""},
    /* Dutch */
    {"afzender", "bestaat niet|onbekend|ongeldig|geweigerd|niet gevonden|geblokkeerd", "aan de |naar de ", ""},
    /* Swedish */
    {"avsandar", "finns inte|okand|ogiltig|avvisad|nekad|existerar inte", "till ", ""},
    /* Danish, Norwegian */
    {"afsender|avsender", "findes ikke|finnes ikke|ukendt|ukjent|ugyldig|afvist|avvist", "til ", ""},
    /* Finnish */
    {"lahettaja", "ei ole olemassa|tuntematon|virheellinen|hylatty|ei loydy", "", ""},
    /* Polish */
    {"nadawc", "nie istnieje|nieznan|nieprawidłow|odrzucon|zablokowan", "do ", ""},
    /* Czech, Slovak */
    {"odesilatel|odosielatel", "neexistuje|neznam|neplatn|odmitnut|odmietnut", "", ""},
    /* Hungarian */
    {"felado", "nem letezik|ismeretlen|ervenytelen|elutasit", "", ""},
    /* Romanian */
    {"expeditor", "nu exista|necunoscut|invalid|respins", "catre ", ""},
    /* Russian */
    {"отправител", "не существует|неизвест|не найден|недействител|отклонен|отвергнут|заблокирован", "", "ю"},
    /* Ukrainian */
    {"відправник", "не існує|невідом|не знайден|відхилен", "", "у"},
    /* Greek */
    {"αποστολέα", "δεν υπάρχει|άγνωστ|μη έγκυρ|απορρίφθηκε", "στον ", ""},
    /* Turkish */
    {"gonderen|gonderici", "bulunamadı|mevcut degil|bilinmeyen|gecersiz|reddedildi", "", ""},
    /* Arabic */
    {"المرسل", "غير موجود|غير معروف|مرفوض|غير صالح", "", " إليه"},
    /* Persian */
    {"فرستنده", "وجود ندارد|ناشناخته|نامعتبر|رد شد", "به ", ""},
    /* Hebrew */
    {"השולח", "לא קיים|לא ידוע|נדחה|לא חוקי|אינו קיים|לא נמצא", "אל ", ""},
    /* Hindi */
    {"प्रेषक", "मौजूद नहीं|अज्ञात|अमान्य|अस्वीकार", "", ""},
    /* Thai */
    {"ผู้ส่ง", "ไม่พบ|ไม่มีอยู่|ไม่รู้จัก|ไม่ถูกต้อง|ถูกปฏิเสธ", "ถึง", ""},
    /* Vietnamese */
    {"nguoi gui", "khong ton tai|khong tim thay|khong hop le|bi tu choi", "cho ", ""},
    /* Indonesian */
    {"pengirim", "tidak ada|tidak dikenal|tidak valid|ditolak|tidak ditemukan", "kepada ", ""},
    /* Chinese */
    {"发件人|发信人|寄件人|发送者|發件人|寄件者", "不存在|无效|未知|拒绝|無效|拒絕|找不到", "给|給|退回|返回|通知", ""},
    /* Japanese */
    {"送信者|送信元|差出人|発信者", "存在しません|存在しない|不明|無効|拒否|見つかりません", "", "に|へ"},
    /* Korean */
    {"보낸 사람|보낸사람|발신자|송신자", "존재하지 않|없는|알 수 없|거부|유효하지", "", "에게"},
};

const size_t n_foreign_senders = G_N_ELEMENTS(foreign_senders);

static bool starts(struct span text, struct span word)
{
    return word.length > 0 && word.length <= text.length && memcmp(text.at, word.at, word.length) == 0;
}

static bool holds(struct span text, struct span word)
{
    return word.length > 0 && text.length > 0 && memmem(text.at, text.length, word.at, word.length) != NULL;
}

static bool ends(struct span text, struct span word)
{
    return word.length <= text.length && starts(span_skip(text, text.length - word.length), word);
}

static bool any(struct span text, struct span words, bool (*has)(struct span text, struct span word))
{
    struct span word;

    while (span_cut(&words, '|', &word)) {
        if (has(text, word))
            return true;
    }
    return false;
}

static struct span without_marks(struct span text)
{
    while (text.length > 0 && strchr(" :", text.at[0]) != NULL)
        text = span_skip(text, 1);
    return text;
}

static bool ends_clause(char c)
{
    return c != '\0' && strchr(".,;:!?(", c) != NULL;
}

/* Behind the word, and an address and a colon that follow it: "Absender <news@example.com>: unbekannt". */
static struct span clause_behind(struct span text)
{
    const char *end;

    text = without_marks(text);
    if (span_starts(text, "<") && (end = span_find_char(span_head(text, MAX_BETWEEN), '>')) != NULL)
        text = without_marks(span_skip(span_from(text, end), 1));
    text = span_head(text, MAX_BETWEEN);
    for (size_t i = 0; i < text.length; i++) {
        if (ends_clause(text.at[i]))
            return span_head(text, i);
    }
    return text;
}

static struct span clause_before(struct span text)
{
    text = span_skip(text, text.length - MIN(text.length, MAX_BEFORE));
    for (size_t i = text.length; i > 0; i--) {
        if (ends_clause(text.at[i - 1]))
            return span_skip(text, i);
    }
    return text;
}

/* `at` is where a word for the sender stands. */
static bool is_blamed(const struct foreign_sender *row, struct span text, const char *at, size_t length)
{
    struct span before = span_head(text, (size_t)(at - text.at));
    struct span behind = span_skip(span_from(text, at), length);

    if (any(before, span_of(row->before), ends) || any(behind, span_of(row->behind), starts))
        return false;
    return any(clause_behind(behind), span_of(row->faults), holds) ||
           any(clause_before(before), span_of(row->faults), holds);
}

/* The pairs of octets that stand in a text, and perhaps some more: a word that has another is not there, which is the
 * rule. */
struct pairs {
    guint64 bits[8];
};

static unsigned pair_at(const char *at)
{
    return ((guint8)at[0] * 33U + (guint8)at[1]) % 512;
}

static void pairs_of(struct pairs *pairs, struct span text)
{
    *pairs = (struct pairs){0};
    for (size_t i = 1; i < text.length; i++) {
        unsigned pair = pair_at(text.at + i - 1);
        pairs->bits[pair / 64] |= G_GUINT64_CONSTANT(1) << pair % 64;
    }
}

static const char *find_word(const struct pairs *pairs, struct span text, struct span word)
{
    for (size_t i = 1; i < word.length; i++) {
        unsigned pair = pair_at(word.at + i - 1);
        if ((pairs->bits[pair / 64] >> pair % 64 & 1) == 0)
            return NULL;
    }
    return text.length > 0 ? memmem(text.at, text.length, word.at, word.length) : NULL;
}

static bool blames(const struct foreign_sender *row, const struct pairs *pairs, struct span text)
{
    struct span words = span_of(row->senders), word;

    while (span_cut(&words, '|', &word)) {
        const char *at = find_word(pairs, text, word);
        if (at != NULL && is_blamed(row, text, at, word.length))
            return true;
    }
    return false;
}

bool foreign_sender_is_blamed(struct span text)
{
    g_autofree char *start = NULL, *folded = NULL;
    struct pairs pairs;
    const char *end;

    text = span_head(text, MAX_LOOKED_AT);
    if (text.length == 0)
        return false;
    g_utf8_validate_len(text.at, text.length, &end);
    start = g_strndup(text.at, (size_t)(end - text.at));
    folded = text_fold(start);
    pairs_of(&pairs, span_of(folded));
    for (size_t i = 0; i < n_foreign_senders; i++) {
        if (blames(&foreign_senders[i], &pairs, span_of(folded)))
            return true;
    }
    return false;
}
