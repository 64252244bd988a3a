import { answerBenchmark } from './loop.ts';

/** Does nothing: how long its loop seems to be blocked is the machine's doing. */
answerBenchmark(0, async () => 0);
