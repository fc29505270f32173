/* daemon.h: the daemon from its config to its exit status: opens the store and the sockets, serves, and takes it all
 * down in order. */
#pragma once

#include "cmd/bounced/journal.h"
#include "cmd/config.h"

/* Checks what can be checked without starting anything: the rules beside the config. Returns a status of sysexits.h and
 * logs what was wrong. */
int daemon_check(const struct config *config, const struct journal *journal);

/* Runs in the foreground until it is stopped by a signal. Returns a status of sysexits.h and logs what was wrong. */
int daemon_run(const struct config *config, const struct journal *journal);
