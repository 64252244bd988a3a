import { lookup } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { isIP, type LookupFunction } from 'node:net';

/** Milliseconds for one question to one name server, asked twice. */
const patience = 2000;

/**
 * The addresses of a host, for `net.connect`: from the hosts file, else from the name servers asked directly. What these do
 * not know is left to the system (search domains, multicast names), which takes a thread of Node's pool: only then.
 */
export const hostLookup: LookupFunction = (host, options, callback) => {
  addresses(host).then(
    (found) => {
      const [first] = found;
      if (first === undefined) lookup(host, options, callback);
      else if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    },
    (error: NodeJS.ErrnoException) => callback(error, ''),
  );
};

async function addresses(host: string) {
  const known = hostsFile().filter(({ names }) => names.includes(host.toLowerCase()));
  const found = known.length > 0 ? known.map(({ address }) => address) : await ask(host);
  return found.map((address) => ({ address, family: isIP(address) }));
}

/** Empty when the name servers say that there is none. */
async function ask(host: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: patience, tries: 2 });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const silent = answers.find((answer) => answer.status === 'rejected' && answer.reason.code === 'ETIMEOUT');
  if (found.length === 0 && silent?.status === 'rejected') throw silent.reason;
  return found;
}

/** Format: hosts(5). */
function hostsFile() {
  const lines = readFileSync('/etc/hosts', 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/);
    return isIP(address) === 0 ? [] : [{ address, names }];
  });
}
