/* Which files are believed to be secrets, and which keys are good enough to sign with. */
#include "cmd/config/config_error.h"
#include "cmd/config/config_load.h"
#include "cmd/config/secret.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define KEY "0123456789abcdef"

struct fixture {
    char *folder;
    char *path; /* of the secret */
    char *config;
};

static void set_up(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    fixture->folder = g_dir_make_tmp("secret-XXXXXX", NULL);
    fixture->path = g_build_filename(fixture->folder, "secret", NULL);
    fixture->config = g_build_filename(fixture->folder, "bounced.conf", NULL);
}

static void tear_down(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_remove(fixture->path);
    g_remove(fixture->config);
    g_assert_cmpint(g_rmdir(fixture->folder), ==, 0);
    g_free(fixture->folder);
    g_free(fixture->path);
    g_free(fixture->config);
}

static void write_secret(const struct fixture *fixture, const char *text, gssize length, int mode)
{
    g_assert_true(g_file_set_contents(fixture->path, text, length, NULL));
    g_assert_cmpint(g_chmod(fixture->path, mode), ==, 0);
}

static void expect_refused(const struct fixture *fixture, const char *path, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *content = secret_read(path, &error), *expected = g_strdup_printf("%s%s", fixture->path, why);

    g_assert_null(content);
    g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
    g_assert_true(g_str_has_prefix(error->message, expected));
}

static void test_files(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *large = g_strnfill(SECRET_FILE_MAX + 1, 'x'), *content = NULL;
    g_autoptr(GError) error = NULL;

    expect_refused(fixture, fixture->path, ": No such file");
    write_secret(fixture, KEY "\n", -1, 0640);
    content = secret_read(fixture->path, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(content, ==, KEY "\n");
    for (int bit = 1; bit <= 4; bit *= 2) {
        g_assert_cmpint(g_chmod(fixture->path, 0600 | bit), ==, 0);
        expect_refused(fixture, fixture->path, " can be read by everybody (chmod o= ");
    }
    write_secret(fixture, large, -1, 0600);
    expect_refused(fixture, fixture->path, " is larger than 65536 octets");
    write_secret(fixture, large, SECRET_FILE_MAX, 0600);
    g_clear_pointer(&content, g_free);
    content = secret_read(fixture->path, &error);
    g_assert_cmpuint(strlen(content), ==, SECRET_FILE_MAX);
}

/* Nobody writes to it: it must not wait for that. */
static void test_fifo(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_assert_cmpint(mkfifo(fixture->path, 0600), ==, 0);
    expect_refused(fixture, fixture->path, " is no regular file");
}

static void test_directory(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_assert_cmpint(g_mkdir(fixture->path, 0700), ==, 0);
    expect_refused(fixture, fixture->path, " is no regular file");
}

static const struct {
    const char *text;
    int mode;
    const char *error; /* a part of it; NULL: it is good */
} key_files[] = {
    {"# first signs\n" KEY "\n\n  " KEY "x  \n", 0640, NULL},
    {KEY "\n0123456789abcde\n", 0600, "secret:2: a key of less than 16 octets"},
    {"# none\n\n", 0600, "secret holds no key"},
    {"", 0600, "secret holds no key"},
    {KEY "\n", 0644, "secret can be read by everybody (chmod o= "},
};

static void test_keys(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *text =
        g_strdup_printf("[return-path a]\ndomain = b.example\nkey-file = %s\nscheme = signed\n", fixture->path);

    g_assert_true(g_file_set_contents(fixture->config, text, -1, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(key_files); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Config) config = NULL;

        g_test_message("row %zu", i);
        write_secret(fixture, key_files[i].text, -1, key_files[i].mode);
        config = config_load(fixture->config, &error);
        if (key_files[i].error == NULL) {
            g_assert_no_error(error);
            g_assert_cmpuint(((struct return_path *)config->return_paths->pdata[0])->keys->len, ==, 2);
        } else {
            g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
            g_assert_nonnull(strstr(error->message, ":3: [return-path a] key-file = "));
            g_assert_nonnull(strstr(error->message, key_files[i].error));
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/cmd/secret/files", struct fixture, NULL, set_up, test_files, tear_down);
    g_test_add("/cmd/secret/fifo", struct fixture, NULL, set_up, test_fifo, tear_down);
    g_test_add("/cmd/secret/directory", struct fixture, NULL, set_up, test_directory, tear_down);
    g_test_add("/cmd/secret/keys", struct fixture, NULL, set_up, test_keys, tear_down);
    return g_test_run();
}
