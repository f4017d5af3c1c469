use super::*;

/// EXIF as a camera writes it, big-endian: its maker, the orientation, and a place after the directory.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend(b"\x01\x0f\0\x02\0\0\0\x06\0\0\0\x26");
    tiff.extend([1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    tiff.extend(b"\0\0\0\0SECRET 52.09N 5.12E");
    tiff
}

fn segment(marker: u8, contents: &[u8]) -> Vec<u8> {
    let length = (contents.len() as u16 + 2).to_be_bytes();
    [&[0xFF, marker], &length[..], contents].concat()
}

fn jpeg(orientation: u8) -> Vec<u8> {
    [
        vec![0xFF, 0xD8],
        segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01SECRET"),
        segment(0xE1, &[b"Exif\0\0", &exif(orientation)[..]].concat()),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0SECRET"),
        segment(0xE2, b"ICC_PROFILE\0\x01\x01colours"),
        segment(0xED, b"Photoshop 3.0\0SECRET"),
        segment(0xFE, b"SECRET"),
        segment(0xF4, b"SECRET"),
        segment(0x4F, b"SECRET"),
        segment(0xC2, b"\x08\0\x03\0\x04\x01\x01\x11\0"),
        segment(0xDA, b"\x01\x01\0\0\0\0"),
        b"data\xFF\x00more\xFF\xD0data".to_vec(),
        segment(0xC4, b"table"),
        segment(0xDA, b"\x01\x01\0\0\0\0"),
        b"last\xFF\xD9".to_vec(),
        b"\xFF\xD8SECRET film".to_vec(),
    ]
    .concat()
}

fn chunk(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    // Checksums of what is passed on are not looked at.
    [&(contents.len() as u32).to_be_bytes(), &kind[..], contents, b"crc!"].concat()
}

fn png(orientation: u8) -> Vec<u8> {
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", b"\0\0\0\x04\0\0\0\x03\x08\x02\0\0\0"),
        chunk(b"iCCP", b"colours"),
        chunk(b"tEXt", b"Author\0SECRET"),
        chunk(b"eXIf", &exif(orientation)),
        chunk(b"IDAT", b"data"),
        chunk(b"caBX", b"SECRET"),
        chunk(b"IEND", b""),
        b"SECRET".to_vec(),
    ]
    .concat()
}

fn webp(orientation: u8) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], contents: &[u8]| {
        let filling = vec![0; contents.len() % 2];
        [&kind[..], &(contents.len() as u32).to_le_bytes(), contents, &filling].concat()
    };
    let chunks = [
        chunk(b"VP8X", b"\x2c\0\0\0\x03\0\0\x02\0\0"),
        chunk(b"ICCP", b"colours"),
        chunk(b"VP8 ", b"\0\0\0\x9d\x01\x2a\x04\0\x03\0data"),
        chunk(b"EXIF", &exif(orientation)),
        chunk(b"XMP ", b"SECRET"),
        chunk(b"MINE", b"SECRET"),
    ]
    .concat();
    [&b"RIFF"[..], &(chunks.len() as u32 + 4).to_le_bytes(), b"WEBP", &chunks, b"SECRET"].concat()
}

/// A film of two pictures, with all that programs put between them.
fn gif() -> Vec<u8> {
    let picture = b"\x2C\0\0\0\0\x04\0\x03\0\x80colour\x02\x04data\0";
    [
        &b"GIF89a\x04\0\x03\0\x80\0\0COLOUR"[..],
        b"\x21\xFF\x0BNETSCAPE2.0\x06SECRET\x03\x01\x05\0\0",
        b"\x21\xFF\x0BXMP DataXMP\x08<SECRET>\0",
        b"\x21\xFE\x06SECRET\0",
        b"\x21\xF9\x04\x04\x0A\0\0\x06SECRET\0",
        picture,
        b"\x21\xF9\x04\x01\x01\0\0\0",
        b"\x21\x01\x06SECRET\x06SECRET\0",
        b"\x21\xCE\x06SECRET\0",
        b"\x21\xF9\x04\x04\x14\0\0\0",
        picture,
        b"\x3B",
        b"SECRET",
    ]
    .concat()
}

