/* output.h: where a subcommand's output goes, and what it may look like there: colours and tables fitted to the width
 * are for terminals; a pipe gets plain lines, and JSON is one object a line. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

/* The choice of --color. */
enum colour {
    COLOUR_AUTO, /* on a terminal, unless NO_COLOR (no-color.org) is set */
    COLOUR_ALWAYS,
    COLOUR_NEVER,
};
extern const char *const colour_names[];

struct output {
    FILE *stream;
    bool json;            /* --json */
    bool terminal;        /* `stream` is one */
    bool colour;          /* there are colours */
    unsigned width;       /* characters in a line of the terminal; 0: as many as there are */
    const GArray *chosen; /* the columns of a table that are asked for, see table_choose(); NULL: all */
};

enum output_style {
    OUTPUT_PLAIN, /* back to normal */
    OUTPUT_BOLD,
    OUTPUT_FAINT,
    OUTPUT_RED,
    OUTPUT_GREEN,
    OUTPUT_YELLOW,
};

void output_init(struct output *output, FILE *stream, bool json, enum colour colour);

/* The escape sequence, "" where there are no colours. */
const char *output_style(const struct output *output, enum output_style style);
/* That of a verdict, an effect or a state: red for what keeps mail from an address, yellow for what may come to that.
 * "" for all other words. */
const char *output_word_style(const struct output *output, const char *word);

/* Writes `line` and a line end, and empties it for the next. */
void output_line(const struct output *output, GString *line);

/* Prints a message line by line, each behind `indent`, for a person, whose terminal would do what a stranger's octets
 * say. */
void output_message(const struct output *output, const char *indent, const char *bytes, size_t length);

/* Appends a member to the object that `out` has begun, for those that are only the command line's; nothing if `text` is
 * NULL. */
void output_json_member(GString *out, const char *name, const char *text);

/* Flushes; false when something could not be written. A reader that went away (EPIPE) is no error. */
bool output_finish(FILE *stream, GError **error);
