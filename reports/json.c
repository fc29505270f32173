#include "reports/json.h"
