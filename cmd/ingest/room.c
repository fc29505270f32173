#include "cmd/ingest/room.h"

static enum room judge(const struct config *config, const struct store_room *room)
{
    gint64 most = config->store_max_size, least = config->store_min_free;

    if ((most > 0 && room->used >= most) || room->free < least)
        return ROOM_NONE;
    if ((most > 0 && room->used >= most - most / 10) || room->free < 2 * least)
        return ROOM_SHORT;
    return ROOM_GOOD;
}

enum room room_look(struct room_watch *watch, const struct config *config, struct store *store, GError **error)
{
    struct store_room room;

    /* A failure to ask is none of room: what is written next will tell. */
    if (store_room(store, &room, NULL))
        g_atomic_int_set(&watch->room, (int)judge(config, &room));
    if (watch->room == ROOM_NONE)
        g_set_error(error, STORE_ERROR, STORE_ERROR_FULL,
                    "%s: has grown to max-size, or less than min-free is left of its file system", config->store_path);
    return (enum room)watch->room;
}
