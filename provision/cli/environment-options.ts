/** The argument and the options of every command that works on an environment. */
export const environmentArgument = { name: '<environment>', text: 'a name below environments/, or a path to a folder' };
export const environmentOptions = [
  { flags: '--instance <name>', text: 'only this instance of the environment' },
  { flags: '--env-file <file>', text: 'variables from this file instead of the .env beside the environment' },
] as const;

/** The same for the commands that work on a stack of platform local. */
export const localArgument = {
  name: '[environment]',
  text: 'a name below environments/, or a path to a folder',
  default: 'local',
};
export const localOptions = [
  { flags: '--env <environment>', text: 'the same as the argument, for npm start -- --env <folder>' },
  ...environmentOptions,
  { flags: '--state <directory>', text: 'where its state lies (default: below $XDG_STATE_HOME/lookout)' },
] as const;

/** Of the commands that work on a stack in a cluster. */
export const contextOption = {
  flags: '--context <name>',
  text: 'platform kubernetes: context of the kubeconfig (default: the one that the environment names)',
} as const;
