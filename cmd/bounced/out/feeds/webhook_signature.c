#include "cmd/bounced/out/feeds/webhook_signature.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

enum { SEED = 32, SIGNATURE = 64 };

struct method {
    const char *start;   /* of the secret */
    const char *version; /* of the signature */
    /* The size of the signature; 0: the key is none. */
    size_t (*sign)(const guint8 *key, size_t size, const GString *signed_bytes, guint8 *signature);
};

static size_t sign_hmac(const guint8 *key, size_t size, const GString *signed_bytes, guint8 *signature)
{
    unsigned length = 0;

    if (HMAC(EVP_sha256(), key, (int)size, (const guint8 *)signed_bytes->str, signed_bytes->len, signature, &length) ==
        NULL)
        return 0;
    return length;
}

/* The seed, alone or with the public key behind it. */
static size_t sign_ed25519(const guint8 *key, size_t size, const GString *signed_bytes, guint8 *signature)
{
    EVP_PKEY *pair = size == SEED || size == (size_t)2 * SEED
                         ? EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, SEED)
                         : NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t length = SIGNATURE;
    bool good = pair != NULL && EVP_DigestSignInit(context, NULL, NULL, NULL, pair) == 1 &&
                EVP_DigestSign(context, signature, &length, (const guint8 *)signed_bytes->str, signed_bytes->len) == 1;

    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pair);
    return good ? length : 0;
}

static const struct method methods[] = {
    {"whsec_", "v1,", sign_hmac},
    {"whsk_", "v1a,", sign_ed25519},
};

static bool sign_one(GString *out, const char *secret, const GString *signed_bytes)
{
    guint8 signature[SIGNATURE];

    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autofree guint8 *key = NULL;
        g_autofree char *text = NULL;
        size_t size, length;

        if (!g_str_has_prefix(secret, methods[i].start))
            continue;
        key = g_base64_decode(secret + strlen(methods[i].start), &size);
        length = size > 0 ? methods[i].sign(key, size, signed_bytes, signature) : 0;
        text = g_base64_encode(signature, length);
        g_string_append_printf(out, "%s%s%s", out->len > 0 ? " " : "", methods[i].version, text);
        return length > 0;
    }
    return false;
}

bool webhook_sign(GString *out, const GPtrArray *secrets, const char *id, gint64 timestamp, const GString *body)
{
    g_autoptr(GString) signed_bytes = g_string_new(NULL);
    bool good = true;

    g_string_printf(signed_bytes, "%s.%" G_GINT64_FORMAT ".", id, timestamp);
    g_string_append_len(signed_bytes, body->str, (gssize)body->len);
    for (guint i = 0; i < secrets->len; i++)
        good = sign_one(out, secrets->pdata[i], signed_bytes) && good;
    return good;
}
