import type { Finding } from './check.ts';
import type { Service } from './service.ts';

/** What is found at each of several of one kind, asked at once; with more than one each finding says where it was made. */
export async function atEach(
  services: readonly Service[],
  look: (service: Service) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const found = services.map(async (service) => {
    const findings = await look(service);
    if (services.length === 1) return findings;
    return findings.map((finding) => ({ ...finding, subject: `${finding.subject} (${service.title})` }));
  });
  return (await Promise.all(found)).flat();
}
