#include "cmd/bouncectl/context.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/config/config_load.h"
#include "cmd/config/database.h"

const struct config *context_config(struct context *context, GError **error)
{
    if (context->config == NULL)
        context->config = config_load_alone(context->config_file, error);
    return context->config;
}

const struct config *context_config_with(struct context *context, const char *kind, GError **error)
{
    bool good = context_config(context, error) != NULL && config_read_files(context->config, kind, error);

    return good ? context->config : NULL;
}

/* The error of access(2) on the database, in words. */
static void set_access_error(const char *path, int failure, GError **error)
{
    const char *hint = "";

    if (failure == ENOENT)
        hint = " (bounced and `bouncectl ingest` make it)";
    else if (failure == EACCES)
        hint = "; run this as root or as the user bounced";
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(failure), "cannot open the database %s: %s%s", path,
                g_strerror(failure), hint);
}

/* SQLite's "unable to open database file" does not say why. For writing it makes files beside the database, and the
 * database itself when it is missing. */
static bool reachable(const char *path, enum store_mode mode, GError **error)
{
    g_autofree char *directory = g_path_get_dirname(path);
    int wanted = mode == STORE_MODE_READ ? R_OK : R_OK | W_OK;

    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        set_access_error(path, EISDIR, error);
        return false;
    }
    if (access(path, wanted) != 0 && (mode == STORE_MODE_READ || errno == EACCES)) {
        set_access_error(path, errno, error);
        return false;
    }
    if (mode != STORE_MODE_READ && access(directory, W_OK) != 0 && errno == EACCES) {
        set_access_error(path, EACCES, error);
        return false;
    }
    return true;
}

struct store *context_store(struct context *context, enum store_mode mode, GError **error)
{
    if (context->store != NULL)
        return context->store;

    const struct config *config = context_config(context, error);
    if (config == NULL || !reachable(config->store_path, mode, error))
        return NULL;
    context->store = database_open(config, mode, error);
    return context->store;
}

char *context_who(const char *given)
{
    const char *before_sudo = getenv("SUDO_USER");
    char login[256];

    if (given != NULL)
        return g_strdup(given);
    if (before_sudo != NULL && *before_sudo != '\0' && geteuid() == 0)
        return g_strdup(before_sudo);
    if (getlogin_r(login, sizeof login) == 0)
        return g_strdup(login);
    const struct passwd *user = getpwuid(getuid());
    return user != NULL ? g_strdup(user->pw_name) : g_strdup_printf("uid %u", (unsigned)getuid());
}

bool context_give_way(const struct context *context, gint64 began, GError **error)
{
    pid_t holder;

    if (!store_holder(context->config->store_path, &holder, error))
        return false;
    if (holder != 0)
        g_usleep((gulong)(g_get_monotonic_time() - began));
    return true;
}

void context_clear(struct context *context)
{
    store_free(context->store);
    config_free(context->config);
    context->store = NULL;
    context->config = NULL;
}
