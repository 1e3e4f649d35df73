#include "cli/commands.h"

int main(int argc, char** argv) { return assay::run(argc, argv); }
