#include "cmd/bouncectl/files/mailbox.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_SIZE 100

#define BOM "\xef\xbb\xbf"
#define FROM_ "From a Sat Nov 21 09:30:00 2026\n"

/* The contents of a file, and the messages that come out of it, each with "|" behind it. */
static const struct {
    const char *name, *file, *messages;
} cases[] = {
    {"one message", "Subject: a\n\nbody\n", "Subject: a\n\nbody\n|"},
    {"no line end", "Subject: a\n\nbody", "Subject: a\n\nbody|"},
    {"empty", "", ""},
    {"shorter than From_", "a\n", "a\n|"},
    {"From: is no From_", "From: a@example.org\n\nb\n", "From: a@example.org\n\nb\n|"},
    {"mbox of one", "From a@example.org Sat Nov 21 09:30:00 2026\nSubject: a\n\nbody\n\n", "Subject: a\n\nbody\n|"},
    {"mbox of two", "From a Sat Nov 21 09:30:00 2026\nA: 1\n\none\n\nFrom b Sat Nov 21 09:30:00 2026\nB: 2\n\ntwo\n",
     "A: 1\n\none\n|B: 2\n\ntwo\n|"},
    {"first From_ without a date", "From MAILER-DAEMON\nA: 1\n\none\n", "A: 1\n\none\n|"},
    {"quoted, mboxo and mboxrd", "From a 9:30\nA: 1\n\n>From x\n>>From y\n> From z\n",
     "A: 1\n\nFrom x\n>From y\n> From z\n|"},
    {"a sentence starts with From", "From a 9:30\nA: 1\n\n\nFrom here on it rains.\n",
     "A: 1\n\n\nFrom here on it rains.\n|"},
    {"a From_ within a paragraph", "From a 9:30\nA: 1\n\ntext\nFrom b 9:30\n", "A: 1\n\ntext\nFrom b 9:30\n|"},
    {"only the last empty line goes", "From a 9:30\nA: 1\n\none\n\n\n\nFrom b 9:30\nB: 2\n",
     "A: 1\n\none\n\n\n|B: 2\n|"},
    {"no line end after the last", "From a 9:30\nA: 1\n\none\n\nFrom b 9:30\nB: 2", "A: 1\n\none\n|B: 2|"},
    {"an empty message", "From a 9:30\nFrom b 9:30\nB: 2\n", "|B: 2\n|"},
    {"empty lines in front", "\n\nFrom a 9:30\nA: 1\n\none\n\nFrom b 9:30\nB: 2\n", "A: 1\n\none\n|B: 2\n|"},
    {"a byte order mark in front", BOM "From a 9:30\nA: 1\n\none\n\nFrom b 9:30\nB: 2\n", "A: 1\n\none\n|B: 2\n|"},
    {"both", BOM "\nFrom a 9:30\nA: 1\n", "A: 1\n|"},
    {"in front of a message", BOM "\n\nSubject: a\n\nbody\n", "Subject: a\n\nbody\n|"},
    {"in front of no header", "\n\nbody\n", "\n\nbody\n|"},
    {"empty lines alone", "\n\n", "\n\n|"},
    {"no empty line before From_", FROM_ "A: 1\n\none\n" FROM_ "B: 2\n\ntwo\n" FROM_ "C: 3\n",
     "A: 1\n\none\n|B: 2\n\ntwo\n|C: 3\n|"},
    {"without seconds", FROM_ "A: 1\n\none\nFrom b Sat Nov  1 09:30 2026\nB: 2\n", "A: 1\n\none\n|B: 2\n|"},
    {"no empty line and no header", FROM_ "A: 1\n\none\n" FROM_ "and so on\n", "A: 1\n\none\n" FROM_ "and so on\n|"},
    {"no empty line at the end", FROM_ "A: 1\n\none\n" FROM_, "A: 1\n\none\n" FROM_ "|"},
    {"no empty line and no day", FROM_ "A: 1\n\none\nFrom x Sat Nov noon 9:30 or so:\nB: 2\n",
     "A: 1\n\none\nFrom x Sat Nov noon 9:30 or so:\nB: 2\n|"},
    {"too large",
     "0123456789012345678901234567890123456789012345678901234567890123456789"
     "0123456789012345678901234567890",
     "(size)"},
    {"a large one in an mbox",
     "From a 9:30\nA: 1\n\nFrom b 9:30\n01234567890123456789012345678901234567890123456789\n"
     "01234567890123456789012345678901234567890123456789\n\nFrom c 9:30\nC: 3\n",
     "A: 1\n|(size)C: 3\n|"},
};

static char *to_crlf(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    return g_strjoinv("\r\n", lines);
}

