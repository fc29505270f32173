/* config_load.h: reads the config. Unknown or repeated sections and keys are errors (config_error.h). */
#pragma once

#include "cmd/config/config.h"

/* Reads `file`; NULL reads the default file when there is one, else the defaults: SMTP and LMTP on loopback. */
struct config *config_load(const char *file, GError **error);
