/** `host:port` as a program in another namespace reaches it: a name without a dot is a Service of ours. */
export function qualified(address: string, namespace: string): string {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  return host.includes('.') || host.includes(':') ? address : `${host}.${namespace}.svc:${port}`;
}
