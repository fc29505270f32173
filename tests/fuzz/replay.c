/* Runs a fuzz target on files instead of libFuzzer's inputs: every file below the folders given as arguments. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned run(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = NULL;
    const char *name;
    unsigned count = 0;
    size_t length;

    if (folder != NULL) {
        while ((name = g_dir_read_name(folder)) != NULL) {
            g_autofree char *inner = g_build_filename(path, name, NULL);
            count += run(inner);
        }
        return count;
    }
    if (!g_file_get_contents(path, &bytes, &length, &error)) {
        g_printerr("%s\n", error->message);
        return 0;
    }
    LLVMFuzzerTestOneInput((const uint8_t *)bytes, length);
    return 1;
}

int main(int argc, char **argv)
{
    unsigned count = 0;

    for (int i = 1; i < argc; i++)
        count += run(argv[i]);
    printf("%u files\n", count);
    return count == 0;
}
