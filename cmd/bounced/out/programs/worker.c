#include "cmd/bounced/out/programs/worker.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_NOT_RUN = 127 }; /* as a shell's */

struct worker {
    const struct worker_owner *calls;
    void *owner;
    pid_t pid; /* and its group; 0: it was waited for */
    int pidfd;
    struct event *end;
    struct bufferevent *input;
    struct bufferevent *output;
    struct bufferevent *errors;
    GString *last_words; /* of standard error */
    bool gone;
};

/* --- the child, between fork() and exec(): only what a signal handler may call ------------------------------------ */

static void become_program(char *const *arguments, const int pipes[3])
{
    static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                language[] = "LANG=C.UTF-8";
    char *const environment[] = {path, language, NULL};
    sigset_t none;

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        _exit(EXIT_NOT_RUN);
    for (int i = 0; i < 3; i++) {
        if (dup2(pipes[i], i) < 0)
            _exit(EXIT_NOT_RUN);
    }
    close_range(3, ~0U, 0);
    execve(arguments[0], arguments, environment);
    _exit(EXIT_NOT_RUN);
}

/* --- its end ------------------------------------------------------------------------------------------------------ */

/* The group outlives its leader: a grandchild would hold the pipes open, and work on. */
static int kill_and_wait(struct worker *worker)
{
    int status = 0;

    if (worker->pid == 0)
        return 0;
    kill(-worker->pid, SIGKILL);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        ;
    worker->pid = 0;
    return status;
}

static void end(struct worker *worker, const char *why)
{
    g_autofree char *words = g_strdup(g_strchomp(worker->last_words->str));
    const char *line = strrchr(words, '\n');
    g_autoptr(GString) text = g_string_new(why);

    if (worker->gone)
        return;
    worker->gone = true;
    kill_and_wait(worker);
    event_del(worker->end);
    bufferevent_disable(worker->input, EV_READ | EV_WRITE);
    bufferevent_disable(worker->output, EV_READ);
    bufferevent_disable(worker->errors, EV_READ);
    if (*words != '\0')
        g_string_append_printf(text, ": %s", line != NULL ? line + 1 : words);
    worker->calls->gone(worker->owner, text->str);
}

static void read_last_words(struct worker *worker)
{
    struct evbuffer *input = bufferevent_get_input(worker->errors);
    size_t length = evbuffer_get_length(input);

    g_string_append_len(worker->last_words, (const char *)evbuffer_pullup(input, -1), (gssize)length);
    evbuffer_drain(input, length);
    for (char *nul = worker->last_words->str;
         (nul = memchr(nul, '\0', worker->last_words->len - (size_t)(nul - worker->last_words->str))) != NULL;)
        *nul = '?';
    if (worker->last_words->len > WORKER_ERROR_MAX)
        g_string_erase(worker->last_words, 0, (gssize)worker->last_words->len - WORKER_ERROR_MAX);
}

static void on_errors(struct bufferevent *stream G_GNUC_UNUSED, void *data)
{
    read_last_words(data);
}

static void read_ids(struct worker *worker)
{
    struct evbuffer *output = bufferevent_get_input(worker->output);
    char *line;

    while (!worker->gone && (line = evbuffer_readln(output, NULL, EVBUFFER_EOL_LF)) != NULL) {
        if (strlen(line) > WORKER_ID_MAX)
            end(worker, "it wrote a line that is no id");
        else
            worker->calls->done(worker->owner, line);
        free(line); /* NOLINT: libevent's */
    }
    if (evbuffer_get_length(output) > WORKER_ID_MAX)
        end(worker, "it wrote a line that is no id");
}

static void on_output(struct bufferevent *stream G_GNUC_UNUSED, void *data)
{
    read_ids(data);
}

/* All that it wrote before its end counts. */
static void drain(struct bufferevent *stream)
{
    while (evbuffer_read(bufferevent_get_input(stream), bufferevent_getfd(stream), -1) > 0)
        ;
}

