/* The words for the enums of the config, of what becomes of a message and of the answers to bouncectl, which config
 * files, the log, the metrics and the two programs know them by. */
#include "cmd/config/feed_config.h"
#include "cmd/config/listen.h"
#include "cmd/config/smart_host.h"
#include "cmd/control/control.h"
#include "cmd/ingest/ingest_message.h"
#include "tests/unit/names.h"

static void test_config(void)
{
    names_check(listen_protocol_names, "smtp lmtp http socketmap policy tcp-table readsocket");
    names_check(listen_tls_names, "none opportunistic required");
    names_check(listen_bare_newline_names, "refuse normalize");
    names_check(listen_serve_names, "metrics api");
    names_check(feed_type_names, "webhook file exec mail redis kafka");
    names_check(feed_format_names, "standard listmonk mautic template");
    names_check(feed_content_names, "application/json application/x-www-form-urlencoded text/plain");
    names_check(feed_to_names, "sender");
    names_check(feed_mode_names, "0600 0640 0644");
    names_check(smart_host_tls_names, "none opportunistic required implicit");
}

static void test_ingest(void)
{
    names_check(ingest_outcome_names, "pending stored duplicate conflict failed");
}

static void test_control(void)
{
    names_check(control_words, "reloaded refused stopping");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/names/config", test_config);
    g_test_add_func("/cmd/names/ingest", test_ingest);
    g_test_add_func("/cmd/names/control", test_control);
    return g_test_run();
}
