#include "store/sqlite/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "store/sqlite/failure.h"

/* A file that root makes is for the user whose directory it is: the daemon is not root, and could not open it. SQLite
 * does the same for the files that it puts beside the database. */
static void give_to_owner(int fd, const char *path)
{
    g_autofree char *directory = g_path_get_dirname(path);
    struct stat status;

    if (geteuid() == 0 && stat(directory, &status) == 0)
        (void)!fchown(fd, status.st_uid, status.st_gid); /* where it cannot be, root's may do */
}

int file_create(const char *path)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0640);

    if (fd >= 0)
        give_to_owner(fd, path);
    return fd;
}

/* SQLite would make the file readable for all; and it must not be opened here when it exists, since closing it would
 * drop the POSIX locks that another connection of this process has on it. */
bool file_make(const char *path, GError **error)
{
    int fd = file_create(path);
    int failure = errno;

    if (fd >= 0) {
        close(fd);
    } else if (failure != EEXIST) {
        enum store_error code = failure_of_system(failure);

        g_set_error(error, STORE_ERROR, (int)(code == STORE_ERROR_FAILED ? STORE_ERROR_NOT_MADE : code),
                    "%s: cannot make the database: %s", path, g_strerror(failure));
        return false;
    }
    return true;
}

bool file_space(const char *path, guint64 *octets, GError **error)
{
    struct statvfs status;

    if (statvfs(path, &status) != 0) {
        int failure = errno;
        g_set_error(error, STORE_ERROR, (int)failure_of_system(failure), "%s: cannot ask how much space is left: %s",
                    path, g_strerror(failure));
        return false;
    }
    *octets = (guint64)status.f_bavail * status.f_frsize;
    return true;
}

guint64 file_size(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 ? (guint64)status.st_size : 0;
}

bool file_inode(const char *path, guint64 *inode)
{
    struct stat status;
    bool there = stat(path, &status) == 0;

    *inode = there ? status.st_ino : 0;
    return there;
}

static bool fail_lost(const char *path, const char *what, GError **error)
{
    g_set_error(error, STORE_ERROR, STORE_ERROR_LOST, "%s: %s", path, what);
    return false;
}

bool file_check_return(const char *path, guint64 inode, GError **error)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    guint64 present;

    /* An empty database in its place would be a list without anybody on it. */
    if (!file_inode(path, &present))
        return fail_lost(path, "was removed while it was in use", error);
    if (present != inode && access(log, F_OK) == 0)
        return fail_lost(path, "has taken another one's place, whose -wal file is still here", error);
    return true;
}

static bool fail(const char *path, const char *what, int failure, GError **error)
{
    g_set_error(error, STORE_ERROR, (int)failure_of_system(failure), "%s: cannot %s: %s", path, what,
                g_strerror(failure));
    return false;
}

/* A name is on disk when its directory is. */
static bool flush_directory(const char *path)
{
    g_autofree char *directory = g_path_get_dirname(path);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return good;
}

bool file_put(const char *from, const char *to, GError **error)
{
    return (rename(from, to) == 0 && flush_directory(to)) || fail(to, "put a file there", errno, error);
}

bool file_keep(const char *path, const char *name, GError **error)
{
    return (link(path, name) == 0 && flush_directory(name)) || fail(name, "keep the file by this name", errno, error);
}
