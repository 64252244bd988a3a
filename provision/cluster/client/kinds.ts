import { isApiError } from './errors.ts';
import type { ApiAnswer, ApiRequest, Kind, Resource } from './types.ts';

/** Asks once per group and version which kinds the API server serves. */
export class Kinds {
  readonly #send: (request: ApiRequest) => Promise<ApiAnswer>;
  #versions = new Map<string, Promise<readonly Resource[]>>();

  constructor(send: (request: ApiRequest) => Promise<ApiAnswer>) {
    this.#send = send;
  }

  async find({ apiVersion, kind }: Kind): Promise<Resource | undefined> {
    const known = this.#versions.get(apiVersion) ?? this.#read(apiVersion);
    this.#versions.set(apiVersion, known);
    return (await known).find((resource) => resource.kind === kind);
  }

  forget(): void {
    this.#versions = new Map();
  }

  async #read(apiVersion: string): Promise<readonly Resource[]> {
    const path = versionPath(apiVersion);
    try {
      const { body } = await this.#send({
        method: 'GET',
        path,
        subject: { verb: 'get', resource: path, secret: false },
      });
      return readResources(apiVersion, body as ResourceList);
    } catch (error) {
      if (isApiError(error, 404)) return [];
      throw error;
    }
  }
}

/** `/api/v1` or `/apis/<group>/<version>`. */
export function versionPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/** Source: Kubernetes API reference, APIResourceList. */
interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

function readResources(apiVersion: string, { resources = [] }: ResourceList): readonly Resource[] {
  const version = apiVersion.split('/').at(-1) ?? '';
  return resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced }) => ({ group: groupOf(apiVersion), version, kind, plural: name, namespaced }));
}
