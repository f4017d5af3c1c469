//! The one error of Kring: what is said to the caller, apart from what is logged.
//!
//! A rule that says no names a [`Code`]; the table below gives it a status, and `texts/*/errors.ftl` a plain
//! sentence in Dutch and English (a test finds missing ones). Causes go to the log and never to the caller.

use diesel::result::Error as DieselError;
use kring_db::TxError;

use crate::web::Refused;

/// What every fallible function of Kring returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request could not be done.
#[derive(Debug)]
pub enum Error {
    /// What was sent is not valid: every fault at once.
    Invalid(Vec<FieldError>),
    /// A rule says no; the code says which and its sentence what helps.
    Rule(Code),
    /// A document or setting changed since it was read; its present ETag.
    Stale(String),
    /// The same for a text: what was sent is kept, and told with what stands there now.
    Refused(Box<Refused>),
    /// There is one already; the path under `/v1` where.
    There(Code, String),
    /// Too often; seconds to wait.
    TooMany(u64),
    /// The database or another part is not there now. The cause is for the log.
    Unavailable(anyhow::Error),
    /// A fault of Kring's own. The cause is for the log.
    Internal(anyhow::Error),
}

/// One fault in one field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, or `?name` for a query parameter.
    pub pointer: String,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a value: a code of `texts/*/errors.ftl` (`fault-…`) and what its sentence needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
    /// Which element of a list is meant, from 0.
    pub item: Option<usize>,
}

impl Fault {
    pub fn new(code: &'static str) -> Self {
        Self { code, args: Vec::new(), item: None }
    }

    /// Adds what the sentence needs to know.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// This fault at `pointer`, as the whole error.
    pub fn at(self, pointer: impl Into<String>) -> Error {
        Error::Invalid(vec![FieldError { pointer: pointer.into(), fault: self }])
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $status:literal;)+) => {
        /// Every rule that can say no. The word is part of the API: clients match on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $variant),+ }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The HTTP status.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }
        }
    };
}

codes! {
    /// JSON that cannot be read at all.
    MalformedBody = "malformed_body", 400;
    SignInRequired = "sign_in_required", 401;
    TokenExpired = "token_expired", 401;
    TokenInvalid = "token_invalid", 401;
    WrongCredentials = "wrong_credentials", 401;
    RefreshTokenInvalid = "refresh_token_invalid", 401;
    EmailUnverified = "email_unverified", 403;
    AwaitingApproval = "awaiting_approval", 403;
    RegistrationClosed = "registration_closed", 403;
    AdminOnly = "admin_only", 403;
    WrongPassword = "wrong_password", 403;
    PasswordNeeded = "password_needed", 403;
    MembersOnly = "members_only", 403;
    CoordinatorsOnly = "coordinators_only", 403;
    AuthorOnly = "author_only", 403;
    UploaderOnly = "uploader_only", 403;
    HelperOnly = "helper_only", 403;
    ModeratorsOnly = "moderators_only", 403;
    NetworkArchived = "network_archived", 403;
    InvitationNeeded = "invitation_needed", 403;
    Removed = "removed_from_network", 403;
    ThreadLocked = "thread_locked", 403;
    OwnMembershipOnly = "own_membership_only", 403;
    NotLicensed = "not_licensed", 403;
    SourceHidden = "source_hidden", 403;
    NotExpertByExperience = "not_expert_by_experience", 403;
    NotFound = "not_found", 404;
    ThreadDeleted = "thread_deleted", 404;
    MethodNotAllowed = "method_not_allowed", 405;
    SlugTaken = "slug_taken", 409;
    AlreadyHere = "already_here", 409;
    ImportRunning = "import_running", 409;
    HandleTaken = "handle_taken", 409;
    AlreadyMember = "already_member", 409;
    AlreadyRequested = "already_requested", 409;
    NotWaiting = "not_waiting", 409;
    LastCoordinator = "last_coordinator", 409;
    HasCoordinator = "has_coordinator", 409;
    JoinedLater = "joined_later", 403;
    /// What somebody sent to the home of a document is still on its way.
    AwaitsHome = "awaits_home", 409;
    AlreadyAdopted = "already_adopted", 409;
    NotAdopted = "not_adopted", 404;
    SourceGone = "source_gone", 409;
    LicenceOfSource = "licence_of_source", 409;
    VariantOfVariant = "variant_of_variant", 409;
    VariantTaken = "variant_taken", 409;
    TooDeep = "too_deep", 409;
    TooManyDrafts = "too_many_drafts", 409;
    TooManyJobs = "too_many_jobs", 409;
    TooManyUnused = "too_many_unused_files", 409;
    KeyReused = "idempotency_key_reused", 409;
    LinkUsedUp = "link_used_up", 409;
    TooManyOffers = "too_many_offers", 409;
    OwnOffer = "own_offer", 409;
    AlreadyReported = "already_reported", 409;
    AlreadyAsked = "already_asked", 409;
    TemplateExists = "template_exists", 409;
    TooManyTemplates = "too_many_templates", 409;
    BuiltIn = "built_in", 409;
    /// Nothing is exchanged with another instance.
    NotExchanged = "not_exchanged", 403;
    /// Another instance did not answer.
    NotReached = "not_reached", 409;
    /// The network lives on another instance.
    LivesElsewhere = "lives_elsewhere", 403;
    /// The network lives on this instance.
    LivesHere = "lives_here", 409;
    /// The home of a network answers.
    HomeAnswers = "home_answers", 409;
    /// The home of a network is silent, but not for long enough.
    HomeMayReturn = "home_may_return", 409;
    /// The network that another is to move to does not say that it wants to.
    TargetNotReady = "target_not_ready", 409;
    /// Another server answers, and exchanges nothing by ActivityPub.
    NotFederated = "not_federated", 409;
    /// Another instance does not know of it, or not for others.
    NotThere = "not_there", 404;
    /// What was given to find reads as no address.
    NoAddress = "no_address", 400;
    /// Found elsewhere, and of no network that is known to hold it.
    NoNetwork = "no_network", 404;
    TooLarge = "too_large", 413;
    ImportTooLarge = "import_too_large", 413;
    UnsupportedMediaType = "unsupported_media_type", 415;
    RangeNotSatisfiable = "range_not_satisfiable", 416;
    IfMatchRequired = "if_match_required", 428;
}

