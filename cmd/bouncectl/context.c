#include "cmd/bouncectl/context.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/database.h"

const struct config *context_config(struct context *context, GError **error)
{
    if (context->config == NULL)
        context->config = config_load(context->config_file, error);
    return context->config;
}

/* SQLite's "unable to open database file" does not say why. */
static bool readable(const char *path, GError **error)
{
    if (access(path, R_OK) == 0)
        return true;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot open the database %s: %s%s", path,
                g_strerror(errno), errno == ENOENT ? " (bounced and `bouncectl ingest` make it)" : "");
    return false;
}

struct store *context_store(struct context *context, enum store_mode mode, GError **error)
{
    if (context->store != NULL)
        return context->store;

    const struct config *config = context_config(context, error);
    if (config == NULL || (mode == STORE_READ && !readable(config->store_path, error)))
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

void context_clear(struct context *context)
{
    store_free(context->store);
    config_free(context->config);
    context->store = NULL;
    context->config = NULL;
}
