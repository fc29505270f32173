/* The memory of messages in a queue: by key, no more than a number of octets, the last first. */
#include "parser/logs/queue_memory.h"

#include <glib.h>

static struct span span(const char *text)
{
    return span_of(text);
}

static void test_message(void)
{
    struct queue_memory *memory = queue_memory_new(1 << 20);
    const struct queue_message *message;

    g_assert_null(queue_memory_find(memory, span("a")));
    queue_memory_set_sender(memory, span("a"), span("x@example.net"));
    queue_memory_set_message_id(memory, span("a"), span("1"));
    queue_memory_set_sender(memory, span("a"), span(""));
    queue_memory_set_report(memory, span("b"));
    message = queue_memory_find(memory, span("a"));
    g_assert_cmpstr(message->sender, ==, "");
    g_assert_cmpstr(message->message_id, ==, "1");
    g_assert_false(message->report);
    g_assert_null(message->waiting);
    message = queue_memory_find(memory, span("b"));
    g_assert_true(message->report);
    g_assert_null(message->sender);
    queue_memory_drop(memory, span("a"));
    queue_memory_drop(memory, span("a"));
    g_assert_null(queue_memory_find(memory, span("a")));
    queue_memory_drop(memory, span("b"));
    g_assert_cmpuint(queue_memory_octets(memory), ==, 0);
    queue_memory_free(memory);
    queue_memory_free(NULL);
}

static void test_waiting(void)
{
    static const struct queue_waiting waiting[] = {
        {(char *)"a@x", (char *)"", (char *)"h", (char *)"one"},
        {(char *)"a@x", (char *)"b@x", (char *)"", (char *)"two"},
        {(char *)"A@x", (char *)"", (char *)"", (char *)"three"},
    };
    struct queue_memory *memory = queue_memory_new(1 << 20);
    const struct queue_message *message;
    size_t octets;

    for (size_t i = 0; i < G_N_ELEMENTS(waiting); i++)
        queue_memory_wait(memory, span("q"), &waiting[i]);
    message = queue_memory_find(memory, span("q"));
    g_assert_cmpuint(message->waiting->len, ==, 2);
    g_assert_cmpstr(((struct queue_waiting *)message->waiting->pdata[0])->diagnostic, ==, "two");
    g_assert_cmpstr(((struct queue_waiting *)message->waiting->pdata[1])->diagnostic, ==, "three");
    octets = queue_memory_octets(memory);
    queue_memory_end_wait(memory, span("q"), span("a@x"), span("c@x"));
    g_assert_cmpuint(message->waiting->len, ==, 2);
    queue_memory_end_wait(memory, span("q"), span("a@x"), span("b@x"));
    g_assert_cmpuint(message->waiting->len, ==, 1);
    g_assert_cmpuint(queue_memory_octets(memory), <, octets);
    queue_memory_end_wait(memory, span("other"), span("a@x"), span("b@x"));
    queue_memory_free(memory);
}

/* Many messages, and one with many recipients. */
static void test_limits(void)
{
    const size_t most = 100000;
    struct queue_memory *memory = queue_memory_new(most);

    for (unsigned i = 0; i < 20000; i++) {
        char key[16];

        g_snprintf(key, sizeof key, "%u", i);
        queue_memory_set_sender(memory, span(key), span("somebody@example.net"));
        queue_memory_set_sender(memory, span("kept"), span("x@example.net"));
        g_assert_cmpuint(queue_memory_octets(memory), <=, most);
    }
    g_assert_nonnull(queue_memory_find(memory, span("kept")));
    g_assert_nonnull(queue_memory_find(memory, span("19999")));
    g_assert_null(queue_memory_find(memory, span("0")));
    for (unsigned i = 0; i < 2000; i++) {
        char recipient[16];
        const struct queue_waiting waiting = {recipient, (char *)"", (char *)"", (char *)""};

        g_snprintf(recipient, sizeof recipient, "%u@x", i);
        queue_memory_wait(memory, span("kept"), &waiting);
    }
    g_assert_cmpuint(queue_memory_find(memory, span("kept"))->waiting->len, ==, 500);
    queue_memory_free(memory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parser/queue-memory/message", test_message);
    g_test_add_func("/parser/queue-memory/waiting", test_waiting);
    g_test_add_func("/parser/queue-memory/limits", test_limits);
    return g_test_run();
}
