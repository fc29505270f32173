#include "cmd/config/config_load.h"

#include <string.h>
#include <unistd.h>

#include "cmd/config/config_check.h"
#include "cmd/config/config_error.h"
#include "cmd/config/config_keys.h"
#include "store/policy.h"

#define DEFAULT_FILE BOUNCED_SYSCONFDIR "/bounced/bounced.conf"
#define STATE_DIRECTORY "/var/lib/bounced"

/* --- sections: what each makes, and what it must have in the end -------------------------------------------------- */

struct reader {
    struct config *config;
    GKeyFile *file;
};

static void *open_global(struct config *config, const char *name G_GNUC_UNUSED)
{
    return config;
}

static void *open_listen(struct config *config, const char *name)
{
    struct listen_config *row = g_new0(struct listen_config, 1);

    row->name = g_strdup(name);
    row->bare_newline = LISTEN_BARE_NEWLINE_DEFAULT;
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

static const struct section {
    const char *kind;
    enum { NAME_NONE, NAME_OPTIONAL, NAME_REQUIRED } naming;
    void *(*open)(struct config *config, const char *name);
    const char *required[2]; /* keys that have no default */
} sections[] = {
    {"store", NAME_NONE, open_global, {NULL}},
    {"server", NAME_NONE, open_global, {NULL}},
    {"tls", NAME_NONE, open_global, {"certificate", "key"}},
    {"listen", NAME_REQUIRED, open_listen, {"protocol", "address"}},
    {"socketmap", NAME_NONE, open_global, {NULL}},
    {"return-path", NAME_REQUIRED, open_return_path, {"domain"}},
    {"feedback", NAME_OPTIONAL, open_feedback, {NULL}},
    {"postmaster", NAME_NONE, open_global, {NULL}},
    {"smart-host", NAME_NONE, open_smart_host, {"address"}},
    {"parser", NAME_NONE, open_global, {NULL}},
    {"ingest", NAME_NONE, open_global, {NULL}},
    {"policy", NAME_OPTIONAL, open_policy, {NULL}},
    {"classifier", NAME_NONE, open_global, {NULL}},
    {"dkim", NAME_NONE, open_global, {NULL}},
    {"dns", NAME_NONE, open_global, {NULL}},
};

static const struct config_key *find_key(const char *section, const char *name)
{
    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        if (strcmp(key->section, section) != 0)
            continue;
        if (strcmp(key->name, name) == 0)
            return key;
        if (strcmp(key->name, "REASON") == 0 && reason_from_name(name) != REASON_NONE)
            return key;
    }
    return NULL;
}

static void set_initial(void *object, const char *section)
{
    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        bool good = strcmp(key->section, section) != 0 || key->initial == NULL ||
                    key->set(object, key, key->name, key->initial, NULL);

        g_assert(good); /* a default that its own key refuses */
    }
}

static bool fail_value(const struct config *config, const struct config_key *key, const char *section, const char *name,
                       const GError *bad, GError **error)
{
    g_autofree char *limits = NULL, *what = NULL;

    if (key->minimum != NULL)
        limits = g_strdup_printf(", from %s to %s", key->minimum, key->maximum);
    what = g_strdup_printf("= %s; expected %s%s", bad->message, key->expected, limits != NULL ? limits : "");
    return config_fail(config, section, name, what, error);
}

static void put_off(struct config *config, void *object, const struct config_key *key, const char *section,
                    const char *path)
{
    struct config_file *file = g_new0(struct config_file, 1);

    file->section = g_strdup(section);
    file->key = key;
    file->object = object;
    file->path = g_strdup(path);
    g_ptr_array_add(config->files, file);
}

static bool read_key(const struct reader *reader, void *object, const char *kind, const char *section, const char *name,
                     GError **error)
{
    const struct config_key *key = find_key(kind, name);
    g_autoptr(GError) bad = NULL;
    g_autofree char *value = NULL;

    if (key == NULL)
        return config_fail(reader->config, section, name, "is not a key of this section; see bounced.conf(5)", error);
    if (config_second_line(reader->config, section, name) != 0)
        return config_fail(reader->config, section, name, "is given twice", error);
    value = g_key_file_get_string(reader->file, section, name, &bad);
    if (value == NULL)
        return fail_value(reader->config, key, section, name, bad, error);
    g_strchomp(value);
    if (key->is_file)
        put_off(reader->config, object, key, section, value);
    else if (!key->set(object, key, name, value, &bad))
        return fail_value(reader->config, key, section, name, bad, error);
    return true;
}

