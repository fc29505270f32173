#include "cmd/control/control.h"

#include <glib.h>
#include <stddef.h>

const char *const control_words[] = {[CONTROL_ANSWER_RELOADED] = "reloaded",
                                     [CONTROL_ANSWER_REFUSED] = "refused",
                                     [CONTROL_ANSWER_STOPPING] = "stopping",
                                     NULL};

socklen_t control_address(pid_t process, struct sockaddr_un *address)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    /* The first octet is NUL. */
    int length = g_snprintf(address->sun_path + 1, sizeof address->sun_path - 1, "bounced/control/%ld", (long)process);

    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}
