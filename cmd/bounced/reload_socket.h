/* reload_socket.h: the daemon's end of the control socket (cmd/control/control.h): root and the daemon's own user may
 * ask for a reload, and are told what came of it. */
#pragma once

#include <event2/event.h>

#include "cmd/bounced/log/journal.h"
#include "cmd/bounced/reload.h"

struct reload_socket;

/* All are borrowed. Where the socket cannot be had, the journal says so, and SIGHUP does as before. */
struct reload_socket *reload_socket_new(struct event_base *base, const struct journal *journal, struct reload *reload);
void reload_socket_free(struct reload_socket *socket);
