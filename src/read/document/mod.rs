//! YAML or JSON bytes in, a tree whose every key and value has a span out. Must not know OpenAPI.
