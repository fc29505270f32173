/* config_error.h: what may be wrong with a config. The message names the file, the line, the section, the key and what
 * was expected. */
#pragma once

#include <glib.h>

#define CONFIG_ERROR (config_error_quark())
GQuark config_error_quark(void);
enum config_error {
    CONFIG_ERROR_FILE,     /* cannot be read */
    CONFIG_ERROR_BAD,      /* can be read and is wrong */
    CONFIG_ERROR_EXPECTED, /* of a value: the same, and the message says what was expected; only within the config */
};
