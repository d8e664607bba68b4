//! Parameters of all versions, and the headers of responses, which are parameters without a place.

use std::collections::HashSet;

use crate::model::api::{Header, Parameter, ParameterPlace, ShapeId};
use crate::model::origin::Text;

use super::cursor::Cursor;
use super::reader::Reader;
use super::version::Version;

/// Lists in lists are looked at this deep.
const NESTED_LISTS: usize = 8;

/// What stands in a `parameters` list; in Swagger 2.0 parts of the body stand there too.
#[derive(Debug, Clone)]
pub(super) enum Read {
    Parameter(Box<Parameter>),
    /// The list entry and the parameter it stands for.
    Body(Cursor, Cursor),
    Form(Cursor, Cursor),
}

impl Read {
    /// Two entries of one identity are one parameter; the later list wins.
    pub fn identity(&self) -> (u8, Text) {
        match self {
            Self::Parameter(p) => (p.place as u8, p.name.clone()),
            Self::Body(..) => (u8::MAX, Text::from("")),
            Self::Form(_, form) => {
                (u8::MAX - 1, form.get("name").and_then(|n| n.text().map(Text::from)).unwrap_or_default())
            }
        }
    }
}

/// The spelling of a list in 2.0, and of lists in it: `form of pipeDelimited`.
pub(super) fn collection(parameter: &Cursor, usual: &str) -> (Text, bool) {
    let list = |at: &Cursor| at.get("type").is_some_and(|t| t.text() == Some("array"));
    let style = |at: &Cursor| match at.get("collectionFormat").as_ref().and_then(|f| f.text()).unwrap_or("csv") {
        "ssv" => ("spaceDelimited".to_string(), false),
        "tsv" => ("tabDelimited".to_string(), false),
        "pipes" => ("pipeDelimited".to_string(), false),
        "multi" => ("form".to_string(), true),
        _ => (usual.to_string(), false),
    };
    if !list(parameter) {
        return (usual.into(), usual == "form");
    }
    let (mut text, explode) = style(parameter);
    let mut at = parameter.get("items");
    for _ in 0..NESTED_LISTS {
        let Some(inner) = at.filter(|inner| list(inner)) else { break };
        let (inner_style, _) = style(&inner);
        if inner_style != usual {
            text = format!("{text} of {inner_style}");
        }
        at = inner.get("items");
    }
    (text.into(), explode)
}

impl Reader<'_> {
    /// The `parameters` of a path item or operation.
    pub(super) fn parameters(&mut self, holder: &Cursor) -> Vec<Read> {
        let items = self.list(holder, "parameters");
        let mut reads: Vec<Read> = Vec::with_capacity(items.len());
        let mut known = HashSet::new();
        for item in items {
            let Some(read) = self.parameter(&item) else { continue };
            if !known.insert(read.identity()) {
                self.remark(&item, "this parameter is given twice; the first one counts");
                continue;
            }
            reads.push(read);
        }
        reads
    }

    fn parameter(&mut self, item: &Cursor) -> Option<Read> {
        let parameter = self.follow(item.clone())?;
        if !parameter.is_mapping() {
            self.invalid(item, "a parameter must be a mapping");
            return None;
        }
        let Some(place) = self.words(&parameter, "in") else {
            self.invalid(item, "a parameter without `in` is not read");
            return None;
        };
        if self.version == Version::V20 {
            match &*place {
                "body" => return Some(Read::Body(item.clone(), parameter)),
                "formData" if parameter.has("name") => return Some(Read::Form(item.clone(), parameter)),
                _ => {}
            }
        }
        let Some(name) = self.words(&parameter, "name") else {
            self.invalid(item, "a parameter without `name` is not read");
            return None;
        };
        let place = match &*place {
            "path" => ParameterPlace::Path,
            "query" => ParameterPlace::Query,
            "header" => ParameterPlace::Header,
            "cookie" => ParameterPlace::Cookie,
            "querystring" => ParameterPlace::QueryString,
            other => {
                self.invalid(item, format!("`{other}` is no place of a parameter; `{name}` is not read"));
                return None;
            }
        };
        let (style, explode) = self.style(&parameter, place);
        let (shape, content) = self.held(&parameter);
        Some(Read::Parameter(Box::new(Parameter {
            name,
            place,
            required: self.flag(&parameter, "required"),
            lifecycle: self.lifecycle(&parameter),
            style,
            explode,
            allow_reserved: self.flag(&parameter, "allowReserved"),
            allow_empty: self.flag(&parameter, "allowEmptyValue"),
            content,
            shape,
            origin: item.whole(),
            reference: item.reference().and_then(|r| r.text().map(Into::into)),
            definition: parameter.whole(),
            required_origin: parameter.get("required").map(|r| r.whole()),
        })))
    }

    /// How the value is written, with the defaults of the place filled in.
    fn style(&mut self, parameter: &Cursor, place: ParameterPlace) -> (Text, bool) {
        let usual = match place {
            ParameterPlace::Path | ParameterPlace::Header => "simple",
            ParameterPlace::Query | ParameterPlace::Cookie | ParameterPlace::QueryString => "form",
        };
        if self.version == Version::V20 {
            return collection(parameter, usual);
        }
        let style = self.words(parameter, "style").unwrap_or_else(|| usual.into());
        let explode = match parameter.get("explode") {
            Some(explode) => self.flag_value(&explode),
            None => matches!(&*style, "form" | "cookie"),
        };
        (style, explode)
    }

    /// The shape of a parameter's or header's value, and its media type when it uses `content`.
    fn held(&mut self, holder: &Cursor) -> (ShapeId, Option<Text>) {
        if self.version == Version::V20 {
            return (self.shape(holder), None);
        }
        if let Some(schema) = holder.get("schema") {
            return (self.shape(&schema), None);
        }
        let media = self.content(holder).into_iter().next();
        let name = media.as_ref().map(|media| media.name.clone());
        let shape = media.and_then(|media| media.shape).unwrap_or_else(|| self.add(Default::default()));
        (shape, name)
    }

    /// The headers of a response.
    pub(super) fn headers(&mut self, response: &Cursor) -> Vec<Header> {
        let mut headers = Vec::new();
        for item in self.mapping(response, "headers") {
            let Some(header) = self.follow(item.clone()) else { continue };
            if !header.is_mapping() {
                self.invalid(&item, "a header must be a mapping");
                continue;
            }
            let (shape, content) = self.held(&header);
            let style = match self.version {
                Version::V20 => collection(&header, "simple").0,
                _ => "simple".into(),
            };
            headers.push(Header {
                name: item.name_text(),
                required: self.flag(&header, "required"),
                style,
                explode: self.flag(&header, "explode"),
                content,
                shape,
                origin: item.whole(),
                definition: header.whole(),
                required_origin: header.get("required").map(|r| r.whole()),
            });
        }
        headers
    }
}
