#include "cmd/bounced/out/programs/worker.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

struct owner {
    struct event_base *base;
    GString *done; /* the ids, each with a line end */
    char *why;     /* NULL: it is not gone */
    unsigned wanted;
};

static void on_done(void *data, const char *id)
{
    struct owner *owner = data;

    g_string_append_printf(owner->done, "%s\n", id);
    if (--owner->wanted == 0)
        event_base_loopbreak(owner->base);
}

static void on_gone(void *data, const char *why)
{
    struct owner *owner = data;

    g_assert_null(owner->why);
    owner->why = g_strdup(why);
    event_base_loopbreak(owner->base);
}

static const struct worker_owner calls = {on_done, on_gone};

/* Runs `script` by a shell, sends it lines, and waits for so many ids, or its end. */
static struct worker *run(struct owner *owner, const char *script, const char *const *lines, unsigned wanted)
{
    char *arguments[] = {(char *)"/bin/sh", (char *)"-c", (char *)script, NULL}; /* NOLINT: exec() changes nothing */
    g_autoptr(GError) error = NULL;

    *owner = (struct owner){event_base_new(), g_string_new(NULL), NULL, wanted};
    struct worker *worker = worker_new(owner->base, arguments, &calls, owner, &error);
    g_assert_no_error(error);
    for (; *lines != NULL; lines++)
        worker_send(worker, *lines);
    event_base_dispatch(owner->base);
    return worker;
}

static void finish(struct owner *owner, struct worker *worker)
{
    worker_free(worker);
    event_base_free(owner->base);
    g_string_free(owner->done, TRUE);
    g_free(owner->why);
}

#define TELLS "while read -r id rest; do echo \"$id\"; done"
#define LONG "$(printf '%0300d' 0)"

static const char *const two[] = {"one {}", "two {}", NULL};

static const struct {
    const char *script;
    unsigned wanted; /* ids, after which it is killed */
    const char *done;
    const char *why;
} cases[] = {
    {TELLS, 2, "one\ntwo\n", NULL},
    {"read -r id rest; echo $id; read -r id rest; exit 3", 9, "one\n", "it ended with status 3"},
    {"read -r id rest; echo $id; echo no disk >&2; exit 1", 9, "one\n", "it ended with status 1: no disk"},
    {"echo first >&2; echo last >&2; kill -9 $$", 9, "", "it was killed by signal 9: last"},
    {"exec /nonexistent/program 2>&-", 9, "", "it cannot be run"},
    {"printf one; exit 0", 9, "", "it ended with status 0"}, /* without a line end it is none */
    {"echo " LONG "; read -r a; read -r b; read -r forever", 9, "", "it wrote a line that is no id"},
    {"printf %s " LONG "; sleep 1000", 9, "", "it wrote a line that is no id"},
};

static void test_cases(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct owner owner;
        g_test_message("%s", cases[i].script);
        struct worker *worker = run(&owner, cases[i].script, two, cases[i].wanted);
        g_assert_cmpstr(owner.done->str, ==, cases[i].done);
        g_assert_cmpstr(owner.why, ==, cases[i].why);
        finish(&owner, worker);
    }
}

/* More than a pipe holds, by a program that reads it only then, and floods standard error. */
static void test_much(void)
{
    enum { LINES = 3000 };
    g_autofree char *long_line = g_strnfill(2000, 'x');
    const char **lines = g_new0(const char *, LINES + 1);
    struct owner owner;

    for (int i = 0; i < LINES; i++)
        lines[i] = long_line;
    struct worker *worker =
        run(&owner, "head -c 1000000 /dev/zero >&2; while read -r id; do echo done; done", lines, LINES);
    g_assert_null(owner.why);
    g_assert_cmpuint(owner.done->len, ==, LINES * strlen("done\n"));
    finish(&owner, worker);
    g_free(lines);
}

/* It has three descriptors, a clean environment, no way to privileges, and a group of its own. */
static void test_rights(void)
{
    struct owner owner;
    int leaked = open("/dev/null", 0);

    g_setenv("SECRET", "of the daemon", TRUE);
    struct worker *worker = run(&owner,
                                "env | grep -c SECRET; ls /proc/$$/fd; grep NoNewPrivs /proc/$$/status | tr -d '\\t';"
                                "[ $(cut -d' ' -f5 /proc/$$/stat) = $$ ] && echo leader; sleep 1000",
                                two + 2, 6);
    g_assert_cmpstr(owner.done->str, ==, "0\n0\n1\n2\nNoNewPrivs:1\nleader\n");
    finish(&owner, worker);
    close(leaked);
}

/* The processes that it started go with it. */
static void test_group(void)
{
    struct owner owner;
    struct worker *worker = run(&owner, "sleep 1000 & echo $!; wait", two + 2, 1);
    pid_t child = (pid_t)g_ascii_strtoll(owner.done->str, NULL, 10);

    g_assert_cmpint(child, >, 1);
    struct pollfd end = {.fd = pidfd_open(child, 0), .events = POLLIN};
    g_assert_cmpint(end.fd, >=, 0);
    finish(&owner, worker);
    g_assert_cmpint(poll(&end, 1, -1), ==, 1);
    close(end.fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    g_test_add_func("/bounced/worker/cases", test_cases);
    g_test_add_func("/bounced/worker/much", test_much);
    g_test_add_func("/bounced/worker/rights", test_rights);
    g_test_add_func("/bounced/worker/group", test_group);
    return g_test_run();
}
