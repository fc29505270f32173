#include "cmd/config/exit_status.h"

#include <sysexits.h>

#include "cmd/config/config_error.h"
#include "store/error.h"

enum { ANY = -1 }; /* code of the domain; such a row is the domain's last */

static const struct {
    GQuark (*domain)(void);
    int code;
    int status;
} statuses[] = {
    {config_error_quark, ANY, EX_CONFIG},
    {store_error_quark, STORE_ERROR_BUSY, EX_TEMPFAIL},
    {store_error_quark, STORE_ERROR_FULL, EX_TEMPFAIL},
    {store_error_quark, STORE_ERROR_READ_ONLY, EX_TEMPFAIL},
    {store_error_quark, STORE_ERROR_NOT_MADE, EX_CANTCREAT},
    {store_error_quark, STORE_ERROR_DENIED, EX_NOPERM},
    {store_error_quark, STORE_ERROR_LOST, EX_NOINPUT},
    {store_error_quark, STORE_ERROR_HELD, EX_UNAVAILABLE},
    {store_error_quark, STORE_ERROR_CORRUPT, EX_DATAERR},
    {store_error_quark, STORE_ERROR_DAMAGED, EX_DATAERR},
    {store_error_quark, STORE_ERROR_VERSION, EX_UNAVAILABLE},
    {store_error_quark, STORE_ERROR_ADDRESS, EX_DATAERR},
    {store_error_quark, STORE_ERROR_DIGEST, EX_USAGE},
    {store_error_quark, STORE_ERROR_AMBIGUOUS, EX_DATAERR},
    {store_error_quark, STORE_ERROR_GONE, EX_UNAVAILABLE},
    {store_error_quark, ANY, EX_IOERR},
    {g_file_error_quark, G_FILE_ERROR_NOENT, EX_NOINPUT},
    {g_file_error_quark, G_FILE_ERROR_NOTDIR, EX_NOINPUT},
    {g_file_error_quark, G_FILE_ERROR_ACCES, EX_NOPERM},
    {g_file_error_quark, G_FILE_ERROR_PERM, EX_NOPERM},
    {g_file_error_quark, ANY, EX_IOERR},
};

int exit_status_of(const GError *error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
        if (error->domain == statuses[i].domain() && (statuses[i].code == ANY || error->code == statuses[i].code))
            return statuses[i].status;
    }
    return EX_SOFTWARE;
}
