/* automaton.h: finds which of many literals are in a text, in one pass (Aho and Corasick, 1975).
 *
 * Built once, then immutable: any number of threads may scan with it. */
#pragma once

#include <glib.h>

struct automaton;

struct automaton *automaton_new(void);
void automaton_free(struct automaton *automaton);

/* `literal` is not empty; several literals may have one id, and several ids one literal. */
void automaton_add(struct automaton *automaton, const char *literal, unsigned id);

/* After the last automaton_add() and before the first automaton_scan(). */
void automaton_finish(struct automaton *automaton);

/* Sets bit id % 64 of found[id / 64] for each id that has a literal in `text`. */
void automaton_scan(const struct automaton *automaton, const char *text, size_t length, guint64 *found);

typedef struct automaton Automaton;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Automaton, automaton_free)
