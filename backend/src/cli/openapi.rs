//! `kring openapi`.

/// Prints the OpenAPI document.
pub fn run() {
    print!("{}", crate::web::openapi::json());
}
