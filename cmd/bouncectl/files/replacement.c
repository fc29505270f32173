#include "cmd/bouncectl/files/replacement.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The mode that the file will have, and its type when there is one. */
static mode_t take_mode(const char *path)
{
    struct stat old;
    mode_t mask = umask(0);

    umask(mask);
    return stat(path, &old) == 0 ? old.st_mode & (S_IFMT | 0777) : S_IFREG | (0666 & ~mask);
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

struct replacement *replacement_new(const char *path, GError **error)
{
    g_autofree char *real = realpath(path, NULL); /* a symbolic link stays one */
    g_autofree char *temporary = g_strconcat(real != NULL ? real : path, ".XXXXXX", NULL);
    mode_t mode = take_mode(path);

    if (!S_ISREG(mode))
        return open_special(path, error);
    int fd = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0600);
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
    replacement->stream = fdopen(fd, "w");
    g_assert(replacement->stream != NULL);
    return replacement;
}

FILE *replacement_stream(struct replacement *replacement)
{
    return replacement->stream;
}

bool replacement_commit(struct replacement *replacement, GError **error)
{
    FILE *stream = replacement->stream;

    errno = EIO; /* of a write that failed earlier */
    if (ferror(stream) != 0 || fflush(stream) != 0)
        return fail(replacement->path, error);
    if (replacement->temporary != NULL &&
        (fsync(fileno(stream)) != 0 || g_rename(replacement->temporary, replacement->path) != 0))
        return fail(replacement->path, error);
    g_clear_pointer(&replacement->temporary, g_free);
    return true;
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
