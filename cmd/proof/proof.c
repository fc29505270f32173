#include "cmd/proof/proof.h"

#include <string.h>

#include "cmd/proof/alignment.h"
#include "cmd/proof/reporter.h"
#include "parser/address.h"

/* Local parts that providers keep for themselves (RFC 2142, and what reports come from). */
static const char *const reserved[] = {"abuse", "postmaster", "mailer-daemon", "noreply",    "no-reply", "fbl",
                                       "cfbl",  "arf",        "feedback",      "complaints", NULL};

static bool is_of_ours(const char *address, const GPtrArray *recipients)
{
    for (guint i = 0; i < recipients->len; i++) {
        const char *own = alignment_domain(recipients->pdata[i]), *domain = alignment_domain(address);

        if (g_ascii_strcasecmp(own, domain) == 0 || alignment_same_organization(own, domain))
            return true;
    }
    return false;
}

static bool names_us(const struct header *header, const GPtrArray *recipients)
{
    const struct header_field *to = header_only(header, "To");
    g_autofree char *line = to != NULL ? header_unfold(to->value) : NULL;
    g_autoptr(GString) address = g_string_new(NULL);
    struct span list = span_of(line);

    while (address_next(&list, address)) {
        if (is_of_ours(address->str, recipients))
            return true;
    }
    return false;
}

void proof_letter_read(struct proof_letter *letter, const struct header *header, const GPtrArray *recipients,
                       const char *cfbl_address)
{
    letter->author = header_author(header);
    letter->to_us = names_us(header, recipients);
    letter->asked_us = cfbl_address != NULL && is_of_ours(cfbl_address, recipients);
}

void proof_letter_clear(struct proof_letter *letter)
{
    g_free(letter->author);
    letter->author = NULL;
}

/* Mail that a provider writes, not one of its users. */
static bool is_providers(const char *author)
{
    g_autofree char *local = g_ascii_strdown(author, strrchr(author, '@') - author);

    return g_strv_contains(reserved, local);
}

static bool proves_complaint(const struct proof_letter *letter, const GPtrArray *trust, const char *signer,
                             const struct report_recipient *recipient)
{
    const char *domain = alignment_domain(letter->author);

    if (alignment_same_organization(signer, domain) && reporter_trusted(trust, letter->author, signer))
        return true;
    return letter->asked_us && alignment_speaks_for(signer, domain) &&
           alignment_speaks_for(alignment_domain(recipient->recipient), domain) && is_providers(letter->author);
}

bool proof_judge(const struct proof_letter *letter, const GPtrArray *trust, const char *signer,
                 const struct report_recipient *recipient)
{
    if (letter->author == NULL || !letter->to_us || recipient->recipient == NULL)
        return false;
    if (recipient->kind != REPORT_KIND_FEEDBACK && recipient->kind != REPORT_KIND_UNSUBSCRIBE)
        return false;
    if (proves_complaint(letter, trust, signer, recipient))
        return true;
    return recipient->kind == REPORT_KIND_UNSUBSCRIBE &&
           g_ascii_strcasecmp(letter->author, recipient->recipient) == 0 &&
           alignment_speaks_for(signer, alignment_domain(letter->author));
}
