/**
 * Names of the fields of a kubeconfig that hold certificates in Base64, as kubectl, kubeadm and k3s write them in YAML or JSON:
 * on one line. Source: Kubernetes reference, "kubeconfig (v1)".
 */
const field = /["']?\b(?:certificate-authority-data|client-certificate-data)["']?\s*:\s*["']?([A-Za-z0-9+/=]+)/g;

/** The certificates of a kubeconfig in PEM; undefined for any other text. */
export function kubeconfigPem(text: string): string | undefined {
  const found = Array.from(text.matchAll(field), ([, data = '']) => Buffer.from(data, 'base64').toString());
  return found.length === 0 ? undefined : found.join('\n');
}
