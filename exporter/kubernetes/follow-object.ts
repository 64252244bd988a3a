import type { FollowContext } from '../collectors/collector.ts';
import { failed, problemOf } from '../model/failure.ts';
import type { Outcome, Problem } from '../model/reading.ts';
import { RefusedError } from './error.ts';
import { follow } from './follow.ts';
import type { ApiObject, Resource } from './resource.ts';

/** Follows one object; `read` makes a reading of it, and of null when it does not exist. */
export async function followObject<Object_ extends ApiObject, Reading>(
  resource: Resource & { readonly name: string },
  read: (object: Object_ | null) => Outcome<Reading>,
  { kubernetes, signal, tell }: FollowContext<Reading>,
): Promise<void> {
  let outcome = read(null);
  let isCurrent = false;
  const change = (object: Object_ | null) => {
    outcome = read(object);
    if (isCurrent) tell(outcome);
  };
  const follower = {
    upsert: (_key: string, object: Object_) => change(object),
    remove: () => change(null),
    current: () => {
      isCurrent = true;
      tell(outcome);
    },
    failed: (error: Error) => {
      isCurrent = false;
      tell(failed(unknown(error, resource) ?? problemOf(error, `follow ${resource.resource} ${resource.name}`)));
    },
  };
  await follow<Object_>(kubernetes.api, resource, follower, signal);
}

/** An object that is not there is none, but a collection always exists: unless the server does not know of its kind. */
function unknown(error: Error, { api, resource }: Resource): Problem | undefined {
  if (!(error instanceof RefusedError) || error.code !== 404) return undefined;
  const message = `the cluster has no ${resource} of ${api.replace('/apis/', '')}: what defines them is not installed`;
  return { reason: 'not_installed', message };
}
