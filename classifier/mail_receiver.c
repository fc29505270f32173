#include "classifier/mail_receiver.h"

#include <glib.h>
#include <libpsl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { HOST_MAX = 255 }; /* octets: RFC 1035 section 2.3.4 */

static const struct mailbox_domain hosts[] = {
    {"10086.cn", "china-mobile"},
    {"139.com", "china-mobile"},
    {"163.com", "netease"},
    {"1and1.co.uk", "ionos"},
    {"1and1.com", "ionos"},
    {"1and1.es", "ionos"},
    {"1and1.fr", "ionos"},
    {"alibaba.com", "aliyun"},
    {"alice.it", "tim"},
    {"aliyun.com", "aliyun"},
    {"amazonaws.com", "amazon"},
    {"antispamcloud.com", "spamexperts"},
    {"antispameurope.com", "hornetsecurity"},
    {"aol.com", "yahoo"},
    {"arcor-online.net", "vodafone-de"},
    {"arsmtp.com", "appriver"},
    {"aruba.it", "aruba"},
    {"au.com", "au"},
    {"barracudanetworks.com", "barracuda"},
    {"bell.net", "bell"},
    {"bellnexxia.net", "bell"},
    {"bigpond.com", "bigpond"},
    {"bluewin.ch", "bluewin"},
    {"bt.com", "bt"},
    {"btinternet.com", "bt"},
    {"centrum.cz", "centrum"},
    {"charter.net", "spectrum"},
    {"comcast.net", "comcast"},
    {"daum.net", "kakao"},
    {"docomo.ne.jp", "docomo"},
    {"emailsrvr.com", "rackspace"},
    {"ezweb.ne.jp", "au"},
    {"fireeyecloud.com", "fireeye"},
    {"free.fr", "free"},
    {"freenet.de", "freenet"},
    {"gandi.net", "gandi"},
    {"gmx.com", "gmx"},
    {"gmx.net", "gmx"},
    {"google.com", "google"},
    {"googlemail.com", "google"},
    {"hanmail.net", "kakao"},
    {"hornetsecurity.com", "hornetsecurity"},
    {"hostedemail.com", "opensrs"},
    {"hostinger.com", "hostinger"},
    {"hotmail.com", "microsoft"},
    {"icloud.com", "apple"},
    {"infomaniak.ch", "infomaniak"},
    {"interia.pl", "interia"},
    {"ionos.co.uk", "ionos"},
    {"ionos.com", "ionos"},
    {"ionos.de", "ionos"},
    {"ionos.es", "ionos"},
    {"ionos.fr", "ionos"},
    {"ionos.it", "ionos"},
    {"iphmx.com", "cisco"},
    {"kakao.com", "kakao"},
    {"kpnmail.nl", "kpn"},
    {"kundenserver.de", "ionos"},
    {"laposte.net", "laposte"},
    {"libero.it", "libero"},
    {"locaweb.com.br", "locaweb"},
    {"mail.com", "gmx"},
    {"mail.ru", "mail.ru"},
    {"mailbox.org", "mailbox.org"},
    {"mailcontrol.com", "forcepoint"},
    {"messagelabs.com", "broadcom"},
    {"messagingengine.com", "fastmail"},
    {"migadu.com", "migadu"},
    {"mimecast.co.za", "mimecast"},
    {"mimecast.com", "mimecast"},
    {"mx.cloudflare.net", "cloudflare"},
    {"mx.microsoft", "microsoft"},
    {"mxhichina.com", "aliyun"},
    {"naver.com", "naver"},
    {"netease.com", "netease"},
    {"o2.pl", "wp"},
    {"office365.us", "microsoft"},
    {"one.com", "one.com"},
    {"onet.pl", "onet"},
    {"orange.fr", "orange"},
    {"outlook.com", "microsoft"},
    {"ovh.net", "ovh"},
    {"partner.outlook.cn", "microsoft-china"},
    {"perfora.net", "ionos"},
    {"posteo.de", "posteo"},
    {"ppe-hosted.com", "proofpoint"},
    {"pphosted.com", "proofpoint"},
    {"privateemail.com", "namecheap"},
    {"prodigy.net", "att"},
    {"protonmail.ch", "proton"},
    {"proxad.net", "free"},
    {"proximus.be", "proximus"},
    {"qq.com", "qq"},
    {"rambler.ru", "rambler"},
    {"rediff.com", "rediff"},
    {"reflexion.net", "sophos"},
    {"retarus.com", "retarus"},
    {"rr.com", "spectrum"},
    {"rzone.de", "strato"},
    {"secureserver.net", "godaddy"},
    {"seznam.cz", "seznam"},
    {"sfr.fr", "sfr"},
    {"shaw.ca", "shaw"},
    {"sina.com.cn", "sina"},
    {"sinamail.com.cn", "sina"},
    {"softbank.jp", "softbank"},
    {"softbank.ne.jp", "softbank"},
    {"sohu.com", "sohu"},
    {"sophos.com", "sophos"},
    {"t-online.de", "t-online"},
    {"talktalk.net", "talktalk"},
    {"telenet-ops.be", "telenet"},
    {"telstra.com", "bigpond"},
    {"terra.com", "terra"},
    {"tim.it", "tim"},
    {"tin.it", "tim"},
    {"tiscali.it", "tiscali"},
    {"trendmicro.com", "trendmicro"},
    {"trendmicro.eu", "trendmicro"},
    {"tutanota.de", "tuta"},
    {"twc.com", "spectrum"},
    {"ukr.net", "ukr.net"},
    {"uol.com.br", "uol"},
    {"videotron.ca", "videotron"},
    {"virgilio.it", "libero"},
    {"virginmedia.com", "virgin-media"},
    {"vodafonemail.de", "vodafone-de"},
    {"wanadoo.fr", "orange"},
    {"web.de", "gmx"},
    {"worksmobile.com", "naver"},
    {"wp.pl", "wp"},
    {"yahoo.co.jp", "yahoo-japan"},
    {"yahoo.com", "yahoo"},
    {"yahoodns.net", "yahoo"},
    {"yandex.net", "yandex"},
    {"yandex.ru", "yandex"},
    {"ziggo.nl", "ziggo"},
    {"zoho.com", "zoho"},
    {"zoho.com.au", "zoho"},
    {"zoho.eu", "zoho"},
    {"zoho.in", "zoho"},
    {"zoho.jp", "zoho"},
    {"zohomail.com", "zoho"},
};

