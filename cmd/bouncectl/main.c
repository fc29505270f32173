#include "cmd/bouncectl/commands/commands.h"
#include "cmd/bouncectl/program.h"

int main(int argc, char **argv)
{
    (void)argc;
    return program_main(commands, argv);
}
