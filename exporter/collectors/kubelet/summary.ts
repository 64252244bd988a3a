/** What a kubelet tells of one mounted claim; null where it does not say. */
export interface VolumeStats {
  readonly namespace: string;
  readonly claim: string;
  readonly node: string;
  /** When the kubelet measured it; seconds since the epoch. */
  readonly at: number;
  readonly capacity: number;
  readonly available: number;
  readonly used: number;
  readonly inodes: number | null;
  readonly inodesUsed: number | null;
}

/** The part of `/stats/summary` that is read. Source: kubelet API stats/v1alpha1, Summary and VolumeStats. */
interface Summary {
  readonly pods?: readonly {
    readonly volume?: readonly {
      readonly pvcRef?: { readonly name: string; readonly namespace: string };
      readonly time?: string;
      readonly capacityBytes?: number;
      readonly availableBytes?: number;
      readonly usedBytes?: number;
      readonly inodes?: number;
      readonly inodesUsed?: number;
    }[];
  }[];
}

/** The claims of a node that its kubelet has figures of. */
export function claimsIn(node: string, summary: unknown): readonly VolumeStats[] {
  const { pods = [] } = (summary ?? {}) as Summary;
  return pods
    .flatMap(({ volume = [] }) => volume)
    .flatMap(({ pvcRef, time, capacityBytes, availableBytes, usedBytes, inodes, inodesUsed }) => {
      if (pvcRef === undefined || time === undefined) return [];
      if (capacityBytes === undefined || availableBytes === undefined || usedBytes === undefined) return [];
      return {
        namespace: pvcRef.namespace,
        claim: pvcRef.name,
        node,
        at: Date.parse(time) / 1000,
        capacity: capacityBytes,
        available: availableBytes,
        used: usedBytes,
        inodes: inodes ?? null,
        inodesUsed: inodesUsed ?? null,
      };
    });
}
