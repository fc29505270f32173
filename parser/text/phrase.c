#include "parser/text/phrase.h"

#include <glib.h>
#include <string.h>

enum { MAX_PHRASES = 700, BUCKETS = 4096 };

/* The length that a phrase is found by, in octets: none is shorter. */
#define HEAD sizeof(guint32)

/* By language: what MTAs and mailbox providers print to their users. Lower case, separated by "|". */
static const struct {
    enum phrase_class class;
    const char *phrases;
} table[] = {
    /* English */
    {PHRASE_FAILURE,
     "undeliverable|undelivered|could not be delivered|couldn't be delivered|can't be delivered|cannot be "
     "delivered|can not be delivered|wasn't delivered|not been delivered|not delivered|did not reach|unable to "
     "deliver|failed to deliver|delivery failed|delivery failure|delivery has failed|delivery to the following|failed "
     "recipient|failed address|could not deliver|couldn't deliver|cannot deliver|delivery error|delivery "
     "problem|delivery unsuccessful|non-delivery|nondelivery|not deliverable|returned mail|returned to sender|mail "
     "system error|failure notice|message rejected|mail rejected|was rejected|has been rejected|been blocked|delivery "
     "impossible|permanent error|permanent failure|fatal error|returned unsent|couldn't be sent|mail failure|error "
     "sending|bounced|following address|following recipient|rejected your message|automatically rejected|failure "
     "delivery|failed delivery|(failure)|has been frozen|mail failed|message failed|blocked by our|sent blocked|not be "
     "sent|not sent|delivery status: failed|been returned|failed mail"},
    {PHRASE_REASON,
     "user unknown|unknown user|no such user|unknown recipient|unknown address|unknown mailbox|no such recipient|no "
     "such mailbox|no such address|no mailbox|mailbox not found|user not found|recipient not found|address not "
     "found|address unknown|invalid recipient|invalid address|invalid mailbox|invalid user|recipient unknown|mailbox "
     "unavailable|mailbox full|full mailbox|mailbox is full|over quota|quota exceeded|exceeded storage|doesn't "
     "exist|not exist|host unknown|unknown host|host not found|domain not found|no such "
     "domain|unrouteable|unroutable|account disabled|is disabled|mailbox disabled|address rejected|recipient "
     "rejected|not listed in|relaying denied|too large|too big|timed out|connection refused|retry timeout exceeded|is "
     "not accepting|not known at|not known here|is not known|is unknown|no longer has|no longer active|no longer "
     "available|no longer valid|no longer accept|no longer in use|not a valid|smtp error|remote host said|returned an "
     "error|exceeds allowed size|access denied|no matches to nameserver|receiver not found"},
    {PHRASE_DELAY, "has been delayed|is delayed|was delayed|message delayed|mail delayed|delayed mail|delivery "
                   "delayed|(delay)|warning message only|warning only|not yet been delivered|not been delivered "
                   "yet|will be retried|will keep trying|still being retried|temporarily undeliverable|transient "
                   "non-fatal|temporary non-fatal|only a temporary failure|delivery attempts will continue|could not "
                   "send message for past|non-fatal delivery|delayed delivery|delivery status notification "
                   "(delayed)|still trying|delayed:|been postponed|continue to try|not yet been fully "
                   "delivered|attempts are still pending"},
    /* German */
    {PHRASE_FAILURE, "unzustellbar|nicht zugestellt werden|konnte nicht zugestellt|nicht zustellbar|fehler bei der "
                     "nachrichtenzustellung|zustellung fehlgeschlagen|nicht übermittelt|nachricht nicht "
                     "zugestellt|mail nicht zugestellt|nicht erreicht|nachricht wurde "
                     "nicht zugestellt"},
    {PHRASE_REASON, "benutzer unbekannt|unbekannter benutzer|empfänger unbekannt|adresse nicht gefunden|postfach "
                    "voll|postfach ist voll|ist zu groß|domäne nicht gefunden|nicht mehr gültig|existiert nicht"},
    {PHRASE_DELAY, "verzögert|noch nicht zugestellt"},
    /* French */
    {PHRASE_FAILURE, "non remis|n'a pas pu être remis|n’a pas pu être remis|n'a pas été remis|échec de la remise|échec "
                     "de remise|n'a pu être délivré|n'a pas pu être délivré|non délivré|non distribué|n'est pas "
                     "parvenu|n'a pas été distribué"},
    {PHRASE_REASON,
     "utilisateur inconnu|est inconnue|adresse introuvable|destinataire invalide|destinataire inconnu|boîte "
     "pleine|boîte aux "
     "lettres pleine|du destinataire pleine|trop volumineux|domaine introuvable|n'existe pas|n'existe plus|n’existe "
     "pas|est pleine"},
    {PHRASE_DELAY, "retardé|différée|pas encore été remis"},
    /* Spanish */
    {PHRASE_FAILURE, "no se puede entregar|no se pudo entregar|no se ha podido entregar|no ha podido ser entregado|no "
                     "pudo ser entregado|error en la entrega|error al entregar|no entregado"},
    {PHRASE_REASON, "usuario desconocido|no se ha encontrado la dirección|no se encontró la dirección|buzón "
                    "lleno|cuota excedida|demasiado grande|dominio no encontrado|no existe|está lleno|está llena"},
    {PHRASE_DELAY, "retrasado|retraso en la entrega"},
    /* Italian */
    {PHRASE_FAILURE,
     "non recapitabile|mancata consegna|impossibile recapitare|recapito non riuscito|mancato recapito|non è stato "
     "possibile recapitare|non consegnato|non è stato recapitato|non è stato consegnato|impossibile consegnare"},
    {PHRASE_REASON,
     "utente sconosciuto|indirizzo non trovato|non esiste|casella piena|è piena|cassetta postale piena|troppo "
     "grande|dominio non trovato"},
    {PHRASE_DELAY, "ritardato|in ritardo"},
    /* Portuguese */
    {PHRASE_FAILURE, "não é possível entregar|não pôde ser entregue|não pode ser entregue|falha na entrega|não foi "
                     "possível entregar|não entregue|não foi entregue"},
    {PHRASE_REASON,
     "usuário desconhecido|utilizador desconhecido|endereço não encontrado|caixa de correio cheia|está cheia|caixa "
     "postal cheia|muito grande|domínio não encontrado|não existe"},
    {PHRASE_DELAY, "atrasada"},
    /* Dutch */
    {PHRASE_FAILURE,
     "onbestelbaar|kon niet worden bezorgd|niet worden afgeleverd|bezorgen van uw bericht is mislukt|niet bezorgd"},
    {PHRASE_REASON, "onbekende gebruiker|adres niet gevonden|postvak vol|postvak is vol|mailbox vol|mailbox is "
                    "vol|bericht is te groot|domein niet gevonden|bestaat niet|geadresseerde is vol|ontvanger is vol"},
    {PHRASE_DELAY, "vertraagd"},
    /* Swedish */
    {PHRASE_FAILURE, "olevererbart|kan inte levereras|kunde inte levereras|leveransen misslyckades|gick inte att "
                     "leverera|levererades inte"},
    {PHRASE_REASON, "okänd användare|adressen hittades inte|postlådan är full|postlåda är full|finns inte|existerar "
                    "inte|meddelandet är för stort|domänen hittades inte"},
    {PHRASE_DELAY, "försenat"},
    /* Danish, Norwegian */
    {PHRASE_FAILURE,
     "kan ikke leveres|kunne ikke leveres|levering mislykkedes|levering mislyktes|ikke leveret|ikke levert"},
    {PHRASE_REASON, "ukendt bruger|ukendt modtager|adressen blev ikke fundet|postkassen er fuld|postkasse er "
                    "fuld|findes ikke|meddelelsen er for stor|domænet blev "
                    "ikke fundet|ukjent bruker|fant ikke adressen|postboksen er full|postboks er full|finnes "
                    "ikke|meldingen er for stor|fant ikke domenet"},
    {PHRASE_DELAY, "forsinket"},
    /* Finnish */
    {PHRASE_FAILURE,
     "toimittaminen ei onnistu|ei toimitettavissa|ei voitu toimittaa|toimitus epäonnistui|ei toimitettu"},
    {PHRASE_REASON,
     "tuntematon käyttäjä|osoitetta ei löydy|on täynnä|ei ole olemassa|viesti on liian suuri|verkkotunnusta ei löydy"},
    {PHRASE_DELAY, "viivästynyt|viivästyy"},
    /* Polish */
    {PHRASE_FAILURE, "niedostarczalne|nie można dostarczyć|nie można było dostarczyć|nie została "
                     "dostarczona|niedostarczona|nie udało się dostarczyć|nie mogła zostać dostarczona"},
    {PHRASE_REASON, "nie ma takiego odbiorcy|nie ma takiej skrzynki|jest pełna|jest przepełniona|nie istnieje|skrzynka "
                    "przepełniona|wiadomość jest zbyt duża|nie znaleziono domeny"},
    {PHRASE_DELAY, "opóźnione"},
    /* Czech */
    {PHRASE_FAILURE, "nedoručitelné|nedoručitelný|nebyla doručena|nepodařilo se doručit|nelze doručit|nedoručen|nemohl "
                     "být doručen|nemohla být doručena"},
    {PHRASE_REASON, "neznámý uživatel|adresa nenalezena|je plná|neexistuje|schránka přeplněná|zpráva je příliš velká"},
    {PHRASE_DELAY, "zpožděno"},
    /* Hungarian */
    {PHRASE_FAILURE, "kézbesíthetetlen|nem sikerült kézbesíteni|kézbesítése sikertelen"},
    {PHRASE_REASON,
     "ismeretlen felhasználó|a cím nem található|megtelt|nem létezik|az üzenet túl nagy|a tartomány nem található"},
    {PHRASE_DELAY, "késleltetve|késik"},
    /* Romanian */
    {PHRASE_FAILURE, "imposibil de livrat|nelivrabil|nu a putut fi livrat"},
    {PHRASE_REASON, "utilizator necunoscut|adresa nu a fost găsită|cutia poștală este plină|mesajul este prea "
                    "mare|domeniul nu a fost găsit"},
    {PHRASE_DELAY, "întârziat"},
    /* Russian */
    {PHRASE_FAILURE, "недоставленное сообщение|не удается доставить|не может быть отправлено|не удалось доставить|не "
                     "может быть доставлено|не доставлено|недоставлено|не было доставлено|невозможно доставить"},
    {PHRASE_REASON, "пользователь не найден|нет такого пользователя|адрес не найден|переполнен|сообщение слишком "
                    "велико|домен не найден|не существует"},
    {PHRASE_DELAY, "доставка задерживается|задержка"},
    /* Ukrainian */
    {PHRASE_FAILURE, "не вдалося доставити|неможливо доставити"},
    {PHRASE_REASON,
     "користувача не знайдено|адресу не знайдено|переповнен|не існує|повідомлення завелике|домен не знайдено"},
    {PHRASE_DELAY, "затримано"},
    /* Greek */
    {PHRASE_FAILURE, "αδυναμία παράδοσης|δεν παραδόθηκε|δεν ήταν δυνατή η παράδοση"},
    {PHRASE_REASON, "άγνωστος χρήστης|η διεύθυνση δεν βρέθηκε|είναι πλήρ|δεν υπάρχει|το μήνυμα είναι πολύ μεγάλο|ο "
                    "τομέας δεν βρέθηκε"},
    {PHRASE_DELAY, "καθυστέρηση"},
    /* Turkish */
    {PHRASE_FAILURE, "teslim edilemedi|teslim edilemez"},
    {PHRASE_REASON, "kullanıcı bulunamadı|bilinmeyen kullanıcı|adres bulunamadı|kutusu dolu|mevcut değil|ileti çok "
                    "büyük|etki alanı bulunamadı"},
    {PHRASE_DELAY, "gecikti|gecikmeli"},
    /* Arabic */
    {PHRASE_FAILURE, "غير قابل للتسليم|تعذر تسليم|فشل التسليم|تعذّر تسليم|لم يتم تسليم"},
    {PHRASE_REASON,
     "المستخدم غير معروف|لم يتم العثور على العنوان|غير موجود|ممتلئ|الرسالة كبيرة جدًا|لم يتم العثور على المجال"},
    {PHRASE_DELAY, "تأخر التسليم"},
    /* Persian */
    {PHRASE_FAILURE, "غیرقابل تحویل|تحویل داده نشد|ارسال ناموفق"},
    {PHRASE_REASON, "کاربر ناشناخته|نشانی پیدا نشد|پر است|وجود ندارد|پیام بیش از حد بزرگ است|دامنه پیدا نشد"},
    {PHRASE_DELAY, "تأخیر در تحویل"},
    /* Hebrew */
    {PHRASE_FAILURE, "לא ניתן למסירה|לא ניתן היה למסור|המסירה נכשלה"},
    {PHRASE_REASON,
     "משתמש לא ידוע|הכתובת לא נמצאה|תיבת הדואר מלאה|אינו קיים|אינה קיימת|ההודעה גדולה מדי|התחום לא נמצא"},
    {PHRASE_DELAY, "עיכוב במסירה"},
    /* Hindi */
    {PHRASE_FAILURE, "वितरित नहीं किया जा सका|वितरित नहीं हो सका|वितरित नहीं हुआ|डिलीवर नहीं हुआ"},
    {PHRASE_REASON, "उपयोगकर्ता अज्ञात|मेलबॉक्स भरा है|नहीं मिला|मौजूद नहीं|संदेश बहुत बड़ा है"},
    {PHRASE_DELAY, "विलंबित|देरी"},
    /* Thai */
    {PHRASE_FAILURE, "ไม่สามารถส่งได้|ไม่สามารถส่งข้อความ|ส่งไม่สำเร็จ"},
    {PHRASE_REASON, "ไม่รู้จักผู้ใช้|ไม่พบที่อยู่|กล่องจดหมายเต็ม|ข้อความมีขนาดใหญ่เกินไป|ไม่พบโดเมน"},
    {PHRASE_DELAY, "ล่าช้า"},
    /* Vietnamese */
    {PHRASE_FAILURE, "không gửi được|không thể chuyển phát|không thể gửi"},
    {PHRASE_REASON,
     "không tìm thấy người dùng|không tìm thấy địa chỉ|hộp thư đã đầy|thư quá lớn|không tìm thấy tên miền"},
    {PHRASE_DELAY, "bị trì hoãn"},
    /* Indonesian */
    {PHRASE_FAILURE, "tidak terkirim|tidak dapat dikirim|gagal terkirim"},
    {PHRASE_REASON,
     "pengguna tidak dikenal|alamat tidak ditemukan|kotak surat penuh|pesan terlalu besar|domain tidak ditemukan"},
    {PHRASE_DELAY, "tertunda"},
    /* Chinese */
    {PHRASE_FAILURE, "未送达|无法传递|无法投递|投递失败|发送失败|未能送达|未能将您的邮件|无法送达|退信"},
    {PHRASE_REASON, "用户不存在|收件人不存在|找不到地址|邮箱已满|地址不存在|邮箱不存在|容量满|邮件过大|域名不存在"},
    {PHRASE_DELAY, "延迟"},
    /* Chinese, traditional */
    {PHRASE_FAILURE, "無法傳遞|郵件退回|無法傳送|傳遞失敗|無法投遞|無法將您的郵件|無法送達|未送達"},
    {PHRASE_REASON, "查無此人|使用者不存在|信箱已滿|地址不存在|信箱不存在|郵件太大|郵件過大|找不到網域"},
    {PHRASE_DELAY, "延遲"},
    /* Japanese */
    {PHRASE_FAILURE, "配信不能|メールシステム誤り|配信できません|届けることが出来ません|届けることができません|"
                     "送信できませんでした|送信に失敗|配送できません|配信に失敗|配信されませんでした|お届けできません|"
                     "配送されませんでした|届きませんでした|不達|送信エラー|配信エラー"},
    {PHRASE_REASON, "不明なアドレス|宛先不明|見つかりません|見つからない|容量が超過|容量を超過|存在しません|存在しない|"
                    "いっぱい|容量オーバー|サイズが大きすぎ"},
    {PHRASE_DELAY, "配信遅延"},
    /* Korean */
    {PHRASE_FAILURE, "배달되지 않음|리턴메일|배달하지 못했습니다|전송 실패|발송실패|발송 실패|전송이 실패|전송되지 "
                     "않았|배달되지 않았|수신자에게 전달되지|반송"},
    {PHRASE_REASON, "받는사람이 존재하지 않|없는 사용자|메일용량이 초과|존재하지 않는|가득 차|용량 초과|용량을 "
                    "초과|사서함이 꽉 찼|메시지가 너무 큽니다|도메인을 찾을 수 없"},
    {PHRASE_DELAY, "지연"},
};

