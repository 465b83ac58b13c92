//! Which addresses are nobody's business but the operator's.

use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// `0.0.0.0/8` and the like: address, prefix length.
const REFUSED_V4: &[([u8; 4], u8)] = &[
    ([0, 0, 0, 0], 8),        // this network; on Linux 0.0.0.0 reaches the machine itself
    ([10, 0, 0, 0], 8),       // private
    ([100, 64, 0, 0], 10),    // carrier-grade NAT, and one cloud's metadata service
    ([127, 0, 0, 0], 8),      // loopback
    ([168, 63, 129, 16], 32), // Azure's host service, the one metadata address that looks public
    ([169, 254, 0, 0], 16),   // link-local, metadata services of most clouds
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // protocol assignments
    ([192, 0, 2, 0], 24),     // documentation
    ([192, 88, 99, 0], 24),   // 6to4 relays
    ([192, 168, 0, 0], 16),   // private
    ([198, 18, 0, 0], 15),    // benchmarks
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([224, 0, 0, 0], 4),      // multicast
    ([240, 0, 0, 0], 4),      // reserved, broadcast
];

/// Whether it may be reached: public, or in a network that the operator opened.
pub(crate) fn may_reach(address: IpAddr, allow: &[IpNet]) -> bool {
    let plain = unwrapped(address);
    is_public(plain)
        || allow
            .iter()
            .any(|net| net.contains(&plain) || net.contains(&address))
}

/// An IPv4 address that is dressed as IPv6 is judged as what it reaches.
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let mapped = v6.to_ipv4_mapped();
    // NAT64: on networks without IPv4 this prefix is how public hosts look.
    let translated = match v6.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        _ => None,
    };
    mapped.or(translated).map_or(address, IpAddr::V4)
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => REFUSED_V4.iter().all(|(net, length)| !in_net(v4, *net, *length)),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn in_net(address: Ipv4Addr, net: [u8; 4], length: u8) -> bool {
    let mask = u32::MAX << (32 - u32::from(length));
    u32::from(address) & mask == u32::from_be_bytes(net) & mask
}

/// Only global unicast is public; what is carved out of it are tunnels (which hide an IPv4
/// address) and documentation. Loopback, link-local, ULA and multicast lie outside of it.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let global = first & 0xe000 == 0x2000;
    let assignments = first == 0x2001 && second < 0x0200;
    let documentation = (first == 0x2001 && second == 0x0db8) || (first == 0x3fff && second < 0x1000);
    let six_to_four = first == 0x2002;
    global && !assignments && !documentation && !six_to_four
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, allow: &[&str], expect: bool) {
        let allow: Vec<IpNet> = allow.iter().map(|net| net.parse().unwrap()).collect();
        assert_eq!(
            may_reach(address.parse().unwrap(), &allow),
            expect,
            "{address} {allow:?}"
        );
    }

    #[test]
    fn public_addresses() {
        for address in [
            "1.1.1.1",
            "93.184.216.34",
            "172.32.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "223.255.255.255",
        ] {
            check(address, &[], true);
        }
        for address in [
            "2606:4700::1111",
            "2001:4860:4860::8888",
            "64:ff9b::101:101",
            "::ffff:1.1.1.1",
        ] {
            check(address, &[], true);
        }
    }

    #[test]
    fn refused_addresses() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.1.1",
            "198.19.0.1",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
        ] {
            check(address, &[], false);
            check(&format!("::ffff:{address}"), &[], false);
        }
        for address in [
            "::",
            "::1",
            "::7f00:1",
            "fe80::1",
            "fec0::1",
            "fd00:ec2::254",
            "fc00::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "4000::1",
        ] {
            check(address, &[], false);
        }
    }

    #[test]
    fn the_operator_opens_networks() {
        check("127.0.0.1", &["127.0.0.0/8"], true);
        check("::ffff:127.0.0.1", &["127.0.0.0/8"], true);
        check("10.0.0.1", &["127.0.0.0/8"], false);
        check("fd00::5", &["fd00::/8"], true);
        check("::1", &["127.0.0.0/8"], false);
    }
}
