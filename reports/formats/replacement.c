#include "reports/formats/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Between the name of the file and six characters of chance. */
#define INFIX ".new-"
enum { CHANCE = 6 };

struct replacement {
    char *path;
    char *temporary; /* NULL when it is in its place, or is written there */
    FILE *stream;
};

static bool fail(const char *path, GError **error)
{
    int code = errno;

    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot write %s: %s", path, g_strerror(code));
    return false;
}

static mode_t fresh_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

/* The mode that the file will have, and its type when there is one. */
static mode_t take_mode(const char *path, mode_t mode, mode_t fresh)
{
    struct stat old;

    if (stat(path, &old) != 0)
        return S_IFREG | (mode != 0 ? mode : fresh != 0 ? fresh : fresh_mode());
    return (old.st_mode & S_IFMT) | (mode != 0 ? mode : old.st_mode & 0777);
}

/* /dev/stdout, a FIFO: there is nothing that a rename could put in its place. */
static struct replacement *open_special(const char *path, GError **error)
{
    FILE *stream = fopen(path, "we");
    struct replacement *replacement = NULL;

    if (stream == NULL) {
        fail(path, error);
        return NULL;
    }
    replacement = g_new0(struct replacement, 1);
    replacement->path = g_strdup(path);
    replacement->stream = stream;
    return replacement;
}

struct replacement *replacement_new(const char *path, mode_t mode, mode_t fresh, GError **error)
{
    g_autofree char *real = realpath(path, NULL); /* a symbolic link stays one */
    g_autofree char *temporary = g_strconcat(real != NULL ? real : path, INFIX "XXXXXX", NULL);

    mode = take_mode(path, mode, fresh);
    if (!S_ISREG(mode))
        return open_special(path, error);
    int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0 || fchmod(fd, mode & 0777) != 0) {
        fail(path, error);
        if (fd >= 0) {
            g_unlink(temporary);
            close(fd);
        }
        return NULL;
    }
    struct replacement *replacement = g_new0(struct replacement, 1);
    replacement->path = g_strdup(real != NULL ? real : path);
    replacement->temporary = g_steal_pointer(&temporary);
    replacement->stream = fdopen(fd, "w+");
    g_assert(replacement->stream != NULL);
    return replacement;
}

FILE *replacement_stream(struct replacement *replacement)
{
    return replacement->stream;
}

const char *replacement_path(const struct replacement *replacement)
{
    return replacement->temporary;
}

/* The new name of the file, too, outlives a loss of power. */
static bool sync_directory(const char *path)
{
    g_autofree char *directory = g_path_get_dirname(path);
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return good;
}

bool replacement_commit(struct replacement *replacement, GError **error)
{
    FILE *stream = replacement->stream;

    errno = EIO; /* of a write that failed earlier */
    if (ferror(stream) != 0 || fflush(stream) != 0)
        return fail(replacement->path, error);
    if (replacement->temporary == NULL)
        return true;
    if (fsync(fileno(stream)) != 0 || g_rename(replacement->temporary, replacement->path) != 0)
        return fail(replacement->path, error);
    g_clear_pointer(&replacement->temporary, g_free);
    return sync_directory(replacement->path) || fail(replacement->path, error);
}

void replacement_free(struct replacement *replacement)
{
    if (replacement == NULL)
        return;
    if (replacement->temporary != NULL)
        g_unlink(replacement->temporary);
    fclose(replacement->stream);
    g_free(replacement->temporary);
    g_free(replacement->path);
    g_free(replacement);
}

void replacement_sweep(const char *path)
{
    g_autofree char *real = realpath(path, NULL);
    g_autofree char *directory = g_path_get_dirname(real != NULL ? real : path);
    g_autofree char *base = g_path_get_basename(real != NULL ? real : path);
    g_autofree char *prefix = g_strconcat(base, INFIX, NULL);
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_prefix(name, prefix) && strlen(name) == strlen(prefix) + CHANCE) {
            g_autofree char *left = g_build_filename(directory, name, NULL);
            g_unlink(left);
        }
    }
}
