#include "cmd/bounced/lookup/codec.h"

#include <string.h>

#define SUPPRESSED "550 5.1.1 "

/* An address is never longer, with all its quotes and frames: what is cannot be on the list. */
enum { SOCKETMAP_MAX = 10000, LINE_MAX_OCTETS = 4096 };

static void set_text(GString *text, const char *bytes, size_t length)
{
    /* A NUL ends no string here: it makes the address another one. */
    g_string_truncate(text, 0);
    if (memchr(bytes, '\0', length) == NULL)
        g_string_append_len(text, bytes, (gssize)length);
}

static bool begins(const char *bytes, size_t length, const char *word)
{
    return length >= strlen(word) && memcmp(bytes, word, strlen(word)) == 0;
}

/* --- socketmap ----------------------------------------------------------------------------------------------------
 *
 * netstring = length ":" *OCTET ","       ; length in decimal digits
 * request   = map SP key                  ; of a netstring; no blank in the map's name
 */

/* map = "suppress" ["/" stream] / "domain" */
static bool take_map(const char *name, size_t length, struct codec_question *question)
{
    static const char suppress[] = "suppress", domain[] = "domain";
    size_t word = strlen(suppress);

    question->domain = length == strlen(domain) && begins(name, length, domain);
    if (question->domain)
        return true;
    if (!begins(name, length, suppress) || (length > word && name[word] != '/'))
        return false;
    if (length > word)
        set_text(question->stream, name + word + 1, length - word - 1);
    return true;
}

static enum codec_state take_query(const char *query, size_t length, struct codec_question *question)
{
    const char *blank = memchr(query, ' ', length);

    if (blank == NULL || !take_map(query, (size_t)(blank - query), question))
        return CODEC_STATE_UNKNOWN;
    set_text(question->address, blank + 1, length - (size_t)(blank + 1 - query));
    return CODEC_STATE_QUESTION;
}

static enum codec_state take_socketmap(const char *bytes, size_t length, size_t *used, struct codec_question *question)
{
    size_t size = 0, at = 0;

    for (; at < length && g_ascii_isdigit(bytes[at]); at++) {
        size = size * 10 + (size_t)g_ascii_digit_value(bytes[at]);
        if (size > SOCKETMAP_MAX || at > 5)
            return CODEC_STATE_BROKEN;
    }
    if (at == length)
        return CODEC_STATE_MORE;
    if (at == 0 || bytes[at] != ':')
        return CODEC_STATE_BROKEN;
    at++;
    if (length - at < size + 1)
        return CODEC_STATE_MORE;
    if (bytes[at + size] != ',')
        return CODEC_STATE_BROKEN;
    *used = at + size + 1;
    return take_query(bytes + at, size, question);
}

static bool reply_socketmap(GString *out, enum codec_answer answer, const char *text)
{
    static const char *const words[] = {
        [CODEC_ANSWER_NOT_SUPPRESSED] = "NOTFOUND ", /* the blank is part of it */
        [CODEC_ANSWER_SUPPRESSED] = ("OK " SUPPRESSED),
        [CODEC_ANSWER_FAILED] = "TEMP the suppression list cannot be read",
        [CODEC_ANSWER_REFUSED] = "PERM there is no such map: expected suppress, suppress/STREAM or domain",
    };
    const char *rest = answer == CODEC_ANSWER_SUPPRESSED ? text : "";

    g_string_append_printf(out, "%zu:%s%s,", strlen(words[answer]) + strlen(rest), words[answer], rest);
    return true;
}

/* --- policy -------------------------------------------------------------------------------------------------------
 *
 * request = *(name "=" value LF) LF       ; in any order; what is not known is passed over
 */

/* The value of the last attribute of that name, in the lines up to `end`. */
static const char *find_value(const char *bytes, const char *end, const char *name, size_t *length)
{
    const char *found = NULL;

    for (const char *line = bytes; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t name_length = strlen(name);

        if (stop == NULL)
            stop = end;
        if (begins(line, (size_t)(stop - line), name) && line + name_length < stop && line[name_length] == '=') {
            found = line + name_length + 1;
            *length = (size_t)(stop - found);
        }
        line = stop + 1;
    }
    return found;
}

/* The last `behind` and what stands before it are left out. */
static const struct {
    const char *stream_from, *attribute;
    char behind; /* NUL: nothing is */
} labels[] = {
    {"policy_context", "policy_context", '\0'},
    {"sasl_username", "sasl_username", '\0'},
    {"sender_domain", "sender", '@'},
};

static void take_label(const char *bytes, const char *end, struct codec_question *question)
{
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
        size_t length = 0;
        const char *value = NULL, *mark = NULL;

        if (g_strcmp0(question->stream_from, labels[i].stream_from) == 0)
            value = find_value(bytes, end, labels[i].attribute, &length);
        if (value != NULL && labels[i].behind != '\0')
            mark = memrchr(value, labels[i].behind, length);
        if (value != NULL)
            set_text(question->label, mark != NULL ? mark + 1 : value,
                     mark != NULL ? length - (size_t)(mark + 1 - value) : length);
    }
    g_string_ascii_down(question->label);
}

static enum codec_state take_policy(const char *bytes, size_t length, size_t *used, struct codec_question *question)
{
    const char *end = memmem(bytes, length, "\n\n", 2);
    size_t state_length, recipient_length;

