#include "cmd/config/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "cmd/config/config_error.h"

static const guint8 v4_prefix[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* --- hosts ------------------------------------------------------------------------------------------------------- */

void network_host_set(struct network_host *host, const void *address, size_t length)
{
    g_assert(length == sizeof host->octets || length == sizeof host->octets - sizeof v4_prefix);
    memcpy(host->octets, v4_prefix, sizeof v4_prefix);
    memcpy(host->octets + sizeof host->octets - length, address, length);
}

void network_host_read(struct network_host *host, const struct sockaddr *address)
{
    struct sockaddr_in in;
    struct sockaddr_in6 in6;

    *host = (struct network_host){.is_ip = address->sa_family == AF_INET || address->sa_family == AF_INET6};
    if (address->sa_family == AF_INET) {
        memcpy(&in, address, sizeof in);
        network_host_set(host, &in.sin_addr, sizeof in.sin_addr);
        host->port = ntohs(in.sin_port);
    } else if (address->sa_family == AF_INET6) {
        memcpy(&in6, address, sizeof in6);
        memcpy(host->octets, &in6.sin6_addr, sizeof host->octets);
        host->port = ntohs(in6.sin6_port);
    }
}

bool network_host_parse(struct network_host *host, const char *text)
{
    struct in_addr in;

    *host = (struct network_host){.is_ip = true};
    if (inet_pton(AF_INET, text, &in) == 1) {
        network_host_set(host, &in, sizeof in);
        return true;
    }
    return inet_pton(AF_INET6, text, host->octets) == 1;
}

bool network_host_same(const struct network_host *one, const struct network_host *other)
{
    return one->is_ip == other->is_ip && memcmp(one->octets, other->octets, sizeof one->octets) == 0;
}

bool network_host_is_v4(const struct network_host *host)
{
    return host->is_ip && memcmp(host->octets, v4_prefix, sizeof v4_prefix) == 0;
}

static void format(const struct network_host *host, char text[INET6_ADDRSTRLEN])
{
    bool is_v4 = network_host_is_v4(host);
    const guint8 *octets = is_v4 ? host->octets + sizeof v4_prefix : host->octets;

    (void)inet_ntop(is_v4 ? AF_INET : AF_INET6, octets, text, INET6_ADDRSTRLEN); /* there is room */
}

char *network_host_name(const struct network_host *host)
{
    char text[INET6_ADDRSTRLEN];

    if (!host->is_ip)
        return g_strdup("unix");
    format(host, text);
    return g_strdup_printf(network_host_is_v4(host) ? "%s:%u" : "[%s]:%u", text, host->port);
}

static void clear_bits(guint8 *octets, unsigned from)
{
    for (unsigned bit = from; bit < NETWORK_BITS; bit++)
        octets[bit / 8] &= (guint8) ~(0x80 >> bit % 8);
}

char *network_name(const struct network_host *host, unsigned v4_bits, unsigned v6_bits)
{
    bool is_v4 = network_host_is_v4(host);
    unsigned bits = is_v4 ? v4_bits : v6_bits;
    struct network_host first = *host;
    char text[INET6_ADDRSTRLEN];

    if (!host->is_ip)
        return g_strdup("unix");
    clear_bits(first.octets, is_v4 ? NETWORK_V4_BITS + bits : bits);
    format(&first, text);
    if (bits == (is_v4 ? NETWORK_BITS - NETWORK_V4_BITS : NETWORK_BITS))
        return g_strdup(text);
    return g_strdup_printf("%s/%u", text, bits);
}

/* --- sets -------------------------------------------------------------------------------------------------------- */

struct network {
    guint8 octets[NETWORK_OCTETS];
    unsigned bits;
};

struct networks {
    GArray *each; /* of struct network */
    bool has_unix;
};

static bool parse_network(const char *text, struct network *network)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 2);
    struct network_host host;
    guint8 first[NETWORK_OCTETS];
    guint64 bits;
    unsigned before;

    if (parts[0] == NULL || !network_host_parse(&host, parts[0]))
        return false;
    before = network_host_is_v4(&host) && strchr(parts[0], ':') == NULL ? NETWORK_V4_BITS : 0;
    bits = NETWORK_BITS - before;
    if (parts[1] != NULL && !g_ascii_string_to_unsigned(parts[1], 10, 0, NETWORK_BITS - before, &bits, NULL))
        return false;
    network->bits = before + (unsigned)bits;
    memcpy(network->octets, host.octets, sizeof first);
    memcpy(first, host.octets, sizeof first);
    clear_bits(first, network->bits);
    /* "192.0.2.1/24" is a slip: one address or its network? */
    return memcmp(first, network->octets, sizeof first) == 0;
}

static bool add_network(struct networks *networks, const char *text)
{
    struct network network;

    if (strcmp(text, "unix") == 0)
        networks->has_unix = true;
    else if (parse_network(text, &network))
        g_array_append_val(networks->each, network);
    else
        return false;
    return true;
}

struct networks *networks_parse(const char *text, GError **error)
{
    struct networks *networks = g_new0(struct networks, 1);
    g_auto(GStrv) words = g_strsplit(text, ",", -1);
    const char *bad = words[0] == NULL ? "" : NULL;

    networks->each = g_array_new(FALSE, FALSE, sizeof(struct network));
    for (char **word = words; *word != NULL && strcmp(text, "none") != 0; word++) {
        if (!add_network(networks, g_strstrip(*word)))
            bad = *word;
    }
    if (bad == NULL)
        return networks;
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "\"%s\" is no network", bad);
    networks_free(networks);
    return NULL;
}

void networks_free(struct networks *networks)
{
    if (networks == NULL)
        return;
    g_array_unref(networks->each);
    g_free(networks);
}

static bool begin_alike(const guint8 *one, const guint8 *other, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;

    return memcmp(one, other, whole) == 0 && (rest == 0 || (one[whole] ^ other[whole]) >> (8 - rest) == 0);
}

bool networks_empty(const struct networks *networks)
{
    return networks == NULL || (!networks->has_unix && networks->each->len == 0);
}

bool networks_have(const struct networks *networks, const struct network_host *host)
{
    if (networks == NULL || !host->is_ip)
        return networks != NULL && networks->has_unix;
    for (guint i = 0; i < networks->each->len; i++) {
        const struct network *network = &g_array_index(networks->each, struct network, i);

        if (begin_alike(host->octets, network->octets, network->bits))
            return true;
    }
    return false;
}
