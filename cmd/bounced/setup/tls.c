#include "cmd/bounced/setup/tls.h"

#include <openssl/err.h>
#include <stdbool.h>

/* clang-format off */
G_DEFINE_QUARK(tls-error, tls_error)
/* clang-format on */

static bool fail(enum tls_error code, const char *file, GError **error)
{
    unsigned long first = ERR_peek_error();
    const char *reason = ERR_SYSTEM_ERROR(first) ? g_strerror(ERR_GET_REASON(first)) : ERR_reason_error_string(first);

    g_set_error(error, TLS_ERROR, (int)code, "%s: %s", file, reason != NULL ? reason : "cannot be used");
    ERR_clear_error();
    return false;
}

static bool read_files(SSL_CTX *context, const char *certificate, const char *key, GError **error)
{
    if (SSL_CTX_use_certificate_chain_file(context, certificate) != 1)
        return fail(TLS_ERROR_CERTIFICATE, certificate, error);
    /* This also looks whether it belongs to the certificate. */
    return SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1 || fail(TLS_ERROR_KEY, key, error);
}

SSL_CTX *tls_context_new(const char *certificate, const char *key, GError **error)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    if (context == NULL) {
        fail(TLS_ERROR_CONTEXT, "OpenSSL", error);
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
