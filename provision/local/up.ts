import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { writeFileAtomic } from '../../common/files.ts';
import { createIncidents } from '../../demo/incidents/index.ts';
import type { ExitCode, Shell } from '../cli/command.ts';
import { randomValue } from '../credentials/values.ts';
import { type Announcer, announcer, paint } from './announce.ts';
import { partClients } from './clients.ts';
import { claimState } from './owner.ts';
import { serveStartPage } from './page/server.ts';
import { partEnvironment } from './part-environment.ts';
import type { Programs } from './parts/context.ts';
import { localParts } from './parts/index.ts';
import { type LocalPaths, localPaths } from './paths.ts';
import type { Platform } from './platform.ts';
import type { Prepared } from './prepare/prepare.ts';
import { startPreparer } from './prepare/preparer.ts';
import { findPrograms } from './programs.ts';
import { type Readiness, untilReady } from './ready.ts';
import { type RunFiles, removeRunFiles, runFiles, writeProcesses } from './run-files.ts';
import { localValues } from './secrets.ts';
import type { Selection } from './selection.ts';
import { alreadyUp, portNotes, sweep } from './start-notes.ts';
import { type Stop, stopOnSignals } from './stop.ts';
import { deathGuard } from './supervisor/guard.ts';
import { acquireLock, type Holder, releaseLock, updateLock } from './supervisor/lock.ts';
import { identify } from './supervisor/process.ts';
import { Supervisor } from './supervisor/supervisor.ts';
import { tellReady } from './tell-ready.ts';
import { versionNotes } from './versions.ts';

/** Milliseconds between two lines about what is still missing. */
const reminder = 5000;

/**
 * Brings a local stack up and stays until it is told to stop. Everything that can be wrong with the environment and the
 * machine is found before anything is started.
 */
export async function up(selection: Selection, shell: Shell): Promise<ExitCode> {
  const begin = shell.now();
  const programs = findPrograms(process.execPath, shell.env['PATH']);
  using preparer = startPreparer(selection, shell);
  const stack = await preparer.declare();
  const paths = localPaths(stack.local?.state ?? '');
  claimState(selection, shell, paths);
  const files = runFiles(paths);
  const holder: Holder = { run: randomUUID(), identity: identify(process.pid), since: begin, page: null };
  const acquired = acquireLock(files.lock, holder);
  if (acquired.kind === 'busy') throw alreadyUp(stack.name, acquired.holder);
  try {
    const left = await sweep(acquired.previous, files);
    shell.report(`Lookout brings up ${stack.name}; its data is in ${paths.state}`);
    const [prepared, versions] = await Promise.all([preparer.prepare(), versionNotes(stack, programs)]);
    preparer[Symbol.dispose]();
    if (shell.signal.aborted) return 0;
    const notes = [...left, ...versions, ...portNotes(prepared.ports)];
    return await run({ prepared, paths, files, holder, programs, begin, notes }, shell);
  } finally {
    removeRunFiles(files);
    releaseLock(files.lock);
  }
}

interface Start {
  readonly prepared: Prepared;
  readonly paths: LocalPaths;
  readonly files: RunFiles;
  readonly holder: Holder;
  readonly programs: Programs;
  readonly begin: number;
  readonly notes: readonly string[];
}

async function run(start: Start, shell: Shell): Promise<ExitCode> {
  const { files, holder, begin, notes } = start;
  for (const note of notes) shell.report(`  ${paint(shell, 'yellow', '!')} ${note}`);
  const announce = announcer(shell, begin);
  const platform = createPlatform(start, shell, announce);
  const { supervisor, stack } = platform;
  const token = randomValue();
  writeFileAtomic(files.token, token, 0o600);
  const stop = stopOnSignals(shell);
  const page = await serveStartPage(platform, token);
  updateLock(files.lock, { ...holder, page: `http://${stack.local?.startPage}/` });
  try {
    supervisor.start();
    const readiness = await awaitReady(platform, announce, stop);
    if (readiness !== null) tellReady(platform, readiness, shell);
    await stop.asked;
  } finally {
    await stop.carryOut(supervisor);
    await page.close();
  }
  return 0;
}

function createPlatform(
  { prepared, paths, files, holder, programs, begin, notes }: Start,
  shell: Shell,
  announce: Announcer,
): Platform {
  const { stack, demonstration } = prepared;
  const values = localValues(stack, { directory: paths.credentials, env: shell.env });
  const clients = partClients(stack, values, demonstration.health);
  const specs = localParts({ stack, paths, root: shell.root, programs, clients }, demonstration);
  const supervisor: Supervisor = new Supervisor(specs, {
    log: paths.log,
    env: partEnvironment(shell.env, holder.run),
    guard: deathGuard(process.platform, shell.env['PATH']),
    now: shell.now,
    record: (processes) => writeProcesses(files.processes, processes),
    changed: () => announce.tell(supervisor.states()),
  });
  const page = `http://${stack.local?.startPage}`;
  const context = { stack, paths, clients, page, now: shell.now };
  const incidents = stack.local?.demonstration ? createIncidents(context) : null;
  return {
    stack,
    paths,
    clients,
    supervisor,
    incidents,
    notes,
    startedAt: begin,
    now: shell.now,
    user: userInfo().username,
  };
}

/** null when it was told to stop before. */
async function awaitReady(
  { supervisor, clients }: Platform,
  announce: Announcer,
  stop: Stop,
): Promise<Readiness | null> {
  const reminding = setInterval(() => announce.remind(supervisor.states()), reminder);
  await Promise.race([supervisor.settled(), stop.asked]);
  clearInterval(reminding);
  return untilReady(clients, stop.signal);
}
