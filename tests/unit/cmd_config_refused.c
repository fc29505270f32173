/* Values that the config refuses, with file, line, section, key and what was expected. */
#include "cmd/config/config_error.h"
#include "cmd/config/config_load.h"

#include <string.h>

#include "tests/unit/config_file.h"

static const struct {
    const char *text;
    const char *error; /* after the file's name */
} bad_cases[] = {
    {"[store]\npth = x\n", ":2: [store] pth is not a key of this section; did you mean path?"},
    {"\n[stor]\npath = x\n", ":2: [stor] is not a known section; did you mean [store]?"},
    {"[store x]\n", ":1: [store x] takes no name"},
    {"[listen]\n", ":1: [listen] needs a name after it"},
    {"[storefront]\n", ":1: [storefront] is not a known section; see bounced.conf(5)"},
    {"[store]\npath = a\n\npath = b\n", ":2: [store] path is given twice"},
    {"[store]\npath = a\n[store]\nretention = 1d\n", ":1: [store] is given twice"},
    {"[store]\npath =\n", ":2: [store] path is empty; expected the database's path"},
    {"[store]\nretention = 5 days\n", ":2: [store] retention = \"5 days\" cannot be read; expected a time: a number "
                                      "with s, m, h, d, w or y (0 keeps for good), from 0 to 100y"},
    {"[store]\nretention = -1d\n",
     ":2: [store] retention = \"-1d\" cannot be read; expected a time: a number with s, m, h, d, w or y (0 keeps for "
     "good), from 0 to 100y"},
    {"[server]\nconnections = 0\n",
     ":2: [server] connections = \"0\" is too small; expected a number, from 1 to 100000"},
    {"[server]\nworkers = 100000\n",
     ":2: [server] workers = \"100000\" is too large; expected a number (0 is one a core), from 0 to 256"},
    {"[server]\nmessage-size = 0\n",
     ":2: [server] message-size = \"0\" is too small; expected octets, with K, M or G, from 64K to 1G"},
    {"[server]\nmessage-size = 9999999G\n",
     ":2: [server] message-size = \"9999999G\" is too large; expected octets, with K, M or G, from 64K to 1G"},
    {"[server]\nmessage-size = 1M\nmemory = 1M\n", ":3: [server] memory leaves too little memory; expected [server] "
                                                   "memory to be at least twice [server] message-size"},
    {"[server]\nmessage-size = 200M\n",
     ":2: [server] message-size leaves too little memory; expected [server] memory to be at least twice [server] "
     "message-size"},
    {"[server]\nidle-timeout = 0\n", ":2: [server] idle-timeout = \"0\" is too small; expected a time: a number with "
                                     "s, m, h, d, w or y, from 1s to 1d"},
    {"[server]\nstop-timeout = 99999999999\n",
     ":2: [server] stop-timeout = \"99999999999\" is too large; expected a time: a number with s, m, h, d, w or y, "
     "from 0 to 1h"},
    {"[server]\nmessage-size = 99999999999G\n",
     ":2: [server] message-size = \"99999999999G\" cannot be read; expected octets, with K, M or G, from 64K "
     "to 1G"},
    {"[listen a]\nprotocol = smtp\n", ":1: [listen a] needs the key address"},
    {"[listen a]\naddress = 127.0.0.1:25\n", ":1: [listen a] needs the key protocol"},
    {"[listen a]\nprotocol = SMTP\naddress = x:1\n",
     ":2: [listen a] protocol = \"SMTP\"; expected smtp, lmtp, http, socketmap, policy, tcp-table or readsocket"},
    {"[listen a]\nprotocol = http\naddress = 127.0.0.1:9109\nfail = open\n",
     ":4: [listen a] fail is not for protocol = http"},
    {"[listen a]\nprotocol = http\naddress = 192.0.2.1:80\nserve = api\n",
     ":4: [listen a] serve = api would take tokens in the clear from other machines; expected "
     "tls = required, an address of this machine alone, or insecure = yes"},
    {"[listen a]\nprotocol = smtp\naddress = x:25\nproxy = 192.0.2.1/24\n",
     ":4: [listen a] proxy = \"192.0.2.1/24\" is no network; expected addresses, ADDRESS/BITS or unix, with commas "
     "between them, or none"},
    {"[server]\nconnection-rate = 100\n",
     ":2: [server] connection-rate = \"100\" is no rate; expected N in TIME (1 to 1000000 in 1s to 1d) or none"},
    {"[server]\nmessage-rate = 0 in 1m\n",
     ":2: [server] message-rate = \"0 in 1m\" is no rate; expected N in TIME (1 to 1000000 in 1s to 1d) or none"},
    {"[server]\nmessage-rate = 5 in 2d\n",
     ":2: [server] message-rate = \"5 in 2d\" is no rate; expected N in TIME (1 to 1000000 in 1s to 1d) or none"},
    {"[server]\nrecipients = 5000\n",
     ":2: [server] recipients leaves too few commands for a transaction; expected [server] commands to be more than "
     "[server] recipients"},
    {"[listen a]\nprotocol = smtp\naddress = ::1:25\n",
     ":3: [listen a] address = \"::1:25\": an IPv6 address stands in brackets; expected HOST:PORT, [IPV6]:PORT or "
     "unix:/PATH"},
    {"[listen a]\nprotocol = smtp\naddress = localhost\n",
     ":3: [listen a] address = \"localhost\" has no port; expected HOST:PORT, [IPV6]:PORT or unix:/PATH"},
    {"[listen a]\nprotocol = smtp\naddress = unix:rel\n",
     ":3: [listen a] address = \"unix:rel\" is no absolute path; expected HOST:PORT, [IPV6]:PORT or unix:/PATH"},
    {"[return-path a]\nscheme = verp\n", ":1: [return-path a] needs the key domain"},
    {"[return-path a]\ndomain = a@b\n", ":2: [return-path a] domain = \"a@b\"; expected a domain"},
    {"[return-path a]\ndomain = -bad-..x\n", ":2: [return-path a] domain = \"-bad-..x\"; expected a domain"},
    {"[return-path a]\ndomain = bad-.x\n", ":2: [return-path a] domain = \"bad-.x\"; expected a domain"},
    {"[return-path a]\ndomain = b\nscheme = signed\n",
     ":1: [return-path a] has scheme = signed and needs the key key-file"},
    {"[return-path a]\ndomain = b\nunproven = sent\n",
     ":3: [return-path a] unproven = \"sent\" needs a register of sent mail, which bounced does not keep yet; expected "
     "count or suppress"},
    {"[return-path a]\ndomain = b\nunproven = yes\n",
     ":3: [return-path a] unproven = \"yes\"; expected count or suppress"},
    {"[return-path a]\ndomain = b\nseparators = =-\n",
     ":3: [return-path a] separators = \"=-\"; expected +, - or = and then = or +"},
    {"[return-path a]\ndomain = b\nlifetime = 1h\n", ":3: [return-path a] lifetime = \"1h\" is too small; expected a "
                                                     "time: a number with s, m, h, d, w or y, from 1d to "
                                                     "10y"},
    {"[return-path a]\ndomain = b\nscheme = regex\n",
     ":1: [return-path a] needs both scheme = regex and a pattern, or neither"},
    {"[return-path a]\ndomain = b\nscheme = verp\npattern = (?<recipient>.+)\n",
     ":1: [return-path a] needs both scheme = regex and a pattern, or neither"},
    {"[return-path a]\ndomain = b\nscheme = regex\npattern = (?<rcpt>.+)\n",
     ":4: [return-path a] pattern = the group rcpt is none of recipient, domain, stream, campaign, message and tenant"},
    {"[feedback]\naddress = fbl\n", ":2: [feedback] address = \"fbl\"; expected an address"},
    {"[return-path a]\ndomain = b.example\n[return-path c]\nscheme = verp\ndomain = B.example\n",
     ":5: [return-path c] domain = \"b.example\" is the domain of [return-path a] already; expected one of its own"},
    {"[feedback]\nprovider = Yahoo\n", ":1: [feedback] needs one of the keys address and domain, and not both"},
    {"[feedback a]\naddress = a@b.example\ndomain = b.example\n",
     ":1: [feedback a] needs one of the keys address and domain, and not both"},
    {"[return-path a]\ndomain = b.example\n[feedback b]\ndomain = b.example\n",
     ":4: [feedback b] domain = \"b.example\" is the domain of [return-path a] already; expected one of its own"},
    {"[feedback a]\naddress = a@b.example\n[feedback c]\naddress = A@b.example\n",
     ":4: [feedback c] address = \"A@b.example\" is the address of [feedback a] already; expected one of its own"},
    {"[feedback a]\naddress = a@b.example\ntrust = net\n",
     ":3: [feedback a] trust = \"net\" is no domain or address; expected domains or addresses, with commas between "
     "them, or none"},
    {"[feedback a]\naddress = a@b.example\ntrust = @b.example\n",
     ":3: [feedback a] trust = \"@b.example\" is no domain or address; expected domains or addresses, with commas "
     "between them, or none"},
    {"[dns]\nservers = ns.example.com\n", ":2: [dns] servers = \"ns.example.com\" is no address; expected addresses, "
                                          "each perhaps with :PORT, with commas between them"},
    {"[dns]\nservers = 192.0.2.1:99999\n", ":2: [dns] servers = \"192.0.2.1:99999\" is no address; expected "
                                           "addresses, each perhaps with :PORT, with commas between them"},
    {"[wave]\nhold = 1d\n",
     ":2: [wave] hold = \"1d\" is too small; expected a time: a number with s, m, h, d, w or y, from 2d to 1y"},
    {"[dkim]\nverify = maybe\n", ":2: [dkim] verify = \"maybe\"; expected no or yes"},
    {"[listen a]\nprotocol = smtp\naddress = x:25\n[listen b]\naddress = x:25\nprotocol = lmtp\n",
     ":5: [listen b] address = \"x:25\" is the address of [listen a] already; expected one of its own"},
    {"[return-path a]\ndomain = a.example\ntenant = shop\n", ":3: [return-path a] tenant needs stream, too"},
    {"[return-path a]\ndomain = a.example\nstream = news\ntenant = shop\n[return-path b]\ndomain = b.example\n"
     "stream = news\ntenant = bank\n",
     ":8: [return-path b] tenant = \"bank\", but another section says that the stream \"news\" is of \"shop\""},
    {"[policy]\nscope-complaint = tenants\n",
     ":2: [policy] scope-complaint = \"tenants\"; expected all, tenant or stream"},
    {"[policy news]\nmailbox_full = 1\n[return-path a]\ndomain = b.example\nstream = new\n",
     ":1: [policy news] is for a stream that no [return-path] and no [feedback] names"},
    {"[feedback]\naddress = fbl@example.com\nforward = p@example.com\n",
     ":3: [feedback] forward needs a section [smart-host] with an address"},
    {"[return-path a]\ndomain = b\nforward = p@example.com\n",
     ":3: [return-path a] forward needs a section [smart-host] with an address"},
    {"[postmaster]\nforward = p@example.com\n",
     ":2: [postmaster] forward needs a section [smart-host] with an address"},
    {"[return-path a]\ndomain = b.example.com\n[postmaster]\nforward = p@B.example.com\n[smart-host]\n"
     "address = h:25\n",
     ":4: [postmaster] forward is an address whose mail comes here; expected a person's"},
    {"[store]\nbusy-timeout = 31s\n", ":2: [store] busy-timeout = \"31s\" is too large; expected a time: a number with "
                                      "s, m, h, d, w or y, from 0 to 30s"},
    {"[server]\nhostname = mx.example.com\n[postmaster]\nforward = Postmaster@MX.example.com\n[smart-host]\n"
     "address = h:25\n",
     ":4: [postmaster] forward is an address whose mail comes here; expected a person's"},
    {"[feedback]\naddress = fbl@example.com\n[smart-host]\naddress = h:25\nfrom = FBL@example.com\n",
     ":5: [smart-host] from is an address whose mail comes here; expected a person's"},
    {"[smart-host]\n", ":1: [smart-host] needs the key address"},
    {"[smart-host]\naddress = unix:/x\n",
     ":2: [smart-host] address = \"unix:/x\" names no host; expected HOST:PORT or [IPV6]:PORT"},
    {"[smart-host]\naddress = a/b:25\n",
     ":2: [smart-host] address = \"a/b:25\" names no host; expected HOST:PORT or [IPV6]:PORT"},
    {"[smart-host]\naddress = [::x]:25\n",
     ":2: [smart-host] address = \"[::x]:25\" names no host; expected HOST:PORT or [IPV6]:PORT"},
    {"[smart-host]\naddress = h:25\ntls = maybe\n",
     ":3: [smart-host] tls = \"maybe\"; expected none, opportunistic, required or implicit"},
    {"[smart-host]\naddress = h:25\nuser = u\n", ":3: [smart-host] user needs password-file, too"},
    {"[smart-host]\naddress = h:25\nca-file = /no/such\n",
     ":3: [smart-host] ca-file = /no/such: No such file or directory; expected a readable PEM file"},
    {"[policy]\nmailbox_ful = 1\n",
     ":2: [policy] mailbox_ful is not a key of this section; did you mean mailbox_full?"},
    {"[listn a]\n", ":1: [listn a] is not a known section; did you mean [listen a]?"},
    {"[xyzzy]\n", ":1: [xyzzy] is not a known section; see bounced.conf(5)"},
    {"[server]\nxyzzy = 1\n", ":2: [server] xyzzy is not a key of this section; see bounced.conf(5)"},
    {"[store]\npath = \"/a/b.db\"\n",
     ":2: [store] path = \"/a/b.db\" has quotes that would be a part of it; expected the database's path"},
    {"[listen a]\nprotocol = smtp\naddress = 127.0.0.1:99999\n",
     ":3: [listen a] address = \"127.0.0.1:99999\": 99999 is no port, which is a number up to 65535; expected "
     "HOST:PORT, "
     "[IPV6]:PORT or unix:/PATH"},
    {"[policy]\nblocked = 1\n",
     ":2: [policy] blocked = \"1\", but blocked says nothing about the address itself; expected never"},
    {"[policy]\nmailbox_full = often\n",
     ":2: [policy] mailbox_full = \"often\"; expected \"never\" or a number of failures, from 1 to 10000"},
    {"[policy]\nmailbox_full = 5 in 30\n",
     ":2: [policy] mailbox_full = \"5 in 30\"; expected a time behind \"in\", as 30d (m, h, d, w, y; at most 100y)"},
    {"[policy]\nmailbox_full = 5 in 30d, 90d\n",
     ":2: [policy] mailbox_full = \"5 in 30d, 90d\"; expected \"for TIME\" or \"for good\" behind the comma"},
    {"[policy]\ncomplaint = never\nfeedback = 1\n", ":3: [policy] feedback is given twice"},
    {"[policy]\nopt-out = often\n",
     ":2: [policy] opt-out = \"often\"; expected \"never\" or a number of failures, from 1 to 10000"},
    {"[store]\njust words\n", ":2: \"just words\"; expected [SECTION], KEY = VALUE or # COMMENT"},
    {"[feed a]\nurl = https://x/\n", ":1: [feed a] needs the key type"},
    {"[feed a]\ntype = webhook\n", ":1: [feed a] needs the key url"},
    {"[feed a]\ntype = webhook\nurl = ftp://x/\n", ":3: [feed a] url does not begin with https://"},
    {"[feed a]\ntype = webhook\nurl = http://x/\n",
     ":3: [feed a] url begins with http://, which needs insecure = yes, or on this machine allow-private = yes"},
    {"[feed a]\ntype = webhook\nurl = https://u:p@x/\n",
     ":3: [feed a] url holds \"@\" or a blank; a name is for the key user"},
    {"[feed a]\ntype = webhook\nurl = https://x/\n", ":1: [feed a] needs the key secret-file for format = standard"},
    {"[feed a]\ntype = webhook\nurl = https://x/\nformat = listmonk\nbatch = 2\n",
     ":5: [feed a] batch is for format = standard alone"},
    {"[feed a]\ntype = webhook\nurl = https://x/\nformat = listmonk\nuser = u\n",
     ":5: [feed a] user needs password-file, too"},
    {"[feed a]\ntype = webhook\ntypes = report.bounces\n",
     ":3: [feed a] types = \"report.bounces\"; expected types of events, with commas between them, or all"},
    {"[feed a]\ntype = webhook\nreasons = user_unknown, bad\n",
     ":3: [feed a] reasons = \"bad\"; expected reasons, with commas between them, or all"},
    {"[feed a]\ntype = webhook\nverdicts = firm\n",
     ":3: [feed a] verdicts = \"firm\"; expected verdicts, with commas between them, or all"},
    {"[feed a]\ntype = webhook\nstreams = a,,b\n",
     ":3: [feed a] streams = \"\"; expected names, with commas between them, or all"},
    {"[feed a]\ntype = webhook\nurl = https://x/\nformat = cdb\n", ":4: [feed a] format is one for type = file"},
    {"[feed a]\ntype = webhook\nurl = https://x/\nformat = template\n",
     ":1: [feed a] needs the key template-file for format = template"},
    {"[feed a]\ntype = webhook\nurl = https://x/\nformat = listmonk\ntemplate-file = /x\n",
     ":5: [feed a] template-file is for format = template alone"},
    {"[feed a]\ntype = webhook\nurl = https://x/\nformat = listmonk\ncontent-type = text/plain\n",
     ":5: [feed a] content-type is for format = template alone"},
    {"[feed a]\ntype = webhook\nurl = https://x/\nformat = xml\n",
     ":4: [feed a] format = \"xml\"; expected standard, listmonk, mautic or template, or of a file csv, json, text, "
     "texthash, cdb, lmdb, opensmtpd, rspamd or sqlite"},
    {"[feed a]\ntype = webhook\nurl = https://x/\npath = /x\n", ":4: [feed a] path is not for type = webhook"},
    {"[feed a]\ntype = file\n", ":1: [feed a] needs the key path"},
    {"[feed a]\ntype = file\npath = x\n", ":3: [feed a] path = \"x\"; expected the absolute path of a file"},
    {"[feed a]\ntype = file\npath = /x/\n", ":3: [feed a] path = \"/x/\"; expected the absolute path of a file"},
    {"[feed a]\ntype = file\npath = /x\n", ":1: [feed a] needs the key format"},
    {"[feed a]\ntype = file\npath = /x\nformat = listmonk\n", ":4: [feed a] format is one for type = webhook"},
    {"[feed a]\ntype = file\npath = /x\nformat = cdb\nbatch = 2\n", ":5: [feed a] batch is not for type = file"},
    {"[feed a]\ntype = file\npath = /x\nformat = cdb\nmode = 0666\n",
     ":5: [feed a] mode = \"0666\"; expected 0600, 0640 or 0644"},
    {"[feed a]\ntype = file\npath = /x\nformat = cdb\nstream = s\ntenant = t\n",
     ":6: [feed a] tenant and stream exclude each other"},
    {"[store]\npath = /x\n[feed a]\ntype = file\npath = /x\nformat = cdb\n",
     ":5: [feed a] path is the path of the database"},
    {"[store]\npath = /x\n[feed a]\ntype = file\npath = /x-wal\nformat = cdb\n",
     ":5: [feed a] path is the path of the database"},
    {"[store]\npath = /x\n[feed a]\ntype = file\npath = /x-shm\nformat = cdb\n",
     ":5: [feed a] path is the path of the database"},
    {"[store]\npath = /x\n[feed a]\ntype = file\npath = /x-journal\nformat = cdb\n",
     ":5: [feed a] path is the path of the database"},
    {"[tls]\ncertificate = /c\nkey = /k\n[feed a]\ntype = file\npath = /c\nformat = cdb\n",
     ":6: [feed a] path is the path of [tls] certificate"},
    {"[tls]\ncertificate = /c\nkey = /k\n[feed a]\ntype = file\npath = //d/../k\nformat = cdb\n",
     ":6: [feed a] path is the path of [tls] key"},
    {"[feed a]\ntype = file\npath = /s\nformat = cdb\n[feed b]\ntype = webhook\nurl = https://x/\nsecret-file = /s\n",
     ":3: [feed a] path is the path of [feed b] secret-file"},
    {"[feed a]\ntype = file\npath = /x\nformat = cdb\n[feed b]\ntype = exec\ncommand = /x y\n",
     ":3: [feed a] path is the path of [feed b] command"},
    {"[feed a]\ntype = file\npath = /x\nformat = cdb\n[feed b]\ntype = file\npath = /x\nformat = csv\n",
     ":7: [feed b] path is the path of [feed a] already; expected one of its own"},
    {"[feed a]\ntype = exec\n", ":1: [feed a] needs the key command"},
    {"[feed a]\ntype = exec\ncommand = x y\n",
     ":3: [feed a] command = \"x y\"; expected the absolute path of a program, perhaps with arguments"},
    {"[feed a]\ntype = exec\ncommand = /x \"y\n",
     ":3: [feed a] command = \"/x \"y\"; expected the absolute path of a program, perhaps with arguments"},
    {"[feed a]\ntype = exec\ncommand = /x\nurl = https://x/\n", ":4: [feed a] url is not for type = exec"},
    {"[feed a]\ntype = mail\n", ":1: [feed a] needs the key to"},
    {"[feed a]\ntype = mail\nto = anna@example.org\n", ":3: [feed a] to = \"anna@example.org\"; expected sender"},
    {"[feed a]\ntype = mail\nto = sender\n", ":1: [feed a] needs the key from"},
    {"[feed a]\ntype = mail\nto = sender\nfrom = p@example.com\n", ":1: [feed a] needs the key domains"},
    {"[feed a]\ntype = mail\nto = sender\nfrom = p@example.com\ndomains = example.com\n",
     ":2: [feed a] type = mail needs a section [smart-host] with an address"},
    {"[feed a]\ntype = mail\nto = sender\nfrom = p@example.com\ndomains = example.com\n[smart-host]\naddress = h:25\n"
     "[store]\nkeep-raw = no\n",
     ":2: [feed a] type = mail needs [store] keep-raw = all"},
    {"[feed a]\ntype = mail\nto = sender\nfrom = p@example.com\ndomains = x.example, B.example.com\n[smart-host]\n"
     "address = h:25\n[return-path b]\ndomain = b.example.com\n",
     ":5: [feed a] domains has b.example.com, the mail of which comes here"},
    {"[feed a]\ntype = redis\n", ":1: [feed a] needs the key address"},
    {"[feed a]\ntype = redis\naddress = redis.example.com:6379\n",
     ":3: [feed a] address holds a name; expected an address of IP, or unix:/PATH"},
    {"[feed a]\ntype = redis\naddress = 192.0.2.1:6379\n",
     ":3: [feed a] address is not on this machine, which needs insecure = yes"},
    {"[feed a]\ntype = redis\naddress = [2001:db8::1]:6379\n",
     ":3: [feed a] address is not on this machine, which needs insecure = yes"},
    {"[feed a]\ntype = redis\naddress = 127.0.0.1:6379\nuser = u\n", ":4: [feed a] user needs password-file, too"},
    {"[feed a]\ntype = kafka\n", ":1: [feed a] needs the key brokers"},
    {"[feed a]\ntype = mail\ntypes = report\n", ":3: [feed a] types is not for type = mail"},
    {"path = x\n", ":1: \"path = x\" stands before any section; expected [SECTION], KEY = VALUE or # COMMENT"},
    {"[store]\npath = \xff\n", ":2: [store] path is not UTF-8; expected the database's path"},
    {"[store]\n\xff\n", ":2: \"\xef\xbf\xbd\"; expected [SECTION], KEY = VALUE or # COMMENT"},
};

