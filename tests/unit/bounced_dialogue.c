/* Replays testdata/dialogues/NAME.txt against a session, fed whole and in small pieces, with the same result each time;
 * the form of the files is in dialogue_file.h. */
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/bounced/smtp/session.h"
#include "parser/return_path.h"
#include "tests/unit/dialogue_file.h"

/* --- replaying --------------------------------------------------------------------------------------------------- */

struct replay {
    const struct dialogue *dialogue;
    struct session *session;
    GString *replies;
    GString *messages;
    guint answered;
    guint asked;
};

static void append_escaped(GString *out, const GString *bytes)
{
    for (size_t i = 0; i < bytes->len; i++) {
        char c = bytes->str[i];

        if (c == '\r')
            g_string_append(out, "\\r");
        else if (c == '\n')
            g_string_append(out, "\\n");
        else if (c == '\0')
            g_string_append(out, "\\0");
        else
            g_string_append_c(out, c);
    }
}

static void take_message(struct replay *replay)
{
    g_autoptr(Transaction) transaction = session_take_message(replay->session);
    enum session_outcome answer = SESSION_OUTCOME_STORED;

    g_string_append_printf(replay->messages, "%s ", *transaction->mail_from == '\0' ? "<>" : transaction->mail_from);
    for (guint i = 0; i < transaction->recipients->len; i++)
        g_string_append_printf(replay->messages, "%s%s", i == 0 ? "" : ",",
                               (const char *)transaction->recipients->pdata[i]);
    g_string_append_c(replay->messages, ' ');
    append_escaped(replay->messages, transaction->message);
    g_string_append_c(replay->messages, '\n');
    g_assert_cmpint(session_next(replay->session), ==, SESSION_EVENT_WAIT);
    g_assert_true(session_in_message(replay->session));
    if (replay->answered < replay->dialogue->answers->len)
        answer = g_array_index(replay->dialogue->answers, enum session_outcome, replay->answered++);
    session_conclude(replay->session, answer);
}

static void permit(struct replay *replay)
{
    bool permitted = true;

    if (replay->asked < replay->dialogue->permits->len)
        permitted = g_array_index(replay->dialogue->permits, bool, replay->asked++);
    if (permitted)
        session_permit(replay->session);
    else
        session_defer(replay->session);
}

static void greet_again(struct replay *replay)
{
    g_autofree char *name = network_host_name(session_client(replay->session));

    g_string_append_printf(replay->messages, "X: %s\n", name);
    session_greet(replay->session);
}

static void write_output(struct replay *replay)
{
    const GString *output = session_output(replay->session);

    g_string_append_len(replay->replies, output->str, (gssize)output->len);
    session_sent(replay->session, output->len);
}

static void feed(struct replay *replay, const char *bytes, size_t length)
{
    while (length > 0 && session_next(replay->session) != SESSION_EVENT_CLOSE) {
        size_t taken = session_feed(replay->session, bytes, length);

        /* Octets that come behind STARTTLS stand behind a "tls" line. */
        g_assert_true(taken == length || session_next(replay->session) != SESSION_EVENT_STARTTLS);
        bytes += taken;
        length -= taken;
        write_output(replay);
        if (session_next(replay->session) == SESSION_EVENT_SENDER)
            permit(replay);
        if (session_next(replay->session) == SESSION_EVENT_XCLIENT)
            greet_again(replay);
        if (session_next(replay->session) == SESSION_EVENT_MESSAGE)
            take_message(replay);
        write_output(replay);
    }
}

static void replay_steps(struct replay *replay, size_t piece)
{
    const GArray *steps = replay->dialogue->steps;

    if (g_array_index(steps, struct step, 0).kind == STEP_FEED)
        session_greet(replay->session);
    for (guint i = 0; i < steps->len; i++) {
        const struct step *step = &g_array_index(steps, struct step, i);

        if (step->kind == STEP_TLS) {
            g_assert_cmpint(session_next(replay->session), ==, SESSION_EVENT_STARTTLS);
            session_encrypted(replay->session);
        }
        if (step->kind == STEP_END)
            session_end(replay->session, step->why);
        for (size_t at = 0; step->kind == STEP_FEED && at < step->bytes->len; at += piece)
            feed(replay, step->bytes->str + at, MIN(piece, step->bytes->len - at));
    }
    write_output(replay);
}

static void replay_dialogue(const struct dialogue *dialogue, size_t piece)
{
    struct replay replay = {.dialogue = dialogue,
                            .session = session_new(&dialogue->settings, &dialogue->link),
                            .replies = g_string_new(NULL),
                            .messages = g_string_new(NULL)};

    replay_steps(&replay, piece);
    g_assert_cmpstr(replay.replies->str, ==, dialogue->replies->str);
    g_assert_cmpstr(replay.messages->str, ==, dialogue->messages->str);
    g_assert_cmpint(session_next(replay.session) == SESSION_EVENT_CLOSE, ==, dialogue->closed);
    session_free(replay.session);
    g_string_free(replay.replies, TRUE);
    g_string_free(replay.messages, TRUE);
}

static void test_dialogue(const void *data)
{
    static const size_t pieces[] = {G_MAXSIZE / 2, 1, 2, 3, 7, 100};
    char name[] = "all", none[] = "", domain_name[] = "bounces.example.com", address[] = "fbl@example.com";
    struct return_path domain = {.name = name, .domain = domain_name};
    struct return_path feedback = {.name = none, .address = address};
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    struct dialogue *dialogue;

    g_ptr_array_add(paths, &domain);
    g_ptr_array_add(paths, &feedback);
    dialogue = read_dialogue(data, paths);
    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_test_message("%s in pieces of %zu", (const char *)data, pieces[i]);
        replay_dialogue(dialogue, pieces[i]);
    }
    free_dialogue(dialogue);
}

int main(int argc, char **argv)
{
    const char *source = getenv("SOURCE");
    g_autofree char *folder = g_build_filename(source != NULL ? source : ".", "testdata", "dialogues", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    size_t count = 0;

    g_test_init(&argc, &argv, NULL);
    for (; dir != NULL && (name = g_dir_read_name(dir)) != NULL; count++) {
        g_autofree char *test = g_strdup_printf("/dialogue/%s", name);

        g_test_add_data_func_full(test, g_build_filename(folder, name, NULL), test_dialogue, g_free);
    }
    if (count == 0)
        g_error("no dialogues in %s", folder);
    return g_test_run();
}
