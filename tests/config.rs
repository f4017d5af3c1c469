//! Settings: what wins, what is refused and how, and the example file that explains them all.

use std::path::Path;

use kring::config::{MailTarget, Settings, SmtpSecurity};
use toml::{Table, Value};

use crate::harness::{folder, kring};

/// What the program says about a start with these variables, which must fail.
fn refusal(variables: &[(&str, &str)]) -> String {
    let folder = folder();
    let ended = kring(folder.path(), &["migrate"]).envs(variables.iter().copied()).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success(), "{variables:?} was taken");
    told
}

#[test]
fn a_wrong_value_stops_the_start_with_its_key_the_value_and_what_is_allowed() {
    let cases = [
        ("bind", "here", "an address and a port"),
        ("public_url", "kring.example.org", "https://kring.example.org"),
        ("frontend_url", "ftp://example.org", "https://kring.example.org"),
        ("registration", "maybe", "open, approval or closed"),
        ("mail_from", "nobody at all", "Kring <kring@example.org>"),
        ("storage_url", "ftp://files", "file:FOLDER or s3://BUCKET"),
        ("trusted_proxies", "my-proxy", "10.0.0.0/8"),
        ("cors_origins", "example.org", "https://kring.example.org"),
        ("default_language", "fr", "nl or en"),
        ("time_zone", "Mars/Olympus", "Europe/Amsterdam"),
        ("upload_limit_mb", "0", "a number from 1 to 10000"),
        ("archive_limit_mb", "0", "a number from 1 to 10000"),
        ("converter", "nowhere", "the path of a program that is there"),
        ("pandoc", "nowhere", "the path of a program that is there"),
        ("conversion_seconds", "1", "a number from 2 to 3600"),
        ("conversion_memory_mb", "255", "a number from 256 to 65536"),
        ("conversion_output_mb", "0", "a number from 1 to 10000"),
        ("database_connections", "1", "a number from 2 to 200"),
        ("password_hashes_at_once", "1000", "a number from 1 to 64"),
        ("attempts_per_minute", "0", "a number from 1 to 1000000"),
        ("email_invitations_per_day", "1000000", "a number from 0 to 100000"),
        ("log", "kring=very", "error, warn, info, debug"),
    ];
    for (key, value, allowed) in cases {
        let told = refusal(&[(&format!("KRING_{}", key.to_uppercase()), value)]);
        for part in [key, value, allowed] {
            assert!(told.contains(part), "{key}: no {part:?} in: {told}");
        }
    }
}

#[test]
fn a_value_of_the_wrong_kind_and_an_unknown_key_are_named() {
    let told = refusal(&[("KRING_WORKERS", "sometimes")]).to_lowercase();
    assert!(told.contains("workers") && told.contains("sometimes"), "{told}");
    let told = refusal(&[("KRING_UPLOAD_LIMIT_MB", "much")]).to_lowercase();
    assert!(told.contains("upload_limit_mb") && told.contains("much"), "{told}");
    let told = refusal(&[("KRING_REGISTRATON", "open")]);
    assert!(told.to_lowercase().contains("registraton"), "{told}");
}

#[test]
fn the_mailbox_is_not_shown_where_others_reach_it() {
    let told = refusal(&[("KRING_DEV_MAIL", "true"), ("KRING_BIND", "0.0.0.0:8080")]);
    assert!(told.contains("dev_mail") && told.contains("127.0.0.1"), "{told}");
}

#[test]
fn a_password_in_an_address_is_not_repeated() {
    for (variable, value) in [
        ("KRING_DATABASE_URL", "mysql://kring:geheim@db/kring"),
        ("KRING_MAIL_URL", "imap://kring:geheim@mail"),
        ("KRING_MAIL_URL", "smtp://kring:geheim@mail?tls=maybe"),
    ] {
        let told = refusal(&[(variable, value)]);
        assert!(!told.contains("geheim"), "{told}");
        assert!(told.contains(variable), "{told}");
    }
}