static void test_refused(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad_cases); i++) {
        g_autofree char *file = write_file(bad_cases[i].text);
        g_autofree char *expected = g_strconcat(file, bad_cases[i].error, NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("row %zu: %s", i, bad_cases[i].text);
        g_assert_null(config_load(file, &error));
        g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
        g_assert_cmpstr(error->message, ==, expected);
        unlink(file);
    }
}

/* Errors that other modules word: the place is ours. */
static void test_refused_place(void)
{
    static const char *const texts[] = {
        "[policy]\nblocked = 3 in 1d\n",                             /* never the recipient's fault */
        "[policy]\nmailbox_full = often\n",                          /* no policy */
        "[return-path a]\nkey-file = /does/not/exist\ndomain = b\n", /* cannot be read */
        "[policy]\nmailbox_full = 5 in 30d for 90d\n",               /* no comma */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *file = write_file(texts[i]);
        g_autofree char *prefix = g_strconcat(file, ":2: [", NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("row %zu: %s", i, texts[i]);
        g_assert_null(config_load(file, &error));
        g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
        g_assert_true(g_str_has_prefix(error->message, prefix));
        g_assert_nonnull(strstr(error->message, "; expected "));
        unlink(file);
    }
}

static void test_missing_file(void)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(config_load("/does/not/exist.conf", &error));
    g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE);
    g_assert_nonnull(strstr(error->message, "/does/not/exist.conf"));
}

