#include "cmd/ingest/digest.h"

#include <openssl/evp.h>
#include <string.h>

/* CRLF counts as LF, and the last line has one. */
static void add_lines(EVP_MD_CTX *sum, const char *at, const char *end)
{
    while (at < end) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const char *stop = lf != NULL ? lf : end;

        if (stop > at && stop[-1] == '\r')
            stop--;
        EVP_DigestUpdate(sum, at, (size_t)(stop - at));
        EVP_DigestUpdate(sum, "\n", 1);
        at = lf != NULL ? lf + 1 : end;
    }
}

void digest_message(const char *rcpt_to, enum report_evidence evidence, const GString *bytes,
                    guint8 digest[STORE_DIGEST_SIZE])
{
    EVP_MD_CTX *sum = EVP_MD_CTX_new();

    EVP_DigestInit_ex(sum, EVP_sha256(), NULL);
    EVP_DigestUpdate(sum, rcpt_to, strlen(rcpt_to) + 1);
    if (evidence == REPORT_EVIDENCE_AUTHENTICATED)
        EVP_DigestUpdate(sum, "", 1);
    add_lines(sum, bytes->str, bytes->str + bytes->len);
    EVP_DigestFinal_ex(sum, digest, NULL);
    EVP_MD_CTX_free(sum);
}

char *digest_hex(const guint8 digest[STORE_DIGEST_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    GString *hex = g_string_sized_new((size_t)2 * STORE_DIGEST_SIZE);

    for (size_t i = 0; i < STORE_DIGEST_SIZE; i++) {
        g_string_append_c(hex, digits[digest[i] >> 4]);
        g_string_append_c(hex, digits[digest[i] & 15]);
    }
    return g_string_free(hex, FALSE);
}
