import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { UserError } from '../../common/problems.ts';
import type { TlsFiles } from '../config.ts';
import type { Log } from '../telemetry/log.ts';
import { LocalFiles } from './local-files.ts';

/** Milliseconds after which a renewed certificate is served at the latest. */
const lookInterval = 5000;

/**
 * Makes servers that answer in TLS and take up a renewed certificate by themselves; one that does not fit its key is not.
 *
 * @throws UserError when the files cannot be used.
 */
export function tlsServer(files: TlsFiles, log: Log): (listener: RequestListener) => Server {
  const options = readFiles(files, log);
  return (listener) => {
    let served = options.current;
    const server = createServer(served, listener);
    const timer = setInterval(() => {
      if (options.current === served) return;
      served = options.current;
      server.setSecureContext(served);
    }, lookInterval);
    return server.on('close', () => clearInterval(timer));
  };
}

function readFiles({ certificate, key }: TlsFiles, log: Log): LocalFiles<SecureContextOptions> {
  try {
    return new LocalFiles([certificate, key], checked, log);
  } catch (cause) {
    throw new UserError(`could not use ${certificate} with the key ${key} to answer in TLS`, { cause });
  }
}

/** Throws when certificate and key are none or do not fit each other. */
function checked(cert = '', key = ''): SecureContextOptions {
  createSecureContext({ cert, key });
  return { cert, key };
}
