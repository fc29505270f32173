#include "cmd/bouncectl/files/walk.h"

#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A tree: "/" at the end is a directory, "@|" a FIFO, "@" a symbolic link to what follows it. */
static const char *const tree[] = {
    "b.eml",
    "a/",
    "a/2.eml",
    "a/10.eml",
    "a/.hidden",
    "a/deeper/",
    "a/deeper/x.eml",
    "box/",
    "box/cur/",
    "box/new/",
    "box/tmp/",
    "box/cur/1:2,S",
    "box/new/2",
    "box/tmp/3",
    "box/dovecot.index",
    "box/.Spam/",
    "box/.Spam/cur/",
    "box/.Spam/cur/4",
    "c@b.eml",
    "loop@.",
    "nothing@missing",
    "box/cur/9@/etc/passwd",
    "pipe@|",
};

static const struct {
    const char *arguments, *files;
} cases[] = {
    {"b.eml", "b.eml"},
    {"a", "a/10.eml a/2.eml a/deeper/x.eml"},
    {"a/", "a/10.eml a/2.eml a/deeper/x.eml"},
    {"box", "box/cur/1:2,S (left out) box/new/2"},
    {"box/.Spam", "box/.Spam/cur/4"},
    {"b.eml a/deeper b.eml", "b.eml a/deeper/x.eml b.eml"},
    {"c loop/b.eml", "c loop/b.eml"},
    {"box/cur/9 pipe", "box/cur/9 pipe"},
    {".", "./a/10.eml ./a/2.eml ./a/deeper/x.eml ./b.eml ./box/cur/1:2,S (left out) ./box/new/2 (left out) (left out) "
          "(left out) (left out)"},
    {"missing b.eml", "(error) b.eml"},
    {"- a/2.eml", "- a/2.eml"},
    {"box/tmp/3 box/tmp", "box/tmp/3 box/tmp/3"},
};

static void make_tree(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(tree); i++) {
        g_auto(GStrv) link = g_strsplit(tree[i], "@", 2);

        if (g_strcmp0(link[1], "|") == 0)
            g_assert_cmpint(mkfifo(link[0], 0600), ==, 0);
        else if (link[1] != NULL)
            g_assert_cmpint(symlink(link[1], link[0]), ==, 0);
        else if (g_str_has_suffix(tree[i], "/"))
            g_assert_cmpint(g_mkdir(tree[i], 0700), ==, 0);
        else
            g_assert_true(g_file_set_contents(tree[i], "", 0, NULL));
    }
}

static void remove_tree(void)
{
    for (size_t i = G_N_ELEMENTS(tree); i-- > 0;) {
        g_auto(GStrv) link = g_strsplit(tree[i], "@", 2);

        g_assert_cmpint(g_remove(link[0]), ==, 0);
    }
}

static char *walk_all(const char *arguments)
{
    g_auto(GStrv) paths = g_strsplit(arguments, " ", -1);
    g_autoptr(Walk) walk = walk_new((const char *const *)paths);
    GString *files = g_string_new(NULL);

    for (;;) {
        g_autoptr(GError) error = NULL;
        const char *path = walk_next(walk, &error);
        if (path == NULL && error == NULL)
            return g_string_free(files, FALSE);
        g_string_append_printf(files, "%s%s", files->len > 0 ? " " : "",
                               path != NULL                                              ? path
                               : g_error_matches(error, WALK_ERROR, WALK_ERROR_LEFT_OUT) ? "(left out)"
                                                                                         : "(error)");
    }
}

static void test_cases(void)
{
    g_autofree char *directory = g_dir_make_tmp("walk-XXXXXX", NULL);

    g_assert_cmpint(g_chdir(directory), ==, 0);
    make_tree();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = walk_all(cases[i].arguments);
        if (strcmp(got, cases[i].files) != 0)
            g_error("%s: got \"%s\", expected \"%s\"", cases[i].arguments, got, cases[i].files);
    }
    remove_tree();
    g_assert_cmpint(g_chdir("/"), ==, 0);
    g_assert_cmpint(g_rmdir(directory), ==, 0);
}

/* A chain of directories without end is cut, and said. */
static void test_deep(void)
{
    g_autofree char *directory = g_dir_make_tmp("walk-XXXXXX", NULL);
    g_autoptr(GString) path = g_string_new(directory);

    for (int i = 0; i < 100; i++)
        g_string_append(path, "/d");
    g_assert_cmpint(g_mkdir_with_parents(path->str, 0700), ==, 0);
    g_autofree char *got = walk_all(directory);
    g_assert_cmpstr(got, ==, "(error)");
    for (; path->len > strlen(directory); g_string_truncate(path, path->len - 2))
        g_assert_cmpint(g_rmdir(path->str), ==, 0);
    g_assert_cmpint(g_rmdir(directory), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/walk/cases", test_cases);
    g_test_add_func("/walk/deep", test_deep);
    return g_test_run();
}
