/* pattern_tree.h: a pattern's text as a tree (the grammar is in pattern_tree.c). */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { PATTERN_MAX_REPEAT = 80 };

enum pattern_node_kind {
    PATTERN_NODE_TEXT,       /* characters, each once */
    PATTERN_NODE_CHAR,       /* one character */
    PATTERN_NODE_SET,        /* one of several: . \d [a-z] */
    PATTERN_NODE_ASSERTION,  /* ^ $ \b \B */
    PATTERN_NODE_GROUP,      /* (a|b) */
    PATTERN_NODE_LOOKAROUND, /* (?=a) (?!a) (?<=a) (?<!a) */
};

struct pattern_node {
    enum pattern_node_kind kind;
    unsigned min; /* how often it may stand */
    unsigned max;
    gunichar c;              /* of a CHAR; of a TEXT: the first one; of a SET: one that is in it */
    char *source;            /* of a TEXT; of a SET or ASSERTION: as PCRE2 writes it; of a group: how it opens */
    GPtrArray *alternatives; /* of a group: of GPtrArray of struct pattern_node, one after the other */
};

GQuark pattern_error_quark(void);

/* The root is a GROUP. NULL and an error that says what is wrong and where. */
struct pattern_node *pattern_tree_parse(const char *source, GError **error);
void pattern_tree_free(struct pattern_node *root);

typedef struct pattern_node PatternNode;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PatternNode, pattern_tree_free)
