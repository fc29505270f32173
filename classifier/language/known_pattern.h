/* known_pattern.h: the patterns of the built-in rules, analysed when the program is built: to do it at each start would
 * take most of the time of a short run. classifier/rules/known_patterns.c writes the table. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Where the texts stand in known_pattern_texts: pointers would have to be set right at each start. */
struct known_pattern {
    unsigned source;
    unsigned literals;   /* as pattern_literals() gives them */
    unsigned companions; /* as pattern_companions(); 0: none */
    bool plain;          /* as pattern_is_literal() */
};

/* In the order of the sources, as strcmp() has it. */
extern const struct known_pattern known_patterns[];
extern const char known_pattern_texts[];
extern const size_t known_pattern_count;
