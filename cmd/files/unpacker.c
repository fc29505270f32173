#include "cmd/files/unpacker.h"

#include <string.h>
#define ZLIB_CONST /* it reads what it is given, and no more */
#include <zlib.h>
#include <zstd.h>

/* Mail becomes a hundredth of its size when each message is like the one before it. */
enum { MOST_TIMES = 250, ALWAYS_FINE = 1 << 26 };

struct unpacker {
    const struct packing *packing;
    z_stream gzip;
    ZSTD_DCtx *zstd;
    bool complete; /* a member or frame has ended, and no other has begun */
    guint64 in, out;
};

/* --- gzip --------------------------------------------------------------------------------------------------------- */

static void open_gzip(struct unpacker *unpacker)
{
    int result = inflateInit2(&unpacker->gzip, 16 + MAX_WBITS); /* 16: with gzip's header and trailer */

    g_assert(result == Z_OK);
}

static void close_gzip(struct unpacker *unpacker)
{
    inflateEnd(&unpacker->gzip);
}

/* Members may follow each other (RFC 1952 section 2.2), and zeros fill up the last block of a tape. */
static bool begin_member(struct unpacker *unpacker, struct unpacker_piece *piece)
{
    while (unpacker->complete && piece->in_length > 0 && *piece->in == '\0') {
        piece->in++;
        piece->in_length--;
    }
    if (!unpacker->complete || piece->in_length == 0)
        return true;
    unpacker->complete = false;
    return inflateReset(&unpacker->gzip) == Z_OK;
}

static bool run_gzip(struct unpacker *unpacker, struct unpacker_piece *piece)
{
    z_stream *gzip = &unpacker->gzip;
    int result;

    if (!begin_member(unpacker, piece))
        return false;
    if (piece->in_length == 0 && unpacker->complete)
        return true;
    gzip->next_in = (const Bytef *)piece->in;
    gzip->avail_in = (uInt)piece->in_length;
    gzip->next_out = (Bytef *)piece->out + piece->out_length;
    gzip->avail_out = (uInt)(piece->room - piece->out_length);
    result = inflate(gzip, Z_NO_FLUSH);
    piece->in = (const char *)gzip->next_in;
    piece->in_length = gzip->avail_in;
    piece->out_length = piece->room - gzip->avail_out;
    unpacker->complete = result == Z_STREAM_END;
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
}

/* --- Zstandard ---------------------------------------------------------------------------------------------------- */

static void open_zstd(struct unpacker *unpacker)
{
    unpacker->zstd = ZSTD_createDCtx();
}

static void close_zstd(struct unpacker *unpacker)
{
    ZSTD_freeDCtx(unpacker->zstd);
}

static bool run_zstd(struct unpacker *unpacker, struct unpacker_piece *piece)
{
    ZSTD_inBuffer in = {piece->in, piece->in_length, 0};
    ZSTD_outBuffer out = {piece->out, piece->room, piece->out_length};
    size_t result;

    if (piece->in_length == 0 && unpacker->complete)
        return true;
    result = ZSTD_decompressStream(unpacker->zstd, &out, &in);
    piece->in += in.pos;
    piece->in_length -= in.pos;
    piece->out_length = out.pos;
    unpacker->complete = result == 0;
    return !ZSTD_isError(result);
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

#define MAGIC(text) (text), sizeof(text) - 1

static const struct packing {
    const char *name;
    size_t offset;
    const char *magic;
    size_t length;
    void (*open)(struct unpacker *unpacker); /* NULL: it can only be named; so are the others */
    void (*close)(struct unpacker *unpacker);
    bool (*run)(struct unpacker *unpacker, struct unpacker_piece *piece);
} packings[] = {
    {"gzip", 0, MAGIC("\x1f\x8b\x08"), open_gzip, close_gzip, run_gzip},
    {"zstd", 0, MAGIC("\x28\xb5\x2f\xfd"), open_zstd, close_zstd, run_zstd},
    {"bzip2", 4, MAGIC("1AY&SY"), NULL, NULL, NULL},
    {"xz", 0,
     MAGIC("\xfd"
           "7zXZ\0"),
     NULL, NULL, NULL},
    {"lz4", 0, MAGIC("\x04\x22\x4d\x18"), NULL, NULL, NULL},
    {"lz4", 0, MAGIC("Dovecot-LZ4\x0d\x2a\x9b\xc5"), NULL, NULL, NULL},
    {"lzip", 0, MAGIC("LZIP\x01"), NULL, NULL, NULL},
    {"compress", 0, MAGIC("\x1f\x9d"), NULL, NULL, NULL},
    {"zip", 0, MAGIC("PK\x03\x04"), NULL, NULL, NULL},
    {"7z", 0, MAGIC("7z\xbc\xaf\x27\x1c"), NULL, NULL, NULL},
};

const struct packing *packing_find(const char *start, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(packings); i++) {
        const struct packing *packing = &packings[i];

        if (length >= packing->offset + packing->length &&
            memcmp(start + packing->offset, packing->magic, packing->length) == 0)
            return packing;
    }
    return NULL;
}

const char *packing_name(const struct packing *packing)
{
    return packing->name;
}

struct unpacker *unpacker_new(const struct packing *packing)
{
    struct unpacker *unpacker;

    if (packing->open == NULL)
        return NULL;
    unpacker = g_new0(struct unpacker, 1);
    unpacker->packing = packing;
    packing->open(unpacker);
    return unpacker;
}

void unpacker_free(struct unpacker *unpacker)
{
    if (unpacker == NULL)
        return;
    unpacker->packing->close(unpacker);
    g_free(unpacker);
}

enum unpacker_result unpacker_run(struct unpacker *unpacker, struct unpacker_piece *piece)
{
    size_t in_length = piece->in_length, out_length = piece->out_length;

    if (!unpacker->packing->run(unpacker, piece))
        return UNPACKER_DAMAGED;
    unpacker->in += in_length - piece->in_length;
    unpacker->out += piece->out_length - out_length;
    if (unpacker->out > ALWAYS_FINE && unpacker->out / MOST_TIMES > unpacker->in)
        return UNPACKER_BOMB;
    return UNPACKER_GOOD;
}

bool unpacker_complete(const struct unpacker *unpacker)
{
    return unpacker->complete;
}
