/* objects.h: the objects of a file of JSON, one after the other: an object a line, objects with anything between them,
 * an array of objects, or an object that has one, as the answers of providers do ({"items": [{...}, ...]}). Only what
 * belongs to the structure is looked at; whoever parses the object sees the rest. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "parser/text/span.h"

/* Starts as {0}. */
struct objects {
    unsigned outer; /* arrays and objects that are open around those that are given */
    bool after;     /* the array is over; the object that it is in goes on */
    bool quoted;    /* within a string of what goes on */
};

enum objects_result {
    OBJECTS_RESULT_OBJECT,
    OBJECTS_RESULT_SKIPPED, /* that was none; more may follow */
    OBJECTS_RESULT_END,
    OBJECTS_RESULT_BROKEN, /* neither, or an object of more than CSV_RECORD_MAX octets */
};

/* Takes the next of `text`, which has at least CSV_RECORD_MAX octets or reaches to the end of the file. `*used` octets
 * of it are done with, the last of them the object's. */
enum objects_result objects_take(struct objects *objects, struct span text, struct span *object, size_t *used);
