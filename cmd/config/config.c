#include "cmd/config/config.h"

#include <string.h>

#include "cmd/config/config_error.h"
#include "store/policy.h"

static void listen_free(void *listen)
{
    struct listen_config *row = listen;

    g_free(row->name);
    g_free(row->address);
    g_free(row->stream_from);
    g_hash_table_unref(row->streams);
    networks_free(row->proxy);
    networks_free(row->xclient);
    if (row->own_mta != NULL)
        g_ptr_array_unref(row->own_mta);
    g_free(row);
}

static void file_free(void *file)
{
    struct config_file *row = file;

    g_free(row->section);
    g_free(row->path);
    g_free(row);
}

struct config *config_new(void)
{
    struct config *config = g_new0(struct config, 1);

    config->settings = settings_new();
    config->listeners = g_ptr_array_new_with_free_func(listen_free);
    config->return_paths = g_ptr_array_new_with_free_func((GDestroyNotify)return_path_free);
    config->files = g_ptr_array_new_with_free_func(file_free);
    config->feeds = g_ptr_array_new_with_free_func((GDestroyNotify)feed_config_unref);
    config->policies = g_ptr_array_new_with_free_func((GDestroyNotify)policy_free);
    config->tenants = g_hash_table_new(g_str_hash, g_str_equal);
    return config;
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    g_free(config->file);
    g_free(config->text);
    settings_free(config->settings);
    g_free(config->store_path);
    g_free(config->hostname);
    g_free(config->lookup_text);
    g_free(config->tls_certificate);
    g_free(config->tls_key);
    g_free(config->classifier_rules);
    g_free(config->dns_servers);
    if (config->authserv_ids != NULL)
        g_ptr_array_unref(config->authserv_ids);
    networks_free(config->rate_exempt);
    g_free(config->postmaster_forward);
    smart_host_unref(config->smart_host);
    g_ptr_array_unref(config->files);
    g_ptr_array_unref(config->listeners);
    g_ptr_array_unref(config->return_paths);
    g_ptr_array_unref(config->feeds);
    g_ptr_array_unref(config->policies);
    g_hash_table_unref(config->tenants);
    g_free(config);
}

const struct listen_config *config_listener(const struct config *config, const char *name)
{
    for (guint i = 0; i < config->listeners->len; i++) {
        const struct listen_config *listener = config->listeners->pdata[i];

        if (strcmp(listener->name, name) == 0)
            return listener;
    }
    return NULL;
}

/* --- places in the file ------------------------------------------------------------------------------------------- */

/* The line of [section] or, if `key` is given, of a key in it; 0 if it is not there. GKeyFile does not tell. `skip`
 * that many finds first. */
static unsigned find_line(const char *text, const char *section, const char *key, unsigned skip)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool inside = false;

    for (unsigned i = 0; lines[i] != NULL; i++) {
        char *line = g_strstrip(lines[i]), *close = strrchr(line, ']'), *equals = strchr(line, '=');
        bool header = *line == '[' && close != NULL, found;

        if (header) {
            *close = '\0';
            inside = strcmp(line + 1, section) == 0;
            found = inside && key == NULL;
        } else {
            if (equals != NULL)
                *equals = '\0';
            found = inside && key != NULL && *line != '#' && equals != NULL && strcmp(g_strchomp(line), key) == 0;
        }
        if (found && skip-- == 0)
            return i + 1;
    }
    return 0;
}

unsigned config_line(const struct config *config, const char *section, const char *key)
{
    return config->text == NULL ? 0 : find_line(config->text, section, key, 0);
}

unsigned config_second_line(const struct config *config, const char *section, const char *key)
{
    return config->text == NULL ? 0 : find_line(config->text, section, key, 1);
}

char *config_place(const struct config *config, const char *section, const char *key)
{
    return g_strdup_printf("%s:%u: [%s]%s%s", config->file, config_line(config, section, key), section,
                           key != NULL ? " " : "", key != NULL ? key : "");
}

bool config_fail(const struct config *config, const char *section, const char *key, const char *what, GError **error)
{
    g_autofree char *place = config_place(config, section, key);

    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s %s", place, what);
    return false;
}

GHashTable *config_copy_tenants(const struct config *config)
{
    GHashTable *copy = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    GHashTableIter iter;
    gpointer stream, tenant;

    g_hash_table_iter_init(&iter, config->tenants);
    while (g_hash_table_iter_next(&iter, &stream, &tenant))
        g_hash_table_insert(copy, g_strdup(stream), g_strdup(tenant));
    return copy;
}
