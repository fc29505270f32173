/* A message as DKIM sees it: its header, its signatures with the key of the seeds, Authentication-Results, and what all
 * that would prove. */
#include <stdint.h>
#include <string.h>

#include "cmd/proof/authentication.h"
#include "cmd/proof/proof.h"
#include "cmd/proof/signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char key[] =
    "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC/rBPcNXLiudzNwl9RisSkmhaEgwdsr5T1NbMcC6NgdJ"
    "xAGGuWp0oL5ElyCO8tfvvPA3ABUOYx8DqFRbupefEvSipw6dkbNV4S9b2HTMIO+SaQbJh/CWkhDf9wa6zlOH3n5Cx78VhrCY9ioj"
    "BCGCbi5w3S8OR7SZ/Llo57+FsK+QIDAQAB";

static GPtrArray *list_of(const char *text)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

    g_ptr_array_add(list, g_strdup(text));
    return list;
}

static void check_signatures(const struct header *header)
{
    g_autoptr(Signatures) signatures = signatures_new();
    g_autoptr(GPtrArray) list = signature_list(signatures, header);

    g_assert(list->len <= SIGNATURE_MAX);
    for (guint i = 0; i < list->len; i++)
        ((struct signature *)list->pdata[i])->key = g_strdup(key);
    signature_verify(signatures, header, list);
    for (guint i = 0; i < list->len; i++) {
        const struct signature *signature = list->pdata[i];

        g_assert(!signature->valid || signature->usable);
        g_assert(!signature->usable || strlen(signature->key_name) <= 253);
    }
}

static void check_proof(const struct header *header)
{
    g_autoptr(GPtrArray) recipients = list_of("leave@bounces.example.com");
    const struct report_recipient ann = {.kind = REPORT_KIND_UNSUBSCRIBE, .recipient = "ann@home.example"};
    struct proof_letter letter;

    proof_letter_read(&letter, header, recipients, NULL);
    g_assert(!proof_judge(&letter, NULL, "home.example", &ann) || (letter.author != NULL && letter.to_us));
    g_assert(!proof_judge(&letter, NULL, "evil.example", &ann));
    proof_letter_clear(&letter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Header) header = header_read((const char *)data, size);
    g_autoptr(GPtrArray) ids = list_of("mx.example.com");

    if (header == NULL)
        return 0;
    g_ptr_array_unref(authentication_domains(header, ids));
    check_signatures(header);
    check_proof(header);
    return 0;
}
