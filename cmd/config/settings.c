#include "cmd/config/settings.h"

struct settings {
    GPtrArray *all;      /* of struct setting * */
    GHashTable *by_name; /* "section\nkey": the same */
};

static void setting_free(void *data)
{
    struct setting *setting = data;

    g_free(setting->section);
    g_free(setting->key);
    g_free(setting->value);
    g_free(setting);
}

struct settings *settings_new(void)
{
    struct settings *settings = g_new0(struct settings, 1);

    settings->all = g_ptr_array_new_with_free_func(setting_free);
    settings->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return settings;
}

void settings_free(struct settings *settings)
{
    if (settings == NULL)
        return;
    g_hash_table_destroy(settings->by_name);
    g_ptr_array_unref(settings->all);
    g_free(settings);
}

static struct setting *look_up(const struct settings *settings, const char *section, const char *key)
{
    g_autofree char *name = g_strdup_printf("%s\n%s", section, key);

    return g_hash_table_lookup(settings->by_name, name);
}

void settings_put(struct settings *settings, const char *section, const char *key, const char *value, unsigned line)
{
    struct setting *setting = look_up(settings, section, key);

    if (setting == NULL) {
        setting = g_new0(struct setting, 1);
        setting->section = g_strdup(section);
        setting->key = g_strdup(key);
        g_ptr_array_add(settings->all, setting);
        g_hash_table_insert(settings->by_name, g_strdup_printf("%s\n%s", section, key), setting);
    }
    g_free(setting->value);
    setting->value = g_strdup(value);
    setting->line = line;
}

const struct setting *settings_find(const struct settings *settings, const char *section, const char *key)
{
    return look_up(settings, section, key);
}

const GPtrArray *settings_all(const struct settings *settings)
{
    return settings->all;
}
