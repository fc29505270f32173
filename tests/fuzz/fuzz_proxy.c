/* The header of the PROXY protocol: any bytes, and every beginning of them: what is said of a beginning holds for the
 * whole, and more is asked for only while more can come. */
#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "cmd/bounced/smtp/proxy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct network_host client = {0}, same = {0};
    size_t taken = 0, again = 0;
    enum proxy_result result = proxy_read((const char *)data, size, &taken, &client);

    g_assert(result != PROXY_RESULT_MORE || size < PROXY_MAX);
    for (size_t length = 1; length < MIN(size, 300); length++) {
        g_autofree char *copy = g_memdup2(data, length);
        enum proxy_result early = proxy_read(copy, length, &again, &same);

        g_assert(early == PROXY_RESULT_MORE || early == result);
        g_assert(early == PROXY_RESULT_MORE || early == PROXY_RESULT_BAD || again <= length);
    }
    if (result == PROXY_RESULT_OWN || result == PROXY_RESULT_CLIENT) {
        g_assert(taken > 0 && taken <= size);
        g_assert(proxy_read((const char *)data, taken, &again, &same) == result && again == taken);
    }
    if (result == PROXY_RESULT_CLIENT) {
        g_autofree char *name = network_host_name(&client), *other = network_host_name(&same);

        g_assert(strcmp(name, other) == 0);
    }
    return 0;
}
