import { UserError } from '../../../../common/problems.ts';
import type { SecretName, Stack } from '../../../../stack/types.ts';
import { grafanaBase } from '../../checks/services.ts';
import { accepts, changePassword } from '../../grafana/client.ts';
import { write, writeNext } from './steps.ts';
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
    const refusedBefore = !(await accepts(before));
    await ground.mayWrite();
    if (!refusedBefore) await changePassword(before, next);
    if (!(await accepts(after))) throw refusal(refusedBefore);
    tell('change: Grafana has the new password');
    const refused = refusedBefore || !(await accepts(before));
    tell('verify: Grafana takes the new password');
    await write(ground, secret, { current: next });
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

/** Each failed login counts: after five of them Grafana refuses the user for five minutes. */
function refusal(changedBefore: boolean): Error {
  return changedBefore
    ? new UserError(
        'Grafana refuses the password that Lookout keeps, so that it cannot be changed: somebody has changed it in Grafana, or ' +
          'five logins have failed in the last five minutes. Set it to the one of lookout credentials show with "grafana cli ' +
          'admin reset-admin-password", or wait, then rotate again',
      )
    : new Error('Grafana refuses the password that it was just given');
}
