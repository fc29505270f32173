#include "cmd/lists/objects.h"

#include "parser/text/csv_record.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The index of the next octet that is no blank, nor one of `also`; the length if there is none. */
static size_t skip_blanks(struct span text, size_t at, char also)
{
    while (at < text.length && (is_blank(text.at[at]) || text.at[at] == also))
        at++;
    return at;
}

/* Behind the string that begins at `at`; the length if it is open. */
static size_t skip_string(struct span text, size_t at)
{
    for (at++; at < text.length; at++) {
        if (text.at[at] == '\\')
            at++;
        else if (text.at[at] == '"')
            return at + 1;
    }
    return text.length;
}

/* The object at the beginning of a text. */
struct extent {
    size_t whole; /* its length; 0: it is not whole within CSV_RECORD_MAX octets */
    size_t array; /* where the elements begin of the first array of objects that is a member of it; 0: there is none */
};

static struct extent measure(struct span text)
{
    struct extent extent = {0};
    unsigned depth = 0;

    text = span_head(text, CSV_RECORD_MAX);
    for (size_t at = 0; at < text.length && extent.whole == 0;) {
        char c = text.at[at];

        if (c == '"') {
            at = skip_string(text, at);
            continue;
        }
        at++;
        if (c == '{' || c == '[') {
            depth++;
            size_t inner = skip_blanks(text, at, '\0');
            if (c == '[' && depth == 2 && extent.array == 0 && inner < text.length && text.at[inner] == '{')
                extent.array = inner;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            extent.whole = at;
        }
    }
    return extent;
}

/* The rest of the object that the array is in: nothing of it is kept. */
static enum objects_result skip_rest(struct objects *objects, struct span text, size_t *used)
{
    size_t at = 0;

    while (at < text.length && objects->outer > 0) {
        char c = text.at[at];

        if (objects->quoted && c == '\\' && at + 1 == text.length)
            break; /* what it escapes is not there yet */
        at += objects->quoted && c == '\\' ? 2 : 1;
        if (c == '"')
            objects->quoted = !objects->quoted;
        if (objects->quoted)
            continue;
        objects->outer += c == '{' || c == '[';
        objects->outer -= c == '}' || c == ']';
    }
    objects->after = objects->outer > 0;
    *used = at;
    return at > 0 ? OBJECTS_RESULT_SKIPPED : OBJECTS_RESULT_BROKEN;
}

/* An array begins or ends, or an object begins. */
static enum objects_result take_value(struct objects *objects, struct span text, struct span *object, size_t *used)
{
    if (text.at[0] == '[' && objects->outer == 0) {
        objects->outer = 1;
        *used = 1;
        return OBJECTS_RESULT_SKIPPED;
    }
    if (text.at[0] == ']' && objects->outer > 0) {
        objects->outer--;
        objects->after = objects->outer > 0;
        *used = 1;
        return OBJECTS_RESULT_SKIPPED;
    }
    if (text.at[0] != '{')
        return OBJECTS_RESULT_BROKEN;
    struct extent extent = measure(text);
    if (extent.array > 0 && objects->outer == 0) {
        objects->outer = 2;
        *used = extent.array;
        return OBJECTS_RESULT_SKIPPED;
    }
    if (extent.whole == 0)
        return OBJECTS_RESULT_BROKEN;
    *object = span_head(text, extent.whole);
    *used = extent.whole;
    return OBJECTS_RESULT_OBJECT;
}

enum objects_result objects_take(struct objects *objects, struct span text, struct span *object, size_t *used)
{
    size_t blanks = 0;

    *used = 0;
    if (objects->after)
        return text.length == 0 ? OBJECTS_RESULT_BROKEN : skip_rest(objects, text, used);
    blanks = skip_blanks(text, 0, ',');
    if (blanks == text.length) {
        *used = blanks;
        if (blanks > 0)
            return OBJECTS_RESULT_SKIPPED;
        return objects->outer == 0 ? OBJECTS_RESULT_END : OBJECTS_RESULT_BROKEN;
    }
    enum objects_result result = take_value(objects, span_skip(text, blanks), object, used);
    *used += blanks;
    return result;
}
