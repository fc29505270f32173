/* config_keys.h: the keys of the config in one table: section, name, default and what is expected. The manual is
 * checked against it. */
#pragma once

#include "cmd/config/keys/config_value.h"

/* Ends with a row whose section is NULL. */
extern const struct config_key config_keys[];
