#include "store/stored.h"

const char *const store_door_names[] = {
    [STORE_DOOR_CLI] = "cli",   [STORE_DOOR_API] = "api",
    [STORE_DOOR_PAGE] = "page", [STORE_DOOR_POLICY] = "policy",
    [STORE_DOOR_FEED] = "feed", [STORE_DOOR_IMPORT] = "import",
    [STORE_DOOR_SYNC] = "sync", NULL,
};

const char *const store_state_names[] = {"active", "held", NULL};
