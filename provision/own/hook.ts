import { type ModuleHooks, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * What the files of an environment may import by name, wherever its folder lies: nothing has to be installed beside them.
 * `lookout/...` is what package.json exports; panels and units come from the SDK that Lookout itself is built with.
 */
const ours = /^(lookout|@grafana\/grafana-foundation-sdk)\//;

/** Until `deregister()` such names lead to this installation. */
export function resolveOurs(): ModuleHooks {
  const parentURL = pathToFileURL(`${import.meta.dirname}/hook.ts`).href;
  return registerHooks({
    resolve: (specifier, context, next) =>
      ours.test(specifier) ? next(specifier, { ...context, parentURL }) : next(specifier, context),
  });
}
