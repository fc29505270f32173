#include "cmd/config/database.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <unistd.h>

/* A file that root makes before the daemon's first start is the daemon's. */
static void give_to_daemon(const char *directory)
{
    const struct passwd *user = geteuid() == 0 ? getpwnam(DATABASE_USER) : NULL;

    if (user != NULL)
        (void)!chown(directory, user->pw_uid, user->pw_gid); /* where it cannot be, root's may do */
}

static bool make_directory(const char *path, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    int failure;

    if (g_file_test(directory, G_FILE_TEST_IS_DIR))
        return true;
    if (g_mkdir_with_parents(directory, 0750) == 0) {
        give_to_daemon(directory);
        return true;
    }
    failure = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(failure), "cannot make the directory %s: %s%s", directory,
                g_strerror(failure),
                failure == EACCES ? "; run this as root or as the user " DATABASE_USER
                                    ", or name a database of your own: path in [store] of a config"
                                  : "");
    return false;
}

struct store *database_open(const struct config *config, enum store_mode mode, GError **error)
{
    const struct store_settings settings = {
        .path = config->store_path,
        .mode = mode,
        .policies = config->policies,
        .tenants = config->tenants,
        .busy_timeout = (unsigned)(config->store_busy_timeout * 1000),
    };

    if (mode != STORE_MODE_READ && config->store_path_default && !make_directory(config->store_path, error))
        return NULL;
    struct store *store = store_open(&settings, error);
    if (store != NULL)
        store_set_waves(store, &config->wave);
    return store;
}

static bool may_write(const char *path, GError **error)
{
    int failure;

    if (access(path, R_OK | W_OK) == 0)
        return true;
    failure = errno;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(failure), "cannot write %s: %s", path,
                g_strerror(failure));
    return false;
}

bool database_check(const struct config *config, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(config->store_path);

    /* systemd makes it. */
    if (config->store_path_default && !g_file_test(directory, G_FILE_TEST_EXISTS))
        return true;
    if (!g_file_test(directory, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_NOT_MADE, "%s: there is no directory %s", config->store_path,
                    directory);
        return false;
    }
    return may_write(directory, error) &&
           (!g_file_test(config->store_path, G_FILE_TEST_EXISTS) || may_write(config->store_path, error));
}