/// The data folder that a start chose among `a`, `b`, `c` and `d`.
fn chosen(folder: &Path) -> Vec<&'static str> {
    ["a", "b", "c", "d"]
        .into_iter()
        .filter(|name| folder.join(name).join("kring.sqlite").is_file())
        .collect()
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let start = |arguments: &[&str], variable: Option<&str>| {
        let folder = folder();
        std::fs::write(folder.path().join("kring.toml"), "data = \"a\"").unwrap();
        std::fs::write(folder.path().join("other.toml"), "data = \"d\"").unwrap();
        let mut command = kring(folder.path(), arguments);
        if let Some(value) = variable {
            command.env("KRING_DATA", value);
        }
        let ended = command.output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
        chosen(folder.path())
    };
    assert_eq!(start(&["migrate"], None), ["a"]);
    assert_eq!(start(&["migrate"], Some("b")), ["b"]);
    assert_eq!(start(&["migrate", "--data", "c"], Some("b")), ["c"]);
    assert_eq!(start(&["migrate", "--config", "other.toml"], None), ["d"]);
}

#[test]
fn a_settings_file_that_is_named_must_be_there() {
    let folder = folder();
    let ended = kring(folder.path(), &["migrate", "--config", "gone.toml"]).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && told.contains("gone.toml"), "{told}");
}

#[test]
fn keys_and_data_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let app = crate::harness::TestApp::start();
    let keys: Vec<_> = std::fs::read_dir(app.data().join("keys")).unwrap().flatten().collect();
    assert!(!keys.is_empty());
    for key in keys {
        assert_eq!(key.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", key.path());
    }
}

#[test]
fn a_data_folder_that_is_made_is_private_and_one_that_is_there_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    let mode = |name: &str| folder.path().join(name).metadata().unwrap().permissions().mode() & 0o777;
    let given = folder.path().join("given");
    std::fs::create_dir(&given).unwrap();
    std::fs::set_permissions(&given, std::fs::Permissions::from_mode(0o755)).unwrap();
    for (name, kept) in [("made", 0o700), ("given", 0o755)] {
        let ended = kring(folder.path(), &["admin", "mails", "--data", name]).output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(ended.status.success(), "{told}");
        assert_eq!(mode(name), kept, "{name}");
        assert_eq!(mode(&format!("{name}/keys")), 0o700, "keys are for their owner in any case");
        assert_eq!(told.contains("can read the data folder"), name == "given", "{told}");
    }
}

#[test]
fn what_kubernetes_says_of_a_service_called_kring_is_no_setting() {
    let folder = folder();
    let mut command = kring(folder.path(), &["migrate"]);
    for (name, value) in [
        ("KRING_PORT", "tcp://10.0.0.7:8080"),
        ("KRING_SERVICE_HOST", "10.0.0.7"),
        ("KRING_SERVICE_PORT", "8080"),
        ("KRING_SERVICE_PORT_HTTP", "8080"),
        ("KRING_PORT_8080_TCP_ADDR", "10.0.0.7"),
        ("KRING_DB_SERVICE_HOST", "10.0.0.8"),
    ] {
        command.env(name, value);
    }
    let ended = command.output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(
        refusal(&[("KRING_COLOUR", "blue")]).contains("colour"),
        "a misspelt setting still stops the start"
    );
}

fn example() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../kring.toml.example");
    std::fs::read_to_string(path).unwrap()
}

fn defaults() -> Table {
    Table::try_from(Settings::default()).unwrap()
}

#[test]
fn the_example_names_every_key_with_its_default_and_nothing_else() {
    // A key stands as `#key = value`; prose as `# prose`.
    let keys = example().lines().filter_map(|line| line.strip_prefix('#')).collect::<Vec<_>>().join("\n");
    let keys: Vec<&str> =
        keys.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).collect();
    let mut written: Table = keys.join("\n").parse().unwrap();
    // It goes by the machine's cores.
    assert!(matches!(
        written.insert("database_connections".into(), defaults()["database_connections"].clone()),
        Some(Value::Integer(_))
    ));
    assert_eq!(written, defaults());
}

