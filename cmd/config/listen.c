#include "cmd/config/listen.h"

#include <glib.h>

const char *const listen_protocol_names[] = {
    [LISTEN_SMTP] = "smtp",
    [LISTEN_LMTP] = "lmtp",
    [LISTEN_HTTP] = "http",
    NULL,
};
const char *const listen_tls_names[] = {
    [LISTEN_TLS_NONE] = "none",
    [LISTEN_TLS_OPPORTUNISTIC] = "opportunistic",
    [LISTEN_TLS_REQUIRED] = "required",
    NULL,
};

#define ALL "protocol", "address"
#define MAIL ALL, "tls", "early-talkers", "proxy", "xclient"

static const char *const mail_keys[] = {MAIL, NULL};
static const char *const http_keys[] = {ALL, NULL};

static const char *const *const known_keys[] = {
    [LISTEN_SMTP] = mail_keys,
    [LISTEN_LMTP] = mail_keys,
    [LISTEN_HTTP] = http_keys,
};

bool listen_knows(enum listen_protocol protocol, const char *key)
{
    return g_strv_contains(known_keys[protocol], key);
}
