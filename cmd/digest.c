#include "cmd/digest.h"

#include <string.h>

void digest_message(const char *rcpt_to, const GString *bytes, guint8 digest[DIGEST_SIZE])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    const char *at = bytes->str, *end = at + bytes->len;
    gsize length = DIGEST_SIZE;

    g_checksum_update(sum, (const guchar *)rcpt_to, (gssize)strlen(rcpt_to) + 1);
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *stop = line_end == NULL ? end : line_end;

        if (stop > at && stop[-1] == '\r')
            stop--;
        g_checksum_update(sum, (const guchar *)at, stop - at);
        g_checksum_update(sum, (const guchar *)"\n", 1);
        at = line_end == NULL ? end : line_end + 1;
    }
    g_checksum_get_digest(sum, digest, &length);
}

char *digest_hex(const guint8 digest[DIGEST_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    GString *hex = g_string_sized_new((gsize)2 * DIGEST_SIZE);

    for (size_t i = 0; i < DIGEST_SIZE; i++) {
        g_string_append_c(hex, digits[digest[i] >> 4]);
        g_string_append_c(hex, digits[digest[i] & 15]);
    }
    return g_string_free(hex, FALSE);
}
