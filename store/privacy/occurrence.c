#include "store/privacy/occurrence.h"

#include <string.h>

#include "parser/text/text.h"

enum {
    NESTED_MAX = 2, /* an encoded part in an encoded message */
    SHIFTS = 4,     /* where the first group of four of a base64 text may begin */
};

/* How much is known of what is around a text that was taken out of another. */
enum edges {
    EDGES_KNOWN,
    EDGES_LOST, /* an encoded text began or ended somewhere: what stands there may be of something else */
};

/* Lower case, without NUL octets, so that UTF-16 is as ASCII. */
struct occurrence {
    GPtrArray *forms; /* of char * */
};

/* In front of a form, and after it, there is no more of an address. */
static bool begins(const char *text, const char *at, const char *form)
{
    const char *others = strchr(form, '@') != NULL ? "._-+" : "._";

    return at == text || !(g_ascii_isalnum(at[-1]) || (at[-1] & 0x80) != 0 || strchr(others, at[-1]) != NULL);
}

static bool ends(const char *after, const char *end)
{
    if (after < end && *after == '.')
        after++;
    return after == end || !(g_ascii_isalnum(*after) || *after == '-' || (*after & 0x80) != 0);
}

static bool has_form(const char *text, size_t length, const char *form, enum edges edges)
{
    const char *end = text + length, *at = text;
    size_t size = strlen(form);

    while ((at = memmem(at, (size_t)(end - at), form, size)) != NULL) {
        if (edges == EDGES_LOST || (begins(text, at, form) && ends(at + size, end)))
            return true;
        at++;
    }
    return false;
}

static bool has_any(const struct occurrence *occurrence, const char *text, size_t length, enum edges edges)
{
    for (guint i = 0; i < occurrence->forms->len; i++) {
        if (has_form(text, length, occurrence->forms->pdata[i], edges))
            return true;
    }
    return false;
}

/* --- the forms ---------------------------------------------------------------------------------------------------- */

/* As in a URL or an xtext: `mark` and two hex digits stand for what is no letter or digit. */
static char *encode(const char *text, char mark)
{
    GString *out = g_string_new(NULL);

    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_isalnum(*at) || strchr("._-", *at) != NULL)
            g_string_append_c(out, *at);
        else
            g_string_append_printf(out, "%c%02x", mark, (unsigned char)*at);
    }
    return g_string_free(out, FALSE);
}

static void add_forms(struct occurrence *occurrence, const char *local, const char *domain)
{
    static const char *const marks[] = {"@", "=", "%40", "+40", "=40", "&#64;", "&#x40;"};
    g_autofree char *url = encode(local, '%'), *xtext = encode(local, '+');

    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
        g_ptr_array_add(occurrence->forms, g_strconcat(local, marks[i], domain, NULL));
    g_ptr_array_add(occurrence->forms, g_strconcat(domain, "=", local, NULL)); /* SRS */
    if (strcmp(url, local) == 0)
        return;
    g_ptr_array_add(occurrence->forms, g_strconcat(url, "%40", domain, NULL));
    g_ptr_array_add(occurrence->forms, g_strconcat(url, "@", domain, NULL));
    g_ptr_array_add(occurrence->forms, g_strconcat(xtext, "+40", domain, NULL));
    g_ptr_array_add(occurrence->forms, g_strconcat(xtext, "@", domain, NULL));
}

struct occurrence *occurrence_new(const char *address)
{
    struct occurrence *occurrence = g_new0(struct occurrence, 1);
    g_autofree char *folded = g_ascii_strdown(address, -1);
    char *at = strrchr(folded, '@');

    occurrence->forms = g_ptr_array_new_with_free_func(g_free);
    g_assert(at != NULL);
    *at = '\0';
    add_forms(occurrence, folded, at + 1);
    g_autofree char *unicode = g_hostname_to_unicode(at + 1);
    if (unicode != NULL && strcmp(unicode, at + 1) != 0)
        add_forms(occurrence, folded, unicode);
    return occurrence;
}

void occurrence_free(struct occurrence *occurrence)
{
    if (occurrence == NULL)
        return;
    g_ptr_array_unref(occurrence->forms);
    g_free(occurrence);
}

/* --- the encodings ------------------------------------------------------------------------------------------------ */

static bool search(const struct occurrence *occurrence, const char *octets, size_t length, unsigned depth,
                   enum edges edges);

