/** One mount of this process. */
export interface Mount {
  readonly point: string;
  /** Directory of the file system that is mounted there: `/` for the whole of it. */
  readonly root: string;
  /** Device, server or kind that is mounted, e.g. `/dev/sda1`. */
  readonly device: string;
  /** Kind of the file system, e.g. `ext4`. */
  readonly type: string;
}

/** Source of the text that `parseMounts` reads: it asks nothing of the mounted file systems. */
export const mountinfo = '/proc/self/mountinfo';

/** The mounts, the deepest first; of several on one point the last made, which covers the others. Format: proc(5). */
export function parseMounts(text: string): readonly Mount[] {
  const mounts = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, point] = before.split(' ').map(plain);
    const [type = '', device = ''] = after.split(' ').map(plain);
    if (root !== undefined && point !== undefined) mounts.set(point, { point, root, device, type });
  }
  return [...mounts.values()].sort((a, b) => b.point.length - a.point.length);
}

/** The mount that a path lies on, by its name alone: symbolic links are not followed. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount {
  const found = mounts.find(({ point }) => point === '/' || path === point || path.startsWith(`${point}/`));
  return found ?? { point: '/', root: '/', device: '', type: '' };
}

/** Spaces and the like stand as octal escapes. */
function plain(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}
