import type { Shell } from '../cli/command.ts';
import { paint } from './announce.ts';
import type { Supervisor } from './supervisor/supervisor.ts';

/** One Ctrl-C under npm arrives twice within a millisecond; a second one that a person means comes later than this. */
const deliberate = 500;
/** Milliseconds between two lines about who is waited for. */
const reminder = 2000;
/** Milliseconds between two looks at the parent. */
const parentCheck = 1000;

export interface Stop {
  /** Fulfilled when the stack is to stop. */
  readonly asked: Promise<void>;
  /** Aborted at the same time. */
  readonly signal: AbortSignal;
  /** Stops every part; a further signal forces it. */
  readonly carryOut: (supervisor: Supervisor) => Promise<void>;
}

/** Listens for the reasons to stop: SIGINT, SIGTERM, SIGHUP, and the end of the npm that started us. */
export function stopOnSignals(shell: Shell): Stop {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const stop = new AbortController();
  const ask = () => {
    stop.abort();
    resolve();
  };
  const force = new AbortController();
  let first = 0;
  const listen = () => {
    if (first === 0) first = shell.now();
    else if (shell.now() - first >= deliberate) force.abort();
    ask();
  };
  const forget = shell.onSignal(listen);
  if (shell.signal.aborted) listen();
  const parent = watchParent(shell, ask);
  return {
    asked,
    signal: stop.signal,
    carryOut: async (supervisor) => {
      await stopParts(supervisor, force.signal, shell);
      forget();
      if (parent !== null) clearInterval(parent);
    },
  };
}

/** npm that is killed with SIGKILL passes nothing on; only the number of the parent tells. */
function watchParent(shell: Shell, ask: () => void): NodeJS.Timeout | null {
  if (shell.env['npm_lifecycle_event'] === undefined) return null;
  const parent = shell.parent();
  return setInterval(() => {
    if (shell.parent() !== parent) ask();
  }, parentCheck).unref();
}

async function stopParts(supervisor: Supervisor, force: AbortSignal, shell: Shell): Promise<void> {
  const begin = shell.now();
  shell.report('');
  shell.report('Stopping every part; Ctrl-C again does not wait for them.');
  const reminding = setInterval(() => {
    const [slow] = supervisor.states().filter(({ phase }) => phase === 'stopping');
    if (slow !== undefined) shell.report(`  ${paint(shell, 'dim', '…')} waiting for ${slow.title}, ${slow.state}`);
  }, reminder);
  await supervisor.stop(force);
  clearInterval(reminding);
  shell.report(`Stopped after ${((shell.now() - begin) / 1000).toFixed(1)} s.`);
}
