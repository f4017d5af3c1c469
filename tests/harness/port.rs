//! Addresses that tests listen to.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use socket2::{Domain, Socket, Type};

/// A port of this machine that nobody else is given, whether something listens to it or is away just now: what
/// another test opened there would be taken for it.
pub struct Port(Socket);

impl Port {
    pub fn take() -> Self {
        let held = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        // As every listener does: then it can be listened to beside this, which does not.
        held.set_reuse_address(true).unwrap();
        held.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        Self(held)
    }

    pub fn address(&self) -> SocketAddr {
        self.0.local_addr().unwrap().as_socket().expect("an IPv4 address")
    }

    pub fn listen(&self) -> TcpListener {
        TcpListener::bind(self.address()).unwrap()
    }
}
