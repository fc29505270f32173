#include "cmd/files/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cmd/files/unpacker.h"

#define CHUNK ((size_t)64 * 1024)

/* The octets of the file that were read and not given out yet: from..to of `chunk`. */
struct input {
    const char *path;
    int fd;
    const struct packing *packing; /* NULL: it is not compressed */
    struct unpacker *unpacker;
    enum unpacker_result result; /* of its last piece: what came before the damage is given out first */
    bool eof;
    size_t from, to;
    char chunk[CHUNK];
};

/* clang-format off */
G_DEFINE_QUARK(input-error, input_error)
/* clang-format on */

static bool fail(const char *path, int code, GError **error)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot read %s: %s", path, g_strerror(code));
    return false;
}

static bool read_some(struct input *input, char *buffer, size_t room, size_t *length, GError **error)
{
    ssize_t n;

    do
        n = read(input->fd, buffer, room);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail(input->path, errno, error);
    input->eof = n == 0;
    *length = (size_t)n;
    return true;
}

/* Enough to see whether it is compressed: a pipe may give less at a time. */
static bool read_start(struct input *input, GError **error)
{
    while (!input->eof && input->to < PACKING_START) {
        size_t n = 0;

        if (!read_some(input, input->chunk + input->to, CHUNK - input->to, &n, error))
            return false;
        input->to += n;
    }
    input->packing = packing_find(input->chunk, input->to);
    if (input->packing == NULL)
        return true;
    input->unpacker = unpacker_new(input->packing);
    if (input->unpacker == NULL)
        g_set_error(error, INPUT_ERROR, INPUT_ERROR_PACKING, "%s is left out: it is compressed (%s), and not read",
                    input->path, packing_name(input->packing));
    return input->unpacker != NULL;
}

/* Takes `fd`; -1 is a failure, which errno tells. */
static struct input *take(const char *path, int fd, GError **error)
{
    struct input *input;

    if (fd < 0) {
        fail(path, errno, error);
        return NULL;
    }
    input = g_malloc(sizeof *input);
    /* Not all of it: most files are much smaller than the chunk. */
    memset(input, 0, offsetof(struct input, chunk));
    input->path = path;
    input->fd = fd;
    if (read_start(input, error))
        return input;
    input_free(input);
    return NULL;
}

enum { READING = O_RDONLY | O_CLOEXEC | O_NOCTTY };

struct input *input_open(const char *path, GError **error)
{
    return take(path, strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, READING), error);
}

struct input *input_open_found(const char *path, GError **error)
{
    return take(path, open(path, READING | O_NOFOLLOW | O_NONBLOCK), error);
}

void input_free(struct input *input)
{
    if (input == NULL)
        return;
    if (input->fd != STDIN_FILENO)
        close(input->fd);
    unpacker_free(input->unpacker);
    g_free(input);
}

static bool unpack_failed(const struct input *input, GError **error)
{
    if (input->result == UNPACKER_BOMB)
        g_set_error(error, INPUT_ERROR, INPUT_ERROR_BOMB,
                    "%s is left out from here on: it unpacks to hundreds of times its size", input->path);
    else
        g_set_error(error, INPUT_ERROR, INPUT_ERROR_DAMAGED, "cannot read %s: what is compressed in it (%s) %s",
                    input->path, packing_name(input->packing), input->eof ? "ends too early" : "is damaged");
    return false;
}

static bool unpack_some(struct input *input, char *buffer, size_t room, size_t *length, GError **error)
{
    struct unpacker_piece piece = {.out = buffer, .room = room};

    while (input->result == UNPACKER_GOOD) {
        if (input->from == input->to && !input->eof) {
            input->from = 0;
            if (!read_some(input, input->chunk, CHUNK, &input->to, error))
                return false;
        }
        piece.in = input->chunk + input->from;
        piece.in_length = input->to - input->from;
        input->result = unpacker_run(input->unpacker, &piece);
        input->from = input->to - piece.in_length;
        *length = piece.out_length;
        if (piece.out_length > 0)
            return true;
        if (input->eof && input->from == input->to && input->result == UNPACKER_GOOD) {
            if (unpacker_complete(input->unpacker))
                return true;
            input->result = UNPACKER_DAMAGED;
        }
    }
    return unpack_failed(input, error);
}

bool input_read(struct input *input, char *buffer, size_t room, size_t *length, GError **error)
{
    if (input->unpacker != NULL)
        return unpack_some(input, buffer, room, length, error);
    *length = 0;
    if (input->from == input->to)
        return input->eof || read_some(input, buffer, room, length, error);
    *length = MIN(room, input->to - input->from);
    memcpy(buffer, input->chunk + input->from, *length);
    input->from += *length;
    return true;
}
