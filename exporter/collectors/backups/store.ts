import { isMeasured } from './measure.ts';
import type { Artifact, Verdict } from './model.ts';

/** Numbers in a row: start and end of its time, size, modified, inode, since, and the round in which it was last seen. */
const width = 7;
const sizeAt = 2;
const seenAt = 6;

interface Other {
  readonly artifact: Artifact;
  seen: number;
}

/**
 * Artifacts by path. An ordinary one, a complete file, as almost all are, takes a row of numbers instead of objects: a
 * million of them are no work for the garbage collector.
 */
export class ArtifactStore {
  readonly #slots = new Map<string, number>();
  readonly #others = new Map<string, Other>();
  readonly #verdicts: (Verdict | null)[] = [];
  readonly #free: number[] = [];
  #rows = new Float64Array(64 * width);
  #round = 0;

  constructor(artifacts: Iterable<Artifact> = []) {
    for (const artifact of artifacts) this.set(artifact);
    this.#round = 1;
  }

  get size(): number {
    return this.#slots.size + this.#others.size;
  }

  get(path: string): Artifact | undefined {
    const slot = this.#slots.get(path);
    return slot === undefined ? this.#others.get(path)?.artifact : this.#read(path, slot);
  }

  set(artifact: Artifact): void {
    const { path } = artifact;
    if (isOrdinary(artifact)) {
      this.#others.delete(path);
      this.#write(this.#slots.get(path) ?? this.#newSlot(path), artifact);
    } else {
      this.delete(path);
      this.#others.set(path, { artifact, seen: this.#round });
    }
  }

  delete(path: string): void {
    const slot = this.#slots.get(path);
    if (slot !== undefined) this.#free.push(slot);
    this.#slots.delete(path);
    this.#others.delete(path);
  }

  /** Notes that an entry of this kind still exists. Whether it was measured and found complete: it needs no second look. */
  see(path: string, kind: Artifact['kind']): boolean {
    const slot = this.#slots.get(path);
    if (slot !== undefined) {
      this.#rows[slot * width + seenAt] = this.#round;
      return kind === 'file' && !Number.isNaN(this.#number(slot, sizeAt));
    }
    const other = this.#others.get(path);
    if (other === undefined) return false;
    other.seen = this.#round;
    const { artifact } = other;
    return artifact.state === 'complete' && artifact.kind === kind && isMeasured(artifact.measure);
  }

  /** Forgets all that was neither set nor seen since it was last called, and gives it. */
  sweep(): readonly Artifact[] {
    const gone: Artifact[] = [];
    for (const [path, slot] of this.#slots) {
      if (this.#number(slot, seenAt) !== this.#round) gone.push(this.#read(path, slot));
    }
    for (const { artifact, seen } of this.#others.values()) if (seen !== this.#round) gone.push(artifact);
    for (const { path } of gone) this.delete(path);
    this.#round += 1;
    return gone;
  }

  *values(): Generator<Artifact> {
    for (const [path, slot] of this.#slots) yield this.#read(path, slot);
    for (const { artifact } of this.#others.values()) yield artifact;
  }

  #newSlot(path: string): number {
    const slot = this.#free.pop() ?? this.#slots.size;
    this.#slots.set(path, slot);
    if ((slot + 1) * width > this.#rows.length) {
      const rows = new Float64Array(2 * this.#rows.length);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    return slot;
  }

  #read(path: string, slot: number): Artifact {
    return {
      path,
      kind: 'file',
      temporary: false,
      time: { start: this.#number(slot, 0), end: this.#number(slot, 1) },
      measure: {
        size: this.#number(slot, sizeAt),
        modified: this.#number(slot, 3),
        inode: this.#number(slot, 4),
        files: 1,
      },
      since: this.#number(slot, 5),
      state: 'complete',
      reason: null,
      verdict: this.#verdicts[slot] ?? null,
    };
  }

  #number(slot: number, place: number): number {
    return this.#rows[slot * width + place] ?? Number.NaN;
  }

  #write(slot: number, { time, measure, since, verdict }: Artifact): void {
    const first = slot * width;
    const rows = this.#rows;
    rows[first] = time.start;
    rows[first + 1] = time.end;
    rows[first + sizeAt] = measure.size;
    rows[first + 3] = measure.modified;
    rows[first + 4] = measure.inode;
    rows[first + 5] = since;
    rows[first + seenAt] = this.#round;
    this.#verdicts[slot] = verdict;
  }
}

function isOrdinary({ kind, temporary, state, reason }: Artifact): boolean {
  return kind === 'file' && !temporary && state === 'complete' && reason === null;
}
