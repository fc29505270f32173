#include "cmd/config/config_load.h"

#include <string.h>
#include <unistd.h>

#include "cmd/config/config_check.h"
#include "cmd/config/config_error.h"
#include "cmd/config/keys/config_section.h"
#include "cmd/config/text_file.h"
#include "store/policy.h"

#define DEFAULT_FILE BOUNCED_SYSCONFDIR "/bounced/bounced.conf"
enum { GARBAGE_SHOWN = 60 }; /* octets of a line that is nothing */
#define STATE_DIRECTORY "/var/lib/bounced"

struct reader {
    struct config *config;
    GKeyFile *file;
};

/* An INI file has no quotes: they would be a part of the value. */
static bool is_quoted(const char *value)
{
    size_t length = strlen(value);

    return length >= 2 && (*value == '"' || *value == '\'') && value[length - 1] == *value;
}

/* NULL and an error if it is no text, or in quotes. The caller frees. */
static char *take_value(const struct reader *reader, const struct config_key *key, const char *header, const char *name,
                        GError **error)
{
    g_autoptr(GError) bad = NULL;
    g_autofree char *value = g_key_file_get_string(reader->file, header, name, &bad);

    if (value == NULL) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s",
                    g_error_matches(bad, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_UNKNOWN_ENCODING)
                        ? "is not UTF-8"
                        : "has a \\ that begins none of \\\\, \\s, \\t, \\n and \\r");
        return NULL;
    }
    g_strchomp(value);
    if (!is_quoted(value) || key->set == value_pattern)
        return g_steal_pointer(&value);
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s has quotes that would be a part of it", value);
    return NULL;
}

static bool fail_value(const struct config *config, const struct config_key *key, const char *header, const char *name,
                       const GError *bad, GError **error)
{
    bool verb = g_str_has_prefix(bad->message, "is ") || g_str_has_prefix(bad->message, "has ");
    g_autoptr(GString) what = g_string_new(verb ? "" : "= ");

    g_string_append(what, bad->message);
    if (!g_error_matches(bad, CONFIG_ERROR, CONFIG_ERROR_EXPECTED))
        g_string_append_printf(what, "; expected %s", key->expected);
    if (key->minimum != NULL)
        g_string_append_printf(what, ", from %s to %s", key->minimum, key->maximum);
    return config_fail(config, header, name, what->str, error);
}

static void put_off(struct config *config, void *object, const struct config_key *key, const char *section,
                    const char *path)
{
    struct config_file *file = g_new0(struct config_file, 1);

    file->section = g_strdup(section);
    file->key = key;
    file->name = key->name;
    file->object = object;
    file->path = g_strdup(path);
    g_ptr_array_add(config->files, file);
}

static bool read_key(const struct reader *reader, void *object, const struct config_section *section,
                     const char *header, const char *name, GError **error)
{
    const char *canonical;
    const struct config_key *key = config_section_key(reader->config, section, header, name, &canonical, error);
    g_autoptr(GError) bad = NULL;
    g_autofree char *value = NULL;

    if (key == NULL)
        return false;
    const struct setting *before = settings_find(reader->config->settings, header, canonical);
    if (config_second_line(reader->config, header, name) != 0 || (before != NULL && before->line != 0))
        return config_fail(reader->config, header, name, "is given twice", error);
    value = take_value(reader, key, header, name, &bad);
    if (value == NULL)
        return fail_value(reader->config, key, header, name, bad, error);
    if (key->is_file)
        put_off(reader->config, object, key, header, value);
    else if (!key->set(object, key, canonical, value, &bad))
        return fail_value(reader->config, key, header, name, bad, error);
    settings_put(reader->config->settings, header, canonical, value, config_line(reader->config, header, name));
    return true;
}

