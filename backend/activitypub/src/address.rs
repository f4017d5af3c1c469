//! Which addresses are of the public internet. What is asked for on behalf of somebody else must never reach a
//! machine beside this one (server-side request forgery, CWE-918).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

/// Every IPv4 block of IANA's special-purpose registry (RFC 6890 and later) that is not globally reachable, and
/// multicast.
const PRIVATE_V4: &[([u8; 4], u8)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// What is in 2000::/3, the only block that addresses are given from, and is none: protocol assignments (Teredo among
/// them), documentation.
const PRIVATE_V6: &[([u16; 3], u8)] =
    &[([0x2001, 0, 0], 23), ([0x2001, 0xdb8, 0], 32), ([0x3fff, 0, 0], 20), ([0x5f00, 0, 0], 16)];

/// Is this an address of the public internet?
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !PRIVATE_V4.iter().any(|(start, length)| {
        Ipv4Net::new(Ipv4Addr::from(*start), *length).is_ok_and(|net| net.contains(&address))
    })
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Addresses that stand for one of IPv4 are as public as that one.
    if let Some(inner) = embedded(address) {
        return is_public_v4(inner);
    }
    let given = address.segments()[0] & 0xe000 == 0x2000;
    given
        && !PRIVATE_V6.iter().any(|([a, b, c], length)| {
            let start = Ipv6Addr::new(*a, *b, *c, 0, 0, 0, 0, 0);
            Ipv6Net::new(start, *length).is_ok_and(|net| net.contains(&address))
        })
}

/// The IPv4 address that one of IPv6 leads to: mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96, RFC 6052) and 6to4
/// (2002::/16). NAT64 with a prefix of its own (64:ff9b:1::/48, RFC 8215) is local use, and refused.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(mapped);
    }
    let octets = address.octets();
    let at = |i: usize| Ipv4Addr::new(octets[i], octets[i + 1], octets[i + 2], octets[i + 3]);
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(at(12)),
        [0x2002, ..] => Some(at(2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_special_is_not_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn what_is_given_out_is_public() {
        for address in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.1.1",
            "223.255.255.255",
            "2001:200::1",
            "2a01:7c8::1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }
}
