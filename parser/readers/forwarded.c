#include "parser/readers/forwarded.h"

#include <string.h>

#include "parser/prose/dialect_reader.h"
#include "parser/prose/generic.h"
#include "parser/readers/dsn.h"
#include "parser/text/mentions.h"
#include "parser/text/phrase.h"

enum { MAX_LINES = 60, MAX_HEADER = 12, MAX_TO = 1000 };

/* How mail programs begin what they forward, behind dashes. */
static const char *const marks[] = {
    "Begin forwarded message",      "Forwarded message",         "Original message",
    "Anfang der weitergeleiteten",  "Weitergeleitete Nachricht", "Ursprüngliche Nachricht",
    "Début du message réexpédié",   "Message transféré",         "Message d'origine",
    "Inicio del mensaje reenviado", "Mensaje reenviado",         "Inizio messaggio inoltrato",
    "Messaggio inoltrato",
};

/* The fields of the header that they print, in the languages of the marks. */
static const struct {
    const char *shown;
    const char *name;
} names[] = {
    {"From:", "From"},
    {"Von:", "From"},
    {"De:", "From"},
    {"Da:", "From"},
    {"To:", "To"},
    {"An:", "To"},
    {"À:", "To"},
    {"Para:", "To"},
    {"A:", "To"},
    {"Subject:", "Subject"},
    {"Betreff:", "Subject"},
    {"Objet:", "Subject"},
    {"Asunto:", "Subject"},
    {"Oggetto:", "Subject"},
    {"Date:", "Date"},
    {"Sent:", "Date"},
    {"Datum:", "Date"},
    {"Fecha:", "Date"},
    {"Data:", "Date"},
    {"Envoyé:", "Date"},
    {"Gesendet:", "Date"},
};

/* Without the mark of a quotation, ">", and one blank behind it. */
static struct span unquoted(struct span line)
{
    if (span_starts(line, ">"))
        line = span_skip(line, 1);
    return span_starts(line, " ") ? span_skip(line, 1) : line;
}

static bool is_mark(struct span line)
{
    line = span_trim(unquoted(line));
    while (line.length > 0 && strchr("- ", line.at[0]) != NULL)
        line = span_skip(line, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        if (span_starts(line, marks[i]))
            return true;
    }
    return false;
}

/* The text behind the mark; empty when there is none near the start. */
static struct span behind_mark(struct span text)
{
    struct span line;

    for (int i = 0; i < MAX_LINES && span_line(&text, &line); i++) {
        if (is_mark(line))
            return text;
    }
    return span_head(text, 0);
}

/* A field in the header's own words: "*Von:* MAILER-DAEMON@example.org". */
static bool add_field(GString *out, struct span line)
{
    while (line.length > 0 && strchr("* ", line.at[0]) != NULL)
        line = span_skip(line, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        struct span value = span_skip(line, strlen(names[i].shown));
        if (!span_starts(line, names[i].shown))
            continue;
        while (value.length > 0 && strchr("* \t", value.at[0]) != NULL)
            value = span_skip(value, 1);
        g_string_append_printf(out, "%s: %.*s\n", names[i].name, (int)value.length, value.at);
        return true;
    }
    return false;
}

/* The message as it may have come: its header's fields, up to the first other line, and the lines of its text. */
static GString *rebuild(struct span text)
{
    GString *out = g_string_sized_new(text.length + 64);
    struct span line;
    int fields = 0;

    while (span_line(&text, &line)) {
        line = unquoted(line);
        if (span_trim(line).length == 0 && fields == 0)
            continue;
        if (fields >= MAX_HEADER || !add_field(out, line))
            break;
        fields++;
    }
    g_string_append_c(out, '\n');
    if (span_trim(line).length > 0)
        g_string_append_len(out, line.at, (gssize)line.length);
    while (span_line(&text, &line)) {
        line = unquoted(line);
        g_string_append_len(out, line.at, (gssize)line.length);
        g_string_append_c(out, '\n');
    }
    return out;
}

/* A person who passes a report on leaves its subject in place. */
static bool is_of_failure(struct message *message)
{
    struct span subject = span_of(message_subject(message));

    return (phrase_find(subject) & (PHRASE_FAILURE | PHRASE_DELAY)) != 0 ||
           span_find(subject, "delivery status") != NULL;
}

/* Did it come to the address that it is sent to now? */
static bool is_sent_back(const struct message *message, const struct message *inner)
{
    struct span to = span_head(message_field(message, "To"), MAX_TO), address;
    size_t from = 0;

    return mentions_next(span_head(message_field(inner, "To"), MAX_TO), &from, &address) && mentions_has(to, address);
}

static bool read_inner(struct message *inner, struct draft *draft)
{
    struct origin *outer = draft->origin;
    bool read;

    draft->origin = origin_new(inner);
    read = (origin_signs(draft->origin) & (ORIGIN_DAEMON | ORIGIN_POSTMASTER)) != 0 &&
           (dsn_text_read(inner, draft) || dialect_read(inner, draft) || generic_read(inner, draft));
    origin_free(draft->origin);
    draft->origin = outer;
    return read;
}

bool forwarded_read(struct message *message, struct draft *draft)
{
    struct span text;
    struct message *inner;
    GString *bytes;

    if (origin_signs(draft->origin) != 0 || message_is_listed(message) || !is_of_failure(message))
        return false;
    text = behind_mark(message_part_shown(message, message_part(message, 0)));
    if (text.length == 0)
        return false;
    bytes = rebuild(text);
    inner = message_new(message->settings, message->envelope, (struct span){bytes->str, bytes->len});
    g_ptr_array_add(inner->buffers, g_string_free(bytes, FALSE));
    if ((is_sent_back(message, inner) || origin_is_for_return_path(draft->origin)) && read_inner(inner, draft)) {
        message_replace(message, inner);
        return true;
    }
    message_free(inner);
    return false;
}
