#include "cmd/config/database.h"

#include <errno.h>
#include <glib/gstdio.h>

static bool make_directory(const char *path, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(path);

    if (g_mkdir_with_parents(directory, 0750) == 0)
        return true;
    g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "cannot make the directory %s: %s", directory,
                g_strerror(errno));
    return false;
}

struct store *database_open(const struct config *config, enum store_mode mode, GError **error)
{
    const struct store_settings settings = {
        .path = config->store_path,
        .mode = mode,
        .policies = config->policies,
        .busy_timeout = (unsigned)(config->store_busy_timeout * 1000),
    };

    if (mode != STORE_READ && config->store_path_default && !make_directory(config->store_path, error))
        return NULL;
    return store_open(&settings, error);
}
