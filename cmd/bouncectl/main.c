#include "cmd/bouncectl/command.h"

int main(int argc, char **argv)
{
    (void)argc;
    return command_main(argv);
}
