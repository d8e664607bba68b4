//! Command line: arguments in, exit code out. The only module that prints and reads the environment.
