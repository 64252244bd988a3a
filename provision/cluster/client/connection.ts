import { readFileSync } from 'node:fs';
import { Agent, type Dispatcher } from 'undici';
import { UserError } from '../../../common/problems.ts';
import { asKubeConfig, type Context } from './kubeconfig.ts';

/** How requests reach and convince the API server: one pool of connections, and the headers of every request. */
export interface Connection {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The credentials of a context: certificates, tokens and passwords are read here, plugins, providers and proxies are client-node's.
 * @throws UserError when a plugin fails or a file is missing.
 */
export async function connect(context: Context): Promise<Connection> {
  try {
    return needsClientNode(context) ? await connectByClientNode(context) : connectDirectly(context);
  } catch (cause) {
    throw new UserError(`could not get the credentials of context ${context.name}`, { cause });
  }
}

function needsClientNode({ cluster, user }: Context): boolean {
  const keys = [user.exec, user['auth-provider'], user.as, cluster['proxy-url']];
  return keys.some((value) => value !== undefined);
}

async function connectByClientNode(context: Context): Promise<Connection> {
  const config = await asKubeConfig(context);
  const { HttpMethod, RequestContext } = await import('@kubernetes/client-node');
  const request = new RequestContext(context.cluster.server, HttpMethod.GET);
  await config.applySecurityAuthentication(request);
  // Its Dispatcher is undici's, of the same installed package.
  return { dispatcher: request.getDispatcher() ?? new Agent(), headers: request.getHeaders() };
}

function connectDirectly({ cluster, user }: Context): Connection {
  const ca = bytes(cluster['certificate-authority'], cluster['certificate-authority-data']);
  const cert = bytes(user['client-certificate'], user['client-certificate-data']);
  const key = bytes(user['client-key'], user['client-key-data']);
  const servername = cluster['tls-server-name'];
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
    ...(cluster['insecure-skip-tls-verify'] === true ? { rejectUnauthorized: false } : {}),
  };
  // Load balancers end idle connections after a minute: half of that keeps them open, as client-go does.
  const dispatcher = new Agent({ connect: { ...tls, keepAlive: true, keepAliveInitialDelay: 30_000 } });
  return { dispatcher, headers: authorization(user) };
}

function authorization({
  token,
  tokenFile,
  username,
  password = '',
}: Context['user']): Readonly<Record<string, string>> {
  const bearer = tokenFile === undefined ? token : readFileSync(tokenFile, 'utf8').trim();
  if (bearer !== undefined) return { authorization: `Bearer ${bearer}` };
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

/** The data itself goes before the file that may be named beside it, as with kubectl. */
function bytes(file: string | undefined, data: string | undefined): Buffer | undefined {
  if (data !== undefined) return Buffer.from(data, 'base64');
  return file === undefined ? undefined : readFileSync(file);
}
