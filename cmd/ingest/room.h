/* room.h: whether there is room for what comes, by [store] max-size and min-free: looked at before each transaction,
 * and told before there is none. Internal to cmd/ingest/. */
#pragma once

#include "cmd/config/config.h"
#include "store/store.h"

enum room {
    ROOM_GOOD,
    ROOM_SHORT, /* an operator should know, and what can be spared goes */
    ROOM_NONE,  /* nothing is taken */
};

struct room_watch {
    int room; /* of enum room, as it was when it was looked at last; other threads read it */
};

/* How much there is. With ROOM_NONE an error says why, STORE_ERROR_FULL. */
enum room room_look(struct room_watch *watch, const struct config *config, struct store *store, GError **error);
