#include "cmd/config/smart_host.h"

const char *const smart_host_tls_names[] = {
    [SMART_HOST_TLS_NONE] = "none",
    [SMART_HOST_TLS_OPPORTUNISTIC] = "opportunistic",
    [SMART_HOST_TLS_REQUIRED] = "required",
    [SMART_HOST_TLS_IMPLICIT] = "implicit",
    NULL,
};

struct smart_host *smart_host_new(void)
{
    return g_atomic_rc_box_new0(struct smart_host);
}

struct smart_host *smart_host_ref(struct smart_host *host)
{
    return host != NULL ? g_atomic_rc_box_acquire(host) : NULL;
}

static void clear(void *object)
{
    struct smart_host *host = object;

    g_free(host->address);
    g_free(host->user);
    g_free(host->password);
    g_free(host->ca_file);
    g_free(host->from);
}

void smart_host_unref(struct smart_host *host)
{
    if (host != NULL)
        g_atomic_rc_box_release_full(host, clear);
}
