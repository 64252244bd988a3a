import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Artifact } from '../../../exporter/collectors/backups/model.ts';
import { ArtifactStore } from '../../../exporter/collectors/backups/store.ts';

const artifact = fc.record<Artifact>({
  path: fc.integer({ min: 0, max: 40 }).map((number) => `dump-${number}`),
  kind: fc.constantFrom('file', 'file', 'directory'),
  temporary: fc.boolean(),
  time: fc.record({ start: fc.nat(), end: fc.nat() }),
  measure: fc.record({ size: fc.nat(), modified: fc.nat(), inode: fc.nat(), files: fc.constant(1) }),
  since: fc.nat(),
  state: fc.constantFrom('complete', 'complete', 'invalid', 'in_progress'),
  reason: fc.constantFrom(null, null, 'empty'),
  verdict: fc.constantFrom(null, { verified: 7, findings: [{ check: 'gzip', reason: null }], companions: '' }),
});

const action = fc.oneof(
  { weight: 5, arbitrary: artifact.map((value) => ({ kind: 'set' as const, value })) },
  { weight: 2, arbitrary: artifact.map(({ path }) => ({ kind: 'delete' as const, path })) },
  { weight: 3, arbitrary: artifact.map(({ path }) => ({ kind: 'see' as const, path })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'sweep' as const }) },
);

test('a store gives back exactly what was put into it, and forgets exactly what was not seen', () => {
  fc.assert(
    fc.property(fc.array(artifact, { maxLength: 20 }), fc.array(action, { maxLength: 120 }), (initial, actions) => {
      const store = new ArtifactStore(initial);
      const model = new Map(initial.map((value) => [value.path, value]));
      const seen = new Set<string>();
      for (const step of actions) {
        if (step.kind === 'set') {
          store.set(step.value);
          model.set(step.value.path, step.value);
          seen.add(step.value.path);
        } else if (step.kind === 'delete') {
          store.delete(step.path);
          model.delete(step.path);
        } else if (step.kind === 'see') {
          const known = model.get(step.path);
          const settled = store.see(step.path, 'file');
          expect(settled).toBe(known?.state === 'complete' && known.kind === 'file');
          if (known !== undefined) seen.add(step.path);
        } else {
          const gone = [...model.keys()].filter((path) => !seen.has(path));
          expect(
            store
              .sweep()
              .map(({ path }) => path)
              .toSorted(),
          ).toEqual(gone.toSorted());
          for (const path of gone) model.delete(path);
          seen.clear();
        }
        expect(store.size).toBe(model.size);
      }
      const byPath = (one: Artifact, other: Artifact) => one.path.localeCompare(other.path);
      expect([...store.values()].toSorted(byPath)).toEqual([...model.values()].toSorted(byPath));
      for (const [path, value] of model) expect(store.get(path)).toEqual(value);
    }),
    { numRuns: 300 },
  );
});
