/* config_check.h: what must hold between the keys and sections of a config, whatever order they stand in. For
 * config_load.c.
 */
#pragma once

#include "cmd/config/config.h"

/* After all is read, before the defaults of what was not named. */
bool config_check(const struct config *config, GError **error);
