/* outgoing.h: a stored message that goes on to a person, as plain data. */
#pragma once

#include <glib.h>

extern const char *const outgoing_state_names[];
enum outgoing_state {
    OUTGOING_WAITING,
    OUTGOING_DELIVERED,
    OUTGOING_FAILED,   /* given up */
    OUTGOING_WITHHELD, /* was not to go on, or was one too many */
};

/* One row; its strings live until the next call. */
struct outgoing {
    const char *digest;    /* of the message */
    const char *source;    /* of the message, as in struct store_message */
    const char *recipient; /* whom it goes on to */
    const char *came_to;   /* the envelope recipient that it came for */
    enum outgoing_state state;
    gint64 queued;
    unsigned attempts;
    gint64 next;      /* of OUTGOING_WAITING: when it is tried */
    gint64 tried;     /* 0: never */
    const char *said; /* what the last attempt came to, or why it is withheld; NULL: nothing yet */
};

/* Sets what is to become of a message that store_add() has just added. */
struct outgoing_order {
    const char *recipient;
    const char *came_to;
    const char *withheld; /* why it does not go on; NULL: it does */
    gint64 now;
    gint64 hourly;        /* when as many go on that were queued within the hour before now, it is withheld, too, ... */
    gint64 sender_hourly; /* likewise, of those whose envelope sender is of the same domain */
    const char *too_many; /* ... for this reason */
};
