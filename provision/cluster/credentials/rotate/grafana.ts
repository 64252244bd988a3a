import { UserError } from '../../../../common/problems.ts';
import type { SecretName, Stack } from '../../../../stack/types.ts';
import { grafanaBase } from '../../checks/services.ts';
import { accepts, changePassword } from '../../grafana/client.ts';
import { rewrite } from '../secrets.ts';
import { writeNext } from './steps.ts';
import type { Ground, Rotation } from './types.ts';

/** Grafana keeps the password in its own database: it is changed through its API, and our Secret follows. */
export const grafanaRotation: Rotation = {
  name: 'grafana',
  secret: (stack: Stack) => stack.cluster?.grafana.password ?? '',
  run: async (ground: Ground, secret: SecretName) => {
    const { stack, tell } = ground;
    const user = stack.cluster?.grafana.user ?? '';
    const base = await grafanaBase(stack, ground.reach);
    const { current, next } = await writeNext(ground, secret);
    const before = { base, user, password: current };
    const after = { base, user, password: next };
    if (!(await accepts(after))) await change(before, next);
    tell('change: Grafana has the new password');
    if (!(await accepts(after))) throw new Error('Grafana refuses the password that it was just given');
    const refused = !(await accepts(before));
    tell('verify: Grafana takes the new password');
    await rewrite(ground, secret, { current: next });
    tell('promote: the new password is the only one that is kept');
    return [
      { ok: true, subject: `login as ${user} with the new password`, evidence: 'accepted' },
      {
        ok: refused,
        subject: `login as ${user} with the old password`,
        evidence: refused ? 'refused' : 'still accepted',
      },
    ];
  },
};

async function change(before: Parameters<typeof changePassword>[0], next: string): Promise<void> {
  if (!(await accepts(before)))
    throw new UserError(
      'Grafana refuses the password that Lookout keeps, so that it cannot change it: somebody has changed it in Grafana. ' +
        'Set it to that of lookout credentials show (grafana cli admin reset-admin-password), then rotate again',
    );
  await changePassword(before, next);
}
