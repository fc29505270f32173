#include "reports/pseudonym.h"

#include <stdbool.h>
#include <string.h>

#include "parser/address.h"
#include "store/privacy.h"

#define PREFIX "addr:"
enum {
    DIGITS = 16,
    QUOTED_MAX = 320, /* octets of a local part in quotes that are looked at: an address has no more */
};

/* As the list compares them; what is no address stands for itself. */
static char *fold(const char *address)
{
    g_autoptr(GString) read = g_string_new(NULL);

    return g_ascii_strdown(address_read(span_of(address), ADDRESS_LISTED, read) ? read->str : address, -1);
}

char *pseudonym_of(const guint8 *key, const char *address)
{
    if (key == NULL)
        return g_strdup(PREFIX "hidden");
    g_autofree char *folded = fold(address);
    g_autofree char *digest =
        g_compute_hmac_for_string(G_CHECKSUM_SHA256, key, NAME_KEY_SIZE, folded, (gssize)strlen(folded));

    return g_strdup_printf(PREFIX "%.*s", DIGITS, digest);
}

/* Ends it a word? An address is a word, but for a local part in quotes. */
static bool separates(char c)
{
    return (unsigned char)c <= ' ' || c == '\x7f' || strchr("<>()[]{},;:\"|", c) != NULL;
}

/* Where `"local part"@domain` goes on behind its "@", NULL if that is not what `text` begins with. */
static const char *skip_quoted(const char *text)
{
    const char *at = text + 1;

    while (*at != '\0' && *at != '"' && at - text < QUOTED_MAX)
        at += *at == '\\' && at[1] != '\0' ? 2 : 1;
    return at[0] == '"' && at[1] == '@' ? at + 2 : NULL;
}

/* The end of a word, and of the literal that is its domain: "a@[192.0.2.1]". */
static const char *skip_word(const char *text)
{
    const char *at = text;

    while (!separates(*at))
        at++;
    if (*at == '[' && at > text && at[-1] == '@')
        at += strcspn(at, "] ");
    return *at == ']' ? at + 1 : at;
}

/* Does it hold an "@" that was written otherwise, and a domain after it? */
static bool is_encoded(const char *word, size_t length)
{
    static const char *const marks[] = {"%40", "=40", "+40"};

    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        const char *mark = g_strstr_len(word, (gssize)length, marks[i]);

        if (mark != NULL && mark > word && memchr(mark, '.', length - (size_t)(mark - word)) != NULL)
            return true;
    }
    return false;
}

/* A sentence puts it around a word, of which it is not. */
static bool is_around(char c)
{
    return strchr("'`*.!?", c) != NULL;
}

static void append_word(GString *out, const guint8 *key, const char *word, size_t length)
{
    size_t before = 0, after = 0;

    while (before < length && is_around(word[before]))
        before++;
    while (after < length - before && is_around(word[length - 1 - after]))
        after++;
    g_autofree char *address = g_strndup(word + before, length - before - after);
    g_autofree char *name = pseudonym_of(key, address);

    g_string_append_len(out, word, (gssize)before);
    g_string_append(out, name);
    g_string_append_len(out, word + length - after, (gssize)after);
}

void pseudonym_append(GString *out, const guint8 *key, const char *text)
{
    const char *at = text;

    while (*at != '\0') {
        const char *quoted = *at == '"' ? skip_quoted(at) : NULL;
        const char *end = skip_word(quoted != NULL ? quoted : at);
        size_t length = (size_t)(end - at);

        if (quoted != NULL || (length > 1 && memchr(at, '@', length) != NULL) || is_encoded(at, length))
            append_word(out, key, at, length);
        else
            g_string_append_len(out, at, (gssize)length);
        /* A blank that is no word's end, and a quote that begins no address. */
        for (at = end; *at != '\0' && separates(*at) && (*at != '"' || skip_quoted(at) == NULL); at++)
            g_string_append_c(out, *at);
    }
}
