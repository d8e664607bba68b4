//! `driftline model`: what was understood of one revision.

use crate::check;
use crate::report::Revision;
use crate::report::model::{Understood, dot, json, links, mermaid, text};
use crate::revision;

use super::args::{Global, ModelArgs};
use super::environment::Environment;
use super::output::{self, Format, Target};
use super::progress::Progress;
use super::{Ended, Failure, settings};

pub fn run(args: &ModelArgs, global: &Global, environment: &Environment) -> Result<Ended, Failure> {
    output::check_targets(&args.output, &[Format::Text, Format::Json, Format::Mermaid, Format::Dot])?;
    let settings = settings::of(global, environment)?;
    let _progress = Progress::start("reading", environment.stderr_is_terminal && !global.quiet);
    let tree = revision::open_one(&settings::folder(global), args.revision.as_deref())?;
    let known = check::understand(&tree, &settings.config(&tree)?);
    let understood = Understood {
        revision: Revision { spec: tree.spec.clone(), commit: tree.commit.clone() },
        model: &known.model,
        sources: &known.sources,
        links: &known.links,
        files: &known.files,
        complete: !known.model.problems.iter().any(|p| p.incomplete),
    };
    let asked =
        if args.output.is_empty() { vec![Target { format: Format::Text, file: None }] } else { args.output.clone() };
    for target in asked {
        let document = match target.format {
            Format::Json => json::render(&understood),
            Format::Mermaid => mermaid::render(&understood),
            Format::Dot => dot::render(&understood),
            Format::Text if args.links => links::render(&understood),
            Format::Text | Format::Markdown | Format::Short => text::render(&understood),
        };
        output::write(target.file.map(|file| settings::path(global, &file)).as_deref(), &document)?;
    }
    Ok(Ended::Done)
}
