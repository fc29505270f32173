#include "reports/wording.h"

#include <string.h>

#include "reports/template.h"

enum { LENGTH_MAX = 400 }; /* octets: with what replaces the braces it stays below a reply's 512 */

static void append_day(GString *out, gint64 time)
{
    g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc(time);
    g_autofree char *text = day != NULL ? g_date_time_format(day, "%F") : NULL;

    g_string_append(out, text != NULL ? text : "?");
}

static void append_reason(GString *out, const struct wording_facts *facts)
{
    g_string_append(out, *facts->reason != '\0' ? facts->reason : "by hand");
}

static void append_since(GString *out, const struct wording_facts *facts)
{
    append_day(out, facts->since);
}

static void append_until(GString *out, const struct wording_facts *facts)
{
    if (facts->until == 0)
        g_string_append(out, "further notice");
    else
        append_day(out, facts->until);
}

static const struct {
    const char *name;
    void (*append)(GString *out, const struct wording_facts *facts);
} words[] = {
    {"reason", append_reason},
    {"since", append_since},
    {"until", append_until},
};

/* The index of the word that a piece names; their number if it names none. */
static size_t find_word(const struct template_piece *piece)
{
    size_t i = 0;

    while (i < G_N_ELEMENTS(words) &&
           (strlen(words[i].name) != piece->length || strncmp(words[i].name, piece->start, piece->length) != 0))
        i++;
    return i;
}

struct wording_facts wording_facts_of(const struct suppression *entry)
{
    return (struct wording_facts){
        .reason = entry->reason != REASON_NONE ? reason_names[entry->reason] : "",
        .since = entry->since,
        .until = entry->until,
    };
}

const char *wording_problem(const char *wording)
{
    struct template_piece piece;

    if (*wording == '\0' || strlen(wording) > LENGTH_MAX)
        return "expected a text of at most 400 characters";
    for (const char *c = wording; *c != '\0'; c++) {
        if (!g_ascii_isprint(*c))
            return "expected ASCII characters alone";
    }
    for (const char *rest = wording; template_next(&rest, &piece);) {
        if (piece.is_name ? find_word(&piece) == G_N_ELEMENTS(words) : memchr(piece.start, '{', piece.length) != NULL)
            return "expected {reason}, {since} and {until} alone in braces";
    }
    return NULL;
}

void wording_append(GString *out, const char *wording, const struct wording_facts *facts)
{
    struct template_piece piece;

    for (const char *rest = wording; template_next(&rest, &piece);) {
        size_t word = piece.is_name ? find_word(&piece) : G_N_ELEMENTS(words);

        if (word < G_N_ELEMENTS(words))
            words[word].append(out, facts);
        else
            g_string_append_len(out, piece.start, (gssize)piece.length);
    }
}
