#include "store/relisting.h"

const char *const revision_effect_names[] = {
    [REVISION_APPEARS] = "appears",
    [REVISION_GOES] = "goes",
    [REVISION_CHANGES] = "changes",
    NULL,
};
