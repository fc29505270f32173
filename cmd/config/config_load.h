/* config_load.h: reads the config. Unknown or repeated sections and keys are errors (config_error.h). */
#pragma once

#include "cmd/config/config.h"

/* Reads `file`; NULL reads the default file when there is one, else the defaults: SMTP and LMTP on loopback. */
struct config *config_load(const char *file, GError **error);

/* The same in two steps, for those who need not all of it, and may not read all of it. The second reads the files of
 * keys and passwords, and sees to the certificates, that sections of a kind name, "return-path" or "smart-host"; NULL:
 * those of all. It reads each once. */
struct config *config_load_alone(const char *file, GError **error);
bool config_read_files(struct config *config, const char *kind, GError **error);
