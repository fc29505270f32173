#include "cmd/bouncectl/display/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK ((size_t)64 * 1024)

struct pager {
    pid_t child;
    GThread *thread;
    int terminal; /* standard output as it was */
    int in, out;  /* what is printed, and the pager's end */
    FILE *spool;
    off_t from, to; /* of the spool: what is still to be read, and written */
    bool end;       /* nothing more is printed */
    int failure;    /* errno of the spool */
    char chunk[CHUNK];
};

/* With the rights of another user, less must start no programs. */
static bool is_for_another(void)
{
    return getenv("SUDO_UID") != NULL || geteuid() != getuid();
}

static char **find_program(void)
{
    const char *wanted = is_for_another() ? NULL : getenv("PAGER");
    char **words = NULL;

    if (wanted == NULL)
        wanted = "less";
    if (!g_shell_parse_argv(wanted, NULL, &words, NULL) || strcmp(words[0], "cat") == 0) {
        g_strfreev(words);
        return NULL;
    }
    g_autofree char *path = g_find_program_in_path(words[0]);
    if (path != NULL)
        return words;
    g_strfreev(words);
    return NULL;
}

/* less: leave at once if all fits on the screen, let colours through, and stay where the output is. */
static char **environment(bool wide)
{
    char **all = g_environ_setenv(g_get_environ(), "LESS", wide ? "FRSX" : "FRX", FALSE);

    all = g_environ_setenv(all, "LV", "-c", FALSE);
    return is_for_another() ? g_environ_setenv(all, "LESSSECURE", "1", TRUE) : all;
}

/* Puts what is printed behind what is in the spool. */
static void take(struct pager *pager)
{
    ssize_t n = read(pager->in, pager->chunk, CHUNK);

    if (n < 0 && errno == EINTR)
        return;
    pager->end = n <= 0;
    for (ssize_t done = 0; done < n;) {
        ssize_t written = pwrite(fileno(pager->spool), pager->chunk + done, (size_t)(n - done), pager->to);
        if (written < 0) {
            pager->failure = errno;
            pager->end = true;
            return;
        }
        done += written;
        pager->to += written;
    }
}

/* False when the reader is gone. */
static bool give(struct pager *pager)
{
    ssize_t n = pread(fileno(pager->spool), pager->chunk, CHUNK, pager->from);
    ssize_t written = n > 0 ? write(pager->out, pager->chunk, (size_t)n) : -1;

    if (written > 0)
        pager->from += written;
    return written > 0 || (n > 0 && (errno == EAGAIN || errno == EINTR));
}

/* When the reader is gone, so is the end that the command prints to, and SIGPIPE ends it. */
static void *pump(void *data)
{
    struct pager *pager = data;
    bool reader = true;

    while (reader && (!pager->end || pager->from < pager->to)) {
        struct pollfd wait[] = {{.fd = pager->end ? -1 : pager->in, .events = POLLIN},
                                {.fd = pager->out, .events = pager->from < pager->to ? POLLOUT : 0}};
        if (poll(wait, G_N_ELEMENTS(wait), -1) < 0 && errno != EINTR)
            break;
        if (wait[0].revents != 0)
            take(pager);
        if ((wait[1].revents & POLLERR) != 0)
            reader = false;
        else if ((wait[1].revents & POLLOUT) != 0)
            reader = give(pager);
    }
    close(pager->in);
    close(pager->out);
    return NULL;
}

/* Its writes to a pager that is gone are to fail, not to end the process. */
static GThread *start_pump(struct pager *pager)
{
    sigset_t pipe, before;

    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before);
    GThread *thread = g_thread_new("pager", pump, pager);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return thread;
}

static bool spawn(struct pager *pager, bool wide)
{
    g_auto(GStrv) words = find_program();
    g_auto(GStrv) variables = environment(wide);

    if (words == NULL ||
        !g_spawn_async_with_pipes(NULL, words, variables, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                                  &pager->child, &pager->out, NULL, NULL, NULL))
        return false;
    return g_unix_set_fd_nonblocking(pager->out, TRUE, NULL);
}

struct pager *pager_start(bool wide)
{
    struct pager *pager = g_new0(struct pager, 1);
    int ends[2];

    pager->spool = tmpfile();
    if (pager->spool == NULL || !spawn(pager, wide)) {
        if (pager->spool != NULL)
            fclose(pager->spool);
        g_free(pager);
        return NULL;
    }
    pager->terminal = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
    if (pager->terminal < 0 || !g_unix_open_pipe(ends, FD_CLOEXEC, NULL) || dup2(ends[1], STDOUT_FILENO) < 0)
        g_error("cannot start a pager: %s", g_strerror(errno));
    close(ends[1]);
    pager->in = ends[0];
    pager->thread = start_pump(pager);
    /* They are for the pager: less stops to wait for more then. */
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    return pager;
}

void pager_finish(struct pager *pager)
{
    if (pager == NULL)
        return;
    fflush(stdout);
    dup2(pager->terminal, STDOUT_FILENO);
    close(pager->terminal);
    g_thread_join(pager->thread);
    while (waitpid(pager->child, NULL, 0) < 0 && errno == EINTR)
        ;
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    if (pager->failure != 0)
        fprintf(stderr, "bouncectl: not all is shown: cannot write a temporary file: %s\n", g_strerror(pager->failure));
    fclose(pager->spool);
    g_free(pager);
}
