/* The words for the enums of the config and of what becomes of a message, which config files, the log and the metrics
 * know them by. */
#include "cmd/config/listen.h"
#include "cmd/config/smart_host.h"
#include "cmd/ingest/ingest_message.h"
#include "tests/unit/names.h"

static void test_config(void)
{
    names_check(listen_protocol_names, "smtp lmtp http socketmap policy tcp-table readsocket");
    names_check(listen_tls_names, "none opportunistic required");
    names_check(smart_host_tls_names, "none opportunistic required implicit");
}

static void test_ingest(void)
{
    names_check(ingest_outcome_names, "pending stored duplicate failed");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/names/config", test_config);
    g_test_add_func("/cmd/names/ingest", test_ingest);
    return g_test_run();
}
