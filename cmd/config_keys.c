#include "cmd/config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parser/address.h"
#include "store/policy.h"

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

/* --- values: each setter parses one kind -------------------------------------------------------------------------- */

static bool set_text(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                     GError **error)
{
    char **member = G_STRUCT_MEMBER_P(object, key->offset);

    if (*text == '\0') {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "is empty");
        return false;
    }
    g_free(*member);
    *member = g_strdup(text);
    return true;
}

/* Domain = sub-domain *("." sub-domain)
 * sub-domain = Let-dig [Ldh-str] (RFC 5321 section 4.1.2), of 63 octets at most; some hosts have "_" in theirs */
static bool is_domain(const char *text)
{
    g_auto(GStrv) labels = g_strsplit(text, ".", -1);

    for (char **label = labels; *label != NULL; label++) {
        size_t length = strlen(*label);

        if (length == 0 || length > 63 || **label == '-' || (*label)[length - 1] == '-')
            return false;
        for (const char *at = *label; *at != '\0'; at++) {
            if (!g_ascii_isalnum(*at) && *at != '-' && *at != '_')
                return false;
        }
    }
    return labels[0] != NULL && strlen(text) <= 255;
}

static bool set_domain(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    g_autofree char *whole = g_strconcat("x@", text, NULL);
    g_autoptr(GString) address = g_string_new(NULL);

    /* The address that comes of it has its domain as A-labels, as those have that mail is for. */
    if (strpbrk(text, "@ \t,<>()\"[];:") != NULL ||
        !address_read((struct span){whole, strlen(whole)}, ADDRESS_PLAIN, address) || !is_domain(address->str + 2)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is no domain", text);
        return false;
    }
    return set_text(object, key, name, address->str + 2, error);
}

static bool set_address(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    const char *at = strrchr(text, '@');

    if (at == NULL || at == text || at[1] == '\0' || strpbrk(text, " \t,<>") != NULL) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is no address", text);
        return false;
    }
    return set_text(object, key, name, text, error);
}

static bool set_listen_address(void *object, const struct config_key *key, const char *name, const char *text,
                               GError **error)
{
    const char *colon = strrchr(text, ':');
    guint64 port;

    if (g_str_has_prefix(text, "unix:/"))
        return set_text(object, key, name, text, error);
    if (g_str_has_prefix(text, "unix:")) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is no absolute path", text);
        return false;
    }
    if (colon == NULL || colon == text || !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" has no port", text);
        return false;
    }
    if (memchr(text, ':', (size_t)(colon - text)) != NULL && (*text != '[' || colon[-1] != ']')) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\": an IPv6 address stands in brackets", text);
        return false;
    }
    return set_text(object, key, name, text, error);
}

/* HOST:PORT of a server elsewhere. */
static bool set_server(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    g_autofree char *host = g_strndup(text, strcspn(text, ":"));
    struct in6_addr unused;

    if (*text == '[') {
        g_free(host);
        host = g_strndup(text + 1, strcspn(text + 1, "]"));
    }
    if (*text == '[' ? inet_pton(AF_INET6, host, &unused) != 1 : !is_domain(host) || strchr(text, '/') != NULL) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" names no host", text);
        return false;
    }
    return set_listen_address(object, key, name, text, error);
}

/* One unit a row; the numbers of a key that takes none of them are plain. */
struct unit {
    char letter;
    gint64 factor;
};
static const struct unit time_units[] = {{'s', 1},          {'m', 60},           {'h', 3600}, {'d', 86400},
                                         {'w', 7 * 86400L}, {'y', 365 * 86400L}, {'\0', 0}};
static const struct unit size_units[] = {{'K', 1 << 10}, {'M', 1 << 20}, {'G', 1 << 30}, {'\0', 0}};
static const struct unit no_units[] = {{'\0', 0}};

static bool read_number(const char *text, const struct unit *units, gint64 *number)
{
    char *end;

    errno = 0;
    *number = g_ascii_strtoll(text, &end, 10);
    if (!g_ascii_isdigit(*text) || errno != 0)
        return false;
    if (*end == '\0')
        return true;
    while (units->letter != '\0' && units->letter != *end)
        units++;
    if (units->letter == '\0' || end[1] != '\0' || *number > G_MAXINT64 / units->factor)
        return false;
    *number *= units->factor;
    return true;
}

