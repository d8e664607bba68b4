//! Findings and configuration in; levels, suppressions, introduced/existing/resolved and the verdict out. Must not know output formats.
