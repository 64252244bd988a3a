import { statSync } from 'node:fs';

/**
 * Calls `changed` once at the start and again whenever one of the files appears, disappears or has other bytes. Looks four
 * times a second instead of asking the system for events, which some file systems do not send. Gives the function that ends it.
 */
export function watchFiles(paths: readonly string[], changed: () => void, everyMilliseconds = 250): () => void {
  let seen: string | undefined;
  const look = () => {
    const now = paths.map(fingerprint).join('|');
    if (now === seen) return;
    seen = now;
    changed();
  };
  look();
  const timer = setInterval(look, everyMilliseconds);
  return () => clearInterval(timer);
}

function fingerprint(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? 'absent' : `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
}
