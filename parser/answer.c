#include "parser/answer.h"

#include <glib.h>
#include <string.h>

static const struct {
    const char *text;
    const char *command;
} commands[] = {
    {"RCPT TO", "RCPT"},
    {"MAIL FROM", "MAIL"},
    {"end of DATA", "DATA"},
    {"DATA", "DATA"},
    {"EHLO", "EHLO"},
    {"HELO", "HELO"},
    {"LHLO", "LHLO"},
    {"BDAT", "BDAT"},
    {"QUIT", "QUIT"},
    {"STARTTLS", "STARTTLS"},
    {"initial connection", "CONN"},
    {"connect", "CONN"},
    {".", "DATA"},
};

/* What comes before the command in Postfix's, Exim's and Sendmail's texts. */
static const char *const introductions[] = {"in reply to ", "in response to ", "after ", ">>> ", "while sending "};

static const char *read_command(struct span text)
{
    text = span_trim(span_head(text, 32));
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        struct span tail = span_skip(text, strlen(commands[i].text));
        if (span_starts(text, commands[i].text) && (tail.length == 0 || !g_ascii_isalnum(tail.at[0])))
            return commands[i].command;
    }
    return NULL;
}

static const char *find_command(struct span text)
{
    const char *command = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(introductions) && command == NULL; i++) {
        struct span rest = text;
        const char *at;
        while (command == NULL && (at = span_find(rest, introductions[i])) != NULL) {
            rest = span_skip(span_from(rest, at), strlen(introductions[i]));
            command = read_command(span_starts(rest, "SMTP command ") ? span_skip(rest, 13) : rest);
        }
    }
    return command;
}

/* status-code = ("2" / "4" / "5") "." 1*3DIGIT "." 1*3DIGIT; its length, 0 when there is none. */
static size_t status_length(struct span text)
{
    size_t i = 1;

    if (text.length < 5 || strchr("245", text.at[0]) == NULL || text.at[0] == '\0')
        return 0;
    for (int number = 0; number < 2; number++) {
        size_t digits = 0;
        if (i >= text.length || text.at[i] != '.')
            return 0;
        i++;
        while (i < text.length && digits < 4 && g_ascii_isdigit(text.at[i])) {
            i++;
            digits++;
        }
        if (digits == 0 || digits > 3)
            return 0;
    }
    return i;
}

bool answer_is_status(struct span text)
{
    return text.length > 0 && status_length(text) == text.length;
}

/* Does something that continues a number, a name or a dotted quad stand here? */
static bool continues(struct span text, size_t i)
{
    if (i >= text.length)
        return false;
    if (g_ascii_isalnum(text.at[i]) || text.at[i] == '_' || text.at[i] == '@')
        return true;
    return text.at[i] == '.' && i + 1 < text.length && g_ascii_isdigit(text.at[i + 1]);
}

static bool starts_word(struct span text, size_t i)
{
    return i == 0 || !(g_ascii_isalnum(text.at[i - 1]) || strchr("._@-/$=", text.at[i - 1]) != NULL);
}

/* Reply-code = %x32-35 %x30-35 %x30-39 (RFC 5321 section 4.2), and 1 and 3 are no answer to a message. */
static bool is_reply(struct span text, size_t i)
{
    return i + 3 <= text.length && strchr("245", text.at[i]) != NULL && text.at[i + 1] >= '0' &&
           text.at[i + 1] <= '7' && g_ascii_isdigit(text.at[i + 2]) && !continues(text, i + 3);
}

void answer_find(struct span text, struct answer *answer)
{
    *answer = (struct answer){0, {NULL, 0}, find_command(text)};
    for (size_t i = 0; i < text.length; i++) {
        size_t length;

        if (!g_ascii_isdigit(text.at[i]) || !starts_word(text, i))
            continue;
        length = status_length(span_skip(text, i));
        if (length > 0 && !continues(text, i + length)) {
            answer->status = (struct span){text.at + i, length};
            i += length;
        } else if (is_reply(text, i)) {
            answer->reply = (unsigned)(text.at[i] - '0') * 100 + (unsigned)(text.at[i + 1] - '0') * 10 +
                            (unsigned)(text.at[i + 2] - '0');
            i += 3;
        }
    }
}
