import { openFakeGrafana } from './server.ts';
import { readSettings } from './settings.ts';

const log = (line: string) => console.error(line);
const settings = readSettings(process.env, process.cwd());
const grafana = await openFakeGrafana(settings, { log, now: Date.now });
log(`fake-grafana, not Grafana: it stands in for it in tests and listens on ${grafana.port}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void grafana.close());
