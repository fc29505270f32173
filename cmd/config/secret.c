#include "cmd/config/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/config/config_error.h"

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
