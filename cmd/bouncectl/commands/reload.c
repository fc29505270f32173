#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cmd/bouncectl/commands/commands.h"
#include "cmd/config/config_error.h"
#include "cmd/config/rule_files.h"
#include "cmd/control/control.h"
#include "reports/json.h"

enum { WAIT = 60 }; /* seconds for an answer: messages that are at work end first */

struct reload_options {
    gint64 process;
};

/* Asked for in its place when the daemon has no socket: it is of an older version, or in another network namespace. */
/* Its number may be another program's by now, or somebody may have written it who must not end that. */
static bool is_daemon(pid_t process)
{
    g_autofree char *path = g_strdup_printf("/proc/%ld/comm", (long)process);
    g_autofree char *name = NULL;

    return g_file_get_contents(path, &name, NULL, NULL) && strcmp(g_strchomp(name), "bounced") == 0;
}

static int send_signal(const struct context *context, pid_t process, GError **error)
{
    if (!is_daemon(process)) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_UNAVAILABLE, "process %ld is no bounced", (long)process);
        return EX_UNAVAILABLE;
    }
    if (kill(process, SIGHUP) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot signal bounced (process %ld): %s",
                    (long)process, g_strerror(errno));
        return EX_NOPERM;
    }
    fprintf(context->output.stream,
            context->output.json
                ? "{\"process\":%ld}\n"
                : "bounced (process %ld) was told to read its config and rules; its log says what came "
                  "of it\n",
            (long)process);
    return EX_OK;
}

/* A socket that the daemon listens on, and nobody in its place. -1: there is none. */
static int connect_daemon(pid_t process)
{
    const struct timeval wait = {.tv_sec = WAIT};
    struct sockaddr_un address;
    socklen_t length = control_address(process, &address);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct ucred peer;
    socklen_t size = sizeof peer;

    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, length) == 0 &&
        getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid == process &&
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The answer without its line end, of CONTROL_LINE_MAX octets at most; "" when nothing was said. False: not in time. */
static bool read_answer(int fd, char *line, GError **error)
{
    size_t length = 0;
    ssize_t count = 1;

    while (count > 0 && length < CONTROL_LINE_MAX) {
        count = recv(fd, line + length, CONTROL_LINE_MAX - length, 0);
        if (count < 0 && errno == EINTR)
            count = 1;
        else if (count > 0)
            length += (size_t)count;
    }
    if (count < 0 && errno == EAGAIN) {
        g_set_error(error, SUBCOMMAND_ERROR, EX_TEMPFAIL,
                    "bounced has not read its config within %d seconds; its log will say what comes of it", WAIT);
        return false;
    }
    line[length] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return true;
}

static int print_reloaded(const struct context *context, pid_t process, const char *text)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (context->output.json) {
        g_string_printf(line, "{\"process\":%ld,\"rule_version\":", (long)process);
        g_autofree char *version = g_strndup(text, strcspn(text, ";"));
        json_text(line, version);
        g_string_append_c(line, '}');
    } else {
        g_string_printf(line, "bounced (process %ld) has read its config, and rules %s", (long)process, text);
    }
    output_line(&context->output, line);
    return EX_OK;
}

static int take_answer(const struct context *context, pid_t process, const char *line, GError **error)
{
    for (unsigned word = 0; control_words[word] != NULL; word++) {
        size_t length = strlen(control_words[word]);

        if (strncmp(line, control_words[word], length) != 0 || line[length] != ' ')
            continue;
        switch ((enum control_answer)word) {
        case CONTROL_ANSWER_RELOADED:
            return print_reloaded(context, process, line + length + 1);
        case CONTROL_ANSWER_REFUSED:
            g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD, "bounced keeps its old config: %s", line + length + 1);
            return EX_CONFIG;
        case CONTROL_ANSWER_STOPPING:
            g_set_error(error, SUBCOMMAND_ERROR, EX_UNAVAILABLE, "bounced stops");
            return EX_UNAVAILABLE;
        }
    }
    g_set_error(error, SUBCOMMAND_ERROR, EX_NOPERM,
                "bounced (process %ld) gave no answer; run this as root or as the user bounced", (long)process);
    return EX_NOPERM;
}

static int ask(const struct context *context, pid_t process, GError **error)
{
    char line[CONTROL_LINE_MAX + 1];
    int fd = connect_daemon(process);
    bool answered;

    if (fd < 0)
        return send_signal(context, process, error);
    answered = read_answer(fd, line, error);
    close(fd);
    return answered ? take_answer(context, process, line, error) : EX_TEMPFAIL;
}

static bool find_process(const struct context *context, const struct reload_options *options, pid_t *process,
                         GError **error)
{
    *process = (pid_t)options->process;
    if (options->process > 0)
        return true;
    if (!store_holder(context->config->store_path, process, error))
        return false;
    if (*process == 0)
        g_set_error(error, SUBCOMMAND_ERROR, EX_UNAVAILABLE, "no bounced runs on %s", context->config->store_path);
    return *process != 0;
}

/* The config and the rules are read here first: the daemon need not be bothered with what is wrong with them. */
static int reload(struct context *context, const void *options, G_GNUC_UNUSED char **arguments, GError **error)
{
    const struct config *config = context_config_with(context, NULL, error);
    g_autoptr(Classifier) classifier = config != NULL ? rule_files_classifier(config, error) : NULL;
    pid_t process;

    if (classifier == NULL)
        return EX_CONFIG;
    return find_process(context, options, &process, error) ? ask(context, process, error) : EX_IOERR;
}

static const struct option_row rows[] = {
    {"process", 0, OPTION_NUMBER, offsetof(struct reload_options, process), "ID",
     "of this process; default: the one that holds the database", NULL},
    {0},
};

const struct subcommand subcommand_reload = {
    .name = "reload",
    .arguments = "",
    .summary = "Have the running daemon read its config and rules again",
    .details =
        "Both are checked first, and when something is wrong with them the daemon is not told. It then waits for\n"
        "what the daemon makes of them: the exit status is 0 when it works by them, and 78 when it refused them.\n",
    .examples = "  bouncectl reload\n",
    .options = rows,
    .options_size = sizeof(struct reload_options),
    .run = reload,
};
