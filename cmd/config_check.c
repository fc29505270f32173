#include "cmd/config_check.h"

static bool fail(const struct config *config, const char *section, const char *key, const char *what, GError **error)
{
    g_autofree char *place = config_place(config, section, key);

    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s %s", place, what);
    return false;
}

/* A message that the budget has no room for would never come in; the buffer it grows in may be twice its size. */
static bool check_memory(const struct config *config, GError **error)
{
    if (config->memory >= 2 * config->message_size)
        return true;
    return fail(config, "server", config_line(config, "server", "memory") != 0 ? "memory" : "message-size",
                "= too little memory; expected [server] memory to be twice [server] message-size at least", error);
}

static bool check_tls(const struct config *config, GError **error)
{
    for (guint i = 0; i < config->listeners->len; i++) {
        const struct listen_config *listener = config->listeners->pdata[i];
        g_autofree char *header = g_strdup_printf("listen %s", listener->name);

        if (listener->tls == LISTEN_TLS_REQUIRED && config->tls_certificate == NULL)
            return fail(config, header, "tls", "= required needs a section [tls] with a certificate", error);
    }
    return true;
}

bool config_check(const struct config *config, GError **error)
{
    return check_memory(config, error) && check_tls(config, error);
}