static void on_end(evutil_socket_t fd G_GNUC_UNUSED, short what G_GNUC_UNUSED, void *data)
{
    struct worker *worker = data;
    g_autofree char *why = NULL;

    drain(worker->errors);
    read_last_words(worker);
    drain(worker->output);
    read_ids(worker);
    if (worker->gone)
        return;
    int status = kill_and_wait(worker);
    if (WIFSIGNALED(status))
        why = g_strdup_printf("it was killed by signal %d", WTERMSIG(status));
    else if (WEXITSTATUS(status) == EXIT_NOT_RUN)
        why = g_strdup("it cannot be run");
    else
        why = g_strdup_printf("it ended with status %d", WEXITSTATUS(status));
    end(worker, why);
}

/* --- its beginning ------------------------------------------------------------------------------------------------ */

static bool make_pipes(int ours[3], int theirs[3])
{
    for (int i = 0; i < 3; i++) {
        int both[2];
        if (pipe2(both, O_CLOEXEC) != 0)
            return false;
        ours[i] = both[i == STDIN_FILENO ? 1 : 0];
        theirs[i] = both[i == STDIN_FILENO ? 0 : 1];
        evutil_make_socket_nonblocking(ours[i]);
    }
    return true;
}

static void close_all(const int fds[3])
{
    for (int i = 0; i < 3; i++) {
        if (fds[i] >= 0)
            close(fds[i]);
    }
}

static void watch(struct worker *worker, struct event_base *base, const int ours[3])
{
    worker->input = bufferevent_socket_new(base, ours[STDIN_FILENO], BEV_OPT_CLOSE_ON_FREE);
    worker->output = bufferevent_socket_new(base, ours[STDOUT_FILENO], BEV_OPT_CLOSE_ON_FREE);
    worker->errors = bufferevent_socket_new(base, ours[STDERR_FILENO], BEV_OPT_CLOSE_ON_FREE);
    bufferevent_setcb(worker->output, on_output, NULL, NULL, worker);
    bufferevent_setcb(worker->errors, on_errors, NULL, NULL, worker);
    bufferevent_setwatermark(worker->output, EV_READ, 0, (size_t)16 * WORKER_ID_MAX);
    bufferevent_enable(worker->input, EV_WRITE);
    bufferevent_enable(worker->output, EV_READ);
    bufferevent_enable(worker->errors, EV_READ);
    worker->end = event_new(base, worker->pidfd, EV_READ | EV_PERSIST, on_end, worker);
    event_add(worker->end, NULL);
}

struct worker *worker_new(struct event_base *base, char *const *arguments, const struct worker_owner *calls,
                          void *owner, GError **error)
{
    int ours[3] = {-1, -1, -1}, theirs[3] = {-1, -1, -1};
    bool piped = make_pipes(ours, theirs);
    pid_t pid = piped ? fork() : -1;

    if (pid == 0)
        become_program(arguments, theirs);
    int code = errno;
    close_all(theirs);
    int pidfd = pid > 0 ? pidfd_open(pid, 0) : -1;
    if (pidfd < 0) {
        close_all(ours);
        if (pid > 0) {
            kill(pid, SIGKILL);
            waitpid(pid, NULL, 0);
        }
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot start %s: %s", arguments[0],
                    g_strerror(code));
        return NULL;
    }
    setpgid(pid, pid); /* whichever of us is first */
    struct worker *worker = g_new0(struct worker, 1);
    worker->calls = calls;
    worker->owner = owner;
    worker->pid = pid;
    worker->pidfd = pidfd;
    worker->last_words = g_string_new(NULL);
    watch(worker, base, ours);
    return worker;
}

void worker_free(struct worker *worker)
{
    if (worker == NULL)
        return;
    kill_and_wait(worker);
    event_free(worker->end);
    bufferevent_free(worker->input);
    bufferevent_free(worker->output);
    bufferevent_free(worker->errors);
    close(worker->pidfd);
    g_string_free(worker->last_words, TRUE);
    g_free(worker);
}

void worker_send(struct worker *worker, const char *line)
{
    struct evbuffer *out = bufferevent_get_output(worker->input);

    evbuffer_add(out, line, strlen(line));
    evbuffer_add(out, "\n", 1);
}
