#include "cmd/config/keys/feed_check.h"

#include <string.h>

#include "cmd/config/keys/config_keys.h"

static bool check_feed_keys(const struct config *config, const struct feed_config *feed, const char *header,
                            GError **error)
{
    for (const struct config_key *key = config_keys; key->section != NULL; key++) {
        g_autofree char *what = NULL;

        if (strcmp(key->section, "feed") != 0 || feed_knows(feed->type, key->name) ||
            config_line(config, header, key->name) == 0)
            continue;
        what = g_strdup_printf("is not for type = %s", feed_type_names[feed->type]);
        return config_fail(config, header, key->name, what, error);
    }
    return true;
}

/* The posts tell of people: nobody may read them on the way, or answer in the place of another. */
static bool check_url(const struct config *config, const struct feed_config *feed, const char *header, GError **error)
{
    bool https = feed->url != NULL && g_str_has_prefix(feed->url, "https://");
    bool http = feed->url != NULL && g_str_has_prefix(feed->url, "http://");

    if (feed->url == NULL)
        return config_fail(config, header, NULL, "needs the key url", error);
    if (!https && !http)
        return config_fail(config, header, "url", "does not begin with https://", error);
    if (http && !feed->insecure && !feed->allow_private)
        return config_fail(config, header, "url",
                           "begins with http://, which needs insecure = yes, or on this machine allow-private = yes",
                           error);
    if (strpbrk(feed->url, "@ ") != NULL)
        return config_fail(config, header, "url", "holds \"@\" or a blank; a name is for the key user", error);
    return true;
}

static bool check_template(const struct config *config, const struct feed_config *feed, const char *header,
                           GError **error)
{
    static const char *const keys[] = {"template-file", "content-type"};

    if (feed->format == FEED_FORMAT_TEMPLATE)
        return config_line(config, header, keys[0]) != 0 ||
               config_fail(config, header, NULL, "needs the key template-file for format = template", error);
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (config_line(config, header, keys[i]) != 0)
            return config_fail(config, header, keys[i], "is for format = template alone", error);
    }
    return true;
}

static bool check_webhook(const struct config *config, const struct feed_config *feed, const char *header,
                          GError **error)
{
    if (!check_url(config, feed, header, error))
        return false;
    if (!check_template(config, feed, header, error))
        return false;
    if (feed->format == FEED_FORMAT_STANDARD && config_line(config, header, "secret-file") == 0)
        return config_fail(config, header, NULL, "needs the key secret-file for format = standard", error);
    if (feed->format != FEED_FORMAT_STANDARD && feed->batch > 1)
        return config_fail(config, header, "batch", "is for format = standard alone", error);
    if ((feed->user == NULL) != (config_line(config, header, "password-file") == 0))
        return config_fail(config, header, feed->user != NULL ? "user" : "password-file",
                           feed->user != NULL ? "needs password-file, too" : "needs user, too", error);
    return true;
}

/* GLib keeps two slashes at the start, which are one here. The caller frees. */
static char *canonical(const char *path)
{
    while (g_str_has_prefix(path, "//"))
        path++;
    return g_canonicalize_filename(path, NULL);
}

/* Is `path` that of the file `name` with `end` behind it? NULL is no name. */
static bool is_same(const char *path, const char *name, const char *end)
{
    g_autofree char *one = canonical(path);
    g_autofree char *stem = name != NULL ? canonical(name) : NULL;
    g_autofree char *other = g_strconcat(stem != NULL ? stem : "", end, NULL);

    return stem != NULL && strcmp(one, other) == 0;
}

/* The file that the config has for something else, in words; NULL: it has none of that path. The caller frees. */
static char *find_other_use(const struct config *config, const char *path)
{
    const struct {
        const char *path;
        const char *what;
        const char *ends[4]; /* SQLite's files beside the database */
    } uses[] = {
        {config->store_path, "the path of the database", {"", "-wal", "-shm", "-journal"}},
        {config->file, "the path of this config", {""}},
        {config->tls_certificate, "the path of [tls] certificate", {""}},
        {config->tls_key, "the path of [tls] key", {""}},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(uses); i++) {
        for (size_t end = 0; end < G_N_ELEMENTS(uses[i].ends) && uses[i].ends[end] != NULL; end++) {
            if (is_same(path, uses[i].path, uses[i].ends[end]))
                return g_strdup(uses[i].what);
        }
    }
    for (guint i = 0; i < config->files->len; i++) {
        const struct config_file *file = config->files->pdata[i];
        if (is_same(path, file->path, ""))
            return g_strdup_printf("the path of [%s] %s", file->section, file->name);
    }
    for (guint i = 0; i < config->feeds->len; i++) {
        const struct feed_config *other = config->feeds->pdata[i];
        if (other->command != NULL && is_same(path, other->command[0], ""))
            return g_strdup_printf("the path of [feed %s] command", other->name);
    }
    return NULL;
}

