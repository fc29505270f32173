#include "classifier/automaton.h"

/* The trie that is built: the children of a node are a list. Node 0 is the root, which is nobody's child, so 0 also
 * ends the lists. */
struct node {
    guint32 child;
    guint32 sibling;
    guint32 output; /* 1 + index of its first output; 0: none */
    guint32 state;  /* its number in the finished form */
    guint8 byte;
};

/* The finished form: states in the order of their depth. */
struct state {
    guint32 fail;  /* the state of the longest proper suffix that there is */
    guint32 edges; /* index of its first edge */
    guint32 marks; /* index of its first mark; those of its suffixes are among them */
    guint32 n_marks;
    guint16 n_edges;
};

/* Ids whose bits are in one word of what is found: a literal that many rules share has many, most of them near. */
struct mark {
    guint64 bits;
    guint32 word;
};

struct edge {
    guint32 target;
    guint8 byte;
};

/* What is said when a literal ends, while it is built. */
struct output {
    unsigned id;
    guint32 next; /* 1 + index; 0: the last */
};

/* The states of a few bytes are where most bytes of most texts lead to: they know the way for every byte, without
 * another look at a suffix. */
#define ROW_DEPTH 3
struct row {
    guint32 target[256];
};

/* In a target: the state has marks. Few have, and the others need not be looked at. */
#define HAS_MARKS (1U << 31)

struct automaton {
    GArray *nodes; /* these two until it is finished */
    GArray *outputs;
    GArray *marks; /* of struct mark */
    struct state *states;
    struct edge *edges;
    struct row *rows; /* of the first n_rows states */
    guint32 n_rows;
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
    return automaton;
}

void automaton_free(struct automaton *automaton)
{
    if (!automaton)
        return;
    g_array_unref(automaton->nodes);
    g_array_unref(automaton->outputs);
    g_array_unref(automaton->marks);
    g_free(automaton->states);
    g_free(automaton->edges);
    g_free(automaton->rows);
    g_free(automaton);
}

static guint32 child_by_byte(const struct automaton *automaton, guint32 parent, guint8 byte)
{
    guint32 child = NODE(automaton, parent)->child;

    while (child && NODE(automaton, child)->byte != byte)
        child = NODE(automaton, child)->sibling;
    return child;
}

void automaton_add(struct automaton *automaton, const char *literal, unsigned id)
{
    guint32 at = 0;

    for (const char *c = literal; *c; c++) {
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

/* The state that `byte` leads to from `at`, with HAS_MARKS. */
static inline guint32 step(const struct automaton *automaton, guint32 at, guint8 byte)
{
    while (at >= automaton->n_rows) {
        const struct state *state = &automaton->states[at];
        for (const struct edge *edge = automaton->edges + state->edges, *end = edge + state->n_edges; edge < end;
             edge++) {
            if (edge->byte == byte)
                return edge->target;
        }
        at = state->fail;
    }
    return automaton->rows[at].target[byte];
}

static void add_mark(struct automaton *automaton, struct state *state, struct mark mark)
{
    for (guint32 i = state->marks; i < state->marks + state->n_marks; i++) {
        struct mark *other = &g_array_index(automaton->marks, struct mark, i);
        if (other->word == mark.word) {
            other->bits |= mark.bits;
            return;
        }
    }
    g_array_append_val(automaton->marks, mark);
    state->n_marks++;
}

/* A literal is found where a longer one ends, too. */
static void collect_marks(struct automaton *automaton, struct state *state, const struct node *node)
{
    const struct state *suffix = &automaton->states[state->fail];

    state->marks = automaton->marks->len;
    for (guint32 i = node->output; i;) {
        const struct output *output = &g_array_index(automaton->outputs, struct output, i - 1);
        add_mark(automaton, state, (struct mark){G_GUINT64_CONSTANT(1) << (output->id % 64), output->id / 64});
        i = output->next;
    }
    for (guint32 i = suffix->marks; i < suffix->marks + suffix->n_marks; i++)
        add_mark(automaton, state, g_array_index(automaton->marks, struct mark, i));
}

static void finish_state(struct automaton *automaton, guint32 at, const struct node *node)
{
    struct state *state = &automaton->states[at];

    if (at < automaton->n_rows && at > 0)
        automaton->rows[at] = automaton->rows[state->fail];
    for (guint32 child = node->child; child; child = NODE(automaton, child)->sibling) {
        const struct node *next = NODE(automaton, child);
        struct state *target = &automaton->states[next->state];
        target->fail = at > 0 ? step(automaton, state->fail, next->byte) & ~HAS_MARKS : 0;
        collect_marks(automaton, target, next);
        guint32 to = next->state | (target->n_marks > 0 ? HAS_MARKS : 0);
        automaton->edges[next->state - 1] = (struct edge){.byte = next->byte, .target = to};
        state->n_edges++;
        if (at < automaton->n_rows)
            automaton->rows[at].target[next->byte] = to;
    }
}

void automaton_finish(struct automaton *automaton)
{
    guint32 n = automaton->nodes->len;
    guint32 *order = number_states(automaton);

    automaton->states = g_new0(struct state, n);
    automaton->edges = g_new0(struct edge, n);
    automaton->rows = g_new0(struct row, automaton->n_rows);
    for (guint32 at = 0; at < n; at++) {
        const struct node *node = NODE(automaton, order[at]);
        /* a state's children have numbers in a row, and each state but the root is at the end of one edge */
        automaton->states[at].edges = node->child ? NODE(automaton, node->child)->state - 1 : 0;
        finish_state(automaton, at, node);
    }
    g_free(order);
    g_array_set_size(automaton->nodes, 0);
    g_array_set_size(automaton->outputs, 0);
}

void automaton_scan(const struct automaton *automaton, const char *text, gsize length, guint64 *found)
{
    const struct mark *marks = (const struct mark *)(const void *)automaton->marks->data;
    guint32 at = 0;

    for (gsize i = 0; i < length; i++) {
        at = step(automaton, at, (guint8)text[i]);
        if (!(at & HAS_MARKS))
            continue;
        at &= ~HAS_MARKS;
        const struct state *state = &automaton->states[at];
        for (guint32 k = state->marks, end = k + state->n_marks; k < end; k++)
            found[marks[k].word] |= marks[k].bits;
    }
}
