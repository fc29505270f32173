#include "cmd/bounced/tls.h"

#include <openssl/err.h>
#include <stdbool.h>

G_DEFINE_QUARK(tls_error, tls_error)

static bool fail(const char *what, const char *file, GError **error)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    g_set_error(error, TLS_ERROR, 0, "%s %s: %s", what, file, reason != NULL ? reason : "cannot be used");
    ERR_clear_error();
    return false;
}

static bool read_files(SSL_CTX *context, const char *certificate, const char *key, GError **error)
{
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
        return fail("certificate", certificate, error);
    if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1)
        return fail("key", key, error);
    return SSL_CTX_check_private_key(context) == 1 || fail("certificate does not belong to the key", key, error);
}

SSL_CTX *tls_context_new(const char *certificate, const char *key, GError **error)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (context == NULL) {
        fail("OpenSSL", "context", error);
        return NULL;
    }
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    /* Thousands of sessions are idle most of the time. */
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    if (read_files(context, certificate, key, error))
        return context;
    SSL_CTX_free(context);
    return NULL;
}
