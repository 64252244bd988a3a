/** The argument and the options of every command that works on an environment. */
export const environmentArgument = { name: '<environment>', text: 'a name below environments/, or a path to a folder' };
export const environmentOptions = [
  { flags: '--instance <name>', text: 'only this instance of the environment' },
  { flags: '--env-file <file>', text: 'variables from this file instead of the .env beside the environment' },
] as const;
