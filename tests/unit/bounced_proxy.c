/* Headers of the PROXY protocol: each whole, byte by byte, and with more behind it. */
#include "cmd/bounced/smtp/proxy.h"

#include <string.h>

#define V2 "\r\n\r\n\0\r\nQUIT\n"
#define BYTES(text) text, sizeof(text) - 1
#define CLIENT(name) PROXY_RESULT_CLIENT, name

static const struct row {
    const char *bytes;
    size_t length;
    enum proxy_result result;
    const char *client; /* of PROXY_RESULT_CLIENT */
} rows[] = {
    {BYTES("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\r\n"), CLIENT("192.0.2.1:56324")},
    {BYTES("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"), CLIENT("255.255.255.255:65535")},
    {BYTES("PROXY TCP6 2001:db8::1 2001:db8::2 0 25\r\n"), CLIENT("[2001:db8::1]:0")},
    {BYTES("PROXY TCP6 ::ffff:192.0.2.1 2001:db8::2 1 25\r\n"), CLIENT("192.0.2.1:1")},
    {BYTES("PROXY UNKNOWN\r\n"), PROXY_RESULT_OWN, NULL},
    {BYTES("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 "
           "65535\r\n"),
     PROXY_RESULT_OWN, NULL},
    {BYTES("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 "
           "65535x\r\n"),
     PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25 1\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP4  192.0.2.1 198.51.100.1 56324 25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP4 192.0.2.1 198.51.100.1 65536 25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP4 192.0.2.1 198.51.100.1 025 25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP4 192.0.2.1 198.51.100.1 +5 25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP4 192.0.2.1 198.51.100.1  25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP4 2001:db8::1 198.51.100.1 56324 25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP6 192.0.2.1 2001:db8::1 56324 25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP6 2001:db8::1 192.0.2.1 56324 25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY TCP4 192.0.2 198.51.100.1 56324 25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY tcp4 192.0.2.1 198.51.100.1 56324 25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY UDP4 192.0.2.1 198.51.100.1 56324 25\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY UNKNOWN\0\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXY \r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("PROXYTCP4"), PROXY_RESULT_BAD, NULL},
    {BYTES("EHLO a.example\r\n"), PROXY_RESULT_BAD, NULL},
    {BYTES("\r\n\r\n\0\r\nQUIX"), PROXY_RESULT_BAD, NULL},

    {BYTES(V2 "\x21\x11\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x01\xdc\x04\0\x19"), CLIENT("192.0.2.1:56324")},
    {BYTES(V2 "\x21\x11\0\x13\xc0\0\x02\x01\xc6\x33\x64\x01\xdc\x04\0\x19\x04\0\x04text"), CLIENT("192.0.2.1:56324")},
    {BYTES(V2 "\x21\x21\0\x24\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02"
              "\x01\x02\0\x19"),
     CLIENT("[2001:db8::1]:258")},
    {BYTES(V2 "\x21\x21\0\x24\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x01\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\x02\x02"
              "\0\x01\0\x19"),
     CLIENT("192.0.2.1:1")},
    {BYTES(V2 "\x20\0\0\0"), PROXY_RESULT_OWN, NULL},
    {BYTES(V2 "\x20\x11\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x01\xdc\x04\0\x19"), PROXY_RESULT_OWN, NULL},
    {BYTES(V2 "\x20\xff\0\x01z"), PROXY_RESULT_OWN, NULL}, /* LOCAL: the rest is ignored */
    {BYTES(V2 "\x21\0\0\0"), PROXY_RESULT_OWN, NULL},
    {BYTES(V2 "\x21\0\0\x03\x04\0\0"), PROXY_RESULT_OWN, NULL},
    {BYTES(V2 "\x21\x12\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x01\xdc\x04\0\x19"), PROXY_RESULT_OWN, NULL},
    {BYTES(V2 "\x21\x11\0\x0b\xc0\0\x02\x01\xc6\x33\x64\x01\xdc\x04\0"), PROXY_RESULT_BAD, NULL},
    {BYTES(V2 "\x21\x21\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x01\xdc\x04\0\x19"), PROXY_RESULT_BAD, NULL},
    {BYTES(V2 "\x21\x31\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x01\xdc\x04\0\x19"), PROXY_RESULT_BAD, NULL},
    {BYTES(V2 "\x21\x13\0\x0c\xc0\0\x02\x01\xc6\x33\x64\x01\xdc\x04\0\x19"), PROXY_RESULT_BAD, NULL},
    {BYTES(V2 "\x21\x41\0\0"), PROXY_RESULT_BAD, NULL},
    {BYTES(V2 "\x22\x11\0\x0c"), PROXY_RESULT_BAD, NULL},
    {BYTES(V2 "\x11\x11\0\x0c"), PROXY_RESULT_BAD, NULL},
    {BYTES(V2 "\x21\x11\xff\xff"), PROXY_RESULT_BAD, NULL},
    {BYTES(V2 "\x20\0\x0f\xf1"), PROXY_RESULT_BAD, NULL},
};

static void check(const struct row *row, const GString *bytes, size_t length)
{
    struct network_host client = {0};
    g_autofree char *copy = g_memdup2(bytes->str, length), *name = NULL;
    size_t taken = 0;
    enum proxy_result result = proxy_read(copy, length, &taken, &client);

    if (length < row->length && result == PROXY_RESULT_MORE)
        return;
    /* Only what is bad may be known before its end. */
    g_assert_cmpint(result, ==, row->result);
    if (result == PROXY_RESULT_BAD)
        return;
    g_assert_cmpuint(length, >=, row->length);
    g_assert_cmpuint(taken, ==, row->length);
    name = network_host_name(&client);
    g_assert_cmpstr(name, ==, row->client != NULL ? row->client : "unix");
}

static void test_table(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GString) bytes = g_string_new_len(rows[i].bytes, (gssize)rows[i].length);
        static const char behind[] = "EHLO a.example\r\nPROXY UNKNOWN\r\n";

        g_test_message("row %zu", i);
        for (size_t length = 1; length <= rows[i].length; length++)
            check(&rows[i], bytes, length);
        g_string_append_len(bytes, behind, sizeof behind - 1);
        check(&rows[i], bytes, bytes->len);
    }
}

/* A UNIX socket's client, and the largest header, which is all extensions. */
static void test_large(void)
{
    g_autoptr(GString) bytes = g_string_new_len(V2 "\x21\x31\0\xd8", 16);
    struct row row = {.result = PROXY_RESULT_CLIENT, .client = "unix"};

    g_string_set_size(bytes, 16 + 216);
    memset(bytes->str + 16, 'x', 216);
    row.length = bytes->len;
    check(&row, bytes, bytes->len - 1);
    check(&row, bytes, bytes->len);
    g_string_set_size(bytes, PROXY_MAX);
    bytes->str[13] = 0;
    bytes->str[14] = (PROXY_MAX - 16) >> 8;
    bytes->str[15] = (char)((PROXY_MAX - 16) & 0xff);
    row = (struct row){.length = bytes->len, .result = PROXY_RESULT_OWN};
    check(&row, bytes, bytes->len - 1);
    check(&row, bytes, bytes->len);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/proxy/table", test_table);
    g_test_add_func("/proxy/large", test_large);
    return g_test_run();
}
