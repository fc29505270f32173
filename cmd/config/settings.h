/* settings.h: what each key of the config is set to, as text, and by which line; in the order of bounced.conf(5), then
 * of the file. A file of secrets is told by its name: its content is not in here. */
#pragma once

#include <glib.h>

struct setting {
    char *section; /* "store", "listen mx" */
    char *key;
    char *value;   /* NULL: it has none */
    unsigned line; /* of the config; 0: the default */
};

struct settings;

struct settings *settings_new(void);
void settings_free(struct settings *settings);

/* Sets it anew, wherever it was. */
void settings_put(struct settings *settings, const char *section, const char *key, const char *value, unsigned line);
/* NULL if it was not put. */
const struct setting *settings_find(const struct settings *settings, const char *section, const char *key);
/* All of them, of struct setting *. */
const GPtrArray *settings_all(const struct settings *settings);
