/* server.h: the daemon's event loop: accepts connections, and obeys signals. SIGTERM and SIGINT stop it: no new
 * sessions, running transactions have config->stop_timeout to finish; a second one ends them at once. */
#pragma once

#include <glib.h>

#include "cmd/bounced/journal.h"
#include "cmd/config.h"
#include "cmd/ingest.h"

struct server;

/* All are borrowed, and outlive it. The listeners (of struct listener *) are closed when the server stops. */
struct server *server_new(const struct config *config, const struct journal *journal, struct ingest *ingest,
                          GPtrArray *listeners);
void server_free(struct server *server);

/* Until it is stopped. */
void server_run(struct server *server);

typedef struct server Server;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Server, server_free)
