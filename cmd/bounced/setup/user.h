/* user.h: the user as whom a config is checked: it is good if it is for the daemon's, who may read less than root does.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Becomes the user `name`, which only root can; NULL: stays who it is. STORE_ERROR_DENIED where that cannot be. */
bool user_become(const char *name, GError **error);

/* The user as whom the unit starts the daemon, where root asks and the machine has one; else NULL. */
const char *user_of_daemon(void);