/* The file is replaced as a whole: one that something else needs would be lost. */
static bool check_path(const struct config *config, const struct feed_config *feed, const char *header, GError **error)
{
    g_autofree char *use = feed->path != NULL ? find_other_use(config, feed->path) : NULL;
    g_autofree char *problem = use != NULL ? g_strconcat("is ", use, NULL) : NULL;

    if (feed->path == NULL)
        return config_fail(config, header, NULL, "needs the key path", error);
    if (problem != NULL)
        return config_fail(config, header, "path", problem, error);
    for (guint i = 0; i < config->feeds->len && config->feeds->pdata[i] != feed; i++) {
        const struct feed_config *other = config->feeds->pdata[i];
        g_autofree char *what = NULL;

        if (!is_same(feed->path, other->path, ""))
            continue;
        what = g_strdup_printf("is the path of [feed %s] already; expected one of its own", other->name);
        return config_fail(config, header, "path", what, error);
    }
    return true;
}

static bool check_file(const struct config *config, const struct feed_config *feed, const char *header, GError **error)
{
    if (!check_path(config, feed, header, error))
        return false;
    if (config_line(config, header, "format") == 0)
        return config_fail(config, header, NULL, "needs the key format", error);
    if (feed->stream != NULL && feed->tenant != NULL)
        return config_fail(config, header, "tenant", "and stream exclude each other", error);
    return true;
}

static bool check_exec(const struct config *config, const struct feed_config *feed, const char *header, GError **error)
{
    return feed->command != NULL || config_fail(config, header, NULL, "needs the key command", error);
}

/* Mail to our own return paths is no person's: a notice would come here again. */
static bool check_domains(const struct config *config, const struct feed_config *feed, const char *header,
                          GError **error)
{
    if (feed->domains == NULL)
        return config_fail(config, header, NULL, "needs the key domains", error);
    for (guint i = 0; i < config->return_paths->len; i++) {
        const struct return_path *path = config->return_paths->pdata[i];
        g_autofree char *what = NULL;

        if (path->domain == NULL || !g_strv_contains((const char *const *)feed->domains->pdata, path->domain))
            continue;
        what = g_strdup_printf("has %s, the mail of which comes here", path->domain);
        return config_fail(config, header, "domains", what, error);
    }
    return true;
}

static bool check_mail(const struct config *config, const struct feed_config *feed, const char *header, GError **error)
{
    static const char *const needed[] = {"to", "from"};

    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
        g_autofree char *what = g_strdup_printf("needs the key %s", needed[i]);
        if (config_line(config, header, needed[i]) == 0)
            return config_fail(config, header, NULL, what, error);
    }
    if (!check_domains(config, feed, header, error))
        return false;
    if (config->smart_host == NULL)
        return config_fail(config, header, "type", "= mail needs a section [smart-host] with an address", error);
    if (config->store_keep_raw != CONFIG_KEEP_RAW_ALL)
        return config_fail(config, header, "type", "= mail needs [store] keep-raw = all", error);
    return true;
}

/* It is spoken in the clear; and a name server may not hold the feeds up. */
static bool check_redis(const struct config *config, const struct feed_config *feed, const char *header, GError **error)
{
    const char *address = feed->address;
    g_autofree char *host = NULL;

    if (address == NULL)
        return config_fail(config, header, NULL, "needs the key address", error);
    if (feed->user != NULL && config_line(config, header, "password-file") == 0)
        return config_fail(config, header, "user", "needs password-file, too", error);
    if (g_str_has_prefix(address, "unix:"))
        return true;
    host =
        *address == '[' ? g_strndup(address + 1, strcspn(address + 1, "]")) : g_strndup(address, strcspn(address, ":"));
    if (!g_hostname_is_ip_address(host))
        return config_fail(config, header, "address", "holds a name; expected an address of IP, or unix:/PATH", error);
    if (!feed->insecure && !g_str_has_prefix(host, "127.") && strcmp(host, "::1") != 0)
        return config_fail(config, header, "address", "is not on this machine, which needs insecure = yes", error);
    return true;
}

static bool check_kafka(const struct config *config, const struct feed_config *feed, const char *header, GError **error)
{
    return feed->brokers != NULL || config_fail(config, header, NULL, "needs the key brokers", error);
}

static bool (*const checks[])(const struct config *config, const struct feed_config *feed, const char *header,
                              GError **error) = {
    [FEED_TYPE_WEBHOOK] = check_webhook, [FEED_TYPE_FILE] = check_file,   [FEED_TYPE_EXEC] = check_exec,
    [FEED_TYPE_MAIL] = check_mail,       [FEED_TYPE_REDIS] = check_redis, [FEED_TYPE_KAFKA] = check_kafka,
};

static bool check_format(const struct config *config, const struct feed_config *feed, const char *header,
                         GError **error)
{
    g_autofree char *what = NULL;

    if (feed->format_type == feed->type || config_line(config, header, "format") == 0)
        return true;
    what = g_strdup_printf("is one for type = %s", feed_type_names[feed->format_type]);
    return config_fail(config, header, "format", what, error);
}

bool feed_check(const struct config *config, GError **error)
{
    for (guint i = 0; i < config->feeds->len; i++) {
        const struct feed_config *feed = config->feeds->pdata[i];
        g_autofree char *header = g_strdup_printf("feed %s", feed->name);

        if (!check_feed_keys(config, feed, header, error) || !check_format(config, feed, header, error) ||
            !checks[feed->type](config, feed, header, error))
            return false;
    }
    return true;
}
