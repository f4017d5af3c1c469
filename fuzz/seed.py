"""Makes the seeds in corpus/, from the documents of the tests and as other instances send: see README.md."""
import io, json, pathlib, zipfile

HERE = pathlib.Path(__file__).parent
DOCUMENTS = HERE / "../tests/fixtures/documents"
PARTS = ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels",
         "word/footnotes.xml", "word/comments.xml", "docProps/core.xml"]


def seed(target, name, data):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


for name in ["libreoffice", "kop"]:
    with zipfile.ZipFile(DOCUMENTS / f"{name}.docx") as file:
        known = file.namelist()
        parts = [file.read(part) if part in known else b"" for part in PARTS]
    # Most of what the styles of python-docx say is how things look.
    parts = [part if len(part) < 20_000 else b"" for part in parts]
    seed("docx", f"seed-{name}", b"\0".join(parts))
seed("html", "seed-pagina", (DOCUMENTS / "pagina.html").read_bytes())
seed("markdown", "seed-tekst", (DOCUMENTS / "tekst.md").read_bytes())
seed("pdf", "seed-kop", (DOCUMENTS / "kop.pdf").read_bytes())
folder = io.BytesIO()
with zipfile.ZipFile(folder, "w", zipfile.ZIP_DEFLATED) as file:
    for name, data in [("a/plan.md", b"# Plan\n\n![x](../b.png)\n"), ("b.png", (DOCUMENTS / "halte.png").read_bytes()),
                       ("p.html", b"<h1>P</h1><table><tr><td>a<td>b</table>")]:
        file.writestr(zipfile.ZipInfo(name, (2026, 11, 2, 9, 0, 0)), data)
seed("folder", "seed-map", folder.getvalue())

GROUP, ANN, PUBLIC = "https://a.example/c/straat", "https://b.example/u/ann", "https://www.w3.org/ns/activitystreams#Public"
NOTE = {"type": "Note", "id": "https://b.example/c/1", "attributedTo": ANN, "to": [GROUP, PUBLIC], "audience": GROUP,
        "content": "<p>Hier ook.</p>", "source": {"content": "Hier ook.", "mediaType": "text/markdown"},
        "inReplyTo": "https://a.example/p/9", "published": "2026-11-02T09:00:00.5Z", "updated": "2026-11-02T09:01:00Z",
        "language": {"identifier": "nl", "name": "Nederlands"}, "attachment": [{"type": "Image", "url": "https://b.example/i.png"}],
        "tag": [{"type": "Mention", "href": GROUP, "name": "@straat@a.example"}],
        "proof": {"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "created": "2026-11-02T09:00:00Z",
                  "verificationMethod": ANN + "#key", "proofPurpose": "assertionMethod", "proofValue": "z" + "3" * 87}}
CREATE = {"@context": "https://www.w3.org/ns/activitystreams", "type": "Create", "id": "https://b.example/a/1", "actor": ANN,
          "to": [GROUP, PUBLIC], "cc": [], "object": NOTE}
KEY = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n-----END PUBLIC KEY-----"
ACTOR = {"type": "Person", "id": ANN, "preferredUsername": "ann", "name": "Ann", "inbox": ANN + "/inbox",
         "outbox": ANN + "/outbox", "endpoints": {"sharedInbox": "https://b.example/inbox"},
         "publicKey": {"id": ANN + "#main", "owner": ANN, "publicKeyPem": KEY},
         "assertionMethod": [{"id": ANN + "#key", "type": "Multikey", "controller": ANN,
                              "publicKeyMultibase": "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"}]}
for name, message in [
    ("create", CREATE), ("actor", ACTOR),
    ("announce", {"type": "Announce", "id": "https://a.example/a/2", "actor": GROUP, "to": [PUBLIC], "object": CREATE}),
    ("undo", {"type": "Undo", "id": "https://b.example/a/3", "actor": ANN, "object":
              {"type": "Like", "id": "https://b.example/a/4", "actor": ANN, "object": NOTE["id"]}}),
    ("page", {**NOTE, "type": "Page", "name": "Stoep", "inReplyTo": None}),
]:
    seed("inbox", f"seed-{name}", json.dumps(message).encode())
RFC9421 = """date: Tue, 20 Apr 2021 02:07:55 GMT
content-digest: sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:
signature-input: sig1=("@method" "@target-uri" "date" "content-digest";req "@query-param";name="a");created=1618884473;expires=1618884900;keyid="https://b.example/u/ann#main";alg="ed25519";nonce="x"
signature: sig1=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:

"""
CAVAGE = """date: Tue, 20 Apr 2021 02:07:55 GMT
digest: SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
signature: keyId="https://b.example/u/ann#main",algorithm="hs2019",created=1618884473,headers="(request-target) (created) host date digest",signature="wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="

"""
seed("signature", "seed-rfc9421", RFC9421.encode())
seed("signature", "seed-cavage", CAVAGE.encode())
