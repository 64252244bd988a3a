import type { z } from 'zod';
import { defaults } from '../defaults.ts';
import { cluster, components, delivery, flavour, images, operator } from './cluster.ts';
import { parts } from './parts.ts';
import * as scalar from './scalars.ts';
import { sources } from './sources.ts';
import { optional, required, section } from './structure.ts';

const local = section('platform local', {
  demonstration: optional('whether the demonstration application runs beside the stack', scalar.boolean, 'false'),
});

/** One instance of an environment, after its overrides: every section and key that a person can write. */
export const environment = section('an environment', {
  platform: required('where the stack runs', scalar.choice(['kubernetes', 'local'])),
  namespace: optional('the namespace of what is watched', scalar.label, 'on one machine the name of the folder'),
  timezone: optional('the zone in which messages tell the time', scalar.timezone, defaults.timezone),
  pace: optional('platform local: how many times faster everything happens', scalar.pace, `${defaults.pace}`),
  cluster: optional('platform kubernetes: the cluster', cluster),
  flavour,
  operator: optional('flavour operator: what the operators of the cluster ask for', operator),
  delivery: optional('platform kubernetes: how the objects get there', delivery, 'lookout apply'),
  components: optional('platform kubernetes: what is installed', components),
  images: optional('platform kubernetes: where images come from', images),
  ...sources,
  ...parts,
  local: optional('platform local', local),
});

/** What the user declared, read: durations in seconds, sizes in bytes, nothing defaulted yet. */
export type Declared = z.output<typeof environment>;
