import type { FollowContext } from '../collectors/collector.ts';
import { failed, problemOf } from '../model/failure.ts';
import type { Outcome } from '../model/reading.ts';
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
      tell(failed(problemOf(error, `follow ${resource.resource} ${resource.name}`)));
    },
  };
  await follow<Object_>(kubernetes.api, resource, follower, signal);
}
