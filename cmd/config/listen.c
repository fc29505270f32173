#include "cmd/config/listen.h"

#include <string.h>

const char *const listen_protocol_names[] = {
    [LISTEN_PROTOCOL_SMTP] = "smtp",
    [LISTEN_PROTOCOL_LMTP] = "lmtp",
    [LISTEN_PROTOCOL_HTTP] = "http",
    [LISTEN_PROTOCOL_SOCKETMAP] = "socketmap",
    [LISTEN_PROTOCOL_POLICY] = "policy",
    [LISTEN_PROTOCOL_TCP_TABLE] = "tcp-table",
    [LISTEN_PROTOCOL_READSOCKET] = "readsocket",
    NULL,
};
const char *const listen_tls_names[] = {
    [LISTEN_TLS_NONE] = "none",
    [LISTEN_TLS_OPPORTUNISTIC] = "opportunistic",
    [LISTEN_TLS_REQUIRED] = "required",
    NULL,
};

const char *const listen_bare_newline_names[] = {
    [LISTEN_BARE_NEWLINE_REFUSE] = "refuse",
    [LISTEN_BARE_NEWLINE_NORMALIZE] = "normalize",
    NULL,
};

const char *const listen_serve_names[] = {
    [LISTEN_SERVE_METRICS] = "metrics",
    [LISTEN_SERVE_API] = "api",
    NULL,
};

#define ALL "protocol", "address"
#define MAIL ALL, "tls", "early-talkers", "bare-newline", "proxy", "xclient", "own-mta"

static const char *const mail_keys[] = {MAIL, NULL};
static const char *const http_keys[] = {ALL, "serve", "insecure", "tls", NULL};
static const char *const lookup_keys[] = {ALL, "fail", "stream-from", NULL};
static const char *const policy_keys[] = {ALL, "fail", "stream-from", "streams", NULL};

static const char *const *const known_keys[] = {
    [LISTEN_PROTOCOL_SMTP] = mail_keys,         [LISTEN_PROTOCOL_LMTP] = mail_keys,
    [LISTEN_PROTOCOL_HTTP] = http_keys,         [LISTEN_PROTOCOL_SOCKETMAP] = lookup_keys,
    [LISTEN_PROTOCOL_POLICY] = policy_keys,     [LISTEN_PROTOCOL_TCP_TABLE] = lookup_keys,
    [LISTEN_PROTOCOL_READSOCKET] = lookup_keys,
};

bool listen_knows(enum listen_protocol protocol, const char *key)
{
    return g_strv_contains(known_keys[protocol], key);
}

bool listen_is_attribute(const char *stream_from)
{
    static const char *const attributes[] = {"policy_context", "sasl_username", "sender_domain", NULL};

    return g_strv_contains(attributes, stream_from);
}

bool listen_is_local(const struct listen_config *listener)
{
    static const char *const starts[] = {"unix:", "[::1]:", "localhost:", NULL};
    const char *colon = strrchr(listener->address, ':');
    g_autofree char *host = g_strndup(listener->address, (size_t)(colon - listener->address));
    struct network_host address;

    for (size_t i = 0; starts[i] != NULL; i++) {
        if (g_str_has_prefix(listener->address, starts[i]))
            return true;
    }
    return g_str_has_prefix(host, "127.") && network_host_parse(&address, host);
}

bool listen_normalizes(const struct listen_config *listener)
{
    if (listener->bare_newline != LISTEN_BARE_NEWLINE_DEFAULT)
        return listener->bare_newline == LISTEN_BARE_NEWLINE_NORMALIZE;
    return listener->protocol == LISTEN_PROTOCOL_LMTP || listener->own_mta != NULL;
}
