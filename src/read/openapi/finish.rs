//! What can be said only when all shapes are read: circles of references, names, what is tainted.

use crate::model::api::ShapeId;
use crate::model::origin::Problem;

use super::reader::Reader;

impl Reader<'_> {
    pub(super) fn finish(&mut self) {
        self.api.files = self.documents.all().map(|doc| doc.file()).collect();
        self.cut_circles();
        self.name_components();
        self.spread_taint();
    }

    /// References that only lead to references and back are no schema: they are cut and reported once per circle.
    fn cut_circles(&mut self) {
        const NEW: u32 = 0;
        let next = |api: &crate::model::api::Api, id: ShapeId| {
            let shape = api.shape(id);
            shape.reference.as_ref().filter(|_| shape.bare).and_then(|r| r.target)
        };
        // The walk that first met each shape.
        let mut walk = vec![NEW; self.api.shapes.len()];
        for start in 0..self.api.shapes.len() {
            let number = u32::try_from(start + 1).unwrap_or(u32::MAX);
            let mut at = Some(ShapeId(number - 1));
            while let Some(id) = at {
                let Some(seen) = walk.get_mut(id.0 as usize) else { break };
                if *seen == number {
                    self.cut(id);
                    break;
                }
                if *seen != NEW {
                    break;
                }
                *seen = number;
                at = next(&self.api, id);
            }
        }
    }

    fn cut(&mut self, id: ShapeId) {
        let Some(shape) = self.api.shapes.get_mut(id.0 as usize) else { return };
        shape.tainted = true;
        let at = shape.at(crate::model::api::Keyword::Reference);
        let Some(reference) = shape.reference.as_mut() else { return };
        reference.target = None;
        let text = reference.text.to_string();
        if let Some(origin) = at {
            let message = format!("the reference `{text}` leads back to itself and never to a schema");
            self.problem(Problem::new("reference-circular", text, origin, message));
        }
    }

    /// A shape is tainted by what it is combined of; what its properties and items hold concerns only those.
    fn spread_taint(&mut self) {
        let shapes = &self.api.shapes;
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); shapes.len()];
        for (at, shape) in shapes.iter().enumerate() {
            let members = [&shape.all_of, &shape.any_of, &shape.one_of].into_iter().flatten().copied();
            let target = shape.reference.as_ref().and_then(|r| r.target);
            let applied = shape.applied.iter().map(|a| a.shape);
            for part in members.chain(shape.not).chain(target).chain(applied) {
                if let Some(users) = users.get_mut(part.0 as usize) {
                    users.push(at);
                }
            }
        }
        let mut open: Vec<usize> = (0..shapes.len()).filter(|at| shapes.get(*at).is_some_and(|s| s.tainted)).collect();
        while let Some(part) = open.pop() {
            for user in users.get(part).into_iter().flatten() {
                if let Some(shape) = self.api.shapes.get_mut(*user).filter(|s| !s.tainted) {
                    shape.tainted = true;
                    open.push(*user);
                }
            }
        }
    }
}
