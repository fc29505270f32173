#include "reports/formats/replacement.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void check_file(const char *path, const char *text, mode_t mode)
{
    g_autofree char *got = NULL;
    struct stat status;

    g_assert_true(g_file_get_contents(path, &got, NULL, NULL));
    g_assert_cmpstr(got, ==, text);
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, mode);
}

/* The old file or the new one; its mode and a link to it stay. */
static void test_replacement(void)
{
    g_autofree char *directory = g_dir_make_tmp("output-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "file", NULL),
                    *link = g_build_filename(directory, "link", NULL);

    struct replacement *first = replacement_new(path, 0, 0640, NULL);
    fputs("one", replacement_stream(first));
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_true(replacement_commit(first, NULL));
    replacement_free(first);
    check_file(path, "one", 0640);

    g_assert_cmpint(chmod(path, 0604), ==, 0);
    g_assert_cmpint(symlink("file", link), ==, 0);
    struct replacement *second = replacement_new(link, 0, 0640, NULL);
    fputs("two", replacement_stream(second));
    check_file(path, "one", 0604);
    g_assert_true(replacement_commit(second, NULL));
    replacement_free(second);
    check_file(path, "two", 0604);
    g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));

    struct replacement *third = replacement_new(path, 0, 0640, NULL);
    fputs("three", replacement_stream(third));
    replacement_free(third);
    check_file(path, "two", 0604);

    struct replacement *fourth = replacement_new(path, 0600, 0640, NULL);
    fputs("four", replacement_stream(fourth));
    g_assert_true(replacement_commit(fourth, NULL));
    replacement_free(fourth);
    check_file(path, "four", 0600);

    g_unlink(link);
    g_unlink(path);
    g_assert_cmpint(g_rmdir(directory), ==, 0); /* nothing else was left */
}

/* A device is written to, and stays one. */
static void test_special_file(void)
{
    struct stat status;
    g_autoptr(Replacement) null = replacement_new("/dev/null", 0, 0640, NULL),
                           full = replacement_new("/dev/full", 0, 0640, NULL);
    g_autoptr(GError) error = NULL;

    fputs("text", replacement_stream(null));
    g_assert_true(replacement_commit(null, NULL));
    g_assert_cmpint(g_stat("/dev/null", &status), ==, 0);
    g_assert_true(S_ISCHR(status.st_mode));
    fputs("text", replacement_stream(full));
    g_assert_false(replacement_commit(full, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOSPC);
}

static void test_no_replacement(void)
{
    static const char *const paths[] = {"/nonexistent/file", "/"};

    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(replacement_new(paths[i], 0, 0640, &error));
        g_assert_nonnull(strstr(error->message, paths[i]));
    }
}

/* The files of killed processes go, and nothing else. */
static void test_sweep(void)
{
    static const struct {
        const char *name;
        bool stays;
    } files[] = {
        {"file", true},     {"file.new-abcdef", false}, {"file.new-abcdefg", true},
        {"file.new", true}, {"file.new-abc", true},     {"other.new-abcdef", true},
    };
    g_autofree char *directory = g_dir_make_tmp("output-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "file", NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *name = g_build_filename(directory, files[i].name, NULL);
        g_assert_true(g_file_set_contents(name, "", 0, NULL));
    }
    replacement_sweep(path);
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *name = g_build_filename(directory, files[i].name, NULL);
        g_test_message("%s", name);
        g_assert_cmpint(g_unlink(name) == 0, ==, files[i].stays);
    }
    g_assert_cmpint(g_rmdir(directory), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reports/replacement/replaced", test_replacement);
    g_test_add_func("/reports/replacement/special", test_special_file);
    g_test_add_func("/reports/replacement/not-possible", test_no_replacement);
    g_test_add_func("/reports/replacement/sweep", test_sweep);
    return g_test_run();
}
