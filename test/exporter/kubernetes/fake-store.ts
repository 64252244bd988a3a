export interface FakeObject {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly resourceVersion: string };
  readonly [key: string]: unknown;
}

export interface FakeEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: FakeObject;
}

/** A collection of `fake-kubernetes-api` with everything that has happened to its objects. */
export class FakeStore {
  readonly #objects = new Map<string, FakeObject>();
  readonly #events: FakeEvent[] = [];
  version = 100;
  /** Nothing before this version is remembered. */
  oldest = 100;

  get(name: string): FakeObject | undefined {
    return this.#objects.get(name);
  }

  get all(): readonly FakeObject[] {
    return [...this.#objects.values()];
  }

  put(name: string, content: object, metadata: object = {}): FakeEvent {
    const type = this.#objects.has(name) ? 'MODIFIED' : 'ADDED';
    const full = { name, namespace: 'shop', ...metadata, resourceVersion: this.#next() };
    return this.#happen(type, { ...content, metadata: full });
  }

  delete(name: string): FakeEvent | undefined {
    const object = this.#objects.get(name);
    if (object === undefined) return undefined;
    return this.#happen('DELETED', { ...object, metadata: { ...object.metadata, resourceVersion: this.#next() } });
  }

  forget(): void {
    this.#objects.clear();
    this.#events.length = 0;
  }

  since(version: number): readonly FakeEvent[] {
    return this.#events.filter((event) => versionOf(event) > version);
  }

  /** What existed at a version, sorted by name. */
  at(version: number): readonly FakeObject[] {
    const objects = new Map<string, FakeObject>();
    for (const { type, object } of this.#events.filter((event) => versionOf(event) <= version)) {
      if (type === 'DELETED') objects.delete(object.metadata.name);
      else objects.set(object.metadata.name, object);
    }
    return [...objects.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  #next(): string {
    this.version += 1;
    return String(this.version);
  }

  #happen(type: FakeEvent['type'], object: FakeObject): FakeEvent {
    const event = { type, object };
    if (type === 'DELETED') this.#objects.delete(object.metadata.name);
    else this.#objects.set(object.metadata.name, object);
    this.#events.push(event);
    return event;
  }
}

function versionOf({ object }: FakeEvent): number {
  return Number(object.metadata.resourceVersion);
}
