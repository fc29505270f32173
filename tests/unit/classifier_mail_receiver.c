/* Receivers: each provider by all of its domains and hosts, and below them; others by their organisations' domains. */
#include "classifier/mail_receiver.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static const struct {
    const char *name, *domains, *hosts; /* blanks between them */
} providers[] = {
    {"google", "gmail.com googlemail.com", "google.com googlemail.com"},
    {"microsoft",
     "outlook.com live.com msn.com live.co.uk live.fr live.de live.it live.nl live.be live.ca live.se live.no live.dk "
     "live.com.mx live.com.ar live.com.pt live.com.au live.cn live.jp live.ie live.at outlook.fr outlook.de outlook.es "
     "outlook.it outlook.pt outlook.jp outlook.com.br outlook.com.ar outlook.be outlook.dk outlook.at outlook.in "
     "outlook.cl outlook.com.au outlook.co.id outlook.ie outlook.kr outlook.sa windowslive.com passport.com hotmail.*",
     "outlook.com hotmail.com mx.microsoft office365.us"},
    {"microsoft-china", "", "partner.outlook.cn"},
    {"yahoo",
     "ymail.com rocketmail.com myyahoo.com aol.com aim.com aol.co.uk aol.de aol.fr aol.it aol.es netscape.net "
     "compuserve.com verizon.net wow.com love.com ygm.com games.com frontier.com frontiernet.net rogers.com sky.com "
     "cox.net yahoo.*",
     "yahoodns.net yahoo.com aol.com"},
    {"att",
     "att.net sbcglobal.net bellsouth.net ameritech.net pacbell.net swbell.net snet.net flash.net nvbell.net "
     "prodigy.net wans.net currently.com",
     "prodigy.net"},
    {"apple", "icloud.com me.com mac.com privaterelay.appleid.com", "icloud.com"},
    {"gmx",
     "gmx.de gmx.net gmx.com gmx.at gmx.ch gmx.fr gmx.es gmx.co.uk gmx.org gmx.eu gmx.info gmx.biz gmx.us web.de "
     "email.de mail.com caramail.com email.com usa.com myself.com consultant.com europe.com post.com engineer.com "
     "iname.com writeme.com dr.com cheerful.com techie.com asia.com workmail.com accountant.com",
     "gmx.net gmx.com web.de mail.com"},
    {"ionos", "online.de onlinehome.de",
     "kundenserver.de ionos.com ionos.de ionos.co.uk ionos.es ionos.fr ionos.it 1and1.com 1and1.co.uk 1and1.es "
     "1and1.fr perfora.net"},
    {"t-online", "t-online.de magenta.de", "t-online.de"},
    {"freenet", "freenet.de", "freenet.de"},
    {"strato", "", "rzone.de"},
    {"vodafone-de", "arcor.de vodafone.de vodafonemail.de nexgo.de", "vodafonemail.de arcor-online.net"},
    {"orange", "orange.fr wanadoo.fr voila.fr", "orange.fr wanadoo.fr"},
    {"free", "free.fr freesbee.fr libertysurf.fr online.fr aliceadsl.fr infonie.fr worldonline.fr",
     "free.fr proxad.net"},
    {"sfr", "sfr.fr neuf.fr cegetel.net club-internet.fr numericable.fr 9online.fr noos.fr", "sfr.fr"},
    {"laposte", "laposte.net", "laposte.net"},
    {"ovh", "", "ovh.net"},
    {"gandi", "", "gandi.net"},
    {"infomaniak", "ik.me ikmail.com etik.com", "infomaniak.ch"},
    {"libero", "libero.it virgilio.it inwind.it iol.it blu.it giallo.it", "libero.it virgilio.it"},
    {"tim", "tim.it tin.it alice.it", "tim.it tin.it alice.it"},
    {"tiscali", "tiscali.it", "tiscali.it"},
    {"aruba", "aruba.it technet.it", "aruba.it"},
    {"bluewin", "bluewin.ch", "bluewin.ch"},
    {"telenet", "telenet.be pandora.be", "telenet-ops.be"},
    {"proximus", "skynet.be proximus.be belgacom.net", "proximus.be"},
    {"ziggo", "ziggo.nl upcmail.nl home.nl casema.nl chello.nl quicknet.nl multiweb.nl tele2.nl hahah.nl zinders.nl",
     "ziggo.nl"},
    {"kpn", "kpnmail.nl kpnplanet.nl planet.nl hetnet.nl kpn.nl xs4all.nl freeler.nl telfort.nl", "kpnmail.nl"},
    {"bt", "btinternet.com btopenworld.com talk21.com", "btinternet.com bt.com"},
    {"virgin-media", "virginmedia.com ntlworld.com blueyonder.co.uk virgin.net", "virginmedia.com"},
    {"talktalk", "talktalk.net tiscali.co.uk lineone.net talktalkbusiness.net", "talktalk.net"},
    {"seznam", "seznam.cz email.cz post.cz spoluzaci.cz", "seznam.cz"},
    {"centrum", "centrum.cz atlas.cz centrum.sk", "centrum.cz"},
    {"wp", "wp.pl o2.pl go2.pl tlen.pl prokonto.pl", "wp.pl o2.pl"},
    {"onet", "onet.pl op.pl vp.pl onet.eu onet.com.pl poczta.onet.pl autograf.pl buziaczek.pl amorki.pl", "onet.pl"},
    {"interia", "interia.pl interia.eu interia.com poczta.fm intmail.pl", "interia.pl"},
    {"mail.ru", "mail.ru bk.ru inbox.ru list.ru internet.ru xmail.ru", "mail.ru"},
    {"yandex",
     "yandex.ru yandex.com ya.ru yandex.by yandex.kz yandex.ua yandex.uz yandex.com.tr yandex.com.am narod.ru",
     "yandex.ru yandex.net"},
    {"rambler", "rambler.ru lenta.ru autorambler.ru myrambler.ru ro.ru rambler.ua", "rambler.ru"},
    {"ukr.net", "ukr.net", "ukr.net"},
    {"qq", "qq.com foxmail.com", "qq.com"},
    {"netease", "163.com 126.com yeah.net 188.com netease.com 163.net", "netease.com 163.com"},
    {"sina", "sina.com sina.cn sina.com.cn", "sina.com.cn sinamail.com.cn"},
    {"sohu", "sohu.com", "sohu.com"},
    {"aliyun", "aliyun.com", "mxhichina.com aliyun.com alibaba.com"},
    {"china-mobile", "139.com", "139.com 10086.cn"},
    {"naver", "naver.com", "naver.com worksmobile.com"},
    {"kakao", "daum.net hanmail.net kakao.com", "daum.net hanmail.net kakao.com"},
    {"yahoo-japan", "yahoo.co.jp ymail.ne.jp", "yahoo.co.jp"},
    {"docomo", "docomo.ne.jp", "docomo.ne.jp"},
    {"au", "ezweb.ne.jp au.com", "au.com ezweb.ne.jp"},
    {"softbank", "softbank.ne.jp i.softbank.jp softbank.jp disney.ne.jp vodafone.ne.jp", "softbank.ne.jp softbank.jp"},
    {"rediff", "rediffmail.com rediff.com", "rediff.com"},
    {"comcast", "comcast.net xfinity.com", "comcast.net"},
    {"spectrum", "charter.net spectrum.net twc.com rr.com roadrunner.com brighthouse.com",
     "charter.net twc.com rr.com"},
    {"bell", "bell.net sympatico.ca", "bellnexxia.net bell.net"},
    {"shaw", "shaw.ca", "shaw.ca"},
    {"videotron", "videotron.ca videotron.qc.ca", "videotron.ca"},
    {"bigpond", "bigpond.com bigpond.net.au telstra.com", "bigpond.com telstra.com"},
    {"uol", "uol.com.br bol.com.br", "uol.com.br"},
    {"terra", "terra.com.br terra.com", "terra.com"},
    {"locaweb", "", "locaweb.com.br"},
    {"proton", "proton.me protonmail.com protonmail.ch pm.me", "protonmail.ch"},
    {"tuta", "tuta.com tuta.io tutanota.com tutanota.de tutamail.com keemail.me", "tutanota.de"},
    {"zoho", "zoho.com zoho.eu zoho.in zohomail.com zohomail.eu zohomail.in zohocorp.com",
     "zoho.com zoho.eu zoho.in zoho.com.au zoho.jp zohomail.com"},
    {"fastmail", "fastmail.com fastmail.fm fastmail.net fastmail.org sent.com messagingengine.com",
     "messagingengine.com"},
    {"mailbox.org", "mailbox.org", "mailbox.org"},
    {"posteo", "posteo.de posteo.net posteo.org posteo.eu posteo.at posteo.ch", "posteo.de"},
    {"migadu", "", "migadu.com"},
    {"godaddy", "", "secureserver.net"},
    {"rackspace", "", "emailsrvr.com"},
    {"opensrs", "", "hostedemail.com"},
    {"namecheap", "", "privateemail.com"},
    {"hostinger", "", "hostinger.com"},
    {"one.com", "", "one.com"},
    {"amazon", "", "amazonaws.com"},
    {"cloudflare", "", "mx.cloudflare.net"},
    {"mimecast", "", "mimecast.com mimecast.co.za"},
    {"proofpoint", "", "pphosted.com ppe-hosted.com"},
    {"barracuda", "", "barracudanetworks.com"},
    {"cisco", "", "iphmx.com"},
    {"broadcom", "", "messagelabs.com"},
    {"trendmicro", "", "trendmicro.com trendmicro.eu"},
    {"forcepoint", "", "mailcontrol.com"},
    {"sophos", "", "sophos.com reflexion.net"},
    {"hornetsecurity", "", "hornetsecurity.com antispameurope.com"},
    {"spamexperts", "", "antispamcloud.com"},
    {"retarus", "", "retarus.com"},
    {"appriver", "", "arsmtp.com"},
    {"fireeye", "", "fireeyecloud.com"},
};

