#include "cmd/bounced/reload_socket.h"

#include <errno.h>
#include <event2/listener.h>
#include <unistd.h>

#include "cmd/control/control.h"

struct reload_socket {
    struct reload *reload;
    struct evconnlistener *listener; /* NULL: there is none */
};

/* The name is anybody's to connect to. */
static bool may_ask(int fd)
{
    struct ucred peer;
    socklen_t length = sizeof peer;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && (peer.uid == 0 || peer.uid == geteuid());
}

static void on_asked(struct evconnlistener *listener G_GNUC_UNUSED, evutil_socket_t fd,
                     struct sockaddr *address G_GNUC_UNUSED, int length G_GNUC_UNUSED, void *data)
{
    struct reload_socket *socket = data;

    if (may_ask(fd))
        reload_ask(socket->reload, fd);
    else
        close(fd);
}

struct reload_socket *reload_socket_new(struct event_base *base, const struct journal *journal, struct reload *reload)
{
    struct reload_socket *socket = g_new0(struct reload_socket, 1);
    struct sockaddr_un address;
    socklen_t length = control_address(getpid(), &address);
    struct journal_entry *entry;

    socket->reload = reload;
    socket->listener = evconnlistener_new_bind(base, on_asked, socket, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 8,
                                               (const struct sockaddr *)&address, (int)length);
    if (socket->listener == NULL) {
        entry = journal_begin(journal, LOG_WARNING, "no-control");
        journal_text(entry, "error", g_strerror(errno));
        journal_send(entry);
    }
    return socket;
}

void reload_socket_free(struct reload_socket *socket)
{
    if (socket == NULL)
        return;
    if (socket->listener != NULL)
        evconnlistener_free(socket->listener);
    g_free(socket);
}
