import { stringify } from 'yaml';
import { formatDuration } from '../common/durations.ts';
import { credentialPath, type OutputFile, type Stack } from '../stack/types.ts';
import { datasourceName, datasourceUid } from './kit/variables.ts';

/**
 * What a Grafana of one's own reads on its start: where Prometheus is, and where the dashboards lie. Grafana resolves both
 * relative paths in them against its working directory (its home), where `credentials/` and `dashboards/` are to be put.
 * Format: Grafana documentation, "Provision Grafana".
 */
export function provisioningFiles(stack: Stack): readonly OutputFile[] {
  return [
    file('datasources', { apiVersion: 1, datasources: [datasource(stack)] }),
    file('dashboards', { apiVersion: 1, providers: [provider] }),
  ];
}

function file(kind: string, content: object): OutputFile {
  return { path: `grafana/provisioning/${kind}/lookout.yaml`, content: stringify(content, { lineWidth: 0 }) };
}

function datasource({ prometheus, intervals }: Stack) {
  return {
    name: datasourceName,
    uid: datasourceUid,
    type: 'prometheus',
    access: 'proxy',
    url: `http://${prometheus.address}`,
    isDefault: true,
    editable: false,
    basicAuth: true,
    basicAuthUser: prometheus.user,
    secureJsonData: { basicAuthPassword: `$__file{${credentialPath(prometheus.password)}}` },
    jsonData: {
      httpMethod: 'POST',
      prometheusType: 'Prometheus',
      prometheusVersion: prometheus.version,
      timeInterval: formatDuration(intervals.scrape),
    },
  };
}

const provider = {
  name: 'lookout',
  folder: 'Lookout',
  folderUid: 'lookout',
  type: 'file',
  disableDeletion: false,
  allowUiUpdates: false,
  options: { path: 'dashboards', foldersFromFilesStructure: false },
};
