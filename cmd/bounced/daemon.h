/* daemon.h: the daemon from its config to its exit status: it opens the store and the sockets, serves, and closes them
 * in order. */
#pragma once

#include "cmd/bounced/log/journal.h"
#include "cmd/bounced/setup/setup.h"

/* Runs in the foreground until it is stopped by a signal. Returns a status of sysexits.h and logs what was wrong. */
int daemon_run(struct setup *setup, struct journal *journal);
