//! `view!`: the markup that Leptos' own macro reads, made into text with holes.
//!
//! Leptos gives every shape of markup a type of its own, and the program all the code of that type;
//! here markup is text that the browser reads, and only what fills its holes is code. Deliberately
//! does not know which elements, attributes or events there are.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeBlock, NodeElement};
use rstml::{Infallible, Parser, ParserConfig};
use syn::{Expr, Lit, Stmt};

/// Elements that have no end in HTML.
const VOID: [&str; 5] = ["br", "col", "hr", "img", "input"];

/// Makes markup into a `View`.
///
/// `name=value` is an attribute, `prop:name=value` a property of the element in the page,
/// `on:event=handler` a listener, `held=slot` hands the element out. A value or a child that is a
/// closure is drawn anew when what it reads changes; `words::t` of a fixed key costs no code at all.
#[proc_macro]
pub fn view(markup: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let (nodes, errors) = Parser::new(ParserConfig::default()).parse_recoverable(markup).split_vec();
    let errors = errors.into_iter().map(|error| error.emit_as_expr_tokens());
    let pieces = nodes.iter().map(piece).collect::<Vec<_>>();
    let drawn = match pieces.as_slice() {
        [one] => quote!(#one),
        _ => quote!(crate::view::View::Many(vec![#(#pieces),*])),
    };
    quote!({ #(#errors;)* #drawn }).into()
}

/// Markup as far as it has been read.
#[derive(Default)]
struct Sheet {
    text: String,
    /// What fills the holes, in the order of the text.
    holes: Vec<TokenStream>,
}

/// One outermost piece: elements are a sheet each, anything else stands for itself.
fn piece(node: &Node<Infallible>) -> TokenStream {
    let Node::Element(found) = node else {
        let value = value(node);
        return quote!(crate::view::Draw::draw(#value));
    };
    let mut sheet = Sheet::default();
    sheet.element(found);
    let (text, holes) = (sheet.text, sheet.holes);
    quote!(crate::view::sheet(#text, vec![#(#holes),*]))
}

impl Sheet {
    fn element(&mut self, element: &NodeElement<Infallible>) {
        let tag = element.name().to_string();
        self.text.push('<');
        self.text.push_str(&tag);
        let mut names = Vec::new();
        for attribute in element.attributes() {
            match attribute {
                NodeAttribute::Attribute(keyed) => self.attribute(keyed, &mut names),
                NodeAttribute::Block(block) => self.holes.push(refused(block, "an attribute has a name")),
            }
        }
        if !names.is_empty() {
            // Which holes the element has, for the screen to find; it takes the attribute away.
            self.text.push_str(&format!(" h=\"{}\"", names.join(" ")));
        }
        self.text.push('>');
        if VOID.contains(&tag.as_str()) {
            return;
        }
        for child in &element.children {
            match child {
                Node::Element(element) => self.element(element),
                Node::Text(text) => self.words(&text.value_string()),
                other => {
                    if let Some(key) = message(other) {
                        self.text.push_str(&format!("<!--{key}-->"));
                        continue;
                    }
                    self.text.push_str("<!---->");
                    let value = value(other);
                    self.holes.push(quote!(crate::view::Hole::Put(crate::view::Draw::draw(#value))));
                }
            }
        }
        self.text.push_str(&format!("</{tag}>"));
    }

    fn attribute(&mut self, attribute: &KeyedAttribute, names: &mut Vec<String>) {
        let key = attribute.key.to_string();
        let fixed = match attribute.value() {
            None => Some(String::new()),
            Some(_) => attribute.value_literal_string(),
        };
        match (fixed, attribute.value(), key.split_once(':')) {
            (Some(text), _, None) => {
                self.text.push_str(&format!(" {key}=\""));
                self.words(&text);
                self.text.push('"');
            }
            (_, Some(value), Some(("on", event))) => {
                names.push(format!("@{event}"));
                self.holes.push(quote!(crate::view::hear(#value)));
            }
            (_, Some(value), Some(("prop", property))) => {
                names.push(format!(".{property}"));
                self.holes.push(quote!(crate::view::Hole::Say(crate::view::Say::say(#value))));
            }
            (_, Some(value), None) if key == "held" => {
                names.push("*".to_owned());
                self.holes.push(quote!(crate::view::Hole::Hold(#value)));
            }
            (_, Some(value), None) => {
                if let Some(message) = message_key(value) {
                    names.push(format!("{key}={message}"));
                    return;
                }
                names.push(key);
                self.holes.push(quote!(crate::view::Hole::Say(crate::view::Say::say(#value))));
            }
            _ => self.holes.push(refused(attribute, "on: and prop: are the only prefixes, and need a value")),
        }
    }

    fn words(&mut self, words: &str) {
        for one in words.chars() {
            match one {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '"' => self.text.push_str("&quot;"),
                one => self.text.push(one),
            }
        }
    }
}

/// The key of a message, where a child is nothing but `words::t` of one: the screen puts its words there.
fn message(node: &Node<Infallible>) -> Option<String> {
    match node {
        Node::Block(NodeBlock::ValidBlock(block)) => match block.stmts.as_slice() {
            [Stmt::Expr(value, None)] => message_key(value),
            _ => None,
        },
        _ => None,
    }
}

fn message_key(value: &Expr) -> Option<String> {
    let Expr::Call(call) = value else { return None };
    let is_words = call.func.to_token_stream().to_string().replace(' ', "") == "words::t";
    match call.args.first() {
        Some(Expr::Lit(key)) if is_words => match &key.lit {
            Lit::Str(key) => Some(key.value()),
            _ => None,
        },
        _ => None,
    }
}

/// What stands in braces or quotes, as an expression.
fn value(node: &Node<Infallible>) -> TokenStream {
    match node {
        Node::Text(text) => text.value.to_token_stream(),
        Node::Block(NodeBlock::ValidBlock(block)) => match block.stmts.as_slice() {
            // A block of one expression is that expression; the braces belong to the markup.
            [only] => quote!((#only)),
            _ => block.to_token_stream(),
        },
        other => refused(other, "only elements, blocks and quoted text stand in markup"),
    }
}

fn refused(what: &impl ToTokens, why: &str) -> TokenStream {
    let at = what.to_token_stream().into_iter().next().map_or_else(Span::call_site, |token| token.span());
    quote_spanned!(at=> compile_error!(#why))
}