static const struct section *find_section(const struct reader *reader, const char *header, const char **name,
                                          GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
        size_t length = strlen(sections[i].kind);

        if (strncmp(header, sections[i].kind, length) != 0 || (header[length] != ' ' && header[length] != '\0'))
            continue;
        for (*name = header + length; **name == ' ';)
            (*name)++;
        if (sections[i].naming == NAME_REQUIRED && **name == '\0') {
            config_fail(reader->config, header, NULL, "needs a name after it", error);
            return NULL;
        }
        if (sections[i].naming == NAME_NONE && **name != '\0') {
            config_fail(reader->config, header, NULL, "takes no name", error);
            return NULL;
        }
        return &sections[i];
    }
    config_fail(reader->config, header, NULL, "is not a known section; see bounced.conf(5)", error);
    return NULL;
}

static bool read_section(const struct reader *reader, const char *header, GError **error)
{
    const char *name;
    const struct section *section = find_section(reader, header, &name, error);
    g_auto(GStrv) keys = NULL;
    void *object;

    if (section == NULL)
        return false;
    if (config_second_line(reader->config, header, NULL) != 0)
        return config_fail(reader->config, header, NULL, "is given twice", error);
    object = section->open(reader->config, name);
    if (section->open != open_global)
        set_initial(object, section->kind);
    keys = g_key_file_get_keys(reader->file, header, NULL, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(section->required) && section->required[i] != NULL; i++) {
        g_autofree char *what = g_strdup_printf("needs the key %s", section->required[i]);

        if (!g_strv_contains((const char *const *)keys, section->required[i]))
            return config_fail(reader->config, header, NULL, what, error);
    }
    for (char **key = keys; *key != NULL; key++) {
        if (!read_key(reader, object, section->kind, header, *key, error))
            return false;
    }
    return true;
}

/* A signed path needs its keys, and a regular expression its pattern. */
static bool finish_return_path(const struct reader *reader, const char *header, GError **error)
{
    GPtrArray *paths = reader->config->return_paths;
    struct return_path *path = paths->pdata[paths->len - 1];
    g_autoptr(GError) bad = NULL;

    if (path->scheme == RETURN_PATH_SIGNED && config_line(reader->config, header, "key-file") == 0)
        return config_fail(reader->config, header, NULL, "has scheme = signed and needs the key key-file", error);
    if ((path->scheme == RETURN_PATH_REGEX) != (path->pattern != NULL))
        return config_fail(reader->config, header, NULL, "needs both scheme = regex and a pattern, or neither", error);
    if (!return_path_prepare(path, &bad)) {
        g_autofree char *what = g_strdup_printf("= %s", bad->message);
        return config_fail(reader->config, header, "pattern", what, error);
    }
    return true;
}

static bool finish_feedback(const struct reader *reader, const char *header, GError **error)
{
    GPtrArray *paths = reader->config->return_paths;
    const struct return_path *path = paths->pdata[paths->len - 1];

    if ((path->address == NULL) == (path->domain == NULL))
        return config_fail(reader->config, header, NULL, "needs one of the keys address and domain, and not both",
                           error);
    return true;
}

static const struct {
    const char *start; /* of the header */
    bool (*finish)(const struct reader *reader, const char *header, GError **error);
} finishes[] = {
    {"return-path ", finish_return_path},
    {"feedback", finish_feedback},
};

static bool finish_section(const struct reader *reader, const char *header, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(finishes); i++) {
        if (g_str_has_prefix(header, finishes[i].start))
            return finishes[i].finish(reader, header, error);
    }
    return true;
}

