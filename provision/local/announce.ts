import { styleText } from 'node:util';
import type { Shell } from '../cli/command.ts';
import type { PartPhase, PartState } from './types.ts';

type Colour = Parameters<typeof styleText>[0];

/** Tells a person at a terminal, in lines, what becomes of the parts. */
export interface Announcer {
  /** Compares with what was told last; a line for each part that became healthy, fell ill or recovered. */
  readonly tell: (parts: readonly PartState[]) => void;
  /** A line for each part that is neither healthy nor told yet: what it waits for. */
  readonly remind: (parts: readonly PartState[]) => void;
}

const notable: readonly PartPhase[] = ['healthy', 'degraded', 'restarting'];

/** `begin`: when the start began, in milliseconds since the epoch. */
export function announcer(shell: Shell, begin: number): Announcer {
  const told = new Map<string, PartPhase>();
  const line = (mark: string, colour: Colour, part: PartState, text: string) =>
    shell.report(`  ${paint(shell, colour, mark)} ${part.title.padEnd(20)} ${text}`);
  return {
    tell: (parts) => {
      for (const part of parts.filter(({ name, phase }) => notable.includes(phase) && told.get(name) !== phase)) {
        told.set(part.name, part.phase);
        if (part.phase === 'healthy') line('✓', 'green', part, healthy(part, begin));
        else line('✗', 'red', part, unwell(part));
      }
    },
    remind: (parts) => {
      for (const part of parts.filter(({ name, phase }) => !told.has(name) && phase !== 'healthy'))
        line('…', 'dim', part, part.state);
    },
  };
}

function healthy({ healthyAt, restarts, addresses }: PartState, begin: number): string {
  if (restarts > 0) return `healthy again after ${restarts === 1 ? 'a restart' : `${restarts} restarts`}`;
  const seconds = ((healthyAt ?? begin) - begin) / 1000;
  return `${seconds.toFixed(1).padStart(5)} s  ${addresses[0]?.address ?? ''}`.trimEnd();
}

function unwell({ state, reason }: PartState): string {
  return reason === null || state.includes(reason) ? state : `${state}: ${reason}`;
}

export function paint(shell: Shell, colour: Colour, text: string): string {
  return shell.interactive ? styleText(colour, text) : text;
}
