#include "cmd/ingest/evidence.h"

#include <string.h>

#include "cmd/proof/authentication.h"
#include "cmd/proof/proof.h"
#include "cmd/proof/reporter.h"
#include "store/event.h"

/* One message, and what its header says of who signed it. */
struct search {
    const struct config *config;
    struct proof_letter letter;
    GPtrArray *trust;  /* of char * */
    GPtrArray *list;   /* of struct signature * */
    GPtrArray *passed; /* of char *: domains of signatures that the operator's own servers found good */
    struct report *report;
};

static bool is_open(const struct event *event)
{
    return event->evidence == REPORT_EVIDENCE_UNPROVEN && event->recipient != NULL &&
           (event->kind == REPORT_KIND_FEEDBACK || event->kind == REPORT_KIND_UNSUBSCRIBE);
}

static bool any_open(const GArray *events)
{
    for (guint i = 0; i < events->len; i++) {
        if (is_open(&g_array_index(events, struct event, i)))
            return true;
    }
    return false;
}

/* The domains that are trusted by the feedback addresses that the message came to. */
static GPtrArray *find_trust(const struct config *config, const GPtrArray *rcpt_to)
{
    GPtrArray *trust = g_ptr_array_new();

    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];

        for (guint r = 0; path->trust != NULL && r < rcpt_to->len; r++) {
            if (return_path_find(config->return_paths, rcpt_to->pdata[r]) == path)
                g_ptr_array_extend(trust, path->trust, NULL, NULL);
        }
    }
    return trust;
}

/* The server's result for a domain is about one of its signatures, and does not say which of its fields they
 * cover: all must be such as count. */
static bool has_passed(const struct search *search, const char *domain)
{
    if (search->passed == NULL || !g_ptr_array_find_with_equal_func(search->passed, domain, g_str_equal, NULL))
        return false;
    for (guint i = 0; i < search->list->len; i++) {
        const struct signature *signature = search->list->pdata[i];

        if (!signature->usable && strcmp(signature->domain, domain) == 0)
            return false;
    }
    return true;
}

static void prove(const struct search *search, struct event *event, const char *domain)
{
    g_autofree char *proof = g_strdup_printf("authentication-results dkim d=%s", domain);

    event->evidence = REPORT_EVIDENCE_AUTHENTICATED;
    event->may_suppress = true;
    event->proof = g_string_chunk_insert(search->report->strings, proof);
}

static void judge(const struct search *search, struct event *event)
{
    const struct report_recipient recipient = {.kind = event->kind, .recipient = event->recipient};
    g_autoptr(GString) signers = g_string_new(NULL);

    for (guint i = 0; i < search->list->len; i++) {
        const struct signature *signature = search->list->pdata[i];

        if (!signature->usable || !proof_judge(&search->letter, search->trust, signature->domain, &recipient))
            continue;
        if (has_passed(search, signature->domain)) {
            prove(search, event, signature->domain);
            return;
        }
        event->signers_known =
            event->signers_known || reporter_trusted(search->trust, search->letter.author, signature->domain);
        g_string_append_printf(signers, "%s%s", signers->len > 0 ? " " : "", signature->domain);
    }
    if (signers->len > 0 && search->config->dkim_verify)
        event->signers = g_string_chunk_insert_const(search->report->strings, signers->str);
}

/* A client that hands mail in by LMTP is the operator's; by SMTP it may be a stranger, with any field that he likes. */
static GPtrArray *find_passed(const struct config *config, const struct evidence_mail *mail,
                              const struct header *header)
{
    if (config->authserv_ids == NULL || strcmp(mail->source, "lmtp") != 0)
        return NULL;
    return authentication_domains(header, config->authserv_ids);
}

bool evidence_find(const struct config *config, const struct signatures *signatures, const struct evidence_mail *mail,
                   struct report *report, GArray *events)
{
    struct search search = {.config = config, .report = report};
    g_autoptr(Header) header = NULL;
    bool claims = false;

    if (mail->rcpt_to->len == 0 || !any_open(events))
        return false;
    header = header_read(mail->bytes->str, mail->bytes->len);
    if (header == NULL)
        return false;
    search.trust = find_trust(config, mail->rcpt_to);
    search.list = signature_list(signatures, header);
    search.passed = find_passed(config, mail, header);
    proof_letter_read(&search.letter, header, mail->rcpt_to, report->cfbl_address);
    for (guint i = 0; i < events->len; i++) {
        struct event *event = &g_array_index(events, struct event, i);

        if (is_open(event))
            judge(&search, event);
        claims = claims || event->signers != NULL;
    }
    proof_letter_clear(&search.letter);
    g_ptr_array_unref(search.trust);
    g_ptr_array_unref(search.list);
    g_clear_pointer(&search.passed, g_ptr_array_unref);
    return claims;
}