static bool read_sections(const struct reader *reader, GError **error)
{
    g_auto(GStrv) headers = g_key_file_get_groups(reader->file, NULL);

    reader->config->empty = *headers == NULL;
    for (char **header = headers; *header != NULL; header++) {
        if (!read_section(reader, *header, error) || !finish_section(reader, *header, error))
            return false;
    }
    return true;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

/* The first line that GKeyFile can make nothing of, which it does not number; 0 when it is something else. */
static unsigned find_garbage(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool inside = false;

    for (unsigned i = 0; lines[i] != NULL; i++) {
        const char *line = g_strstrip(lines[i]);
        bool header = *line == '[' && g_str_has_suffix(line, "]");

        if (*line == '\0' || *line == '#' || header || (inside && strchr(line, '=') > line)) {
            inside = inside || header;
            continue;
        }
        return i + 1;
    }
    return 0;
}

static bool read_file(struct config *config, const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *text = NULL;
    g_autoptr(GError) bad = NULL;
    struct reader reader;
    size_t length;

    if (!g_file_get_contents(path, &text, &length, &bad)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE, "%s", bad->message);
        return false;
    }
    /* So a file may be after a power cut. The text behind it would be lost without a word. */
    if (strlen(text) != length) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s: a NUL octet; expected text", path);
        return false;
    }
    if (!g_key_file_load_from_data(file, text, (size_t)-1, G_KEY_FILE_NONE, &bad)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s:%u: %s; expected [SECTION], KEY = VALUE or # COMMENT",
                    path, find_garbage(text), bad->message);
        return false;
    }
    reader = (struct reader){.config = config, .file = file};
    config->file = g_strdup(path);
    config->text = g_steal_pointer(&text);
    return read_sections(&reader, error) && config_check(config, error);
}

/* One list for everybody: whoever asks, be it root, the daemon or a plain user, is told of the same database. systemd
 * may have put its state directory elsewhere. */
static char *default_store_path(void)
{
    const char *systemd = g_getenv("STATE_DIRECTORY");

    return g_build_filename(systemd != NULL ? systemd : STATE_DIRECTORY, "bounced.db", NULL);
}

static void fill_defaults(struct config *config)
{
    g_autofree char *system = default_store_path();

    if (config->store_path == NULL)
        config->store_path = g_strdup(system);
    config->store_path_default = strcmp(config->store_path, system) == 0;
    if (config->hostname == NULL)
        config->hostname = g_strdup(g_get_host_name());
    if (config->listeners->len == 0) {
        struct listen_config *smtp = open_listen(config, "smtp"), *lmtp = open_listen(config, "lmtp");

        set_initial(smtp, "listen");
        set_initial(lmtp, "listen");
        smtp->address = g_strdup("127.0.0.1:2525");
        lmtp->address = g_strdup("127.0.0.1:2424");
        lmtp->protocol = LISTEN_PROTOCOL_LMTP;
    }
    if (config->return_paths->len == 0) {
        struct return_path *path = open_return_path(config, "localhost");

        path->domain = g_strdup("localhost");
    }
}

struct config *config_load_alone(const char *file, GError **error)
{
    g_autoptr(Config) config = config_new();

    config->empty = true;
    for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
        if (sections[i].open == open_global)
            set_initial(config, sections[i].kind);
    }
    if (file == NULL && g_file_test(DEFAULT_FILE, G_FILE_TEST_EXISTS))
        file = DEFAULT_FILE;
    if (file != NULL && !read_file(config, file, error))
        return NULL;
    fill_defaults(config);
    return g_steal_pointer(&config);
}

bool config_read_files(struct config *config, const char *kind, GError **error)
{
    for (guint i = 0; i < config->files->len;) {
        const struct config_file *file = config->files->pdata[i];
        g_autoptr(GError) bad = NULL;

        if (kind != NULL && strcmp(file->key->section, kind) != 0) {
            i++;
            continue;
        }
        if (!file->key->set(file->object, file->key, file->key->name, file->path, &bad))
            return fail_value(config, file->key, file->section, file->key->name, bad, error);
        g_ptr_array_remove_index(config->files, i);
    }
    return true;
}

struct config *config_load(const char *file, GError **error)
{
    g_autoptr(Config) config = config_load_alone(file, error);

    return config != NULL && config_read_files(config, NULL, error) ? g_steal_pointer(&config) : NULL;
}
