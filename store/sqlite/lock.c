#include "store/sqlite/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sqlite/failure.h"
#include "store/sqlite/file.h"

/* Open file description locks (fcntl(2)): as with flock(2) they belong to the descriptor and not to the process, and
 * unlike that one can ask for them without taking one, which might keep a daemon from starting. */
static const struct flock whole_file = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

/* For lock_holder(). On a full disk the file stays empty, and the daemon runs all the same. */
static void write_holder(int fd)
{
    char line[32];
    int length = g_snprintf(line, sizeof line, "%ld\n", (long)getpid());

    if (ftruncate(fd, 0) == 0 && pwrite(fd, line, (size_t)length, 0) != length)
        (void)!ftruncate(fd, 0); /* half a number would be another one */
}

int lock_take(const char *path, GError **error)
{
    g_autofree char *name = g_strconcat(path, ".lock", NULL);
    struct flock lock = whole_file;
    int fd = file_create(name);

    if (fd < 0 && errno == EEXIST)
        fd = open(name, O_RDWR | O_CLOEXEC);
    if (fd >= 0 && fcntl(fd, F_OFD_SETLK, &lock) == 0) {
        write_holder(fd);
        return fd;
    }
    int failure = errno;
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && (failure == EAGAIN || failure == EACCES))
        g_set_error(error, STORE_ERROR, STORE_ERROR_HELD, "%s: another bounced holds this database (it has locked %s)",
                    path, name);
    else
        g_set_error(error, STORE_ERROR, (int)failure_of_system(failure), "%s: cannot lock %s: %s", path, name,
                    g_strerror(failure));
    return -1;
}

void lock_release(int lock)
{
    if (lock >= 0)
        close(lock);
}

static bool read_holder(int fd, pid_t *holder)
{
    char line[32] = "";
    gssize length = pread(fd, line, sizeof line - 1, 0);
    guint64 number;

    if (length <= 0 || line[length - 1] != '\n')
        return false;
    line[length - 1] = '\0';
    if (!g_ascii_string_to_unsigned(line, 10, 1, G_MAXINT32, &number, NULL))
        return false;
    *holder = (pid_t)number;
    return true;
}

static bool ask(int fd, const char *name, pid_t *holder, GError **error)
{
    struct flock lock = whole_file;

    if (fcntl(fd, F_OFD_GETLK, &lock) != 0) {
        g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "cannot ask who holds %s: %s", name, g_strerror(errno));
        return false;
    }
    if (lock.l_type == F_UNLCK || read_holder(fd, holder))
        return true;
    g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "%s is locked, and does not say by which process", name);
    return false;
}

bool lock_holder(const char *path, pid_t *holder, GError **error)
{
    char *resolved = realpath(path, NULL); /* as SQLite does */
    g_autofree char *name = g_strconcat(resolved != NULL ? resolved : path, ".lock", NULL);
    int fd = open(name, O_RDONLY | O_CLOEXEC);

    free(resolved);
    *holder = 0;
    if (fd < 0) {
        if (errno == ENOENT)
            return true;
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot open %s: %s", name, g_strerror(errno));
        return false;
    }
    bool good = ask(fd, name, holder, error);
    close(fd);
    return good;
}
