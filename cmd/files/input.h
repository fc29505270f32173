/* input.h: the octets of one file or of standard input, unpacked if it is compressed (unpacker.h). */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct input;

#define INPUT_ERROR (input_error_quark())
GQuark input_error_quark(void);
enum input_error {
    INPUT_ERROR_PACKING, /* it is compressed in a way that is not read */
    INPUT_ERROR_DAMAGED, /* what is compressed is damaged, or ends too early */
    INPUT_ERROR_BOMB,
};

/* `path` is borrowed; "-" is standard input. NULL and an error if it cannot be read. */
struct input *input_open(const char *path, GError **error);
/* The same of a file that nobody named: it was found below a directory, and may have become a link or a FIFO since. */
struct input *input_open_found(const char *path, GError **error);
void input_free(struct input *input);

/* Puts 1 to `room` octets into `buffer`, 0 at the end. False and an error if it can be read no further. */
bool input_read(struct input *input, char *buffer, size_t room, size_t *length, GError **error);
