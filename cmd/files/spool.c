#include "cmd/files/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct spool {
    char *path;
    int fd;         /* of the file that has no name; -1: it is a file of its own */
    gint64 written; /* 0: now */
};

static bool fail(const char *doing, const char *path, GError **error)
{
    int code = errno;

    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot %s %s: %s", doing, path, g_strerror(code));
    return false;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);

        if (n < 0 && errno != EINTR)
            return false;
        bytes += n > 0 ? n : 0;
        length -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

bool spool_add(struct spool *spool, const char *bytes, size_t length, GError **error)
{
    return write_all(spool->fd, bytes, length) || fail("write", "a temporary file", error);
}

static bool copy(int from, int to, const char *name, GError **error)
{
    char chunk[16 * 1024];
    ssize_t n;

    while ((n = read(from, chunk, sizeof chunk)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail("read", name, error);
        if (!write_all(to, chunk, (size_t)n))
            return fail("keep a copy of", name, error);
    }
    return true;
}

static bool open_nameless(struct spool *spool, GError **error)
{
    g_autofree char *temporary = NULL;

    spool->fd = g_file_open_tmp("bounced-import-XXXXXX", &temporary, error);
    if (spool->fd < 0)
        return false;
    g_unlink(temporary);
    spool->path = g_strdup_printf("/proc/self/fd/%d", spool->fd);
    return true;
}

static bool take(struct spool *spool, const char *path, GError **error)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat status;
    bool good;

    if (fd < 0 || fstat(fd, &status) != 0)
        return fail("read", path, error);
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        good = fail("read", path, error);
    } else if (!standard && S_ISREG(status.st_mode)) {
        spool->path = g_strdup(path);
        spool->written = status.st_mtime;
        good = true;
    } else {
        good = open_nameless(spool, error) && copy(fd, spool->fd, standard ? "standard input" : path, error);
    }
    if (!standard)
        close(fd);
    return good;
}

static struct spool *make(void)
{
    struct spool *spool = g_new0(struct spool, 1);

    spool->fd = -1;
    return spool;
}

struct spool *spool_new(const char *path, GError **error)
{
    struct spool *spool = make();

    if (take(spool, path, error))
        return spool;
    spool_free(spool);
    return NULL;
}

struct spool *spool_new_empty(GError **error)
{
    struct spool *spool = make();

    if (open_nameless(spool, error))
        return spool;
    spool_free(spool);
    return NULL;
}

void spool_free(struct spool *spool)
{
    if (spool == NULL)
        return;
    if (spool->fd >= 0)
        close(spool->fd);
    g_free(spool->path);
    g_free(spool);
}

const char *spool_path(const struct spool *spool)
{
    return spool->path;
}

gint64 spool_written(const struct spool *spool, gint64 now)
{
    return spool->written > 0 && spool->written < now ? spool->written : now;
}
