/* A dialogue of testdata/dialogues, read from its file: what a client says to a session and what comes of it.
 *
 *   # a comment
 *   set: KEY VALUE       protocol (smtp, lmtp), tls (none, opportunistic, required), message-size, recipients, errors,
 *                        commands, bare-newline (refuse, normalize),
 *                        xclient (no, yes: of a peer at 198.51.100.25:1025)
 *   C: TEXT              the client says TEXT and CRLF; "C- TEXT" without CRLF
 *   S: TEXT              the reply that is expected, all of them in this order
 *   X: HOST              whom the peer says by XCLIENT that it speaks for; it is greeted as such
 *   M: FROM TO,TO TEXT   a message that is expected; FROM and TO without brackets, "<>" for the null sender
 *   answer: stored       what becomes of the next message: stored (also without this line) or failed
 *   permit: no           whether the next MAIL is permitted: yes (also without this line) or no
 *   end: idle            the owner ends the session: idle, slow, slow_data, busy, full, crowded, rate, early or
 * stopping tls                  the session must wait for TLS, and it begins closed               the session must be
 * closed in the end; else it must not
 *
 * TEXT knows \r \n \t \0 \\ \xNN and \{N:C}, which is N times the character C. */
#pragma once

#include <glib.h>
#include <string.h>

#include "cmd/bounced/smtp/session.h"

enum step_kind { STEP_FEED, STEP_TLS, STEP_END };

struct step {
    enum step_kind kind;
    GString *bytes;
    enum session_end why;
};

struct dialogue {
    struct session_settings settings;
    struct session_link link;
    GArray *steps;   /* of struct step */
    GArray *answers; /* of enum session_outcome */
    GArray *permits; /* of bool */
    guint64 counted_replies[6];
    guint64 counted_limits[LIMIT_COUNT];
    GString *replies;
    GString *messages;
    bool closed;
};

/* --- reading ----------------------------------------------------------------------------------------------------- */

static const char *append_escape(GString *out, const char *at)
{
    static const char names[] = "rnt0\\", values[] = "\r\n\t\0\\";
    const char *name = strchr(names, *at);
    char *end;

    if (*at == 'x') {
        g_string_append_c(out, (char)(g_ascii_xdigit_value(at[1]) << 4 | g_ascii_xdigit_value(at[2])));
        return at + 3;
    }
    if (*at == '{') {
        guint64 count = g_ascii_strtoull(at + 1, &end, 10);

        g_assert(end[0] == ':' && end[2] == '}');
        while (count-- > 0)
            g_string_append_c(out, end[1]);
        return end + 3;
    }
    g_assert(*at != '\0' && name != NULL);
    g_string_append_c(out, values[name - names]);
    return at + 1;
}

static void append_unescaped(GString *out, const char *text)
{
    while (*text != '\0') {
        if (*text == '\\')
            text = append_escape(out, text + 1);
        else
            g_string_append_c(out, *text++);
    }
}

static struct step *feed_step(struct dialogue *dialogue)
{
    struct step step = {.kind = STEP_FEED};

    if (dialogue->steps->len == 0 ||
        g_array_index(dialogue->steps, struct step, dialogue->steps->len - 1).kind != STEP_FEED) {
        step.bytes = g_string_new(NULL);
        g_array_append_val(dialogue->steps, step);
    }
    return &g_array_index(dialogue->steps, struct step, dialogue->steps->len - 1);
}

static void read_client(struct dialogue *dialogue, const char *text)
{
    GString *bytes = feed_step(dialogue)->bytes;

    append_unescaped(bytes, text);
    g_string_append(bytes, "\r\n");
}

static void read_client_part(struct dialogue *dialogue, const char *text)
{
    append_unescaped(feed_step(dialogue)->bytes, text);
}

static void read_server(struct dialogue *dialogue, const char *text)
{
    append_unescaped(dialogue->replies, text);
    g_string_append(dialogue->replies, "\r\n");
}

static unsigned read_name(const char *const *names, const char *text)
{
    for (unsigned i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], text) == 0)
            return i;
    }
    g_error("no such word: %s", text);
}

static void read_setting(struct dialogue *dialogue, const char *text)
{
    static const char *const names[] = {"protocol", "tls",     "message-size", "recipients", "errors",
                                        "commands", "xclient", "bare-newline", NULL};
    g_auto(GStrv) words = g_strsplit(text, " ", 2);
    size_t *const numbers[] = {NULL,
                               NULL,
                               &dialogue->settings.message_size,
                               &dialogue->settings.recipients,
                               &dialogue->settings.errors,
                               &dialogue->settings.commands};
    unsigned name = read_name(names, words[0]);

    if (name == 0)
        dialogue->link.protocol = read_name(listen_protocol_names, words[1]);
    else if (name == 1)
        dialogue->link.tls = read_name(listen_tls_names, words[1]);
    else if (strcmp(words[0], "bare-newline") == 0)
        dialogue->link.normalize = read_name(listen_bare_newline_names, words[1]) == LISTEN_BARE_NEWLINE_NORMALIZE;
    else if (strcmp(words[0], "xclient") == 0)
        dialogue->link.xclient = strcmp(words[1], "yes") == 0;
    else
        *numbers[name] = g_ascii_strtoull(words[1], NULL, 10);
}

