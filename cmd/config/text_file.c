#include "cmd/config/text_file.h"

#include <errno.h>
#include <stdio.h>

enum { CHUNK = 65536 };

void text_file_fail(const char *path, int failure, GError **error)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(failure), "cannot read %s: %s", path, g_strerror(failure));
}

bool text_file_read(const char *path, char **text, size_t *length, GError **error)
{
    FILE *file = fopen(path, "re");
    g_autoptr(GString) content = g_string_new(NULL);
    int failure = errno;

    for (size_t n = CHUNK; file != NULL && n == CHUNK;) {
        size_t before = content->len;
        g_string_set_size(content, before + CHUNK);
        n = fread(content->str + before, 1, CHUNK, file);
        failure = errno;
        g_string_set_size(content, before + n);
    }
    bool good = file != NULL && ferror(file) == 0;
    if (file != NULL)
        fclose(file);
    if (!good) {
        text_file_fail(path, failure, error);
        return false;
    }
    *length = content->len;
    *text = g_string_free(g_steal_pointer(&content), FALSE);
    return true;
}
