import { createServer } from 'node:http';

/** What any server in Node costs. */
createServer((_, response) => response.end()).listen(Number(process.argv[2]), '127.0.0.1');
