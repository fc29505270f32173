/* Compressed files come out of a mailbox as what they hold, or are named. */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#define ZLIB_CONST /* it reads what it is given, and no more */
#include <zlib.h>
#include <zstd.h>

#include "cmd/bouncectl/files/mailbox.h"
#include "cmd/files/input.h"
#include "cmd/files/unpacker.h"

#define MBOX "From a 9:30\nA: 1\n\none\n\nFrom b 9:30\nB: 2\n"
#define MESSAGES "A: 1\n\none\n|B: 2\n|"
#define MIB ((size_t)1 << 20)

static void add_gzip(GString *file, const char *bytes, size_t length)
{
    z_stream gzip = {0};
    size_t old = file->len;

    g_assert_cmpint(deflateInit2(&gzip, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
    g_string_set_size(file, old + deflateBound(&gzip, length));
    gzip.next_in = (const Bytef *)bytes;
    gzip.avail_in = (uInt)length;
    gzip.next_out = (Bytef *)file->str + old;
    gzip.avail_out = (uInt)(file->len - old);
    g_assert_cmpint(deflate(&gzip, Z_FINISH), ==, Z_STREAM_END);
    g_string_set_size(file, old + gzip.total_out);
    deflateEnd(&gzip);
}

static void add_zstd(GString *file, const char *bytes, size_t length)
{
    size_t old = file->len, room = ZSTD_compressBound(length);

    g_string_set_size(file, old + room);
    g_string_set_size(file, old + ZSTD_compress(file->str + old, room, bytes, length, 1));
}

static char *read_all(const GString *file)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("unpacker-XXXXXX", &path, NULL);
    const char *paths[] = {path, NULL};
    g_autoptr(Mailbox) mailbox = mailbox_new(paths, MIB);
    g_autoptr(GString) bytes = g_string_new(NULL);
    GString *all = g_string_new(NULL);
    const char *source;

    close(fd);
    g_assert_true(g_file_set_contents(path, file->str, (gssize)file->len, NULL));
    for (;;) {
        g_autoptr(GError) error = NULL;
        if (mailbox_next(mailbox, bytes, &source, &error)) {
            g_string_append_printf(all, "%s|", bytes->str);
        } else if (error != NULL) {
            g_assert_nonnull(strstr(error->message, path));
            g_string_append_printf(all, "(%s %d)", g_quark_to_string(error->domain), error->code);
        } else {
            g_unlink(path);
            return g_string_free(all, FALSE);
        }
    }
}

static void check(const GString *file, const char *expected)
{
    g_autofree char *got = read_all(file);

    g_assert_cmpstr(got, ==, expected);
}

#define DAMAGED "(input-error 1)"

static void test_formats(void)
{
    static void (*const add[])(GString * file, const char *bytes, size_t length) = {add_gzip, add_zstd};

    for (size_t i = 0; i < G_N_ELEMENTS(add); i++) {
        g_autoptr(GString) file = g_string_new(NULL), message = g_string_new(NULL), none = g_string_new(NULL);

        g_test_message("format %zu", i);
        add[i](message, "Subject: a\n\nbody\n", 17);
        check(message, "Subject: a\n\nbody\n|");
        add[i](none, "", 0);
        check(none, "");
        add[i](file, MBOX, 10); /* two pieces, one behind the other */
        add[i](file, &MBOX[10], strlen(MBOX) - 10);
        check(file, MESSAGES);
        for (size_t length = PACKING_START; length < message->len; length++) {
            g_autoptr(GString) part = g_string_new_len(message->str, (gssize)length);
            check(part, DAMAGED);
        }
        g_string_append(file, "rubbish");
        check(file, "A: 1\n\none\n|" DAMAGED);
    }
}

/* As tapes and some programs pad. */
static void test_zeros(void)
{
    g_autoptr(GString) file = g_string_new(NULL);

    add_gzip(file, MBOX, strlen(MBOX));
    g_string_append_len(file, "\0\0\0\0\0\0\0", 7);
    check(file, MESSAGES);
}

/* The good part before the damage is read. */
static void test_damage(void)
{
    g_autoptr(GString) file = g_string_new(NULL);

    add_gzip(file, MBOX, strlen(MBOX));
    file->str[file->len - 5] ^= 1; /* the checksum */
    check(file, "A: 1\n\none\n|" DAMAGED);
}

/* A file that becomes a thousand times its size is not read for long. */
static void test_bomb(void)
{
    static const char *const from = "From a 9:30\n";
    g_autofree char *zeros = g_malloc0(128 * MIB);
    g_autoptr(GString) mbox = g_string_new(NULL), fine = g_string_new(NULL);

    g_strlcpy(zeros, from, 128 * MIB);
    add_gzip(mbox, zeros, 128 * MIB);
    check(mbox, "(input-error 2)");
    add_gzip(fine, zeros, 48 * MIB); /* a message that is too large, and no more */
    check(fine, "(mailbox-error 0)");
    memset(zeros, 0, strlen(from));
    g_string_truncate(mbox, 0);
    add_gzip(mbox, zeros, 128 * MIB);
    check(mbox, "(mailbox-error 0)");
}

static void test_named(void)
{
    static const struct {
        const char *name, *start;
        size_t length;
    } others[] = {
        {"bzip2", "BZh91AY&SY", 10},
        {"xz",
         "\xfd"
         "7zXZ\0",
         6},
        {"lz4", "\x04\x22\x4d\x18", 4},
        {"lz4", "Dovecot-LZ4\x0d\x2a\x9b\xc5", 15},
        {"lzip", "LZIP\x01", 5},
        {"compress", "\x1f\x9d", 2},
        {"zip", "PK\x03\x04", 4},
        {"7z", "7z\xbc\xaf\x27\x1c", 6},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autoptr(GString) file = g_string_new_len(others[i].start, (gssize)others[i].length);
        const struct packing *packing;

        g_test_message("%s", others[i].name);
        g_assert_null(packing_find(file->str, file->len - 1));
        packing = packing_find(file->str, file->len);
        g_assert_nonnull(packing);
        g_assert_cmpstr(packing_name(packing), ==, others[i].name);
        g_string_append(file, "and what else is in it");
        check(file, "(input-error 0)");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/unpacker/formats", test_formats);
    g_test_add_func("/unpacker/named", test_named);
    g_test_add_func("/unpacker/zeros", test_zeros);
    g_test_add_func("/unpacker/damage", test_damage);
    g_test_add_func("/unpacker/bomb", test_bomb);
    return g_test_run();
}
