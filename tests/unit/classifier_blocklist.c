/* Each row of the table of blocklists, by an example: a text that names the list, and would not without that row. */
#include "classifier/classifier.h"
#include "classifier/language/blocklist.h"

static const struct {
    const char *text;
    const char *list;
} examples[] = {
    {"554 5.7.1 refused, see sbl-xbl.spamhaus.org", "sbl-xbl.spamhaus.org"},
    {"554 5.7.1 refused, see sbl.spamhaus.org", "sbl.spamhaus.org"},
    {"554 5.7.1 refused, see xbl.spamhaus.org", "xbl.spamhaus.org"},
    {"554 5.7.1 refused, see pbl.spamhaus.org", "pbl.spamhaus.org"},
    {"554 5.7.1 refused, see css.spamhaus.org", "css.spamhaus.org"},
    {"554 5.7.1 refused, see dbl.spamhaus.org", "dbl.spamhaus.org"},
    {"554 5.7.1 refused, see zrd.spamhaus.org", "zrd.spamhaus.org"},
    {"554 5.7.1 refused, see zen.spamhaus.org and sbl.dq.spamhaus", "zen.spamhaus.org"},
    {"554 5.7.1 refused, see zen.dq.spamhaus and sbl.dq.spamhaus", "zen.spamhaus.org"},
    {"554 5.7.1 refused, see sbl.dq.spamhaus", "sbl.spamhaus.org"},
    {"554 5.7.1 refused, see xbl.dq.spamhaus", "xbl.spamhaus.org"},
    {"554 5.7.1 refused, see pbl.dq.spamhaus", "pbl.spamhaus.org"},
    {"554 5.7.1 refused, see zrd.dq.spamhaus", "zrd.spamhaus.org"},
    {"554 5.7.1 refused, see hbl.dq.spamhaus", "hbl.spamhaus.org"},
    {"554 5.7.1 refused, see dbl.dq.spamhaus", "dbl.spamhaus.org"},
    {"554 5.7.1 refused, see spamhaus.org/css/", "css.spamhaus.org"},
    {"554 5.7.1 refused, see spamhaus sbl", "sbl.spamhaus.org"},
    {"554 5.7.1 refused, see spamhaus xbl", "xbl.spamhaus.org"},
    {"554 5.7.1 refused, see spamhaus pbl", "pbl.spamhaus.org"},
    {"554 5.7.1 refused, see spamhaus css", "css.spamhaus.org"},
    {"554 5.7.1 refused, see spamhaus dbl", "dbl.spamhaus.org"},
    {"554 5.7.1 refused, see spamhaus.org/query/dbl", "dbl.spamhaus.org"},
    {"554 5.7.1 refused, see spamhaus.org/sbl/", "sbl.spamhaus.org"},
    {"554 5.7.1 refused, see spamhaus.org/pbl/", "pbl.spamhaus.org"},
    {"554 5.7.1 refused, see spamhaus", "zen.spamhaus.org"},
    {"554 5.7.1 refused, see spamcop", "bl.spamcop.net"},
    {"554 5.7.1 refused, see barracudacentral", "b.barracudacentral.org"},
    {"554 5.7.1 refused, see barracudanetworks.com/reputation", "b.barracudacentral.org"},
    {"554 5.7.1 refused, see barracuda reputation", "b.barracudacentral.org"},
    {"554 5.7.1 refused, see dnsbl-1.uceprotect.net and dnsbl-2.uceprotect.net", "dnsbl-1.uceprotect.net"},
    {"554 5.7.1 refused, see dnsbl-2.uceprotect.net", "dnsbl-2.uceprotect.net"},
    {"554 5.7.1 refused, see dnsbl-3.uceprotect.net", "dnsbl-3.uceprotect.net"},
    {"554 5.7.1 refused, see uceprotect level 2", "dnsbl-2.uceprotect.net"},
    {"554 5.7.1 refused, see uceprotect-level2", "dnsbl-2.uceprotect.net"},
    {"554 5.7.1 refused, see uceprotect level 3", "dnsbl-3.uceprotect.net"},
    {"554 5.7.1 refused, see uceprotect-level3", "dnsbl-3.uceprotect.net"},
    {"554 5.7.1 refused, see uceprotect", "dnsbl-1.uceprotect.net"},
    {"554 5.7.1 refused, see dnsbl.manitu.net", "ix.dnsbl.manitu.net"},
    {"554 5.7.1 refused, see nixspam", "ix.dnsbl.manitu.net"},
    {"554 5.7.1 refused, see nix spam", "ix.dnsbl.manitu.net"},
    {"554 5.7.1 refused, see dul.dnsbl.sorbs.net", "dul.dnsbl.sorbs.net"},
    {"554 5.7.1 refused, see spam.dnsbl.sorbs.net", "spam.dnsbl.sorbs.net"},
    {"554 5.7.1 refused, see sorbs", "dnsbl.sorbs.net"},
    {"554 5.7.1 refused, see psbl.surriel.com", "psbl.surriel.com"},
    {"554 5.7.1 refused, see psbl.org", "psbl.surriel.com"},
    {"554 5.7.1 refused, see passive spam block list", "psbl.surriel.com"},
    {"554 5.7.1 refused, see sip24.invaluement", "sip24.invaluement.com"},
    {"554 5.7.1 refused, see ivmsip24", "sip24.invaluement.com"},
    {"554 5.7.1 refused, see uri.invaluement", "uri.invaluement.com"},
    {"554 5.7.1 refused, see ivmuri", "uri.invaluement.com"},
    {"554 5.7.1 refused, see invaluement", "sip.invaluement.com"},
    {"554 5.7.1 refused, see ivmsip", "sip.invaluement.com"},
    {"554 5.7.1 refused, see abusix", "combined.mail.abusix.zone"},
    {"554 5.7.1 refused, see dyna.spamrats.com", "dyna.spamrats.com"},
    {"554 5.7.1 refused, see noptr.spamrats.com", "noptr.spamrats.com"},
    {"554 5.7.1 refused, see spam.spamrats.com", "spam.spamrats.com"},
    {"554 5.7.1 refused, see auth.spamrats.com", "auth.spamrats.com"},
    {"554 5.7.1 refused, see spamrats", "all.spamrats.com"},
    {"554 5.7.1 refused, see z.mailspike.net", "z.mailspike.net"},
    {"554 5.7.1 refused, see mailspike", "bl.mailspike.net"},
    {"554 5.7.1 refused, see 0spam", "bl.0spam.org"},
    {"554 5.7.1 refused, see spamrl.com", "spamrl.com"},
    {"554 5.7.1 refused, see hostkarma", "hostkarma.junkemailfilter.com"},
    {"554 5.7.1 refused, see junkemailfilter", "hostkarma.junkemailfilter.com"},
    {"554 5.7.1 refused, see backscatterer.org", "ips.backscatterer.org"},
    {"554 5.7.1 refused, see blocklist.de", "bl.blocklist.de"},
    {"554 5.7.1 refused, see dronebl", "dnsbl.dronebl.org"},
    {"554 5.7.1 refused, see cbl.abuseat.org", "cbl.abuseat.org"},
    {"554 5.7.1 refused, see truncate.gbudb", "truncate.gbudb.net"},
    {"554 5.7.1 refused, see nordspam", "bl.nordspam.com"},
    {"554 5.7.1 refused, see spameatingmonkey", "bl.spameatingmonkey.net"},
    {"554 5.7.1 refused, see s5h.net", "all.s5h.net"},
    {"554 5.7.1 refused, see wpbl.info", "db.wpbl.info"},
    {"554 5.7.1 refused, see imp.ch", "spamrbl.imp.ch"},
    {"554 5.7.1 refused, see anonmails", "spam.dnsbl.anonmails.de"},
    {"554 5.7.1 refused, see justspam.org", "dnsbl.justspam.org"},
    {"554 5.7.1 refused, see zapbl", "dnsbl.zapbl.net"},
    {"554 5.7.1 refused, see rbl.interserver.net", "rbl.interserver.net"},
    {"554 5.7.1 refused, see spfbl.net", "dnsbl.spfbl.net"},
    {"554 5.7.1 refused, see inps.de", "dnsbl.inps.de"},
    {"554 5.7.1 refused, see spamcannibal", "bl.spamcannibal.org"},
    {"554 5.7.1 refused, see abuse.ch", "combined.abuse.ch"},
    {"554 5.7.1 refused, see ahbl.org", "dnsbl.ahbl.org"},
    {"554 5.7.1 refused, see dsbl.org", "list.dsbl.org"},
    {"554 5.7.1 refused, see drbl.", "work.drbl.caravan.ru"},
    {"554 5.7.1 refused, see dan.me.uk", "torexit.dan.me.uk"},
    {"554 5.7.1 refused, see sectoor.de", "torserver.tor.dnsbl.sectoor.de"},
    {"554 5.7.1 refused, see rbl.jp", "virus.rbl.jp"},
    {"554 5.7.1 refused, see swinog.ch", "spamrbl.swinog.ch"},
    {"554 5.7.1 refused, see njabl.org", "dnsbl.njabl.org"},
    {"554 5.7.1 refused, see ordb.org", "relays.ordb.org"},
    {"554 5.7.1 refused, see lashback", "ubl.unsubscore.com"},
    {"554 5.7.1 refused, see uribl.com", "multi.uribl.com"},
    {"554 5.7.1 refused, see surbl", "multi.surbl.org"},
    {"554 5.7.1 refused, see rfc-clueless", "dsn.rfc-clueless.org"},
    {"554 5.7.1 refused, see rfc-ignorant", "dsn.rfc-ignorant.org"},
    {"554 5.7.1 refused, see senderscore", "bl.score.senderscore.com"},
    {"554 5.7.1 refused, see cm-csi", "csi.cloudmark.com"},
    {"554 5.7.1 refused, see csi.cloudmark", "csi.cloudmark.com"},
    {"554 5.7.1 refused, see ipcheck.proofpoint", "prs.proofpoint.com"},
    {"554 5.7.1 refused, see prs.proofpoint", "prs.proofpoint.com"},
    {"554 5.7.1 refused, see proofpoint.com/dnsbl", "prs.proofpoint.com"},
    {"554 5.7.1 refused, see mail-abuse.com", "mail-abuse.com"},
    {"554 5.7.1 refused, see mail-abuse.org", "mail-abuse.com"},
    {"554 5.7.1 refused, see trend micro rbl", "mail-abuse.com"},
    {"554 5.7.1 refused, see trend micro email reputation", "mail-abuse.com"},
    {"554 5.7.1 refused, see ers-rbl", "mail-abuse.com"},
    {"554 5.7.1 refused, see ers-dul", "mail-abuse.com"},
    {"554 5.7.1 refused, see ers-qil", "mail-abuse.com"},
    {"554 5.7.1 refused, see talosintelligence", "talosintelligence.com"},
    {"554 5.7.1 refused, see senderbase", "talosintelligence.com"},
    {"554 5.7.1 refused, see csi.mimecast", "csi.mimecast.org"},
    {"554 5.7.1 refused, see att.net/blocks", "rbl.att.net"},
    {"554 5.7.1 refused, see attrbl", "rbl.att.net"},
    {"554 5.7.1 refused, see (s3140)", "outlook.com"},
    {"554 5.7.1 refused, see (s3150)", "outlook.com"},
};

static void test_examples(void)
{
    g_autoptr(Classifier) classifier = classifier_new(NULL, 0, NULL);
    const struct report report = {0};

    g_assert_cmpuint(G_N_ELEMENTS(examples), ==, blocklist_count);
    for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
        const struct report_recipient recipient = {.kind = REPORT_KIND_BOUNCE, .diagnostic = examples[i].text};
        struct verdict verdict;

        classifier_judge(classifier, &report, &recipient, &verdict);
        if (g_strcmp0(verdict.blocklist, examples[i].list) != 0)
            g_error("%s: %s", examples[i].text, verdict.blocklist ? verdict.blocklist : "no list");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/blocklist/examples", test_examples);
    return g_test_run();
}
