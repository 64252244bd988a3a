/** The two halves of `host:port`. */
export function listenAt(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

/** A port on loopback. */
export function loopback(port: number): { readonly host: string; readonly port: number } {
  return { host: '127.0.0.1', port };
}
