#include "store/relisting.h"

const char *const revision_effect_names[] = {
    [REVISION_APPEARS] = "appears",
    [REVISION_GOES] = "goes",
    [REVISION_CHANGES] = "changes",
    NULL,
};

const char *const reversal_effect_names[] = {
    [REVERSAL_RETURNS] = "returns",
    [REVERSAL_GOES] = "goes",
    [REVERSAL_CHANGES] = "changes",
    [REVERSAL_STAYS] = "stays",
    NULL,
};
