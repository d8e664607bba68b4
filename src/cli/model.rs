//! `driftline model`: what was understood of one revision.

use crate::report::model::{Understood, dot, json, links, mermaid, text};

use super::args::{Global, ModelArgs};
use super::environment::Environment;
use super::format::Format;
use super::{Ended, Failure, output, reading};

pub fn run(args: &ModelArgs, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    output::check_targets(&args.output, &[Format::Text, Format::Json, Format::Mermaid, Format::Dot])?;
    let (revision, known) = reading::understand(args.revision.as_deref(), global, environment)?;
    let understood = Understood {
        revision,
        model: &known.model,
        sources: &known.sources,
        links: &known.links,
        files: &known.files,
        complete: !known.model.problems.iter().any(|p| p.incomplete),
    };
    output::write_all(&args.output, global, |target| match target.format {
        Format::Json => json::render(&understood),
        Format::Mermaid => mermaid::render(&understood),
        Format::Dot => dot::render(&understood),
        Format::Text if args.links => links::render(&understood),
        _ => text::render(&understood),
    })?;
    Ok(Ended::Done)
}