    if (length > 0 && bytes[0] == '\n')
        return CODEC_STATE_BROKEN;
    if (end == NULL)
        return CODEC_STATE_MORE;
    *used = (size_t)(end - bytes) + 2;
    const char *state = find_value(bytes, end, "protocol_state", &state_length);
    const char *recipient = find_value(bytes, end, "recipient", &recipient_length);
    if (recipient == NULL || recipient_length == 0 || state == NULL || state_length != strlen("RCPT") ||
        !begins(state, state_length, "RCPT"))
        return CODEC_STATE_NOTHING;
    set_text(question->address, recipient, recipient_length);
    take_label(bytes, end, question);
    return CODEC_STATE_QUESTION;
}

/* On trouble there is no reply: Postfix then takes its default action. */
static bool reply_policy(GString *out, enum codec_answer answer, const char *text)
{
    if (answer == CODEC_ANSWER_SUPPRESSED)
        g_string_append_printf(out, "action=" SUPPRESSED "%s\n\n", text);
    else if (answer == CODEC_ANSWER_NOT_SUPPRESSED)
        g_string_append(out, "action=DUNNO\n\n");
    return answer == CODEC_ANSWER_SUPPRESSED || answer == CODEC_ANSWER_NOT_SUPPRESSED;
}

/* --- one line ----------------------------------------------------------------------------------------------------- */

/* The length of the first line; CODEC_STATE_QUESTION if it is complete. */
static enum codec_state take_line(const char *bytes, size_t length, size_t *used)
{
    const char *end = memchr(bytes, '\n', MIN(length, LINE_MAX_OCTETS));

    if (end == NULL)
        return length < LINE_MAX_OCTETS ? CODEC_STATE_MORE : CODEC_STATE_BROKEN;
    *used = (size_t)(end - bytes) + 1;
    return CODEC_STATE_QUESTION;
}

static enum codec_state take_tcp_table(const char *bytes, size_t length, size_t *used, struct codec_question *question)
{
    enum codec_state state = take_line(bytes, length, used);

    if (state != CODEC_STATE_QUESTION)
        return state;
    if (!begins(bytes, *used, "get "))
        return CODEC_STATE_UNKNOWN;
    g_autofree char *key = g_uri_unescape_segment(bytes + strlen("get "), bytes + *used - 1, NULL);
    g_string_assign(question->address, key != NULL ? key : "");
    return CODEC_STATE_QUESTION;
}

static bool reply_tcp_table(GString *out, enum codec_answer answer, const char *text)
{
    static const char *const words[] = {
        [CODEC_ANSWER_NOT_SUPPRESSED] = "500 not%20found",
        [CODEC_ANSWER_SUPPRESSED] = "200 550%205.1.1%20",
        [CODEC_ANSWER_FAILED] = "400 the%20suppression%20list%20cannot%20be%20read",
        [CODEC_ANSWER_REFUSED] = "400 expected%20get",
    };
    g_autofree char *escaped = g_uri_escape_string(answer == CODEC_ANSWER_SUPPRESSED ? text : "", NULL, FALSE);

    g_string_append_printf(out, "%s%s\n", words[answer], escaped);
    return true;
}

/* Might it be an address? A blank stands in it in quotes alone, in its local part. */
static bool may_be_address(const char *bytes, size_t length)
{
    const char *at = memrchr(bytes, '@', length);

    if (at == NULL || memchr(at, ' ', length - (size_t)(at - bytes)) != NULL)
        return false;
    return bytes[0] == '"' || memchr(bytes, ' ', length) == NULL;
}

static enum codec_state take_readsocket(const char *bytes, size_t length, size_t *used, struct codec_question *question)
{
    enum codec_state state = take_line(bytes, length, used);

    if (state != CODEC_STATE_QUESTION)
        return state;
    size_t end = *used - 1;
    size_t start = begins(bytes, end, "check ") ? strlen("check ") : 0;
    if (end > start && bytes[end - 1] == '\r')
        end--;
    if (!may_be_address(bytes + start, end - start))
        return CODEC_STATE_UNKNOWN;
    set_text(question->address, bytes + start, end - start);
    return CODEC_STATE_QUESTION;
}

static bool reply_readsocket(GString *out, enum codec_answer answer, const char *text)
{
    static const char *const words[] = {
        [CODEC_ANSWER_NOT_SUPPRESSED] = "not suppressed",
        [CODEC_ANSWER_SUPPRESSED] = "suppressed: ",
        [CODEC_ANSWER_FAILED] = "unknown: the suppression list cannot be read",
        [CODEC_ANSWER_REFUSED] = "unknown: expected an address",
    };

    g_string_append_printf(out, "%s%s\n", words[answer], answer == CODEC_ANSWER_SUPPRESSED ? text : "");
    return true;
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

static const struct codec codecs[] = {
    [LISTEN_PROTOCOL_SOCKETMAP] = {take_socketmap, reply_socketmap, false},
    [LISTEN_PROTOCOL_POLICY] = {take_policy, reply_policy, false},
    [LISTEN_PROTOCOL_TCP_TABLE] = {take_tcp_table, reply_tcp_table, false},
    [LISTEN_PROTOCOL_READSOCKET] = {take_readsocket, reply_readsocket, true},
};

const struct codec *codec_of(enum listen_protocol protocol)
{
    return protocol < G_N_ELEMENTS(codecs) && codecs[protocol].take != NULL ? &codecs[protocol] : NULL;
}
