/* config_check.h: what must hold between the keys and sections of a config, whatever order they stand in, and what its
 * operator should know of it.
 */
#pragma once

#include "cmd/config/config.h"

/* For config_load.c: after all is read, before the defaults of what was not named. */
bool config_check(const struct config *config, GError **error);

/* Settings that are allowed and yet a risk, a line each, with the place: of char *, may be empty. The caller frees. */
GPtrArray *config_warnings(const struct config *config);
