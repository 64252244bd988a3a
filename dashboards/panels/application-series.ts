import { app } from '../../rules/vocabulary.ts';
import { series } from '../kit/selectors.ts';
import { oneOf } from '../kit/variables.ts';

export const chosen = oneOf('application', 'Application', 'The application that is shown.', series(app.instances));
export const selected = { application: chosen.selected };
export const noRequests = 'no requests';
export const of = (record: string) => series(record, selected);
/** A quantile of no requests is NaN, which Grafana would show as if it were a figure. */
export const quantile = (record: string) => `${of(record)} >= 0`;
