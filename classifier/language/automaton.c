#include "classifier/language/automaton.h"

#include <stdbool.h>
#include <string.h>

/* The trie that is built: the children of a node are a list. Node 0 is the root, which is nobody's child, so 0 also
 * ends the lists. */
struct node {
    guint32 child;
    guint32 sibling;
    guint32 output; /* 1 + index of its first output; 0: none */
    guint32 state;  /* its number in the finished form */
    guint8 byte;
};

/* The finished form: states in the order of their depth, so that the children of one have numbers in a row. The
 * part of a state that the scan reads is kept small: that it stays in the processor's cache is most of its speed. */
struct state {
    guint32 fail;  /* the state of the longest proper suffix that there is */
    guint32 child; /* the first one */
    guint16 children;
    guint8 byte; /* that leads to it */
    bool marked; /* it has marks: few have */
};

/* The marks of a state; those of its suffixes are among them. */
struct range {
    guint32 first;
    guint32 n;
};

/* Ids whose bits are in one word of what is found: a literal that many rules share has many, most of them near. */
struct mark {
    guint64 bits;
    guint32 word;
};

/* The marks of a literal's end, while it is built. */
struct output {
    unsigned id;
    guint32 next; /* 1 + index; 0: the last */
};

/* The states of a few bytes are where most bytes of most texts lead to: they know the way for every byte, without
 * another look at a suffix. Bytes that are in no literal are one class. */
#define ROW_DEPTH 3
#define MARKED (1U << 31) /* in a row: what the state says of itself */

struct automaton {
    GArray *nodes; /* these two are NULL once it is finished */
    GArray *outputs;
    GArray *marks; /* of struct mark */
    struct state *states;
    struct range *ranges; /* of each state's marks */
    guint32 *rows;        /* of the first n_rows states: a target for each class of bytes */
    guint32 n_rows;
    guint32 n_classes;
    guint8 classes[256];
};

#define NODE(automaton, i) (&g_array_index((automaton)->nodes, struct node, (i)))

struct automaton *automaton_new(void)
{
    struct automaton *automaton = g_new0(struct automaton, 1);
    struct node root = {0};

    automaton->nodes = g_array_new(FALSE, FALSE, sizeof(struct node));
    automaton->outputs = g_array_new(FALSE, FALSE, sizeof(struct output));
    automaton->marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
    g_array_append_val(automaton->nodes, root);
    automaton->n_classes = 1;
    return automaton;
}

void automaton_free(struct automaton *automaton)
{
    if (automaton == NULL)
        return;
    g_clear_pointer(&automaton->nodes, g_array_unref);
    g_clear_pointer(&automaton->outputs, g_array_unref);
    g_array_unref(automaton->marks);
    g_free(automaton->states);
    g_free(automaton->ranges);
    g_free(automaton->rows);
    g_free(automaton);
}

/* It becomes the first of the list: literals that begin alike often come one after the other. */
static guint32 child_by_byte(const struct automaton *automaton, guint32 parent, guint8 byte)
{
    guint32 child = NODE(automaton, parent)->child;
    guint32 before = 0;

    for (; child && NODE(automaton, child)->byte != byte; child = NODE(automaton, child)->sibling)
        before = child;
    if (child && before) {
        NODE(automaton, before)->sibling = NODE(automaton, child)->sibling;
        NODE(automaton, child)->sibling = NODE(automaton, parent)->child;
        NODE(automaton, parent)->child = child;
    }
    return child;
}

void automaton_add(struct automaton *automaton, const char *literal, unsigned id)
{
    guint32 at = 0;

    for (const char *c = literal; *c; c++) {
        if (automaton->classes[(guint8)*c] == 0)
            automaton->classes[(guint8)*c] = (guint8)automaton->n_classes++;
        guint32 next = child_by_byte(automaton, at, (guint8)*c);
        if (!next) {
            struct node node = {.byte = (guint8)*c, .sibling = NODE(automaton, at)->child};
            next = automaton->nodes->len;
            g_array_append_val(automaton->nodes, node);
            NODE(automaton, at)->child = next;
        }
        at = next;
    }
    struct output output = {.id = id, .next = NODE(automaton, at)->output};
    g_array_append_val(automaton->outputs, output);
    NODE(automaton, at)->output = automaton->outputs->len;
}

