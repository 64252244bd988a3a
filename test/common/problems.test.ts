import { expect, test } from 'vitest';
import { formatProblem, ProblemsError, UserError } from '../../common/problems.ts';

const problem = { file: 'environments/a/environment.yaml', line: 12, path: 'backups[0].schedule', message: 'no cron' };

test('a problem is written with file, line and path, the form that terminals link', () => {
  expect(formatProblem(problem)).toBe('environments/a/environment.yaml:12: backups[0].schedule: no cron');
});

test('a problem without line or path leaves them out', () => {
  expect(formatProblem({ ...problem, line: null, path: '' })).toBe('environments/a/environment.yaml: no cron');
});

test('all problems are said at once, one a line', () => {
  const error = new ProblemsError([problem, { ...problem, line: 13 }]);
  expect(error.message.split('\n')).toHaveLength(2);
  expect(error.problems).toHaveLength(2);
  expect(error.name).toBe('ProblemsError');
});

test('a user error keeps its cause', () => {
  const cause = new Error('EADDRINUSE');
  expect(new UserError('port 9090 is taken', { cause })).toMatchObject({ name: 'UserError', cause });
});