static const struct {
    const char *recipient, *remote_mta, *receiver;
} cases[] = {
    {NULL, NULL, NULL},
    {"postmaster", NULL, NULL},
    {"ann@", "gmail-smtp-in.l.google.com", NULL},
    {"ann@gmail.com", NULL, "google"},
    {"ann@vip.163.com", NULL, "netease"},
    {"ann@notgmail.com", NULL, "notgmail.com"},
    /* its own domain is whose it is, whatever stands before it */
    {"ann@gmail.com", "mx1.hotmail.com", "google"},
    {"ann@example.org", "aspmx.l.google.com", "google"},
    {"ann@example.org", "dns; ASPMX.L.Google.COM. (192.0.2.1)", "google"},
    {"ann@example.org", "example-org.mail.protection.outlook.com", "microsoft"},
    {"ann@example.org", "google.com", "google"},
    {"ann@example.org", "notgoogle.com", "example.org"},
    {"ann@example.org", "google.com.example.net", "example.org"},
    {"ann@example.org", "relay.example.net", "example.org"},
    {"ann@example.org", "[192.0.2.1]", "example.org"},
    {"ann@example.org", "", "example.org"},
    {"ann@mail.shop.example.co.uk", NULL, "example.co.uk"},
    {"ann@example.co.uk", NULL, "example.co.uk"},
    {"ann@yahoo.co.nz", NULL, "yahoo"},
    {"ann@mail.hotmail.com.br", NULL, "microsoft"},
    {"ann@yahoo.co.jp", NULL, "yahoo-japan"},
    {"ann@yahoo.example.org", NULL, "example.org"},
    {"ann@*", NULL, "*"},
    {"ann@co.uk", NULL, "co.uk"},
    {"ann@localhost", NULL, "localhost"},
    {"ann@[192.0.2.1]", NULL, "[192.0.2.1]"},
    {"ann@xn--bcher-kva.example", NULL, "xn--bcher-kva.example"},
    {"\"ann@gmail.com\"@example.org", NULL, "example.org"},
    {"ann@a..gmail.com", NULL, "google"},
    {"ann@.", NULL, "."},
};

