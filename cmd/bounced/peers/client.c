#include "cmd/bounced/peers/client.h"

void client_init(struct client *client, const struct listen_config *listener, const struct network_host *host)
{
    *client = (struct client){.host = *host,
                              .name = network_host_name(host),
                              .listener = g_strdup(listener->name),
                              .protocol = listener->protocol,
                              .trusted = networks_have(listener->xclient, host)};
}

void client_clear(struct client *client, struct limits *limits)
{
    if (!client->trusted)
        limits_leave(limits, &client->host);
    g_free(client->name);
    g_free(client->listener);
}

enum limit client_rename(struct client *client, struct limits *limits, const struct config *config,
                         const struct network_host *host, gint64 now)
{
    bool same = network_host_same(host, &client->host);
    enum limit passed = same ? LIMIT_NONE : limits_enter(limits, config, host, now);

    if (passed != LIMIT_NONE)
        return passed;
    if (!same && !client->trusted)
        limits_leave(limits, &client->host);
    client->trusted = client->trusted && same;
    client->host = *host;
    g_free(client->name);
    client->name = network_host_name(host);
    return LIMIT_NONE;
}

enum limit client_send(const struct client *client, struct limits *limits, const struct config *config, gint64 now)
{
    return client->trusted ? LIMIT_NONE : limits_send(limits, config, &client->host, now);
}
