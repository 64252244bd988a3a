import { describe, expect, test } from 'vitest';
import { type Configuration, checksum, configMaps, configurationVolume } from '../../k8s/configuration.ts';
import { quantity } from '../../k8s/resources.ts';
import { variants } from './variants.ts';

const kibibyte = 1024;
const file = (path: string, bytes: number) => ({ path, content: 'x'.repeat(bytes) });
const configuration = (...files: Configuration['files']): Configuration => ({
  name: 'lookout-grafana',
  files,
  secrets: [],
});

describe('a configuration', () => {
  test('that one ConfigMap cannot hold lies in several, and is whole where it is mounted', () => {
    const large = configuration(...['a', 'b', 'c'].map((name) => file(`dashboards/${name}.json`, 400 * kibibyte)));
    expect(configMaps(large).map(({ metadata, data }) => [metadata.name, Object.keys(data as object)])).toEqual([
      ['lookout-grafana', ['dashboards.a.json', 'dashboards.b.json']],
      ['lookout-grafana-2', ['dashboards.c.json']],
    ]);
    expect(configurationVolume(large, variants['standalone']!)).toEqual({
      name: 'config',
      projected: {
        sources: [
          {
            configMap: {
              name: 'lookout-grafana',
              items: [
                { key: 'dashboards.a.json', path: 'dashboards/a.json' },
                { key: 'dashboards.b.json', path: 'dashboards/b.json' },
              ],
            },
          },
          {
            configMap: { name: 'lookout-grafana-2', items: [{ key: 'dashboards.c.json', path: 'dashboards/c.json' }] },
          },
        ],
      },
    });
  });

  test('is told in bytes, not in characters', () => {
    const wide = { path: 'dashboards/wide.json', content: 'ä'.repeat(300 * kibibyte) };
    expect(configMaps(configuration(wide, file('dashboards/z.json', 400 * kibibyte)))).toHaveLength(2);
  });

  test('with a file that no ConfigMap can hold is refused with its name and size', () => {
    expect(() => configMaps(configuration(file('dashboards/huge.json', 1024 * kibibyte)))).toThrow(
      'dashboards/huge.json has 1048576 bytes, a ConfigMap takes 921600',
    );
  });
});

test('a checksum tells where one content ends and the next begins', () => {
  expect(checksum('ab', 'c')).not.toBe(checksum('a', 'bc'));
  expect(checksum('ab', 'c')).toBe(checksum('ab', 'c'));
});

test.each([
  [10 * 1024 ** 3, '10Gi'],
  [1500 * 1024 ** 2, '1500Mi'],
  [1_000_001, '1000001'],
])('%d bytes are asked for as %s', (bytes, text) => expect(quantity(bytes)).toBe(text));
