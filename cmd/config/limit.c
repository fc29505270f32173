#include "cmd/config/limit.h"

#include <stddef.h>

const char *const limit_names[] = {
    [LIMIT_NONE] = NULL,
    [LIMIT_CONNECTIONS] = "connections",
    [LIMIT_MEMORY] = "memory",
    [LIMIT_ADDRESS_MEMORY] = "memory-per-address",
    [LIMIT_DATA_RATE] = "min-data-rate",
    [LIMIT_ADDRESS_CONNECTIONS] = "connections-per-address",
    [LIMIT_CONNECTION_RATE] = "connection-rate",
    [LIMIT_NETWORK_CONNECTION_RATE] = "network-connection-rate",
    [LIMIT_MESSAGE_RATE] = "message-rate",
    [LIMIT_NETWORK_MESSAGE_RATE] = "network-message-rate",
    [LIMIT_MESSAGE_SIZE] = "message-size",
    [LIMIT_RECIPIENTS] = "recipients",
    [LIMIT_ERRORS] = "errors",
    [LIMIT_COMMANDS] = "commands",
    [LIMIT_IDLE_TIMEOUT] = "idle-timeout",
    [LIMIT_SESSION_TIMEOUT] = "session-timeout",
    [LIMIT_QUEUE] = "queue",
};
