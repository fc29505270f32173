#include "cmd/bounced/setup/user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "cmd/config/database.h"

bool user_become(const char *name, GError **error)
{
    const struct passwd *user = name != NULL ? getpwnam(name) : NULL;
    const char *why = "there is no such user";

    if (name == NULL || (user != NULL && user->pw_uid == geteuid()))
        return true;
    if (user != NULL && initgroups(name, user->pw_gid) == 0 && setgid(user->pw_gid) == 0 && setuid(user->pw_uid) == 0)
        return true;
    if (user != NULL)
        why = g_strerror(errno);
    g_set_error(error, STORE_ERROR, STORE_ERROR_DENIED, "cannot check as the user %s: %s", name, why);
    return false;
}

const char *user_of_daemon(void)
{
    return geteuid() == 0 && getpwnam(DATABASE_USER) != NULL ? DATABASE_USER : NULL;
}
