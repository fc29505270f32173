#include "cmd/config/keys/config_section.h"

#include <string.h>

#include "cmd/config/keys/config_keys.h"
#include "cmd/config/suggestion.h"
#include "store/policy.h"

static void *open_global(struct config *config, const char *name G_GNUC_UNUSED)
{
    return config;
}

static void *open_listen(struct config *config, const char *name)
{
    struct listen_config *row = g_new0(struct listen_config, 1);

    row->name = g_strdup(name);
    row->bare_newline = LISTEN_BARE_NEWLINE_DEFAULT;
    row->streams = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_ptr_array_add(config->listeners, row);
    return row;
}

static void *open_return_path(struct config *config, const char *name)
{
    struct return_path *path = g_new0(struct return_path, 1);

    path->name = g_strdup(name);
    path->keys = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(config->return_paths, path);
    return path;
}

static void *open_feedback(struct config *config, const char *name)
{
    struct return_path *path = open_return_path(config, name);

    path->feedback = true;
    return path;
}

static void *open_smart_host(struct config *config, const char *name G_GNUC_UNUSED)
{
    config->smart_host = smart_host_new();
    return config->smart_host;
}

static void *open_policy(struct config *config, const char *name)
{
    struct policy *policy = policy_new(*name == '\0' ? NULL : name);

    g_ptr_array_add(config->policies, policy);
    return policy;
}

static void *open_feed(struct config *config, const char *name)
{
    struct feed_config *feed = feed_config_new(name);

    g_ptr_array_add(config->feeds, feed);
    return feed;
}

static const struct config_section sections[] = {
    {"store", CONFIG_NAME_NONE, open_global, {NULL}},
    {"log", CONFIG_NAME_NONE, open_global, {NULL}},
    {"server", CONFIG_NAME_NONE, open_global, {NULL}},
    {"tls", CONFIG_NAME_NONE, open_global, {"certificate", "key"}},
    {"listen", CONFIG_NAME_REQUIRED, open_listen, {"protocol", "address"}},
    {"api", CONFIG_NAME_NONE, open_global, {NULL}},
    {"socketmap", CONFIG_NAME_NONE, open_global, {NULL}},
    {"return-path", CONFIG_NAME_REQUIRED, open_return_path, {"domain"}},
    {"feedback", CONFIG_NAME_OPTIONAL, open_feedback, {NULL}},
    {"feed", CONFIG_NAME_REQUIRED, open_feed, {"type"}},
    {"postmaster", CONFIG_NAME_NONE, open_global, {NULL}},
    {"smart-host", CONFIG_NAME_NONE, open_smart_host, {"address"}},
    {"parser", CONFIG_NAME_NONE, open_global, {NULL}},
    {"ingest", CONFIG_NAME_NONE, open_global, {NULL}},
    {"policy", CONFIG_NAME_OPTIONAL, open_policy, {NULL}},
    {"wave", CONFIG_NAME_NONE, open_global, {NULL}},
    {"classifier", CONFIG_NAME_NONE, open_global, {NULL}},
    {"dkim", CONFIG_NAME_NONE, open_global, {NULL}},
    {"dns", CONFIG_NAME_NONE, open_global, {NULL}},
};

/* --- finding -------------------------------------------------------------------------------------------------------
 */

static void refuse(const struct config *config, const char *header, GError **error)
{
    const char *kinds[G_N_ELEMENTS(sections) + 1] = {NULL};
    g_autofree char *kind = g_strndup(header, strcspn(header, " ")), *what = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++)
        kinds[i] = sections[i].kind;
    const char *nearest = suggestion_of(kinds, kind);
    if (nearest != NULL)
        what = g_strdup_printf("is not a known section; did you mean [%s%s]?", nearest, header + strlen(kind));
    config_fail(config, header, NULL, what != NULL ? what : "is not a known section; see bounced.conf(5)", error);
}