static bool set_limited(void *object, const struct config_key *key, const struct unit *units, const char *text,
                        GError **error)
{
    gint64 minimum, maximum, value;
    bool limited = read_number(key->minimum, units, &minimum) && read_number(key->maximum, units, &maximum);

    g_assert(limited); /* the table's own */
    if (!read_number(text, units, &value)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" cannot be read", text);
        return false;
    }
    if (value < minimum || value > maximum) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is too %s", text,
                    value < minimum ? "small" : "large");
        return false;
    }
    G_STRUCT_MEMBER(gint64, object, key->offset) = value;
    return true;
}

static bool set_time(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                     GError **error)
{
    return set_limited(object, key, time_units, text, error);
}

static bool set_size(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                     GError **error)
{
    return set_limited(object, key, size_units, text, error);
}

static bool set_number(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                       GError **error)
{
    return set_limited(object, key, no_units, text, error);
}

static bool read_name(const char *const *names, const char *text, unsigned *value, GError **error)
{
    for (*value = 0; names[*value] != NULL; (*value)++) {
        if (strcmp(names[*value], text) == 0)
            return true;
    }
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is none of them", text);
    return false;
}

static bool set_protocol(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                         GError **error)
{
    return read_name(listen_protocol_names, text, G_STRUCT_MEMBER_P(object, key->offset), error);
}

static bool set_tls(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                    GError **error)
{
    return read_name(listen_tls_names, text, G_STRUCT_MEMBER_P(object, key->offset), error);
}

/* The limits that RATE tells. */
enum { RATE_COUNT_MAX = 1000000, RATE_PERIOD_MAX = 86400 };

static bool set_networks(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                         GError **error)
{
    struct networks **member = G_STRUCT_MEMBER_P(object, key->offset);
    struct networks *networks = networks_parse(text, error);

    if (networks == NULL)
        return false;
    networks_free(*member);
    *member = networks;
    return true;
}

/* rate = count " in " time / "none" */
static bool set_rate(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                     GError **error)
{
    struct config_rate *rate = G_STRUCT_MEMBER_P(object, key->offset);
    g_auto(GStrv) words = g_strsplit(text, " in ", 2);
    bool good = words[0] != NULL && words[1] != NULL;

    *rate = (struct config_rate){0};
    if (strcmp(text, "none") == 0)
        return true;
    good = good && read_number(g_strstrip(words[0]), no_units, &rate->count) &&
           read_number(g_strstrip(words[1]), time_units, &rate->period);
    if (good && rate->count >= 1 && rate->count <= RATE_COUNT_MAX && rate->period >= 1 &&
        rate->period <= RATE_PERIOD_MAX)
        return true;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is no rate", text);
    return false;
}

static bool set_smart_host_tls(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED,
                               const char *text, GError **error)
{
    return read_name(smart_host_tls_names, text, G_STRUCT_MEMBER_P(object, key->offset), error);
}

static bool set_scheme(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                       GError **error)
{
    return read_name(return_path_scheme_names, text, G_STRUCT_MEMBER_P(object, key->offset), error);
}

/* A choice of two, the second of which is true. */
static bool set_choice(bool *member, const char *const *names, const char *text, GError **error)
{
    unsigned value;

    if (!read_name(names, text, &value, error))
        return false;
    *member = value == 1;
    return true;
}

static bool set_unproven(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                         GError **error)
{
    static const char *const names[] = {"count", "suppress", NULL};

    return set_choice(G_STRUCT_MEMBER_P(object, key->offset), names, text, error);
}

static bool set_early_talkers(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED,
                              const char *text, GError **error)
{
    static const char *const names[] = {"refuse", "serve", NULL};

    return set_choice(G_STRUCT_MEMBER_P(object, key->offset), names, text, error);
}

/* One key a line; empty lines and lines that start with "#" are skipped. */
static bool set_key_file(void *object, const struct config_key *key, const char *name G_GNUC_UNUSED, const char *text,
                         GError **error)
{
    GPtrArray **member = G_STRUCT_MEMBER_P(object, key->offset);
    g_autofree char *contents = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(text, &contents, NULL, error))
        return false;
    lines = g_strsplit(contents, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_strstrip(*line);
        if (**line != '\0' && **line != '#')
            g_ptr_array_add(*member, g_strdup(*line));
    }
    if ((*member)->len > 0)
        return true;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s holds no key", text);
    return false;
}

