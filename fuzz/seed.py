"""Makes the seeds in corpus/ from the documents of the tests: see README.md."""
import io, pathlib, zipfile

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
