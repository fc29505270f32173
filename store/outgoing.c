#include "store/outgoing.h"

const char *const outgoing_state_names[] = {
    [OUTGOING_WAITING] = "waiting",
    [OUTGOING_DELIVERED] = "delivered",
    [OUTGOING_FAILED] = "failed",
    [OUTGOING_WITHHELD] = "withheld",
    NULL,
};