/* The file's first line. Its owner and its group may read it, and nobody else. */
static bool set_password_file(void *object, const struct config_key *key, const char *name, const char *text,
                              GError **error)
{
    g_autofree char *contents = NULL;
    struct stat status;

    if (!g_file_get_contents(text, &contents, NULL, error))
        return false;
    if (stat(text, &status) != 0 || (status.st_mode & S_IRWXO) != 0) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s can be read by everybody (chmod o= %s)", text, text);
        return false;
    }
    contents[strcspn(contents, "\r\n")] = '\0';
    return set_text(object, key, name, contents, error);
}

static bool set_readable(void *object, const struct config_key *key, const char *name, const char *text, GError **error)
{
    if (g_access(text, R_OK) == 0)
        return set_text(object, key, name, text, error);
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s: %s", text, g_strerror(errno));
    return false;
}

static bool set_policy(void *object, const struct config_key *key G_GNUC_UNUSED, const char *name, const char *text,
                       GError **error)
{
    return policy_set(object, reason_from_name(name), text, error);
}

/* --- the keys ----------------------------------------------------------------------------------------------------- */

#define TIME "a time: a number with s, m, h, d, w or y"
#define COUNT "a number"
#define RATE "N in TIME (1 to 1000000 in 1s to 1d) or none"
#define NETWORKS "addresses, ADDRESS/BITS or unix, with commas between them, or none"