impl Error {
    /// The HTTP status and the word for it on the wire.
    pub fn status_and_code(&self) -> (u16, &'static str) {
        match self {
            Self::Invalid(_) => (400, "invalid"),
            Self::Rule(code) => (code.status(), code.as_str()),
            Self::Stale(_) | Self::Refused(_) => (412, "stale"),
            Self::There(code, _) => (code.status(), code.as_str()),
            Self::TooMany(_) => (429, "too_many"),
            Self::Unavailable(_) => (503, "unavailable"),
            Self::Internal(_) => (500, "internal"),
        }
    }

    /// A fault of Kring's own, told in words for the log.
    pub fn internal(what: impl std::fmt::Display) -> Self {
        Self::Internal(anyhow::anyhow!("{what}"))
    }
}

/// There is nothing, or nothing that the caller may know of.
pub const NOT_FOUND: Error = Error::Rule(Code::NotFound);

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::Rule(code)
    }
}

impl From<kring_db::Error> for Error {
    fn from(cause: kring_db::Error) -> Self {
        match cause {
            kring_db::Error::Diesel(cause) => cause.into(),
            kring_db::Error::Pool(_) => Self::Unavailable(cause.into()),
        }
    }
}

impl From<DieselError> for Error {
    // A missing row is `.optional()` where absence is expected; here it is a fault like any other, never a 404.
    fn from(cause: DieselError) -> Self {
        if kring_db::error::is_unavailable(&cause) {
            Self::Unavailable(cause.into())
        } else {
            Self::Internal(cause.into())
        }
    }
}

impl From<std::io::Error> for Error {
    // A full or failing disk passes.
    fn from(cause: std::io::Error) -> Self {
        Self::Unavailable(cause.into())
    }
}

impl From<anyhow::Error> for Error {
    fn from(cause: anyhow::Error) -> Self {
        Self::Internal(cause)
    }
}

impl TxError for Error {
    fn database(&self) -> Option<&DieselError> {
        match self {
            Self::Internal(cause) | Self::Unavailable(cause) => cause.downcast_ref(),
            _ => None,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Internal(cause) | Self::Unavailable(cause) => write!(f, "{cause:#}"),
            Self::Invalid(faults) => {
                let told: Vec<String> =
                    faults.iter().map(|e| format!("{} {}", e.pointer, e.fault.code)).collect();
                write!(f, "invalid: {}", told.join(", "))
            }
            other => f.write_str(other.status_and_code().1),
        }
    }
}

impl std::error::Error for Error {}
