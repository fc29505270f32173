#include "parser/prose/bystanders.h"

#include "parser/text/mentions.h"

enum { MAX_FIELD = 500, MAX_TO = 1000, MAX_BEFORE = 40 };

/* Before an address that helps, or that the message came from. */
static const char *const helpers[] = {"contact",       "write to",  "send mail to", "e-mail to",  "email to",
                                      "administrator", "from:",     "sender",       "sent by",    "mail from",
                                      "reply to",      "please",    "help",         "support",    "question",
                                      "fragen",        "kontakt",   "hilfe",        "contatt",    "proveniente da",
                                      "inviato da",    "mittente",  "envoyé par",   "expéditeur", "gesendet von",
                                      "enviado por",   "remitente", "remetente",    "afzender",   "тправител"};

static void add_own(struct bystanders *bystanders, struct span value)
{
    size_t from = 0;

    value = span_head(value, MAX_FIELD);
    while (bystanders->n < BYSTANDERS_MAX && mentions_next(value, &from, &bystanders->own[bystanders->n]))
        bystanders->n++;
}

void bystanders_find(struct bystanders *bystanders, const struct message *message)
{
    bystanders->n = 0;
    add_own(bystanders, message_field(message, "From"));
    add_own(bystanders, message_field(message, "To"));
    add_own(bystanders, message_field(message, "Reply-To"));
}

/* Does what stands before the address say that it is not the recipient's? */
static bool is_helper(struct span line, struct span address)
{
    size_t start = (size_t)(address.at - line.at);
    size_t from = start > MAX_BEFORE ? start - MAX_BEFORE : 0;
    struct span before = span_head(span_skip(line, from), start - from);

    for (size_t i = 0; i < G_N_ELEMENTS(helpers); i++) {
        if (span_find(before, helpers[i]) != NULL)
            return true;
    }
    return span_ends(span_trim(before), " mail"); /* "Mail unblock@example.com to be taken off" */
}

bool bystanders_has(const struct bystanders *bystanders, struct span line, struct span address)
{
    for (size_t i = 0; i < bystanders->n; i++) {
        if (mentions_same(bystanders->own[i], address))
            return true;
    }
    return span_starts(address, "postmaster@") || span_starts(address, "mailer-daemon@") || is_helper(line, address);
}

bool bystanders_only_other(const struct bystanders *bystanders, struct span text, struct span *address)
{
    struct span only = {NULL, 0};
    struct span line, named;

    while (span_line(&text, &line)) {
        size_t from = 0;
        while (mentions_next(line, &from, &named)) {
            if (bystanders_has(bystanders, line, named) || mentions_same(only, named))
                continue;
            if (only.length > 0)
                return false;
            only = named;
        }
    }
    *address = only;
    return only.length > 0;
}

void bystanders_drop(struct findings *findings, const struct fields *returned)
{
    struct span to = fields_get(returned, "To"), cc = fields_get(returned, "Cc");
    struct findings kept;
    guint meant = 0;

    if (findings->items->len < 2 || to.length > MAX_TO || cc.length > MAX_TO)
        return;
    findings_init(&kept, findings->max);
    kept.full = findings->full;
    for (guint i = 0; i < findings->items->len; i++) {
        const struct finding *finding = findings_at(findings, i);
        bool in = mentions_has(to, finding->address) || mentions_has(cc, finding->address);
        meant += in;
        if (in || !finding->mentioned || finding->diagnostic.length > 0)
            *findings_add(&kept, finding->address, finding->kind) = *finding;
    }
    if (meant > 0) {
        struct findings all = *findings;
        *findings = kept;
        kept = all;
    }
    findings_clear(&kept);
}