static bool read_section(const struct reader *reader, const char *header, GError **error)
{
    const char *name;
    const struct config_section *section = config_section_find(reader->config, header, &name, error);
    g_auto(GStrv) keys = NULL;
    void *object;

    if (section == NULL)
        return false;
    if (config_second_line(reader->config, header, NULL) != 0)
        return config_fail(reader->config, header, NULL, "is given twice", error);
    object = config_section_open(reader->config, section, header, name);
    keys = g_key_file_get_keys(reader->file, header, NULL, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(section->required) && section->required[i] != NULL; i++) {
        g_autofree char *what = g_strdup_printf("needs the key %s", section->required[i]);

        if (!g_strv_contains((const char *const *)keys, section->required[i]))
            return config_fail(reader->config, header, NULL, what, error);
    }
    for (char **key = keys; *key != NULL; key++) {
        if (!read_key(reader, object, section, header, *key, error))
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

/* "[" name "]" */
static bool is_header(const char *line)
{
    size_t length = strlen(line);

    return length > 2 && *line == '[' && strcspn(line + 1, "[]") == length - 2 && line[length - 1] == ']';
}

/* GKeyFile does not number the line that it can make nothing of. */
static void fail_at_garbage(const char *path, const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool inside = false, good = true;
    unsigned number = 0;

    for (; lines[number] != NULL; number++) {
        const char *line = g_strstrip(lines[number]);

        good = *line == '\0' || *line == '#' || is_header(line) || (inside && strchr(line, '=') > line);
        inside = inside || is_header(line);
        if (!good || !g_utf8_validate(line, -1, NULL))
            break;
    }
    g_autofree char *shown = lines[number] != NULL ? g_utf8_make_valid(lines[number], -1) : g_strdup("");
    g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD,
                "%s:%u: \"%.*s\"%s; expected [SECTION], KEY = VALUE or # COMMENT", path, number + 1, GARBAGE_SHOWN,
                shown,
                good                                                     ? " is not UTF-8"
                : !inside && strchr(shown, '=') > shown && *shown != '[' ? " stands before any section"
                                                                         : "");
}

/* The first section that says so; config_check() refuses another. */
static void find_tenants(struct config *config)
{
    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];

        if (path->stream != NULL && path->tenant != NULL && !g_hash_table_contains(config->tenants, path->stream))
            g_hash_table_insert(config->tenants, path->stream, path->tenant);
    }
}

static void name_stream(GHashTable *streams, const char *value, const char *stream)
{
    g_autofree char *lower = g_ascii_strdown(value, -1);

    if (!g_hash_table_contains(streams, lower))
        g_hash_table_insert(streams, g_steal_pointer(&lower), g_strdup(stream));
}

/* Besides what `streams` says: a stream's name stands for it, and so does the domain of its return path. */
static void find_streams(const struct config *config, const struct listen_config *listener)
{
    if (listener->stream_from != NULL && !listen_is_attribute(listener->stream_from))
        name_stream(listener->streams, "", listener->stream_from);
    if (listener->stream_from == NULL || !listen_is_attribute(listener->stream_from))
        return;
    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];

        if (path->stream != NULL)
            name_stream(listener->streams, path->stream, path->stream);
        if (path->stream != NULL && !return_path_is_feedback(path))
            name_stream(listener->streams, path->domain, path->stream);
    }
}

static bool read_file(struct config *config, const char *path, GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *text = NULL;
    g_autoptr(GError) bad = NULL;
    struct reader reader;
    size_t length;

    if (!text_file_read(path, &text, &length, &bad)) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE, "%s", bad->message);
        return false;
    }
    /* So a file may be after a power cut. The text behind it would be lost without a word. */
    if (strlen(text) != length) {
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s: a NUL octet; expected text", path);
        return false;
    }
    if (!g_key_file_load_from_data(file, text, (size_t)-1, G_KEY_FILE_NONE, NULL)) {
        fail_at_garbage(path, text, error);
        return false;
    }
    reader = (struct reader){.config = config, .file = file};
    config->file = g_strdup(path);
    config->text = g_steal_pointer(&text);
    if (!read_sections(&reader, error))
        return false;
    find_tenants(config);
    for (guint i = 0; i < config->listeners->len; i++)
        find_streams(config, config->listeners->pdata[i]);
    return config_check(config, error);
}

