#include "cmd/bounced/smtp/proxy.h"

#include <string.h>

/* --- version 1 --------------------------------------------------------------------------------------------------- */

/* With the CRLF. */
enum { V1_MAX = 107 };

static const char v1_signature[] = "PROXY ";

/* A port, without leading zeros. */
static bool read_port(const char *text, guint16 *port)
{
    guint64 number;

    if ((text[0] == '0' && text[1] != '\0') || !g_ascii_isdigit(text[0]) ||
        !g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT16, &number, NULL))
        return false;
    *port = (guint16)number;
    return true;
}

/* Of the family that was said? An IPv6 address may be a mapped IPv4 one. */
static bool read_address(const char *text, bool is_v4, struct network_host *host)
{
    return (strchr(text, ':') == NULL) == is_v4 && network_host_parse(host, text);
}

/* "PROXY" SP ( "TCP4" / "TCP6" ) SP source SP destination SP source-port SP destination-port
 * "PROXY" SP "UNKNOWN" *ANY */
static enum proxy_result read_v1_line(const char *line, struct network_host *client)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    struct network_host destination;
    bool is_v4;

    if (strcmp(words[1], "UNKNOWN") == 0)
        return PROXY_RESULT_OWN;
    is_v4 = strcmp(words[1], "TCP4") == 0;
    if ((!is_v4 && strcmp(words[1], "TCP6") != 0) || g_strv_length(words) != 6 ||
        !read_address(words[2], is_v4, client) || !read_address(words[3], is_v4, &destination) ||
        !read_port(words[4], &client->port) || !read_port(words[5], &destination.port))
        return PROXY_RESULT_BAD;
    return PROXY_RESULT_CLIENT;
}

static enum proxy_result read_v1(const char *bytes, size_t length, size_t *taken, struct network_host *client)
{
    const char *lf = memchr(bytes, '\n', MIN(length, V1_MAX));
    g_autofree char *line = NULL;

    if (lf == NULL)
        return length < V1_MAX ? PROXY_RESULT_MORE : PROXY_RESULT_BAD;
    if (lf[-1] != '\r' || memchr(bytes, '\0', (size_t)(lf - bytes)) != NULL)
        return PROXY_RESULT_BAD;
    *taken = (size_t)(lf + 1 - bytes);
    line = g_strndup(bytes, *taken - 2);
    return read_v1_line(line, client);
}

/* --- version 2 --------------------------------------------------------------------------------------------------- */

static const char v2_signature[] = "\r\n\r\n\0\r\nQUIT\n";

/* Behind the signature: version and command, family and transport, the length of what follows. */
enum { V2_COMMAND = 12, V2_FAMILY = 13, V2_LENGTH = 14, V2_HEADER = 16 };

enum { V2_LOCAL = 0x20, V2_PROXY = 0x21 };

/* The families and transports that there are, one a row; others must be refused. */
static const struct family {
    guint8 code;
    guint8 addresses; /* octets of both, and of the ports */
    guint8 address;   /* octets of one that is read; 0: the client is not known by it */
} families[] = {
    {0x00, 0, 0},   /* not said */
    {0x11, 12, 4},  /* IPv4: TCP */
    {0x12, 12, 0},  /* UDP: no client of ours */
    {0x21, 36, 16}, /* IPv6: TCP */
    {0x22, 36, 0},  /* UDP */
    {0x31, 216, 1}, /* UNIX: stream */
    {0x32, 216, 0}, /* datagram */
};

static guint16 read_u16(const char *bytes)
{
    return (guint16)((guint8)bytes[0] << 8 | (guint8)bytes[1]);
}

static enum proxy_result read_family(const char *bytes, size_t length, struct network_host *client)
{
    const struct family *family = families;
    size_t left = G_N_ELEMENTS(families);

    for (; left > 0 && family->code != (guint8)bytes[V2_FAMILY]; left--)
        family++;
    if (left == 0 || length < family->addresses)
        return PROXY_RESULT_BAD;
    if (family->address == 0)
        return PROXY_RESULT_OWN;
    bytes += V2_HEADER;
    *client = (struct network_host){.is_ip = family->address > 1};
    if (client->is_ip) {
        network_host_set(client, bytes, family->address);
        client->port = read_u16(bytes + family->address + family->address);
    }
    return PROXY_RESULT_CLIENT;
}

static enum proxy_result read_v2(const char *bytes, size_t length, size_t *taken, struct network_host *client)
{
    guint8 command;

    if (length < V2_HEADER)
        return PROXY_RESULT_MORE;
    command = (guint8)bytes[V2_COMMAND];
    *taken = V2_HEADER + (size_t)read_u16(bytes + V2_LENGTH);
    if ((command != V2_LOCAL && command != V2_PROXY) || *taken > PROXY_MAX)
        return PROXY_RESULT_BAD;
    if (length < *taken)
        return PROXY_RESULT_MORE;
    return command == V2_LOCAL ? PROXY_RESULT_OWN : read_family(bytes, *taken - V2_HEADER, client);
}

/* --- both -------------------------------------------------------------------------------------------------------- */

static const struct version {
    const char *signature;
    size_t length;
    enum proxy_result (*read)(const char *bytes, size_t length, size_t *taken, struct network_host *client);
} versions[] = {
    {v1_signature, sizeof v1_signature - 1, read_v1},
    {v2_signature, sizeof v2_signature - 1, read_v2},
};

enum proxy_result proxy_read(const char *bytes, size_t length, size_t *taken, struct network_host *client)
{
    for (size_t i = 0; i < G_N_ELEMENTS(versions); i++) {
        const struct version *version = &versions[i];

        if (memcmp(bytes, version->signature, MIN(length, version->length)) != 0)
            continue;
        return length < version->length ? PROXY_RESULT_MORE : version->read(bytes, length, taken, client);
    }
    return PROXY_RESULT_BAD;
}
