#include "cmd/bouncectl/display/output.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

/* ECMA-48, by enum output_style. */
static const char *const styles[] = {"\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m"};

void output_init(struct output *output, FILE *stream, bool json)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    output->stream = stream;
    output->json = json;
    output->terminal = isatty(fileno(stream)) == 1;
    output->colour =
        output->terminal && !json && (no_color == NULL || *no_color == '\0') && g_strcmp0(term, "dumb") != 0;
}

const char *output_style(const struct output *output, enum output_style style)
{
    return output->colour ? styles[style] : "";
}

void output_line(const struct output *output, GString *line)
{
    g_string_append_c(line, '\n');
    fwrite(line->str, 1, line->len, output->stream);
    g_string_truncate(line, 0);
}

void output_json_text(GString *out, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    json_t *string = json_string(valid);
    char *dumped = json_dumps(string, JSON_ENCODE_ANY);

    g_string_append(out, dumped);
    free(dumped);
    json_decref(string);
}

bool output_finish(FILE *stream, GError **error)
{
    /* A failed fwrite leaves its mark on the stream; the flush gives the errno of what is still to write. */
    bool failed = ferror(stream) != 0;

    errno = 0;
    if (fflush(stream) == 0 && !failed)
        return true;
    if (errno == EPIPE)
        return true;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot write the output: %s",
                errno != 0 ? g_strerror(errno) : "write error");
    return false;
}
