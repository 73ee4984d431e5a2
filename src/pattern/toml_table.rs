//! A table of TOML that is read with the place of every mistake. The build script reads the rules
//! of `rules/` through this very file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::said;

/// A mistake in a rule file.
#[derive(Debug)]
pub(super) struct SchemaError {
    /// What is wrong; names the key.
    pub(super) message: String,
    /// What to do.
    pub(super) help: Option<String>,
    /// Bytes of the file.
    pub(super) span: Range<usize>,
}

/// What is looked for, what it is replaced by, and where in the file it stands.
#[derive(Debug)]
pub(super) struct ItemDeclaration {
    pub(super) text: String,
    pub(super) replacement: Option<String>,
    pub(super) span: Range<usize>,
}

/// A table that knows where it stands.
pub(super) struct Reader<'t> {
    table: &'t DeTable<'t>,
    pub(super) span: Range<usize>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(table: &'t DeTable<'t>, span: Range<usize>) -> Self {
        Self { table, span }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table
            .iter()
            .find(|(k, _)| k.get_ref() == key)
            .map(|(_, value)| value)
    }

    pub(super) fn required(&self, key: &str) -> Result<&'t Spanned<DeValue<'t>>, SchemaError> {
        self.get(key).ok_or_else(|| SchemaError {
            message: said!("`{key}` is missing"; "缺少 `{key}`"),
            help: None,
            span: self.span.clone(),
        })
    }

    pub(super) fn known(&self, keys: &[&str]) -> Result<(), SchemaError> {
        for key in self.table.keys() {
            if !keys.contains(&key.get_ref().as_ref()) {
                return Err(SchemaError {
                    message: said!("there is no key `{}`", key.get_ref(); "没有键 `{}`", key.get_ref()),
                    help: Some(nearest(key.get_ref(), keys)),
                    span: key.span(),
                });
            }
        }
        Ok(())
    }

    pub(super) fn text(&self, key: &str) -> Result<(String, Range<usize>), SchemaError> {
        let value = self.required(key)?;
        match value.get_ref() {
            DeValue::String(text) => Ok((text.to_string(), value.span())),
            _ => Err(wrong(key, "a string", value)),
        }
    }

    /// The string of a key that may be missing.
    pub(super) fn optional(&self, key: &str) -> Result<Option<String>, SchemaError> {
        match self.get(key) {
            Some(_) => self.text(key).map(|(text, _)| Some(text)),
            None => Ok(None),
        }
    }

    /// Strings of an array; a missing key is an empty one.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<(String, Range<usize>)>, SchemaError> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let DeValue::Array(list) = value.get_ref() else {
            return Err(wrong(
                key,
                &said!("an array of strings"; "字符串的数组"),
                value,
            ));
        };
        list.iter()
            .map(|item| match item.get_ref() {
                DeValue::String(text) => Ok((text.to_string(), item.span())),
                _ => Err(wrong(
                    key,
                    &said!("an array of strings"; "字符串的数组"),
                    item,
                )),
            })
            .collect()
    }

    pub(super) fn pairs(&self, key: &str) -> Result<Vec<ItemDeclaration>, SchemaError> {
        let value = self.required(key)?;
        let DeValue::Table(table) = value.get_ref() else {
            return Err(wrong(
                key,
                &said!("a table of strings"; "字符串的表"),
                value,
            ));
        };
        table
            .iter()
            .map(|(from, to)| match to.get_ref() {
                DeValue::String(text) => Ok(ItemDeclaration {
                    text: from.get_ref().to_string(),
                    replacement: Some(text.to_string()),
                    span: from.span(),
                }),
                _ => Err(wrong(key, &said!("a table of strings"; "字符串的表"), to)),
            })
            .collect()
    }

    pub(super) fn choice(
        &self,
        key: &str,
        values: &[&'static str],
        usual: Option<&'static str>,
    ) -> Result<&'static str, SchemaError> {
        if let (None, Some(usual)) = (self.get(key), usual) {
            return Ok(usual);
        }
        let (text, span) = self.text(key)?;
        choose(key, &text, values, &span)
    }

    pub(super) fn flag(&self, key: &str, usual: bool) -> Result<bool, SchemaError> {
        match self.get(key).map(|v| (v, v.get_ref())) {
            None => Ok(usual),
            Some((_, DeValue::Boolean(value))) => Ok(*value),
            Some((value, _)) => Err(wrong(key, &said!("true or false"; "true 或 false"), value)),
        }
    }

    pub(super) fn number(&self, key: &str, usual: usize) -> Result<usize, SchemaError> {
        let Some(value) = self.get(key) else {
            return Ok(usual);
        };
        let number = match value.get_ref() {
            DeValue::Integer(n) => usize::from_str_radix(n.as_str(), n.radix()).ok(),
            _ => None,
        };
        number
            .filter(|n| *n > 0)
            .ok_or_else(|| wrong(key, &said!("a positive whole number"; "正整数"), value))
    }
}

pub(super) fn wrong(key: &str, expected: &str, value: &Spanned<DeValue<'_>>) -> SchemaError {
    SchemaError {
        message: said!("`{key}` must be {expected}"; "`{key}` 必须是{expected}"),
        help: None,
        span: value.span(),
    }
}

pub(super) fn choose(
    key: &str,
    text: &str,
    values: &[&'static str],
    span: &Range<usize>,
) -> Result<&'static str, SchemaError> {
    values
        .iter()
        .find(|v| **v == text)
        .copied()
        .ok_or_else(|| SchemaError {
            message: said!("`{key}` cannot be `{text}`"; "`{key}` 不能是 `{text}`"),
            help: Some(nearest(text, values)),
            span: span.clone(),
        })
}

/// “did you mean …?”, or all there are.
pub(super) fn nearest(text: &str, names: &[&str]) -> String {
    names
        .iter()
        .map(|n| (strsim::damerau_levenshtein(n, text), n))
        .min()
        .filter(|(distance, n)| *distance * 2 <= n.len())
        .map_or_else(
            || said!("one of {}", names.join(", "); "可用的有：{}", names.join("、")),
            |(_, n)| said!("did you mean `{n}`?"; "是否想写 `{n}`？"),
        )
}
