#include "cmd/bounced/peers/limits.h"

#include "cmd/bounced/peers/rates.h"

/* The sources that each rate remembers: about 10 MiB when all of them are under attack. */
enum { SOURCES_MAX = 65536 };

enum act { ACT_CONNECT, ACT_SEND };

/* One rate a row. */
static const struct row {
    enum limit limit;
    enum act act;              /* that it limits */
    unsigned v4_bits, v6_bits; /* of a source */
    size_t config;             /* where struct config has it */
} rows[] = {
    {LIMIT_CONNECTION_RATE, ACT_CONNECT, 32, 64, offsetof(struct config, connection_rate)},
    {LIMIT_NETWORK_CONNECTION_RATE, ACT_CONNECT, 24, 48, offsetof(struct config, network_connection_rate)},
    {LIMIT_MESSAGE_RATE, ACT_SEND, 32, 64, offsetof(struct config, message_rate)},
    {LIMIT_NETWORK_MESSAGE_RATE, ACT_SEND, 24, 48, offsetof(struct config, network_message_rate)},
};

struct limits {
    GHashTable *connections; /* of char *, an address: GUINT_TO_POINTER */
    struct rates *rates[G_N_ELEMENTS(rows)];
};

struct limits *limits_new(void)
{
    struct limits *limits = g_new0(struct limits, 1);

    limits->connections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        limits->rates[i] = rates_new(SOURCES_MAX);
    return limits;
}

void limits_free(struct limits *limits)
{
    if (limits == NULL)
        return;
    g_hash_table_unref(limits->connections);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        rates_free(limits->rates[i]);
    g_free(limits);
}

static enum limit take_rates(struct limits *limits, const struct config *config, const struct network_host *host,
                             gint64 now, enum act act)
{
    if (networks_have(config->rate_exempt, host))
        return LIMIT_NONE;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct config_rate *rate = G_STRUCT_MEMBER_P(config, rows[i].config);
        g_autofree char *source = NULL;

        if (rows[i].act != act || rate->count == 0)
            continue;
        source = network_name(host, rows[i].v4_bits, rows[i].v6_bits);
        if (!rates_take(limits->rates[i], source, rate, now, NULL))
            return rows[i].limit;
    }
    return LIMIT_NONE;
}

static char *address_of(const struct network_host *host)
{
    return network_name(host, 32, 64);
}

enum limit limits_enter(struct limits *limits, const struct config *config, const struct network_host *host, gint64 now)
{
    enum limit passed = take_rates(limits, config, host, now, ACT_CONNECT);
    g_autofree char *address = host->is_ip ? address_of(host) : NULL;
    guint count;

    if (passed != LIMIT_NONE || address == NULL)
        return passed;
    count = GPOINTER_TO_UINT(g_hash_table_lookup(limits->connections, address));
    if (count >= config->address_connections)
        return LIMIT_ADDRESS_CONNECTIONS;
    g_hash_table_replace(limits->connections, g_steal_pointer(&address), GUINT_TO_POINTER(count + 1));
    return LIMIT_NONE;
}

void limits_leave(struct limits *limits, const struct network_host *host)
{
    g_autofree char *address = host->is_ip ? address_of(host) : NULL;
    guint count = address != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(limits->connections, address)) : 0;

    if (count > 1)
        g_hash_table_replace(limits->connections, g_steal_pointer(&address), GUINT_TO_POINTER(count - 1));
    else if (count == 1)
        g_hash_table_remove(limits->connections, address);
}

enum limit limits_send(struct limits *limits, const struct config *config, const struct network_host *host, gint64 now)
{
    return take_rates(limits, config, host, now, ACT_SEND);
}

guint limits_size(const struct limits *limits)
{
    guint size = g_hash_table_size(limits->connections);

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        size += rates_size(limits->rates[i]);
    return size;
}
