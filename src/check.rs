//! The pipeline: two trees and a configuration in, a report out.
