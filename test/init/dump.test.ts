import { describe, expect, test } from 'vitest';
import { dumpOf } from '../../provision/init/cluster/dump.ts';

describe('the command of a CronJob tells', () => {
  test.each([
    [
      'mongodump --uri "$URI" --out /backup/$(date +%Y-%m-%d-%H-%M)',
      { engine: 'mongodb', directory: '/backup', pattern: '%Y-%m-%d-%H-%M/' },
    ],
    [
      `set -e; TS=$(date +%Y%m%d_%H%M%S); pg_dump "$URL" | gzip > /backups/school_platform_\${TS}.sql.gz`,
      { engine: 'postgres', directory: '/backups', pattern: 'school_platform_%Y%m%d_%H%M%S.sql.gz' },
    ],
    [
      'DIR=/data/dumps\nFILE="$DIR/shop-`date -u +%F`.dump"\npg_dump -Fc shop -f "$FILE"',
      { engine: 'postgres', directory: '/data/dumps', pattern: 'shop-%F.dump' },
    ],
    [
      'mongodump --archive=/dumps/$(date "+%Y%m%d").archive.gz --gzip',
      { engine: 'mongodb', directory: '/dumps', pattern: '%Y%m%d.archive.gz' },
    ],
    [
      'D=/backup/$(date +%Y-%m-%d); mkdir -p $D; mongodump --out $D/app',
      { engine: 'mongodb', directory: '/backup', pattern: '%Y-%m-%d/' },
    ],
    ['/scripts/pg_dump-and-upload.sh', { engine: 'postgres', directory: null, pattern: null }],
    ['pg_dump shop > /dumps/$(date +%j).sql', { engine: 'postgres', directory: '/dumps', pattern: null }],
  ])('where %j puts its dumps', (command, dump) => expect(dumpOf(command)).toEqual(dump));

  test.each([
    'python manage.py sync',
    'curl -fsS https://example.test/ping',
    'find /backup/* -mtime +14 -exec rm -rf {} ;',
  ])('that %j makes none', (command) => expect(dumpOf(command)).toBeUndefined());
});
