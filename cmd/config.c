#include "cmd/config.h"
