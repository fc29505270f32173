/* The word of a program goes through the waist: it is proven, counts once by its name, and is told from all others by
 * what it says. */
#include "cmd/config/config_load.h"
#include "cmd/config/rule_files.h"
#include "cmd/ingest/digest.h"
#include "cmd/ingest/ingest.h"

#include <poll.h>
#include <string.h>

#include "store_temporary.h"

struct fixture {
    struct temporary temporary;
    struct config *config;
    struct classifier *classifier;
    struct ingest *ingest;
};

static void set_up(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;

    temporary_new(&fixture->temporary, NULL);
    path = g_build_filename(fixture->temporary.directory, "bounced.conf", NULL);
    g_assert_true(g_file_set_contents(path, "[store]\nkeep-raw = all\n", -1, NULL));
    fixture->config = config_load(path, &error);
    g_assert_no_error(error);
    fixture->classifier = rule_files_classifier(fixture->config, &error);
    g_assert_no_error(error);
    fixture->ingest = ingest_new(fixture->config, fixture->classifier, fixture->temporary.store);
}

static void tear_down(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    ingest_free(fixture->ingest);
    classifier_free(fixture->classifier);
    config_free(fixture->config);
    temporary_free(&fixture->temporary);
}

static struct ingest_message *make(const char *who, const char *key, const char *recipient)
{
    struct ingest_message *message = ingest_message_new("api", NOON);

    message->testimony = testimony_new(who);
    message->testimony->key = g_strdup(key);
    message->testimony->observation.recipient = g_strdup(recipient);
    message->testimony->observation.reply = 550;
    message->testimony->observation.diagnostic = g_strdup("550 5.1.1 User unknown");
    g_string_assign(message->bytes, "{}\n");
    return message;
}

static struct ingest_message *run(struct fixture *fixture, struct ingest_message *message)
{
    struct ingest_message *done;

    ingest_message(fixture->ingest, message);
    while ((done = ingest_done(fixture->ingest)) == NULL) {
        struct pollfd descriptor = {ingest_fd(fixture->ingest), POLLIN, 0};

        g_assert_cmpint(poll(&descriptor, 1, 30000), ==, 1);
    }
    g_assert_true(done == message);
    return done;
}

static void test_outcomes(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    static const struct {
        const char *who, *key, *recipient;
        enum ingest_outcome outcome;
    } cases[] = {
        {"mta", "1", "a@example.org", INGEST_OUTCOME_STORED},
        {"mta", "1", "a@example.org", INGEST_OUTCOME_DUPLICATE},
        {"mta", "1", "b@example.org", INGEST_OUTCOME_CONFLICT},
        {"mta", "1", "A@example.org", INGEST_OUTCOME_CONFLICT},
        {"mta", "2", "a@example.org", INGEST_OUTCOME_STORED},
        {"crm", "1", "b@example.org", INGEST_OUTCOME_STORED},
        {"mta", NULL, "a@example.org", INGEST_OUTCOME_STORED},
        {"mta", NULL, "a@example.org", INGEST_OUTCOME_DUPLICATE},
        {"crm", NULL, "a@example.org", INGEST_OUTCOME_STORED},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(IngestMessage) message = run(fixture, make(cases[i].who, cases[i].key, cases[i].recipient));

        g_test_message("row %zu", i);
        g_assert_cmpint(message->outcome, ==, cases[i].outcome);
        g_assert_cmpuint(strlen(message->digest), ==, 64);
    }
}

static void test_event(struct fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
    struct ingest_message *made = make("mta", "1", "a@example.org");
    const struct store_filter all = {0};
    struct stored_event row;

    made->testimony->confined = true;
    made->testimony->observation.stream = g_strdup("news");
    g_autoptr(IngestMessage) message = run(fixture, made);
    g_assert_cmpuint(message->kinds[REPORT_KIND_BOUNCE], ==, 1);
    g_assert_false(message->claims);
    g_autoptr(Store) reader = temporary_open(&fixture->temporary, STORE_MODE_READ, NULL);
    g_autoptr(StoreCursor) cursor = store_events(reader, &all, NULL);
    g_assert_true(store_next_event(cursor, &row, NULL));
    g_assert_cmpstr(row.event.source, ==, "api");
    g_assert_cmpint(row.event.evidence, ==, REPORT_EVIDENCE_AUTHENTICATED);
    g_assert_cmpstr(row.event.proof, ==, "said by mta");
    g_assert_true(row.event.may_suppress && row.event.confined);
    g_assert_cmpint(row.event.reason, ==, REASON_USER_UNKNOWN);
    g_assert_cmpint(row.effect, ==, POLICY_SUPPRESSED);
    g_assert_cmpint(row.event.occurred, ==, NOON);
    g_assert_cmpstr(row.scope, ==, "stream=news");
    g_assert_cmpstr(row.digest, ==, message->digest);
    g_autoptr(GBytes) raw = store_message_raw(reader, message->digest, NULL);
    g_assert_cmpmem(g_bytes_get_data(raw, NULL), g_bytes_get_size(raw), "{}\n", 3);
}

/* Each field tells two apart; the time that one came only where it says none, and has no key. */
static void test_digest(void)
{
    static const struct testimony cases[] = {
        {.who = (char *)"mta"},
        {.who = (char *)"crm"},
        {.who = (char *)"mta", .observation.recipient = (char *)"a"},
        {.who = (char *)"mta", .observation.status = (char *)"a"},
        {.who = (char *)"mta", .observation.diagnostic = (char *)"a"},
        {.who = (char *)"mta", .observation.host = (char *)"a"},
        {.who = (char *)"mta", .observation.stream = (char *)"a"},
        {.who = (char *)"mta", .observation.message_id = (char *)"a"},
        {.who = (char *)"mta", .observation.reply = 550},
        {.who = (char *)"mta", .observation.action = REPORT_ACTION_FAILED},
        {.who = (char *)"mta", .observation.time = 1},
        {.who = (char *)"mta", .key = (char *)"a"},
        {.who = (char *)"mta", .key = (char *)"b"},
        {.who = (char *)"crm", .key = (char *)"a"},
        {.who = (char *)"mta", .key = (char *)"a", .observation.time = 1},
    };
    guint8 digests[G_N_ELEMENTS(cases)][STORE_DIGEST_SIZE], later[STORE_DIGEST_SIZE];

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool moves = cases[i].key == NULL && cases[i].observation.time == 0;

        digest_testimony(&cases[i], NOON, digests[i]);
        digest_testimony(&cases[i], NOON + 1, later);
        g_assert_true((memcmp(digests[i], later, sizeof later) != 0) == moves);
        for (size_t other = 0; other < i; other++) {
            bool same_key = cases[i].key != NULL && g_strcmp0(cases[i].key, cases[other].key) == 0 &&
                            strcmp(cases[i].who, cases[other].who) == 0;

            g_assert_true(memcmp(digests[i], digests[other], STORE_DIGEST_SIZE) != 0);
            g_assert_true((memcmp(digests[i], digests[other], DIGEST_KEY_SIZE) == 0) == same_key);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/cmd/testimony/outcomes", struct fixture, NULL, set_up, test_outcomes, tear_down);
    g_test_add("/cmd/testimony/event", struct fixture, NULL, set_up, test_event, tear_down);
    g_test_add_func("/cmd/testimony/digest", test_digest);
    return g_test_run();
}
