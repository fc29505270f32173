#include "cmd/bounced/peers/peers.h"

/* One session without a message takes about so much, and a new one needs as much. */
enum { SESSION_MEMORY = 16384 };

void peers_renew(struct peers *peers)
{
    const struct config *config = peers->setup->config;

    peers->settings = (struct session_settings){
        .hostname = config->hostname,
        .return_paths = config->return_paths,
        .message_size = (size_t)config->message_size,
        .recipients = (size_t)config->recipients,
        .errors = (size_t)config->errors,
        .commands = (size_t)config->commands,
        .replies = peers->counters->replies,
        .limits = peers->counters->limits,
    };
}

guint peers_count(const struct peers *peers)
{
    return g_hash_table_size(peers->open) + g_hash_table_size(peers->arrivals);
}

enum limit peers_find_full(struct peers *peers)
{
    const struct config *config = peers->setup->config;
    gint64 sessions = peers_count(peers);
    gint64 left = config->memory - (sessions + 1) * SESSION_MEMORY;

    if (sessions >= config->connections)
        return LIMIT_CONNECTIONS;
    if (left < 0 || !intake_relieve(peers->intake, (size_t)left))
        return LIMIT_MEMORY;
    return LIMIT_NONE;
}

void peers_hit(struct peers *peers, enum limit limit, const struct network_host *host, const char *listener)
{
    peers->counters->limits[limit]++;
    record_refused(peers->record, limit_names[limit], host, listener);
}

/* A session ends with these for each limit. */
static const enum session_end limit_ends[] = {
    [LIMIT_CONNECTIONS] = SESSION_END_BUSY,
    [LIMIT_MEMORY] = SESSION_END_FULL,
    [LIMIT_ADDRESS_CONNECTIONS] = SESSION_END_CROWDED,
    [LIMIT_CONNECTION_RATE] = SESSION_END_RATE,
    [LIMIT_NETWORK_CONNECTION_RATE] = SESSION_END_RATE,
};

enum session_end peers_refuse(struct peers *peers, enum limit limit, const struct network_host *host,
                              const char *listener)
{
    peers->counters->refused[limit]++;
    peers_hit(peers, limit, host, listener);
    return limit_ends[limit];
}
