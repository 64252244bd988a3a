import { alertsSection } from './alerts.ts';
import { incidentSection, incidentsSection } from './incident.ts';
import { partsSection } from './parts.ts';
import type { Section } from './section.ts';
import { addressesSection, messagesSection, silencesSection, targetsSection } from './side.ts';
import { backupsSection, certificatesSection, volumesSection } from './things.ts';
import { verdictSection } from './verdict.ts';

/** The pieces of the start page, in the order of reading. */
export const sections: readonly Section[] = [
  verdictSection,
  incidentSection,
  alertsSection,
  backupsSection,
  volumesSection,
  certificatesSection,
  incidentsSection,
  partsSection,
  messagesSection,
  silencesSection,
  targetsSection,
  addressesSection,
];