/* The phrases by the hash of their head: most places of a text start none. */
struct index {
    guint16 first[BUCKETS + 1]; /* of those in that bucket, in phrases */
    struct phrase {
        struct span text;
        enum phrase_class class;
    } phrases[MAX_PHRASES];
};

static unsigned bucket_of(const char *head)
{
    guint32 bytes;

    memcpy(&bytes, head, HEAD);
    return (bytes * 2654435761U) >> 20; /* Knuth's multiplicative hash, its upper 12 bits */
}

/* Counts the phrase in its bucket, or, when it is known where each bucket's stand, puts it there. */
static void take_phrase(struct index *index, guint16 *next, struct span text, enum phrase_class class)
{
    unsigned bucket = bucket_of(text.at);

    g_assert(text.length >= HEAD);
    if (next == NULL)
        index->first[bucket + 1]++;
    else
        index->phrases[next[bucket]++] = (struct phrase){text, class};
}

static void walk_table(struct index *index, guint16 *next)
{
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        struct span rest = span_of(table[i].phrases);
        struct span text;
        while (span_cut(&rest, '|', &text))
            take_phrase(index, next, text, table[i].class);
    }
}

static const struct index *index_new(void)
{
    struct index *index = g_new0(struct index, 1);
    guint16 next[BUCKETS + 1];

    walk_table(index, NULL);
    for (size_t i = 0; i < BUCKETS; i++)
        index->first[i + 1] = (guint16)(index->first[i + 1] + index->first[i]);
    g_assert(index->first[BUCKETS] <= MAX_PHRASES);
    memcpy(next, index->first, sizeof next);
    walk_table(index, next);
    return index;
}

