/* config_file.h: a temporary file with a config's text, for the tests of the config. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* The file's path; the caller unlinks and frees it. */
static inline char *write_file(const char *text)
{
    g_autoptr(GError) error = NULL;
    char *path;
    int fd = g_file_open_tmp("config-XXXXXX", &path, &error);

    g_assert_no_error(error);
    close(fd);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_cmpint(g_chmod(path, 0600), ==, 0);
    return path;
}
