#include "cmd/config/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/config/config_error.h"
#include "cmd/config/database.h"

/* NULL: it may. */
static char *why_not(const char *path, const struct stat *status)
{
    if (!S_ISREG(status->st_mode))
        return g_strdup_printf("%s is no regular file", path);
    if ((status->st_mode & S_IRWXO) != 0)
        return g_strdup_printf("%s can be read by everybody (chmod o= %s)", path, path);
    if (status->st_size > SECRET_FILE_MAX)
        return g_strdup_printf("%s is larger than %d octets", path, SECRET_FILE_MAX);
    return NULL;
}

/* It may grow meanwhile; what is behind the end that it had is not read. NULL: `errno` tells. */
static char *read_all(int fd, size_t size)
{
    g_autofree char *content = g_malloc0(size + 1);
    size_t length = 0;
    ssize_t count = 1;

    while (count > 0 && length < size) {
        count = read(fd, content + length, size - length);
        if (count < 0 && errno != EINTR)
            return NULL;
        length += count > 0 ? (size_t)count : 0;
        count = count < 0 ? 1 : count;
    }
    return g_steal_pointer(&content);
}

char *secret_read(const char *path, GError **error)
{
    /* Opening a FIFO must not wait for its writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool opened = fd >= 0;
    struct stat status;
    g_autofree char *why = NULL, *content = NULL;

    if (opened && fstat(fd, &status) == 0) {
        why = why_not(path, &status);
        content = why == NULL ? read_all(fd, (size_t)status.st_size) : NULL;
    }
    if (content == NULL && why == NULL)
        why = g_strdup_printf("%s: %s", path, g_strerror(errno));
    if (content == NULL)
        g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "%s", why);
    if (opened)
        close(fd);
    return g_steal_pointer(&content);
}

/* The daemon is not root. */
static bool give_to_daemon(int fd)
{
    const struct passwd *daemon = geteuid() == 0 ? getpwnam(DATABASE_USER) : NULL;

    return daemon != NULL ? fchown(fd, 0, daemon->pw_gid) == 0 && fchmod(fd, 0640) == 0 : fchmod(fd, 0600) == 0;
}

static bool write_all(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t count = write(fd, text, left);

        if (count < 0 && errno != EINTR)
            return false;
        text += count > 0 ? count : 0;
        left -= count > 0 ? (size_t)count : 0;
    }
    return fsync(fd) == 0;
}

static bool put(const char *temporary, const char *path, enum secret_place place)
{
    if (place == SECRET_PLACE_REPLACE)
        return rename(temporary, path) == 0;
    return link(temporary, path) == 0 && unlink(temporary) == 0;
}

bool secret_write(const char *path, const char *text, enum secret_place place, GError **error)
{
    g_autofree char *temporary = g_strconcat(path, ".XXXXXX", NULL);
    int fd = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0600), failure;
    bool good = fd >= 0 && give_to_daemon(fd) && write_all(fd, text) && put(temporary, path, place);

    failure = errno;
    if (fd >= 0)
        close(fd);
    if (good)
        return true;
    if (fd >= 0)
        unlink(temporary);
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(failure), "cannot write %s: %s", path,
                g_strerror(failure));
    return false;
}
