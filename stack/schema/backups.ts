import { formatDuration } from '../../common/durations.ts';
import { defaults } from '../defaults.ts';
import { backupEngines } from '../types.ts';
import * as scalar from './scalars.ts';
import { list, named, optional, required, section } from './structure.ts';

const retention = section('how long dumps are kept', {
  age: required('dumps older than this should be gone', scalar.interval),
  tolerance: optional(
    'how much older is still normal: find -mtime counts whole days, and a clean-up comes once a day',
    scalar.duration,
    formatDuration(defaults.backup.tolerance),
  ),
  floor: optional('so many complete dumps must always be there', scalar.count, `${defaults.backup.floor}`),
});

const names = (example: string) => list(`patterns of names such as ${example}`, scalar.glob);

export const backup = section('a directory into which something writes one dump after the other', {
  name: required('its name', scalar.name),
  directory: optional('where the dumps are: on the node, or below the root of the claim', scalar.path, 'that root'),
  claim: optional('the claim that they are in, in the namespace of the environment', scalar.objectName, 'none'),
  pattern: required('the path of a dump below the directory, with the time of its run', scalar.pattern),
  engine: required('what is dumped', scalar.choice(backupEngines)),
  schedule: optional('when a dump is made', scalar.cron, 'expectedInterval must be given'),
  timezone: optional('the zone of the schedule', scalar.timezone, 'timezone of the environment'),
  clock: optional('the zone of the time in the name', scalar.timezone, 'the zone of the schedule'),
  expectedInterval: optional('without a schedule: the longest time between two dumps', scalar.interval),
  grace: optional(
    'how long a dump may take after its scheduled time',
    scalar.duration,
    formatDuration(defaults.backup.grace),
  ),
  settle: optional(
    'a dump that has not changed for so long is finished',
    scalar.duration,
    formatDuration(defaults.backup.settle),
  ),
  retention: optional('how long dumps are kept', retention, 'not watched'),
  ignore: optional('entries that are known and no dumps', names('*.meta.json')),
  others: optional(
    'dumps of another origin, made by hand or before a restore: none is that of a run',
    names('manual_*'),
  ),
  cronJob: optional('the CronJob that makes the dumps', named('CronJob'), 'not watched'),
  cleanup: optional('the CronJob that deletes old dumps, where it is another one', named('CronJob'), 'not watched'),
});
