#include "parser/prose/notice.h"

#include "parser/text/phrase.h"
#include "parser/text/reply.h"

enum { MAX_TEXT = 8192, MAX_NAMED = 20 };

/* Words for mail, and for what else is delivered. Each has its example in tests/unit/parser_notice.c. */
static const char *const notice_mail[] = {
    "message", "mail",   "courrier",  "courriel", "nachricht", "mensaje", "correo", "messaggio",  "mensagem",
    "bericht", "письмо", "сообщение", "邮件",     "郵件",      "メール",  "메일",   "meddelande", "besked",
    "melding", "viesti", "wiadomo",   "zpráv",    "üzenet",    "ileti",   "mesaj",  NULL,
};

static const char *const notice_goods[] = {
    "parcel", "package", "shipment", "courier", "your order", "tracking number", "paket",   "sendungsnummer",
    "colis",  "paquete", "pacco",    "pakket",  "encomenda",  "посылк",          "invoice", NULL,
};

static bool holds_any(struct span text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (span_find(text, *words) != NULL)
            return true;
    }
    return false;
}

bool notice_is_of_mail(struct span text)
{
    return text.length <= MAX_TEXT && (phrase_find(text) & (PHRASE_FAILURE | PHRASE_DELAY | PHRASE_REASON)) != 0 &&
           holds_any(text, notice_mail) && !holds_any(text, notice_goods);
}

static bool tells(struct span diagnostic)
{
    struct reply found;

    reply_find(diagnostic, &found);
    return (found.certain && found.code >= 400) || (phrase_find(diagnostic) & PHRASE_REASON) != 0;
}

bool notice_names(const struct findings *findings)
{
    for (guint i = 0; i < findings->items->len; i++) {
        const struct finding *finding = findings_at(findings, i);
        if (finding->mentioned || finding->address.length == 0 || !tells(finding->diagnostic))
            return false;
    }
    return findings->items->len > 0 && findings->items->len <= MAX_NAMED;
}
