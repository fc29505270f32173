/* template.h: a text in which words in braces stand for what is known when it is used: "{reason}". A brace that no name
 * of lower-case letters and "_" and a closing brace follow is a brace. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A template consists of these. */
struct template_piece {
    const char *start; /* of the text, or of the name without its braces */
    gsize length;
    bool is_name;
};

/* Takes the next piece of `*rest`; false at the end. */
bool template_next(const char **rest, struct template_piece *piece);
