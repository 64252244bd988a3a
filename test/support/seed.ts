import fc from 'fast-check';

/**
 * Property tests draw the same values in every run, so that a failure is the change's and can be repeated. Other values:
 * `FAST_CHECK_SEED=<number> npx vitest run <test>`; fast-check prints the seed of a failure.
 */
fc.configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 20261120) });