fn cleaned(kind: ImageKind, image: &[u8]) -> io::Result<(Dimensions, Vec<u8>)> {
    let (mut from, mut to) = (tempfile::tempfile()?, tempfile::tempfile()?);
    from.write_all(image)?;
    let size = clean(kind, &mut from, &mut to)?;
    let mut bytes = Vec::new();
    to.rewind()?;
    to.read_to_end(&mut bytes)?;
    Ok((size, bytes))
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

const KINDS: [(ImageKind, fn(u8) -> Vec<u8>); 3] =
    [(ImageKind::Jpeg, jpeg), (ImageKind::Png, png), (ImageKind::WebP, webp)];

#[test]
fn what_a_photo_tells_goes_and_the_picture_stays() {
    for (kind, image) in KINDS {
        assert!(holds(&image(6), b"SECRET"));
        let (_, clean) = cleaned(kind, &image(6)).unwrap();
        assert!(!holds(&clean, b"SECRET"), "{kind:?}: {}", String::from_utf8_lossy(&clean));
        for kept in [&b"colours"[..], b"data"] {
            assert!(holds(&clean, kept), "{kind:?}");
        }
    }
}

#[test]
fn a_photo_does_not_lie_on_its_side() {
    for (kind, image) in KINDS {
        for orientation in 2..=8 {
            let (size, clean) = cleaned(kind, &image(orientation)).unwrap();
            assert!(holds(&clean, &Orientation(orientation).exif()), "{kind:?} {orientation}");
            let upright = Dimensions { width: 4, height: 3 };
            let turned = Dimensions { width: 3, height: 4 };
            assert_eq!(size, if orientation >= 5 { turned } else { upright }, "{kind:?} {orientation}");
            // Cleaning again changes nothing.
            assert_eq!(cleaned(kind, &clean).unwrap(), (size, clean), "{kind:?} {orientation}");
        }
        for nothing in [0, 1, 9] {
            let (_, clean) = cleaned(kind, &image(nothing)).unwrap();
            assert!(!holds(&clean, b"II*\0"), "{kind:?} {nothing}");
        }
    }
}

#[test]
fn the_parts_of_a_jpeg_come_out_as_they_went_in() {
    let (_, clean) = cleaned(ImageKind::Jpeg, &jpeg(1)).unwrap();
    let expected = [
        vec![0xFF, 0xD8],
        segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        segment(0xE2, b"ICC_PROFILE\0\x01\x01colours"),
        segment(0xC2, b"\x08\0\x03\0\x04\x01\x01\x11\0"),
        segment(0xDA, b"\x01\x01\0\0\0\0"),
        b"data\xFF\x00more\xFF\xD0data".to_vec(),
        segment(0xC4, b"table"),
        segment(0xDA, b"\x01\x01\0\0\0\0"),
        b"last\xFF\xD9".to_vec(),
    ];
    assert_eq!(clean, expected.concat());
}

#[test]
fn a_gif_keeps_its_pictures_and_how_they_play() {
    let picture = b"\x2C\0\0\0\0\x04\0\x03\0\x80colour\x02\x04data\0";
    let expected = [
        &b"GIF89a\x04\0\x03\0\x80\0\0COLOUR"[..],
        b"\x21\xFF\x0BNETSCAPE2.0\x03\x01\x05\0\0",
        b"\x21\xF9\x04\x04\x0A\0\0\0",
        picture,
        b"\x21\xF9\x04\x04\x14\0\0\0",
        picture,
        b"\x3B",
    ]
    .concat();
    let (size, clean) = cleaned(ImageKind::Gif, &gif()).unwrap();
    assert_eq!(clean, expected, "{}", String::from_utf8_lossy(&clean));
    assert_eq!(size, Dimensions { width: 4, height: 3 });
    assert_eq!(cleaned(ImageKind::Gif, &clean).unwrap(), (size, clean));
    // Many end without their trailer.
    let (_, clean) = cleaned(ImageKind::Gif, &expected[..expected.len() - 1]).unwrap();
    assert_eq!(clean, expected);
    for length in 0..gif().len() {
        match cleaned(ImageKind::Gif, &gif()[..length]) {
            Ok((_, clean)) => assert!(!holds(&clean, b"SECRET"), "cut at {length}"),
            Err(cause) => assert_eq!(cause.kind(), io::ErrorKind::InvalidData, "cut at {length}"),
        }
    }
}

#[test]
fn the_flags_and_the_length_of_a_webp_tell_what_is_there() {
    for (orientation, flags) in [(1, 0x20), (6, 0x28)] {
        let (_, clean) = cleaned(ImageKind::WebP, &webp(orientation)).unwrap();
        assert_eq!(clean[20], flags);
        assert_eq!(clean[4..8], (clean.len() as u32 - 8).to_le_bytes());
    }
}

#[test]
fn a_checksum_is_the_one_of_png() {
    // Of every PNG: the empty IEND.
    assert_eq!(png::checksum(b"IEND".iter()), 0xAE42_6082);
}

#[test]
fn broken_images_are_told_from_broken_disks() {
    for (kind, image) in KINDS {
        let whole = image(6);
        for length in 0..whole.len() - 60 {
            match cleaned(kind, &whole[..length]) {
                Ok((_, clean)) => assert!(!holds(&clean, b"SECRET"), "{kind:?} cut at {length}"),
                Err(cause) => {
                    assert_eq!(cause.kind(), io::ErrorKind::InvalidData, "{kind:?} cut at {length}")
                }
            }
        }
    }
}