/* Of quoted-printable, RFC 2045 section 6.7, and what is like it in other text. */
static bool search_quoted(const struct occurrence *occurrence, const char *octets, size_t length, unsigned depth,
                          enum edges edges)
{
    g_autoptr(GString) out = g_string_sized_new(length);

    for (size_t i = 0; i < length; i++) {
        if (octets[i] != '=') {
            g_string_append_c(out, octets[i]);
        } else if (i + 2 < length && g_ascii_isxdigit(octets[i + 1]) && g_ascii_isxdigit(octets[i + 2])) {
            g_string_append_c(out,
                              (char)(g_ascii_xdigit_value(octets[i + 1]) << 4 | g_ascii_xdigit_value(octets[i + 2])));
            i += 2;
        } else if (i + 1 < length && g_ascii_isspace(octets[i + 1])) {
            while (i + 1 < length && octets[i] != '\n' && g_ascii_isspace(octets[i + 1]))
                i++; /* the end of the line is not of the text */
        } else {
            g_string_append_c(out, '=');
        }
    }
    return out->len < length && search(occurrence, out->str, out->len, depth + 1, edges);
}

/* A reader of base64 passes by what is not of its alphabet, and nobody can tell where it began: all four places are
 * tried. */
static bool search_base64(const struct occurrence *occurrence, const char *octets, size_t length, unsigned depth)
{
    g_autoptr(GString) text = g_string_sized_new(length);
    g_autoptr(GString) out = g_string_new(NULL);
    bool found = false;

    for (size_t i = 0; i < length; i++) {
        if (g_ascii_isalnum(octets[i]) || octets[i] == '+' || octets[i] == '/')
            g_string_append_c(text, octets[i]);
    }
    g_string_append(text, "AAA"); /* the last group is whole */
    for (size_t shift = 0; shift < SHIFTS && shift < text->len && !found; shift++) {
        int state = 0;
        guint save = 0;

        g_string_set_size(out, text->len);
        size_t size = g_base64_decode_step(text->str + shift, text->len - shift, (guchar *)out->str, &state, &save);

        found = search(occurrence, out->str, size, depth + 1, EDGES_LOST);
    }
    return found;
}

/* Encoded words of RFC 2047 as the parser reads them: "_" is a blank, and the blanks between two of them are not there.
 * All of a message is taken for one field. */
static bool search_words(const struct occurrence *occurrence, const char *octets, size_t length, unsigned depth,
                         enum edges edges)
{
    g_autoptr(GString) text = g_string_sized_new(length), out = g_string_sized_new(length);

    for (size_t i = 0; i < length; i++) {
        if (octets[i] != '\0')
            g_string_append_c(text, octets[i]);
    }
    text_append_words(out, (struct span){text->str, text->len}, text->len);
    return search(occurrence, out->str, out->len, depth + 1, edges);
}

/* Any of `marks`, in a text of lower case. */
static bool has_mark(const GString *text, const char *const *marks)
{
    bool has = false;

    for (; *marks != NULL && !has; marks++)
        has = memmem(text->str, text->len, *marks, strlen(*marks)) != NULL;
    return has;
}

static bool search(const struct occurrence *occurrence, const char *octets, size_t length, unsigned depth,
                   enum edges edges)
{
    static const char *const quoted[] = {"quoted-printable", "?q?", NULL};
    static const char *const base64[] = {"base64", "?b?", NULL};
    static const char *const words[] = {"?q?", "?b?", NULL};
    g_autoptr(GString) folded = g_string_sized_new(length);

    for (size_t i = 0; i < length; i++) {
        if (octets[i] != '\0')
            g_string_append_c(folded, g_ascii_tolower(octets[i]));
    }
    if (has_any(occurrence, folded->str, folded->len, edges))
        return true;
    if (depth == NESTED_MAX)
        return false;
    return (has_mark(folded, quoted) && search_quoted(occurrence, octets, length, depth, edges)) ||
           (has_mark(folded, base64) && search_base64(occurrence, octets, length, depth)) ||
           (has_mark(folded, words) && search_words(occurrence, octets, length, depth, edges));
}

bool occurrence_in_text(const struct occurrence *occurrence, const char *text, size_t length)
{
    return search(occurrence, text, length, NESTED_MAX, EDGES_KNOWN);
}

bool occurrence_in_message(const struct occurrence *occurrence, const char *message, size_t length)
{
    return search(occurrence, message, length, 0, EDGES_KNOWN);
}
