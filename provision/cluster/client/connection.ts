import { HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node';
import { Agent, type Dispatcher } from 'undici';
import { UserError } from '../../../common/problems.ts';

/** How requests reach and convince the API server: one pool of connections, and the headers of every request. */
export interface Connection {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Client certificates, tokens, files, exec plugins and OIDC as the kubeconfig declares them.
 * @throws UserError when a plugin fails or a file is missing.
 */
export async function connect(config: KubeConfig, server: string): Promise<Connection> {
  const context = new RequestContext(server, HttpMethod.GET);
  try {
    await config.applySecurityAuthentication(context);
  } catch (cause) {
    throw new UserError(`could not get the credentials of context ${config.getCurrentContext()}`, { cause });
  }
  // client-node's Dispatcher is undici's, of the same installed package.
  return { dispatcher: context.getDispatcher() ?? new Agent(), headers: context.getHeaders() };
}