static void read_host(struct dialogue *dialogue, const char *text)
{
    g_string_append_printf(dialogue->messages, "X: %s\n", text);
}

static void read_message(struct dialogue *dialogue, const char *text)
{
    g_string_append_printf(dialogue->messages, "%s\n", text);
}

static void read_answer(struct dialogue *dialogue, const char *text)
{
    static const char *const names[] = {[SESSION_OUTCOME_STORED] = "stored", [SESSION_OUTCOME_FAILED] = "failed", NULL};
    enum session_outcome answer = read_name(names, text);

    g_array_append_val(dialogue->answers, answer);
}

static void read_permit(struct dialogue *dialogue, const char *text)
{
    static const char *const names[] = {"no", "yes", NULL};
    bool permit = read_name(names, text) == 1;

    g_array_append_val(dialogue->permits, permit);
}

static void read_end(struct dialogue *dialogue, const char *text)
{
    static const char *const names[] = {[SESSION_END_IDLE] = "idle",           [SESSION_END_SLOW] = "slow",
                                        [SESSION_END_SLOW_DATA] = "slow_data", [SESSION_END_BUSY] = "busy",
                                        [SESSION_END_FULL] = "full",           [SESSION_END_CROWDED] = "crowded",
                                        [SESSION_END_RATE] = "rate",           [SESSION_END_EARLY] = "early",
                                        [SESSION_END_STOPPING] = "stopping",   NULL};
    struct step step = {.kind = STEP_END, .why = read_name(names, text)};

    g_array_append_val(dialogue->steps, step);
}

static void read_tls(struct dialogue *dialogue, const char *text G_GNUC_UNUSED)
{
    struct step step = {.kind = STEP_TLS};

    g_array_append_val(dialogue->steps, step);
}

static void read_closed(struct dialogue *dialogue, const char *text G_GNUC_UNUSED)
{
    dialogue->closed = true;
}

static void read_comment(struct dialogue *dialogue G_GNUC_UNUSED, const char *text G_GNUC_UNUSED)
{
}

static const struct {
    const char *prefix;
    void (*read)(struct dialogue *dialogue, const char *text);
} line_kinds[] = {
    {"#", read_comment},       {"C: ", read_client},  {"C- ", read_client_part}, {"S: ", read_server},
    {"set: ", read_setting},   {"M: ", read_message}, {"answer: ", read_answer}, {"end: ", read_end},
    {"permit: ", read_permit}, {"X: ", read_host},    {"closed", read_closed},   {"tls", read_tls},
};

static void read_line(struct dialogue *dialogue, const char *file, const char *line)
{
    for (size_t i = 0; i < G_N_ELEMENTS(line_kinds); i++) {
        if (g_str_has_prefix(line, line_kinds[i].prefix)) {
            line_kinds[i].read(dialogue, line + strlen(line_kinds[i].prefix));
            return;
        }
    }
    if (*line != '\0')
        g_error("%s: cannot read \"%s\"", file, line);
}

static void free_step(void *data)
{
    struct step *step = data;

    if (step->bytes != NULL)
        g_string_free(step->bytes, TRUE);
}

static struct dialogue *read_dialogue(const char *file, const GPtrArray *return_paths)
{
    struct dialogue *dialogue = g_new0(struct dialogue, 1);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    dialogue->settings = (struct session_settings){.hostname = "mx.example.com",
                                                   .return_paths = return_paths,
                                                   .message_size = 1000,
                                                   .recipients = 3,
                                                   .errors = 20,
                                                   .commands = 1000,
                                                   .replies = dialogue->counted_replies,
                                                   .limits = dialogue->counted_limits};
    g_assert_true(network_host_parse(&dialogue->link.host, "198.51.100.25"));
    dialogue->link.host.port = 1025;
    dialogue->steps = g_array_new(FALSE, FALSE, sizeof(struct step));
    g_array_set_clear_func(dialogue->steps, free_step);
    dialogue->answers = g_array_new(FALSE, FALSE, sizeof(enum session_outcome));
    dialogue->permits = g_array_new(FALSE, FALSE, sizeof(bool));
    dialogue->replies = g_string_new(NULL);
    dialogue->messages = g_string_new(NULL);
    if (!g_file_get_contents(file, &text, NULL, NULL))
        g_error("cannot read %s", file);
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++)
        read_line(dialogue, file, *line);
    return dialogue;
}

static void free_dialogue(struct dialogue *dialogue)
{
    g_array_unref(dialogue->steps);
    g_array_unref(dialogue->answers);
    g_array_unref(dialogue->permits);
    g_string_free(dialogue->replies, TRUE);
    g_string_free(dialogue->messages, TRUE);
    g_free(dialogue);
}
