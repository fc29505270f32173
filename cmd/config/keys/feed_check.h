/* feed_check.h: do the keys of each [feed NAME] fit together? */
#pragma once

#include "cmd/config/config.h"

/* False and an error, with the place in the file, if they do not. */
bool feed_check(const struct config *config, GError **error);
