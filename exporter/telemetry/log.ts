import { destination, type Logger, pino, stdTimeFunctions } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

/** JSON lines to stderr, written at once so that none is lost at the end. A reader that is gone does not end the program. */
export function jsonLog(): Logger {
  const stderr = destination({ fd: 2, sync: true });
  stderr.on('error', () => {});
  return pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      serializers: { error: describe },
    },
    stderr,
  );
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  return {
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describe(error.cause) }),
  };
}
