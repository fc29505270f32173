/* outlet.h: the seam between a feed and its way out: what an outlet is given, and how it tells what became of it. A
 * feed gives its outlet one delivery at a time, and the next one when that has ended: so what one address is told comes
 * in order. A delivery that has failed is given again, but for what the outlet said was done of it.
 *
 * All of it is on the feeds' thread, which an outlet may not hold up. */
#pragma once

#include <event2/event.h>
#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/log/journal.h"
#include "cmd/bounced/out/feeds/feed_plan.h"
#include "cmd/config/feed_config.h"
#include "cmd/ingest/ingest.h"
#include "store/tail.h"

/* One event or change, or the test that an operator asks for. */
struct feed_item {
    char *id;                       /* the same whenever it is delivered */
    char *type;                     /* "report.bounce" */
    char *json;                     /* an object {"id", "type", "timestamp", "data"} */
    char *recipient;                /* of a change the subject; NULL: not known */
    const char *verdict;            /* by its name */
    const char *reason;             /* by its name; "": none */
    bool listed;                    /* of a change: the subject has an entry, of whatever scope, after it */
    struct event *event;            /* a copy, for outlets that choose; NULL: a change, or another outlet */
    char *digest;                   /* of its message, likewise */
    gint64 at;                      /* when it came, seconds */
    struct store_position position; /* behind it */
    bool done;                      /* the outlet sets it, for when the rest fails */
};

/* Of what a tail gives, with the key of ids; `listed` and the position are the caller's to set. `copies`: it is for an
 * outlet that chooses. */
struct feed_item *feed_item_new(const guint8 *key, const struct store_tail_item *from, bool copies);
/* The test number `number`. */
struct feed_item *feed_item_new_test(gint64 number, gint64 now);
void feed_item_free(struct feed_item *item);

struct outlet_end {
    const char *why;    /* NULL: all was delivered */
    gint64 retry_after; /* seconds that the other side asks for; 0: it does not say */
    bool gone;          /* it wants nothing more, for good */
};

/* All feeds share it. Borrowed; it outlives the outlets. */
struct outlet_shared {
    struct event_base *base;
    struct event *turn; /* of the feeds: active when there is something for them to do */
    const struct journal *journal;
    struct ingest *ingest;        /* whose store has the feeds' rows */
    const char *store;            /* the path of the database */
    const guint8 *key;            /* of ids */
    const struct feed_plan *plan; /* the present one */
};

struct outlet_parts {
    const struct outlet_shared *shared;
    struct feed_config *config; /* borrowed; outlives the outlet */
    /* Ends the delivery; not from within deliver(). The owner does not free the outlet meanwhile. */
    void (*end)(void *owner, const struct outlet_end *end);
    void *owner;
};

struct outlet_type {
    void *(*open)(const struct outlet_parts *parts);
    void (*deliver)(void *outlet, const GPtrArray *items); /* of struct feed_item *, one at least; until its end */
    void (*close)(void *outlet);                           /* a delivery that is on does not end any more */
    /* It always tells the whole list, and not oftener than config->every: a delivery has one item, the last of all that
     * have come, and the first delivery has one of the type "feed.started", whether anything has come or not. */
    bool whole;
    /* Of what the filter wants, is this for it? NULL: all is. */
    bool (*wants)(const struct feed_config *config, const struct store_tail_item *from);
};
