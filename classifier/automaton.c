#include "classifier/automaton.h"

/* A trie while it is built: the children of a node are a list. Node 0 is the root, which is nobody's child, so 0 also
 * ends the lists. */
struct node {
    guint32 child;
    guint32 sibling;
    guint32 fail;    /* the node of the longest proper suffix that is in the trie */
    guint32 output;  /* 1 + index of its first output; 0: none */
    guint32 outputs; /* this node, or the nearest by fail links, that has outputs; 0: none */
    guint32 edges;   /* index of its first edge, in the finished form */
    guint16 n_edges;
    guint8 byte;
};

struct edge {
    guint8 byte;
    guint32 target;
};

struct output {
    unsigned id;
    guint32 next; /* 1 + index; 0: the last */
};

struct automaton {
    GArray *nodes;
    GArray *edges;
    GArray *outputs;
    guint32 root[256]; /* most bytes of most texts are looked up here */
};

#define NODE(automaton, i) (&g_array_index((automaton)->nodes, struct node, (i)))

struct automaton *automaton_new(void)
{
    struct automaton *automaton = g_new0(struct automaton, 1);
    struct node root = {0};

    automaton->nodes = g_array_new(FALSE, FALSE, sizeof(struct node));
    automaton->edges = g_array_new(FALSE, FALSE, sizeof(struct edge));
    automaton->outputs = g_array_new(FALSE, FALSE, sizeof(struct output));
    g_array_append_val(automaton->nodes, root);
    return automaton;
}

void automaton_free(struct automaton *automaton)
{
    if (!automaton)
        return;
    g_array_unref(automaton->nodes);
    g_array_unref(automaton->edges);
    g_array_unref(automaton->outputs);
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

static void link_child(struct automaton *automaton, guint32 parent, guint32 child)
{
    struct node *node = NODE(automaton, child);
    guint32 fail = parent;
    guint32 target = 0;

    while (fail && !target) {
        fail = NODE(automaton, fail)->fail;
        target = child_by_byte(automaton, fail, node->byte);
    }
    node->fail = target;
    node->outputs = node->output ? child : NODE(automaton, target)->outputs;
}

void automaton_finish(struct automaton *automaton)
{
    g_autoptr(GArray) queue = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint32 root = 0;

    /* breadth first: a node's suffixes are shorter, thus linked before it */
    g_array_append_val(queue, root);
    for (guint i = 0; i < queue->len; i++) {
        guint32 parent = g_array_index(queue, guint32, i);
        NODE(automaton, parent)->edges = automaton->edges->len;
        for (guint32 child = NODE(automaton, parent)->child; child; child = NODE(automaton, child)->sibling) {
            struct edge edge = {.byte = NODE(automaton, child)->byte, .target = child};
            link_child(automaton, parent, child);
            g_array_append_val(automaton->edges, edge);
            g_array_append_val(queue, child);
            NODE(automaton, parent)->n_edges++;
            if (parent == 0)
                automaton->root[edge.byte] = child;
        }
    }
}

static guint32 step(const struct automaton *automaton, guint32 state, guint8 byte)
{
    const struct edge *edges = (const struct edge *)(const void *)automaton->edges->data;

    while (state) {
        const struct node *node = NODE(automaton, state);
        for (guint32 i = node->edges; i < node->edges + node->n_edges; i++) {
            if (edges[i].byte == byte)
                return edges[i].target;
        }
        state = node->fail;
    }
    return automaton->root[byte];
}

static void take_outputs(const struct automaton *automaton, guint32 state, guint64 *found)
{
    while ((state = NODE(automaton, state)->outputs)) {
        for (guint32 i = NODE(automaton, state)->output; i;) {
            const struct output *output = &g_array_index(automaton->outputs, struct output, i - 1);
            found[output->id / 64] |= G_GUINT64_CONSTANT(1) << (output->id % 64);
            i = output->next;
        }
        state = NODE(automaton, state)->fail;
    }
}

void automaton_scan(const struct automaton *automaton, const char *text, gsize length, guint64 *found)
{
    guint32 state = 0;

    for (gsize i = 0; i < length; i++) {
        state = step(automaton, state, (guint8)text[i]);
        if (NODE(automaton, state)->outputs)
            take_outputs(automaton, state, found);
    }
}
