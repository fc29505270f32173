/* Signatures of Standard Webhooks: the vector of its reference libraries, and what OpenSSL's command line signs of it
 * by the first key of RFC 8032 section 7.1. */
#include "cmd/bounced/out/feeds/webhook_signature.h"

#include <string.h>

#define FIRST "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define FIRST_SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define KEY "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
#define KEY_AND_PUBLIC "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg=="
#define KEY_SIGNATURE "v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw=="

static const struct {
    const char *secrets[3];
    const char *signatures;
    bool good;
} cases[] = {
    {{FIRST}, FIRST_SIGNATURE, true},
    {{FIRST, FIRST}, FIRST_SIGNATURE " " FIRST_SIGNATURE, true},
    {{KEY}, KEY_SIGNATURE, true},
    {{KEY_AND_PUBLIC}, KEY_SIGNATURE, true},
    {{FIRST, KEY}, FIRST_SIGNATURE " " KEY_SIGNATURE, true},
    {{"whsk_AAAA"}, "v1a,", false},
    {{"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, "", false},
    {{"whsec_"}, "v1,", false},
};

static void test_signatures(void)
{
    g_autoptr(GString) body = g_string_new("{\"test\": 2432232314}");

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) secrets = g_ptr_array_new();
        g_autoptr(GString) out = g_string_new(NULL);

        for (size_t j = 0; cases[i].secrets[j] != NULL; j++)
            g_ptr_array_add(secrets, (gpointer)cases[i].secrets[j]);
        bool good = webhook_sign(out, secrets, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body);
        if (good != cases[i].good || strcmp(out->str, cases[i].signatures) != 0)
            g_error("case %zu: %s", i, out->str);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/webhook_signature", test_signatures);
    return g_test_run();
}
