/* limit.h: what a peer may use up or overrun, and the keys in [server] that say how much that may be. */
#pragma once

enum limit {
    LIMIT_NONE, /* none is passed */
    LIMIT_CONNECTIONS,
    LIMIT_MEMORY,
    LIMIT_ADDRESS_MEMORY,
    LIMIT_DATA_RATE,
    LIMIT_ADDRESS_CONNECTIONS,
    LIMIT_CONNECTION_RATE,
    LIMIT_NETWORK_CONNECTION_RATE,
    LIMIT_MESSAGE_RATE,
    LIMIT_NETWORK_MESSAGE_RATE,
    LIMIT_MESSAGE_SIZE,
    LIMIT_RECIPIENTS,
    LIMIT_ERRORS,
    LIMIT_COMMANDS,
    LIMIT_IDLE_TIMEOUT,
    LIMIT_SESSION_TIMEOUT,
    LIMIT_QUEUE,
    LIMIT_COUNT /* of the values above */
};
/* NULL for LIMIT_NONE. */
extern const char *const limit_names[];
