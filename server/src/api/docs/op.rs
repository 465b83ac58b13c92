//! One operation as its room describes it. What the table of routes knows already (the scope), and
//! what is the same everywhere (most errors, paging), is added in [`super::write`], not written again.

use http::Method;
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ArrayBuilder, ObjectBuilder, Ref, RefOr, Required, Schema, Type, path::ParameterIn,
        schema::SchemaType,
    },
};

/// A schema with its name in the description.
pub type Named = (String, RefOr<Schema>);

/// Operations that are read together.
pub struct Room {
    pub name: &'static str,
    pub about: &'static str,
    pub ops: Vec<Op>,
}

/// A value in the path, the query or a header.
pub struct Param {
    pub name: &'static str,
    pub place: ParameterIn,
    pub required: Required,
    pub about: &'static str,
    pub schema: RefOr<Schema>,
    pub example: Option<Value>,
}

pub struct Taken {
    pub schema: RefOr<Schema>,
    pub example: Value,
    /// Most bytes.
    pub limit: usize,
    /// What else the body may be, beside JSON.
    pub also: Option<&'static str>,
    /// A call without a body is a call with an empty object.
    pub optional: bool,
}

pub struct Given {
    pub status: u16,
    pub about: &'static str,
    /// Content type and schema; nothing for 204.
    pub content: Option<(&'static str, RefOr<Schema>)>,
}

/// A way to fail that is not common to all.
pub struct Fail {
    pub status: u16,
    pub code: &'static str,
    pub when: &'static str,
}

pub struct Op {
    pub method: Method,
    pub path: &'static str,
    pub summary: &'static str,
    pub about: &'static str,
    pub params: Vec<Param>,
    pub taken: Option<Taken>,
    pub given: Given,
    pub fails: Vec<Fail>,
    pub schemas: Vec<Named>,
}

const SENDING: [Fail; 4] = [
    Fail {
        status: 409,
        code: "IDEMPOTENCY_KEY_REUSED",
        when: "The same Idempotency-Key came with another body within 24 hours",
    },
    Fail {
        status: 409,
        code: "QUEUE_IDS_USED_UP",
        when: "The organization has used all 2,147,483,647 queue numbers",
    },
    Fail {
        status: 422,
        code: "RECIPIENT_NOT_ALLOWED",
        when: "The recipient is not on the allow-list of the settings",
    },
    Fail {
        status: 422,
        code: "MAIN_NUMBER_NOT_SET",
        when: "The recipient is main, and the settings name no main number",
    },
];

impl Op {
    pub fn get(path: &'static str, summary: &'static str) -> Self {
        Self::new(Method::GET, path, summary)
    }

    pub fn post(path: &'static str, summary: &'static str) -> Self {
        Self::new(Method::POST, path, summary)
    }

    pub fn patch(path: &'static str, summary: &'static str) -> Self {
        Self::new(Method::PATCH, path, summary)
    }

    pub fn delete(path: &'static str, summary: &'static str) -> Self {
        Self::new(Method::DELETE, path, summary)
    }

    fn new(method: Method, path: &'static str, summary: &'static str) -> Self {
        Self {
            method,
            path,
            summary,
            about: "",
            params: Vec::new(),
            taken: None,
            given: Given {
                status: 204,
                about: "Done; there is nothing to read",
                content: None,
            },
            fails: Vec::new(),
            schemas: Vec::new(),
        }
    }

    /// What it does beyond its summary: effects, limits, units.
    pub fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// A value in the path. Every name in curly brackets needs one.
    pub fn named(self, name: &'static str, about: &'static str, example: &str) -> Self {
        self.param(
            name,
            ParameterIn::Path,
            about,
            String::schema(),
            Some(example.into()),
        )
    }

    /// A text in the query.
    pub fn query(self, name: &'static str, about: &'static str) -> Self {
        self.param(name, ParameterIn::Query, about, String::schema(), None)
    }

    /// A value of that type in the query.
    pub fn query_of<T: PartialSchema>(self, name: &'static str, about: &'static str) -> Self {
        self.param(name, ParameterIn::Query, about, T::schema(), None)
    }

    /// One of a few words in the query.
    pub fn choice(self, name: &'static str, about: &'static str, words: &[&'static str]) -> Self {
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(words.to_vec()));
        self.param(name, ParameterIn::Query, about, schema.into(), None)
    }

    /// The last value of the query must be there.
    pub fn required(mut self) -> Self {
        if let Some(param) = self.params.last_mut() {
            param.required = Required::True;
        }
        self
    }

    fn param(
        mut self,
        name: &'static str,
        place: ParameterIn,
        about: &'static str,
        schema: RefOr<Schema>,
        example: Option<Value>,
    ) -> Self {
        let required = match place {
            ParameterIn::Path => Required::True,
            _ => Required::False,
        };
        self.params.push(Param {
            name,
            place,
            required,
            about,
            schema,
            example,
        });
        self
    }

