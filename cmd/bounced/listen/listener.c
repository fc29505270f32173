#include "cmd/bounced/listen/listener.h"

#include <errno.h>
#include <glib-unix.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define UNIX_PREFIX "unix:"

/* clang-format off */
G_DEFINE_QUARK(listener-error, listener_error)
/* clang-format on */

void listener_unref(void *data)
{
    struct listener *listener = data;

    if (--listener->references > 0)
        return;
    close(listener->fd);
    if (listener->path != NULL)
        unlink(listener->path);
    g_free(listener->name);
    g_free(listener->address);
    g_free(listener->path);
    g_free(listener);
}

static struct listener *add_listener(GPtrArray *listeners, const struct listen_config *config, int fd)
{
    static const int on = 1;
    struct listener *listener = g_new0(struct listener, 1);

    /* Replies go out as they come: Linux hands this on to the connections. A UNIX socket has no such option, nor need
     * of it. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);

    listener->name = g_strdup(config->name);
    listener->address = g_strdup(config->address);
    listener->fd = fd;
    listener->references = 1;
    g_ptr_array_add(listeners, listener);
    return listener;
}

static bool bind_failed(const struct listen_config *config, GError **error)
{
    g_set_error(error, LISTENER_ERROR, LISTENER_ERROR_BIND, "[listen %s] cannot listen on %s: %s", config->name,
                config->address, g_strerror(errno));
    return false;
}

/* --- addresses --------------------------------------------------------------------------------------------------- */

/* A socket file that a dead daemon left behind is in the way; one that somebody listens on is not ours to take. */
static void remove_stale(const struct sockaddr_un *address)
{
    struct stat status;
    int fd;

    if (lstat(address->sun_path, &status) != 0 || !S_ISSOCK(status.st_mode))
        return;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED)
        unlink(address->sun_path);
    close(fd);
}

/* Everybody may write to the socket, as everybody may connect to a port; who shall not is kept out by the folder. */
enum { SOCKET_MODE = 0666 };

static bool open_unix(const struct listen_config *config, GPtrArray *listeners, GError **error)
{
    const char *path = config->address + strlen(UNIX_PREFIX);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    errno = ENAMETOOLONG;
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path)
        return bind_failed(config, error);
    remove_stale(&address);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return bind_failed(config, error);
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        bind_failed(config, error);
        close(fd);
        return false;
    }
    add_listener(listeners, config, fd)->path = g_strdup(path);
    return (chmod(path, SOCKET_MODE) == 0 && listen(fd, SOMAXCONN) == 0) || bind_failed(config, error);
}

static int bind_one(const struct addrinfo *info)
{
    static const int on = 1, off = 0;
    int problem;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd < 0)
        return -1;
    /* [::] is both families. */
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        (info->ai_family != AF_INET6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0) &&
        bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    problem = errno;
    close(fd);
    errno = problem;
    return -1;
}

/* A host name may have an address of a family that this machine is without ("localhost" where there is no IPv6); one
 * that can be had is enough then. */
static bool bind_all(const struct listen_config *config, const struct addrinfo *all, GPtrArray *listeners,
                     GError **error)
{
    guint before = listeners->len;
    int missing = 0;

    for (const struct addrinfo *info = all; info != NULL; info = info->ai_next) {
        int fd = bind_one(info);

        if (fd >= 0)
            add_listener(listeners, config, fd);
        else if (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)
            missing = errno;
        else
            return bind_failed(config, error);
    }
    errno = missing;
    return listeners->len > before || bind_failed(config, error);
}

static bool open_tcp(const struct listen_config *config, GPtrArray *listeners, GError **error)
{
    static const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    const char *colon = strrchr(config->address, ':');
    size_t bracket = *config->address == '[' ? 1 : 0;
    g_autofree char *host = g_strndup(config->address + bracket, (size_t)(colon - config->address) - 2 * bracket);
    struct addrinfo *all;
    bool bound;
    int problem = getaddrinfo(host, colon + 1, &hints, &all);

    if (problem != 0) {
        g_set_error(error, LISTENER_ERROR, LISTENER_ERROR_RESOLVE, "[listen %s] cannot resolve %s: %s", config->name,
                    host, gai_strerror(problem));
        return false;
    }
    bound = bind_all(config, all, listeners, error);
    freeaddrinfo(all);
    return bound;
}

/* --- systemd ----------------------------------------------------------------------------------------------------- */

static bool take_inherited(const struct config *config, GPtrArray *listeners, GError **error)
{
    g_auto(GStrv) names = NULL;
    int count = sd_listen_fds_with_names(1, &names);

    for (int i = 0; i < count; i++) {
        const struct listen_config *section = config_listener(config, names[i]);
        int fd = SD_LISTEN_FDS_START + i;

        if (section == NULL) {
            g_set_error(error, LISTENER_ERROR, LISTENER_ERROR_INHERITED,
                        "systemd passed a socket named \"%s\", and the config has no [listen %s]", names[i], names[i]);
            return false;
        }
        if (!g_unix_set_fd_nonblocking(fd, TRUE, error))
            return false;
        add_listener(listeners, section, fd)->inherited = true;
    }
    return true;
}

/* Takes over what is open for a section already; true when there was something. An address that changed is bound anew:
 * but for systemd's sockets, whose address is not ours to choose. */
static bool take_open(const GPtrArray *open, const struct listen_config *section, GPtrArray *listeners)
{
    guint before = listeners->len;

    for (guint i = 0; i < open->len; i++) {
        struct listener *listener = open->pdata[i];

        if (strcmp(listener->name, section->name) != 0 ||
            (!listener->inherited && strcmp(listener->address, section->address) != 0))
            continue;
        listener->references++;
        g_ptr_array_add(listeners, listener);
    }
    return listeners->len > before;
}

GPtrArray *listener_open_all(const struct config *config, const GPtrArray *open, GError **error)
{
    g_autoptr(GPtrArray) inherited = g_ptr_array_new_with_free_func(listener_unref);
    g_autoptr(GPtrArray) listeners = g_ptr_array_new_with_free_func(listener_unref);

    if (open == NULL && !take_inherited(config, inherited, error))
        return NULL;
    for (guint i = 0; i < config->listeners->len; i++) {
        const struct listen_config *section = config->listeners->pdata[i];
        bool is_unix = g_str_has_prefix(section->address, UNIX_PREFIX);

        if (take_open(open != NULL ? open : inherited, section, listeners))
            continue;
        if (!(is_unix ? open_unix : open_tcp)(section, listeners, error))
            return NULL;
    }
    return g_steal_pointer(&listeners);
}

/* --- names ------------------------------------------------------------------------------------------------------- */

char *listener_address(const struct listener *listener)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    struct network_host host;

    if (getsockname(listener->fd, (struct sockaddr *)&address, &length) != 0 || address.ss_family == AF_UNIX)
        return g_strdup(listener->address);
    network_host_read(&host, (const struct sockaddr *)&address);
    return network_host_name(&host);
}