/* A file that is no INI file at all says where, too. */
static void test_no_ini(void)
{
    static const struct {
        const char *text;
        const char *place;
    } rows[] = {
        {"this is not a config\n", ":1: "},
        {"a = b\n", ":1: "},
        {"# c\n[store]\npath = /a\n\n  garbage\n", ":5: "},
        {"[store]\n= a\n", ":2: "},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *file = write_file(rows[i].text);
        g_autofree char *prefix = g_strconcat(file, rows[i].place, NULL);
        g_autoptr(GError) error = NULL;

        g_test_message("row %zu", i);
        g_assert_null(config_load(file, &error));
        g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
        g_assert_true(g_str_has_prefix(error->message, prefix));
        unlink(file);
    }
}

/* As after a power cut. */
static void test_nul(void)
{
    g_autofree char *file = write_file("");
    g_autoptr(GError) error = NULL;

    g_assert_true(g_file_set_contents(file, "[server]\nerrors = 3\n\0[store]\n", 28, NULL));
    g_assert_null(config_load(file, &error));
    g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_BAD);
    g_assert_true(g_str_has_suffix(error->message, ": a NUL octet; expected text"));
    unlink(file);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cmd/config/refused", test_refused);
    g_test_add_func("/cmd/config/refused_place", test_refused_place);
    g_test_add_func("/cmd/config/missing_file", test_missing_file);
    g_test_add_func("/cmd/config/no_ini", test_no_ini);
    g_test_add_func("/cmd/config/nul", test_nul);
    return g_test_run();
}