    /// A JSON body of at most `limit` bytes, with an example that works as it is.
    pub fn takes<T: ToSchema>(mut self, limit: usize, example: Value) -> Self {
        self.taken = Some(Taken {
            schema: self.refer::<T>(),
            example,
            limit,
            also: None,
            optional: false,
        });
        self
    }

    /// The body may be of another type too.
    pub fn also_takes(mut self, kind: &'static str) -> Self {
        if let Some(taken) = &mut self.taken {
            taken.also = Some(kind);
        }
        self
    }

    /// Like [`Self::takes`], with a schema that is written by hand.
    pub fn takes_object(mut self, limit: usize, schema: ObjectBuilder, example: Value) -> Self {
        self.taken = Some(Taken {
            schema: schema.into(),
            example,
            limit,
            also: None,
            optional: false,
        });
        self
    }

    /// Like [`Self::takes`], and no body at all is an empty object.
    pub fn may_take<T: ToSchema>(mut self, limit: usize, example: Value) -> Self {
        self = self.takes::<T>(limit, example);
        if let Some(taken) = &mut self.taken {
            taken.optional = true;
        }
        self
    }

    /// It queues messages: it may be repeated under an idempotency key, and fails as all such do.
    pub fn sends(mut self) -> Self {
        self.fails.extend(SENDING);
        self.param(
            "Idempotency-Key",
            ParameterIn::Header,
            "1 to 255 printable ASCII characters of your choice. A repeat of the same call under the same \
             key within 24 hours queues nothing and gets the first answer again, with the header \
             Idempotent-Replayed: true.",
            String::schema(),
            None,
        )
    }

    /// 200 with that noun.
    pub fn gives<T: ToSchema>(self, about: &'static str) -> Self {
        self.answers::<T>(200, about)
    }

    /// 201 with that noun.
    pub fn makes<T: ToSchema>(self, about: &'static str) -> Self {
        self.answers::<T>(201, about)
    }

    fn answers<T: ToSchema>(mut self, status: u16, about: &'static str) -> Self {
        let schema = self.refer::<T>();
        self.given = Given {
            status,
            about,
            content: Some(("application/json", schema)),
        };
        self
    }

    /// 200 with a schema that is written by hand.
    pub fn gives_object(mut self, about: &'static str, schema: ObjectBuilder) -> Self {
        self.given = Given {
            status: 200,
            about,
            content: Some(("application/json", schema.into())),
        };
        self
    }

    /// 200 with something that is not JSON.
    pub fn gives_file(mut self, kind: &'static str, about: &'static str) -> Self {
        let schema = ObjectBuilder::new().schema_type(SchemaType::AnyValue);
        self.given = Given {
            status: 200,
            about,
            content: Some((kind, schema.into())),
        };
        self
    }

    /// 200 with a list that always fits on one page.
    pub fn lists<T: ToSchema>(self, about: &'static str) -> Self {
        let mut op = self;
        let list = op.envelope::<T>("Always null: the list fits on one page");
        op.gives_object(about, list)
    }

    /// 200 with a page; takes `limit` and `cursor`.
    pub fn pages<T: ToSchema>(self, about: &'static str) -> Self {
        let mut op = self.paged();
        let total = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .description(Some("How many there are in all, where that number is kept"));
        let page = op.envelope::<T>("Give this back as cursor to read on; null on the last page");
        op.gives_object(about, page.property("total", total))
    }

    /// Takes `limit` and `cursor`.
    pub fn paged(self) -> Self {
        self.limited()
            .query("cursor", "Where to read on: next of the page before")
    }

    /// Takes `limit`.
    pub fn limited(self) -> Self {
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(1_000))
            .default(Some(100.into()));
        self.param(
            "limit",
            ParameterIn::Query,
            "How many rows at most, 1 to 1,000; 100 without it",
            limit.into(),
            None,
        )
    }

    fn envelope<T: ToSchema>(&mut self, next: &'static str) -> ObjectBuilder {
        let row = self.refer::<T>();
        let next = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some(next));
        ObjectBuilder::new()
            .property("data", ArrayBuilder::new().items(row))
            .required("data")
            .property("next", next)
            .required("next")
    }

    /// A way to fail that is its own.
    pub fn fails(mut self, status: u16, code: &'static str, when: &'static str) -> Self {
        self.fails.push(Fail { status, code, when });
        self
    }

    /// Names a type of the description and everything that it is made of.
    pub fn refer<T: ToSchema>(&mut self) -> RefOr<Schema> {
        let name = T::name().into_owned();
        T::schemas(&mut self.schemas);
        self.schemas.push((name.clone(), T::schema()));
        Ref::from_schema_name(name).into()
    }

    /// How addresses and programs name it: `get-v1-queue-id`.
    pub fn id(&self) -> String {
        let mut id = self.method.as_str().to_ascii_lowercase();
        for part in self
            .path
            .trim_start_matches("/api")
            .split(|c: char| !c.is_ascii_alphanumeric())
        {
            if !part.is_empty() {
                id.push('-');
                id.push_str(part);
            }
        }
        id
    }
}
