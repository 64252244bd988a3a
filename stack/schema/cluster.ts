import { localPathDirectories } from '../defaults.ts';
import { distributions } from '../types.ts';
import * as scalar from './scalars.ts';
import { optional, section } from './structure.ts';

export const cluster = section('the cluster', {
  distribution: optional('which Kubernetes it is', scalar.choice(distributions), 'kubernetes'),
  localPath: optional(
    'the directory of the nodes in which its local-path provisioner keeps claims',
    scalar.absolutePath,
    `${localPathDirectories.k3s} with distribution k3s, else none`,
  ),
});