#[test]
fn the_example_can_be_used_as_it_is() {
    let folder = folder();
    std::fs::write(folder.path().join("kring.toml"), example()).unwrap();
    let ended = kring(folder.path(), &["migrate"]).output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn the_example_explains_every_key_before_it_names_it() {
    let example = example();
    let mut explained = false;
    for line in example.lines() {
        if line.starts_with("# ") {
            explained = true;
        } else if line.starts_with('#') && line.len() > 1 {
            assert!(explained, "{line} is not explained");
            explained = false;
        }
    }
}

#[test]
fn every_kind_of_mail_address_is_understood() {
    use SmtpSecurity::{Plain, StartTls, Tls};
    let smtp = |host: &str, port, security, login: Option<(&str, &str)>| MailTarget::Smtp {
        host: host.into(),
        port,
        security,
        login: login.map(|(name, password)| (name.into(), password.into())),
    };
    for (url, target) in [
        ("smtp://mail.example.org:1025", smtp("mail.example.org", 1025, Plain, None)),
        ("smtp://mail.example.org", smtp("mail.example.org", 25, Plain, None)),
        ("smtp://[::1]:2525", smtp("::1", 2525, Plain, None)),
        ("smtp://mail.example.org?tls=required", smtp("mail.example.org", 587, StartTls, None)),
        (
            "smtp://ann:geheim@mail.example.org:25?tls=required",
            smtp("mail.example.org", 25, StartTls, Some(("ann", "geheim"))),
        ),
        (
            "smtps://ann%40example.org:a+b%20c&d%3De@mail.example.org",
            smtp("mail.example.org", 465, Tls, Some(("ann@example.org", "a+b c&d=e"))),
        ),
        ("file:/var/mail/kring", MailTarget::Folder("/var/mail/kring".into())),
        ("file:///var/mail/kring", MailTarget::Folder("/var/mail/kring".into())),
        ("", MailTarget::Folder("kring-data/mail".into())),
    ] {
        let understood = Settings { mail_url: url.into(), ..Settings::default() }.understand().unwrap();
        assert_eq!(understood.mail, target, "{url}");
    }
    for url in [
        "smtp://",
        "smtp://mail?tls=perhaps",
        "smtps://mail?tls=required",
        "imap://mail",
        "mail.example.org",
        "file:",
    ] {
        let told =
            Settings { mail_url: url.into(), ..Settings::default() }.understand().unwrap_err().to_string();
        assert!(told.contains("mail_url") && told.contains("smtp://HOST:PORT?tls=required"), "{url}: {told}");
    }
}

#[test]
fn mail_has_a_sender_that_servers_take_whatever_the_host_is() {
    for (public, bind, sender, link) in [
        (
            "https://kring.example.org",
            "127.0.0.1:8080",
            "kring@kring.example.org",
            "https://kring.example.org/x",
        ),
        (
            "https://example.org/kring/",
            "127.0.0.1:8080",
            "kring@example.org",
            "https://example.org/kring/x",
        ),
        ("", "127.0.0.1:8080", "kring@localhost.localdomain", "http://127.0.0.1:8080/x"),
        ("", "0.0.0.0:80", "kring@localhost.localdomain", "http://localhost/x"),
        ("", "[::1]:8080", "kring@localhost.localdomain", "http://[::1]:8080/x"),
        ("http://192.0.2.7", "127.0.0.1:8080", "kring@localhost.localdomain", "http://192.0.2.7/x"),
        (
            "http://[2001:db8::7]:8080",
            "127.0.0.1:8080",
            "kring@localhost.localdomain",
            "http://[2001:db8::7]:8080/x",
        ),
    ] {
        let settings = Settings {
            public_url: public.into(),
            bind: bind.into(),
            ..Settings::default()
        };
        let understood = settings.understand().unwrap();
        assert_eq!(understood.mail_from.email.to_string(), sender, "{public} {bind}");
        assert_eq!(understood.public("/x"), link, "{public} {bind}");
    }
}

#[test]
fn lists_in_the_environment_have_commas_between_them() {
    let folder = folder();
    let proxies = "127.0.0.1, 10.0.0.0/8 ,2001:db8::/32";
    let ended = kring(folder.path(), &["migrate"])
        .env("KRING_TRUSTED_PROXIES", proxies)
        .env("KRING_CORS_ORIGINS", "https://a.example.org,https://b.example.org:8443")
        .output()
        .unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}