/* By the first word of a header; `name` is the rest. */
static const struct config_section *section_of(const char *header, const char **name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
        size_t length = strlen(sections[i].kind);

        if (strncmp(header, sections[i].kind, length) != 0 || (header[length] != ' ' && header[length] != '\0'))
            continue;
        *name = header + length + strspn(header + length, " ");
        return &sections[i];
    }
    return NULL;
}

const struct config_section *config_section_find(const struct config *config, const char *header, const char **name,
                                                 GError **error)
{
    const struct config_section *section = section_of(header, name);

    if (section == NULL)
        refuse(config, header, error);
    else if (section->naming == CONFIG_NAME_REQUIRED && **name == '\0')
        config_fail(config, header, NULL, "needs a name after it", error);
    else if (section->naming == CONFIG_NAME_NONE && **name != '\0')
        config_fail(config, header, NULL, "takes no name", error);
    else
        return section;
    return NULL;
}

/* --- opening -------------------------------------------------------------------------------------------------------
 */

static bool is_reason(const struct config_key *key)
{
    return strcmp(key->name, "REASON") == 0;
}

static void set_initial(struct config *config, void *object, const char *kind, const char *header)
{
    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        if (strcmp(key->section, kind) != 0 || is_reason(key))
            continue;
        bool good = key->initial == NULL || key->set(object, key, key->name, key->initial, NULL);

        g_assert(good); /* a default that its own key refuses */
        settings_put(config->settings, header, key->name, key->initial, 0);
    }
}

void *config_section_open(struct config *config, const struct config_section *section, const char *header,
                          const char *name)
{
    void *object = section->open(config, name);

    if (section->open != open_global)
        set_initial(config, object, section->kind, header);
    return object;
}

void *config_section_add(struct config *config, const char *kind, const char *name)
{
    g_autofree char *header = g_strdup_printf("%s %s", kind, name);
    const char *unused;

    return config_section_open(config, section_of(kind, &unused), header, name);
}

void config_section_initial(struct config *config)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
        if (sections[i].open == open_global)
            set_initial(config, config, sections[i].kind, sections[i].kind);
    }
}

/* --- keys ----------------------------------------------------------------------------------------------------------
 */

static const struct config_key *find_key(const char *kind, const char *name, const char **canonical)
{
    enum reason reason = reason_from_name(name);

    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        if (strcmp(key->section, kind) != 0)
            continue;
        *canonical = is_reason(key) ? reason_names[reason] : key->name;
        if (is_reason(key) ? reason != REASON_NONE : strcmp(key->name, name) == 0)
            return key;
    }
    return NULL;
}

/* The key that may be meant; NULL if none is near. */
static const char *nearest_key(const char *kind, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        if (strcmp(key->section, kind) != 0)
            continue;
        if (!is_reason(key))
            g_ptr_array_add(names, (gpointer)key->name);
        for (enum reason reason = REASON_NONE; is_reason(key) && reason < REASON_COUNT; reason++)
            g_ptr_array_add(names, (gpointer)reason_names[reason]);
    }
    g_ptr_array_add(names, NULL);
    return suggestion_of((const char *const *)names->pdata, name);
}

const struct config_key *config_section_key(const struct config *config, const struct config_section *section,
                                            const char *header, const char *name, const char **canonical,
                                            GError **error)
{
    const struct config_key *key = find_key(section->kind, name, canonical);
    const char *nearest = key == NULL ? nearest_key(section->kind, name) : NULL;
    g_autofree char *what = NULL;

    if (key != NULL)
        return key;
    if (nearest != NULL)
        what = g_strdup_printf("is not a key of this section; did you mean %s?", nearest);
    config_fail(config, header, name, what != NULL ? what : "is not a key of this section; see bounced.conf(5)", error);
    return NULL;
}

void config_section_default(struct config *config, void *object, const char *header, const char *name,
                            const char *value)
{
    const char *unused;
    const struct config_section *section = section_of(header, &unused);
    const struct config_key *key = find_key(section->kind, name, &unused);
    bool good = key->set(object, key, name, value, NULL);

    g_assert(good);
    settings_put(config->settings, header, name, value, 0);
}
