/* http_parts.h: the parts of the daemon that routes work with. Plain data. */
#pragma once

#include <event2/event.h>

#include "cmd/bounced/log/counters.h"
#include "cmd/bounced/log/journal.h"
#include "cmd/bounced/setup/setup.h"
#include "cmd/ingest/ingest.h"

struct desk;
struct feeds;
struct http;
struct http_call;
struct receiver;
struct snapshots;
struct traffic;

/* The limit of connections at one time, over all listeners. */
enum { HTTP_CONNECTIONS = 256 };

struct http_parts {
    struct event_base *base; /* the loop's */
    const struct setup *setup;
    const struct journal *journal;
    struct counters *counters;
    struct receiver *receiver;
    const struct desk *desk;
    struct feeds *feeds;
    struct ingest *ingest;
    struct snapshots *snapshots;
    struct http *http;                                      /* of the routes; ... */
    void (*end)(struct http *http, struct http_call *call); /* ... http_end(), for a call that one kept */
    const struct traffic *traffic;
    const guint8 *key; /* of ids: store_name_key() */
    gint stopping;     /* the daemon does; atomic */
};