const struct mailbox_domain *mail_receiver_hosts(size_t *n)
{
    *n = G_N_ELEMENTS(hosts);
    return hosts;
}

static int compare(const void *domain, const void *row)
{
    return strcmp(domain, ((const struct mailbox_domain *)row)->domain);
}

/* Of the domain itself, or else of the nearest one above it. */
static const char *find(const struct mailbox_domain *rows, size_t n, const char *domain)
{
    for (const char *at = domain; at != NULL; at = strchr(at, '.')) {
        at += *at == '.';
        const struct mailbox_domain *row = bsearch(at, rows, n, sizeof *rows, compare);
        if (row != NULL)
            return row->provider;
    }
    return NULL;
}

/* `own` is the organisation's domain, NULL if there is none. */
static const char *find_domain(const char *domain, const char *own)
{
    size_t n;
    const struct mailbox_domain *rows = mailbox_domains(&n);
    const char *name = find(rows, n, domain);

    if (name != NULL || own == NULL)
        return name;
    g_autofree char *any = g_strdup_printf("%.*s.*", (int)strcspn(own, "."), own);
    return find(rows, n, any);
}

/* "dns; MX.example.org. (192.0.2.1)" is mx.example.org. False if it is too long for a host. */
static bool read_host(const char *text, char host[HOST_MAX + 1])
{
    const char *type = strchr(text, ';');
    size_t n = 0;

    text = type != NULL ? type + 1 : text;
    text += strspn(text, " \t[");
    for (; g_ascii_isalnum(*text) || (*text != '\0' && strchr("-._", *text) != NULL); text++) {
        if (n == HOST_MAX)
            return false;
        host[n++] = g_ascii_tolower(*text);
    }
    n -= n > 0 && host[n - 1] == '.';
    host[n] = '\0';
    return true;
}

static const char *find_host(const char *remote_mta)
{
    char host[HOST_MAX + 1];

    if (remote_mta == NULL || !read_host(remote_mta, host))
        return NULL;
    return find(hosts, G_N_ELEMENTS(hosts), host);
}

const char *mail_receiver_of(const char *recipient, const char *remote_mta)
{
    const char *at = recipient != NULL ? strrchr(recipient, '@') : NULL;

    if (at == NULL || at[1] == '\0')
        return NULL;
    const char *own = at[1] != '[' ? psl_registrable_domain(psl_builtin(), at + 1) : NULL;
    const char *name = find_domain(at + 1, own);
    if (name == NULL)
        name = find_host(remote_mta);
    if (name == NULL)
        name = own;
    return name != NULL ? name : at + 1;
}

bool mail_receiver_is_suffix(const char *domain)
{
    return psl_is_public_suffix2(psl_builtin(), domain, PSL_TYPE_ICANN) != 0;
}

static bool has_provider(const struct mailbox_domain *rows, size_t n, const char *name)
{
    bool has = false;

    for (size_t i = 0; i < n && !has; i++)
        has = strcmp(rows[i].provider, name) == 0;
    return has;
}

bool mail_receiver_may_be(const char *name)
{
    size_t n;
    const struct mailbox_domain *rows = mailbox_domains(&n);

    return strpbrk(name, ".[") != NULL || has_provider(rows, n, name) || has_provider(hosts, G_N_ELEMENTS(hosts), name);
}
