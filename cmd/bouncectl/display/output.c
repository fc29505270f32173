#include "cmd/bouncectl/display/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "reports/json.h"
#include "reports/readable.h"

/* ECMA-48, by enum output_style. */
static const char *const styles[] = {"\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m"};

static const struct {
    const char *word;
    enum output_style style;
} words[] = {
    {"hard", OUTPUT_RED},       {"complaint", OUTPUT_RED},   {"unsubscribe", OUTPUT_RED}, {"soft", OUTPUT_YELLOW},
    {"suppressed", OUTPUT_RED}, {"listed", OUTPUT_RED},      {"counted", OUTPUT_YELLOW},  {"cleared", OUTPUT_GREEN},
    {"failed", OUTPUT_RED},     {"appears", OUTPUT_RED},     {"waiting", OUTPUT_YELLOW},  {"withheld", OUTPUT_YELLOW},
    {"goes", OUTPUT_GREEN},     {"delivered", OUTPUT_GREEN},
};

const char *const colour_names[] = {
    [COLOUR_AUTO] = "auto",
    [COLOUR_ALWAYS] = "always",
    [COLOUR_NEVER] = "never",
    NULL,
};

static bool wants_colour(bool terminal, enum colour colour)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    if (colour != COLOUR_AUTO)
        return colour == COLOUR_ALWAYS;
    return terminal && (no_color == NULL || *no_color == '\0') && g_strcmp0(term, "dumb") != 0;
}

/* A terminal that does not tell how wide it is has 80, unless COLUMNS says otherwise. */
static unsigned terminal_width(FILE *stream)
{
    struct winsize size = {0};
    const char *columns = getenv("COLUMNS");
    guint64 width;

    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    if (columns != NULL && g_ascii_string_to_unsigned(columns, 10, 1, 10000, &width, NULL))
        return (unsigned)width;
    return 80;
}

void output_init(struct output *output, FILE *stream, bool json, enum colour colour)
{
    *output = (struct output){.stream = stream, .json = json, .terminal = isatty(fileno(stream)) == 1};
    output->colour = !json && wants_colour(output->terminal, colour);
    output->width = output->terminal ? terminal_width(stream) : 0;
}

const char *output_style(const struct output *output, enum output_style style)
{
    return output->colour ? styles[style] : "";
}

const char *output_word_style(const struct output *output, const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i].word, word) == 0)
            return output_style(output, words[i].style);
    }
    return "";
}

void output_line(const struct output *output, GString *line)
{
    g_string_append_c(line, '\n');
    fwrite(line->str, 1, line->len, output->stream);
    g_string_truncate(line, 0);
}

void output_message(const struct output *output, const char *indent, const char *bytes, size_t length)
{
    g_autoptr(GString) text = g_string_new_len(bytes, (gssize)length);

    for (size_t i = 0; i < length; i++) {
        if (text->str[i] == '\0')
            text->str[i] = '?'; /* it hides nothing of what follows */
    }
    g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
        g_autofree char *readable = readable_dup(g_strchomp(lines[i]));
        fprintf(output->stream, "%s%s\n", indent, readable);
    }
}

void output_json_member(GString *out, const char *name, const char *text)
{
    if (text == NULL)
        return;
    g_string_append_printf(out, "%s\"%s\":", out->len > 1 ? "," : "", name);
    json_text(out, text);
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
