/* The least that a bounce parser on GMime must do: read every message of a directory, let GMime parse it, walk its
 * parts and decode them. `tests/bench/parse` measures bouncectl against this. */
#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>

static void decode(GMimeObject *parent, GMimeObject *part, gpointer sink)
{
    (void)parent;
    if (!GMIME_IS_PART(part))
        return;
    GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(part));
    if (content != NULL)
        g_mime_data_wrapper_write_to_stream(content, sink);
}

static void read_message(const char *path)
{
    g_autofree char *bytes = NULL;
    size_t length;
    g_autoptr(GError) error = NULL;

    if (!g_file_get_contents(path, &bytes, &length, &error))
        g_error("%s", error->message);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    GMimeStream *sink = g_mime_stream_mem_new();

    if (message != NULL) {
        g_mime_message_foreach(message, decode, sink);
        g_object_unref(message);
    }
    g_object_unref(sink);
    g_object_unref(parser);
    g_object_unref(stream);
}

int main(int argc, char **argv)
{
    g_autoptr(GDir) directory = argc == 2 ? g_dir_open(argv[1], 0, NULL) : NULL;
    const char *name;
    unsigned n = 0;

    if (directory == NULL) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return EXIT_FAILURE;
    }
    g_mime_init();
    for (; (name = g_dir_read_name(directory)) != NULL; n++) {
        g_autofree char *path = g_build_filename(argv[1], name, NULL);
        read_message(path);
    }
    printf("%u\n", n);
    return EXIT_SUCCESS;
}