const struct config_key config_keys[] = {
    {"store", "path", NULL, NULL, NULL, "the database's path", set_text, offsetof(struct config, store_path)},
    {"store", "retention", "30d", "0", "100y", TIME " (0 keeps for good)", set_time,
     offsetof(struct config, store_retention)},
    {"store", "busy-timeout", "5s", "0", "1h", TIME, set_time, offsetof(struct config, store_busy_timeout)},
    {"server", "hostname", NULL, NULL, NULL, "a host name", set_domain, offsetof(struct config, hostname)},
    {"server", "message-size", "10M", "64K", "1G", "octets, with K, M or G", set_size,
     offsetof(struct config, message_size)},
    {"server", "memory", "256M", "1M", "64G", "octets, with K, M or G", set_size, offsetof(struct config, memory)},
    {"server", "recipients", "100", "1", "10000", COUNT, set_number, offsetof(struct config, recipients)},
    {"server", "errors", "20", "1", "10000", COUNT, set_number, offsetof(struct config, errors)},
    {"server", "connections", "1000", "1", "100000", COUNT, set_number, offsetof(struct config, connections)},
    {"server", "connections-per-address", "100", "1", "100000", COUNT, set_number,
     offsetof(struct config, address_connections)},
    {"server", "connection-rate", "1200 in 1m", NULL, NULL, RATE, set_rate, offsetof(struct config, connection_rate)},
    {"server", "network-connection-rate", "6000 in 1m", NULL, NULL, RATE, set_rate,
     offsetof(struct config, network_connection_rate)},
    {"server", "message-rate", "none", NULL, NULL, RATE, set_rate, offsetof(struct config, message_rate)},
    {"server", "network-message-rate", "none", NULL, NULL, RATE, set_rate,
     offsetof(struct config, network_message_rate)},
    {"server", "rate-exempt", "127.0.0.0/8, ::1, unix", NULL, NULL, NETWORKS, set_networks,
     offsetof(struct config, rate_exempt)},
    {"server", "commands", "2000", "10", "1000000", COUNT, set_number, offsetof(struct config, commands)},
    {"server", "greeting-delay", "0", "0", "1m", TIME, set_time, offsetof(struct config, greeting_delay)},
    {"server", "idle-timeout", "5m", "1s", "1d", TIME, set_time, offsetof(struct config, idle_timeout)},
    {"server", "session-timeout", "30m", "1s", "1d", TIME, set_time, offsetof(struct config, session_timeout)},
    {"server", "stop-timeout", "30s", "0", "1h", TIME, set_time, offsetof(struct config, stop_timeout)},
    {"server", "queue", "1000", "1", "1000000", COUNT, set_number, offsetof(struct config, queue_size)},
    {"server", "workers", "0", "0", "256", "a number (0 is one a core)", set_number, offsetof(struct config, workers)},
    {"tls", "certificate", NULL, NULL, NULL, "a file", set_text, offsetof(struct config, tls_certificate)},
    {"tls", "key", NULL, NULL, NULL, "a file", set_text, offsetof(struct config, tls_key)},
    {"listen", "protocol", NULL, NULL, NULL, "smtp, lmtp or http", set_protocol,
     offsetof(struct listen_config, protocol)},
    {"listen", "address", NULL, NULL, NULL, "HOST:PORT, [IPV6]:PORT or unix:/PATH", set_listen_address,
     offsetof(struct listen_config, address)},
    {"listen", "tls", "opportunistic", NULL, NULL, "none, opportunistic or required", set_tls,
     offsetof(struct listen_config, tls)},
    {"listen", "early-talkers", "refuse", NULL, NULL, "refuse or serve", set_early_talkers,
     offsetof(struct listen_config, lenient)},
    {"listen", "proxy", "none", NULL, NULL, NETWORKS, set_networks, offsetof(struct listen_config, proxy)},
    {"listen", "xclient", "none", NULL, NULL, NETWORKS, set_networks, offsetof(struct listen_config, xclient)},
    {"return-path", "domain", NULL, NULL, NULL, "a domain", set_domain, offsetof(struct return_path, domain)},
    {"return-path", "scheme", "plain", NULL, NULL, "plain, verp, signed, batv or srs", set_scheme,
     offsetof(struct return_path, scheme)},
    {"return-path", "key-file", NULL, NULL, NULL, "a readable file with a key a line", set_key_file,
     offsetof(struct return_path, keys)},
    {"return-path", "stream", NULL, NULL, NULL, "a name", set_text, offsetof(struct return_path, stream)},
    {"return-path", "unproven", NULL, NULL, NULL, "count or suppress", set_unproven,
     offsetof(struct return_path, unproven_suppresses)},
    {"return-path", "forward", NULL, NULL, NULL, "an address", set_address, offsetof(struct return_path, forward)},
    {"feedback", "address", NULL, NULL, NULL, "an address", set_address, offsetof(struct return_path, address)},
    {"feedback", "stream", NULL, NULL, NULL, "a name", set_text, offsetof(struct return_path, stream)},
    {"feedback", "unproven", "suppress", NULL, NULL, "count or suppress", set_unproven,
     offsetof(struct return_path, unproven_suppresses)},
    {"feedback", "forward", NULL, NULL, NULL, "an address", set_address, offsetof(struct return_path, forward)},
    {"postmaster", "forward", NULL, NULL, NULL, "an address", set_address, offsetof(struct config, postmaster_forward)},
    {"smart-host", "address", NULL, NULL, NULL, "HOST:PORT or [IPV6]:PORT", set_server,
     offsetof(struct smart_host, address)},
    {"smart-host", "tls", "required", NULL, NULL, "none, opportunistic, required or implicit", set_smart_host_tls,
     offsetof(struct smart_host, tls)},
    {"smart-host", "user", NULL, NULL, NULL, "a user name", set_text, offsetof(struct smart_host, user)},
    {"smart-host", "password-file", NULL, NULL, NULL, "a file with a password in its first line", set_password_file,
     offsetof(struct smart_host, password)},
    {"smart-host", "ca-file", NULL, NULL, NULL, "a readable PEM file", set_readable,
     offsetof(struct smart_host, ca_file)},
    {"smart-host", "from", NULL, NULL, NULL, "an address", set_address, offsetof(struct smart_host, from)},
    {"smart-host", "timeout", "5m", "1s", "1h", TIME, set_time, offsetof(struct smart_host, timeout)},
    {"smart-host", "retry", "1m", "1s", "1d", TIME, set_time, offsetof(struct smart_host, retry)},
    {"smart-host", "give-up", "5d", "1s", "30d", TIME, set_time, offsetof(struct smart_host, give_up)},
    {"smart-host", "hops", "30", "1", "1000", COUNT, set_number, offsetof(struct smart_host, hops)},
    {"smart-host", "hourly", "100", "1", "1000000", COUNT, set_number, offsetof(struct smart_host, hourly)},
    {"ingest", "unproven", "suppress", NULL, NULL, "count or suppress", set_unproven,
     offsetof(struct config, ingest_unproven_suppresses)},
    {"ingest", "unproven-recipients", "100", "1", "10000", COUNT, set_number,
     offsetof(struct config, ingest_unproven_recipients)},
    {"policy", "REASON", NULL, NULL, NULL, "never, N, N in TIME, or either with \", for TIME\"", set_policy, 0},
    {"classifier", "rules", NULL, NULL, NULL, "a directory", set_text, offsetof(struct config, classifier_rules)},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0},
};