/* Nodes become states breadth first, so that a state's suffixes, being shorter, are finished before it. */
static guint32 *number_states(struct automaton *automaton)
{
    guint32 *order = g_new0(guint32, automaton->nodes->len);
    guint32 n = 1;
    unsigned depth = 0;

    automaton->n_rows = n;
    for (guint32 i = 0; i < automaton->nodes->len; i++) {
        for (guint32 child = NODE(automaton, order[i])->child; child; child = NODE(automaton, child)->sibling) {
            NODE(automaton, child)->state = n;
            order[n++] = child;
        }
        /* the last state of a depth: all of the next one have their numbers */
        if (i + 1 == automaton->n_rows && depth < ROW_DEPTH) {
            automaton->n_rows = n;
            depth++;
        }
    }
    return order;
}

/* The state that `byte` leads to from `at`, with MARKED. */
static inline guint32 step(const struct automaton *automaton, guint32 at, guint8 byte)
{
    const struct state *states = automaton->states;

    while (at >= automaton->n_rows) {
        for (guint32 child = states[at].child, end = child + states[at].children; child < end; child++) {
            if (states[child].byte == byte)
                return child | (states[child].marked ? MARKED : 0);
        }
        at = states[at].fail;
    }
    return automaton->rows[at * automaton->n_classes + automaton->classes[byte]];
}

static void add_mark(struct automaton *automaton, struct range *range, struct mark mark)
{
    for (guint32 i = range->first; i < range->first + range->n; i++) {
        struct mark *other = &g_array_index(automaton->marks, struct mark, i);
        if (other->word == mark.word) {
            other->bits |= mark.bits;
            return;
        }
    }
    g_array_append_val(automaton->marks, mark);
    range->n++;
}

/* A literal is found where a longer one ends, too. Where none ends but those of the suffix, its marks serve both. */
static void collect_marks(struct automaton *automaton, guint32 at, const struct node *node)
{
    const struct range *suffix = &automaton->ranges[automaton->states[at].fail];
    struct range *range = &automaton->ranges[at];

    if (!node->output) {
        *range = *suffix;
        return;
    }
    range->first = automaton->marks->len;
    for (guint32 i = node->output; i;) {
        const struct output *output = &g_array_index(automaton->outputs, struct output, i - 1);
        add_mark(automaton, range, (struct mark){G_GUINT64_CONSTANT(1) << (output->id % 64), output->id / 64});
        i = output->next;
    }
    for (guint32 i = suffix->first; i < suffix->first + suffix->n; i++)
        add_mark(automaton, range, g_array_index(automaton->marks, struct mark, i));
}

/* The children of `at` are made, and its row. */
static void finish_state(struct automaton *automaton, guint32 at, const struct node *node)
{
    struct state *state = &automaton->states[at];
    guint32 *row = at < automaton->n_rows ? automaton->rows + (size_t)at * automaton->n_classes : NULL;

    if (row != NULL && at > 0)
        memcpy(row, automaton->rows + (size_t)state->fail * automaton->n_classes, automaton->n_classes * sizeof(*row));
    if (node->child)
        state->child = NODE(automaton, node->child)->state;
    for (guint32 i = node->child; i; i = NODE(automaton, i)->sibling) {
        const struct node *next = NODE(automaton, i);
        struct state *child = &automaton->states[next->state];
        child->byte = next->byte;
        child->fail = at > 0 ? step(automaton, state->fail, next->byte) & ~MARKED : 0;
        collect_marks(automaton, next->state, next);
        child->marked = automaton->ranges[next->state].n > 0;
        state->children++;
        if (row != NULL)
            row[automaton->classes[next->byte]] = next->state | (child->marked ? MARKED : 0);
    }
}

void automaton_finish(struct automaton *automaton)
{
    guint32 n = automaton->nodes->len;
    guint32 *order = number_states(automaton);

    automaton->states = g_new0(struct state, n);
    automaton->ranges = g_new0(struct range, n);
    automaton->rows = g_new0(guint32, (size_t)automaton->n_rows * automaton->n_classes);
    for (guint32 at = 0; at < n; at++)
        finish_state(automaton, at, NODE(automaton, order[at]));
    g_free(order);
    g_clear_pointer(&automaton->nodes, g_array_unref);
    g_clear_pointer(&automaton->outputs, g_array_unref);
}

void automaton_scan(const struct automaton *automaton, const char *text, size_t length, guint64 *found)
{
    const struct mark *marks = (const struct mark *)(const void *)automaton->marks->data;
    guint32 at = 0;

    for (size_t i = 0; i < length; i++) {
        at = step(automaton, at, (guint8)text[i]);
        if (!(at & MARKED))
            continue;
        at &= ~MARKED;
        const struct range *range = &automaton->ranges[at];
        for (guint32 k = range->first, end = k + range->n; k < end; k++)
            found[marks[k].word] |= marks[k].bits;
    }
}
