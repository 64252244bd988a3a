/** What an apply has put into a cluster: the exact list, kept in one ConfigMap there. */
export interface Inventory {
  /** ApplySet id: the value of the label on every member. */
  readonly id: string;
  readonly entries: readonly Entry[];
  /** undefined: it is not stored yet. */
  readonly resourceVersion: string | undefined;
}

export interface Entry {
  /** See `objectId`. */
  readonly id: string;
  /** Version of the group under which it was applied, e.g. `v1`. */
  readonly version: string;
  /** Empty while it is not known that it was created. */
  readonly uid: string;
  /** `pending`: about to be applied; `failed`: could not be deleted. */
  readonly state: 'applied' | 'pending' | 'failed';
}

/** Where an inventory is kept, and what writes into it. */
export interface InventoryPlace {
  readonly namespace: string;
  /** Name of the ConfigMap. */
  readonly name: string;
  /** Version of Lookout. */
  readonly version: string;
}
