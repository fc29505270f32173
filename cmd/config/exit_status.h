/* exit_status.h: the exit status of sysexits.h that a failure stands for, in one table for both programs: what the
 * config, the store and files say. */
#pragma once

#include <glib.h>

/* EX_SOFTWARE for an error that nobody knows. */
int exit_status_of(const GError *error);
