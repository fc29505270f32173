/* config_section.h: the sections of the config in one table: what each makes of a config, whether it takes a name, and
 * which keys it must have. */
#pragma once

#include "cmd/config/config.h"
#include "cmd/config/keys/config_keys.h"

struct config_section {
    const char *kind;
    enum { CONFIG_NAME_NONE, CONFIG_NAME_OPTIONAL, CONFIG_NAME_REQUIRED } naming;
    void *(*open)(struct config *config, const char *name);
    const char *required[2]; /* keys that have no default */
};

/* Of a header "listen mx" that the file has; `name` becomes "mx", or "". NULL and an error if it is none. */
const struct config_section *config_section_find(const struct config *config, const char *header, const char **name,
                                                 GError **error);
/* Makes what the section's keys are put into, with their defaults. */
void *config_section_open(struct config *config, const struct config_section *section, const char *header,
                          const char *name);
/* The same for one that the file does not have, and which is there by default. */
void *config_section_add(struct config *config, const char *kind, const char *name);
/* The sections that are there always, with their defaults. */
void config_section_initial(struct config *config);

/* The section's key of that name, in `canonical` as it is written (a reason may have other names); NULL and an error if
 * it has none. */
const struct config_key *config_section_key(const struct config *config, const struct config_section *section,
                                            const char *header, const char *name, const char **canonical,
                                            GError **error);
/* Sets a key to what is the default where nobody says, and depends on the machine, or on what else is in the file. */
void config_section_default(struct config *config, void *object, const char *header, const char *name,
                            const char *value);
