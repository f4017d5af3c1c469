# Of wat hier staat is wat de schrijver ondertekend heeft.

proof-proves = { $author } schreef dit op { $home }. De woorden hier zijn de woorden die { $author } ondertekend heeft.
proof-proves-by-telling = De woorden hier zijn de woorden die { $author } ondertekend heeft, met een sleutel die we van { $teller } kregen. De server van { $author } kan dat niet meer bevestigen.
proof-not-signed = { $author } schreef dit op { $home }. Er is geen handtekening bewaard. Daarom kan dat hier niet bewezen worden.
proof-key-unknown = Op { $home } staat dat { $author } dit schreef. Het is ondertekend met een sleutel die hier nooit gezien is. Daarom is het niet bewezen.
proof-altered = Op { $home } staat dat { $author } dit schreef. Maar de handtekening klopt niet: dit is veranderd nadat { $author } het ondertekende, of iemand anders schreef het.
proof-differs = Wat hier staat, is niet wat { $author } ondertekend heeft. Iemand heeft de woorden hier later veranderd. Wat { $author } ondertekende, is bewaard.