/* The table is constant, and so is its index: it is made once a process. */
static const struct index *the_index(void)
{
    static size_t made;

    if (g_once_init_enter(&made))
        g_once_init_leave(&made, (size_t)index_new());
    return (const struct index *)made; /* NOLINT(performance-no-int-to-ptr): as g_once_init_enter() has it */
}

static unsigned find_at(const struct index *index, const char *at, size_t left)
{
    unsigned bucket = bucket_of(at);
    unsigned found = 0;

    for (size_t i = index->first[bucket]; i < index->first[bucket + 1]; i++) {
        const struct phrase *phrase = &index->phrases[i];
        if (phrase->text.length <= left && memcmp(at, phrase->text.at, phrase->text.length) == 0)
            found |= phrase->class;
    }
    return found;
}

/* How long the blank is that `at` starts with: white space, or no-break space, zero width space, ideographic space and
 * byte order mark; 0 when there is none. */
static size_t blank_length(const char *at)
{
    static const char *const wide[] = {"\xc2\xa0", "\xe2\x80\x8b", "\xe3\x80\x80", "\xef\xbb\xbf"};

    if (*at == ' ' || (*at >= '\t' && *at <= '\r'))
        return 1;
    for (size_t i = 0; (*at & 0x80) != 0 && i < G_N_ELEMENTS(wide); i++) {
        if (g_str_has_prefix(at, wide[i]))
            return strlen(wide[i]);
    }
    return 0;
}

/* The blanks of a text that was folded are one blank here, and letters are in lower case. */
static char *fold(struct span text)
{
    g_autofree char *lower = g_utf8_strdown(text.at, (gssize)text.length);
    char *to = lower;

    for (const char *at = lower; *at != '\0';) {
        size_t blank = blank_length(at);
        if (blank == 0)
            *to++ = *at++;
        else if (to > lower && to[-1] != ' ')
            *to++ = ' ';
        at += blank;
    }
    *to = '\0';
    return g_steal_pointer(&lower);
}

unsigned phrase_find(struct span text)
{
    const struct index *index = the_index();
    g_autofree char *folded = NULL;
    unsigned found = 0;
    size_t length;

    if (text.length == 0 || !g_utf8_validate_len(text.at, text.length, NULL))
        return 0;
    folded = fold(text);
    length = strlen(folded);
    for (size_t i = 0; i + HEAD <= length; i++) {
        if (i > 0 && g_ascii_isalpha(folded[i]) && g_ascii_isalpha(folded[i - 1]))
            continue; /* within a word */
        found |= find_at(index, folded + i, length - i);
    }
    return found;
}
