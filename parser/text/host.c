#include "parser/text/host.h"

#include <glib.h>
#include <string.h>

/* Words before and behind the name of the host that replied: "host mx.example.com[192.0.2.1] said: 550 ...",
 * "192.0.2.1 does not like recipient." */
static const char *const before_host[] = {"host", "host:", "connected to", "connecting to", "connect to", "server"};
static const char *const behind_host[] = {" does not like recipient", " failed after I sent", " did not like our"};

/* The name that the word is; empty when it is none. */
static struct span host_name(struct span word)
{
    const char *semicolon = span_find_char(word, ';');
    size_t i = 0;

    if (semicolon != NULL)
        word = span_skip(span_from(word, semicolon), 1);
    if (span_starts(word, "<"))
        word = span_skip(word, 1);
    while (i < word.length && (g_ascii_isalnum(word.at[i]) || word.at[i] == '.' || word.at[i] == '-'))
        i++;
    while (i > 0 && word.at[i - 1] == '.')
        i--;
    word = span_head(word, i);
    return span_find_char(word, '.') == NULL ? span_head(word, 0) : word;
}

struct span host_named(struct span text)
{
    struct span word;

    return span_word(&text, &word) ? host_name(word) : span_head(text, 0);
}

/* The name behind `words`; Postfix folds its lines between them. */
static struct span host_behind(struct span text, const char *words)
{
    struct span host = {NULL, 0};
    const char *at;

    while (host.length == 0 && (at = span_find(text, words)) != NULL) {
        text = span_skip(span_from(text, at), strlen(words));
        if (text.length > 0 && g_ascii_isspace(text.at[0]))
            host = host_named(text);
    }
    return host;
}

struct span host_that_replied(struct span diagnostic)
{
    struct span text = span_head(diagnostic, 400);
    struct span host = {NULL, 0};
    struct span word;

    for (size_t i = 0; i < G_N_ELEMENTS(behind_host) && host.length == 0; i++) {
        if (span_find(span_head(text, 200), behind_host[i]) != NULL && span_word(&text, &word))
            host = host_name(word);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(before_host) && host.length == 0; i++)
        host = host_behind(text, before_host[i]);
    /* Courier: "mx.example.com [192.0.2.1]:" */
    if (host.length == 0 && span_line(&text, &word) && span_ends(word, "]:"))
        host = host_named(word);
    return host;
}