/* One list for everybody: whoever asks, be it root, the daemon or a plain user, is told of the same database. systemd
 * may have put its state directory elsewhere. */
static char *default_store_path(void)
{
    const char *systemd = g_getenv("STATE_DIRECTORY");

    return g_build_filename(systemd != NULL ? systemd : STATE_DIRECTORY, "bounced.db", NULL);
}

/* A policy has a row for the reasons that it does not name, too. */
static void tell_policy(struct config *config, const struct policy *policy)
{
    g_autofree char *header =
        policy->stream == NULL ? g_strdup("policy") : g_strdup_printf("policy %s", policy->stream);

    if (settings_find(config->settings, header, "preset") == NULL)
        settings_put(config->settings, header, "preset", preset_names[policy->preset], 0);
    if (settings_find(config->settings, header, "success-lifts") == NULL)
        settings_put(config->settings, header, "success-lifts", "no", 0);
    for (enum reason reason = REASON_NONE; reason < REASON_COUNT; reason++) {
        g_autofree char *row = policy_row_format(policy_row_of(policy, reason));
        if (reason_may_suppress(reason) && settings_find(config->settings, header, reason_names[reason]) == NULL)
            settings_put(config->settings, header, reason_names[reason], row, 0);
    }
}

static void add_listener(struct config *config, const char *name, const char *address)
{
    g_autofree char *header = g_strdup_printf("listen %s", name);
    void *listener = config_section_add(config, "listen", name);

    config_section_default(config, listener, header, "protocol", name);
    config_section_default(config, listener, header, "address", address);
}

/* Keys that are for listeners of other protocols have no value, and one default depends on the protocol. */
static void tell_listener(struct config *config, const struct listen_config *listener)
{
    g_autofree char *header = g_strdup_printf("listen %s", listener->name);
    bool normalizes = listen_normalizes(listener);

    if (listener->bare_newline == LISTEN_BARE_NEWLINE_DEFAULT)
        settings_put(config->settings, header, "bare-newline",
                     listen_bare_newline_names[normalizes ? LISTEN_BARE_NEWLINE_NORMALIZE : LISTEN_BARE_NEWLINE_REFUSE],
                     0);
    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        if (strcmp(key->section, "listen") == 0 && !listen_knows(listener->protocol, key->name))
            settings_put(config->settings, header, key->name, NULL, 0);
    }
}

static void fill_defaults(struct config *config)
{
    g_autofree char *system = default_store_path();

    if (config->store_path == NULL)
        config_section_default(config, config, "store", "path", system);
    config->store_path_default = strcmp(config->store_path, system) == 0;
    if (config->hostname == NULL) {
        config->hostname = g_strdup(g_get_host_name());
        settings_put(config->settings, "server", "hostname", config->hostname, 0);
    }
    if (config->listeners->len == 0) {
        add_listener(config, "smtp", "127.0.0.1:2525");
        add_listener(config, "lmtp", "127.0.0.1:2424");
    }
    if (config->return_paths->len == 0)
        config_section_default(config, config_section_add(config, "return-path", "localhost"), "return-path localhost",
                               "domain", "localhost");
    for (guint i = 0; i < config->listeners->len; i++)
        tell_listener(config, config->listeners->pdata[i]);
    tell_policy(config, policy_for(config->policies, NULL));
    for (guint i = 0; i < config->policies->len; i++)
        tell_policy(config, config->policies->pdata[i]);
}

struct config *config_load_alone(const char *file, GError **error)
{
    g_autoptr(Config) config = config_new();

    config->empty = true;
    config_section_initial(config);
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
