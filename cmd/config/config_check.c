#include "cmd/config/config_check.h"

#include <string.h>

#include "cmd/config/keys/config_keys.h"
#include "cmd/config/keys/feed_check.h"
#include "store/policy.h"

/* A message that the budget has no room for would never come in; the buffer it grows in may be twice its size. */
static bool check_memory(const struct config *config, GError **error)
{
    if (config->memory >= 2 * config->message_size)
        return true;
    return config_fail(config, "server", config_line(config, "server", "memory") != 0 ? "memory" : "message-size",
                       "leaves too little memory; expected [server] memory to be at least twice [server] message-size",
                       error);
}

/* A transaction of so many recipients would never come to its end. */
static bool check_commands(const struct config *config, GError **error)
{
    if (config->commands > config->recipients)
        return true;
    return config_fail(
        config, "server", config_line(config, "server", "commands") != 0 ? "commands" : "recipients",
        "leaves too few commands for a transaction; expected [server] commands to be more than [server] recipients",
        error);
}

/* The listener before `own` that has its address; NULL when there is none. Port 0 is another each time. */
static const struct listen_config *same_address(const GPtrArray *listeners, guint own)
{
    const struct listen_config *listener = listeners->pdata[own];

    for (guint i = 0; i < own && !g_str_has_suffix(listener->address, ":0"); i++) {
        const struct listen_config *other = listeners->pdata[i];

        if (strcmp(other->address, listener->address) == 0)
            return other;
    }
    return NULL;
}

static bool check_keys(const struct config *config, enum listen_protocol protocol, const char *header, GError **error)
{
    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        g_autofree char *what = NULL;

        if (strcmp(key->section, "listen") != 0 || listen_knows(protocol, key->name) ||
            config_line(config, header, key->name) == 0)
            continue;
        what = g_strdup_printf("is not for protocol = %s", listen_protocol_names[protocol]);
        return config_fail(config, header, key->name, what, error);
    }
    return true;
}

/* A client that reaches the listener could say that one of these made its message: by SMTP strangers do, and those for
 * whom somebody else speaks. */
static bool check_own_mta(const struct config *config, const struct listen_config *listener, const char *header,
                          GError **error)
{
    if (listener->own_mta == NULL)
        return true;
    if (!networks_empty(listener->proxy) || !networks_empty(listener->xclient))
        return config_fail(config, header, "own-mta", "is not for a listener with proxy or xclient", error);
    if (listener->protocol != LISTEN_PROTOCOL_LMTP && !listen_is_local(listener))
        return config_fail(config, header, "own-mta",
                           "needs protocol = lmtp, or an address that only this machine reaches: unix:, 127.0.0.1 or "
                           "[::1]",
                           error);
    return true;
}

static bool has_stream(const struct config *config, const char *stream)
{
    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];

        if (g_strcmp0(path->stream, stream) == 0)
            return true;
    }
    return false;
}

/* A stream that no report can be of is a slip of the pen: nothing would ever be suppressed for it. */
static bool check_stream_from(const struct config *config, const struct listen_config *listener, const char *header,
                              GError **error)
{
    bool by_attribute = listener->stream_from != NULL && listen_is_attribute(listener->stream_from);
    GHashTableIter iter;
    gpointer stream;

    if (by_attribute && listener->protocol != LISTEN_PROTOCOL_POLICY)
        return config_fail(config, header, "stream-from", "names an attribute, which protocol = policy alone has",
                           error);
    if (!by_attribute && config_line(config, header, "streams") != 0)
        return config_fail(config, header, "streams",
                           "needs stream-from = policy_context, sasl_username or sender_domain", error);
    g_hash_table_iter_init(&iter, listener->streams);
    while (g_hash_table_iter_next(&iter, NULL, &stream)) {
        g_autofree char *what = NULL;

        if (has_stream(config, stream))
            continue;
        what = g_strdup_printf("names the stream \"%s\", which no [return-path] and no [feedback] names",
                               (const char *)stream);
        return config_fail(config, header, by_attribute ? "streams" : "stream-from", what, error);
    }
    return true;
}

/* A token that may write is as good as the list itself to whoever reads it on its way. */
static bool check_serve(const struct config *config, const struct listen_config *listener, const char *header,
                        GError **error)
{
    if ((listener->serve & (1U << LISTEN_SERVE_API)) == 0 || listener->protocol != LISTEN_PROTOCOL_HTTP ||
        listener->tls == LISTEN_TLS_REQUIRED || listener->insecure || listen_is_local(listener))
        return true;
    return config_fail(config, header, "serve",
                       "= api would take tokens in the clear from other machines; expected tls = required, an address "
                       "of this machine alone, or insecure = yes",
                       error);
}

static bool check_listeners(const struct config *config, GError **error)
{
    for (guint i = 0; i < config->listeners->len; i++) {
        const struct listen_config *listener = config->listeners->pdata[i];
        const struct listen_config *other = same_address(config->listeners, i);
        g_autofree char *header = g_strdup_printf("listen %s", listener->name), *what = NULL;

        if (!check_keys(config, listener->protocol, header, error) || !check_own_mta(config, listener, header, error) ||
            !check_stream_from(config, listener, header, error) || !check_serve(config, listener, header, error))
            return false;
        if (listener->tls == LISTEN_TLS_REQUIRED && config->tls_certificate == NULL)
            return config_fail(config, header, "tls", "= required needs a section [tls] with a certificate", error);
        if (other == NULL)
            continue;
        what = g_strdup_printf("= \"%s\" is the address of [listen %s] already; expected one of its own",
                               listener->address, other->name);
        return config_fail(config, header, "address", what, error);
    }
    return true;
}

