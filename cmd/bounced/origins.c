#include "cmd/bounced/origins.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

struct origins {
    GHashTable *counts; /* of char *: GUINT_TO_POINTER */
};

struct origins *origins_new(void)
{
    struct origins *origins = g_new0(struct origins, 1);

    origins->counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return origins;
}

void origins_free(struct origins *origins)
{
    if (origins == NULL)
        return;
    g_hash_table_unref(origins->counts);
    g_free(origins);
}

static char *format(int family, const void *address, const char *suffix)
{
    char text[INET6_ADDRSTRLEN];

    return g_strconcat(inet_ntop(family, address, text, sizeof text), suffix, NULL);
}

char *origins_name(const struct sockaddr *address)
{
    struct sockaddr_in6 in6;
    struct sockaddr_in in;

    if (address->sa_family == AF_INET) {
        memcpy(&in, address, sizeof in);
        return format(AF_INET, &in.sin_addr, "");
    }
    if (address->sa_family != AF_INET6)
        return NULL;
    memcpy(&in6, address, sizeof in6);
    /* An IPv4 peer of a socket for both families. */
    if (IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr))
        return format(AF_INET, &in6.sin6_addr.s6_addr[12], "");
    memset(&in6.sin6_addr.s6_addr[8], 0, 8);
    return format(AF_INET6, &in6.sin6_addr, "/64");
}

unsigned origins_count(const struct origins *origins, const char *name)
{
    return name != NULL ? GPOINTER_TO_UINT(g_hash_table_lookup(origins->counts, name)) : 0;
}

void origins_enter(struct origins *origins, const char *name)
{
    if (name != NULL)
        g_hash_table_replace(origins->counts, g_strdup(name), GUINT_TO_POINTER(origins_count(origins, name) + 1));
}

void origins_leave(struct origins *origins, const char *name)
{
    unsigned count = origins_count(origins, name);

    if (count > 1)
        g_hash_table_replace(origins->counts, g_strdup(name), GUINT_TO_POINTER(count - 1));
    else if (count == 1)
        g_hash_table_remove(origins->counts, name);
}
