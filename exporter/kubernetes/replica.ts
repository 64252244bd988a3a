import { type ApiObject, keyOf } from './resource.ts';

/** What is told of a followed collection or object. */
export interface Follower<Object_ extends ApiObject> {
  /** An object that is new or has changed. It is handed over once and not kept. */
  readonly upsert: (key: string, object: Object_) => void;
  readonly remove: (key: string) => void;
  /** Everything there is has been told, and every change is told from now on. Said again and again while this holds. */
  readonly current: () => void;
  /** Reading failed; what was told stays the last known state. Said again at each failure. */
  readonly failed: (error: Error) => void;
}

/** Knows which version of each object was told last, so that reading everything again tells only what is different. */
export class Replica<Object_ extends ApiObject> {
  readonly #versions = new Map<string, string>();
  readonly #follower: Follower<Object_>;

  constructor(follower: Follower<Object_>) {
    this.#follower = follower;
  }

  upsert(object: Object_): void {
    const key = keyOf(object);
    const { resourceVersion } = object.metadata;
    if (this.#versions.get(key) === resourceVersion) return;
    this.#versions.set(key, resourceVersion);
    this.#follower.upsert(key, object);
  }

  remove(key: string): void {
    if (this.#versions.delete(key)) this.#follower.remove(key);
  }

  /** These are all that exist. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#versions.keys()) if (!keys.has(key)) this.remove(key);
  }
}