/* Its header in the file. */
static char *section_of(const struct return_path *path)
{
    const char *kind = return_path_is_feedback(path) ? "feedback" : "return-path";

    return g_strdup_printf("%s%s%s", kind, *path->name != '\0' ? " " : "", path->name);
}

static const char *what_it_takes(const struct return_path *path)
{
    return path->address != NULL ? path->address : path->domain;
}

/* Mail for a domain or an address goes to the first path that has it; the second would never get any. */
static bool check_path(const struct config *config, guint own, GError **error)
{
    const struct return_path *path = config->return_paths->pdata[own];
    const char *key = path->address != NULL ? "address" : "domain";

    for (guint i = 0; i < own; i++) {
        const struct return_path *other = config->return_paths->pdata[i];
        g_autofree char *header = NULL, *first = NULL, *what = NULL;

        if ((other->address != NULL) != (path->address != NULL) ||
            g_ascii_strcasecmp(what_it_takes(other), what_it_takes(path)) != 0)
            continue;
        header = section_of(path);
        first = section_of(other);
        what = g_strdup_printf("= \"%s\" is the %s of [%s] already; expected one of its own", what_it_takes(path), key,
                               first);
        return config_fail(config, header, key, what, error);
    }
    return true;
}

/* A policy for a stream that no report can be of is a slip of the pen. */
static bool check_streams(const struct config *config, GError **error)
{
    for (guint i = 0; i < config->policies->len; i++) {
        const struct policy *policy = config->policies->pdata[i];
        g_autofree char *header = NULL;

        if (policy->stream == NULL || has_stream(config, policy->stream))
            continue;
        header = g_strdup_printf("policy %s", policy->stream);
        return config_fail(config, header, NULL, "is for a stream that no [return-path] and no [feedback] names",
                           error);
    }
    return true;
}

/* A stream is of one tenant: an entry for that holds for its mail. */
static bool check_tenants(const struct config *config, GError **error)
{
    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];
        const char *tenant = path->stream != NULL ? g_hash_table_lookup(config->tenants, path->stream) : NULL;

        if (path->tenant == NULL || g_strcmp0(tenant, path->tenant) == 0)
            continue;
        g_autofree char *section = section_of(path);
        g_autofree char *what =
            path->stream == NULL
                ? g_strdup("needs stream, too")
                : g_strdup_printf("= \"%s\", but another section says that the stream \"%s\" is of \"%s\"",
                                  path->tenant, path->stream, tenant);
        return config_fail(config, section, "tenant", what, error);
    }
    return true;
}

/* Does its mail come here? That of postmaster at a feedback address's domain need not: the domain may have its mail
 * elsewhere, but for that address. */
static bool is_ours(const struct config *config, const char *address)
{
    g_autofree char *postmaster = g_strconcat("postmaster@", config->hostname, NULL);

    return return_path_find(config->return_paths, address) != NULL || g_ascii_strcasecmp(address, postmaster) == 0;
}

static bool check_forward(const struct config *config, const char *section, const char *forward, GError **error)
{
    if (forward != NULL && config->smart_host == NULL)
        return config_fail(config, section, "forward", "needs a section [smart-host] with an address", error);
    if (forward != NULL && is_ours(config, forward))
        return config_fail(config, section, "forward", "is an address whose mail comes here; expected a person's",
                           error);
    return true;
}

static bool check_forwards(const struct config *config, GError **error)
{
    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];
        g_autofree char *section = section_of(path);

        if (!check_forward(config, section, path->forward, error))
            return false;
    }
    return check_forward(config, "postmaster", config->postmaster_forward, error);
}

/* A password is for the smart host's ears alone; and what it could not deliver must not come here as a bounce. */
static bool check_smart_host(const struct config *config, GError **error)
{
    const struct smart_host *host = config->smart_host;

    if (host == NULL)
        return true;
    if ((host->user == NULL) != (config_line(config, "smart-host", "password-file") == 0))
        return config_fail(config, "smart-host", host->user != NULL ? "user" : "password-file",
                           host->user != NULL ? "needs password-file, too" : "needs user, too", error);
    if (host->user != NULL && host->tls < SMART_HOST_TLS_REQUIRED)
        return config_fail(config, "smart-host", "user", "needs tls = required or implicit", error);
    if (host->from != NULL && is_ours(config, host->from))
        return config_fail(config, "smart-host", "from", "is an address whose mail comes here; expected a person's",
                           error);
    return true;
}

bool config_check(const struct config *config, GError **error)
{
    for (guint i = 0; i < config->return_paths->len; i++) {
        if (!check_path(config, i, error))
            return false;
    }
    return check_memory(config, error) && check_commands(config, error) && check_listeners(config, error) &&
           check_streams(config, error) && check_tenants(config, error) && check_forwards(config, error) &&
           check_smart_host(config, error) && feed_check(config, error);
}

/* The first listener to which anybody on the Internet may bring a report. */
static const struct listen_config *public_listener(const struct config *config)
{
    for (guint i = 0; i < config->listeners->len; i++) {
        const struct listen_config *listener = config->listeners->pdata[i];

        if (listener->protocol == LISTEN_PROTOCOL_SMTP && !listen_is_local(listener))
            return listener;
    }
    return NULL;
}

GPtrArray *config_warnings(const struct config *config)
{
    GPtrArray *warnings = g_ptr_array_new_with_free_func(g_free);
    const struct listen_config *listener = public_listener(config);

    for (guint i = 0; listener != NULL && i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];
        g_autofree char *section = section_of(path), *place = config_place(config, section, "unproven");

        if (path->unproven_suppresses)
            g_ptr_array_add(
                warnings, g_strdup_printf("%s = suppress: whoever reaches [listen %s] can put any address on the list",
                                          place, listener->name));
    }
    return warnings;
}
