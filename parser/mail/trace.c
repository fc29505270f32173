#include "parser/mail/trace.h"

#include <glib.h>
#include <string.h>

/* No MTA's own field comes near it. */
enum { MAX_LENGTH = 1000 };

/* Received fields that MTAs write on their own messages, word by word. In capitals: HOST is one of the given hosts;
 * USER the account that Exim runs as; VERSION, ID and ADDRESS are one word; DATE is the rest. A comment is one word.
 *
 * Beside these, Postfix writes "from HELO (NAME [IP]) by ..." for a client and "by HOST (Postfix, from userid 1000)"
 * for a local user; Exim "from [IP] (helo=HELO) by ..." and "from USER by ... with local", the user's own name;
 * Sendmail "from HELO (NAME [IP]) by ..." and "(from USER@localhost) by ...". */
static const char *const forms[] = {
    "by HOST (Postfix) id ID ; DATE",
    "from USER by HOST with local (Exim VERSION) id ID ; DATE",
    "from USER by HOST with local (Exim VERSION) id ID for ADDRESS ; DATE",
    "from localhost (localhost) by HOST (VERSION) id ID ; DATE",
};

/* Debian's; upstream's and most others'; FreeBSD's. */
static const char *const exim_users[] = {"Debian-exim", "exim", "mailnull", NULL};

/* Takes the next word off `rest`: ";", a comment in parentheses without another one in it, or what stands before either
 * or a blank. False at the end, and in an open comment. */
static bool take_word(struct span *rest, struct span *word)
{
    const char *close;
    size_t i = 0;

    *rest = span_trim(*rest);
    if (rest->length == 0)
        return false;
    if (rest->at[0] == ';') {
        i = 1;
    } else if (rest->at[0] == '(') {
        close = span_find_char(*rest, ')');
        if (close == NULL)
            return false;
        i = (size_t)(close - rest->at) + 1;
    } else {
        while (i < rest->length && strchr(" \t\r\n;(", rest->at[i]) == NULL)
            i++;
    }
    *word = span_head(*rest, i);
    *rest = span_skip(*rest, i);
    return i > 0;
}

static bool consists_of(struct span text, const char *others)
{
    for (size_t i = 0; i < text.length; i++) {
        if (!g_ascii_isalnum(text.at[i]) && (text.at[i] == '\0' || strchr(others, text.at[i]) == NULL))
            return false;
    }
    return text.length > 0;
}

/* The words of a comment behind `first`. */
static struct span in_comment(struct span word, const char *first)
{
    if (!span_starts(word, first) || !span_ends(word, ")"))
        return span_head(word, 0);
    word = span_skip(word, strlen(first));
    return span_head(word, word.length - 1);
}

/* Sat, 28 Nov 2026 17:30:47 +0000 (UTC) */
static bool is_date(struct span rest)
{
    struct span zone;
    const char *open;

    rest = span_trim(rest);
    open = span_find_char(rest, '(');
    if (open != NULL) {
        zone = span_from(rest, open);
        if (!consists_of(in_comment(zone, "("), "+-"))
            return false;
        rest = span_head(rest, (size_t)(open - rest.at));
    }
    return consists_of(rest, " ,:+-");
}

static bool is_one_of(struct span word, const char *const *names)
{
    for (; *names != NULL; names++) {
        if (span_is(word, *names))
            return true;
    }
    return false;
}

static bool is_exim_user(struct span word, const char *const *hosts)
{
    (void)hosts;
    return is_one_of(word, exim_users);
}

static bool is_id(struct span word, const char *const *hosts)
{
    (void)hosts;
    return consists_of(word, "-");
}

static bool is_address(struct span word, const char *const *hosts)
{
    (void)hosts;
    return word.at[0] != '(' && span_find_char(word, '@') != NULL;
}

static bool is_version(struct span word, const char *const *hosts)
{
    word = in_comment(word, "(");
    (void)hosts;
    return consists_of(word, ".-+_/~") && g_ascii_isdigit(word.at[0]);
}

static bool is_exim_version(struct span word, const char *const *hosts)
{
    word = in_comment(word, "(Exim ");
    (void)hosts;
    return consists_of(word, ".-+_/~") && g_ascii_isdigit(word.at[0]);
}

/* The words of the forms that stand for others. */
static const struct {
    const char *word;
    bool (*stands_for)(struct span word, const char *const *hosts);
} variables[] = {
    {"HOST", is_one_of},     {"USER", is_exim_user},    {"ID", is_id},
    {"ADDRESS", is_address}, {"(VERSION)", is_version}, {"(Exim VERSION)", is_exim_version},
};

static bool fits(struct span wanted, struct span word, const char *const *hosts)
{
    for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
        if (span_is(wanted, variables[i].word))
            return variables[i].stands_for(word, hosts);
    }
    return wanted.length == word.length && memcmp(wanted.at, word.at, word.length) == 0;
}

static bool has_form(struct span value, const char *form, const char *const *hosts)
{
    struct span wanted, word;
    struct span left = span_of(form);

    while (take_word(&left, &wanted)) {
        if (span_is(wanted, "DATE"))
            return is_date(value);
        if (!take_word(&value, &word) || !fits(wanted, word, hosts))
            return false;
    }
    return false;
}

bool trace_is_own(const struct fields *header, const char *const *hosts)
{
    const struct field *received = fields_find(header, "Received");

    if (received == NULL || header->cut || fields_next(header, received) != NULL || received->value.length > MAX_LENGTH)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        if (has_form(received->value, forms[i], hosts))
            return true;
    }
    return false;
}

const struct field *trace_top(const struct fields *header, const char *name)
{
    static const char *const names[] = {"Return-Path",   "Delivered-To", "X-Original-To",          "Envelope-To",
                                        "Delivery-Date", "Received-SPF", "Authentication-Results", NULL};

    for (guint i = 0; i < header->items->len; i++) {
        const struct field *field = &g_array_index(header->items, struct field, i);
        if (span_is(field->name, name))
            return field;
        if (!is_one_of(field->name, names))
            return NULL;
    }
    return NULL;
}
