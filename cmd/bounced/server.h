/* server.h: the daemon's event loop: it accepts connections and obeys signals. SIGTERM and SIGINT stop it: no session
 * begins, and messages under way have config->stop_timeout to finish; a second signal ends them at once. SIGHUP reads
 * config and rules again: a bad config is refused and the old one stays, and no session is dropped. */
#pragma once

#include <glib.h>

#include "cmd/bounced/log/journal.h"
#include "cmd/bounced/out/feeds.h"
#include "cmd/bounced/out/forwards.h"
#include "cmd/bounced/setup/setup.h"
#include "cmd/bounced/verify/verifier.h"
#include "cmd/ingest/ingest.h"

struct server;

struct server_parts {
    struct setup *setup; /* by which all but the key and the journal work, and which a reload replaces */
    struct journal *journal;
    struct ingest *ingest;
    struct forwards *forwards;
    struct verifier *verifier;
    struct feeds *feeds;
    const guint8 *key; /* of store_name_key() */
};

/* The parts are borrowed, and outlive it. */
struct server *server_new(const struct server_parts *parts);
void server_free(struct server *server);

/* Serves `listeners` (of struct listener *; it takes the array) until it is stopped. */
void server_run(struct server *server, GPtrArray *listeners);

typedef struct server Server;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_free)