static void test_cases(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *receiver = mail_receiver_of(cases[i].recipient, cases[i].remote_mta);

        if (g_strcmp0(receiver, cases[i].receiver) != 0)
            g_error("%s at %s: %s, not %s", cases[i].recipient, cases[i].remote_mta, receiver, cases[i].receiver);
    }
}

static void test_long_host(void)
{
    g_autofree char *labels = g_strnfill(1000, 'x');
    g_autofree char *host = g_strconcat(labels, ".google.com", NULL);

    g_assert_cmpstr(mail_receiver_of("ann@example.org", host), ==, "example.org");
}

/* Each word of `words` is of this provider. */
static guint check_words(const char *words, const char *name, bool host)
{
    g_auto(GStrv) all = g_strsplit(words, " ", -1);

    for (char **word = all; *word != NULL; word++) {
        g_autofree char *some = g_str_has_suffix(*word, ".*") ? g_strndup(*word, strlen(*word) - 1) : NULL;
        g_autofree char *domain = some != NULL ? g_strconcat(some, "fr", NULL) : g_strdup(*word);
        g_autofree char *recipient = g_strconcat("ann@", host ? "example.org" : domain, NULL);
        g_autofree char *below = g_strconcat("mx.", domain, NULL);

        g_assert_cmpstr(mail_receiver_of(recipient, host ? domain : NULL), ==, name);
        g_assert_cmpstr(mail_receiver_of(recipient, host ? below : NULL), ==, name);
    }
    return g_strv_length(all);
}

static void check_sorted(const struct mailbox_domain *rows, size_t n)
{
    for (size_t i = 1; i < n; i++)
        g_assert_cmpstr(rows[i - 1].domain, <, rows[i].domain);
}

static void test_tables(void)
{
    size_t n_domains, n_hosts, domains = 0, hosts = 0;
    const struct mailbox_domain *all_domains = mailbox_domains(&n_domains), *all_hosts = mail_receiver_hosts(&n_hosts);

    check_sorted(all_domains, n_domains);
    check_sorted(all_hosts, n_hosts);
    for (size_t i = 0; i < G_N_ELEMENTS(providers); i++) {
        domains += check_words(providers[i].domains, providers[i].name, false);
        hosts += check_words(providers[i].hosts, providers[i].name, true);
    }
    g_assert_cmpuint(domains, ==, n_domains);
    g_assert_cmpuint(hosts, ==, n_hosts);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail-receiver/cases", test_cases);
    g_test_add_func("/mail-receiver/long-host", test_long_host);
    g_test_add_func("/mail-receiver/tables", test_tables);
    return g_test_run();
}
