#include "cmd/bouncectl/pause.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

void pause_begin(struct pause *pause)
{
    sigset_t ends;

    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    pause->descriptor = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    if (pause->descriptor >= 0)
        sigprocmask(SIG_BLOCK, &ends, &pause->before);
}

void pause_end(struct pause *pause)
{
    if (pause->descriptor < 0)
        return;
    close(pause->descriptor);
    sigprocmask(SIG_SETMASK, &pause->before, NULL);
}

/* A descriptor of -1 is left out by poll(2). */
int pause_take(const struct pause *pause, FILE *output, int milliseconds)
{
    struct pollfd waited[] = {{.fd = pause->descriptor, .events = POLLIN},
                              {.fd = output != NULL ? fileno(output) : -1}};
    struct signalfd_siginfo came;

    if (poll(waited, sizeof waited / sizeof *waited, milliseconds) <= 0)
        return 0;
    if (waited[0].revents != 0 && read(pause->descriptor, &came, sizeof came) == (ssize_t)sizeof came)
        return (int)came.ssi_signo;
    return (waited[1].revents & (POLLERR | POLLHUP)) != 0 ? SIGPIPE : 0;
}
