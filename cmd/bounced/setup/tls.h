/* tls.h: the certificate that STARTTLS shows, as a context of OpenSSL: TLS 1.2 and up. */
#pragma once

#include <glib.h>
#include <openssl/ssl.h>

enum tls_error { TLS_ERROR_CONTEXT, TLS_ERROR_CERTIFICATE, TLS_ERROR_KEY };
#define TLS_ERROR (tls_error_quark())
GQuark tls_error_quark(void);

/* Reads two PEM files: the certificate with its chain, and its key. The caller frees (SSL_CTX_free); sessions that were
 * begun with it keep their own reference. NULL and an error that names the file. */
SSL_CTX *tls_context_new(const char *certificate, const char *key, GError **error);