static char *read_all(const char *path)
{
    const char *paths[] = {path, NULL};
    g_autoptr(Mailbox) mailbox = mailbox_new(paths, MAX_SIZE);
    g_autoptr(GString) bytes = g_string_new(NULL);
    GString *all = g_string_new(NULL);
    const char *source;

    for (;;) {
        g_autoptr(GError) error = NULL;
        if (mailbox_next(mailbox, bytes, &source, &error)) {
            g_assert_cmpstr(source, ==, path);
            g_string_append_len(all, bytes->str, (gssize)bytes->len);
            g_string_append_c(all, '|');
        } else if (g_error_matches(error, MAILBOX_ERROR, MAILBOX_ERROR_SIZE)) {
            g_string_append(all, "(size)");
        } else {
            g_assert_no_error(error);
            return g_string_free(all, FALSE);
        }
    }
}

static void check(const char *name, const char *path, const char *expected)
{
    g_autofree char *got = read_all(path);

    if (strcmp(got, expected) != 0)
        g_error("%s: got \"%s\", expected \"%s\"", name, got, expected);
}

static void test_cases(void)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("mailbox-XXXXXX", &path, NULL);

    close(fd);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *file = to_crlf(cases[i].file), *messages = to_crlf(cases[i].messages);

        g_assert_true(g_file_set_contents(path, cases[i].file, -1, NULL));
        check(cases[i].name, path, cases[i].messages);
        g_assert_true(g_file_set_contents(path, file, -1, NULL));
        check(cases[i].name, path, messages);
    }
    g_unlink(path);
}

static void *write_bytes(void *data)
{
    const char *const *job = data;
    FILE *fifo = g_fopen(job[0], "w");

    setvbuf(fifo, NULL, _IONBF, 0);
    for (const char *at = job[1]; *at != '\0'; at++)
        fputc(*at, fifo);
    fclose(fifo);
    return NULL;
}

/* A pipe gives what it has: here one byte at a time. */
static void test_byte_by_byte(void)
{
    g_autofree char *directory = g_dir_make_tmp("mailbox-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "fifo", NULL);

    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *job[] = {path, cases[i].file};
        GThread *writer = g_thread_new("writer", write_bytes, job);
        check(cases[i].name, path, cases[i].messages);
        g_thread_join(writer);
    }
    g_unlink(path);
    g_rmdir(directory);
}

/* A line that is longer than any buffer, quoted and blank lines at its joints. */
static void test_long_line(void)
{
    g_autofree char *path = NULL;
    g_autoptr(GString) file = g_string_new("From a 9:30\nA: ");
    int fd = g_file_open_tmp("mailbox-XXXXXX", &path, NULL);

    close(fd);
    for (size_t i = 0; i < 100000; i++)
        g_string_append(file, "From b 9:30 ");
    g_string_append(file, "\n\n>From c\n");
    g_assert_true(g_file_set_contents(path, file->str, (gssize)file->len, NULL));

    const char *paths[] = {path, NULL};
    g_autoptr(Mailbox) mailbox = mailbox_new(paths, file->len);
    g_autoptr(GString) bytes = g_string_new(NULL);
    const char *source;
    g_assert_true(mailbox_next(mailbox, bytes, &source, NULL));
    g_assert_cmpuint(bytes->len, ==, file->len - strlen("From a 9:30\n") - strlen(">"));
    g_assert_true(g_str_has_suffix(bytes->str, "\n\nFrom c\n"));
    g_unlink(path);
}

static void test_nul(void)
{
    static const char file[] = "A: 1\n\n\0\0b\n";
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("mailbox-XXXXXX", &path, NULL);
    const char *paths[] = {path, NULL};
    const char *source;

    g_assert_cmpint(write(fd, file, sizeof file), ==, sizeof file);
    close(fd);
    paths[0] = path;
    g_autoptr(Mailbox) mailbox = mailbox_new(paths, MAX_SIZE);
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_assert_true(mailbox_next(mailbox, bytes, &source, NULL));
    g_assert_cmpmem(bytes->str, bytes->len, file, sizeof file);
    g_unlink(path);
}

/* A missing file is told, and the rest is read. */
static void test_missing(void)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("mailbox-XXXXXX", &path, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) bytes = g_string_new(NULL);
    const char *source;

    close(fd);
    g_assert_true(g_file_set_contents(path, "A: 1\n", -1, NULL));
    const char *paths[] = {"/nonexistent/file", path, NULL};
    g_autoptr(Mailbox) mailbox = mailbox_new(paths, MAX_SIZE);
    g_assert_false(mailbox_next(mailbox, bytes, &source, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_assert_nonnull(strstr(error->message, "/nonexistent/file"));
    g_assert_true(mailbox_next(mailbox, bytes, &source, NULL));
    g_assert_cmpstr(bytes->str, ==, "A: 1\n");
    g_assert_false(mailbox_next(mailbox, bytes, &source, NULL));
    g_unlink(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mailbox/cases", test_cases);
    g_test_add_func("/mailbox/byte-by-byte", test_byte_by_byte);
    g_test_add_func("/mailbox/long-line", test_long_line);
    g_test_add_func("/mailbox/nul", test_nul);
    g_test_add_func("/mailbox/missing", test_missing);
    return g_test_run();
}
