// Before the Admin UI starts: it is at the server that it came from, so nobody has to type the address.
try {
  localStorage.setItem('server_url', location.origin);
  localStorage.setItem('namespace', '/admin');
  localStorage.setItem('path', '/socket.io');
} catch {
  // Without a storage it asks for the address.
}
