import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Failed tries of a user within the window after which even the right password is refused. Source: `brute_force_login_protection_max_attempts` in Grafana documentation, "Configure Grafana". */
const attempts = 5;
const windowSeconds = 300;

/** Grafana's database as far as we meet it: users with their passwords, and failed tries. It outlives the process. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #now: () => number;

  /** @param now milliseconds since the epoch. */
  constructor(directory: string, now: () => number) {
    mkdirSync(directory, { recursive: true });
    this.#db = new DatabaseSync(join(directory, 'grafana.db'));
    this.#now = now;
    this.#db.exec('CREATE TABLE IF NOT EXISTS user (login TEXT PRIMARY KEY, salt TEXT, password TEXT)');
    this.#db.exec('CREATE TABLE IF NOT EXISTS login_attempt (login TEXT, created REAL)');
  }

  /** Makes the first user; does nothing when there is one already. */
  addFirstUser(login: string, password: string): void {
    if (this.#db.prepare('SELECT 1 FROM user').get() === undefined) this.setPassword(login, password);
  }

  setPassword(login: string, password: string): void {
    const salt = randomBytes(8).toString('hex');
    this.#db.prepare('INSERT OR REPLACE INTO user VALUES (?, ?, ?)').run(login, salt, hash(password, salt));
  }

  isPassword(login: string, password: string): boolean {
    const row = this.#db.prepare('SELECT salt, password FROM user WHERE login = ?').get(login);
    if (row === undefined) return false;
    const expected = Buffer.from(String(row['password']));
    return timingSafeEqual(Buffer.from(hash(password, String(row['salt']))), expected);
  }

  /** A login with this user: refused while too many have failed, whatever the password. */
  accepts(login: string, password: string): boolean {
    const since = this.#now() / 1000 - windowSeconds;
    const counted = this.#db
      .prepare('SELECT count(*) AS failed FROM login_attempt WHERE login = ? AND created > ?')
      .get(login, since);
    if (Number(counted?.['failed']) >= attempts) return false;
    if (this.isPassword(login, password)) return true;
    this.#db.prepare('INSERT INTO login_attempt VALUES (?, ?)').run(login, this.#now() / 1000);
    return false;
  }
}

function hash(password: string, salt: string): string {
  return scryptSync(password, salt, 32).toString('hex');
}
