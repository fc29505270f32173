#include "cmd/bounced/verify/inquiry.h"

#include <string.h>

struct inquiry {
    struct claim *claim;
    GPtrArray *list; /* of struct signature * */
    GArray *needed;  /* of guint: their indices in the list */
    GStringChunk *strings;
};

static struct header *read_header(GBytes *bytes)
{
    size_t length;
    const char *data = g_bytes_get_data(bytes, &length);

    return header_read(data, length);
}

struct inquiry *inquiry_new(const struct signatures *signatures, struct claim *claim, GBytes *bytes)
{
    struct inquiry *inquiry = g_new0(struct inquiry, 1);
    g_autoptr(Header) header = bytes != NULL ? read_header(bytes) : NULL;
    g_auto(GStrv) signers = g_strsplit(claim->signers, " ", -1);

    inquiry->claim = claim;
    inquiry->needed = g_array_new(FALSE, FALSE, sizeof(guint));
    inquiry->strings = g_string_chunk_new(256);
    inquiry->list = header != NULL ? signature_list(signatures, header) : g_ptr_array_new();
    for (guint i = 0; i < inquiry->list->len; i++) {
        const struct signature *signature = inquiry->list->pdata[i];

        if (signature->usable && g_strv_contains((const char *const *)signers, signature->domain))
            g_array_append_val(inquiry->needed, i);
    }
    return inquiry;
}

void inquiry_free(struct inquiry *inquiry)
{
    if (inquiry == NULL)
        return;
    claim_free(inquiry->claim);
    g_ptr_array_unref(inquiry->list);
    g_array_unref(inquiry->needed);
    g_string_chunk_free(inquiry->strings);
    g_free(inquiry);
}

const struct claim *inquiry_claim(const struct inquiry *inquiry)
{
    return inquiry->claim;
}

guint inquiry_n_keys(const struct inquiry *inquiry)
{
    return inquiry->needed->len;
}

static struct signature *signature_at(const struct inquiry *inquiry, guint index)
{
    return inquiry->list->pdata[g_array_index(inquiry->needed, guint, index)];
}

const char *inquiry_key_name(const struct inquiry *inquiry, guint index)
{
    return signature_at(inquiry, index)->key_name;
}

void inquiry_set_key(struct inquiry *inquiry, guint index, const char *key)
{
    struct signature *signature = signature_at(inquiry, index);

    g_free(signature->key);
    signature->key = g_strdup(key);
}

GArray *inquiry_verify(struct inquiry *inquiry, const struct signatures *signatures, GBytes *bytes)
{
    GArray *proofs = g_array_new(FALSE, FALSE, sizeof(struct claim_proof));
    g_autoptr(Header) header = read_header(bytes);

    if (header == NULL)
        return proofs;
    signature_verify(signatures, header, inquiry->list);
    for (guint i = 0; i < inquiry->needed->len; i++) {
        const struct signature *signature = signature_at(inquiry, i);
        g_autofree char *text = g_strdup_printf("dkim d=%s s=%s", signature->domain, signature->selector);
        const struct claim_proof proof = {.signer = signature->domain,
                                          .text = g_string_chunk_insert(inquiry->strings, text)};

        if (signature->valid)
            g_array_append_val(proofs, proof);
    }
    return proofs;
}
