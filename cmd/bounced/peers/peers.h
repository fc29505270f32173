/* peers.h: all mail clients of the daemon, for the files of this room: the sets of them, and the limits, counters and
 * log that they share. All others see receiver.h alone. */
#pragma once

#include <event2/event.h>
#include <glib.h>
#include <stdbool.h>

#include "cmd/bounced/log/counters.h"
#include "cmd/bounced/peers/intake.h"
#include "cmd/bounced/peers/limits.h"
#include "cmd/bounced/peers/record.h"
#include "cmd/bounced/setup/setup.h"
#include "cmd/bounced/smtp/session_event.h"
#include "cmd/bounced/smtp/session_settings.h"

/* Plain data. */
struct peers {
    struct event_base *base;
    const struct setup *setup;
    struct counters *counters;
    struct session_settings settings; /* of all sessions */
    struct record *record;
    struct limits *limits; /* of the peers and arrivals */
    struct intake *intake;
    GHashTable *arrivals; /* a set of struct arrival * */
    GHashTable *open;     /* a set of struct peer * */
    GHashTable *postings; /* a set of struct posting *: those with the store */
    bool stopping;        /* no new transactions */
};

/* The config is another: makes the settings from it again. */
void peers_renew(struct peers *peers);
/* The number of them, arrivals too. */
guint peers_count(const struct peers *peers);

/* The limits of all connections together, whoever they come from: LIMIT_NONE when there is room for one more, for which
 * messages that are not complete may have been given up. */
enum limit peers_find_full(struct peers *peers);
/* A limit was hit: counts it and logs it. */
void peers_hit(struct peers *peers, enum limit limit, const struct network_host *host, const char *listener);
/* Likewise, and a connection is refused for it. Returns the reason that its session ends with. */
enum session_end peers_refuse(struct peers *peers, enum limit limit, const struct network_host *host,
                              const char *listener);
